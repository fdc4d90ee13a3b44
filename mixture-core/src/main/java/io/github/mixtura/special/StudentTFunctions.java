package io.github.mixtura.special;

/**
 * Distribution function and quantile of Student's t law, accurate in both tails.
 *
 * <p>With {@code w = log(1 + t²/ν)} the upper tail is half the regularised incomplete beta function
 * {@code I_x(ν/2, 1/2)} at {@code x = exp(-w)}. It is evaluated by the continued fraction 8.17.22
 * of the NIST Digital Library of Mathematical Functions (<a
 * href="https://dlmf.nist.gov/8.17">dlmf.nist.gov/8.17</a>), or, for ν ≥ 200 and w ≤ 1, as a series
 * of moments of the normal law with variance {@code 1/(ν - 1/2)} in the variable {@code sqrt(w)}.
 */
public final class StudentTFunctions {

  private static final double SERIES_FROM = 200;
  private static final double SERIES_REACH = 1;

  /** From here on t² / (2ν) and the like vanish beside 1, and the law is the normal law. */
  private static final double NORMAL_FROM = 1e20;

  private static final double LOG_TWO = Math.log(2);
  private static final double HALF_LOG_PI = 0.5 * Math.log(Math.PI);
  private static final int FRACTION_STEPS = 2000;
  private static final int MAXIMUM_STEPS = 200;

  /** A Newton step this small, relative to t, leaves an error below the rounding. */
  private static final double LAST_STEP = 1e-9;

  /** Coefficients of {@code sqrt((w/2) / sinh(w/2))} in powers of w². */
  private static final double[] ROOT_SINH = rootSinhCoefficients(14);

  private StudentTFunctions() {}

  /**
   * Distribution function of Student's t law with location 0 and scale 1.
   *
   * <p>Accuracy: 1e-13 relative for negative {@code t}, where the value may be as small as the
   * least normal number, and for positive {@code t}.
   *
   * @param t the argument
   * @param nu the degrees of freedom ν, > 0; positive infinity gives the normal law
   * @return the probability; NaN for NaN {@code t}
   * @throws IllegalArgumentException if {@code nu} is not > 0
   */
  public static double cdf(double t, double nu) {
    Requirements.requirePositive(nu, "nu");
    if (Double.isNaN(t)) {
      return Double.NaN;
    }
    if (t == 0) {
      return 0.5;
    }
    double tail = Math.exp(logUpperTail(Math.abs(t), nu));
    return t > 0 ? 1 - tail : tail;
  }

  /**
   * Quantile of Student's t law with location 0 and scale 1, the {@code t} with {@code cdf(t) = p}.
   *
   * <p>Accuracy: 1e-13 relative for ν ≥ 0.1, for {@code p} in either tail and next to 1/2. For
   * {@code p} above 1/2 the quantile is minus that of {@code 1 - p}, which is exact.
   *
   * @param p the probability, in [0, 1]
   * @param nu the degrees of freedom ν, > 0; positive infinity gives the normal law
   * @return the quantile; infinite for 0 and 1 and where it exceeds the largest double
   * @throws IllegalArgumentException if {@code p} lies outside [0, 1] or {@code nu} is not > 0
   */
  public static double quantile(double p, double nu) {
    Requirements.requireWithin(0, 1, p, "p");
    Requirements.requirePositive(nu, "nu");
    if (nu >= NORMAL_FROM) {
      return Normals.quantile(p);
    }
    double size =
        Math.abs(p - 0.5) <= 0.25
            ? centralQuantile(Math.abs(p - 0.5), nu)
            : tailQuantile(Math.log(Math.min(p, 1 - p)), nu);
    return p < 0.5 ? -size : size;
  }

  /**
   * Probability of more than {@code exp(logT)} for so large t that the density is a power of t.
   *
   * <p>Accuracy: 1e-16 times the magnitude of the logarithm of the value, relative, for t above
   * 1e20 sqrt(ν).
   *
   * @param logT the logarithm of t; t itself may be larger than any double
   * @param nu the degrees of freedom ν, > 0
   * @return the probability
   * @throws IllegalArgumentException if {@code nu} is not > 0
   */
  public static double farTail(double logT, double nu) {
    Requirements.requirePositive(nu, "nu");
    return nu >= NORMAL_FROM ? 0 : Math.exp(logPowerConstant(nu) - nu * logT);
  }

  /**
   * Logarithm of the t that is exceeded with a given probability, for so small ones that t is
   * larger than any double.
   *
   * <p>Accuracy: 1e-15 relative where t is above 1e20 sqrt(ν).
   *
   * @param p the probability, in (0, 1/2)
   * @param nu the degrees of freedom ν, > 0
   * @return the logarithm of t
   * @throws IllegalArgumentException if {@code p} lies outside [0, 1] or {@code nu} is not > 0
   */
  public static double logFarQuantile(double p, double nu) {
    Requirements.requireWithin(0, 1, p, "p");
    Requirements.requirePositive(nu, "nu");
    return (logPowerConstant(nu) - Math.log(p)) / nu;
  }

  /** The logarithm of C in {@code 1 - cdf(t) = C t^-ν} for large t. */
  private static double logPowerConstant(double nu) {
    return logDensity(0, nu) + 0.5 * (nu + 1) * Math.log(nu) - Math.log(nu);
  }

  /** Solves {@code cdf(t) - 1/2 = q} for 0 ≤ q ≤ 1/4; the steps rise to the root from below. */
  private static double centralQuantile(double q, double nu) {
    double t = q / Math.exp(logDensity(0, nu));
    for (int i = 0; i < MAXIMUM_STEPS; i++) {
      double step = (q - central(t, nu)) / Math.exp(logDensity(t, nu));
      t += step;
      if (Math.abs(step) <= LAST_STEP * t) {
        break;
      }
    }
    return t;
  }

  /** Solves {@code log(1 - cdf(t)) = logTail} for {@code t > 0} by Newton steps on log t. */
  private static double tailQuantile(double logTail, double nu) {
    if (logTail == Double.NEGATIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double t = tailStart(logTail, nu);
    for (int i = 0; i < MAXIMUM_STEPS && t < Double.POSITIVE_INFINITY; i++) {
      double reached = logUpperTail(t, nu);
      double slope = t * Math.exp(logDensity(t, nu) - reached);
      double step = Math.max(-1, Math.min(1, (reached - logTail) / slope));
      t *= Math.exp(step);
      if (Math.abs(step) <= LAST_STEP) {
        break;
      }
    }
    return t;
  }

  private static double tailStart(double logTail, double nu) {
    double fromPower = Math.exp((logPowerConstant(nu) - logTail) / nu);
    if (nu < 1) {
      return fromPower;
    }
    double z = Normals.tailQuantile(logTail);
    return Math.min(fromPower, Math.sqrt(nu * Math.expm1(z * z / (nu - 0.5))));
  }

  /** Returns {@code log(1 - cdf(t))} for {@code t >= 0}. */
  private static double logUpperTail(double t, double nu) {
    if (nu >= NORMAL_FROM) {
      return Normals.logUpperTail(t);
    }
    double w = logOnePlusSquare(t, nu);
    if (nu >= SERIES_FROM && w <= SERIES_REACH) {
      return logSeriesTail(w, nu);
    }
    return inOuterPart(-Math.expm1(-w), nu / 2)
        ? logOuterTail(w, nu / 2)
        : Math.log(0.5 - innerPart(w, nu / 2));
  }

  /** Returns {@code cdf(t) - 1/2} for moderate {@code t >= 0}, relatively accurate near 0. */
  private static double central(double t, double nu) {
    double w = logOnePlusSquare(t, nu);
    return inOuterPart(-Math.expm1(-w), nu / 2)
        ? 0.5 - Math.exp(logOuterTail(w, nu / 2))
        : innerPart(w, nu / 2);
  }

  /** Tells whether the fraction at {@code x = 1 - complement} converges faster than its mirror. */
  private static boolean inOuterPart(double complement, double a) {
    return complement * (a + 2.5) >= 1.5;
  }

  /** Returns the logarithm of half {@code I_x(a, 1/2)}, {@code x = exp(-w)}. */
  private static double logOuterTail(double w, double a) {
    double logFront = 0.5 * Math.log(-Math.expm1(-w)) - a * w - logBetaFactor(a) - Math.log(a);
    return logFront - LOG_TWO - Math.log(betaFraction(a, 0.5, Math.exp(-w)));
  }

  /** Returns half {@code I_{1-x}(1/2, a)}, {@code x = exp(-w)}. */
  private static double innerPart(double w, double a) {
    double complement = -Math.expm1(-w);
    double front = Math.sqrt(complement) * Math.exp(-a * w - logBetaFactor(a));
    return front / betaFraction(0.5, a, complement);
  }

  private static double logSeriesTail(double w, double nu) {
    double n = (nu - 0.5) / 2;
    double z = Math.sqrt((nu - 0.5) * w);
    double moment = Normals.millsRatio(z) / Math.sqrt(2 * n);
    double boundary = Math.sqrt(w);
    double sum = moment;
    for (int k = 1; k < ROOT_SINH.length; k++) {
      for (int j = 2 * k - 1; j <= 2 * k; j++) {
        moment = (boundary + (2 * j - 1) * moment) / (2 * n);
        boundary *= w;
      }
      sum += ROOT_SINH[k] * moment;
    }
    return Math.log(sum) - n * w - logBetaFactor(nu / 2);
  }

  /** Returns the logarithm of the density. */
  private static double logDensity(double t, double nu) {
    return -logBetaFactor(nu / 2) - 0.5 * Math.log(nu) - 0.5 * (nu + 1) * logOnePlusSquare(t, nu);
  }

  /** Returns the logarithm of the beta function {@code B(a, 1/2)}. */
  private static double logBetaFactor(double a) {
    return HALF_LOG_PI - Gammas.logGammaRatio(a, 0.5);
  }

  /** Returns {@code log(1 + t²/ν)}. */
  private static double logOnePlusSquare(double t, double nu) {
    double square = t / nu * t;
    return square < 1e20 ? Math.log1p(square) : 2 * Math.log(t) - Math.log(nu);
  }

  /**
   * Returns the continued fraction F of {@code I_x(a,b) = x^a (1-x)^b / (a B(a,b) F)}, evaluated
   * forwards by the ratios of successive numerators and denominators.
   */
  private static double betaFraction(double a, double b, double x) {
    double value = 1;
    double numerator = 1;
    double denominator = 0;
    for (int i = 1; i <= FRACTION_STEPS; i++) {
      double m = Math.floor(i / 2.0);
      double along = a + i;
      double coefficient =
          (i & 1) == 0
              ? m * ((b - m) / (along - 1)) * (x / along)
              : -((a + m) / (along - 1)) * ((a + b + m) / along) * x;
      denominator = 1 / (1 + coefficient * denominator);
      numerator = 1 + coefficient / numerator;
      double factor = numerator * denominator;
      value *= factor;
      if (Math.abs(factor - 1) < 2e-16) {
        break;
      }
    }
    return value;
  }

  /** Coefficients of the power −1/2 of the series {@code Σ (w/2)^(2k) / (2k+1)!}. */
  private static double[] rootSinhCoefficients(int count) {
    double[] base = new double[count];
    base[0] = 1;
    for (int k = 1; k < count; k++) {
      base[k] = base[k - 1] / (4.0 * (2 * k) * (2 * k + 1));
    }
    double[] power = new double[count];
    power[0] = 1;
    for (int n = 1; n < count; n++) {
      for (int k = 1; k <= n; k++) {
        power[n] += (0.5 * k - n) * base[k] * power[n - k] / n;
      }
    }
    return power;
  }
}
