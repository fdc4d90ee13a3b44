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
    double[] reversed = reverse(column);
    double[] forward = new double[n];
    // forward[m − j] at j: loops under one index are vectorised.
    double[] backward = new double[n + 1];
    double[][] solutions = new double[rights.length][n];
    double error = column[0];
    double logDeterminant = 0;
    for (int m = 0; m < n; m++) {
      int last = n - 1 - m;
      if (m == 0) {
        forward[0] = 1;
        backward[0] = 1;
      } else {
        double reflection = -dot(forward, reversed, last, m) / error;
        error *= (1 - reflection) * (1 + reflection);
        reflect(forward, backward, reflection, m + 1);
      }
      if (!(error > 0) || error == Double.POSITIVE_INFINITY) {
        return null;
      }
      logDeterminant += Math.log(error);
      for (int r = 0; r < rights.length; r++) {
        double[] x = solutions[r];
        add(x, (rights[r][m] - dot(x, reversed, last, m)) / error, backward, m + 1);
      }
      System.arraycopy(backward, 0, backward, 1, m + 1);
      backward[0] = 0;
    }
    double[] first = new double[n];
    for (int j = 0; j < n; j++) {
      first[j] = forward[j] / error;
    }
    return new Levinson(solutions, first, logDeterminant);
  }

  private static double[] reverse(double[] x) {
    double[] reversed = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      reversed[x.length - 1 - j] = x[j];
    }
    return reversed;
  }

  /** Σ x_j y_{j + offset}. */
  private static double dot(double[] x, double[] y, int offset, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      s0 = Math.fma(x[j], y[offset + j], s0);
      s1 = Math.fma(x[j + 1], y[offset + j + 1], s1);
      s2 = Math.fma(x[j + 2], y[offset + j + 2], s2);
      s3 = Math.fma(x[j + 3], y[offset + j + 3], s3);
    }
    for (; j < n; j++) {
      s0 = Math.fma(x[j], y[offset + j], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** x ← x + factor y and y ← y + factor x. */
  private static void reflect(double[] x, double[] y, double factor, int n) {
    for (int j = 0; j < n; j++) {
      double u = x[j];
      double v = y[j];
      x[j] = Math.fma(factor, v, u);
      y[j] = Math.fma(factor, u, v);
    }
  }

  private static void add(double[] x, double factor, double[] y, int n) {
    for (int j = 0; j < n; j++) {
      x[j] = Math.fma(factor, y[j], x[j]);
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
