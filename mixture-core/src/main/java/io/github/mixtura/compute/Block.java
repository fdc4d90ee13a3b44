package io.github.mixtura.compute;

import java.util.Objects;

/**
 * Up to {@value #ROWS} consecutive rows, stored column by column: the unit of the memory layout.
 *
 * <p>{@code columns[j][b]} is column {@code j} of the block's row {@code b}; every column is an
 * array of its own, so rows are SIMD lanes and all arrays of a loop share one index. The arrays are
 * shared, not copied: whoever builds a block hands them over and does not write to them again.
 *
 * @param rows number of rows, 1 … {@value #ROWS}
 * @param columns {@code d} arrays of at least {@code rows} values (read)
 * @param weights row weights, all positive, or {@code null} where every weight is 1 (read)
 * @param original the columns of the data where {@code columns} are an {@link Encoding} of them;
 *     {@code columns} itself otherwise (read)
 */
public record Block(int rows, double[][] columns, double[] weights, double[][] original) {

  /**
   * Rows of a full block: 2 KB a column, so that a block and its responsibilities stay in cache.
   */
  public static final int ROWS = 256;

  /**
   * Checks the shape.
   *
   * @param rows see the record
   * @param columns see the record
   * @param weights see the record
   * @param original see the record
   */
  public Block {
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(original, "original");
    if (rows < 1 || rows > ROWS) {
      throw new IllegalArgumentException("rows is " + rows + ", must be 1 to " + ROWS);
    }
  }

  /**
   * Rows whose columns are as they are in the data.
   *
   * @param rows see the record
   * @param columns see the record
   * @param weights see the record
   */
  public Block(int rows, double[][] columns, double[] weights) {
    this(rows, columns, weights, columns);
  }

  /**
   * Total weight of the rows.
   *
   * @return Σ w
   */
  public double weight() {
    if (weights == null) {
      return rows;
    }
    double sum = 0;
    for (int b = 0; b < rows; b++) {
      sum += weights[b];
    }
    return sum;
  }

  @Override
  public String toString() {
    return "Block of "
        + rows
        + (rows == 1 ? " row × " : " rows × ")
        + columns.length
        + (columns.length == 1 ? " column" : " columns")
        + (weights == null ? "" : ", weighted");
  }
}
