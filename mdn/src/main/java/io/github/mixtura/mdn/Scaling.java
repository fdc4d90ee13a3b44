package io.github.mixtura.mdn;

import java.util.Arrays;

/**
 * Shifts and scales of inputs and targets: standardised = (value − shift)/scale.
 *
 * @param inputShift one per feature
 * @param inputScale one per feature, positive
 * @param targetShift one per target
 * @param targetScale one per target, positive
 */
record Scaling(
    double[] inputShift, double[] inputScale, double[] targetShift, double[] targetScale) {

  /** Mean and standard deviation of the given rows; a constant column has scale 1. */
  static double[][] of(double[][] columns, int[] rows) {
    double[] shift = new double[columns.length];
    double[] scale = new double[columns.length];
    for (int j = 0; j < columns.length; j++) {
      double[] column = columns[j];
      double largest = 0;
      for (int row : rows) {
        largest = Math.max(largest, Math.abs(column[row]));
      }
      double unit = largest > 0 ? largest : 1;
      double mean = 0;
      for (int row : rows) {
        mean += column[row] / unit;
      }
      mean /= rows.length;
      double squares = 0;
      for (int row : rows) {
        double d = column[row] / unit - mean;
        squares += d * d;
      }
      double deviation = Math.sqrt(squares / rows.length);
      shift[j] = mean * unit;
      scale[j] = deviation > 1e-12 ? Math.max(deviation * unit, Double.MIN_NORMAL) : 1;
    }
    return new double[][] {shift, scale};
  }

  /** Scaling that changes nothing. */
  static double[][] none(int columns) {
    double[] ones = new double[columns];
    Arrays.fill(ones, 1);
    return new double[][] {new double[columns], ones};
  }

  /** What a log-density in standardised units gains in the units of the data. */
  double logUnits() {
    double sum = 0;
    for (double s : targetScale) {
      sum -= Math.log(s);
    }
    return sum;
  }
}
