package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.execution.Spares;
import io.github.mixtura.execution.StripedReduction;
import io.github.mixtura.execution.Workers;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The rows of one fit, held by one backend. */
public final class InMemoryRows implements AutoCloseable {
  private final List<Batch> batches;
  private final int columns;
  private final long count;
  private final Kernels kernels;
  private final Workers workers;
  private final StripedReduction<Batch> reduction;
  private final StripedReduction<Batch> unstoppable;
  private Spares<Workspace> workspaces;
  private int components;

  InMemoryRows(
      Observations rows,
      Encoding encoding,
      Kernels kernels,
      int components,
      int threads,
      BooleanSupplier stop) {
    this.batches = rows.stage(kernels, encoding, components);
    this.columns = encoding.columns(rows.columns());
    this.count = rows.rows();
    this.kernels = kernels;
    int useful = Math.min(Math.min(threads, kernels.threads()), stripes());
    this.workers = Workers.of(useful);
    this.reduction = new StripedReduction<>(batches, workers, stop);
    this.unstoppable = new StripedReduction<>(batches, workers, () -> false);
  }

  /**
   * Rows for one thread.
   *
   * @param rows none missing
   * @param encoding how the kernels see the columns
   * @param kernels the backend
   * @param components K
   * @return the rows
   */
  public static InMemoryRows of(
      Observations rows, Encoding encoding, Kernels kernels, int components) {
    return new InMemoryRows(rows, encoding, kernels, components, 1, () -> false);
  }

  private int stripes() {
    return StripedReduction.stripes(batches.size());
  }

  Workers workers() {
    return workers;
  }

  List<Batch> batches() {
    return batches;
  }

  /** Work is for so many components from now on. */
  void workspaces(int value, boolean auxiliary) {
    if (components != value) {
      close(workspaces);
      components = value;
      workspaces = new Spares<>(() -> kernels.workspace(columns, value, auxiliary));
    }
  }

  private static void close(Spares<Workspace> spares) {
    if (spares != null) {
      spares.close();
    }
  }

  /** Sums over all batches; {@code null} if it was stopped. */
  Statistics sum(
      Supplier<Statistics> zero,
      StripedReduction.Work<? super Batch, ? super Workspace, ? super Statistics> work) {
    return reduction.run(zero, workspaces, work);
  }

  /** As {@link #sum}, not to be stopped: what belongs to a mixture that is returned in any case. */
  Statistics sumToTheEnd(
      Supplier<Statistics> zero,
      StripedReduction.Work<? super Batch, ? super Workspace, ? super Statistics> work) {
    return unstoppable.run(zero, workspaces, work);
  }

  double[] row(long index) {
    for (Batch batch : batches) {
      if (index < batch.firstRow() + batch.rows()) {
        double[] values = new double[batch.columns()];
        batch.copyRow((int) (index - batch.firstRow()), values);
        return values;
      }
    }
    throw new IllegalStateException("row " + index + " is in no batch");
  }

  /**
   * Summary of the encoded rows, in two passes: mean, then mean and squares about it.
   *
   * @param covariance whether it is wanted too: O(n d²) time, d² memory
   * @return the summary
   * @throws CancellationException once cancelled
   */
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
    return new DataSummary(count, sums[0], centre, variance, second);
  }

  private double[] sums(double[] centre, Order order) {
    int length = order.length(columns);
    double[][] centres = {centre};
    try (Spares<Workspace> one = new Spares<>(() -> kernels.workspace(columns, 1, false))) {
      Statistics sums =
          reduction.run(
              () -> new Statistics(1, length, 0),
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
  public void close() {
    workers.close();
    close(workspaces);
    batches.forEach(Batch::close);
  }
}
