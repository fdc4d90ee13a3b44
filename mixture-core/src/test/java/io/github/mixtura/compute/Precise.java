package io.github.mixtura.compute;

import java.math.BigDecimal;
import java.math.MathContext;

/** Exponential and logarithm to 45 digits, from the Taylor series alone. */
final class Precise {
  private static final MathContext DIGITS = new MathContext(60);
  private static final int HALVINGS = 16;
  private static final int TERMS = 16;

  private Precise() {}

  /** e^x for |x| ≤ 1000: series of x / 2^16, squared 16 times. */
  static BigDecimal exp(BigDecimal x) {
    BigDecimal small = x.divide(new BigDecimal(1 << HALVINGS), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    for (int n = TERMS; n >= 1; n--) {
      sum =
          sum.multiply(small, DIGITS).divide(new BigDecimal(n), DIGITS).add(BigDecimal.ONE, DIGITS);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** log x, by one step of Halley's method from the double value. */
  static BigDecimal log(BigDecimal x) {
    BigDecimal start = new BigDecimal(Math.log(x.doubleValue()));
    BigDecimal power = exp(start);
    BigDecimal step =
        x.subtract(power, DIGITS)
            .divide(x.add(power, DIGITS), DIGITS)
            .multiply(BigDecimal.valueOf(2));
    return start.add(step, DIGITS);
  }

  /** |value − exact| / |exact|. */
  static double relativeError(double value, BigDecimal exact) {
    if (exact.signum() == 0) {
      return value == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return new BigDecimal(value).subtract(exact).divide(exact, DIGITS).abs().doubleValue();
  }
}
