package io.github.mixtura.sdp;

/**
 * A number kept as the unevaluated sum of two doubles, with about 106 bits.
 *
 * <p>Each operation has a relative error of at most {@link #UNIT}: sum 3u², product 6u², quotient
 * 15u² and a little, u = 2⁻⁵³ (M. Joldes, J.-M. Muller and V. Popescu 2017, doi:10.1145/3121432),
 * as long as nothing overflows or vanishes. So whatever is known of algorithms in rounded
 * arithmetic holds with this unit in place of u.
 */
final class DoubleWord {
  /** 2⁻¹⁰², 16u². */
  static final double UNIT = 0x1p-102;

  double high;
  double low;

  DoubleWord set(double value) {
    return set(value, 0);
  }

  DoubleWord set(double newHigh, double newLow) {
    high = newHigh;
    low = newLow;
    return this;
  }

  /** Adds x + y, which may be any two doubles whose sum is a double word. */
  void add(double x, double y) {
    double sum = high + x;
    double part = sum - high;
    double rest = (high - (sum - part)) + (x - part);
    double lows = low + y;
    double lowPart = lows - low;
    double lowRest = (low - (lows - lowPart)) + (y - lowPart);
    double carried = rest + lows;
    double middle = sum + carried;
    double left = lowRest + (carried - (middle - sum));
    high = middle + left;
    low = left - (high - middle);
  }

  /** Adds {@code sign·(a + b)(x + y)}, the sign being 1 or −1. */
  void addProduct(double sign, double a, double b, double x, double y) {
    double product = a * x;
    double rest = Math.fma(a, x, -product) + Math.fma(b, x, a * y);
    double newHigh = product + rest;
    add(sign * newHigh, sign * (rest - (newHigh - product)));
  }

  /** Divides by x + y. */
  void divide(double x, double y) {
    double quotient = high / x;
    // The product of a double word and a double.
    double product = quotient * x;
    double rest = Math.fma(quotient, x, -product) + quotient * y;
    double newHigh = product + rest;
    double newLow = rest - (newHigh - product);
    double correction = ((high - newHigh) + (low - newLow)) / x;
    high = quotient + correction;
    low = correction - (high - quotient);
  }
}
