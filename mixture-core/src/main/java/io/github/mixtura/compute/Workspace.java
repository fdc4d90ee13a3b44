package io.github.mixtura.compute;

/**
 * One thread's values per row and component of one batch: first log-densities, then
 * responsibilities, and a second value beside each for laws that need one (the squared Mahalanobis
 * distance of Student's t). Reused from batch to batch; nothing of size rows × components outlives
 * it.
 */
public interface Workspace extends AutoCloseable {
  /**
   * Number of components.
   *
   * @return K
   */
  int components();

  /**
   * Copies the values of one component out.
   *
   * @param batch the batch last worked on
   * @param component index from 0
   * @param into receives one value per row (written)
   */
  void read(Batch batch, int component, double[] into);

  /**
   * Sets the values of one component.
   *
   * @param batch the batch to be worked on
   * @param component index from 0
   * @param values one value per row (read)
   */
  void write(Batch batch, int component, double[] values);

  /**
   * Adds to the values of one component.
   *
   * @param batch the batch to be worked on
   * @param component index from 0
   * @param values one value per row (read)
   */
  default void add(Batch batch, int component, double[] values) {
    double[] sum = new double[batch.rows()];
    read(batch, component, sum);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    write(batch, component, sum);
  }

  /**
   * Copies the log of the summed densities out, as the last {@link Kernels#normalise} left it.
   *
   * @param batch the batch last worked on
   * @param into receives one value per row (written)
   */
  void readLogSums(Batch batch, double[] into);

  /** Gives back what the backend holds for it before its kernels are closed. */
  @Override
  default void close() {}
}
