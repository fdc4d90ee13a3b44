package io.github.mixtura.compute;

/**
 * What is known of the rows of a batch beside their values.
 *
 * @param firstRow index of the first row among the user's rows, where they are consecutive
 * @param index of each row among the user's rows; {@code null} where they are consecutive (read)
 * @param evidence {@code [component][row]}, the logarithm of what is known, apart from its values,
 *     of the component a row is from: 0 and −∞ for a label; {@code null} for nothing (read)
 * @param groupStarts index inside the batch where each group of rows begins that come from one
 *     component together, the first 0; {@code null} where each row stands alone (read)
 * @param logBase one value per row that all components have in common, see {@link
 *     Encoding#logBase}; {@code null} for none (read)
 */
public record RowContext(
    long firstRow, long[] index, double[][] evidence, int[] groupStarts, double[] logBase) {

  /**
   * Consecutive rows of which nothing else is known.
   *
   * @param firstRow index of the first
   * @return the context
   */
  public static RowContext at(long firstRow) {
    return new RowContext(firstRow, null, null, null, null);
  }

  /**
   * Changes what is known of the components.
   *
   * @param value {@code [component][row]}; {@code null} for nothing
   * @return changed copy
   */
  public RowContext withEvidence(double[][] value) {
    return new RowContext(firstRow, index, value, groupStarts, logBase);
  }

  /**
   * Changes which rows belong together.
   *
   * @param value where each group begins; {@code null} where each row stands alone
   * @return changed copy
   */
  public RowContext withGroupStarts(int[] value) {
    return new RowContext(firstRow, index, evidence, value, logBase);
  }

  /**
   * Changes what all components have in common.
   *
   * @param value one per row; {@code null} for none
   * @return changed copy
   */
  public RowContext withLogBase(double[] value) {
    return new RowContext(firstRow, index, evidence, groupStarts, value);
  }

  /**
   * Index among the user's rows.
   *
   * @param row inside the batch
   * @return from 0
   */
  public long row(int row) {
    return index == null ? firstRow + row : index[row];
  }

  @Override
  public String toString() {
    return "rows from "
        + firstRow
        + (evidence == null ? "" : ", with evidence")
        + (groupStarts == null ? "" : ", in " + groupStarts.length + " groups");
  }
}
