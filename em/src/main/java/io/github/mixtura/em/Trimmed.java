package io.github.mixtura.em;

import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Spread of the rows without those far out: beyond three interquartile ranges outside the quartiles
 * of a column. What is small beside all rows may be of ordinary size beside these.
 */
final class Trimmed {
  private static final int MOST_ROWS = 20_000;
  private static final double FENCE = 3;

  private Trimmed() {}

  /**
   * The summary of the rows, not encoded, inside the fences; of some 20 000 where there are more.
   *
   * @return the given summary where fewer than half of the rows are inside, or a column of these is
   *     constant
   */
  static DataSummary of(Rows data, DataSummary summary) {
    Observations sample = data.sample(MOST_ROWS, 0);
    double[][] rows = new double[sample.rows()][];
    Arrays.setAll(rows, sample::row);
    int d = summary.mean().length;
    boolean[] inside = new boolean[rows.length];
    Arrays.fill(inside, true);
    for (int j = 0; j < d; j++) {
      int column = j;
      double[] sorted = Arrays.stream(rows).mapToDouble(row -> row[column]).sorted().toArray();
      double low = sorted[sorted.length / 4];
      double high = sorted[sorted.length - 1 - sorted.length / 4];
      double reach = FENCE * (high - low);
      for (int i = 0; reach > 0 && i < rows.length; i++) {
        inside[i] &= rows[i][j] >= low - reach && rows[i][j] <= high + reach;
      }
    }
    List<double[]> left = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (inside[i]) {
        left.add(rows[i]);
      }
    }
    if (left.size() == rows.length || 2 * left.size() < rows.length) {
      return summary;
    }
    DataSummary trimmed = summary(left, d, summary.covariance() != null);
    return Arrays.stream(trimmed.variance()).allMatch(v -> v > 0) ? trimmed : summary;
  }

  private static DataSummary summary(List<double[]> rows, int d, boolean full) {
    int n = rows.size();
    double[] mean = new double[d];
    double[] variance = new double[d];
    double[] covariance = full ? new double[d * (d + 1) / 2] : null;
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        mean[j] += row[j] / n;
      }
    }
    for (double[] row : rows) {
      for (int j = 0, q = 0; j < d; j++) {
        double step = (row[j] - mean[j]) / n;
        variance[j] += step * (row[j] - mean[j]);
        for (int i = 0; full && i <= j; i++, q++) {
          covariance[q] += step * (row[i] - mean[i]);
        }
      }
    }
    return new DataSummary(n, n, mean, variance, covariance);
  }
}
