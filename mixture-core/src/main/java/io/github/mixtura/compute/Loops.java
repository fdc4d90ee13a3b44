package io.github.mixtura.compute;

import java.util.Arrays;

/**
 * The innermost loops of the plain Java kernels.
 *
 * <p>The just-in-time compiler of JDK 17 turns a loop into SIMD code only while its unrolled body
 * is small: at most about six loads, and all arrays under one index. So each loop here does little,
 * and the callers combine them. All arithmetic is exact-rounded (+, ×, ÷, fma, max, bit moves), so
 * the bits do not depend on what was compiled. {@code n} is the number of rows of the block.
 */
final class Loops {
  private static final double LOG2_E = 1.4426950408889634;

  /** Adding and subtracting it rounds to an integer, which stays readable in the low bits. */
  private static final double ROUNDER = 0x1.8p52;

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

  /**
   * Adds row i of the moments of several blocks, Σ rz_i z_j for j ≤ i at {@code triangle} and Σ
   * rz_i at {@code first}. Two entries at a time go through all blocks in lanes and are then
   * summed.
   *
   * @param z by column and block
   * @param rz of column i, by block
   * @param last number of rows of the last block
   */
  static void addMomentRow(
      double[][][] z,
      double[][] rz,
      int i,
      int blocks,
      int last,
      double[] t0,
      double[] t1,
      double[] into,
      int first,
      int triangle) {
    int lanes = blocks > 1 ? Block.ROWS : last;
    for (int j = 0; j <= i + 1; j += 2) {
      Arrays.fill(t0, 0, lanes, 0);
      Arrays.fill(t1, 0, lanes, 0);
      for (int q = 0; q < blocks; q++) {
        int n = q < blocks - 1 ? Block.ROWS : last;
        double[] r = rz[q];
        if (j < i) {
          double[] u = z[j][q];
          double[] v = z[j + 1][q];
          for (int b = 0; b < n; b++) {
            double x = r[b];
            t0[b] = Math.fma(x, u[b], t0[b]);
            t1[b] = Math.fma(x, v[b], t1[b]);
          }
        } else if (j == i) {
          double[] u = z[i][q];
          for (int b = 0; b < n; b++) {
            double x = r[b];
            t0[b] = Math.fma(x, u[b], t0[b]);
            t1[b] += x;
          }
        } else {
          for (int b = 0; b < n; b++) {
            t1[b] += r[b];
          }
        }
      }
      if (j <= i) {
        into[triangle + j] += sum(t0, lanes);
      }
      into[j < i ? triangle + j + 1 : first] += sum(t1, lanes);
      if (j >= i) {
        return;
      }
    }
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

  static void max2(double[] m, double[] x, double[] y, int n) {
    for (int b = 0; b < n; b++) {
      m[b] = Math.max(m[b], Math.max(x[b], y[b]));
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

  /** x ← reduced argument in ±½ log 2, power ← the exponent of two in the low bits. */
  private static void expReduce(double[] x, double[] shift, double[] power, int n) {
    for (int b = 0; b < n; b++) {
      double v = Math.max(x[b] - shift[b], SMALLEST_EXPONENT);
      double t = Math.fma(v, LOG2_E, ROUNDER);
      double k = t - ROUNDER;
      power[b] = t;
      x[b] = Math.fma(k, -LOG_2_LOW, Math.fma(k, -LOG_2_HIGH, v));
    }
  }

  /** Taylor series of e^x to degree 13: truncation below 5e-18 for |x| ≤ ½ log 2. */
  private static void expPolynomial(double[] p, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      double r = x[b];
      double q = 1.0 / 6227020800.0;
      q = Math.fma(q, r, 1.0 / 479001600.0);
      q = Math.fma(q, r, 1.0 / 39916800.0);
      q = Math.fma(q, r, 1.0 / 3628800.0);
      q = Math.fma(q, r, 1.0 / 362880.0);
      q = Math.fma(q, r, 1.0 / 40320.0);
      q = Math.fma(q, r, 1.0 / 5040.0);
      q = Math.fma(q, r, 1.0 / 720.0);
      q = Math.fma(q, r, 1.0 / 120.0);
      q = Math.fma(q, r, 1.0 / 24.0);
      q = Math.fma(q, r, 1.0 / 6.0);
      q = Math.fma(q, r, 0.5);
      q = Math.fma(q, r, 1.0);
      p[b] = Math.fma(q, r, 1.0);
    }
  }

  /** Multiplies by 2^k; k = −1023 gives the factor 0. */
  private static void expScale(double[] x, double[] p, double[] power, int n) {
    for (int b = 0; b < n; b++) {
      x[b] = p[b] * Double.longBitsToDouble((Double.doubleToRawLongBits(power[b]) + 1023L) << 52);
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
