package io.github.mixtura.gp;

/**
 * Least squares on a few columns, by Gram and Schmidt's method done twice (Giraud, Langou &amp;
 * Rozložník 2005, doi:10.1016/j.camwa.2005.08.009) with one step of refinement.
 */
final class LeastSquares {
  /** A column of which less than this share is left counts as a sum of those before it. */
  private static final double DEPENDENT = 1e-9;

  private final double[][] columns;
  private final double[][] orthonormal;

  /** Upper triangle by columns. */
  private final double[][] triangle;

  private LeastSquares(double[][] columns, double[][] orthonormal, double[][] triangle) {
    this.columns = columns;
    this.orthonormal = orthonormal;
    this.triangle = triangle;
  }

  /**
   * Factors the columns, which are kept.
   *
   * @return null if one depends on those before it, or is not finite
   */
  static LeastSquares of(double[][] columns) {
    int count = columns.length;
    double[][] orthonormal = new double[count][];
    double[][] triangle = new double[count][];
    for (int j = 0; j < count; j++) {
      double[] rest = columns[j].clone();
      triangle[j] = new double[j + 1];
      double whole = norm(rest);
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < j; i++) {
          double share = Toeplitz.dot(orthonormal[i], rest);
          triangle[j][i] += share;
          add(rest, -share, orthonormal[i]);
        }
      }
      double left = norm(rest);
      if (!(left > DEPENDENT * whole) || whole == Double.POSITIVE_INFINITY) {
        return null;
      }
      triangle[j][j] = left;
      for (int t = 0; t < rest.length; t++) {
        rest[t] /= left;
      }
      orthonormal[j] = rest;
    }
    return new LeastSquares(columns, orthonormal, triangle);
  }

  double[] solve(double[] y) {
    double[] solution = new double[columns.length];
    for (int pass = 0; pass < 2; pass++) {
      double[] rest = residual(y, solution);
      double[] more = new double[columns.length];
      for (int j = columns.length - 1; j >= 0; j--) {
        double value = Toeplitz.dot(orthonormal[j], rest);
        for (int k = j + 1; k < columns.length; k++) {
          value -= triangle[k][j] * more[k];
        }
        more[j] = value / triangle[j][j];
      }
      add(solution, 1, more);
    }
    return solution;
  }

  double[] residual(double[] y, double[] solution) {
    double[] rest = y.clone();
    for (int j = 0; j < columns.length; j++) {
      add(rest, -solution[j], columns[j]);
    }
    return rest;
  }

  /** aᵀ(XᵀX)⁻¹a. */
  double leverage(double[] a) {
    double[] white = new double[columns.length];
    double sum = 0;
    for (int j = 0; j < white.length; j++) {
      double value = a[j];
      for (int i = 0; i < j; i++) {
        value -= triangle[j][i] * white[i];
      }
      white[j] = value / triangle[j][j];
      sum += white[j] * white[j];
    }
    return sum;
  }

  /** log|XᵀX| of the first columns. */
  double logDeterminant(int count) {
    double sum = 0;
    for (int j = 0; j < count; j++) {
      sum += 2 * Math.log(triangle[j][j]);
    }
    return sum;
  }

  private static double norm(double[] x) {
    return Math.sqrt(Toeplitz.dot(x, x));
  }

  private static void add(double[] x, double factor, double[] y) {
    for (int t = 0; t < x.length; t++) {
      x[t] += factor * y[t];
    }
  }
}
