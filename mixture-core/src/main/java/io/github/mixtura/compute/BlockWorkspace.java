package io.github.mixtura.compute;

/**
 * Workspace in main memory, {@code values(block)[component][row]}: component-contiguous inside a
 * block. Memory is taken when a block or temporary array is first asked for, so small data, which
 * have one block, take little.
 */
public final class BlockWorkspace implements Workspace {
  private final double[][][] values;
  private final double[][][] auxiliary;
  private final double[][] logSums;
  private final double[][] temporary;
  private final double[][][][] grids;
  private final int components;
  private final int length;

  /**
   * Allocates for batches of up to {@code blocks} blocks.
   *
   * @param columns d
   * @param blocks largest number of blocks of a batch
   * @param components K
   * @param auxiliary whether a second value per row and component is needed
   * @param temporaries largest number of temporary arrays
   */
  public BlockWorkspace(
      int columns, int blocks, int components, boolean auxiliary, int temporaries) {
    this.length = Math.max(columns, Block.ROWS);
    this.components = components;
    this.values = new double[blocks][][];
    this.auxiliary = auxiliary ? new double[blocks][][] : null;
    this.logSums = new double[blocks][];
    this.temporary = new double[temporaries][];
    this.grids = new double[temporaries][][][];
  }

  @Override
  public int components() {
    return components;
  }

  /**
   * The values of one block.
   *
   * @param block index of the block in its batch
   * @return {@code [component][row]}, live
   */
  public double[][] values(int block) {
    if (values[block] == null) {
      values[block] = new double[components][Block.ROWS];
    }
    return values[block];
  }

  /**
   * The second values of one block.
   *
   * @param block index of the block in its batch
   * @return {@code [component][row]}, live
   */
  public double[][] auxiliary(int block) {
    if (auxiliary[block] == null) {
      auxiliary[block] = new double[components][Block.ROWS];
    }
    return auxiliary[block];
  }

  /**
   * Log of the summed densities of one block.
   *
   * @param block index of the block in its batch
   * @return one value per row, live
   */
  public double[] logSums(int block) {
    if (logSums[block] == null) {
      logSums[block] = new double[Block.ROWS];
    }
    return logSums[block];
  }

  /**
   * A temporary array, allocated when first asked for.
   *
   * @param index from 0
   * @return at least {@value Block#ROWS} values, and one per column, live
   */
  public double[] temporary(int index) {
    if (temporary[index] == null) {
      temporary[index] = new double[length];
    }
    return temporary[index];
  }

  /**
   * Consecutive temporary arrays in groups.
   *
   * @param first index of the first array
   * @param groups how many groups
   * @param size arrays per group
   * @return {@code [group][array]}, live; the same object for the same first, groups and size
   */
  public double[][][] temporaries(int first, int groups, int size) {
    double[][][] grid = grids[first];
    if (grid == null || grid.length != groups || grid[0].length != size) {
      grid = new double[groups][size][];
      for (int g = 0; g < groups; g++) {
        for (int i = 0; i < size; i++) {
          grid[g][i] = temporary(first + g * size + i);
        }
      }
      grids[first] = grid;
    }
    return grid;
  }

  @Override
  public void read(Batch batch, int component, double[] into) {
    BlockBatch rows = (BlockBatch) batch;
    for (int i = 0; i < rows.blockCount(); i++) {
      System.arraycopy(values(i)[component], 0, into, i * Block.ROWS, rows.block(i).rows());
    }
  }

  @Override
  public void write(Batch batch, int component, double[] from) {
    BlockBatch rows = (BlockBatch) batch;
    for (int i = 0; i < rows.blockCount(); i++) {
      System.arraycopy(from, i * Block.ROWS, values(i)[component], 0, rows.block(i).rows());
    }
  }

  @Override
  public void readLogSums(Batch batch, double[] into) {
    BlockBatch rows = (BlockBatch) batch;
    for (int i = 0; i < rows.blockCount(); i++) {
      System.arraycopy(logSums(i), 0, into, i * Block.ROWS, rows.block(i).rows());
    }
  }
}
