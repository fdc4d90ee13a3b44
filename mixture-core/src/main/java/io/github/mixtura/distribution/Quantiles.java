package io.github.mixtura.distribution;

import java.util.function.DoubleUnaryOperator;

/** Inverts distribution functions. */
public final class Quantiles {
  /** Steps after which a bracket that has not closed spans orders of magnitude. */
  private static final int SECANT_STEPS = 60;

  private Quantiles() {}

  /**
   * Solves P(X ≤ x) = p on a bracket by bisection with secant steps (Illinois rule), then by
   * bisection of what the doubles in between are numbered by, which closes any bracket in 64 steps.
   *
   * @param law gives the distribution function
   * @param p probability in [0, 1]
   * @param low a finite point with P(X ≤ low) ≤ p
   * @param high a finite point with P(X ≤ high) ≥ p
   * @return x, to the spacing of doubles or to where the function no longer changes
   */
  public static double invert(Univariate law, double p, double low, double high) {
    return invert(law::cdf, p, low, high);
  }

  /**
   * Solves P(X &gt; x) = p on a bracket, as {@link #invert}.
   *
   * @param law gives the survival function
   * @param p probability in [0, 1]
   * @param low a finite point with P(X &gt; low) ≥ p
   * @param high a finite point with P(X &gt; high) ≤ p
   * @return x, to the spacing of doubles or to where the function no longer changes
   */
  public static double invertSurvival(Univariate law, double p, double low, double high) {
    return -invert(y -> law.survival(-y), p, -high, -low);
  }

  private static double invert(DoubleUnaryOperator f, double p, double low, double high) {
    double a = low;
    double b = high;
    double fa = f.applyAsDouble(a) - p;
    double fb = f.applyAsDouble(b) - p;
    if (fa >= 0) {
      return a;
    }
    if (fb <= 0) {
      return b;
    }
    int side = 0;
    for (int i = 0; ; i++) {
      double x = i % 3 == 2 ? middle(a, b) : a - fa * ((b - a) / (fb - fa));
      if (!(x > a && x < b) || i > SECANT_STEPS) {
        x = i > SECANT_STEPS ? middleOfBits(a, b) : middle(a, b);
        if (!(x > a && x < b)) {
          return b;
        }
      }
      double fx = f.applyAsDouble(x) - p;
      if (fx == 0) {
        return x;
      }
      if (fx < 0) {
        a = x;
        fa = fx;
        fb = side < 0 ? 0.5 * fb : fb;
        side = -1;
      } else {
        b = x;
        fb = fx;
        fa = side > 0 ? 0.5 * fa : fa;
        side = 1;
      }
    }
  }

  private static double middle(double a, double b) {
    double width = b - a;
    return width < Double.POSITIVE_INFINITY ? a + 0.5 * width : 0.5 * a + 0.5 * b;
  }

  /** The double with as many doubles between it and a as between it and b. */
  private static double middleOfBits(double a, double b) {
    long first = number(a);
    long last = number(b);
    long middle = (first & last) + ((first ^ last) >> 1);
    return Double.longBitsToDouble(middle < 0 ? Long.MIN_VALUE - middle : middle);
  }

  /** Numbers the doubles in their order, 0 being 0. */
  private static long number(double x) {
    long bits = Double.doubleToLongBits(x);
    return bits < 0 ? Long.MIN_VALUE - bits : bits;
  }
}
