package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * Converts angles between the user's unit and radians.
 *
 * @param period a full turn in the user's unit; empty for radians, and for data that are no angles
 */
record Angles(OptionalDouble period) {
  static final Angles RADIANS = new Angles(OptionalDouble.empty());

  static Angles ofPeriod(double period) {
    if (!(period >= 1e-100 && period <= 1e100)) {
      throw new UsageException("period is " + period + ", must be positive and finite");
    }
    return new Angles(OptionalDouble.of(period));
  }

  /** A full turn in the user's unit. */
  double turn() {
    return period.orElse(2 * Math.PI);
  }

  Observations toRadians(Observations observations) {
    if (period.isEmpty()) {
      return observations;
    }
    double turn = period.getAsDouble();
    return map(observations, value -> Math.IEEEremainder(value, turn) * (2 * Math.PI / turn));
  }

  double[] fromRadians(double[] row) {
    return period.isEmpty()
        ? row
        : Arrays.stream(row).map(v -> v * (period.getAsDouble() / (2 * Math.PI))).toArray();
  }

  private static Observations map(Observations observations, DoubleUnaryOperator operator) {
    Observations.Builder builder =
        Observations.builder(observations.columns()).names(observations.columnNames());
    for (int i = 0; i < observations.rows(); i++) {
      builder.add(Arrays.stream(observations.row(i)).map(operator).toArray());
    }
    Observations mapped = builder.build();
    if (!observations.isWeighted()) {
      return mapped;
    }
    double[] weights = new double[observations.rows()];
    Arrays.setAll(weights, observations::weight);
    return mapped.withWeights(weights);
  }
}
