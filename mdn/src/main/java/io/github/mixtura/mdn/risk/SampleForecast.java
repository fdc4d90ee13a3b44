package io.github.mixtura.mdn.risk;

import java.util.Arrays;

/** Linear interpolation between ordered values. */
final class SampleForecast implements RiskForecast {
  private final double[] sorted;

  private SampleForecast(double[] sorted) {
    this.sorted = sorted;
  }

  static SampleForecast of(double[] values) {
    Requirements.require(values.length > 0, "values", "empty", "must have at least one entry");
    Requirements.finite(values, "value");
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new SampleForecast(sorted);
  }

  @Override
  public double quantile(double p) {
    Requirements.probability(p);
    double position = (sorted.length - 1) * p;
    return at(position);
  }

  private double at(double position) {
    int below = (int) position;
    double rest = position - below;
    return rest == 0 ? sorted[below] : (1 - rest) * sorted[below] + rest * sorted[below + 1];
  }

  @Override
  public double tailMean(double p) {
    Requirements.probability(p);
    if (sorted.length == 1) {
      return sorted[0];
    }
    double position = (sorted.length - 1) * p;
    int below = (int) position;
    double sum = 0.5 * (position - below) * (sorted[below] + at(position));
    for (int i = 0; i < below; i++) {
      sum += 0.5 * (sorted[i] + sorted[i + 1]);
    }
    return sum / position;
  }
}
