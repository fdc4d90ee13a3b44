package io.github.mixtura.distribution;

/** Differences of squared Mahalanobis distances that are far larger than what they differ by. */
final class Distances {
  private Distances() {}

  /**
   * δ² − ε² with δ = |A(x − μ)| and ε = |B(x − ν)|, as the sum of (y − z)(y + z) over the entries
   * of y = A(x − μ) and z = B(x − ν), where y − z = (A − B)(x − μ) − B(μ − ν): components of one
   * matrix differ by the difference of their means however far x is.
   *
   * @return the difference, ±∞ where it overflows
   */
  static double differenceOfSquares(
      double[] mean, Covariance matrix, double[] otherMean, Covariance otherMatrix, double[] x) {
    double[] a = matrix.lowerWhitening();
    double[] b = otherMatrix.lowerWhitening();
    double difference = differenceOfSquares(a, mean, b, otherMean, x);
    if (Double.isFinite(difference)) {
      return difference;
    }
    int down = exponent(x, exponent(mean, exponent(otherMean, 0))) + 2;
    int flat = exponent(a, exponent(b, 0));
    double scaled =
        differenceOfSquares(
            scaled(a, -flat),
            scaled(mean, -down),
            scaled(b, -flat),
            scaled(otherMean, -down),
            scaled(x, -down));
    return Math.scalb(Math.scalb(Math.scalb(scaled, down + flat), down), flat);
  }

  private static double differenceOfSquares(
      double[] a, double[] mean, double[] b, double[] otherMean, double[] x) {
    double sum = 0;
    for (int i = 0, at = 0; i < x.length; i++) {
      double total = 0;
      double[] differences = new double[3];
      double[] terms = new double[3];
      for (int j = 0; j <= i; j++, at++) {
        double z = x[j] - mean[j];
        double w = x[j] - otherMean[j];
        double apart = mean[j] - otherMean[j];
        add(differences, terms, 0, a[at] * z, b[at] * w);
        add(differences, terms, 1, (a[at] - b[at]) * z, b[at] * apart);
        add(differences, terms, 2, (a[at] - b[at]) * w, a[at] * apart);
        total += a[at] * z + b[at] * w;
      }
      int best = terms[1] < terms[0] ? 1 : 0;
      best = terms[2] < terms[best] ? 2 : best;
      sum += differences[best] * total;
    }
    return sum;
  }

  private static void add(
      double[] differences, double[] terms, int form, double plus, double minus) {
    differences[form] += plus - minus;
    terms[form] += Math.abs(plus) + Math.abs(minus);
  }

  static int exponent(double[] values, int least) {
    int largest = least;
    for (double v : values) {
      largest = Math.max(largest, Math.getExponent(v));
    }
    return largest;
  }

  static double[] scaled(double[] values, int exponent) {
    double[] result = new double[values.length];
    for (int j = 0; j < result.length; j++) {
      result[j] = Math.scalb(values[j], exponent);
    }
    return result;
  }
}
