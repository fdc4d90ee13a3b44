package io.github.mixtura.data;

import java.util.Locale;
import java.util.Optional;

/** Whether angles are likely to be in the unit that they are taken to be in. */
public final class AngleUnits {
  private static final double RADIANS = 2 * Math.PI;

  /** Full turns from here on are in a unit much smaller than radians. */
  private static final double DEGREES = 100;

  private AngleUnits() {}

  /**
   * Looks for angles that lie beyond a full turn in either direction, as degrees or hours taken for
   * radians do, and for angles none of which is beyond a full turn in radians where another unit is
   * asked for, some not whole.
   *
   * @param angles the rows, in the unit they came in (read); NaN where missing
   * @param turn a full turn in the unit they are taken to be in, 2π for radians
   * @return what is suspicious, in a sentence without a full stop; empty where nothing is
   */
  public static Optional<String> suspicion(Observations angles, double turn) {
    double largest = 0;
    boolean whole = true;
    for (int i = 0; i < angles.rows(); i++) {
      for (int j = 0; j < angles.columns(); j++) {
        double value = angles.get(i, j);
        if (!Double.isNaN(value)) {
          largest = Math.max(largest, Math.abs(value));
          whole &= value == Math.rint(value);
        }
      }
    }
    if (largest > turn * (1 + 1e-6)) {
      return Optional.of(
          turn == RADIANS
              ? "values up to "
                  + number(largest)
                  + " are no radians, of which a full turn has 6.28319: are they degrees or hours?"
              : "values up to "
                  + number(largest)
                  + " lie beyond a full turn of "
                  + number(turn)
                  + ": are they in another unit?");
    }
    if (turn >= DEGREES && largest <= RADIANS && !whole) {
      return Optional.of(
          "no value is above "
              + number(largest)
              + " where a full turn is "
              + number(turn)
              + ": are they radians?");
    }
    return Optional.empty();
  }

  private static String number(double value) {
    return value < 1e6 && value >= 1e-3
        ? String.valueOf((float) value)
        : String.format(Locale.ROOT, "%.5e", value);
  }
}
