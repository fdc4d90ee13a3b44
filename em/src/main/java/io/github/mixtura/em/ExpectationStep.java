package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixing;
import java.util.Arrays;

/**
 * One pass prepared for a backend: the E-step and the sums of one batch. The one place where
 * log-densities become responsibilities.
 *
 * <p>In this order: density of the components, evidence of the rows, pooling of rows that come from
 * one component together, log-weights, once per group, normalising, sums of the weights, sums of
 * the family. Weights that all rows share are part of the density's constants, unless there are
 * groups. Safe for use by several threads.
 *
 * @param <C> the law
 */
public final class ExpectationStep<C extends Component> {
  private final Pass<C> pass;
  private final Kernels kernels;
  private final int columns;
  private final Layout layout;
  private final Accumulator accumulator;
  private final BatchDensity weighted;
  private final double[][] origins;

  /** Without weights; {@code null} until rows in groups ask for it. */
  private BatchDensity alone;

  private ExpectationStep(Pass<C> pass, Kernels kernels) {
    this.pass = pass;
    this.kernels = kernels;
    int components = pass.mixture().componentCount();
    int dimension = pass.mixture().dimension();
    Stage.Kind kind = pass.stage().kind();
    this.columns = pass.family().encoding().columns(dimension);
    Layout family = pass.family().layout(dimension, components);
    this.layout =
        switch (kind) {
          case CENTRES -> new Layout(Order.FIRST.length(columns), 0, family.auxiliary());
          case START, CYCLE -> family;
          case FINAL -> new Layout(0, 0, family.auxiliary());
        };
    this.accumulator =
        kind == Stage.Kind.START || kind == Stage.Kind.CYCLE
            ? pass.family().accumulator(pass.mixture().components(), kernels, pass.stage())
            : null;
    this.weighted = pass.stage().isStart() ? null : pass.mixture().batchDensity(kernels);
    this.origins = new double[components][];
    Arrays.fill(origins, pass.origin());
  }

  /**
   * Prepares a pass.
   *
   * @param pass what to sum up
   * @param kernels the backend that staged the batches
   * @param <C> the law
   * @return the step
   */
  public static <C extends Component> ExpectationStep<C> of(Pass<C> pass, Kernels kernels) {
    return new ExpectationStep<>(pass, kernels);
  }

  /**
   * Sums of no rows.
   *
   * @return in the layout of the pass
   */
  public Statistics zero() {
    int components = pass.mixture().componentCount();
    return new Statistics(components, layout, pass.weights().sums(components));
  }

  /**
   * Memory for one thread.
   *
   * @return for {@link #add}
   */
  public Workspace workspace() {
    return kernels.workspace(columns, pass.mixture().componentCount(), layout.auxiliary());
  }

  /**
   * Whether {@link #workspace} has a second value per row and component.
   *
   * @return true as the family's layout says
   */
  boolean needsAuxiliary() {
    return layout.auxiliary();
  }

  /**
   * Adds the sums of a batch.
   *
   * @param batch the rows
   * @param workspace of this thread (written)
   * @param into receives the sums and the log-likelihood (added to)
   */
  public void add(Batch batch, Workspace workspace, Statistics into) {
    if (pass.stage().isStart()) {
      pass.start().write(batch, workspace);
      kernels.normalise(batch, workspace, false);
      into.addBatch(batch.weight(), batch.rows(), 0);
    } else {
      into.addBatch(batch.weight(), batch.rows(), expect(batch, workspace));
    }
    switch (pass.stage().kind()) {
      case CENTRES ->
          kernels.moments(batch, origins, Order.FIRST, workspace, into.values(), 0, into.stride());
      case START, CYCLE -> {
        pass.weights().accumulate(pass.mixture().mixing(), batch, workspace, into);
        accumulator.add(batch, workspace, into);
      }
      case FINAL -> into.addClassification(classification(batch, workspace));
    }
  }

  /** Leaves responsibilities times row weight in the workspace; the log-likelihood. */
  private double expect(Batch batch, Workspace workspace) {
    int[] groups = batch.context().groupStarts();
    (groups == null ? weighted : alone()).evaluate(batch, workspace);
    double[][] evidence = batch.context().evidence();
    for (int k = 0; evidence != null && k < evidence.length; k++) {
      workspace.add(batch, k, evidence[k]);
    }
    if (groups == null) {
      return kernels.normalise(batch, workspace, false);
    }
    pool(batch, workspace, groups);
    kernels.normalise(batch, workspace, true);
    // The rows of a group share one responsibility, and the group has one part of the likelihood.
    double[] logSums = new double[batch.rows()];
    workspace.readLogSums(batch, logSums);
    double[] weights = rowWeights(batch, workspace);
    double sum = 0;
    for (int start : groups) {
      sum += weights[start] * logSums[start];
    }
    return sum;
  }

  private synchronized BatchDensity alone() {
    if (alone == null) {
      alone = pass.mixture().componentDensity(kernels);
    }
    return alone;
  }

  /** Gives every row the sum over its group, to which log-weights are added once. */
  private void pool(Batch batch, Workspace workspace, int[] groups) {
    double[] values = new double[batch.rows()];
    for (int k = 0; k < workspace.components(); k++) {
      workspace.read(batch, k, values);
      for (int g = 0; g < groups.length; g++) {
        int end = g + 1 < groups.length ? groups[g + 1] : values.length;
        double sum = 0;
        for (int i = groups[g]; i < end; i++) {
          sum += values[i];
        }
        Arrays.fill(values, groups[g], end, sum);
      }
      workspace.write(batch, k, values);
    }
    Mixing mixing = pass.mixture().mixing();
    mixing.add(batch, workspace);
  }

  /** Row weights, as the sums of the responsibilities that were multiplied by them. */
  private static double[] rowWeights(Batch batch, Workspace workspace) {
    double[] sum = new double[batch.rows()];
    double[] values = new double[batch.rows()];
    for (int k = 0; k < workspace.components(); k++) {
      workspace.read(batch, k, values);
      for (int i = 0; i < values.length; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }

  /** Σ w log max_k r. */
  private static double classification(Batch batch, Workspace workspace) {
    double[] total = rowWeights(batch, workspace);
    double[] best = new double[batch.rows()];
    double[] values = new double[batch.rows()];
    for (int k = 0; k < workspace.components(); k++) {
      workspace.read(batch, k, values);
      for (int i = 0; i < values.length; i++) {
        best[i] = Math.max(best[i], values[i]);
      }
    }
    boolean isWeighted = false;
    for (int i = 0; i < values.length; i++) {
      values[i] = best[i] > 0 ? total[i] / best[i] : 1;
      isWeighted |= Math.abs(total[i] - 1) > 1e-9;
    }
    if (!isWeighted) {
      return -ElementFunctions.sumOfLogs(values, values.length);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum -= total[i] * Math.log(values[i]);
    }
    return sum;
  }
}
