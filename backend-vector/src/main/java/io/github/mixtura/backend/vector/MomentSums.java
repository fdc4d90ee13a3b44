package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.DoubleVector.zero;

import jdk.incubator.vector.DoubleVector;

/**
 * Weighted sums over the rows of a batch for one component, rows being SIMD lanes; the lanes are
 * summed once per batch.
 *
 * <p>{@code rows} holds full blocks as {@code [block][column][row]}; weights of block i start at
 * {@code r[i][from]}.
 */
final class MomentSums {
  /** Numbers accumulated by a tile of four by four columns. */
  private static final int TILE = 16 * COUNT;

  /** Numbers in 32 KB. */
  private static final int CACHED = 1 << 12;

  private MomentSums() {}

  static void total(double[][][] rows, double[][] r, int from, double[] t, double[] into, int at) {
    DoubleVector t0 = zero(SHAPE);
    DoubleVector t1 = zero(SHAPE);
    DoubleVector t2 = zero(SHAPE);
    DoubleVector t3 = zero(SHAPE);
    for (int i = 0; i < rows.length; i++) {
      double[] ri = r[i];
      for (int b = 0; b < ROWS; b += 4 * COUNT) {
        t0 = t0.add(fromArray(SHAPE, ri, from + b));
        t1 = t1.add(fromArray(SHAPE, ri, from + b + COUNT));
        t2 = t2.add(fromArray(SHAPE, ri, from + b + 2 * COUNT));
        t3 = t3.add(fromArray(SHAPE, ri, from + b + 3 * COUNT));
      }
    }
    t0.add(t1).add(t2.add(t3)).intoArray(t, 0);
    into[at] += Lanes.sum(t, 0);
  }

  /** Σr and Σr(x−c) of two columns, which may be the same, into the first three vectors of t. */
  static void firstOfTwo(
      double[][][] rows, double[][] r, int from, int j0, int j1, double[] c, double[] t) {
    double c0 = c[j0];
    double c1 = c[j1];
    DoubleVector sw = zero(SHAPE);
    DoubleVector s0 = zero(SHAPE);
    DoubleVector s1 = zero(SHAPE);
    DoubleVector tw = zero(SHAPE);
    DoubleVector t0 = zero(SHAPE);
    DoubleVector t1 = zero(SHAPE);
    for (int i = 0; i < rows.length; i++) {
      double[] ri = r[i];
      double[] x0 = rows[i][j0];
      double[] x1 = rows[i][j1];
      for (int b = 0; b < ROWS; b += 2 * COUNT) {
        DoubleVector w = fromArray(SHAPE, ri, from + b);
        sw = sw.add(w);
        s0 = fromArray(SHAPE, x0, b).sub(c0).fma(w, s0);
        s1 = fromArray(SHAPE, x1, b).sub(c1).fma(w, s1);
        w = fromArray(SHAPE, ri, from + b + COUNT);
        tw = tw.add(w);
        t0 = fromArray(SHAPE, x0, b + COUNT).sub(c0).fma(w, t0);
        t1 = fromArray(SHAPE, x1, b + COUNT).sub(c1).fma(w, t1);
      }
    }
    sw.add(tw).intoArray(t, 0);
    s0.add(t0).intoArray(t, COUNT);
    s1.add(t1).intoArray(t, 2 * COUNT);
  }

  /** All sums of one column. */
  static void one(
      double[][][] rows, double[][] r, int from, double c0, double[] t, double[] into, int at) {
    DoubleVector sw = zero(SHAPE);
    DoubleVector s0 = zero(SHAPE);
    DoubleVector s00 = zero(SHAPE);
    for (int i = 0; i < rows.length; i++) {
      double[] ri = r[i];
      double[] x0 = rows[i][0];
      for (int b = 0; b < ROWS; b += COUNT) {
        DoubleVector w = fromArray(SHAPE, ri, from + b);
        DoubleVector z0 = fromArray(SHAPE, x0, b).sub(c0);
        DoubleVector v0 = z0.mul(w);
        sw = sw.add(w);
        s0 = s0.add(v0);
        s00 = v0.fma(z0, s00);
      }
    }
    sw.intoArray(t, 0);
    s0.intoArray(t, COUNT);
    s00.intoArray(t, 2 * COUNT);
    addSums(t, 0, 3, into, at);
  }

  /** All sums of two columns. */
  static void two(
      double[][][] rows, double[][] r, int from, double[] c, double[] t, double[] into, int at) {
    double c0 = c[0];
    double c1 = c[1];
    DoubleVector sw = zero(SHAPE);
    DoubleVector s0 = zero(SHAPE);
    DoubleVector s1 = zero(SHAPE);
    DoubleVector s00 = zero(SHAPE);
    DoubleVector s10 = zero(SHAPE);
    DoubleVector s11 = zero(SHAPE);
    for (int i = 0; i < rows.length; i++) {
      double[] ri = r[i];
      double[] x0 = rows[i][0];
      double[] x1 = rows[i][1];
      for (int b = 0; b < ROWS; b += COUNT) {
        DoubleVector w = fromArray(SHAPE, ri, from + b);
        DoubleVector z0 = fromArray(SHAPE, x0, b).sub(c0);
        DoubleVector z1 = fromArray(SHAPE, x1, b).sub(c1);
        DoubleVector v0 = z0.mul(w);
        DoubleVector v1 = z1.mul(w);
        sw = sw.add(w);
        s0 = s0.add(v0);
        s1 = s1.add(v1);
        s00 = v0.fma(z0, s00);
        s10 = v1.fma(z0, s10);
        s11 = v1.fma(z1, s11);
      }
    }
    sw.intoArray(t, 0);
    s0.intoArray(t, COUNT);
    s1.intoArray(t, 2 * COUNT);
    s00.intoArray(t, 3 * COUNT);
    s10.intoArray(t, 4 * COUNT);
    s11.intoArray(t, 5 * COUNT);
    addSums(t, 0, 6, into, at);
  }

  /** All sums of three columns. */
  static void three(
      double[][][] rows, double[][] r, int from, double[] c, double[] t, double[] into, int at) {
    double c0 = c[0];
    double c1 = c[1];
    double c2 = c[2];
    DoubleVector sw = zero(SHAPE);
    DoubleVector s0 = zero(SHAPE);
    DoubleVector s1 = zero(SHAPE);
    DoubleVector s2 = zero(SHAPE);
    DoubleVector s00 = zero(SHAPE);
    DoubleVector s10 = zero(SHAPE);
    DoubleVector s11 = zero(SHAPE);
    DoubleVector s20 = zero(SHAPE);
    DoubleVector s21 = zero(SHAPE);
    DoubleVector s22 = zero(SHAPE);
    for (int i = 0; i < rows.length; i++) {
      double[] ri = r[i];
      double[] x0 = rows[i][0];
      double[] x1 = rows[i][1];
      double[] x2 = rows[i][2];
      for (int b = 0; b < ROWS; b += COUNT) {
        DoubleVector w = fromArray(SHAPE, ri, from + b);
        DoubleVector z0 = fromArray(SHAPE, x0, b).sub(c0);
        DoubleVector z1 = fromArray(SHAPE, x1, b).sub(c1);
        DoubleVector z2 = fromArray(SHAPE, x2, b).sub(c2);
        DoubleVector v0 = z0.mul(w);
        DoubleVector v1 = z1.mul(w);
        DoubleVector v2 = z2.mul(w);
        sw = sw.add(w);
        s0 = s0.add(v0);
        s1 = s1.add(v1);
        s2 = s2.add(v2);
        s00 = v0.fma(z0, s00);
        s10 = v1.fma(z0, s10);
        s11 = v1.fma(z1, s11);
        s20 = v2.fma(z0, s20);
        s21 = v2.fma(z1, s21);
        s22 = v2.fma(z2, s22);
      }
    }
    sw.intoArray(t, 0);
    s0.intoArray(t, COUNT);
    s1.intoArray(t, 2 * COUNT);
    s2.intoArray(t, 3 * COUNT);
    s00.intoArray(t, 4 * COUNT);
    s10.intoArray(t, 5 * COUNT);
    s11.intoArray(t, 6 * COUNT);
    s20.intoArray(t, 7 * COUNT);
    s21.intoArray(t, 8 * COUNT);
    s22.intoArray(t, 9 * COUNT);
    addSums(t, 0, 10, into, at);
  }

  /**
   * First and diagonal second moments over one block of four columns from j (the last one repeated
   * if there are fewer) for two components, whose weights start at from0 and from1: adds to the 16
   * vectors of {@code t} from {@code at} on.
   */
  static void diagonal(
      double[][] columns,
      double[] r,
      int from0,
      int from1,
      int j,
      double[] centre0,
      double[] centre1,
      double[] t,
      int at) {
    int last = centre0.length - 1;
    int j1 = Math.min(j + 1, last);
    int j2 = Math.min(j + 2, last);
    int j3 = Math.min(j + 3, last);
    double c00 = centre0[j];
    double c01 = centre0[j1];
    double c02 = centre0[j2];
    double c03 = centre0[j3];
    double c10 = centre1[j];
    double c11 = centre1[j1];
    double c12 = centre1[j2];
    double c13 = centre1[j3];
    DoubleVector s00 = fromArray(SHAPE, t, at);
    DoubleVector s01 = fromArray(SHAPE, t, at + COUNT);
    DoubleVector s02 = fromArray(SHAPE, t, at + 2 * COUNT);
    DoubleVector s03 = fromArray(SHAPE, t, at + 3 * COUNT);
    DoubleVector s10 = fromArray(SHAPE, t, at + 8 * COUNT);
    DoubleVector s11 = fromArray(SHAPE, t, at + 9 * COUNT);
    DoubleVector s12 = fromArray(SHAPE, t, at + 10 * COUNT);
    DoubleVector s13 = fromArray(SHAPE, t, at + 11 * COUNT);
    DoubleVector q00 = fromArray(SHAPE, t, at + 4 * COUNT);
    DoubleVector q01 = fromArray(SHAPE, t, at + 5 * COUNT);
    DoubleVector q02 = fromArray(SHAPE, t, at + 6 * COUNT);
    DoubleVector q03 = fromArray(SHAPE, t, at + 7 * COUNT);
    DoubleVector q10 = fromArray(SHAPE, t, at + 12 * COUNT);
    DoubleVector q11 = fromArray(SHAPE, t, at + 13 * COUNT);
    DoubleVector q12 = fromArray(SHAPE, t, at + 14 * COUNT);
    DoubleVector q13 = fromArray(SHAPE, t, at + 15 * COUNT);
    double[] x0 = columns[j];
    double[] x1 = columns[j1];
    double[] x2 = columns[j2];
    double[] x3 = columns[j3];
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector w0 = fromArray(SHAPE, r, from0 + b);
      DoubleVector w1 = fromArray(SHAPE, r, from1 + b);
      DoubleVector x = fromArray(SHAPE, x0, b);
      DoubleVector z0 = x.sub(c00);
      DoubleVector z1 = x.sub(c10);
      DoubleVector v0 = z0.mul(w0);
      DoubleVector v1 = z1.mul(w1);
      s00 = s00.add(v0);
      s10 = s10.add(v1);
      q00 = v0.fma(z0, q00);
      q10 = v1.fma(z1, q10);
      x = fromArray(SHAPE, x1, b);
      z0 = x.sub(c01);
      z1 = x.sub(c11);
      v0 = z0.mul(w0);
      v1 = z1.mul(w1);
      s01 = s01.add(v0);
      s11 = s11.add(v1);
      q01 = v0.fma(z0, q01);
      q11 = v1.fma(z1, q11);
      x = fromArray(SHAPE, x2, b);
      z0 = x.sub(c02);
      z1 = x.sub(c12);
      v0 = z0.mul(w0);
      v1 = z1.mul(w1);
      s02 = s02.add(v0);
      s12 = s12.add(v1);
      q02 = v0.fma(z0, q02);
      q12 = v1.fma(z1, q12);
      x = fromArray(SHAPE, x3, b);
      z0 = x.sub(c03);
      z1 = x.sub(c13);
      v0 = z0.mul(w0);
      v1 = z1.mul(w1);
      s03 = s03.add(v0);
      s13 = s13.add(v1);
      q03 = v0.fma(z0, q03);
      q13 = v1.fma(z1, q13);
    }
    s00.intoArray(t, at);
    s01.intoArray(t, at + COUNT);
    s02.intoArray(t, at + 2 * COUNT);
    s03.intoArray(t, at + 3 * COUNT);
    q00.intoArray(t, at + 4 * COUNT);
    q01.intoArray(t, at + 5 * COUNT);
    q02.intoArray(t, at + 6 * COUNT);
    q03.intoArray(t, at + 7 * COUNT);
    s10.intoArray(t, at + 8 * COUNT);
    s11.intoArray(t, at + 9 * COUNT);
    s12.intoArray(t, at + 10 * COUNT);
    s13.intoArray(t, at + 11 * COUNT);
    q10.intoArray(t, at + 12 * COUNT);
    q11.intoArray(t, at + 13 * COUNT);
    q12.intoArray(t, at + 14 * COUNT);
    q13.intoArray(t, at + 15 * COUNT);
  }

  /** Adds the lane sums of four accumulators of {@link #diagonal} for columns j …. */
  static void addFour(double[] t, int from, double[] into, int at, int j, int columns) {
    for (int q = 0; q < 4 && j + q < columns; q++) {
      into[at + j + q] += Lanes.sum(t, from + q * COUNT);
    }
  }

  /**
   * Full moments of the columns i … i+3 over the blocks first … end−1: adds Σr, Σr(x−c) and the
   * triangle of second moments on the diagonal to the first 15 vectors of {@code t} from {@code at}
   * on.
   */
  static void onDiagonal(
      double[][][] rows,
      double[][] r,
      int first,
      int end,
      int from,
      int i,
      double[] c,
      double[] t,
      int at) {
    int last = c.length - 1;
    int i1 = Math.min(i + 1, last);
    int i2 = Math.min(i + 2, last);
    int i3 = Math.min(i + 3, last);
    double c0 = c[i];
    double c1 = c[i1];
    double c2 = c[i2];
    double c3 = c[i3];
    DoubleVector sw = fromArray(SHAPE, t, at);
    DoubleVector s0 = fromArray(SHAPE, t, at + COUNT);
    DoubleVector s1 = fromArray(SHAPE, t, at + 2 * COUNT);
    DoubleVector s2 = fromArray(SHAPE, t, at + 3 * COUNT);
    DoubleVector s3 = fromArray(SHAPE, t, at + 4 * COUNT);
    DoubleVector s00 = fromArray(SHAPE, t, at + 5 * COUNT);
    DoubleVector s10 = fromArray(SHAPE, t, at + 6 * COUNT);
    DoubleVector s11 = fromArray(SHAPE, t, at + 7 * COUNT);
    DoubleVector s20 = fromArray(SHAPE, t, at + 8 * COUNT);
    DoubleVector s21 = fromArray(SHAPE, t, at + 9 * COUNT);
    DoubleVector s22 = fromArray(SHAPE, t, at + 10 * COUNT);
    DoubleVector s30 = fromArray(SHAPE, t, at + 11 * COUNT);
    DoubleVector s31 = fromArray(SHAPE, t, at + 12 * COUNT);
    DoubleVector s32 = fromArray(SHAPE, t, at + 13 * COUNT);
    DoubleVector s33 = fromArray(SHAPE, t, at + 14 * COUNT);
    for (int p = first; p < end; p++) {
      double[] rp = r[p];
      double[][] columns = rows[p];
      double[] x0 = columns[i];
      double[] x1 = columns[i1];
      double[] x2 = columns[i2];
      double[] x3 = columns[i3];
      for (int b = 0; b < ROWS; b += COUNT) {
        DoubleVector w = fromArray(SHAPE, rp, from + b);
        DoubleVector z0 = fromArray(SHAPE, x0, b).sub(c0);
        DoubleVector z1 = fromArray(SHAPE, x1, b).sub(c1);
        DoubleVector z2 = fromArray(SHAPE, x2, b).sub(c2);
        DoubleVector z3 = fromArray(SHAPE, x3, b).sub(c3);
        DoubleVector v0 = z0.mul(w);
        DoubleVector v1 = z1.mul(w);
        DoubleVector v2 = z2.mul(w);
        DoubleVector v3 = z3.mul(w);
        sw = sw.add(w);
        s0 = s0.add(v0);
        s1 = s1.add(v1);
        s2 = s2.add(v2);
        s3 = s3.add(v3);
        s00 = v0.fma(z0, s00);
        s10 = v1.fma(z0, s10);
        s11 = v1.fma(z1, s11);
        s20 = v2.fma(z0, s20);
        s21 = v2.fma(z1, s21);
        s22 = v2.fma(z2, s22);
        s30 = v3.fma(z0, s30);
        s31 = v3.fma(z1, s31);
        s32 = v3.fma(z2, s32);
        s33 = v3.fma(z3, s33);
      }
    }
    sw.intoArray(t, at);
    s0.intoArray(t, at + COUNT);
    s1.intoArray(t, at + 2 * COUNT);
    s2.intoArray(t, at + 3 * COUNT);
    s3.intoArray(t, at + 4 * COUNT);
    s00.intoArray(t, at + 5 * COUNT);
    s10.intoArray(t, at + 6 * COUNT);
    s11.intoArray(t, at + 7 * COUNT);
    s20.intoArray(t, at + 8 * COUNT);
    s21.intoArray(t, at + 9 * COUNT);
    s22.intoArray(t, at + 10 * COUNT);
    s30.intoArray(t, at + 11 * COUNT);
    s31.intoArray(t, at + 12 * COUNT);
    s32.intoArray(t, at + 13 * COUNT);
    s33.intoArray(t, at + 14 * COUNT);
  }

  /** The same for second moments of columns i … i+3 with columns j … j+3, all different. */
  static void offDiagonal(
      double[][][] rows,
      double[][] r,
      int first,
      int end,
      int from,
      int i,
      int j,
      double[] c,
      double[] t,
      int at) {
    int last = c.length - 1;
    int i1 = Math.min(i + 1, last);
    int i2 = Math.min(i + 2, last);
    int i3 = Math.min(i + 3, last);
    double ci0 = c[i];
    double ci1 = c[i1];
    double ci2 = c[i2];
    double ci3 = c[i3];
    double cj0 = c[j];
    double cj1 = c[j + 1];
    double cj2 = c[j + 2];
    double cj3 = c[j + 3];
    DoubleVector s00 = fromArray(SHAPE, t, at);
    DoubleVector s01 = fromArray(SHAPE, t, at + COUNT);
    DoubleVector s02 = fromArray(SHAPE, t, at + 2 * COUNT);
    DoubleVector s03 = fromArray(SHAPE, t, at + 3 * COUNT);
    DoubleVector s10 = fromArray(SHAPE, t, at + 4 * COUNT);
    DoubleVector s11 = fromArray(SHAPE, t, at + 5 * COUNT);
    DoubleVector s12 = fromArray(SHAPE, t, at + 6 * COUNT);
    DoubleVector s13 = fromArray(SHAPE, t, at + 7 * COUNT);
    DoubleVector s20 = fromArray(SHAPE, t, at + 8 * COUNT);
    DoubleVector s21 = fromArray(SHAPE, t, at + 9 * COUNT);
    DoubleVector s22 = fromArray(SHAPE, t, at + 10 * COUNT);
    DoubleVector s23 = fromArray(SHAPE, t, at + 11 * COUNT);
    DoubleVector s30 = fromArray(SHAPE, t, at + 12 * COUNT);
    DoubleVector s31 = fromArray(SHAPE, t, at + 13 * COUNT);
    DoubleVector s32 = fromArray(SHAPE, t, at + 14 * COUNT);
    DoubleVector s33 = fromArray(SHAPE, t, at + 15 * COUNT);
    for (int p = first; p < end; p++) {
      double[] rp = r[p];
      double[][] columns = rows[p];
      double[] xi0 = columns[i];
      double[] xi1 = columns[i1];
      double[] xi2 = columns[i2];
      double[] xi3 = columns[i3];
      double[] xj0 = columns[j];
      double[] xj1 = columns[j + 1];
      double[] xj2 = columns[j + 2];
      double[] xj3 = columns[j + 3];
      for (int b = 0; b < ROWS; b += COUNT) {
        DoubleVector w = fromArray(SHAPE, rp, from + b);
        DoubleVector v0 = fromArray(SHAPE, xi0, b).sub(ci0).mul(w);
        DoubleVector v1 = fromArray(SHAPE, xi1, b).sub(ci1).mul(w);
        DoubleVector v2 = fromArray(SHAPE, xi2, b).sub(ci2).mul(w);
        DoubleVector v3 = fromArray(SHAPE, xi3, b).sub(ci3).mul(w);
        DoubleVector z = fromArray(SHAPE, xj0, b).sub(cj0);
        s00 = v0.fma(z, s00);
        s10 = v1.fma(z, s10);
        s20 = v2.fma(z, s20);
        s30 = v3.fma(z, s30);
        z = fromArray(SHAPE, xj1, b).sub(cj1);
        s01 = v0.fma(z, s01);
        s11 = v1.fma(z, s11);
        s21 = v2.fma(z, s21);
        s31 = v3.fma(z, s31);
        z = fromArray(SHAPE, xj2, b).sub(cj2);
        s02 = v0.fma(z, s02);
        s12 = v1.fma(z, s12);
        s22 = v2.fma(z, s22);
        s32 = v3.fma(z, s32);
        z = fromArray(SHAPE, xj3, b).sub(cj3);
        s03 = v0.fma(z, s03);
        s13 = v1.fma(z, s13);
        s23 = v2.fma(z, s23);
        s33 = v3.fma(z, s33);
      }
    }
    s00.intoArray(t, at);
    s01.intoArray(t, at + COUNT);
    s02.intoArray(t, at + 2 * COUNT);
    s03.intoArray(t, at + 3 * COUNT);
    s10.intoArray(t, at + 4 * COUNT);
    s11.intoArray(t, at + 5 * COUNT);
    s12.intoArray(t, at + 6 * COUNT);
    s13.intoArray(t, at + 7 * COUNT);
    s20.intoArray(t, at + 8 * COUNT);
    s21.intoArray(t, at + 9 * COUNT);
    s22.intoArray(t, at + 10 * COUNT);
    s23.intoArray(t, at + 11 * COUNT);
    s30.intoArray(t, at + 12 * COUNT);
    s31.intoArray(t, at + 13 * COUNT);
    s32.intoArray(t, at + 14 * COUNT);
    s33.intoArray(t, at + 15 * COUNT);
  }

  /** Numbers that the accumulators of {@link #full} take. */
  static int accumulators(int columns) {
    int tiles = (columns + 3) / 4;
    return tiles * (tiles + 1) / 2 * TILE;
  }

  /**
   * Full moments of one component: tile after tile over as many blocks as hold 32 KB of columns.
   *
   * @param t zeros, as many as {@link #accumulators} says
   */
  static void full(
      double[][][] rows, double[][] r, int from, double[] c, double[] t, double[] into, int at) {
    int d = c.length;
    int group = Math.max(1, CACHED / (d * ROWS));
    for (int first = 0; first < rows.length; first += group) {
      int end = Math.min(first + group, rows.length);
      int tile = 0;
      for (int i = 0; i < d; i += 4) {
        for (int j = 0; j < i; j += 4, tile += TILE) {
          offDiagonal(rows, r, first, end, from, i, j, c, t, tile);
        }
        onDiagonal(rows, r, first, end, from, i, c, t, tile);
        tile += TILE;
      }
    }
    addSums(t, 0, 1, into, at);
    addTiles(t, d, into, at + 1, at + 1 + d);
  }

  /** Adds the lane sums of the tiles to the first and to the second moments. */
  private static void addTiles(double[] t, int d, double[] into, int first, int second) {
    int tile = 0;
    for (int i = 0; i < d; i += 4) {
      int height = Math.min(4, d - i);
      for (int j = 0; j < i; j += 4, tile += TILE) {
        for (int p = 0; p < height; p++) {
          addSums(t, tile + 4 * p * COUNT, 4, into, second + (i + p) * (i + p + 1) / 2 + j);
        }
      }
      addSums(t, tile + COUNT, height, into, first + i);
      for (int p = 0; p < height; p++) {
        int row = second + (i + p) * (i + p + 1) / 2;
        addSums(t, tile + (5 + p * (p + 1) / 2) * COUNT, p + 1, into, row + i);
      }
      tile += TILE;
    }
  }

  /** Adds the lane sums of some accumulators to consecutive places. */
  private static void addSums(double[] t, int from, int count, double[] into, int at) {
    for (int q = 0; q < count; q++) {
      into[at + q] += Lanes.sum(t, from + q * COUNT);
    }
  }
}
