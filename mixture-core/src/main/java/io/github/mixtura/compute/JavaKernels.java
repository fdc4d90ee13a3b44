package io.github.mixtura.compute;

import io.github.mixtura.special.Gammas;
import java.util.Arrays;
import java.util.List;

/** The plain Java kernels; see {@link Loops} for how the compiler is kept vectorising. */
final class JavaKernels implements Kernels {
  /** Bytes of one batch with its workspace: about the second-level cache. */
  private static final int BATCH_BYTES = 1 << 20;

  @Override
  public String backend() {
    return "java";
  }

  @Override
  public int batchBlocks(int columns, int components) {
    // Lane sums are reduced once per batch, so fewer than four blocks would cost more than the
    // cache.
    int blocks = BATCH_BYTES / (8 * Block.ROWS * (3 * columns + components));
    return Math.max(4, Math.min(16, blocks));
  }

  @Override
  public Batch stage(List<Block> blocks, RowContext context) {
    return BlockBatch.of(blocks, context);
  }

  @Override
  public Workspace workspace(int columns, int components, boolean auxiliary) {
    int blocks = batchBlocks(columns, components);
    int arrays = fullArrays(Math.min(columns, ROW_MAJOR_COLUMNS - 1));
    return new BlockWorkspace(
        columns, blocks, components, auxiliary, FIXED + Math.max(3 * TRANSPOSED_ROWS, arrays));
  }

  // Temporary arrays: a fixed few, then those of the full moments.
  private static final int SUM_0 = 0;
  private static final int SUM_1 = 1;
  private static final int SHIFT = 2;
  private static final int TOTAL = 3;
  private static final int POWER = 4;
  private static final int POLYNOMIAL = 5;
  private static final int PRODUCT = 6;
  private static final int SHIFT_SUM = 7;
  private static final int FIXED = 8;

  /** From so many columns on, moments are summed row by row. */
  private static final int ROW_MAJOR_COLUMNS = 24;

  /** From here on the lane sums do not fit the first-level cache: two blocks share a pass. */
  private static final int PAIRED_COLUMNS = 8;

  private static final int TRANSPOSED_ROWS = 32;

  @Override
  public void gaussian(
      Batch batch, double[][] mean, double[][] whitening, double[] constant, Workspace into) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) into;
    for (int i = 0; i < rows.blockCount(); i++) {
      Block block = rows.block(i);
      for (int k = 0; k < mean.length; k++) {
        double[] v = work.values(i)[k];
        squaredDistance(
            block, mean[k], whitening[k], v, work.temporary(TOTAL), work.temporary(SHIFT));
        Loops.halfFrom(v, constant[k], block.rows());
      }
    }
  }

  /** δ² = |A (x − μ)|², {@code y} being scratch. */
  private static void squaredDistance(
      Block block, double[] mean, double[] whitening, double[] s, double[] y, double[] y1) {
    double[][] x = block.columns();
    int d = mean.length;
    int n = block.rows();
    Loops.square1(s, x[0], whitening[0], mean[0], n);
    if (whitening.length == d) {
      int j = 1;
      for (; j + 1 < d; j += 2) {
        Loops.addSquare2(
            s, x[j], x[j + 1], whitening[j], whitening[j + 1], mean[j], mean[j + 1], n);
      }
      if (j < d) {
        Loops.addSquare1(s, x[j], whitening[j], mean[j], n);
      }
      return;
    }
    if (d > 1) {
      Loops.addRow2Square(s, x[0], x[1], whitening[1], whitening[2], mean[0], mean[1], n);
    }
    int j = 2;
    int at = 3;
    for (; j + 1 < d; at += 2 * j + 3, j += 2) {
      Loops.addRowPair(s, y, y1, x, j, whitening, at, mean, n);
    }
    if (j < d) {
      addRowSquare(s, y, x, j, whitening, at, mean, n);
    }
  }

  /** Adds the square of row {@code j} of A (x − μ), which starts at {@code at} in the triangle. */
  private static void addRowSquare(
      double[] s, double[] y, double[][] x, int j, double[] a, int at, double[] m, int n) {
    if (j == 1) {
      Loops.addRow2Square(s, x[0], x[1], a[at], a[at + 1], m[0], m[1], n);
      return;
    }
    if (j == 2) {
      Loops.addRow3Square(s, x, a, at, m, n);
      return;
    }
    Loops.rowFirst(y, x, 0, a, at, m, n);
    int i = 4;
    for (; i + 3 <= j; i += 4) {
      Loops.rowNext(y, x, i, a, at + i, m, n);
    }
    switch (j + 1 - i) {
      case 0 -> Loops.addSquares(s, y, n);
      case 1 -> Loops.rowLast1(s, y, x[i], a[at + i], m[i], n);
      case 2 -> Loops.rowLast2(s, y, x[i], x[i + 1], a[at + i], a[at + i + 1], m[i], m[i + 1], n);
      default -> Loops.rowLast3(s, y, x, i, a, at + i, m, n);
    }
  }

  @Override
  public void student(
      Batch batch,
      double[][] mean,
      double[][] whitening,
      double[] constant,
      double[] degreesOfFreedom,
      Workspace into) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) into;
    for (int i = 0; i < rows.blockCount(); i++) {
      Block block = rows.block(i);
      int n = block.rows();
      for (int k = 0; k < mean.length; k++) {
        double nu = degreesOfFreedom[k];
        double[] distance = work.auxiliary(i)[k];
        double[] v = work.values(i)[k];
        squaredDistance(
            block, mean[k], whitening[k], distance, work.temporary(TOTAL), work.temporary(SHIFT));
        logOnePlus(v, distance, 1 / nu, work, n);
        double half = -0.5 * (nu + mean[k].length);
        for (int b = 0; b < n; b++) {
          v[b] = Math.fma(half, v[b], constant[k]);
        }
      }
    }
  }

  private static void logOnePlus(
      double[] out, double[] x, double scale, BlockWorkspace work, int n) {
    Loops.logOnePlus(
        out, x, scale, work.temporary(POLYNOMIAL), work.temporary(POWER), work.temporary(SUM_0), n);
  }

  @Override
  public void linear(Batch batch, double[][] coefficients, double[] constant, Workspace into) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) into;
    for (int i = 0; i < rows.blockCount(); i++) {
      Block block = rows.block(i);
      double[][] x = block.columns();
      for (int k = 0; k < coefficients.length; k++) {
        double[] v = work.values(i)[k];
        double[] a = coefficients[k];
        Loops.constant(v, constant[k], block.rows());
        int j = 0;
        for (; j + 1 < a.length; j += 2) {
          Loops.addScaled2(v, x[j], x[j + 1], a[j], a[j + 1], block.rows());
        }
        if (j < a.length) {
          Loops.addScaled1(v, x[j], a[j], block.rows());
        }
      }
    }
  }

  @Override
  public double normalise(Batch batch, Workspace values, boolean rowLogSums) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) values;
    double[] product = work.temporary(PRODUCT);
    double[] shiftSum = work.temporary(SHIFT_SUM);
    int lanes = rows.block(0).rows();
    Arrays.fill(product, 0, lanes, 1);
    Arrays.fill(shiftSum, 0, lanes, 0);
    double[] shift = work.temporary(SHIFT);
    double[] total = work.temporary(TOTAL);
    for (int i = 0; i < rows.blockCount(); i++) {
      Block block = rows.block(i);
      int n = block.rows();
      double[][] v = work.values(i);
      exponentials(v, shift, total, work, n);
      double[] w = block.weights();
      if (rowLogSums || w != null) {
        double[] logSum = work.logSums(i);
        Loops.log(logSum, total, work.temporary(POLYNOMIAL), work.temporary(POWER), n);
        Loops.add1(logSum, shift, n);
        if (w == null) {
          Loops.add1(shiftSum, logSum, n);
        } else {
          Loops.addProduct1(shiftSum, logSum, w, n);
        }
      } else {
        // One logarithm per lane and batch: a sum is at most K, so the product cannot overflow.
        Loops.add1(shiftSum, shift, n);
        Loops.multiply(product, total, n);
      }
      double[] factor = work.temporary(SUM_0);
      if (w == null) {
        Loops.reciprocal(factor, total, n);
      } else {
        Loops.ratio(factor, w, total, n);
      }
      for (double[] r : v) {
        Loops.multiply(r, factor, n);
      }
    }
    return Loops.sum(shiftSum, lanes) + ElementFunctions.sumOfLogs(product, lanes);
  }

  /** v_k ← e^(v_k − max), with the maximum in {@code shift} and the sum in {@code total}. */
  private static void exponentials(
      double[][] v, double[] shift, double[] total, BlockWorkspace work, int n) {
    System.arraycopy(v[0], 0, shift, 0, n);
    for (int k = 1; k < v.length; k++) {
      Loops.max1(shift, v[k], n);
    }
    for (int c = 0; c < v.length; c++) {
      Loops.exp(v[c], shift, work.temporary(POLYNOMIAL), work.temporary(POWER), n);
      if (c == 0) {
        System.arraycopy(v[0], 0, total, 0, n);
      } else {
        Loops.add1(total, v[c], n);
      }
    }
  }

  @Override
  public void moments(
      Batch batch,
      double[][] centre,
      Order order,
      Workspace weights,
      double[] into,
      int offset,
      int stride) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) weights;
    int d = centre[0].length;
    boolean rowMajor = order == Order.FULL && d >= ROW_MAJOR_COLUMNS;
    if (rowMajor) {
      rowMajorMoments(rows, work, centre, into, offset, stride);
    }
    for (int k = 0; k < centre.length; k++) {
      int at = offset + k * stride;
      into[at] += totalWeight(rows, work, k);
      if (rowMajor) {
        continue;
      }
      switch (order) {
        case FIRST -> firstMoments(rows, work, k, centre[k], into, at + 1);
        case DIAGONAL -> diagonalMoments(rows, work, k, centre[k], into, at + 1);
        case FULL -> fullMoments(rows, work, k, centre[k], into, at + 1);
      }
    }
  }

  private static double totalWeight(BlockBatch rows, BlockWorkspace work, int k) {
    if (rows.blockCount() == 1) {
      return Loops.sum(work.values(0)[k], rows.block(0).rows());
    }
    double[] t = work.temporary(SUM_0);
    int lanes = clear(rows, t);
    for (int i = 0; i < rows.blockCount(); i++) {
      Loops.add1(t, work.values(i)[k], rows.block(i).rows());
    }
    return Loops.sum(t, lanes);
  }

  /** Clears the lanes in use and returns their number. */
  private static int clear(BlockBatch rows, double[] t) {
    int lanes = rows.block(0).rows();
    Arrays.fill(t, 0, lanes, 0);
    return lanes;
  }

  private static void firstMoments(
      BlockBatch rows, BlockWorkspace work, int k, double[] c, double[] into, int at) {
    double[] t = work.temporary(SUM_0);
    double[] z = work.temporary(SUM_1);
    for (int j = 0; j < c.length; j++) {
      int lanes = clear(rows, t);
      for (int i = 0; i < rows.blockCount(); i++) {
        Block block = rows.block(i);
        Loops.difference(z, block.columns()[j], c[j], block.rows());
        Loops.addProduct1(t, z, work.values(i)[k], block.rows());
      }
      into[at + j] += Loops.sum(t, lanes);
    }
  }

  private static void diagonalMoments(
      BlockBatch rows, BlockWorkspace work, int k, double[] c, double[] into, int at) {
    double[] t1 = work.temporary(SUM_0);
    double[] t2 = work.temporary(SUM_1);
    if (rows.blockCount() == 1) {
      int n = rows.block(0).rows();
      for (int j = 0; j < c.length; j++) {
        Loops.weightedDifference(t1, t2, rows.block(0).columns()[j], c[j], work.values(0)[k], n);
        Loops.addProductAndSum(t2, t1, n, into, at + c.length + j, at + j);
      }
      return;
    }
    for (int j = 0; j < c.length; j++) {
      int lanes = clear(rows, t1);
      clear(rows, t2);
      int full = rows.rows() / lanes;
      int i = 0;
      for (; i + 1 < full; i += 2) {
        double[] x = rows.block(i).columns()[j];
        double[] y = rows.block(i + 1).columns()[j];
        Loops.addMoments2(t1, t2, x, y, c[j], work.values(i)[k], work.values(i + 1)[k], lanes);
      }
      for (; i < rows.blockCount(); i++) {
        Block block = rows.block(i);
        Loops.addMoments(t1, t2, block.columns()[j], c[j], work.values(i)[k], block.rows());
      }
      into[at + j] += Loops.sum(t1, lanes);
      into[at + c.length + j] += Loops.sum(t2, lanes);
    }
  }

  private static void fullMoments(
      BlockBatch rows, BlockWorkspace work, int k, double[] c, double[] into, int at) {
    int d = c.length;
    if (d == 1) {
      diagonalMoments(rows, work, k, c, into, at);
      return;
    }
    double[][] t = work.temporaries(FIXED, 1, fullArrays(d))[0];
    int sums = 4 * d;
    if (rows.blockCount() == 1) {
      int n = rows.block(0).rows();
      weightedDifferences(rows.block(0), c, work.values(0)[k], t, 0, n);
      for (int i = 0, row = d; i < d; i++, row += i) {
        Loops.addMomentRowOfBlock(t, t[d + i], i, n, into, at + i, at + row);
      }
      return;
    }
    int lanes = 0;
    for (int e = sums; e < t.length; e++) {
      lanes = clear(rows, t[e]);
    }
    int full = rows.rows() / lanes;
    int q = 0;
    for (; d >= PAIRED_COLUMNS && q + 1 < full; q += 2) {
      weightedDifferences(rows.block(q), c, work.values(q)[k], t, 0, lanes);
      weightedDifferences(rows.block(q + 1), c, work.values(q + 1)[k], t, 2 * d, lanes);
      for (int i = 0, row = d; i < d; i++, row += i) {
        Loops.addMomentRow2(t, d, i, lanes, t[sums + i], sums + row);
      }
    }
    for (; q < rows.blockCount(); q++) {
      int n = rows.block(q).rows();
      weightedDifferences(rows.block(q), c, work.values(q)[k], t, 0, n);
      for (int i = 0, row = d; i < d; i++, row += i) {
        Loops.addMomentRow(t, t[d + i], i, n, t[sums + i], sums + row);
      }
    }
    for (int e = sums; e < t.length; e++) {
      into[at + e - sums] += Loops.sum(t[e], lanes);
    }
  }

  /** x − c and r(x − c) of d columns and two blocks, then lane sums of first and second moments. */
  private static int fullArrays(int d) {
    return 4 * d + Order.FULL.length(d) - 1;
  }

  private static void weightedDifferences(
      Block block, double[] c, double[] r, double[][] into, int at, int n) {
    for (int j = 0; j < c.length; j++) {
      double[] rz = into[at + c.length + j];
      Loops.weightedDifference(into[at + j], rz, block.columns()[j], c[j], r, n);
    }
  }

  /**
   * Moments for many columns, where lane sums would not fit the cache: a few rows at a time are
   * copied row by row, and every row of the triangle takes four of them at once.
   */
  private static void rowMajorMoments(
      BlockBatch rows,
      BlockWorkspace work,
      double[][] centre,
      double[] into,
      int offset,
      int stride) {
    int d = centre[0].length;
    double[][][] copies = work.temporaries(FIXED, 3, TRANSPOSED_ROWS);
    double[][] x = copies[0];
    double[][] z = copies[1];
    double[][] rz = copies[2];
    for (int q = 0; q < rows.blockCount(); q++) {
      Block block = rows.block(q);
      for (int from = 0; from < block.rows(); from += TRANSPOSED_ROWS) {
        int count = Math.min(TRANSPOSED_ROWS, block.rows() - from);
        for (int b = 0; b < count; b++) {
          copyRow(block, from + b, x[b]);
        }
        for (int k = 0; k < centre.length; k++) {
          double[] r = work.values(q)[k];
          for (int b = 0; b < TRANSPOSED_ROWS; b++) {
            // Rows beyond the last count with weight 0, as whatever was there before.
            Loops.centredRow(z[b], rz[b], x[b], centre[k], b < count ? r[from + b] : 0, d);
          }
          addRows(z, rz, work.temporary(SUM_0), d, into, offset + k * stride + 1);
        }
      }
    }
  }

  private static void copyRow(Block block, int row, double[] into) {
    double[][] columns = block.columns();
    for (int j = 0; j < columns.length; j++) {
      into[j] = columns[j][row];
    }
  }

  /** Adds Σr(x−c) and the triangle of Σr(x−c)(x−c)ᵀ of some rows. */
  private static void addRows(
      double[][] z, double[][] rz, double[] sum, int d, double[] into, int at) {
    System.arraycopy(into, at, sum, 0, d);
    for (double[] row : rz) {
      Loops.add1(sum, row, d);
    }
    System.arraycopy(sum, 0, into, at, d);
    for (int i = 0, triangle = at + d; i < d; i++, triangle += i) {
      System.arraycopy(into, triangle, sum, 0, i + 1);
      Loops.addRows32(sum, z, rz, i, i + 1);
      System.arraycopy(sum, 0, into, triangle, i + 1);
    }
  }

  @Override
  public void studentWeights(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) values;
    for (int k = 0; k < degreesOfFreedom.length; k++) {
      into[offset + k * stride] += totalWeight(rows, work, k);
      double nu = degreesOfFreedom[k];
      double numerator = nu + dimension;
      for (int i = 0; i < rows.blockCount(); i++) {
        double[] r = work.values(i)[k];
        double[] distance = work.auxiliary(i)[k];
        int n = rows.block(i).rows();
        for (int b = 0; b < n; b++) {
          r[b] = r[b] * numerator / (nu + distance[b]);
        }
      }
    }
  }

  @Override
  public void studentDegrees(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride,
      int shared) {
    BlockBatch rows = (BlockBatch) batch;
    BlockWorkspace work = (BlockWorkspace) values;
    double[] slope = work.temporary(PRODUCT);
    double[] bend = work.temporary(SHIFT_SUM);
    double[] gradient = work.temporary(SHIFT);
    double[] curvature = work.temporary(TOTAL);
    for (int i = 0; i < rows.blockCount(); i++) {
      int n = rows.block(i).rows();
      double[] w = rows.block(i).weights();
      Arrays.fill(gradient, 0, n, 0);
      Arrays.fill(curvature, 0, n, 0);
      for (int k = 0; k < degreesOfFreedom.length; k++) {
        double nu = degreesOfFreedom[k];
        double half = 0.5 * nu;
        double delta = 0.5 * dimension;
        double c1 = 0.5 * (Gammas.digammaDifference(half, delta) - dimension / nu);
        double c2 = 0.5 * (0.5 * Gammas.trigammaDifference(half, delta) + dimension / (nu * nu));
        double[] distance = work.auxiliary(i)[k];
        logOnePlus(bend, distance, 1 / nu, work, n);
        Loops.studentDerivatives(slope, bend, distance, nu, dimension, c1, c2, n);
        Loops.addDerivatives(gradient, curvature, slope, bend, work.values(i)[k], n);
        into[offset + k * stride] += Loops.sum(slope, n);
        into[offset + k * stride + 1] += squaresLess(bend, slope, w, n);
      }
      into[shared] += Loops.sum(gradient, n);
      into[shared + 1] += squaresLess(curvature, gradient, w, n);
    }
  }

  /** Σ h − s²/w. */
  private static double squaresLess(double[] h, double[] s, double[] w, int n) {
    if (w == null) {
      Loops.subtractSquare(h, s, n);
    } else {
      Loops.subtractSquare(h, s, w, n);
    }
    return Loops.sum(h, n);
  }
}
