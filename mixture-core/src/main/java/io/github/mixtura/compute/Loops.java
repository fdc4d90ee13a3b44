package io.github.mixtura.compute;

import java.util.Arrays;

/**
 * The innermost loops of the plain Java kernels.
 *
 * <p>The just-in-time compiler of JDK 17 turns a loop into SIMD code only while its unrolled body
 * is small: at most about eight loads, and all arrays under one index. So each loop here does
 * little, and the callers combine them. All arithmetic is exact-rounded (+, ×, ÷, fma, max, bit
 * moves), so the bits do not depend on what was compiled. {@code n} is the number of rows of the
 * block.
 */
final class Loops {
  private static final double LOG2_E = 1.4426950408889634;

  /**
   * Adding and subtracting it rounds to an integer, which stays readable in the low bits, a
   * double's bias added.
   */
  private static final double BIASED_ROUNDER = 0x1.8p52 + 1023;

  /** log 2 in two parts; the product of the first with any |k| ≤ 2048 is exact. */
  private static final double LOG_2_HIGH = 0x1.62e42fefa38p-1;

  private static final double LOG_2_LOW = 0x1.ef35793c7673p-45;

  /** Below it e^x is returned as exactly 0. */
  private static final double SMALLEST_EXPONENT = -709.0;

  private Loops() {}

  static void difference(double[] z, double[] x, double c, int n) {
    for (int b = 0; b < n; b++) {
      z[b] = x[b] - c;
    }
  }

  static void weightedDifference(double[] z, double[] rz, double[] x, double c, double[] r, int n) {
    for (int b = 0; b < n; b++) {
      double v = x[b] - c;
      z[b] = v;
      rz[b] = v * r[b];
    }
  }

  // Rows of the whitening product, y = Σ_i a_i (x_i − m_i) over four inputs at a time; the last
  // four
  // of a row add y² to s instead of storing y.

  static void rowFirst(double[] y, double[][] x, int i, double[] a, int at, double[] m, int n) {
    double[] x0 = x[i];
    double[] x1 = x[i + 1];
    double[] x2 = x[i + 2];
    double[] x3 = x[i + 3];
    double a0 = a[at];
    double a1 = a[at + 1];
    double a2 = a[at + 2];
    double a3 = a[at + 3];
    double m0 = m[i];
    double m1 = m[i + 1];
    double m2 = m[i + 2];
    double m3 = m[i + 3];
    for (int b = 0; b < n; b++) {
      y[b] =
          Math.fma(
              a3,
              x3[b] - m3,
              Math.fma(a2, x2[b] - m2, Math.fma(a1, x1[b] - m1, a0 * (x0[b] - m0))));
    }
  }

  static void rowNext(double[] y, double[][] x, int i, double[] a, int at, double[] m, int n) {
    double[] x0 = x[i];
    double[] x1 = x[i + 1];
    double[] x2 = x[i + 2];
    double[] x3 = x[i + 3];
    double a0 = a[at];
    double a1 = a[at + 1];
    double a2 = a[at + 2];
    double a3 = a[at + 3];
    double m0 = m[i];
    double m1 = m[i + 1];
    double m2 = m[i + 2];
    double m3 = m[i + 3];
    for (int b = 0; b < n; b++) {
      y[b] =
          Math.fma(
              a3,
              x3[b] - m3,
              Math.fma(a2, x2[b] - m2, Math.fma(a1, x1[b] - m1, Math.fma(a0, x0[b] - m0, y[b]))));
    }
  }

  static void rowLast1(double[] s, double[] y, double[] x0, double a0, double m0, int n) {
    for (int b = 0; b < n; b++) {
      double v = Math.fma(a0, x0[b] - m0, y[b]);
      s[b] = Math.fma(v, v, s[b]);
    }
  }

  static void rowLast2(
      double[] s,
      double[] y,
      double[] x0,
      double[] x1,
      double a0,
      double a1,
      double m0,
      double m1,
      int n) {
    for (int b = 0; b < n; b++) {
      double v = Math.fma(a1, x1[b] - m1, Math.fma(a0, x0[b] - m0, y[b]));
      s[b] = Math.fma(v, v, s[b]);
    }
  }

  static void rowLast3(
      double[] s, double[] y, double[][] x, int i, double[] a, int at, double[] m, int n) {
    double[] x0 = x[i];
    double[] x1 = x[i + 1];
    double[] x2 = x[i + 2];
    double a0 = a[at];
    double a1 = a[at + 1];
    double a2 = a[at + 2];
    double m0 = m[i];
    double m1 = m[i + 1];
    double m2 = m[i + 2];
    for (int b = 0; b < n; b++) {
      double v = Math.fma(a2, x2[b] - m2, Math.fma(a1, x1[b] - m1, Math.fma(a0, x0[b] - m0, y[b])));
      s[b] = Math.fma(v, v, s[b]);
    }
  }

  /**
   * Adds the squares of rows j and j + 1 of A (x − m), j even and at least 2, to s; the rows start
   * at {@code at} in the packed triangle. Two rows share every input that is loaded.
   */
  static void addRowPair(
      double[] s,
      double[] y0,
      double[] y1,
      double[][] x,
      int j,
      double[] a,
      int at,
      double[] m,
      int n) {
    int next = at + j + 1;
    double[] u = x[0];
    double[] v = x[1];
    double mu = m[0];
    double mv = m[1];
    double a0 = a[at];
    double a1 = a[at + 1];
    double b0 = a[next];
    double b1 = a[next + 1];
    for (int b = 0; b < n; b++) {
      double p = u[b] - mu;
      double q = v[b] - mv;
      y0[b] = Math.fma(a1, q, a0 * p);
      y1[b] = Math.fma(b1, q, b0 * p);
    }
    for (int i = 2; i < j; i += 2) {
      u = x[i];
      v = x[i + 1];
      mu = m[i];
      mv = m[i + 1];
      a0 = a[at + i];
      a1 = a[at + i + 1];
      b0 = a[next + i];
      b1 = a[next + i + 1];
      for (int b = 0; b < n; b++) {
        double p = u[b] - mu;
        double q = v[b] - mv;
        y0[b] = Math.fma(a1, q, Math.fma(a0, p, y0[b]));
        y1[b] = Math.fma(b1, q, Math.fma(b0, p, y1[b]));
      }
    }
    u = x[j];
    v = x[j + 1];
    mu = m[j];
    mv = m[j + 1];
    a0 = a[at + j];
    b0 = a[next + j];
    b1 = a[next + j + 1];
    for (int b = 0; b < n; b++) {
      double p = u[b] - mu;
      double r = Math.fma(a0, p, y0[b]);
      double t = Math.fma(b1, v[b] - mv, Math.fma(b0, p, y1[b]));
      s[b] = Math.fma(t, t, Math.fma(r, r, s[b]));
    }
  }

  static void addSquares(double[] s, double[] y, int n) {
    for (int b = 0; b < n; b++) {
      s[b] = Math.fma(y[b], y[b], s[b]);
    }
  }

  static void square1(double[] s, double[] x, double a, double m, int n) {
    for (int b = 0; b < n; b++) {
      double v = a * (x[b] - m);
      s[b] = v * v;
    }
  }

  static void addSquare1(double[] s, double[] x, double a, double m, int n) {
    for (int b = 0; b < n; b++) {
      double v = a * (x[b] - m);
      s[b] = Math.fma(v, v, s[b]);
    }
  }

  static void addSquare2(
      double[] s, double[] x0, double[] x1, double a0, double a1, double m0, double m1, int n) {
    for (int b = 0; b < n; b++) {
      double v0 = a0 * (x0[b] - m0);
      double v1 = a1 * (x1[b] - m1);
      s[b] = Math.fma(v1, v1, Math.fma(v0, v0, s[b]));
    }
  }

  static void addRow2Square(
      double[] s, double[] x0, double[] x1, double a0, double a1, double m0, double m1, int n) {
    for (int b = 0; b < n; b++) {
      double v = Math.fma(a1, x1[b] - m1, a0 * (x0[b] - m0));
      s[b] = Math.fma(v, v, s[b]);
    }
  }

  static void addRow3Square(double[] s, double[][] x, double[] a, int at, double[] m, int n) {
    double[] x0 = x[0];
    double[] x1 = x[1];
    double[] x2 = x[2];
    double a0 = a[at];
    double a1 = a[at + 1];
    double a2 = a[at + 2];
    double m0 = m[0];
    double m1 = m[1];
    double m2 = m[2];
    for (int b = 0; b < n; b++) {
      double v = Math.fma(a2, x2[b] - m2, Math.fma(a1, x1[b] - m1, a0 * (x0[b] - m0)));
      s[b] = Math.fma(v, v, s[b]);
    }
  }

  static void halfFrom(double[] v, double c, int n) {
    for (int b = 0; b < n; b++) {
      v[b] = Math.fma(-0.5, v[b], c);
    }
  }

  static void constant(double[] v, double c, int n) {
    Arrays.fill(v, 0, n, c);
  }

  static void addScaled1(double[] v, double[] x, double a, int n) {
    for (int b = 0; b < n; b++) {
      v[b] = Math.fma(a, x[b], v[b]);
    }
  }

  static void addScaled2(double[] v, double[] x0, double[] x1, double a0, double a1, int n) {
    for (int b = 0; b < n; b++) {
      v[b] = Math.fma(a1, x1[b], Math.fma(a0, x0[b], v[b]));
    }
  }

  // Accumulation over rows in lanes: the caller reduces a lane array once per batch.

  static void add1(double[] t, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      t[b] += x[b];
    }
  }

  static void addProduct1(double[] t, double[] x, double[] y, int n) {
    for (int b = 0; b < n; b++) {
      t[b] = Math.fma(x[b], y[b], t[b]);
    }
  }

  /**
   * t += Σ a_b[i] x_b over 32 rows, four at a time. Written out because a method of this size is
   * compiled on its own: inlined into its caller's loops, the short loop is vectorised badly.
   */
  static void addRows32(double[] t, double[][] x, double[][] a, int i, int n) {
    double[] x0 = x[0];
    double[] x1 = x[1];
    double[] x2 = x[2];
    double[] x3 = x[3];
    double a0 = a[0][i];
    double a1 = a[1][i];
    double a2 = a[2][i];
    double a3 = a[3][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[4];
    x1 = x[5];
    x2 = x[6];
    x3 = x[7];
    a0 = a[4][i];
    a1 = a[5][i];
    a2 = a[6][i];
    a3 = a[7][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[8];
    x1 = x[9];
    x2 = x[10];
    x3 = x[11];
    a0 = a[8][i];
    a1 = a[9][i];
    a2 = a[10][i];
    a3 = a[11][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[12];
    x1 = x[13];
    x2 = x[14];
    x3 = x[15];
    a0 = a[12][i];
    a1 = a[13][i];
    a2 = a[14][i];
    a3 = a[15][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[16];
    x1 = x[17];
    x2 = x[18];
    x3 = x[19];
    a0 = a[16][i];
    a1 = a[17][i];
    a2 = a[18][i];
    a3 = a[19][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[20];
    x1 = x[21];
    x2 = x[22];
    x3 = x[23];
    a0 = a[20][i];
    a1 = a[21][i];
    a2 = a[22][i];
    a3 = a[23][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[24];
    x1 = x[25];
    x2 = x[26];
    x3 = x[27];
    a0 = a[24][i];
    a1 = a[25][i];
    a2 = a[26][i];
    a3 = a[27][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
    x0 = x[28];
    x1 = x[29];
    x2 = x[30];
    x3 = x[31];
    a0 = a[28][i];
    a1 = a[29][i];
    a2 = a[30][i];
    a3 = a[31][i];
    for (int j = 0; j < n; j++) {
      t[j] =
          Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
    }
  }

  static void centredRow(double[] z, double[] rz, double[] x, double[] c, double r, int d) {
    for (int j = 0; j < d; j++) {
      double v = x[j] - c[j];
      z[j] = v;
      rz[j] = r * v;
    }
  }

  static void addMoments(double[] t1, double[] t2, double[] x, double c, double[] r, int n) {
    for (int b = 0; b < n; b++) {
      double z = x[b] - c;
      double rz = z * r[b];
      t1[b] += rz;
      t2[b] = Math.fma(rz, z, t2[b]);
    }
  }

  /** As {@link #addMoments} of two blocks. */
  static void addMoments2(
      double[] t1, double[] t2, double[] x, double[] y, double c, double[] r, double[] s, int n) {
    for (int b = 0; b < n; b++) {
      double z = x[b] - c;
      double w = y[b] - c;
      double rz = z * r[b];
      double sw = w * s[b];
      t1[b] += rz + sw;
      t2[b] = Math.fma(sw, w, Math.fma(rz, z, t2[b]));
    }
  }

  /**
   * Adds row i of the moments of a block to lanes: rz z_j for j ≤ i at {@code row} and rz to {@code
   * first}, two arrays at a time.
   *
   * @param t z by column, and the lanes
   * @param rz of column i
   */
  static void addMomentRow(double[][] t, double[] rz, int i, int n, double[] first, int row) {
    int j = 0;
    for (; j < i; j += 2) {
      addProducts(t[row + j], t[row + j + 1], rz, t[j], t[j + 1], n);
    }
    if (j == i) {
      addProductAndTerm(t[row + i], first, rz, t[i], n);
    } else {
      add1(first, rz, n);
    }
  }

  /**
   * As {@link #addMomentRow} of two blocks: z and rz of the first begin at 0, of the second at 2d.
   */
  static void addMomentRow2(double[][] t, int d, int i, int n, double[] first, int row) {
    double[] r = t[d + i];
    double[] s = t[3 * d + i];
    int j = 0;
    for (; j < i; j += 2) {
      addProducts4(
          t[row + j], t[row + j + 1], r, t[j], t[j + 1], s, t[2 * d + j], t[2 * d + j + 1], n);
    }
    if (j == i) {
      addProductsAndTerms(t[row + i], first, r, t[i], s, t[2 * d + i], n);
    } else {
      add1(first, r, n);
      add1(first, s, n);
    }
  }

  private static void addProducts4(
      double[] t0,
      double[] t1,
      double[] r,
      double[] u,
      double[] v,
      double[] s,
      double[] p,
      double[] q,
      int n) {
    for (int b = 0; b < n; b++) {
      double x = r[b];
      double y = s[b];
      t0[b] = Math.fma(y, p[b], Math.fma(x, u[b], t0[b]));
      t1[b] = Math.fma(y, q[b], Math.fma(x, v[b], t1[b]));
    }
  }

  private static void addProductsAndTerms(
      double[] t0, double[] t1, double[] r, double[] u, double[] s, double[] p, int n) {
    for (int b = 0; b < n; b++) {
      double x = r[b];
      double y = s[b];
      t0[b] = Math.fma(y, p[b], Math.fma(x, u[b], t0[b]));
      t1[b] += x + y;
    }
  }

  private static void addProducts(
      double[] t0, double[] t1, double[] r, double[] u, double[] v, int n) {
    for (int b = 0; b < n; b++) {
      double x = r[b];
      t0[b] = Math.fma(x, u[b], t0[b]);
      t1[b] = Math.fma(x, v[b], t1[b]);
    }
  }

  private static void addProductAndTerm(double[] t0, double[] t1, double[] r, double[] u, int n) {
    for (int b = 0; b < n; b++) {
      double x = r[b];
      t0[b] = Math.fma(x, u[b], t0[b]);
      t1[b] += x;
    }
  }

  /**
   * Adds row i of the moments of a block, Σ rz z_j for j ≤ i at {@code triangle} and Σ rz at {@code
   * first}, without lanes.
   *
   * @param z by column
   * @param rz of column i
   */
  static void addMomentRowOfBlock(
      double[][] z, double[] rz, int i, int n, double[] into, int first, int triangle) {
    int j = 0;
    for (; j < i; j += 2) {
      addSumsOfProducts(rz, z[j], z[j + 1], n, into, triangle + j);
    }
    if (j == i) {
      addProductAndSum(rz, z[i], n, into, triangle + i, first);
    } else {
      into[first] += sum(rz, n);
    }
  }

  private static void addSumsOfProducts(
      double[] r, double[] u, double[] v, int n, double[] into, int at) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double t0 = 0;
    double t1 = 0;
    double t2 = 0;
    double t3 = 0;
    int b = 0;
    for (; b + 3 < n; b += 4) {
      s0 = Math.fma(r[b], u[b], s0);
      t0 = Math.fma(r[b], v[b], t0);
      s1 = Math.fma(r[b + 1], u[b + 1], s1);
      t1 = Math.fma(r[b + 1], v[b + 1], t1);
      s2 = Math.fma(r[b + 2], u[b + 2], s2);
      t2 = Math.fma(r[b + 2], v[b + 2], t2);
      s3 = Math.fma(r[b + 3], u[b + 3], s3);
      t3 = Math.fma(r[b + 3], v[b + 3], t3);
    }
    for (; b < n; b++) {
      s0 = Math.fma(r[b], u[b], s0);
      t0 = Math.fma(r[b], v[b], t0);
    }
    into[at] += (s0 + s1) + (s2 + s3);
    into[at + 1] += (t0 + t1) + (t2 + t3);
  }

  /** Adds Σru at {@code product} and Σr at {@code sum}. */
  static void addProductAndSum(double[] r, double[] u, int n, double[] into, int product, int sum) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double t0 = 0;
    double t1 = 0;
    double t2 = 0;
    double t3 = 0;
    int b = 0;
    for (; b + 3 < n; b += 4) {
      s0 = Math.fma(r[b], u[b], s0);
      t0 += r[b];
      s1 = Math.fma(r[b + 1], u[b + 1], s1);
      t1 += r[b + 1];
      s2 = Math.fma(r[b + 2], u[b + 2], s2);
      t2 += r[b + 2];
      s3 = Math.fma(r[b + 3], u[b + 3], s3);
      t3 += r[b + 3];
    }
    for (; b < n; b++) {
      s0 = Math.fma(r[b], u[b], s0);
      t0 += r[b];
    }
    into[product] += (s0 + s1) + (s2 + s3);
    into[sum] += (t0 + t1) + (t2 + t3);
  }

  /**
   * First and second derivative of a Student-t log-density in τ = 1/ν from the squared distance;
   * {@code h} holds log(1 + δ²/ν) before.
   *
   * @param c1 the part of ∂/∂ν that does not depend on the row
   * @param c2 the part of ∂²/∂ν² that does not
   */
  static void studentDerivatives(
      double[] s, double[] h, double[] distance, double nu, int d, double c1, double c2, int n) {
    double half = 0.5 * (nu + d) / nu;
    double c3 = 0.5 / nu;
    double c4 = -0.5 / (nu * nu);
    double c5 = nu * nu + 2.0 * d * nu;
    double square = -nu * nu;
    double cube = nu * nu * nu;
    for (int b = 0; b < n; b++) {
      double t = distance[b];
      double inverse = 1 / (nu + t);
      double q = t * inverse;
      double g = c1 + half * q - 0.5 * h[b];
      double slope = c2 + c3 * q + c4 * q * inverse * (c5 + d * t);
      s[b] = square * g;
      h[b] = cube * (2 * g + nu * slope);
    }
  }

  /** gradient += r s, curvature += r (h + s²); then s ← r s, h ← r (h + s²). */
  static void addDerivatives(
      double[] gradient, double[] curvature, double[] s, double[] h, double[] r, int n) {
    for (int b = 0; b < n; b++) {
      double first = r[b] * s[b];
      double second = r[b] * h[b] + first * s[b];
      gradient[b] += first;
      curvature[b] += second;
      s[b] = first;
      h[b] = second;
    }
  }

  /** h ← h − s²/w. */
  static void subtractSquare(double[] h, double[] s, double[] w, int n) {
    for (int b = 0; b < n; b++) {
      h[b] -= s[b] * s[b] / w[b];
    }
  }

  static void subtractSquare(double[] h, double[] s, int n) {
    for (int b = 0; b < n; b++) {
      h[b] -= s[b] * s[b];
    }
  }

  static void multiply(double[] t, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      t[b] *= x[b];
    }
  }

  /** Σ over the first n lanes, in a fixed order. */
  static double sum(double[] t, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int b = 0;
    for (; b + 7 < n; b += 8) {
      s0 += t[b];
      s1 += t[b + 1];
      s2 += t[b + 2];
      s3 += t[b + 3];
      s4 += t[b + 4];
      s5 += t[b + 5];
      s6 += t[b + 6];
      s7 += t[b + 7];
    }
    for (; b < n; b++) {
      s0 += t[b];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  static void max1(double[] m, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      m[b] = Math.max(m[b], x[b]);
    }
  }

  static void reciprocal(double[] v, double[] s, int n) {
    for (int b = 0; b < n; b++) {
      v[b] = 1 / s[b];
    }
  }

  static void ratio(double[] v, double[] w, double[] s, int n) {
    for (int b = 0; b < n; b++) {
      v[b] = w[b] / s[b];
    }
  }

  /**
   * x ← e^(x − shift), relative error below 3e-16 where the result is normal; exactly 0 for
   * arguments below −709; shift must make arguments ≤ 0.
   */
  static void exp(double[] x, double[] shift, double[] polynomial, double[] power, int n) {
    expReduce(x, shift, power, n);
    expPolynomial(polynomial, x, n);
    expScale(x, polynomial, power, n);
  }

  /** x ← reduced argument in ±½ log 2, power ← the exponent of two in the low bits, biased. */
  private static void expReduce(double[] x, double[] shift, double[] power, int n) {
    for (int b = 0; b < n; b++) {
      double v = Math.max(x[b] - shift[b], SMALLEST_EXPONENT);
      double t = Math.fma(v, LOG2_E, BIASED_ROUNDER);
      double k = t - BIASED_ROUNDER;
      power[b] = t;
      x[b] = Math.fma(k, -LOG_2_LOW, Math.fma(k, -LOG_2_HIGH, v));
    }
  }

  /**
   * e^x for |x| ≤ ½ log 2: a minimax polynomial of degree 11, truncation error 2e-17, its even and
   * odd powers apart.
   */
  private static void expPolynomial(double[] p, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      double r = x[b];
      double s = r * r;
      double odd = Math.fma(0x1.af634de290edbp-26, s, 0x1.71ddf6af12b54p-19);
      odd = Math.fma(odd, s, 0x1.a01a01b006e65p-13);
      odd = Math.fma(odd, s, 0x1.111111110f822p-7);
      odd = Math.fma(odd, s, 0x1.5555555555558p-3);
      odd = Math.fma(odd, s, 1.0);
      double even = Math.fma(0x1.28917bf78de6cp-22, s, 0x1.a019b91778834p-16);
      even = Math.fma(even, s, 0x1.6c16c1788857dp-10);
      even = Math.fma(even, s, 0x1.5555555553d6fp-5);
      even = Math.fma(even, s, 0x1.0000000000001p-1);
      p[b] = Math.fma(Math.fma(even, r, odd), r, 1.0);
    }
  }

  /** Multiplies by 2^k; k = −1023 gives the factor 0. */
  private static void expScale(double[] x, double[] p, double[] power, int n) {
    for (int b = 0; b < n; b++) {
      x[b] = p[b] * Double.longBitsToDouble(Double.doubleToRawLongBits(power[b]) << 52);
    }
  }

  /**
   * out ← log x for positive normal x, error below 1 ulp or 2e-16 times the result near 1; {@code
   * x} is left unchanged.
   */
  static void log(double[] out, double[] x, double[] mantissa, double[] exponent, int n) {
    logSplit(x, mantissa, exponent, n);
    logSeries(out, mantissa, exponent, n);
  }

  /** x = mantissa · 2^exponent with the mantissa in [√½, √2). */
  private static void logSplit(double[] x, double[] mantissa, double[] exponent, int n) {
    for (int b = 0; b < n; b++) {
      long bits = Double.doubleToRawLongBits(x[b]);
      // Subtracting the bits of √½ makes the exponent field carry exactly at √½.
      long k = (bits - 0x3fe6a09e667f3bcdL) >> 52;
      mantissa[b] = Double.longBitsToDouble(bits - (k << 52));
      exponent[b] = k;
    }
  }

  /** log m = 2 artanh s with s = (m − 1)/(m + 1), |s| ≤ 0.1716: eleven terms. */
  private static void logSeries(double[] out, double[] mantissa, double[] exponent, int n) {
    for (int b = 0; b < n; b++) {
      double f = mantissa[b] - 1;
      double s = f / (f + 2);
      double z = s * s;
      double q = 2.0 / 23;
      q = Math.fma(q, z, 2.0 / 21);
      q = Math.fma(q, z, 2.0 / 19);
      q = Math.fma(q, z, 2.0 / 17);
      q = Math.fma(q, z, 2.0 / 15);
      q = Math.fma(q, z, 2.0 / 13);
      q = Math.fma(q, z, 2.0 / 11);
      q = Math.fma(q, z, 2.0 / 9);
      q = Math.fma(q, z, 2.0 / 7);
      q = Math.fma(q, z, 2.0 / 5);
      q = Math.fma(q, z, 2.0 / 3);
      q = q * z;
      double k = exponent[b];
      // log m = f − s (f − q): the large part f is exact, the rest is small.
      out[b] = Math.fma(k, LOG_2_HIGH, f - (s * (f - q) - k * LOG_2_LOW));
    }
  }

  /** out ← log(1 + x·scale) for x·scale ≥ 0, relative error below 4e-16 also where it is tiny. */
  static void logOnePlus(
      double[] out,
      double[] x,
      double scale,
      double[] mantissa,
      double[] exponent,
      double[] one,
      int n) {
    for (int b = 0; b < n; b++) {
      one[b] = Math.fma(x[b], scale, 1.0);
    }
    log(out, one, mantissa, exponent, n);
    for (int b = 0; b < n; b++) {
      double u = one[b];
      out[b] += Math.fma(x[b], scale, 1.0 - u) / u;
    }
  }
}
