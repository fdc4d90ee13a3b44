package io.github.mixtura.distribution;

/** Checks and small vector operations shared by the laws. */
final class Parameters {
  private Parameters() {}

  static double[] location(double[] mean, Covariance matrix) {
    if (mean.length != matrix.dimension()) {
      throw new IllegalArgumentException(
          "mean has "
              + mean.length
              + " values, must have as many as the matrix has rows: "
              + matrix.dimension());
    }
    return finite("mean", mean);
  }

  static double[] finite(String name, double[] values) {
    for (int j = 0; j < values.length; j++) {
      if (!Double.isFinite(values[j])) {
        throw new IllegalArgumentException(
            name + " " + (j + 1) + " is " + values[j] + ", must be finite");
      }
    }
    return values.clone();
  }

  static double[] difference(double[] x, double[] y) {
    double[] z = new double[x.length];
    for (int j = 0; j < z.length; j++) {
      z[j] = x[j] - y[j];
    }
    return z;
  }

  static double[] sum(double[] x, double[] y) {
    double[] z = new double[x.length];
    for (int j = 0; j < z.length; j++) {
      z[j] = x[j] + y[j];
    }
    return z;
  }

  static double[][] rows(Covariance matrix, double factor) {
    int d = matrix.dimension();
    double[][] rows = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        rows[i][j] = matrix.get(i, j) == 0 ? 0 : factor * matrix.get(i, j);
      }
    }
    return rows;
  }

  static void requireUnivariate(int dimension) {
    if (dimension != 1) {
      throw new IllegalStateException(
          "distribution function asked for a law with " + dimension + " columns, must have 1");
    }
  }

  static double probability(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p is " + p + ", must be in [0, 1]");
    }
    return p;
  }
}
