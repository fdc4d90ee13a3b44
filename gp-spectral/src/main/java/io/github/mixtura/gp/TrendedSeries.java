package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * Values at the steps 0, 1, …, n − 1 as a straight line with flat priors plus a spectral mixture
 * plus noise; restricted likelihood and prediction.
 */
final class TrendedSeries {
  private static final int TERMS = 2;

  private final double[] y;
  private final double[][] basis;

  TrendedSeries(double[] y) {
    this.y = y;
    this.basis = new double[TERMS][y.length];
    for (int t = 0; t < y.length; t++) {
      double[] terms = terms(t);
      for (int j = 0; j < TERMS; j++) {
        basis[j][t] = terms[j];
      }
    }
  }

  private double[] terms(double t) {
    return new double[] {1, (2 * t - (y.length - 1)) / y.length};
  }

  /** The residuals of the least-squares line. */
  double[] detrended() {
    double[] residuals = y.clone();
    for (double[] term : basis) {
      double slope = Toeplitz.dot(term, residuals) / Toeplitz.dot(term, term);
      for (int t = 0; t < y.length; t++) {
        residuals[t] -= slope * term[t];
      }
    }
    return residuals;
  }

  /**
   * The restricted log likelihood.
   *
   * @param gradient written: with respect to the parameters and the log noise variance
   * @return −∞ if the matrix is not positive definite in double precision
   */
  double logLikelihood(SpectralMixture mixture, double noiseVariance, double[] gradient) {
    int n = y.length;
    double[] column = ToeplitzPosterior.column(mixture, 1, n);
    column[0] += noiseVariance;
    Levinson levinson = Levinson.solve(column, basis[0], basis[1], y);
    if (levinson == null) {
      return Double.NEGATIVE_INFINITY;
    }
    double[][] white = {levinson.solution(0), levinson.solution(1)};
    double[] inverse = inverse(white);
    double determinant = 1 / (inverse[0] * inverse[3] - inverse[1] * inverse[2]);
    double[] coefficients = coefficients(inverse, levinson.solution(2));
    double[] alpha = levinson.solution(2).clone();
    for (int t = 0; t < n; t++) {
      alpha[t] -= white[0][t] * coefficients[0] + white[1][t] * coefficients[1];
    }
    double[] weights = Toeplitz.diagonalSums(levinson.firstColumn());
    subtract(weights, 1, alpha, alpha);
    for (int i = 0; i < TERMS; i++) {
      for (int j = 0; j < TERMS; j++) {
        subtract(weights, inverse[i * TERMS + j], white[i], white[j]);
      }
    }
    double[][] slopes = new double[gradient.length - 1][1];
    Arrays.fill(gradient, 0);
    for (int l = 0; l < n; l++) {
      mixture.gradient(l, 0, slopes);
      for (int p = 0; p < slopes.length; p++) {
        gradient[p] -= 0.5 * weights[l] * slopes[p][0];
      }
    }
    gradient[slopes.length] = -0.5 * weights[0] * noiseVariance;
    return -0.5
        * (levinson.logDeterminant()
            + Math.log(determinant)
            + Toeplitz.dot(y, alpha)
            + (n - TERMS) * Math.log(2 * Math.PI));
  }

  /** Subtracts what a and b contribute to aᵀ dK b, by lags. */
  private static void subtract(double[] weights, double factor, double[] a, double[] b) {
    double[] forward = Toeplitz.correlations(a, b);
    double[] backward = a == b ? forward : Toeplitz.correlations(b, a);
    weights[0] -= factor * forward[0];
    for (int l = 1; l < weights.length; l++) {
      weights[l] -= factor * (forward[l] + backward[l]);
    }
  }

  /** (XᵀK⁻¹X)⁻¹ from K⁻¹X. */
  private double[] inverse(double[][] white) {
    double a = Toeplitz.dot(basis[0], white[0]);
    double b = Toeplitz.dot(basis[0], white[1]);
    double c = Toeplitz.dot(basis[1], white[1]);
    double determinant = a * c - b * b;
    return new double[] {c / determinant, -b / determinant, -b / determinant, a / determinant};
  }

  private double[] coefficients(double[] inverse, double[] solved) {
    double first = Toeplitz.dot(basis[0], solved);
    double second = Toeplitz.dot(basis[1], solved);
    return new double[] {
      inverse[0] * first + inverse[1] * second, inverse[2] * first + inverse[3] * second
    };
  }

  /**
   * Levinson's recursion, by which models are learned, goes on a little further than Cholesky's
   * towards singular matrices: what the diagonal lacks is added as noise, 1e-15, 1e-14, … of it.
   */
  private static DMatrixRMaj factor(DMatrixRMaj k, double prior) {
    Optional<DMatrixRMaj> factor = Dense.cholesky(k);
    for (double jitter = 1e-15; factor.isEmpty() && jitter < 1; jitter *= 10) {
      for (int i = 0; i < k.numRows; i++) {
        k.data[i * (k.numRows + 1)] += jitter * prior;
      }
      factor = Dense.cholesky(k);
    }
    return factor.orElseThrow();
  }

  /** Means and variances, noise included, at n, n + 1, …; n × horizon memory. */
  double[][] predict(SpectralMixture mixture, double noiseVariance, int horizon) {
    int n = y.length;
    double[] column = ToeplitzPosterior.column(mixture, 1, n + horizon);
    double prior = column[0];
    DMatrixRMaj k = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        k.data[i * n + j] = column[Math.abs(i - j)] + (i == j ? noiseVariance : 0);
      }
    }
    DMatrixRMaj factor = factor(k, prior);
    DMatrixRMaj rights = new DMatrixRMaj(n, horizon + TERMS + 1);
    for (int t = 0; t < n; t++) {
      int at = t * rights.numCols;
      for (int h = 0; h < horizon; h++) {
        rights.data[at + h] = column[n + h - t];
      }
      rights.data[at + horizon] = basis[0][t];
      rights.data[at + horizon + 1] = basis[1][t];
      rights.data[at + horizon + 2] = y[t];
    }
    DMatrixRMaj white = Dense.solveLower(factor, rights);
    int columns = white.numCols;
    DMatrixRMaj last = new DMatrixRMaj(n, TERMS + 1);
    double[] explained = new double[horizon];
    for (int t = 0; t < n; t++) {
      System.arraycopy(white.data, t * columns + horizon, last.data, 3 * t, 3);
      for (int h = 0; h < horizon; h++) {
        double value = white.data[t * columns + h];
        explained[h] += value * value;
      }
    }
    DMatrixRMaj products = Dense.multiplyTransA(white, last);
    double a = products.get(horizon, 0);
    double b = products.get(horizon, 1);
    double c = products.get(horizon + 1, 1);
    double determinant = a * c - b * b;
    double p = products.get(horizon, 2);
    double q = products.get(horizon + 1, 2);
    double[] line = {(c * p - b * q) / determinant, (a * q - b * p) / determinant};
    double[][] predicted = new double[2][horizon];
    for (int h = 0; h < horizon; h++) {
      double[] terms = terms(n + h);
      double r0 = terms[0] - products.get(h, 0);
      double r1 = terms[1] - products.get(h, 1);
      predicted[0][h] = products.get(h, 2) + r0 * line[0] + r1 * line[1];
      double open = (c * r0 * r0 - 2 * b * r0 * r1 + a * r1 * r1) / determinant;
      predicted[1][h] = Math.max(0, prior - explained[h]) + open + noiseVariance;
    }
    return predicted;
  }
}
