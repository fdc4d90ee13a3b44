package io.github.mixtura.distribution;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;

/** Log-densities of all components of a mixture, prepared once and evaluated batch by batch. */
@FunctionalInterface
public interface BatchDensity {
  /**
   * Writes log π_k + log f_k(x) for every row and component.
   *
   * @param batch the rows, staged with the encoding of the components
   * @param workspace one thread's workspace (written)
   */
  void evaluate(Batch batch, Workspace workspace);
}
