package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.PANEL;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.backend.vector.VectorWorkspace.STRIDE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.DoubleVector.zero;

import jdk.incubator.vector.DoubleVector;

/**
 * scale · |A (x − μ)|² + constant for the rows of one block.
 *
 * <p>{@link FewColumns} has the first eight rows of A. For the others a panel of rows is copied
 * side by side, and tiles of four outputs × four vectors of rows stay in registers; their squares
 * are summed without ever being stored.
 */
final class Distances {
  private Distances() {}

  /** Numbers per component in the packed form of {@link #pack}. */
  static int packedLength(int columns) {
    int tiles = (columns + 3) / 4;
    return packedMean(columns) + 8 * tiles * (tiles + 1);
  }

  /** How many of them are the mean and its filling. */
  static int packedMean(int columns) {
    return (columns + 3) / 4 * 4;
  }

  /**
   * The mean filled up with 0 to a multiple of four, then for every four rows of A the columns up
   * to the diagonal as fours, with 0 above the diagonal.
   */
  static void pack(double[] mean, double[] whitening, double[] into, int from) {
    int d = mean.length;
    int tiles = (d + 3) / 4;
    int at = from;
    for (int j = 0; j < 4 * tiles; j++) {
      into[at++] = j < d ? mean[j] : 0;
    }
    for (int t = 0; t < tiles; t++) {
      for (int j = 0; j < 4 * t + 4; j++) {
        for (int i = 4 * t; i < 4 * t + 4; i++) {
          into[at++] = i < d && j <= i ? whitening[i * (i + 1) / 2 + j] : 0;
        }
      }
    }
  }

  /** Copies the columns of one panel side by side; the filling up to four stays 0. */
  static void copyPanel(double[][] x, int b, double[] panel) {
    for (int j = 0; j < x.length; j++) {
      double[] from = x[j];
      int at = j * PANEL;
      fromArray(SHAPE, from, b).intoArray(panel, at);
      fromArray(SHAPE, from, b + COUNT).intoArray(panel, at + COUNT);
      fromArray(SHAPE, from, b + 2 * COUNT).intoArray(panel, at + 2 * COUNT);
      fromArray(SHAPE, from, b + 3 * COUNT).intoArray(panel, at + 3 * COUNT);
    }
  }

  /**
   * One panel, one component: adds the squares of the rows of A from the ninth on, then s ← scale ·
   * s + constant.
   *
   * @param tiles fours of rows of A, at least 3
   */
  static void panel(
      double[] x,
      int tiles,
      double[] packed,
      int from,
      double scale,
      double constant,
      double[] out,
      int at) {
    int a = from + 4 * tiles + 48;
    for (int t = 2; t < tiles - 1; t++) {
      tile(x, 4 * t + 4, packed, from, a, 1, 0, out, at);
      a += 16 * t + 16;
    }
    tile(x, 4 * tiles, packed, from, a, scale, constant, out, at);
  }

  /**
   * Four rows of A on one panel: adds the squares to {@code s}, then s ← scale · s + constant.
   *
   * @param end number of columns up to the diagonal
   * @param a where the packed rows start
   */
  private static void tile(
      double[] x,
      int end,
      double[] packed,
      int from,
      int a,
      double scale,
      double constant,
      double[] s,
      int at) {
    DoubleVector y00 = zero(SHAPE);
    DoubleVector y01 = zero(SHAPE);
    DoubleVector y02 = zero(SHAPE);
    DoubleVector y03 = zero(SHAPE);
    DoubleVector y10 = zero(SHAPE);
    DoubleVector y11 = zero(SHAPE);
    DoubleVector y12 = zero(SHAPE);
    DoubleVector y13 = zero(SHAPE);
    DoubleVector y20 = zero(SHAPE);
    DoubleVector y21 = zero(SHAPE);
    DoubleVector y22 = zero(SHAPE);
    DoubleVector y23 = zero(SHAPE);
    DoubleVector y30 = zero(SHAPE);
    DoubleVector y31 = zero(SHAPE);
    DoubleVector y32 = zero(SHAPE);
    DoubleVector y33 = zero(SHAPE);
    for (int j = 0; j < end; j++) {
      double m = packed[from + j];
      DoubleVector z0 = fromArray(SHAPE, x, j * PANEL).sub(m);
      DoubleVector z1 = fromArray(SHAPE, x, j * PANEL + COUNT).sub(m);
      DoubleVector z2 = fromArray(SHAPE, x, j * PANEL + 2 * COUNT).sub(m);
      DoubleVector z3 = fromArray(SHAPE, x, j * PANEL + 3 * COUNT).sub(m);
      DoubleVector a0 = broadcast(SHAPE, packed[a + 4 * j]);
      y00 = z0.fma(a0, y00);
      y01 = z1.fma(a0, y01);
      y02 = z2.fma(a0, y02);
      y03 = z3.fma(a0, y03);
      DoubleVector a1 = broadcast(SHAPE, packed[a + 4 * j + 1]);
      y10 = z0.fma(a1, y10);
      y11 = z1.fma(a1, y11);
      y12 = z2.fma(a1, y12);
      y13 = z3.fma(a1, y13);
      DoubleVector a2 = broadcast(SHAPE, packed[a + 4 * j + 2]);
      y20 = z0.fma(a2, y20);
      y21 = z1.fma(a2, y21);
      y22 = z2.fma(a2, y22);
      y23 = z3.fma(a2, y23);
      DoubleVector a3 = broadcast(SHAPE, packed[a + 4 * j + 3]);
      y30 = z0.fma(a3, y30);
      y31 = z1.fma(a3, y31);
      y32 = z2.fma(a3, y32);
      y33 = z3.fma(a3, y33);
    }
    DoubleVector s0 = fromArray(SHAPE, s, at);
    DoubleVector s1 = fromArray(SHAPE, s, at + COUNT);
    DoubleVector s2 = fromArray(SHAPE, s, at + 2 * COUNT);
    DoubleVector s3 = fromArray(SHAPE, s, at + 3 * COUNT);
    s0 = y00.fma(y00, s0);
    s1 = y01.fma(y01, s1);
    s2 = y02.fma(y02, s2);
    s3 = y03.fma(y03, s3);
    s0 = y10.fma(y10, s0);
    s1 = y11.fma(y11, s1);
    s2 = y12.fma(y12, s2);
    s3 = y13.fma(y13, s3);
    s0 = y20.fma(y20, s0);
    s1 = y21.fma(y21, s1);
    s2 = y22.fma(y22, s2);
    s3 = y23.fma(y23, s3);
    s0 = y30.fma(y30, s0);
    s1 = y31.fma(y31, s1);
    s2 = y32.fma(y32, s2);
    s3 = y33.fma(y33, s3);
    DoubleVector f = broadcast(SHAPE, scale);
    DoubleVector c = broadcast(SHAPE, constant);
    s0.fma(f, c).intoArray(s, at);
    s1.fma(f, c).intoArray(s, at + COUNT);
    s2.fma(f, c).intoArray(s, at + 2 * COUNT);
    s3.fma(f, c).intoArray(s, at + 3 * COUNT);
  }

  /** A diagonal A: one panel, components k0 and k1 (which may be the same). */
  static void diagonalPanel(
      double[] x,
      double[][] mean,
      double[][] whitening,
      double[] constant,
      int k0,
      int k1,
      double scale,
      double[] out,
      int b) {
    double[] m0 = mean[k0];
    double[] m1 = mean[k1];
    double[] a0 = whitening[k0];
    double[] a1 = whitening[k1];
    DoubleVector s00 = zero(SHAPE);
    DoubleVector s01 = zero(SHAPE);
    DoubleVector s02 = zero(SHAPE);
    DoubleVector s03 = zero(SHAPE);
    DoubleVector s10 = zero(SHAPE);
    DoubleVector s11 = zero(SHAPE);
    DoubleVector s12 = zero(SHAPE);
    DoubleVector s13 = zero(SHAPE);
    for (int j = 0; j < m0.length; j++) {
      DoubleVector x0 = fromArray(SHAPE, x, j * PANEL);
      DoubleVector x1 = fromArray(SHAPE, x, j * PANEL + COUNT);
      DoubleVector x2 = fromArray(SHAPE, x, j * PANEL + 2 * COUNT);
      DoubleVector x3 = fromArray(SHAPE, x, j * PANEL + 3 * COUNT);
      DoubleVector m = broadcast(SHAPE, m0[j]);
      DoubleVector a = broadcast(SHAPE, a0[j]);
      DoubleVector y0 = x0.sub(m).mul(a);
      DoubleVector y1 = x1.sub(m).mul(a);
      DoubleVector y2 = x2.sub(m).mul(a);
      DoubleVector y3 = x3.sub(m).mul(a);
      s00 = y0.fma(y0, s00);
      s01 = y1.fma(y1, s01);
      s02 = y2.fma(y2, s02);
      s03 = y3.fma(y3, s03);
      m = broadcast(SHAPE, m1[j]);
      a = broadcast(SHAPE, a1[j]);
      y0 = x0.sub(m).mul(a);
      y1 = x1.sub(m).mul(a);
      y2 = x2.sub(m).mul(a);
      y3 = x3.sub(m).mul(a);
      s10 = y0.fma(y0, s10);
      s11 = y1.fma(y1, s11);
      s12 = y2.fma(y2, s12);
      s13 = y3.fma(y3, s13);
    }
    DoubleVector f = broadcast(SHAPE, scale);
    DoubleVector c = broadcast(SHAPE, constant[k0]);
    int at = k0 * STRIDE + b;
    s00.fma(f, c).intoArray(out, at);
    s01.fma(f, c).intoArray(out, at + COUNT);
    s02.fma(f, c).intoArray(out, at + 2 * COUNT);
    s03.fma(f, c).intoArray(out, at + 3 * COUNT);
    c = broadcast(SHAPE, constant[k1]);
    at = k1 * STRIDE + b;
    s10.fma(f, c).intoArray(out, at);
    s11.fma(f, c).intoArray(out, at + COUNT);
    s12.fma(f, c).intoArray(out, at + 2 * COUNT);
    s13.fma(f, c).intoArray(out, at + 3 * COUNT);
  }

  /** out ← constant + a0 x0 + a1 x1 for one block. */
  static void linear(
      double[] x0, double a0, double[] x1, double a1, double constant, double[] out, int at) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector v =
          fromArray(SHAPE, x0, b).fma(broadcast(SHAPE, a0), broadcast(SHAPE, constant));
      fromArray(SHAPE, x1, b).fma(broadcast(SHAPE, a1), v).intoArray(out, at + b);
    }
  }

  /** out ← out + a0 x0 + a1 x1 for one block. */
  static void addLinear(double[] x0, double a0, double[] x1, double a1, double[] out, int at) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector v =
          fromArray(SHAPE, x0, b).fma(broadcast(SHAPE, a0), fromArray(SHAPE, out, at + b));
      fromArray(SHAPE, x1, b).fma(broadcast(SHAPE, a1), v).intoArray(out, at + b);
    }
  }
}
