package io.github.mixtura.cli;

import io.github.mixtura.data.AngleUnits;
import io.github.mixtura.data.Observations;
import java.util.Arrays;
import java.util.OptionalDouble;

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

  /** The rows in radians, with a note where they seem to be in another unit. */
  Observations toRadians(Observations observations) {
    if (period.isEmpty()) {
      return observations;
    }
    double turn = period.getAsDouble();
    Observations radians =
        observations.withValues(
            (column, value) -> Math.IEEEremainder(value, turn) * (2 * Math.PI / turn));
    return AngleUnits.suspicion(observations, turn).map(radians::withNote).orElse(radians);
  }

  double[] fromRadians(double[] row) {
    return period.isEmpty()
        ? row
        : Arrays.stream(row).map(v -> v * (period.getAsDouble() / (2 * Math.PI))).toArray();
  }
}
