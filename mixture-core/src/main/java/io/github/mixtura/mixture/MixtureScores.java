package io.github.mixtura.mixture;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.execution.RunControl;
import io.github.mixtura.execution.RunOptions;
import io.github.mixtura.execution.Workers;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a mixture says of many rows: by the threads and the backend of the options, until they say
 * that it is cancelled. The time limit plays no part. Row weights play none either.
 */
public final class MixtureScores {
  /**
   * Log-density below which its rounding, a few 1e-16 of it, would be seen in the responsibilities.
   */
  static final double FAR = -1e6;

  /** Log-density below which its rounding may pass the 709 that make a responsibility exactly 0. */
  private static final double VERY_FAR = -1e15;

  private final Mixture<?> mixture;
  private final RunOptions options;

  private MixtureScores(Mixture<?> mixture, RunOptions options) {
    this.mixture = mixture;
    this.options = options;
  }

  /**
   * Scores by a mixture.
   *
   * @param mixture of any law
   * @param options threads, backend and cancellation
   * @return what scores rows
   */
  public static MixtureScores of(Mixture<?> mixture, RunOptions options) {
    return new MixtureScores(
        Objects.requireNonNull(mixture, "mixture"), Objects.requireNonNull(options, "options"));
  }

  /**
   * Log-densities.
   *
   * @param observations n rows, none missing
   * @return n values
   * @throws CancellationException once cancelled
   */
  public double[] logDensity(Observations observations) {
    double[] result = new double[observations.rows()];
    eachBatch(
        observations,
        (batch, workspace) -> {
          double[] values = new double[batch.rows()];
          workspace.readLogSums(batch, values);
          System.arraycopy(values, 0, result, (int) batch.row(0), values.length);
        });
    for (int i = 0; i < result.length; i++) {
      if (!Double.isFinite(result[i])) {
        result[i] = mixture.logDensity(observations.row(i));
      }
    }
    return result;
  }

  /**
   * Responsibilities.
   *
   * @param observations n rows, none missing
   * @return n × K values, each row summing to 1
   * @throws CancellationException once cancelled
   */
  public double[][] responsibilities(Observations observations) {
    double[][] result = new double[observations.rows()][mixture.componentCount()];
    eachBatch(
        observations,
        (batch, workspace) -> {
          double[] values = new double[batch.rows()];
          int first = (int) batch.row(0);
          for (int k = 0; k < workspace.components(); k++) {
            workspace.read(batch, k, values);
            for (int i = 0; i < values.length; i++) {
              result[first + i][k] = values[i];
            }
          }
          workspace.readLogSums(batch, values);
          for (int i = 0; i < values.length; i++) {
            if (isRounded(result[first + i], values[i])) {
              result[first + i] = mixture.responsibilities(observations.row(first + i));
            }
          }
        });
    return result;
  }

  /**
   * The most probable component of each row.
   *
   * @param observations n rows, none missing
   * @return n indices from 0, the first of equals
   * @throws CancellationException once cancelled
   */
  public int[] labels(Observations observations) {
    int[] labels = new int[observations.rows()];
    eachBatch(
        observations,
        (batch, workspace) -> {
          int first = (int) batch.row(0);
          double[][] values = new double[workspace.components()][batch.rows()];
          for (int k = 0; k < values.length; k++) {
            workspace.read(batch, k, values[k]);
          }
          double[] logSums = new double[batch.rows()];
          workspace.readLogSums(batch, logSums);
          double[] row = new double[values.length];
          for (int i = 0; i < logSums.length; i++) {
            for (int k = 0; k < row.length; k++) {
              row[k] = values[k][i];
            }
            labels[first + i] =
                isRounded(row, logSums[i])
                    ? mixture.label(observations.row(first + i))
                    : Mixture.argMax(row);
          }
        });
    return labels;
  }

  /** Whether responsibilities have to be taken from ratios of densities instead. */
  private static boolean isRounded(double[] row, double logSum) {
    double sum = 0;
    double largest = 0;
    for (double r : row) {
      sum += r;
      largest = Math.max(largest, r);
    }
    return (!(logSum >= FAR) && !(largest == 1 && logSum >= VERY_FAR))
        || !(Math.abs(sum - 1) < 1e-9);
  }

  /** Receives each batch after its log-densities were normalised; called by several threads. */
  private interface BatchReader {
    void read(Batch batch, Workspace workspace);
  }

  private void eachBatch(Observations observations, BatchReader reader) {
    requireRows(observations);
    RunControl control = RunControl.begin(options);
    int components = mixture.componentCount();
    long work = (long) observations.rows() * mixture.dimension() * components;
    try (Kernels kernels = Backends.open(options.backend(), work)) {
      BatchDensity density = mixture.batchDensity(kernels);
      List<Batch> batches =
          observations.withoutWeights().stage(kernels, mixture.encoding(), components);
      ConcurrentLinkedQueue<Workspace> free = new ConcurrentLinkedQueue<>();
      int threads = Math.min(Math.min(options.threads(), kernels.threads()), batches.size());
      try (Workers workers = Workers.of(threads)) {
        workers.forEach(
            batches.size(),
            i -> {
              control.requireGoingOn("scoring rows");
              Workspace reused = free.poll();
              Workspace workspace = reused == null ? mixture.workspace(kernels) : reused;
              density.evaluate(batches.get(i), workspace);
              kernels.normalise(batches.get(i), workspace, true);
              reader.read(batches.get(i), workspace);
              free.add(workspace);
            });
      }
    }
  }

  private void requireRows(Observations observations) {
    if (observations.columns() != mixture.dimension()) {
      throw new IllegalArgumentException(
          "observations have "
              + observations.columns()
              + (observations.columns() == 1 ? " column" : " columns")
              + ", must have "
              + mixture.dimension());
    }
    if (observations.hasMissing()) {
      throw new IllegalArgumentException(
          "observations have missing values (NaN), which this operation cannot take");
    }
  }
}
