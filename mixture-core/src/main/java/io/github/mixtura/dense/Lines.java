package io.github.mixtura.dense;

/**
 * Innermost loops on rows, each an array of its own. Only loops whose arrays share one index, and
 * with few inputs, are vectorised by the compiler of JDK 17; fused operations and a fixed order
 * make the bits independent of whether they are.
 */
final class Lines {
  private Lines() {}

  /** {@code x += a·p}. */
  static void add(double[] x, double a, double[] p, int count) {
    for (int j = 0; j < count; j++) {
      x[j] = Math.fma(a, p[j], x[j]);
    }
  }

  /** {@code x += a·p + b·q}. */
  static void add(double[] x, double a, double[] p, double b, double[] q, int count) {
    for (int j = 0; j < count; j++) {
      x[j] = Math.fma(b, q[j], Math.fma(a, p[j], x[j]));
    }
  }

  /** {@code x += a[0]·p + a[1]·q + a[2]·r + a[3]·s}. */
  static void addFour(
      double[] x, double[] a, double[] p, double[] q, double[] r, double[] s, int count) {
    double a0 = a[0];
    double a1 = a[1];
    double a2 = a[2];
    double a3 = a[3];
    for (int j = 0; j < count; j++) {
      x[j] = Math.fma(a3, s[j], Math.fma(a2, r[j], Math.fma(a1, q[j], Math.fma(a0, p[j], x[j]))));
    }
  }

  /** {@code x += a·p + b·q} and {@code y += c·p + d·q}. */
  static void addBoth(
      double[] x,
      double[] y,
      double a,
      double b,
      double c,
      double d,
      double[] p,
      double[] q,
      int count) {
    for (int j = 0; j < count; j++) {
      double u = p[j];
      double v = q[j];
      x[j] = Math.fma(b, v, Math.fma(a, u, x[j]));
      y[j] = Math.fma(d, v, Math.fma(c, u, y[j]));
    }
  }

  /** {@code (x, y) ← (c·x − s·y, s·x + c·y)}. */
  static void rotate(double[] x, double[] y, double c, double s, int count) {
    for (int j = 0; j < count; j++) {
      double u = x[j];
      double v = y[j];
      x[j] = Math.fma(c, u, -(s * v));
      y[j] = Math.fma(s, u, c * v);
    }
  }

  /** {@code x ← a·x}. */
  static void scale(double[] x, double a, int count) {
    for (int j = 0; j < count; j++) {
      x[j] *= a;
    }
  }

  /** Sum of the products, in order. */
  static double dot(double[] x, double[] y, int count) {
    double sum = 0;
    for (int j = 0; j < count; j++) {
      sum = Math.fma(x[j], y[j], sum);
    }
    return sum;
  }
}
