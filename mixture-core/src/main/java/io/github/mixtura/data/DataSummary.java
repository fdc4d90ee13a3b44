package io.github.mixtura.data;

import java.util.Arrays;

/**
 * Weighted mean and spread of the columns as the kernels see them: variances divide by the total
 * weight.
 *
 * @param rows number of rows
 * @param totalWeight Σ w
 * @param mean d values
 * @param variance d values, maximum likelihood
 * @param covariance packed lower triangle, or {@code null} where only variances were asked for
 */
public record DataSummary(
    long rows, double totalWeight, double[] mean, double[] variance, double[] covariance) {

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
