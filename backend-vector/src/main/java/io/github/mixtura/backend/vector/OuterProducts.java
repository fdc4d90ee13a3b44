package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.backend.vector.VectorWorkspace.STRIDE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Full moments of many columns as sums of outer products: columns are SIMD lanes.
 *
 * <p>A chunk of rows is copied row by row; for every component the rows of weight other than 0 are
 * listed as u = √r (x − c), so that one array is both factors of Σ u uᵀ, and tiles of eight columns
 * × two vectors of columns stay in registers over all of them. Only the lower triangle is computed,
 * in tiles.
 */
final class OuterProducts {
  /** With fewer columns, sums over rows in lanes are faster. */
  static final int LEAST_COLUMNS = 24;

  /** Rows of a chunk: with more the panels of a tile leave the first cache. */
  private static final int CHUNK = 64;

  /** Distance between panels of eight columns. */
  private static final int PANEL_STRIDE = 8 * CHUNK + 8;

  private final int columns;
  private final int width;

  /** The rows of a chunk, panel after panel, row after row; columns that are not there are 0. */
  private final double[] x;

  /** The listed rows about the centre times the roots of their weights. */
  private final double[] u;

  /** Roots of all weights of a chunk. */
  private final double[] allRoots = new double[CHUNK];

  /** Where the listed rows start in {@link #x}, and the roots of their weights. */
  private final int[] starts = new int[CHUNK];

  private final double[] roots = new double[CHUNK];

  /** The centre of a component, filled up with 0. */
  private final double[] centre;

  /** Per component Σr(x−c), then the square matrix of second moments. */
  private final double[] sums;

  private final int length;

  OuterProducts(int columns, int components) {
    this.columns = columns;
    this.width = (columns + 7) / 8 * 8;
    this.x = new double[width / 8 * PANEL_STRIDE];
    this.u = new double[width / 8 * PANEL_STRIDE];
    this.centre = new double[width];
    this.length = width + width * width;
    this.sums = new double[components * length];
  }

  /** Adds the full moments of all components but Σr. */
  void add(
      double[][][] rows,
      double[][] weights,
      double[][] centre,
      double[] into,
      int offset,
      int stride) {
    int components = centre.length;
    Arrays.fill(sums, 0, components * length, 0);
    for (int i = 0; i < rows.length; i++) {
      for (int b = 0; b < ROWS; b += CHUNK) {
        copy(rows[i], b);
        for (int k = 0; k < components; k++) {
          System.arraycopy(centre[k], 0, this.centre, 0, columns);
          int count = list(weights[i], k * STRIDE + b);
          addChunk(count, k * length);
        }
      }
    }
    for (int k = 0; k < components; k++) {
      collect(k * length, into, offset + k * stride + 1);
    }
  }

  /** Copies the rows from b on. */
  private void copy(double[][] from, int b) {
    int j = 0;
    for (; j + 7 < columns; j += 8) {
      copy8(from, j, b);
    }
    for (; j < columns; j++) {
      double[] column = from[j];
      int at = j / 8 * PANEL_STRIDE + j % 8;
      for (int q = 0; q < CHUNK; q++) {
        x[at + 8 * q] = column[b + q];
      }
    }
  }

  private void copy8(double[][] from, int j, int b) {
    double[] x0 = from[j];
    double[] x1 = from[j + 1];
    double[] x2 = from[j + 2];
    double[] x3 = from[j + 3];
    double[] x4 = from[j + 4];
    double[] x5 = from[j + 5];
    double[] x6 = from[j + 6];
    double[] x7 = from[j + 7];
    double[] to = x;
    int at = j / 8 * PANEL_STRIDE;
    for (int q = 0; q < CHUNK; q++) {
      to[at + 8 * q] = x0[b + q];
      to[at + 8 * q + 1] = x1[b + q];
      to[at + 8 * q + 2] = x2[b + q];
      to[at + 8 * q + 3] = x3[b + q];
      to[at + 8 * q + 4] = x4[b + q];
      to[at + 8 * q + 5] = x5[b + q];
      to[at + 8 * q + 6] = x6[b + q];
      to[at + 8 * q + 7] = x7[b + q];
    }
  }

  /** Lists the rows of the chunk whose weight is not 0, and returns how many there are. */
  private int list(double[] weights, int from) {
    roots(weights, from, allRoots);
    int count = 0;
    for (int q = 0; q < CHUNK; q++) {
      double root = allRoots[q];
      starts[count] = 8 * q;
      roots[count] = root;
      count += root == 0 ? 0 : 1;
    }
    return count;
  }

  private static void roots(double[] weights, int from, double[] into) {
    for (int q = 0; q < CHUNK; q += COUNT) {
      fromArray(SHAPE, weights, from + q).sqrt().intoArray(into, q);
    }
  }

  private void addChunk(int count, int at) {
    if (count == 0) {
      return;
    }
    for (int j = 0; j < width; j += COUNT) {
      centre(x, starts, roots, count, start(j), centre, j, u, sums, at + j);
    }
    int square = at + width;
    for (int i = 0; i < width; i += 8) {
      int tile = i / 8 * PANEL_STRIDE;
      int end = i + 8;
      int j = 0;
      for (; j + COUNT < end; j += 2 * COUNT) {
        int to = square + i * width + j;
        wide(u, count, tile, start(j), start(j + COUNT), sums, to, width);
      }
      if (j < end) {
        narrow(u, count, tile, start(j), sums, square + i * width + j, width);
      }
    }
  }

  private int start(int column) {
    return column / 8 * PANEL_STRIDE + column % 8;
  }

  private void collect(int from, double[] into, int at) {
    for (int j = 0; j < columns; j++) {
      into[at + j] += sums[from + j];
    }
    int to = at + columns;
    for (int i = 0; i < columns; i++) {
      int row = from + width + i * width;
      for (int j = 0; j <= i; j++) {
        into[to++] += sums[row + j];
      }
    }
  }

  /** One vector of columns: u ← √r (x − c) for the listed rows; adds Σ √r u to {@code sums}. */
  private static void centre(
      double[] x,
      int[] starts,
      double[] roots,
      int count,
      int from,
      double[] c,
      int j,
      double[] u,
      double[] sums,
      int at) {
    DoubleVector s = fromArray(SHAPE, sums, at);
    DoubleVector cj = fromArray(SHAPE, c, j);
    for (int q = 0; q < count; q++) {
      DoubleVector root = broadcast(SHAPE, roots[q]);
      DoubleVector uq = fromArray(SHAPE, x, from + starts[q]).sub(cj).mul(root);
      uq.intoArray(u, from + 8 * q);
      s = uq.fma(root, s);
    }
    s.intoArray(sums, at);
  }

  /** Σr(x−c)(x−c)ᵀ of eight columns and two vectors of columns. */
  private static void wide(
      double[] u, int count, int i, int j, int next, double[] sums, int at, int width) {
    DoubleVector s00 = fromArray(SHAPE, sums, at);
    DoubleVector s01 = fromArray(SHAPE, sums, at + COUNT);
    DoubleVector s10 = fromArray(SHAPE, sums, at + width);
    DoubleVector s11 = fromArray(SHAPE, sums, at + width + COUNT);
    DoubleVector s20 = fromArray(SHAPE, sums, at + 2 * width);
    DoubleVector s21 = fromArray(SHAPE, sums, at + 2 * width + COUNT);
    DoubleVector s30 = fromArray(SHAPE, sums, at + 3 * width);
    DoubleVector s31 = fromArray(SHAPE, sums, at + 3 * width + COUNT);
    DoubleVector s40 = fromArray(SHAPE, sums, at + 4 * width);
    DoubleVector s41 = fromArray(SHAPE, sums, at + 4 * width + COUNT);
    DoubleVector s50 = fromArray(SHAPE, sums, at + 5 * width);
    DoubleVector s51 = fromArray(SHAPE, sums, at + 5 * width + COUNT);
    DoubleVector s60 = fromArray(SHAPE, sums, at + 6 * width);
    DoubleVector s61 = fromArray(SHAPE, sums, at + 6 * width + COUNT);
    DoubleVector s70 = fromArray(SHAPE, sums, at + 7 * width);
    DoubleVector s71 = fromArray(SHAPE, sums, at + 7 * width + COUNT);
    for (int q = 0; q < count; q++) {
      DoubleVector u0 = fromArray(SHAPE, u, j + 8 * q);
      DoubleVector u1 = fromArray(SHAPE, u, next + 8 * q);
      DoubleVector x = broadcast(SHAPE, u[i + 8 * q]);
      s00 = u0.fma(x, s00);
      s01 = u1.fma(x, s01);
      x = broadcast(SHAPE, u[i + 8 * q + 1]);
      s10 = u0.fma(x, s10);
      s11 = u1.fma(x, s11);
      x = broadcast(SHAPE, u[i + 8 * q + 2]);
      s20 = u0.fma(x, s20);
      s21 = u1.fma(x, s21);
      x = broadcast(SHAPE, u[i + 8 * q + 3]);
      s30 = u0.fma(x, s30);
      s31 = u1.fma(x, s31);
      x = broadcast(SHAPE, u[i + 8 * q + 4]);
      s40 = u0.fma(x, s40);
      s41 = u1.fma(x, s41);
      x = broadcast(SHAPE, u[i + 8 * q + 5]);
      s50 = u0.fma(x, s50);
      s51 = u1.fma(x, s51);
      x = broadcast(SHAPE, u[i + 8 * q + 6]);
      s60 = u0.fma(x, s60);
      s61 = u1.fma(x, s61);
      x = broadcast(SHAPE, u[i + 8 * q + 7]);
      s70 = u0.fma(x, s70);
      s71 = u1.fma(x, s71);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + COUNT);
    s10.intoArray(sums, at + width);
    s11.intoArray(sums, at + width + COUNT);
    s20.intoArray(sums, at + 2 * width);
    s21.intoArray(sums, at + 2 * width + COUNT);
    s30.intoArray(sums, at + 3 * width);
    s31.intoArray(sums, at + 3 * width + COUNT);
    s40.intoArray(sums, at + 4 * width);
    s41.intoArray(sums, at + 4 * width + COUNT);
    s50.intoArray(sums, at + 5 * width);
    s51.intoArray(sums, at + 5 * width + COUNT);
    s60.intoArray(sums, at + 6 * width);
    s61.intoArray(sums, at + 6 * width + COUNT);
    s70.intoArray(sums, at + 7 * width);
    s71.intoArray(sums, at + 7 * width + COUNT);
  }

  /** The same with one vector of columns. */
  private static void narrow(
      double[] u, int count, int i, int j, double[] sums, int at, int width) {
    DoubleVector s00 = fromArray(SHAPE, sums, at);
    DoubleVector s10 = fromArray(SHAPE, sums, at + width);
    DoubleVector s20 = fromArray(SHAPE, sums, at + 2 * width);
    DoubleVector s30 = fromArray(SHAPE, sums, at + 3 * width);
    DoubleVector s40 = fromArray(SHAPE, sums, at + 4 * width);
    DoubleVector s50 = fromArray(SHAPE, sums, at + 5 * width);
    DoubleVector s60 = fromArray(SHAPE, sums, at + 6 * width);
    DoubleVector s70 = fromArray(SHAPE, sums, at + 7 * width);
    for (int q = 0; q < count; q++) {
      DoubleVector u0 = fromArray(SHAPE, u, j + 8 * q);
      DoubleVector x = broadcast(SHAPE, u[i + 8 * q]);
      s00 = u0.fma(x, s00);
      x = broadcast(SHAPE, u[i + 8 * q + 1]);
      s10 = u0.fma(x, s10);
      x = broadcast(SHAPE, u[i + 8 * q + 2]);
      s20 = u0.fma(x, s20);
      x = broadcast(SHAPE, u[i + 8 * q + 3]);
      s30 = u0.fma(x, s30);
      x = broadcast(SHAPE, u[i + 8 * q + 4]);
      s40 = u0.fma(x, s40);
      x = broadcast(SHAPE, u[i + 8 * q + 5]);
      s50 = u0.fma(x, s50);
      x = broadcast(SHAPE, u[i + 8 * q + 6]);
      s60 = u0.fma(x, s60);
      x = broadcast(SHAPE, u[i + 8 * q + 7]);
      s70 = u0.fma(x, s70);
    }
    s00.intoArray(sums, at);
    s10.intoArray(sums, at + width);
    s20.intoArray(sums, at + 2 * width);
    s30.intoArray(sums, at + 3 * width);
    s40.intoArray(sums, at + 4 * width);
    s50.intoArray(sums, at + 5 * width);
    s60.intoArray(sums, at + 6 * width);
    s70.intoArray(sums, at + 7 * width);
  }
}
