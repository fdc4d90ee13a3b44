package io.github.mixtura.special;

/**
 * Density, distribution function and quantile of the standard normal law, accurate in both tails.
 *
 * <p>The tail is written as {@code 1 - Φ(x) = φ(x) m(x)} with the Mills ratio m. The product {@code
 * (1 + x) m(x)} is a Chebyshev expansion in {@code (x-6)/(x+6)} over the whole half-line (the form
 * of M. M. Shepherd and J. G. Laframboise, <a
 * href="https://doi.org/10.1090/S0025-5718-1981-0595058-X">10.1090/S0025-5718-1981-0595058-X</a>).
 */
public final class Normals {

  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double INVERSE_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  /** From here on φ(x) is zero in double precision, also as a subnormal number. */
  private static final double DENSITY_VANISHES = 39;

  private static final int MAXIMUM_STEPS = 20;

  /** Chebyshev coefficients of {@code (1 + x) m(x)} in {@code (x-6)/(x+6)}. */
  private static final double[] MILLS = {
    1.1505319036118415,
    -0.16406452207009778,
    -0.0021550835381514157,
    0.028343587185948704,
    -0.01870424174222185,
    0.008243569833665107,
    -0.0028345831987924464,
    0.0007893711195424936,
    -0.00017737209613271826,
    3.0826323155769924e-5,
    -3.61251684196205e-6,
    1.1088325831941007e-7,
    5.773678822952765e-8,
    -1.2179988996850341e-8,
    4.42185142638399e-10,
    2.490574422471549e-10,
    -4.232399887811858e-11,
    -2.2369584624633703e-12,
    1.4385715343836484e-12,
    -5.855525546154598e-14,
    -3.996250248492322e-14,
    4.529994569204144e-15,
    1.055662125397233e-15,
    -2.0404130293570303e-16,
    -2.868606193667321e-17,
    8.17520918229871e-18
  };

  private Normals() {}

  /**
   * Logarithm of the standard normal density, {@code -z²/2 - log(2π)/2}.
   *
   * @param z the argument
   * @return the logarithm; NaN for NaN
   */
  public static double logDensity(double z) {
    return -0.5 * z * z - HALF_LOG_TWO_PI;
  }

  /**
   * Standard normal distribution function Φ.
   *
   * <p>Accuracy: 1e-15 relative for every {@code z}, down to the smallest normal number near {@code
   * z = -37.5}.
   *
   * @param z the argument
   * @return the probability; NaN for NaN
   */
  public static double cdf(double z) {
    return z > 0 ? 1 - upperTail(z) : upperTail(-z);
  }

  /**
   * Logarithm of the standard normal distribution function, {@code log Φ(z)}.
   *
   * <p>Accuracy: 1e-15 relative for every {@code z} ≤ 37.5; beyond, the value is a subnormal number
   * or zero.
   *
   * @param z the argument
   * @return the logarithm; NaN for NaN
   */
  public static double logCdf(double z) {
    return z > 0 ? Math.log1p(-upperTail(z)) : logUpperTail(-z);
  }

  /**
   * Quantile of the standard normal law, the {@code z} with {@code Φ(z) = p}.
   *
   * <p>Accuracy: 1e-15 relative for every double {@code p}, subnormal numbers included. The start
   * 26.2.23 of M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, is refined by
   * Newton steps on the logarithm of the tail, or, for {@code p} in [0.25, 0.75], on Φ − 1/2.
   *
   * @param p the probability, in [0, 1]
   * @return the quantile; infinite for 0 and 1
   * @throws IllegalArgumentException if {@code p} lies outside [0, 1] or is NaN
   */
  public static double quantile(double p) {
    Requirements.requireWithin(0, 1, p, "p");
    if (p == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (p == 1) {
      return Double.POSITIVE_INFINITY;
    }
    if (Math.abs(p - 0.5) <= 0.25) {
      return centralQuantile(p - 0.5);
    }
    return p < 0.5 ? -tailQuantile(Math.log(p)) : tailQuantile(Math.log(1 - p));
  }

  /** Solves {@code log(1 - Φ(x)) = logTail} for {@code x > 0}, {@code logTail <= log(1/4)}. */
  static double tailQuantile(double logTail) {
    double t = Math.sqrt(-2 * logTail);
    double numerator = 2.515517 + t * (0.802853 + t * 0.010328);
    double denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
    double x = t - numerator / denominator;
    for (int i = 0; i < MAXIMUM_STEPS; i++) {
      double step = millsRatio(x) * (logUpperTail(x) - logTail);
      x += step;
      if (Math.abs(step) <= 1e-9 * x) {
        break;
      }
    }
    return x;
  }

  /** Solves {@code Φ(x) - 1/2 = q} for |q| ≤ 1/4. */
  private static double centralQuantile(double q) {
    double x = q / INVERSE_SQRT_TWO_PI;
    for (int i = 0; i < MAXIMUM_STEPS; i++) {
      double density = density(x);
      double step = (q - density * centralSeries(x)) / density;
      x += step;
      if (Math.abs(step) <= 1e-9 * Math.abs(x)) {
        break;
      }
    }
    return x;
  }

  /** Returns {@code (Φ(x) - 1/2) / φ(x)}, the sum of {@code x^(2k+1) / (2k+1)!!}. */
  private static double centralSeries(double x) {
    double square = x * x;
    double term = x;
    double sum = x;
    for (int k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
      term *= square / (2 * k + 1);
      sum += term;
    }
    return sum;
  }

  /** Returns {@code 1 - Φ(x)} for {@code x >= 0}. */
  static double upperTail(double x) {
    if (x > DENSITY_VANISHES) {
      return 0;
    }
    return density(x) * millsRatio(x);
  }

  /** Returns {@code log(1 - Φ(x))} for {@code x >= 0}. */
  static double logUpperTail(double x) {
    if (x == Double.POSITIVE_INFINITY) {
      return Double.NEGATIVE_INFINITY;
    }
    return Math.log(millsRatio(x)) + logDensity(x);
  }

  /** Returns φ(x); the square is split so that its rounding does not reach the exponential. */
  static double density(double x) {
    double head = Math.rint(x * 64) / 64;
    double rest = (x - head) * (x + head);
    return Math.exp(-0.5 * head * head) * Math.exp(-0.5 * rest) * INVERSE_SQRT_TWO_PI;
  }

  /** Returns the Mills ratio {@code (1 - Φ(x)) / φ(x)} for finite {@code x >= 0}. */
  static double millsRatio(double x) {
    double t = (x - 6) / (x + 6);
    double previous = 0;
    double current = 0;
    for (int k = MILLS.length - 1; k >= 1; k--) {
      double next = 2 * t * current - previous + MILLS[k];
      previous = current;
      current = next;
    }
    return (t * current - previous + MILLS[0]) / (1 + x);
  }
}
