package io.github.mixtura.compute;

/**
 * Consecutive rows held by one backend, the unit of work of its {@link Kernels}.
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
   * Position of the first row among all staged rows.
   *
   * @return index of the first row, from 0
   */
  long firstRow();

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

  /** Gives back what the backend holds for these rows before its kernels are closed. */
  @Override
  default void close() {}
}
