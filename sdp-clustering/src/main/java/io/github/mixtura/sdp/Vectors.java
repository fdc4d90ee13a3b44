package io.github.mixtura.sdp;

/** Loops over vectors that the compiler vectorises. */
final class Vectors {
  private Vectors() {}

  /** Sum of products, in four interleaved sums. */
  static double dot(double[] x, double[] y) {
    return dot(x, 0, y);
  }

  /** The same for x from a place on, as many values as y has. */
  static double dot(double[] x, int from, double[] y) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int n = y.length;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += x[from + i] * y[i];
      s1 += x[from + i + 1] * y[i + 1];
      s2 += x[from + i + 2] * y[i + 2];
      s3 += x[from + i + 3] * y[i + 3];
    }
    for (; i < n; i++) {
      s0 += x[from + i] * y[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** y += factor·x. */
  static void add(double factor, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += factor * x[i];
    }
  }
}
