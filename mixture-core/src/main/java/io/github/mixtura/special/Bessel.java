package io.github.mixtura.special;

/**
 * Modified Bessel functions of the first kind I<sub>ν</sub>(κ), their logarithms and their ratios.
 *
 * <p>With {@code h = sqrt(ν² + κ²)}, the ascending power series is used for {@code h < 45} and the
 * uniform asymptotic expansion of Debye from there on. The expansion is written in powers of {@code
 * 1/h}, so that it holds for every order ν ≥ 0, including ν = 0, where it is the expansion of
 * Hankel. Sources: NIST Digital Library of Mathematical Functions, sections 10.25, 10.40 and 10.41
 * (<a href="https://dlmf.nist.gov/10.41">dlmf.nist.gov/10.41</a>).
 */
public final class Bessel {

  /** Smallest {@code h} at which the uniform expansion is used. */
  private static final double UNIFORM_FROM = 45;

  /** Smallest κ at which log I0 uses its own asymptotic series. */
  private static final double HANKEL_FROM = 20;

  private static final double NEGLIGIBLE = 1e-18;
  private static final int UNIFORM_TERMS = 17;
  private static final int MAXIMUM_STEPS = 30;

  /** Row k: coefficients in p² of U_k(p) / p^k, where p = ν/h. */
  private static final double[][] UNIFORM = uniformCoefficients();

  /** Row k: coefficients in p² of (U_k(p)/2 + p U_k'(p)) / p^k. */
  private static final double[][] UNIFORM_SLOPE = uniformSlopeCoefficients(UNIFORM);

  private Bessel() {}

  /**
   * Logarithm of the exponentially scaled function of order zero, {@code log(exp(-κ) I0(κ))}.
   *
   * <p>Accuracy: 1e-15, relative where the value exceeds 1 in magnitude and absolute elsewhere; for
   * κ below 1 relative everywhere.
   *
   * @param kappa the argument κ, finite, ≥ 0
   * @return a value ≤ 0, and 0 for κ = 0
   * @throws IllegalArgumentException if {@code kappa} is negative, NaN or infinite
   */
  public static double logI0Scaled(double kappa) {
    Requirements.requireAtLeast(0, kappa, "kappa");
    if (kappa < 1) {
      return Math.log1p(seriesTail(0, kappa)) - kappa;
    }
    if (kappa < HANKEL_FROM) {
      return Math.log((1 + seriesTail(0, kappa)) * Math.exp(-kappa));
    }
    return Math.log1p(hankelTail(kappa)) - 0.5 * Math.log(2 * Math.PI * kappa);
  }

  /**
   * Logarithm of the function of order zero, {@code log I0(κ)}.
   *
   * <p>Accuracy: 4e-15 relative, also for κ near 0 where the value is close to κ²/4.
   *
   * @param kappa the argument κ, finite, ≥ 0
   * @return a value ≥ 0, and 0 for κ = 0
   * @throws IllegalArgumentException if {@code kappa} is negative, NaN or infinite
   */
  public static double logI0(double kappa) {
    Requirements.requireAtLeast(0, kappa, "kappa");
    return kappa < HANKEL_FROM ? Math.log1p(seriesTail(0, kappa)) : kappa + logI0Scaled(kappa);
  }

  /**
   * Logarithm of the modified Bessel function, {@code log I_ν(κ)}.
   *
   * <p>Accuracy: 1e-14 relative to the largest of κ, ν, {@code ν |log κ|} and 1. Cost: at most
   * about a hundred multiplications and three logarithms.
   *
   * @param nu the order ν, finite, ≥ 0
   * @param kappa the argument κ, finite, ≥ 0
   * @return the logarithm; for κ = 0 it is 0 when ν = 0 and negative infinity otherwise
   * @throws IllegalArgumentException if an argument is negative, NaN or infinite
   */
  public static double logI(double nu, double kappa) {
    Requirements.requireAtLeast(0, nu, "nu");
    Requirements.requireAtLeast(0, kappa, "kappa");
    if (kappa == 0) {
      return nu == 0 ? 0 : Double.NEGATIVE_INFINITY;
    }
    if (nu == 0) {
      return logI0(kappa);
    }
    double h = Math.hypot(nu, kappa);
    return h < UNIFORM_FROM ? logSeries(nu, kappa) : h + logUniformScaled(nu, kappa, h);
  }

  /**
   * Logarithm of the exponentially scaled function, {@code log(exp(-κ) I_ν(κ))}.
   *
   * <p>For κ much larger than ν the two large terms κ never meet, which keeps the normaliser of a
   * concentrated von Mises–Fisher law accurate. Accuracy: 1e-14 relative to the largest of {@code ν
   * |log κ|}, {@code min(κ, 45)}, {@code ν} and 1.
   *
   * @param nu the order ν, finite, ≥ 0
   * @param kappa the argument κ, finite, ≥ 0
   * @return the logarithm; for κ = 0 it is 0 when ν = 0 and negative infinity otherwise
   * @throws IllegalArgumentException if an argument is negative, NaN or infinite
   */
  public static double logIScaled(double nu, double kappa) {
    Requirements.requireAtLeast(0, nu, "nu");
    Requirements.requireAtLeast(0, kappa, "kappa");
    if (kappa == 0) {
      return nu == 0 ? 0 : Double.NEGATIVE_INFINITY;
    }
    if (nu == 0) {
      return logI0Scaled(kappa);
    }
    double h = Math.hypot(nu, kappa);
    return h < UNIFORM_FROM
        ? logSeries(nu, kappa) - kappa
        : nu * (nu / (h + kappa)) + logUniformScaled(nu, kappa, h);
  }

  /**
   * Logarithm of the scaled function without its power of κ, {@code log(exp(-κ) κ^(-ν) I_ν(κ))}.
   *
   * <p>The von Mises–Fisher log density at the cosine c is {@code κ (c - 1) - (d/2) log(2π)} minus
   * this value at ν = d/2 − 1. It is finite at κ = 0, so the uniform law needs no case of its own,
   * and the two large terms {@code ν log κ} of a small κ never meet. Accuracy: 1e-14 relative to
   * the largest of {@code ν log(ν + κ + 1)}, {@code min(κ, 45)} and 1.
   *
   * @param nu the order ν, finite, ≥ 0
   * @param kappa the argument κ, finite, ≥ 0
   * @return the logarithm; {@code -ν log 2 - log Γ(ν+1)} for κ = 0
   * @throws IllegalArgumentException if an argument is negative, NaN or infinite
   */
  public static double logIOverPowerScaled(double nu, double kappa) {
    Requirements.requireAtLeast(0, nu, "nu");
    Requirements.requireAtLeast(0, kappa, "kappa");
    if (nu == 0) {
      return logI0Scaled(kappa);
    }
    double h = Math.hypot(nu, kappa);
    if (h < UNIFORM_FROM) {
      return Math.log1p(seriesTail(nu, kappa)) - nu * Math.log(2) - Gammas.logGamma(nu + 1) - kappa;
    }
    return Math.log1p(uniformSum(UNIFORM, 1, nu, h))
        + nu * (nu / (h + kappa) - Math.log(nu + h))
        - 0.5 * Math.log(2 * Math.PI * h);
  }

  /**
   * Mean resultant length of the von Mises–Fisher law, {@code A_d(κ) = I_{d/2}(κ) / I_{d/2-1}(κ)}.
   *
   * <p>Accuracy: 1e-14 relative for every κ ≥ 0. Where A is close to 1, {@link #ratioComplement}
   * gives 1 − A without cancellation.
   *
   * @param dimension the dimension d of the space, finite, ≥ 2, not necessarily an integer
   * @param kappa the concentration κ ≥ 0; positive infinity gives 1
   * @return the ratio, in [0, 1]
   * @throws IllegalArgumentException if {@code dimension < 2}, {@code kappa < 0} or one is NaN
   */
  public static double ratio(double dimension, double kappa) {
    Requirements.requireAtLeast(2, dimension, "dimension");
    if (kappa == Double.POSITIVE_INFINITY) {
      return 1;
    }
    Requirements.requireAtLeast(0, kappa, "kappa");
    double nu = dimension / 2 - 1;
    double h = Math.hypot(nu, kappa);
    if (h < UNIFORM_FROM) {
      return seriesRatio(nu, kappa);
    }
    return kappa / (h + nu) - (kappa / h) * (uniformSlope(nu, h) / h);
  }

  /**
   * One minus the mean resultant length, {@code 1 - A_d(κ)}, accurate also where A is close to 1.
   *
   * <p>Accuracy: 1e-14 relative where {@code sqrt((d/2-1)² + κ²) ≥ 45}, else 1e-15 absolute, which
   * is at worst 1e-13 relative.
   *
   * @param dimension the dimension d of the space, finite, ≥ 2, not necessarily an integer
   * @param kappa the concentration κ ≥ 0; positive infinity gives 0
   * @return the complement of the ratio, in [0, 1]
   * @throws IllegalArgumentException if {@code dimension < 2}, {@code kappa < 0} or one is NaN
   */
  public static double ratioComplement(double dimension, double kappa) {
    Requirements.requireAtLeast(2, dimension, "dimension");
    if (kappa == Double.POSITIVE_INFINITY) {
      return 0;
    }
    Requirements.requireAtLeast(0, kappa, "kappa");
    double nu = dimension / 2 - 1;
    double h = Math.hypot(nu, kappa);
    if (h < UNIFORM_FROM) {
      return 1 - seriesRatio(nu, kappa);
    }
    double leading = (nu * (nu / (h + kappa)) + nu) / (h + nu);
    return leading + (kappa / h) * (uniformSlope(nu, h) / h);
  }

  /**
   * Concentration κ at which the mean resultant length {@code A_d(κ)} equals {@code r}.
   *
   * <p>For {@code r > 1/2} the exact difference {@code 1 - r} is passed to {@link
   * #inverseRatioOfComplement}, so the only loss is the rounding of {@code r} itself, which is
   * about {@code κ · 1e-16} relative in κ.
   *
   * @param dimension the dimension d of the space, finite, ≥ 2
   * @param r the mean resultant length, ≥ 0; values of 1 or more give positive infinity
   * @return κ ≥ 0, and 0 for {@code r = 0}
   * @throws IllegalArgumentException if {@code dimension < 2}, {@code r < 0} or one is NaN
   */
  public static double inverseRatio(double dimension, double r) {
    Requirements.requireAtLeast(2, dimension, "dimension");
    if (!(r >= 0)) {
      throw new IllegalArgumentException("r must be >= 0, got " + r);
    }
    return r >= 1 ? Double.POSITIVE_INFINITY : solveRatio(dimension, r, 1 - r);
  }

  /**
   * Concentration κ at which {@code 1 - A_d(κ)} equals {@code oneMinusR}.
   *
   * <p>The start inverts the bound {@code A_d(κ) ≥ κ / (a + sqrt(κ² + b²))}, {@code a = (d-1)/2},
   * {@code b = (d+1)/2} (D. E. Amos, Computation of modified Bessel functions and their ratios, <a
   * href="https://doi.org/10.1090/S0025-5718-1974-0333287-7">10.1090/S0025-5718-1974-0333287-7
   * </a>), which is sharp for small and for large κ; secant steps on the logarithm of κ follow.
   * Accuracy: 1e-13 relative in κ. Cost: about four evaluations of the ratio.
   *
   * @param dimension the dimension d of the space, finite, ≥ 2
   * @param oneMinusR one minus the mean resultant length, ≤ 1; values of 0 or less give positive
   *     infinity
   * @return κ ≥ 0, and 0 for {@code oneMinusR = 1}
   * @throws IllegalArgumentException if {@code dimension < 2}, {@code oneMinusR > 1} or one is NaN
   */
  public static double inverseRatioOfComplement(double dimension, double oneMinusR) {
    Requirements.requireAtLeast(2, dimension, "dimension");
    if (!(oneMinusR <= 1)) {
      throw new IllegalArgumentException("oneMinusR must be <= 1, got " + oneMinusR);
    }
    return oneMinusR <= 0
        ? Double.POSITIVE_INFINITY
        : solveRatio(dimension, 1 - oneMinusR, oneMinusR);
  }

  private static double solveRatio(double dimension, double r, double complement) {
    double target = invertedBound(dimension, r, complement);
    double kappa = target;
    double slope = 1;
    double previousGap = Double.NaN;
    double step = Double.NaN;
    for (int i = 0; i < MAXIMUM_STEPS && kappa > 0 && kappa < Double.POSITIVE_INFINITY; i++) {
      double reached = ratio(dimension, kappa);
      double reachedComplement = reached < 0.5 ? 1 - reached : ratioComplement(dimension, kappa);
      double gap = Math.log(invertedBound(dimension, reached, reachedComplement) / target);
      if (Math.abs(step) > 1e-8) {
        slope = Math.min(1.5, Math.max(0.7, (gap - previousGap) / step));
      }
      step = -gap / slope;
      previousGap = gap;
      kappa *= Math.exp(step);
      if (Math.abs(step) < 1e-15) {
        break;
      }
    }
    return kappa;
  }

  /** Solves {@code r = κ / (a + sqrt(κ² + b²))} for κ, with a = (d-1)/2 and b = (d+1)/2. */
  private static double invertedBound(double dimension, double r, double complement) {
    double a = (dimension - 1) / 2;
    double b = (dimension + 1) / 2;
    double oneMinusSquare = complement * (1 + r);
    return r * ((a + Math.sqrt(b * b * oneMinusSquare + a * a * r * r)) / oneMinusSquare);
  }

  /** Returns {@code Γ(ν+1) (2/κ)^ν I_ν(κ) - 1} by the power series, for κ below about 50. */
  private static double seriesTail(double nu, double kappa) {
    double q = 0.25 * kappa * kappa;
    double term = q / (1 + nu);
    double sum = term;
    for (int k = 2; term > NEGLIGIBLE * sum; k++) {
      term *= q / (k * (k + nu));
      sum += term;
    }
    return sum;
  }

  private static double seriesRatio(double nu, double kappa) {
    return kappa / (2 * (nu + 1)) * ((1 + seriesTail(nu + 1, kappa)) / (1 + seriesTail(nu, kappa)));
  }

  private static double logSeries(double nu, double kappa) {
    return nu * (Math.log(kappa) - Math.log(2))
        - Gammas.logGamma(nu + 1)
        + Math.log1p(seriesTail(nu, kappa));
  }

  /** Returns {@code sqrt(2πκ) exp(-κ) I0(κ) - 1} by the asymptotic series, for κ ≥ 20. */
  static double hankelTail(double kappa) {
    double term = 0.125 / kappa;
    double sum = term;
    for (int k = 2; term > NEGLIGIBLE && k < 2 * kappa; k++) {
      double odd = 2 * k - 1;
      term *= odd * odd / (8 * k * kappa);
      sum += term;
    }
    return sum;
  }

  /** Returns {@code log(exp(-h) I_ν(κ))} by the uniform expansion. */
  private static double logUniformScaled(double nu, double kappa, double h) {
    return Math.log1p(uniformSum(UNIFORM, 1, nu, h))
        - nu * asinhOfQuotient(nu, kappa, h)
        - 0.5 * Math.log(2 * Math.PI * h);
  }

  /** Returns {@code asinh(ν/κ)}, where {@code h = sqrt(ν² + κ²)}. */
  private static double asinhOfQuotient(double nu, double kappa, double h) {
    return nu > kappa
        ? Math.log(nu + h) - Math.log(kappa)
        : Math.log1p(nu / kappa * (1 + nu / (h + kappa)));
  }

  private static double uniformSlope(double nu, double h) {
    return uniformSum(UNIFORM_SLOPE, 0, nu, h) / (1 + uniformSum(UNIFORM, 1, nu, h));
  }

  /** Returns the sum over rows k ≥ {@code first} of {@code h^-k} times the row's polynomial. */
  private static double uniformSum(double[][] rows, int first, double nu, double h) {
    double square = (nu / h) * (nu / h);
    double scale = first == 0 ? 1 : 1 / h;
    double sum = 0;
    for (int k = first; k < UNIFORM_TERMS; k++) {
      double[] row = rows[k];
      double polynomial = 0;
      for (int j = square == 0 ? 0 : k; j >= 0; j--) {
        polynomial = polynomial * square + row[j];
      }
      double term = scale * polynomial;
      sum += term;
      if (scale * row[0] < NEGLIGIBLE) {
        break;
      }
      scale /= h;
    }
    return sum;
  }

  /** Recurrence of DLMF 10.41.9 on the coefficients of U_k(p) / p^k in powers of p². */
  private static double[][] uniformCoefficients() {
    double[][] rows = new double[UNIFORM_TERMS][];
    rows[0] = new double[] {1};
    for (int k = 0; k + 1 < UNIFORM_TERMS; k++) {
      double[] next = new double[k + 2];
      for (int j = 0; j <= k; j++) {
        double power = k + 2 * j;
        double coefficient = rows[k][j];
        next[j] += coefficient * (power / 2 + 1 / (8 * (power + 1)));
        next[j + 1] -= coefficient * (power / 2 + 5 / (8 * (power + 3)));
      }
      rows[k + 1] = next;
    }
    return rows;
  }

  private static double[][] uniformSlopeCoefficients(double[][] rows) {
    double[][] slopes = new double[rows.length][];
    for (int k = 0; k < rows.length; k++) {
      slopes[k] = new double[k + 1];
      for (int j = 0; j <= k; j++) {
        slopes[k][j] = (0.5 + k + 2 * j) * rows[k][j];
      }
    }
    return slopes;
  }
}
