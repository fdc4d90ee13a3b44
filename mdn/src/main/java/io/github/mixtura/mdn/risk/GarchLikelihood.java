package io.github.mixtura.mdn.risk;

import io.github.mixtura.special.Gammas;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Negative log-likelihood of a GARCH(1,1) model and its gradient, for returns scaled to variance 1.
 *
 * <p>The free variables u are μ; log(ω − {@value #LEAST_OMEGA}); the logits of φ = α + β, of α/φ
 * and, for Student's t, of 1/ν between its bounds. With e_t = r_t − μ the recursion s_t = ω + α
 * e²_{t−1} + β s_{t−1} begins with e²_0 = s_0 = mean of e². Derivatives run beside it: ∂s_t = ∂ω +
 * e² ∂α + s ∂β + α ∂e² + β ∂s_{t−1}. One evaluation costs about 60 operations, a division and a
 * logarithm a return, two logarithms for Student's t.
 */
final class GarchLikelihood implements QuasiNewton.Objective {
  /** Keeps conditional variances from 0. */
  static final double LEAST_OMEGA = 1e-10;

  static final double GREATEST_PERSISTENCE = 1 - 1e-7;
  static final double LEAST_DEGREES = 2.05;
  static final double GREATEST_DEGREES = 1000;

  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final double[] returns;
  private final boolean student;
  private final double mean;
  private final double variance;

  GarchLikelihood(double[] returns, boolean student) {
    this.returns = returns;
    this.student = student;
    this.mean = Arrays.stream(returns).sum() / returns.length;
    this.variance = Arrays.stream(returns).map(r -> (r - mean) * (r - mean)).sum() / returns.length;
  }

  /** Number of free variables. */
  int size() {
    return student ? 5 : 4;
  }

  /** The natural parameters μ, ω, α, β and, for Student's t, ν. */
  double[] natural(double[] u) {
    double persistence = GREATEST_PERSISTENCE * logistic(u[2]);
    double share = logistic(u[3]);
    double[] natural = new double[size()];
    natural[0] = u[0];
    natural[1] = LEAST_OMEGA + Math.exp(u[1]);
    natural[2] = persistence * share;
    natural[3] = persistence * logistic(-u[3]);
    if (student) {
      natural[4] = 1 / inverseDegrees(u[4]);
    }
    return natural;
  }

  /** The free variables of natural parameters inside their bounds. */
  double[] free(double... natural) {
    double[] u = new double[size()];
    double persistence = natural[2] + natural[3];
    u[0] = natural[0];
    u[1] = Math.log(natural[1] - LEAST_OMEGA);
    u[2] = logit(persistence / GREATEST_PERSISTENCE);
    u[3] = logit(natural[2] / persistence);
    if (student) {
      double low = 1 / GREATEST_DEGREES;
      u[4] = logit((1 / natural[4] - low) / (1 / LEAST_DEGREES - low));
    }
    return u;
  }

  private static double inverseDegrees(double u) {
    double low = 1 / GREATEST_DEGREES;
    return low + (1 / LEAST_DEGREES - low) * logistic(u);
  }

  private static double logistic(double u) {
    return 1 / (1 + Math.exp(-u));
  }

  private static double logit(double share) {
    return Math.log(share / (1 - share));
  }

  @Override
  public double value(double[] u, double[] gradient) {
    double[] natural = natural(u);
    double[] slopes = new double[natural.length];
    double value = walk(natural, slopes, null);
    double[][] jacobian = jacobian(u, natural);
    Arrays.fill(gradient, 0);
    for (int i = 0; i < gradient.length; i++) {
      for (int j = 0; j < gradient.length; j++) {
        gradient[j] += slopes[i] * jacobian[i][j];
      }
    }
    return value;
  }

  /** Inverse of the sum of squared scores, which is about that of the Hessian. */
  double[][] inverseInformation(double[] u) {
    int n = u.length;
    double[] natural = natural(u);
    double[][] outer = new double[n][n];
    walk(natural, new double[n], outer);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        outer[j][i] = outer[i][j];
      }
    }
    DMatrixRMaj j = new DMatrixRMaj(jacobian(u, natural));
    DMatrixRMaj half = new DMatrixRMaj(n, n);
    DMatrixRMaj information = new DMatrixRMaj(n, n);
    CommonOps_DDRM.multTransA(j, new DMatrixRMaj(outer), half);
    CommonOps_DDRM.mult(half, j, information);
    for (int i = 0; i < n; i++) {
      information.set(i, i, 1.001 * information.get(i, i) + 1e-2);
    }
    double[][] inverse = new double[n][n];
    if (!CommonOps_DDRM.invert(information) || !Double.isFinite(information.get(0, 0))) {
      for (int i = 0; i < n; i++) {
        inverse[i][i] = 1.0 / returns.length;
      }
      return inverse;
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        inverse[i][k] = 0.5 * (information.get(i, k) + information.get(k, i));
      }
    }
    return inverse;
  }

  /** Row i: derivatives of natural parameter i by the free variables. */
  private double[][] jacobian(double[] u, double[] natural) {
    double[][] d = new double[u.length][u.length];
    double persistence = natural[2] + natural[3];
    d[0][0] = 1;
    d[1][1] = Math.exp(u[1]);
    d[2][2] = natural[2] * logistic(-u[2]);
    d[3][2] = natural[3] * logistic(-u[2]);
    d[2][3] = persistence * logistic(u[3]) * logistic(-u[3]);
    d[3][3] = -d[2][3];
    if (student) {
      double range = 1 / LEAST_DEGREES - 1 / GREATEST_DEGREES;
      d[4][4] = -natural[4] * natural[4] * range * logistic(u[4]) * logistic(-u[4]);
    }
    return d;
  }

  /** Squared deviation that begins the recursion. */
  private double initial(double mu) {
    return variance + (mean - mu) * (mean - mu);
  }

  /**
   * Variances of all returns and of the next one.
   *
   * @param natural natural parameters (read)
   * @return one entry more than returns
   */
  double[] variances(double... natural) {
    double[] s = new double[returns.length + 1];
    double square = initial(natural[0]);
    double last = square;
    for (int t = 0; t <= returns.length; t++) {
      s[t] = natural[1] + natural[2] * square + natural[3] * last;
      last = s[t];
      if (t < returns.length) {
        square = (returns[t] - natural[0]) * (returns[t] - natural[0]);
      }
    }
    return s;
  }

  /** Negative log-likelihood, its slopes, and the lower half of Σ score scoreᵀ if asked for. */
  private double walk(double[] natural, double[] slopes, double[][] outer) {
    double mu = natural[0];
    double alpha = natural[2];
    double beta = natural[3];
    double square = initial(mu);
    double s = square;
    double squareByMu = -2 * (mean - mu);
    double byMu = squareByMu;
    double byOmega = 0;
    double byAlpha = 0;
    double byBeta = 0;
    double nu = student ? natural[4] : Double.POSITIVE_INFINITY;
    double constant = student ? studentConstant(nu) : HALF_LOG_TWO_PI;
    double constantSlope =
        student ? 0.5 / (nu - 2) - 0.5 * Gammas.digammaDifference(0.5 * nu, 0.5) : 0;
    double value = returns.length * constant;
    double[] score = new double[slopes.length];
    for (double r : returns) {
      byMu = alpha * squareByMu + beta * byMu;
      byOmega = 1 + beta * byOmega;
      byAlpha = square + beta * byAlpha;
      byBeta = s + beta * byBeta;
      s = natural[1] + alpha * square + beta * s;
      double e = r - mu;
      square = e * e;
      squareByMu = -2 * e;
      double inverse = 1 / s;
      double byVariance;
      double byMeanAlone;
      if (student) {
        double ratio = square * inverse / (nu - 2);
        double log = Math.log1p(ratio);
        double pull = (nu + 1) / (1 + ratio);
        value += 0.5 * Math.log(s) + 0.5 * (nu + 1) * log;
        byVariance = 0.5 * inverse * (1 - pull * ratio);
        byMeanAlone = -pull * e * inverse / (nu - 2);
        score[4] = constantSlope + 0.5 * log - 0.5 * pull * ratio / (nu - 2);
      } else {
        double ratio = square * inverse;
        value += 0.5 * (Math.log(s) + ratio);
        byVariance = 0.5 * inverse * (1 - ratio);
        byMeanAlone = -e * inverse;
      }
      score[0] = byMeanAlone + byVariance * byMu;
      score[1] = byVariance * byOmega;
      score[2] = byVariance * byAlpha;
      score[3] = byVariance * byBeta;
      for (int i = 0; i < score.length; i++) {
        slopes[i] += score[i];
      }
      if (outer != null) {
        for (int i = 0; i < score.length; i++) {
          for (int j = 0; j <= i; j++) {
            outer[i][j] += score[i] * score[j];
          }
        }
      }
    }
    return value;
  }

  /** −log of the density of the t law of variance 1 at 0. */
  private static double studentConstant(double nu) {
    return 0.5 * Math.log(Math.PI * (nu - 2)) - Gammas.logGammaRatio(0.5 * nu, 0.5);
  }
}
