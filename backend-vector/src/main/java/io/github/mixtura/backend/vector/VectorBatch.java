package io.github.mixtura.backend.vector;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.BlockBatch;
import io.github.mixtura.compute.RowContext;
import java.util.Arrays;
import java.util.List;

/**
 * Full blocks: one that is not full is copied and filled up with its last row at weight 0, so that
 * every loop of the kernels has the same constant length.
 */
final class VectorBatch implements Batch {
  private final BlockBatch blocks;
  private final double[][][] padded;
  private final double[][] weights;
  private final double[][] divisors;

  private VectorBatch(BlockBatch blocks) {
    int count = blocks.blockCount();
    this.blocks = blocks;
    this.padded = new double[count][][];
    this.weights = new double[count][];
    this.divisors = new double[count][];
    for (int i = 0; i < count; i++) {
      Block block = blocks.block(i);
      boolean full = block.rows() == Block.ROWS;
      padded[i] = full ? block.columns() : filledUp(block);
      weights[i] = full ? block.weights() : weights(block);
      divisors[i] = weights[i] == null ? null : divisors(weights[i]);
    }
  }

  static VectorBatch of(List<Block> blocks, RowContext context) {
    return new VectorBatch(BlockBatch.of(blocks, context));
  }

  private static double[][] filledUp(Block block) {
    double[][] result = new double[block.columns().length][];
    for (int j = 0; j < result.length; j++) {
      result[j] = new double[Block.ROWS];
      System.arraycopy(block.columns()[j], 0, result[j], 0, block.rows());
      Arrays.fill(result[j], block.rows(), Block.ROWS, result[j][block.rows() - 1]);
    }
    return result;
  }

  private static double[] weights(Block block) {
    double[] result = new double[Block.ROWS];
    if (block.weights() == null) {
      Arrays.fill(result, 0, block.rows(), 1);
    } else {
      System.arraycopy(block.weights(), 0, result, 0, block.rows());
    }
    return result;
  }

  private static double[] divisors(double[] weights) {
    return Arrays.stream(weights).map(w -> w == 0 ? 1 : w).toArray();
  }

  /** The rows with the filling: {@code [block][column][row]}, every block full. */
  double[][][] padded() {
    return padded;
  }

  int blockCount() {
    return blocks.blockCount();
  }

  /** Rows of a block without the filling. */
  int rows(int block) {
    return blocks.block(block).rows();
  }

  /** Weights of a block, 0 for the filling; {@code null} where every weight is 1. */
  double[] weights(int block) {
    return weights[block];
  }

  /** The weights with 1 in place of 0; {@code null} where every weight is 1. */
  double[] divisors(int block) {
    return divisors[block];
  }

  @Override
  public int rows() {
    return blocks.rows();
  }

  @Override
  public int columns() {
    return blocks.columns();
  }

  @Override
  public RowContext context() {
    return blocks.context();
  }

  @Override
  public double weight() {
    return blocks.weight();
  }

  @Override
  public void copyRow(int row, double[] into) {
    blocks.copyRow(row, into);
  }

  @Override
  public void copyOriginal(int column, double[] into) {
    blocks.copyOriginal(column, into);
  }
}
