package io.github.mixtura.gp;

/** Checks of arguments, worded alike in the package. */
final class Checks {

  private Checks() {}

  static double positive(double value, String name) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " is " + value + ", must be finite and positive");
    }
    return value;
  }

  static double finite(double value, String name) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be finite");
    }
    return value;
  }

  static double[] finite(double[] values, String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + "[" + i + "] is " + values[i] + ", must be finite");
      }
    }
    return values;
  }

  static double[] parameters(double[] parameters, int wanted) {
    length(parameters.length, wanted, "parameters");
    return finite(parameters, "parameters");
  }

  static void length(int length, int wanted, String name) {
    if (length != wanted) {
      throw new IllegalArgumentException(
          name + " has length " + length + ", must have length " + wanted);
    }
  }

  static void atLeast(int value, int minimum, String name) {
    if (value < minimum) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least " + minimum);
    }
  }
}
