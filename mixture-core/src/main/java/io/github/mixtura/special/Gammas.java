package io.github.mixtura.special;

import org.apache.commons.math3.special.Gamma;

/**
 * Logarithm of the gamma function, its first two derivatives, and their differences between two
 * arguments without cancellation.
 *
 * <p>From 10 on the asymptotic series of Stirling is used; smaller arguments are shifted there by
 * the recurrence. Source: NIST Digital Library of Mathematical Functions, sections 5.5, 5.11 and
 * 5.15 (<a href="https://dlmf.nist.gov/5.11">dlmf.nist.gov/5.11</a>).
 */
public final class Gammas {

  private static final double ASYMPTOTIC_FROM = 10;
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  /** Bernoulli numbers B2, B4, …, B20. */
  private static final double[] BERNOULLI = {
    1.0 / 6,
    -1.0 / 30,
    1.0 / 42,
    -1.0 / 30,
    5.0 / 66,
    -691.0 / 2730,
    7.0 / 6,
    -3617.0 / 510,
    43867.0 / 798,
    -174611.0 / 330
  };

  /** The positive root of the digamma function, as the sum of two doubles. */
  private static final double ROOT = 1.4616321449683622;

  private static final double ROOT_REST = 9.549995429965697e-17;
  private static final double ROOT_RADIUS = 0.25;

  /** Taylor coefficients of the digamma function at its positive root, from the first power on. */
  private static final double[] AT_ROOT = {
    0.9676722454476212,
    -0.4427631689835921,
    0.258499760955651,
    -0.16394270544240652,
    0.10782405069126237,
    -0.07219956125645471,
    0.04880428816414311,
    -0.03316112647484736,
    0.022597648232218104,
    -0.01542476590494896,
    0.010538791616612175,
    -0.007204534386356869,
    0.004926781395729853,
    -0.003369801655439328,
    0.002305126326734928,
    -0.0015769367714301972,
    0.0010788252019162967,
    -0.0007380709389960052,
    0.000504953265834602,
    -0.0003454680251063077,
    0.00023635601564027053,
    -0.00016170622091974803,
    0.0001106337276874741
  };

  private Gammas() {}

  /**
   * Logarithm of the gamma function, {@code log Γ(x)}.
   *
   * <p>Accuracy: 2e-15 relative to the largest of 1 and the magnitude of the value; relative at the
   * roots 1 and 2 too.
   *
   * @param x the argument, > 0
   * @return the logarithm; positive infinity for infinite {@code x}
   * @throws IllegalArgumentException if {@code x} is not > 0
   */
  public static double logGamma(double x) {
    Requirements.requirePositive(x, "x");
    if (x < ASYMPTOTIC_FROM) {
      return Gamma.logGamma(x);
    }
    if (x > 1e17) {
      return x * (Math.log(x) - 1);
    }
    double square = 1 / (x * x);
    double sum = 0;
    for (int k = BERNOULLI.length; k >= 1; k--) {
      sum = sum * square + BERNOULLI[k - 1] / (2 * k * (2 * k - 1));
    }
    return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + sum / x;
  }

  /**
   * Digamma function, {@code ψ(x) = d log Γ(x) / dx}.
   *
   * <p>Accuracy: 2e-15 relative, also next to the positive root 1.4616….
   *
   * @param x the argument, > 0
   * @return the value; negative infinity where −1/x overflows, positive infinity for infinite
   *     {@code x}
   * @throws IllegalArgumentException if {@code x} is not > 0
   */
  public static double digamma(double x) {
    Requirements.requirePositive(x, "x");
    double fromRoot = x - ROOT;
    if (Math.abs(fromRoot) < ROOT_RADIUS) {
      return digammaNearRoot(fromRoot - ROOT_REST);
    }
    double shifted = x;
    double poles = 0;
    while (shifted < ASYMPTOTIC_FROM) {
      poles += 1 / shifted;
      shifted += 1;
    }
    double square = 1 / shifted / shifted;
    double sum = 0;
    for (int k = BERNOULLI.length; k >= 1; k--) {
      sum = (sum + BERNOULLI[k - 1] / (2 * k)) * square;
    }
    return Math.log(shifted) - (0.5 / shifted + sum + poles);
  }

  private static double digammaNearRoot(double distance) {
    double sum = 0;
    for (int k = AT_ROOT.length - 1; k >= 0; k--) {
      sum = (sum + AT_ROOT[k]) * distance;
    }
    return sum;
  }

  /**
   * Trigamma function, {@code ψ'(x) = d² log Γ(x) / dx²}.
   *
   * <p>Accuracy: 2e-15 relative.
   *
   * @param x the argument, > 0
   * @return the value; positive infinity where 1/x² overflows, 0 for infinite {@code x}
   * @throws IllegalArgumentException if {@code x} is not > 0
   */
  public static double trigamma(double x) {
    Requirements.requirePositive(x, "x");
    double shifted = x;
    double poles = 0;
    while (shifted < ASYMPTOTIC_FROM) {
      poles += 1 / (shifted * shifted);
      shifted += 1;
    }
    double square = 1 / shifted / shifted;
    double sum = 0;
    for (int k = BERNOULLI.length; k >= 1; k--) {
      sum = (sum + BERNOULLI[k - 1]) * square;
    }
    return (1 + 0.5 / shifted + sum) / shifted + poles;
  }

  /**
   * Logarithm of a ratio of gamma functions, {@code log Γ(a+δ) - log Γ(a)}.
   *
   * <p>Accuracy: 1e-14 relative to the largest of the value and, for {@code a} below 10, the terms
   * {@code log(1 + δ/(a+i))}, {@code i} = 0 … 9; small δ loses nothing, and neither does large
   * {@code a}, where the difference of two logarithms would cancel.
   *
   * @param a the base argument, finite, > 0
   * @param delta the increment δ, finite, with {@code a + δ > 0}
   * @return the difference of the logarithms
   * @throws IllegalArgumentException if {@code a} or {@code a + delta} is not finite and > 0
   */
  public static double logGammaRatio(double a, double delta) {
    checkPair(a, delta);
    double low = a;
    double high = a + delta;
    double logs = 0;
    while (Math.min(low, high) < ASYMPTOTIC_FROM) {
      logs += logQuotient(low, high, delta);
      low += 1;
      high += 1;
    }
    double x = delta / low;
    double main = delta * (Math.log(low) + Math.log1p(x));
    double rest = low * logOnePlusMinus(x) - 0.5 * Math.log1p(x);
    return main + rest + stirlingDifference(low, high, delta) - logs;
  }

  /**
   * Difference of two digamma values, {@code ψ(a+δ) - ψ(a)}.
   *
   * <p>Accuracy: 1e-14 relative, for every size of δ.
   *
   * @param a the base argument, finite, > 0
   * @param delta the increment δ, finite, with {@code a + δ > 0}
   * @return the difference, of the sign of δ
   * @throws IllegalArgumentException if {@code a} or {@code a + delta} is not finite and > 0
   */
  public static double digammaDifference(double a, double delta) {
    checkPair(a, delta);
    double low = a;
    double high = a + delta;
    double poles = 0;
    while (Math.min(low, high) < ASYMPTOTIC_FROM) {
      poles += delta / low / high;
      low += 1;
      high += 1;
    }
    double step = squareStep(high, delta);
    double change = step;
    double power = 1 / low / low;
    double sum = 0;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      sum += BERNOULLI[k - 1] / (2 * k) * power * change;
      power = power / low / low;
      change += step + change * step;
    }
    return logQuotient(low, high, delta) + 0.5 * (delta / low / high) - sum + poles;
  }

  /**
   * Difference of two trigamma values, {@code ψ'(a+δ) - ψ'(a)}.
   *
   * <p>Accuracy: 1e-14 relative, for every size of δ.
   *
   * @param a the base argument, finite, > 0
   * @param delta the increment δ, finite, with {@code a + δ > 0}
   * @return the difference, of the sign of −δ
   * @throws IllegalArgumentException if {@code a} or {@code a + delta} is not finite and > 0
   */
  public static double trigammaDifference(double a, double delta) {
    checkPair(a, delta);
    double low = a;
    double high = a + delta;
    double poles = 0;
    while (Math.min(low, high) < ASYMPTOTIC_FROM) {
      poles += delta / low / high * (1 / low + 1 / high);
      low += 1;
      high += 1;
    }
    double step = squareStep(high, delta);
    double change = -delta / high;
    double power = 1 / low;
    double sum = 0;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      power = power / low / low;
      change += step + change * step;
      sum += BERNOULLI[k - 1] * power * change;
    }
    double pole = delta / low / high;
    return sum - pole * (1 + 0.5 * (1 / low + 1 / high)) - poles;
  }

  private static void checkPair(double a, double delta) {
    if (!(a > 0 && a < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a must be finite and > 0, got " + a);
    }
    if (!(a + delta > 0 && a + delta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "delta must be finite with a + delta > 0, got delta " + delta + " and a " + a);
    }
  }

  /** Returns {@code log(high / low)} for {@code high = low + delta}. */
  private static double logQuotient(double low, double high, double delta) {
    double x = delta / low;
    if (x > -0.5 && x < 1e10) {
      return Math.log1p(x);
    }
    return Math.log(high) - Math.log(low);
  }

  /** Returns {@code (low/high)² - 1} for {@code high = low + delta}. */
  private static double squareStep(double high, double delta) {
    double step = -delta / high;
    return step * (2 + step);
  }

  /** Returns the difference of the Stirling corrections at {@code high} and {@code low}. */
  private static double stirlingDifference(double low, double high, double delta) {
    double step = squareStep(high, delta);
    double change = -delta / high;
    double power = 1 / low;
    double sum = 0;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      sum += BERNOULLI[k - 1] / (2 * k * (2 * k - 1)) * power * change;
      power = power / low / low;
      change += step + change * step;
    }
    return sum;
  }

  /** Returns {@code log(1+x) - x} without cancellation. */
  private static double logOnePlusMinus(double x) {
    if (Math.abs(x) > 0.5) {
      return Math.log1p(x) - x;
    }
    double r = x / (2 + x);
    double square = r * r;
    double sum = 0;
    for (int k = 17; k >= 1; k--) {
      sum = sum * square + 1.0 / (2 * k + 1);
    }
    return r * (2 * square * sum - x);
  }
}
