package io.github.mixtura.compute;

/**
 * Rows held by one backend, the unit of work of its {@link Kernels}.
 *
 * <p>Only the backend that made a batch knows where its values live; everybody else knows how many
 * there are. The number of rows depends on the backend, the columns and the components, never on
 * the number of threads.
 */
public interface Batch extends AutoCloseable {
  /**
   * Number of rows.
   *
   * @return n of this batch
   */
  int rows();

  /**
   * Number of columns as the kernels see them (after encoding).
   *
   * @return columns per row
   */
  int columns();

  /**
   * What is known of the rows beside their values.
   *
   * @return the context
   */
  RowContext context();

  /**
   * Index of a row among the user's rows.
   *
   * @param row inside the batch
   * @return from 0
   */
  default long row(int row) {
    return context().row(row);
  }

  /**
   * Total weight of the rows.
   *
   * @return Σ w; the number of rows where weights are not given
   */
  double weight();

  /**
   * Copies one row out, for code that must see a row at a time.
   *
   * @param row index inside the batch
   * @param into receives the columns (written)
   */
  void copyRow(int row, double[] into);

  /**
   * Copies a column of the data out, as it was before it was encoded: for laws of which some
   * parameters ask for more digits than the encoding holds.
   *
   * @param column index of the data's column
   * @param into receives one value per row (written)
   * @throws UnsupportedOperationException if the batch was not made of {@link Block}s
   */
  default void copyOriginal(int column, double[] into) {
    throw new UnsupportedOperationException("the batch does not hold the data's own columns");
  }

  /** Gives back what the backend holds for these rows before its kernels are closed. */
  @Override
  default void close() {}
}
