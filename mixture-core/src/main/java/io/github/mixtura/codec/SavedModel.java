package io.github.mixtura.codec;

import io.github.mixtura.mixture.Mixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A mixture with what a later program needs to use it on a table: the names of the columns, and the
 * unit of angles.
 *
 * @param family name of the law: {@code gaussian}, {@code student-t} or {@code von-mises}
 * @param covarianceStructure one of the 14 names, or E or V for one column; {@code null} where
 *     there is none
 * @param period for angles that were not given in radians: the length of a full turn in the unit of
 *     the data, such as 360, from 1e-100 to 1e100; the mixture itself is in radians
 * @param columnNames d names
 * @param mixture the mixture
 */
public record SavedModel(
    String family,
    String covarianceStructure,
    OptionalDouble period,
    List<String> columnNames,
    Mixture<?> mixture) {
  /** Smallest period, so that angles and their reciprocals stay far from the ends of doubles. */
  static final double SMALLEST_PERIOD = 1e-100;

  static final double LARGEST_PERIOD = 1e100;

  /**
   * Checks that the parts belong together.
   *
   * @param family see the record
   * @param covarianceStructure see the record
   * @param period see the record
   * @param columnNames see the record
   * @param mixture see the record
   * @throws IllegalArgumentException if there is not one name per column, or the period is not from
   *     1e-100 to 1e100
   */
  public SavedModel {
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(period, "period");
    columnNames = List.copyOf(columnNames);
    if (columnNames.size() != mixture.dimension()) {
      throw new IllegalArgumentException(
          "columnNames has "
              + columnNames.size()
              + " entries, must have one per column: "
              + mixture.dimension());
    }
    if (period.isPresent()
        && !(period.getAsDouble() >= SMALLEST_PERIOD && period.getAsDouble() <= LARGEST_PERIOD)) {
      throw new IllegalArgumentException(
          "period is "
              + period.getAsDouble()
              + ", must be from "
              + SMALLEST_PERIOD
              + " to "
              + LARGEST_PERIOD);
    }
  }

  /**
   * Saves the model: under a temporary name first, then renamed.
   *
   * @param file where to; replaced if it is there
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void write(Path file) {
    ModelCodec.write(this, file);
  }

  /**
   * Loads a model.
   *
   * @param file written by {@link #write}
   * @return the model
   * @throws io.github.mixtura.data.DataFormatException if the file is not such a model: file, place
   *     in it and what was expected
   */
  public static SavedModel read(Path file) {
    return ModelCodec.read(file);
  }
}
