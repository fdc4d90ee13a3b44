package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.execution.Spares;
import io.github.mixtura.execution.StripedReduction;
import io.github.mixtura.execution.Workers;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Rows in the memory of one backend, worked on by several threads. */
public final class InMemoryRows implements Rows {
  private final Observations observations;
  private final List<Batch> batches;
  private final int columns;
  private final Kernels kernels;
  private final Workers workers;
  private final StripedReduction<Batch> reduction;
  private final StripedReduction<Batch> unstoppable;
  private Spares<Workspace> workspaces;
  private int components;
  private boolean auxiliary;

  InMemoryRows(
      Observations observations,
      Encoding encoding,
      Kernels kernels,
      int components,
      Observations.ContextSource context,
      int threads,
      BooleanSupplier stop) {
    this.observations = observations;
    this.batches = observations.stage(kernels, encoding, components, context);
    this.columns = encoding.columns(observations.columns());
    this.kernels = kernels;
    int useful = Math.min(threads, StripedReduction.stripes(batches.size()));
    this.workers = Workers.of(Math.min(useful, kernels.threads()));
    this.reduction = new StripedReduction<>(batches, workers, stop);
    this.unstoppable = new StripedReduction<>(batches, workers, () -> false);
  }

  /**
   * Rows for one thread, of which nothing is known beside their values.
   *
   * @param observations none missing
   * @param encoding how the kernels see the columns
   * @param kernels the backend
   * @param components K
   * @return the rows
   */
  public static InMemoryRows of(
      Observations observations, Encoding encoding, Kernels kernels, int components) {
    return of(observations, encoding, kernels, components, (first, count) -> RowContext.at(first));
  }

  /**
   * Rows for one thread.
   *
   * @param observations none missing
   * @param encoding how the kernels see the columns
   * @param kernels the backend
   * @param components K
   * @param context what is known of the rows beside their values
   * @return the rows
   */
  public static InMemoryRows of(
      Observations observations,
      Encoding encoding,
      Kernels kernels,
      int components,
      Observations.ContextSource context) {
    return new InMemoryRows(observations, encoding, kernels, components, context, 1, () -> false);
  }

  Workers workers() {
    return workers;
  }

  @Override
  public <C extends Component> Statistics pass(Pass<C> pass) {
    ExpectationStep<C> step = ExpectationStep.of(pass, kernels);
    int count = pass.mixture().componentCount();
    if (components != count || auxiliary != step.needsAuxiliary()) {
      closeWorkspaces();
      components = count;
      auxiliary = step.needsAuxiliary();
      workspaces = new Spares<>(step::workspace);
    }
    boolean isFinal = pass.stage().kind() == Stage.Kind.FINAL;
    return (isFinal ? unstoppable : reduction).run(step::zero, workspaces, step::add);
  }

  /** {@inheritDoc} In two passes: mean, then mean and squares about it. */
  @Override
  public DataSummary summary(boolean covariance) {
    // The mean of differences from one row is exact for columns such as 1e8 ± 1; taking it twice
    // also serves a first row that is far out.
    double[] centre = row(0);
    double[] first = sums(centre, Order.FIRST);
    for (int j = 0; j < columns; j++) {
      centre[j] += first[1 + j] / first[0];
    }
    double[] sums = sums(centre, covariance ? Order.FULL : Order.DIAGONAL);
    double[] shift = new double[columns];
    for (int j = 0; j < columns; j++) {
      shift[j] = sums[1 + j] / sums[0];
    }
    double[] variance = new double[columns];
    double[] second = covariance ? new double[columns * (columns + 1) / 2] : null;
    for (int j = 0, at = 1 + columns; j < columns; j++) {
      for (int i = covariance ? 0 : j; i <= j; i++, at++) {
        double value = Math.fma(-shift[i], shift[j], sums[at] / sums[0]);
        variance[j] = Math.max(0, value);
        if (covariance) {
          second[at - 1 - columns] = i == j ? variance[j] : value;
        }
      }
      centre[j] += shift[j];
    }
    return new DataSummary(count(), sums[0], centre, variance, second);
  }

  private double[] sums(double[] centre, Order order) {
    int length = order.length(columns);
    double[][] centres = {centre};
    try (Spares<Workspace> one = new Spares<>(() -> kernels.workspace(columns, 1, false))) {
      Statistics sums =
          reduction.run(
              () -> new Statistics(1, new Layout(length), 0),
              one,
              (batch, workspace, into) -> {
                // A single component with log-density 0 has responsibility 1 everywhere.
                workspace.write(batch, 0, new double[batch.rows()]);
                kernels.normalise(batch, workspace, false);
                kernels.moments(batch, centres, order, workspace, into.values(), 0, length);
              });
      if (sums == null) {
        throw new CancellationException("cancelled before there was a model");
      }
      return sums.values();
    }
  }

  @Override
  public double[] row(long index) {
    long before = 0;
    for (Batch batch : batches) {
      if (index < before + batch.rows()) {
        double[] values = new double[batch.columns()];
        batch.copyRow((int) (index - before), values);
        return values;
      }
      before += batch.rows();
    }
    throw new IndexOutOfBoundsException("row " + index + " of " + count());
  }

  @Override
  public Observations sample(int most, long seed) {
    int n = observations.rows();
    if (n <= most) {
      return observations;
    }
    return observations.select(
        new SplittableRandom(seed).ints(0, n).distinct().limit(most).sorted().toArray());
  }

  @Override
  public List<String> columnNames() {
    return observations.columnNames();
  }

  @Override
  public long count() {
    return observations.rows();
  }

  private void closeWorkspaces() {
    if (workspaces != null) {
      workspaces.close();
    }
  }

  @Override
  public void close() {
    workers.close();
    closeWorkspaces();
    batches.forEach(Batch::close);
  }
}
