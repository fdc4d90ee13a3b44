package io.github.mixtura.mdn;

/**
 * Products of matrices whose rows are arrays of their own: one entry per sample, or per unit. Rows
 * are built up four at a time from pairs of rows, which the compiler of JDK 17 vectorises. Sums run
 * in a fixed order with fused operations, so an entry's bits do not depend on its neighbours.
 */
final class Lanes {
  /** Samples that are computed together; gradients are summed inside such a stripe. */
  static final int WIDTH = 64;

  private Lanes() {}

  /**
   * c += A·b with A(i, q) = {@code a[at + i·rowStep + q·columnStep]}.
   *
   * @param c m rows (written)
   * @param b k rows
   * @param n entries of a row
   */
  static void addProduct(
      double[][] c,
      int m,
      double[] a,
      int at,
      int rowStep,
      int columnStep,
      double[][] b,
      int k,
      int n) {
    int i = 0;
    for (; i + 3 < m; i += 4) {
      int r0 = at + i * rowStep;
      int r1 = r0 + rowStep;
      int r2 = r1 + rowStep;
      int r3 = r2 + rowStep;
      int q = 0;
      for (int s = 0; q + 1 < k; q += 2, s += 2 * columnStep) {
        int t = s + columnStep;
        addFour(
            c[i], c[i + 1], c[i + 2], c[i + 3], a[r0 + s], a[r0 + t], a[r1 + s], a[r1 + t],
            a[r2 + s], a[r2 + t], a[r3 + s], a[r3 + t], b[q], b[q + 1], n);
      }
      if (q < k) {
        int s = q * columnStep;
        add(c[i], a[r0 + s], b[q], n);
        add(c[i + 1], a[r1 + s], b[q], n);
        add(c[i + 2], a[r2 + s], b[q], n);
        add(c[i + 3], a[r3 + s], b[q], n);
      }
    }
    for (; i < m; i++) {
      int r = at + i * rowStep;
      int q = 0;
      for (; q + 1 < k; q += 2) {
        int s = r + q * columnStep;
        addTwo(c[i], a[s], a[s + columnStep], b[q], b[q + 1], n);
      }
      if (q < k) {
        add(c[i], a[r + q * columnStep], b[q], n);
      }
    }
  }

  /**
   * c += A·b with the rows of A as arrays.
   *
   * @param c m rows of n entries (written)
   * @param a m rows of k entries
   * @param b k rows of n entries
   */
  static void addProduct(double[][] c, int m, double[][] a, double[][] b, int k, int n) {
    int i = 0;
    for (; i + 3 < m; i += 4) {
      double[] a0 = a[i];
      double[] a1 = a[i + 1];
      double[] a2 = a[i + 2];
      double[] a3 = a[i + 3];
      int q = 0;
      for (; q + 1 < k; q += 2) {
        addFour(
            c[i], c[i + 1], c[i + 2], c[i + 3], a0[q], a0[q + 1], a1[q], a1[q + 1], a2[q],
            a2[q + 1], a3[q], a3[q + 1], b[q], b[q + 1], n);
      }
      if (q < k) {
        add(c[i], a0[q], b[q], n);
        add(c[i + 1], a1[q], b[q], n);
        add(c[i + 2], a2[q], b[q], n);
        add(c[i + 3], a3[q], b[q], n);
      }
    }
    for (; i < m; i++) {
      int q = 0;
      for (; q + 1 < k; q += 2) {
        addTwo(c[i], a[i][q], a[i][q + 1], b[q], b[q + 1], n);
      }
      if (q < k) {
        add(c[i], a[i][q], b[q], n);
      }
    }
  }

  private static void addFour(
      double[] x,
      double[] y,
      double[] z,
      double[] w,
      double x0,
      double x1,
      double y0,
      double y1,
      double z0,
      double z1,
      double w0,
      double w1,
      double[] p,
      double[] q,
      int n) {
    for (int j = 0; j < n; j++) {
      double u = p[j];
      double v = q[j];
      x[j] = Math.fma(x1, v, Math.fma(x0, u, x[j]));
      y[j] = Math.fma(y1, v, Math.fma(y0, u, y[j]));
      z[j] = Math.fma(z1, v, Math.fma(z0, u, z[j]));
      w[j] = Math.fma(w1, v, Math.fma(w0, u, w[j]));
    }
  }

  private static void addTwo(double[] x, double a, double b, double[] p, double[] q, int n) {
    for (int j = 0; j < n; j++) {
      x[j] = Math.fma(b, q[j], Math.fma(a, p[j], x[j]));
    }
  }

  /** x += a·p. */
  static void add(double[] x, double a, double[] p, int n) {
    for (int j = 0; j < n; j++) {
      x[j] = Math.fma(a, p[j], x[j]);
    }
  }

  /** x ← keep·x + (1 − keep)·p. */
  static void average(double[] x, double keep, double[] p) {
    for (int j = 0; j < x.length; j++) {
      x[j] = keep * x[j] + (1 - keep) * p[j];
    }
  }

  /** x += p. */
  static void add(double[] x, double[] p, int n) {
    for (int j = 0; j < n; j++) {
      x[j] += p[j];
    }
  }

  /** x += p·q. */
  static void addProduct(double[] x, double[] p, double[] q, int n) {
    for (int j = 0; j < n; j++) {
      x[j] = Math.fma(p[j], q[j], x[j]);
    }
  }

  /** x ← p·q. */
  static void multiply(double[] x, double[] p, double[] q, int n) {
    for (int j = 0; j < n; j++) {
      x[j] = p[j] * q[j];
    }
  }

  /** Σ of the first n entries, in a fixed order. */
  static double sum(double[] x, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      s0 += x[j];
      s1 += x[j + 1];
      s2 += x[j + 2];
      s3 += x[j + 3];
    }
    for (; j < n; j++) {
      s0 += x[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Σ of the squares of the first n entries, in a fixed order. */
  static double sumSquares(double[] x, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      s0 += x[j] * x[j];
      s1 += x[j + 1] * x[j + 1];
      s2 += x[j + 2] * x[j + 2];
      s3 += x[j + 3] * x[j + 3];
    }
    for (; j < n; j++) {
      s0 += x[j] * x[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** t[b][i] ← x[i][b] for m rows of n entries. */
  static void transpose(double[][] t, double[][] x, int m, int n) {
    int i = 0;
    for (; i + 7 < m; i += 8) {
      double[] x0 = x[i];
      double[] x1 = x[i + 1];
      double[] x2 = x[i + 2];
      double[] x3 = x[i + 3];
      double[] x4 = x[i + 4];
      double[] x5 = x[i + 5];
      double[] x6 = x[i + 6];
      double[] x7 = x[i + 7];
      for (int b = 0; b < n; b++) {
        double[] row = t[b];
        row[i] = x0[b];
        row[i + 1] = x1[b];
        row[i + 2] = x2[b];
        row[i + 3] = x3[b];
        row[i + 4] = x4[b];
        row[i + 5] = x5[b];
        row[i + 6] = x6[b];
        row[i + 7] = x7[b];
      }
    }
    for (; i < m; i++) {
      for (int b = 0; b < n; b++) {
        t[b][i] = x[i][b];
      }
    }
  }
}
