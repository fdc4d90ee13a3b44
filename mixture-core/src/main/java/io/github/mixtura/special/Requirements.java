package io.github.mixtura.special;

/** Checks of arguments, worded alike in the whole package. */
final class Requirements {

  private Requirements() {}

  /** Refuses {@code value} unless it is finite and at least {@code minimum}. */
  static void requireAtLeast(double minimum, double value, String name) {
    if (!(value >= minimum) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          name + " must be a finite number >= " + minimum + ", got " + value);
    }
  }

  /** Refuses {@code value} unless it is greater than zero; positive infinity passes. */
  static void requirePositive(double value, String name) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " must be > 0, got " + value);
    }
  }

  /** Refuses {@code value} unless it lies in {@code [low, high]}. */
  static void requireWithin(double low, double high, double value, String name) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          name + " must lie in [" + low + ", " + high + "], got " + value);
    }
  }
}
