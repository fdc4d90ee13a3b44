package io.github.mixtura.gp;

/** Levinson's recursion for a symmetric positive definite Toeplitz matrix; O(n²) time. */
final class Levinson {
  private final double[][] solutions;
  private final double[] firstColumn;
  private final double logDeterminant;

  private Levinson(double[][] solutions, double[] firstColumn, double logDeterminant) {
    this.solutions = solutions;
    this.firstColumn = firstColumn;
    this.logDeterminant = logDeterminant;
  }

  /**
   * Solves T x = b for several b.
   *
   * @param column the first column of T
   * @return null if T is not positive definite in double precision
   */
  static Levinson solve(double[] column, double[]... rights) {
    int n = column.length;
    double[] forward = new double[n];
    double[] next = new double[n];
    double[][] solutions = new double[rights.length][n];
    double error = column[0];
    double logDeterminant = 0;
    for (int m = 0; m < n; m++) {
      if (m == 0) {
        forward[0] = 1;
      } else {
        double sum = 0;
        for (int j = 0; j < m; j++) {
          sum += forward[j] * column[m - j];
        }
        double reflection = -sum / error;
        error *= (1 - reflection) * (1 + reflection);
        next[0] = 1;
        for (int j = 1; j < m; j++) {
          next[j] = forward[j] + reflection * forward[m - j];
        }
        next[m] = reflection;
        double[] swap = forward;
        forward = next;
        next = swap;
      }
      if (!(error > 0) || error == Double.POSITIVE_INFINITY) {
        return null;
      }
      logDeterminant += Math.log(error);
      for (int r = 0; r < rights.length; r++) {
        extend(solutions[r], rights[r][m], column, forward, error, m);
      }
    }
    double[] first = new double[n];
    for (int j = 0; j < n; j++) {
      first[j] = forward[j] / error;
    }
    return new Levinson(solutions, first, logDeterminant);
  }

  private static void extend(
      double[] x, double right, double[] column, double[] forward, double error, int m) {
    double sum = right;
    for (int j = 0; j < m; j++) {
      sum -= x[j] * column[m - j];
    }
    double step = sum / error;
    for (int j = 0; j <= m; j++) {
      x[j] += step * forward[m - j];
    }
  }

  double[] solution(int right) {
    return solutions[right];
  }

  /** T⁻¹e₁. */
  double[] firstColumn() {
    return firstColumn;
  }

  double logDeterminant() {
    return logDeterminant;
  }
}
