package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;

/** E and M of one batch under a fixed mixture; safe for use by several threads. */
public interface BatchStep {
  /**
   * Adds the statistics of a batch, responsibilities taken from the mixture.
   *
   * @param batch the rows
   * @param workspace one thread's workspace (written)
   * @param into receives the statistics and the log-likelihood (added to)
   */
  void run(Batch batch, Workspace workspace, Statistics into);

  /**
   * Adds the statistics of a batch with given responsibilities times row weight, about the
   * components' centres and with every row counted in full (no robust weights).
   *
   * @param batch the rows
   * @param workspace holds the weighted responsibilities (read)
   * @param into receives the statistics (added to)
   */
  void accumulate(Batch batch, Workspace workspace, Statistics into);
}
