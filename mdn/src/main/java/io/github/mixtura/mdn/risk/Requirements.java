package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import java.math.BigDecimal;

/** Checks of arguments, worded alike in the whole package. */
final class Requirements {
  private Requirements() {}

  static void require(boolean met, String name, Object value, String requirement) {
    if (!met) {
      throw new IllegalArgumentException(name + " is " + value + ", " + requirement);
    }
  }

  static void probability(double p) {
    require(p > 0 && p < 1, "p", p, "must be in (0, 1)");
  }

  /** Refuses the first value that is not finite, naming its row from 1. */
  static void finite(double[] values, String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new UnusableDataException(
            name + " in row " + (i + 1) + " is " + values[i] + ", must be finite");
      }
    }
  }

  /** Refuses lists of different lengths. */
  static void sameLength(int length, int other, String name) {
    require(length == other, name + "'s length", other, "must be " + length);
  }

  /** 1 − level, the double nearest to the decimal difference: 0.01 for 0.99. */
  static double tail(double level) {
    require(level > 0.5 && level < 1, "level", level, "must be in (0.5, 1)");
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(level)).doubleValue();
  }

  /** Mean and standard deviation (divisor n) of a window that is not constant. */
  static double[] meanAndDeviation(double[] window) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (double r : window) {
      low = Math.min(low, r);
      high = Math.max(high, r);
      sum += r;
    }
    if (!(high > low)) {
      throw new UnusableDataException(
          "all " + window.length + " returns of the window are " + low + ", so they have no risk");
    }
    double mean = sum / window.length;
    double squares = 0;
    for (double r : window) {
      squares += (r - mean) * (r - mean);
    }
    return new double[] {mean, Math.sqrt(squares / window.length)};
  }
}
