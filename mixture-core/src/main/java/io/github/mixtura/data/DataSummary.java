package io.github.mixtura.data;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Weighted mean and spread of the columns as the kernels see them: variances divide by the total
 * weight. Two passes: mean, then mean and squares about it.
 *
 * @param rows number of rows
 * @param totalWeight Σ w
 * @param mean d values
 * @param variance d values, maximum likelihood
 * @param covariance packed lower triangle, or {@code null} where only variances were asked for
 */
public record DataSummary(
    long rows, double totalWeight, double[] mean, double[] variance, double[] covariance) {

  /**
   * Summarises rows.
   *
   * @param observations the rows, none missing
   * @param kernels the backend
   * @param encoding how the kernels see the columns
   * @param full whether the covariance is wanted too: O(n d²) time, d² memory
   * @return the summary
   */
  public static DataSummary of(
      Observations observations, Kernels kernels, Encoding encoding, boolean full) {
    return of(observations, kernels, encoding, full, () -> false);
  }

  /**
   * As {@link #of(Observations, Kernels, Encoding, boolean)}.
   *
   * @param observations the rows, none missing
   * @param kernels the backend
   * @param encoding how the kernels see the columns
   * @param full whether the covariance is wanted too
   * @param cancelled asked between batches of rows
   * @return the summary
   * @throws CancellationException once cancelled
   */
  public static DataSummary of(
      Observations observations,
      Kernels kernels,
      Encoding encoding,
      boolean full,
      BooleanSupplier cancelled) {
    int d = encoding.columns(observations.columns());
    List<Batch> batches = observations.stage(kernels, encoding, 1);
    try (Workspace workspace = kernels.workspace(d, 1, false)) {
      return of(observations.rows(), batches, kernels, workspace, full, cancelled);
    } finally {
      batches.forEach(Batch::close);
    }
  }

  private static DataSummary of(
      long rows,
      List<Batch> batches,
      Kernels kernels,
      Workspace workspace,
      boolean full,
      BooleanSupplier cancelled) {
    int d = batches.get(0).columns();
    double[] centre = new double[d];
    batches.get(0).copyRow(0, centre);
    // The mean of differences from one row is exact for columns such as 1e8 ± 1; taking it twice
    // also serves a first row that is far out.
    double[] first = sums(batches, kernels, workspace, centre, Order.FIRST, cancelled);
    for (int j = 0; j < d; j++) {
      centre[j] += first[1 + j] / first[0];
    }
    Order order = full ? Order.FULL : Order.DIAGONAL;
    double[] sums = sums(batches, kernels, workspace, centre, order, cancelled);
    double[] shift = new double[d];
    for (int j = 0; j < d; j++) {
      shift[j] = sums[1 + j] / sums[0];
    }
    double[] variance = new double[d];
    double[] covariance = full ? new double[d * (d + 1) / 2] : null;
    for (int j = 0, at = 1 + d; j < d; j++) {
      for (int i = full ? 0 : j; i <= j; i++, at++) {
        double value = Math.fma(-shift[i], shift[j], sums[at] / sums[0]);
        variance[j] = Math.max(0, value);
        if (full) {
          covariance[at - 1 - d] = i == j ? variance[j] : value;
        }
      }
      centre[j] += shift[j];
    }
    return new DataSummary(rows, sums[0], centre, variance, covariance);
  }

  private static double[] sums(
      List<Batch> batches,
      Kernels kernels,
      Workspace workspace,
      double[] centre,
      Order order,
      BooleanSupplier cancelled) {
    double[] sums = new double[order.length(centre.length)];
    for (Batch batch : batches) {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException("cancelled before there was a model");
      }
      // A single component with log-density 0 has responsibility 1 everywhere.
      workspace.write(batch, 0, new double[batch.rows()]);
      kernels.normalise(batch, workspace, false);
      kernels.moments(batch, new double[][] {centre}, order, workspace, sums, 0, sums.length);
    }
    return sums;
  }

  @Override
  public String toString() {
    return "DataSummary of "
        + rows
        + (rows == 1 ? " row" : " rows")
        + ", total weight "
        + totalWeight
        + ": mean "
        + Arrays.toString(mean)
        + ", variance "
        + Arrays.toString(variance)
        + (covariance == null ? "" : ", covariance, lower triangle " + Arrays.toString(covariance));
  }
}
