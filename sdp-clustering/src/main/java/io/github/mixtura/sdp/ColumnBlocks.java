package io.github.mixtura.sdp;

import java.util.Arrays;

/**
 * A copy of the points by blocks of {@value #ROWS} rows, column by column, for loops along rows.
 * Blocks are grouped into stripes of fixed size, so that sums over stripes have the same bits for
 * any number of threads.
 */
final class ColumnBlocks {
  static final int ROWS = 256;
  static final int BLOCKS_PER_STRIPE = 32;

  private final double[][][] blocks;
  private final int rows;
  private final int columns;

  private ColumnBlocks(double[][][] blocks, int rows, int columns) {
    this.blocks = blocks;
    this.rows = rows;
    this.columns = columns;
  }

  static ColumnBlocks of(Points points, Run run) {
    int n = points.count();
    int p = points.dimension();
    double[] data = points.rows().data;
    double[][][] blocks = new double[(n + ROWS - 1) / ROWS][p][];
    ColumnBlocks result = new ColumnBlocks(blocks, n, p);
    run.forEach(
        result.stripes(),
        s -> {
          for (int b = result.firstBlock(s); b < result.firstBlock(s + 1); b++) {
            int size = result.size(b);
            int at = b * ROWS * p;
            for (int j = 0; j < p; j++) {
              double[] column = new double[size];
              for (int r = 0; r < size; r++) {
                column[r] = data[at + r * p + j];
              }
              blocks[b][j] = column;
            }
          }
        });
    return result;
  }

  int stripes() {
    return (blocks.length + BLOCKS_PER_STRIPE - 1) / BLOCKS_PER_STRIPE;
  }

  /** First block of a stripe; the number of blocks for the stripe after the last one. */
  int firstBlock(int stripe) {
    return Math.min(blocks.length, stripe * BLOCKS_PER_STRIPE);
  }

  int size(int block) {
    return Math.min(ROWS, rows - block * ROWS);
  }

  /** into = constant + Σ_j coefficients[at + j] x_j for the rows of a block. */
  void linear(int block, double[] coefficients, int at, double constant, double[] into) {
    int size = size(block);
    Arrays.fill(into, 0, size, constant);
    for (int j = 0; j < columns; j++) {
      addScaled(coefficients[at + j], blocks[block][j], into, size);
    }
  }

  /** into = |x − centre|² for the rows of a block. */
  void squaredDistances(int block, double[] centre, double[] into) {
    int size = size(block);
    Arrays.fill(into, 0, size, 0);
    for (int j = 0; j < columns; j++) {
      double[] column = blocks[block][j];
      double c = centre[j];
      for (int r = 0; r < size; r++) {
        double z = column[r] - c;
        into[r] += z * z;
      }
    }
  }

  /**
   * into = |M (x − centre)|² for the rows of a block.
   *
   * @param whitening M, lower triangular, p × p row major
   * @param centred p × {@value #ROWS}, written
   * @param work {@value #ROWS} values, written
   */
  void squaredDistances(
      int block,
      double[] centre,
      double[] whitening,
      double[][] centred,
      double[] work,
      double[] into) {
    int size = size(block);
    for (int j = 0; j < columns; j++) {
      subtract(blocks[block][j], centre[j], centred[j], size);
    }
    Arrays.fill(into, 0, size, 0);
    for (int i = 0; i < columns; i++) {
      Arrays.fill(work, 0, size, 0);
      for (int j = 0; j <= i; j++) {
        double coefficient = whitening[i * columns + j];
        if (coefficient != 0) {
          addScaled(coefficient, centred[j], work, size);
        }
      }
      addSquares(work, into, size);
    }
  }

  private static void subtract(double[] x, double c, double[] into, int size) {
    for (int r = 0; r < size; r++) {
      into[r] = x[r] - c;
    }
  }

  private static void addScaled(double a, double[] x, double[] into, int size) {
    for (int r = 0; r < size; r++) {
      into[r] += a * x[r];
    }
  }

  private static void addSquares(double[] x, double[] into, int size) {
    for (int r = 0; r < size; r++) {
      into[r] += x[r] * x[r];
    }
  }
}
