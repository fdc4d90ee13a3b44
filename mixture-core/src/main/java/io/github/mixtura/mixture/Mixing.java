package io.github.mixtura.mixture;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;

/** What a mixture says of the weights of its components: the same for all rows, or row by row. */
public interface Mixing {
  /**
   * Number of components.
   *
   * @return K
   */
  int components();

  /**
   * Whether all rows have the same weights.
   *
   * @return true where {@link #weights} says all
   */
  default boolean isConstant() {
    return true;
  }

  /**
   * The weights; where they differ from row to row, their mean over the rows they were fitted to.
   *
   * @return K values summing to 1
   */
  double[] weights();

  /**
   * Adds the log-weights of each row; asked only where they are not constant.
   *
   * @param batch the rows
   * @param workspace holds the log-densities of the components (written)
   */
  void add(Batch batch, Workspace workspace);

  /**
   * The same weights for all rows.
   *
   * @param weights π, one per component, ≥ 0, summing to 1 within 1e-6; scaled to sum to 1 (read)
   * @return the weights
   * @throws IllegalArgumentException if a requirement is not met
   */
  static Mixing constant(double... weights) {
    return ConstantMixing.of(weights);
  }
}
