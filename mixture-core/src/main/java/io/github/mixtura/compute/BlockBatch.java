package io.github.mixtura.compute;

import java.util.List;

/** A batch in main memory: a run of {@link Block}s, shared by the plain Java and vector kernels. */
public final class BlockBatch implements Batch {
  private final Block[] blocks;
  private final int rows;
  private final RowContext context;
  private final double weight;

  private BlockBatch(Block[] blocks, RowContext context) {
    this.blocks = blocks;
    this.context = context;
    int count = 0;
    double sum = 0;
    for (Block block : blocks) {
      count += block.rows();
      sum += block.weight();
    }
    this.rows = count;
    this.weight = sum;
  }

  /**
   * Joins blocks to a batch; nothing is copied.
   *
   * @param blocks at least one block, all but the last full
   * @param context what is known of the rows
   * @return the batch
   * @throws IllegalArgumentException if there is no block, or one before the last is not full
   */
  public static BlockBatch of(List<Block> blocks, RowContext context) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("blocks is empty, must hold at least one block");
    }
    for (int i = 0; i < blocks.size() - 1; i++) {
      if (blocks.get(i).rows() != Block.ROWS) {
        throw new IllegalArgumentException(
            "block "
                + (i + 1)
                + " has "
                + blocks.get(i).rows()
                + " rows, must have "
                + Block.ROWS
                + ": only the last may have fewer");
      }
    }
    return new BlockBatch(blocks.toArray(Block[]::new), context);
  }

  /**
   * Number of blocks.
   *
   * @return at least 1
   */
  public int blockCount() {
    return blocks.length;
  }

  /**
   * One block.
   *
   * @param index from 0
   * @return the block
   */
  public Block block(int index) {
    return blocks[index];
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return blocks[0].columns().length;
  }

  @Override
  public RowContext context() {
    return context;
  }

  @Override
  public double weight() {
    return weight;
  }

  @Override
  public void copyRow(int row, double[] into) {
    double[][] columns = blocks[row / Block.ROWS].columns();
    int lane = row % Block.ROWS;
    for (int j = 0; j < columns.length; j++) {
      into[j] = columns[j][lane];
    }
  }

  @Override
  public void copyOriginal(int column, double[] into) {
    for (int i = 0; i < blocks.length; i++) {
      System.arraycopy(blocks[i].original()[column], 0, into, i * Block.ROWS, blocks[i].rows());
    }
  }
}
