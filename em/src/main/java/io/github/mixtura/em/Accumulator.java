package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;

/** Adds a family's sums of one batch; safe for use by several threads. */
@FunctionalInterface
public interface Accumulator {
  /**
   * Adds the sums of a batch.
   *
   * @param batch the rows
   * @param workspace holds responsibilities times row weight, which may be overwritten
   * @param into receives the sums (added to)
   */
  void add(Batch batch, Workspace workspace, Statistics into);
}
