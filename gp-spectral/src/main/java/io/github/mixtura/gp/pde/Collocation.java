package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import io.github.mixtura.gp.CovarianceFunction;
import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * Linear conditions on a function of one coordinate in [0, 1] at points of an equidistant grid: row
 * i asks for c₀u + c₁u′ + c₂u″ at its point. Under a prior with covariance k the rows have the
 * covariance Σ c_a(i) c_b(j) (−1)^b k^{(a+b)}(x_i − x_j), of which only the N lags of the grid have
 * to be computed.
 */
final class Collocation {
  private final int points;
  private final int[] place;
  private final double[][] coefficients;
  private final int highest;

  /**
   * Rows.
   *
   * @param points N of the grid
   * @param place the grid point of each row
   * @param coefficients c₀, c₁, c₂ of each row
   */
  Collocation(int points, int[] place, double[][] coefficients) {
    this.points = points;
    this.place = place;
    this.coefficients = coefficients;
    int order = 0;
    for (double[] c : coefficients) {
      for (int a = 0; a < c.length; a++) {
        order = c[a] != 0 ? Math.max(order, a) : order;
      }
    }
    this.highest = 2 * order;
  }

  int rows() {
    return place.length;
  }

  private double lag(int index) {
    return (double) index / (points - 1);
  }

  /** Σ over a + b = order of c_a(i) c_b(j) (−1)^b, with the sign of the odd derivatives. */
  private double factor(int i, int j, int order) {
    double sum = 0;
    for (int a = Math.max(0, order - 2); a <= Math.min(2, order); a++) {
      int b = order - a;
      double term = coefficients[i][a] * coefficients[j][b];
      sum += (b & 1) == 0 ? term : -term;
    }
    return (order & 1) == 1 && place[i] < place[j] ? -sum : sum;
  }

  DMatrixRMaj matrix(CovarianceFunction k) {
    int n = rows();
    double[][] lags = new double[points][highest + 1];
    for (int l = 0; l < points; l++) {
      k.evaluate(lag(l), highest, lags[l]);
    }
    DMatrixRMaj matrix = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double[] values = lags[Math.abs(place[i] - place[j])];
        double sum = 0;
        for (int order = 0; order <= highest; order++) {
          sum += factor(i, j, order) * values[order];
        }
        matrix.data[i * n + j] = sum;
        matrix.data[j * n + i] = sum;
      }
    }
    return matrix;
  }

  /** What Σ weights · matrix changes by with the parameters of k; weights are symmetric. */
  double[] gradient(CovarianceFunction k, DMatrixRMaj weights) {
    int n = rows();
    double[][] sums = new double[points][highest + 1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double weight = (i == j ? 1 : 2) * weights.data[i * n + j];
        double[] sum = sums[Math.abs(place[i] - place[j])];
        for (int order = 0; order <= highest; order++) {
          sum[order] += weight * factor(i, j, order);
        }
      }
    }
    double[] gradient = new double[k.parameters().length];
    double[][] slopes = new double[gradient.length][highest + 1];
    for (int l = 0; l < points; l++) {
      k.gradient(lag(l), highest, slopes);
      for (int p = 0; p < gradient.length; p++) {
        for (int order = 0; order <= highest; order++) {
          gradient[p] += sums[l][order] * slopes[p][order];
        }
      }
    }
    return gradient;
  }

  /** The covariance of a derivative of u at a point in [0, 1] with every row. */
  double[] cross(CovarianceFunction k, double t, int derivative) {
    double[] cross = new double[rows()];
    double[] values = new double[CovarianceFunction.HIGHEST_ORDER + 1];
    for (int i = 0; i < cross.length; i++) {
      k.evaluate(t - lag(place[i]), derivative + highest / 2, values);
      double[] c = coefficients[i];
      for (int b = 0; b <= highest / 2; b++) {
        cross[i] += ((b & 1) == 0 ? c[b] : -c[b]) * values[derivative + b];
      }
    }
    return cross;
  }

  /** The mean of u at the points of the grid from the weights of the rows. */
  double[] atGrid(CovarianceFunction k, double[] weights) {
    int half = highest / 2;
    double[][] lags = new double[points][half + 1];
    for (int l = 0; l < points; l++) {
      k.evaluate(lag(l), half, lags[l]);
    }
    double[] values = new double[points];
    for (int g = 0; g < points; g++) {
      for (int i = 0; i < weights.length; i++) {
        double[] lag = lags[Math.abs(g - place[i])];
        for (int b = 0; b <= half; b++) {
          boolean negative = (b & 1) == 1 && g >= place[i];
          double term = coefficients[i][b] * lag[b] * weights[i];
          values[g] += negative ? -term : term;
        }
      }
    }
    return values;
  }

  /**
   * Solves the conditions by differences of first or second order; for estimates only.
   *
   * @param right one value per row: those of all grid points, in order, and of the ends
   * @return u at the points of the grid
   */
  double[] byDifferences(double[] right) {
    double h = 1.0 / (points - 1);
    double[] below = new double[points];
    double[] middle = new double[points];
    double[] above = new double[points];
    double[] u = Arrays.copyOf(right, points);
    for (int i = 0; i < points; i++) {
      double[] c = coefficients[i];
      boolean first = highest < 4;
      below[i] = first ? -Math.max(0, c[1]) / h : c[2] / (h * h) - c[1] / (2 * h);
      above[i] = first ? Math.min(0, c[1]) / h : c[2] / (h * h) + c[1] / (2 * h);
      middle[i] = c[0] + (first ? Math.abs(c[1]) / h : -2 * c[2] / (h * h));
    }
    for (int row = points; row < rows(); row++) {
      int i = place[row];
      below[i] = 0;
      above[i] = 0;
      middle[i] = coefficients[row][0];
      u[i] = right[row];
    }
    for (int i = 1; i < points; i++) {
      double factor = below[i] / middle[i - 1];
      middle[i] -= factor * above[i - 1];
      u[i] -= factor * u[i - 1];
    }
    for (int i = points - 1; i >= 0; i--) {
      u[i] = (u[i] - (i + 1 < points ? above[i] * u[i + 1] : 0)) / middle[i];
    }
    return u;
  }

  /**
   * A factorised system, scaled to a unit diagonal, with what had to be added to that.
   *
   * @param factor of the scaled matrix
   * @param scale reciprocal roots of the diagonal
   * @param added to the unit diagonal
   */
  record Factorised(DMatrixRMaj matrix, DMatrixRMaj factor, double[] scale, double added) {

    /** The first of {@code least}, 10 · least, … that makes the scaled matrix positive definite. */
    static Factorised of(DMatrixRMaj matrix, double least) {
      int n = matrix.numRows;
      double[] scale = new double[n];
      for (int i = 0; i < n; i++) {
        scale[i] = 1 / Math.sqrt(Math.max(matrix.unsafe_get(i, i), Double.MIN_NORMAL));
      }
      DMatrixRMaj scaled = new DMatrixRMaj(n, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          scaled.data[i * n + j] = matrix.data[i * n + j] * scale[i] * scale[j];
        }
      }
      for (double added = least; added < 1e-3; added *= 10) {
        DMatrixRMaj raised = scaled.copy();
        for (int i = 0; i < n; i++) {
          raised.data[i * (n + 1)] += added;
        }
        Optional<DMatrixRMaj> factor = Dense.cholesky(raised);
        if (factor.isPresent()) {
          return new Factorised(scaled, factor.get(), scale, added);
        }
      }
      throw new IllegalArgumentException(
          "covariance of the conditions is not positive definite, must have distinct conditions");
    }

    /** Iterated Tikhonov: (matrix)⁻¹b with the influence of what was added taken back. */
    double[] solve(double[] b, int iterations) {
      int n = b.length;
      DMatrixRMaj scaled = new DMatrixRMaj(n, 1);
      for (int i = 0; i < n; i++) {
        scaled.data[i] = b[i] * scale[i];
      }
      DMatrixRMaj x = Dense.solveCholesky(factor, scaled);
      for (int iteration = 0; iteration < iterations; iteration++) {
        DMatrixRMaj residual = Dense.multiply(matrix, x);
        for (int i = 0; i < n; i++) {
          residual.data[i] = scaled.data[i] - residual.data[i];
        }
        DMatrixRMaj step = Dense.solveCholesky(factor, residual);
        for (int i = 0; i < n; i++) {
          x.data[i] += step.data[i];
        }
      }
      double[] solution = new double[n];
      for (int i = 0; i < n; i++) {
        solution[i] = x.data[i] * scale[i];
      }
      return solution;
    }
  }
}
