package io.github.mixtura.distribution;

import io.github.mixtura.compute.Kernels;
import io.github.mixtura.special.Gammas;
import io.github.mixtura.special.StudentTFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Student's t law on R<sup>d</sup> with location μ, scale matrix Σ (not the covariance) and degrees
 * of freedom ν: log f(x) = log Γ((ν+d)/2) − log Γ(ν/2) − ½ [d log νπ + log |Σ|] − ½ (ν+d) log(1 +
 * δ²/ν), δ² = (x−μ)ᵀ Σ⁻¹ (x−μ).
 *
 * <p>Accurate to a few units in the last place for ν from 1e-2 to 1e15, where it joins the normal
 * law, and for δ² up to 1e300.
 */
public final class StudentT
    implements Component, Moments, Univariate, Conditional<StudentT>, Sampled {
  /** Smallest ν: below, most of the law lies beyond what a double can hold. */
  public static final double SMALLEST_DEGREES_OF_FREEDOM = 1e-3;

  /** From here on δ²/ν vanishes for every δ² that matters, and 1/ν is still a normal number. */
  private static final double NORMAL_FROM = 1e300;

  /** Scaled by 2 to the minus this, the square of any double is finite. */
  private static final int FAR_EXPONENT = 600;

  private static final double LOG_2 = Math.log(2);

  private final double[] mean;
  private final Covariance scale;
  private final double degreesOfFreedom;

  private StudentT(double[] mean, Covariance scale, double degreesOfFreedom) {
    this.mean = mean;
    this.scale = scale;
    this.degreesOfFreedom = degreesOfFreedom;
  }

  /**
   * The law with given parameters.
   *
   * @param mean location μ, d finite values (read)
   * @param scale scale matrix Σ, d × d
   * @param degreesOfFreedom ν, finite, at least {@value #SMALLEST_DEGREES_OF_FREEDOM}
   * @return the law
   * @throws IllegalArgumentException if the sizes differ or a value is out of range
   */
  public static StudentT of(double[] mean, Covariance scale, double degreesOfFreedom) {
    if (!(degreesOfFreedom >= SMALLEST_DEGREES_OF_FREEDOM) || Double.isInfinite(degreesOfFreedom)) {
      throw new IllegalArgumentException(
          "degreesOfFreedom is "
              + degreesOfFreedom
              + ", must be finite and at least "
              + SMALLEST_DEGREES_OF_FREEDOM);
    }
    return new StudentT(Parameters.location(mean, scale), scale, degreesOfFreedom);
  }

  /**
   * The law on the line.
   *
   * @param mean location μ
   * @param scale squared scale σ² &gt; 0, not σ
   * @param degreesOfFreedom ν, finite, at least {@value #SMALLEST_DEGREES_OF_FREEDOM}
   * @return the law
   */
  public static StudentT of(double mean, double scale, double degreesOfFreedom) {
    return of(new double[] {mean}, Covariance.diagonal(scale), degreesOfFreedom);
  }

  /**
   * Location μ.
   *
   * @return d values
   */
  public double[] mean() {
    return mean.clone();
  }

  /**
   * Scale matrix Σ.
   *
   * @return d × d
   */
  public Covariance scale() {
    return scale;
  }

  /**
   * Degrees of freedom ν.
   *
   * @return positive
   */
  public double degreesOfFreedom() {
    return degreesOfFreedom;
  }

  @Override
  public int dimension() {
    return mean.length;
  }

  @Override
  public double logDensity(double... x) {
    requireDimension(x);
    return logConstant() - 0.5 * (effectiveDegrees() + mean.length) * logOnePlusRatio(x);
  }

  /** ν, or what gives the same numbers and can be divided by. */
  private double effectiveDegrees() {
    return Math.min(degreesOfFreedom, NORMAL_FROM);
  }

  /** log(1 + δ²/ν), also where δ² overflows. */
  private double logOnePlusRatio(double[] x) {
    double distance = scale.squaredDistance(Parameters.difference(x, mean));
    double ratio = distance / effectiveDegrees();
    if (ratio < Double.POSITIVE_INFINITY) {
      return Math.log1p(ratio);
    }
    double[] unit = new double[x.length];
    double largest = 0;
    for (int j = 0; j < x.length; j++) {
      unit[j] = 0.5 * x[j] - 0.5 * mean[j];
      largest = Math.max(largest, Math.abs(unit[j]));
    }
    for (int j = 0; j < x.length; j++) {
      unit[j] /= largest;
    }
    return 2 * (Math.log(largest) + LOG_2)
        + Math.log(scale.squaredDistance(unit))
        - Math.log(effectiveDegrees());
  }

  @Override
  public double logRatio(Component other, double... x) {
    requireDimension(x);
    StudentT that = (StudentT) other;
    double constants = logConstant() - that.logConstant();
    double nu = effectiveDegrees();
    if (nu == that.effectiveDegrees()) {
      double difference = logGrowth(that, x, 0);
      if (!Double.isFinite(difference)) {
        difference = logGrowth(that, x, -FAR_EXPONENT);
      }
      if (Double.isFinite(difference)) {
        return constants - 0.5 * (nu + x.length) * difference;
      }
    }
    return constants
        - 0.5 * (nu + x.length) * logOnePlusRatio(x)
        + 0.5 * (that.effectiveDegrees() + x.length) * that.logOnePlusRatio(x);
  }

  /** log (ν + δ²)/(ν + ε²) of two laws with the same ν, computed in units of 2^−exponent. */
  private double logGrowth(StudentT that, double[] x, int exponent) {
    double[] point = Distances.scaled(x, exponent);
    double[] here = Distances.scaled(mean, exponent);
    double[] there = Distances.scaled(that.mean, exponent);
    double nu = Math.scalb(effectiveDegrees(), 2 * exponent);
    double rest = nu + that.scale.squaredDistance(Parameters.difference(point, there));
    double growth = Distances.differenceOfSquares(here, scale, there, that.scale, point) / rest;
    return growth > -0.5
        ? Math.log1p(growth)
        : Math.log((nu + scale.squaredDistance(Parameters.difference(point, here))) / rest);
  }

  private double logConstant() {
    double half = 0.5 * mean.length;
    double nu = effectiveDegrees();
    // log Γ(ν/2 + d/2) − log Γ(ν/2) − (d/2) log(ν/2) vanishes as ν grows; take it as one quantity.
    return Gammas.logGammaRatio(0.5 * nu, half)
        - half * Math.log(Math.PI * nu)
        - 0.5 * scale.logDeterminant();
  }

  @Override
  public boolean needsAuxiliary() {
    return true;
  }

  @Override
  public BatchDensity batchDensity(
      List<? extends Component> components, double[] logWeights, Kernels kernels) {
    int count = components.size();
    double[][] means = new double[count][];
    double[][] whitenings =
        Covariance.whitenings(components.stream().map(c -> ((StudentT) c).scale).toList());
    double[] constants = new double[count];
    double[] degrees = new double[count];
    for (int k = 0; k < count; k++) {
      StudentT component = (StudentT) components.get(k);
      means[k] = component.mean;
      constants[k] = logWeights[k] + component.logConstant();
      degrees[k] = component.effectiveDegrees();
    }
    return (batch, workspace) ->
        kernels.student(batch, means, whitenings, constants, degrees, workspace);
  }

  /**
   * {@inheritDoc} A value that no double holds, as ν below 0.1 has many, is drawn as ±the largest
   * double.
   */
  @Override
  public double[] sample(RandomGenerator random) {
    double[] z = new double[mean.length];
    Arrays.setAll(z, j -> random.nextGaussian());
    double half = 0.5 * effectiveDegrees();
    double u = half < 1 ? 1 - random.nextDouble() : 1;
    double whole = Variates.gamma(half < 1 ? half + 1 : half, random);
    double gamma = half < 1 ? whole * Math.pow(u, 1 / half) : whole;
    double[] x = scale.colour(z);
    if (gamma >= Double.MIN_NORMAL) {
      double factor = Math.sqrt(half / gamma);
      for (int j = 0; j < x.length; j++) {
        x[j] = mean[j] + factor * x[j];
      }
    } else {
      double logFactor = 0.5 * (Math.log(half) - Math.log(whole) - Math.log(u) / half);
      for (int j = 0; j < x.length; j++) {
        double size = Math.exp(logFactor + Math.log(Math.abs(x[j])));
        x[j] = mean[j] + Math.copySign(size, x[j]);
      }
    }
    for (int j = 0; j < x.length; j++) {
      x[j] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, x[j]));
    }
    return x;
  }

  /** {@inheritDoc} Exists for ν &gt; 1. */
  @Override
  public double[] expectation() {
    double[] result = mean();
    if (degreesOfFreedom <= 1) {
      Arrays.fill(result, Double.NaN);
    }
    return result;
  }

  /** {@inheritDoc} ν/(ν−2) Σ for ν &gt; 2; infinite for 1 &lt; ν ≤ 2. */
  @Override
  public double[][] covarianceMatrix() {
    double factor =
        degreesOfFreedom > 2
            ? degreesOfFreedom / (degreesOfFreedom - 2)
            : degreesOfFreedom > 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    return Parameters.rows(scale, factor);
  }

  @Override
  public double cdf(double x) {
    Parameters.requireUnivariate(mean.length);
    return below(x - mean[0], 0.5 * x - 0.5 * mean[0]);
  }

  @Override
  public double survival(double x) {
    Parameters.requireUnivariate(mean.length);
    return below(mean[0] - x, 0.5 * mean[0] - 0.5 * x);
  }

  /**
   * Distribution function at a distance from the location, which may overflow where half does not.
   */
  private double below(double z, double half) {
    double deviation = Math.sqrt(scale.get(0, 0));
    double t = z / deviation;
    if (!Double.isInfinite(t) || Double.isInfinite(half)) {
      return StudentTFunctions.cdf(t, degreesOfFreedom);
    }
    double tail =
        StudentTFunctions.farTail(
            Math.log(Math.abs(half)) + LOG_2 - Math.log(deviation), degreesOfFreedom);
    return t < 0 ? tail : 1 - tail;
  }

  @Override
  public double quantile(double p) {
    Parameters.requireUnivariate(mean.length);
    return mean[0] + fromLocation(Parameters.probability(p));
  }

  @Override
  public double upperQuantile(double p) {
    Parameters.requireUnivariate(mean.length);
    return mean[0] - fromLocation(Parameters.probability(p));
  }

  private double fromLocation(double p) {
    double deviation = Math.sqrt(scale.get(0, 0));
    double t = StudentTFunctions.quantile(p, degreesOfFreedom);
    if (!Double.isInfinite(t) || p == 0 || p == 1) {
      return deviation * t;
    }
    double log = StudentTFunctions.logFarQuantile(Math.min(p, 1 - p), degreesOfFreedom);
    return Math.copySign(Math.exp(log + Math.log(deviation)), t);
  }

  @Override
  public StudentT marginal(int... columns) {
    Columns.require(columns, mean.length);
    return of(
        Arrays.stream(columns).mapToDouble(j -> mean[j]).toArray(),
        scale.marginal(columns),
        degreesOfFreedom);
  }

  /**
   * {@inheritDoc} The rest is again t, with ν + d₁ degrees of freedom and the regression's scale
   * times (ν + δ₁²)/(ν + d₁), d₁ and δ₁² belonging to the given columns.
   */
  @Override
  public StudentT conditional(int[] given, double[] values) {
    var rest = Columns.Regression.of(mean, scale, given, values);
    double degrees = degreesOfFreedom + given.length;
    if (degreesOfFreedom > NORMAL_FROM) {
      return of(rest.mean(), rest.covariance(), degrees);
    }
    if (rest.squaredDistance() == Double.POSITIVE_INFINITY) {
      double root = Math.sqrt(farDistance(given, values) / degrees);
      double grown = Math.scalb(root, FAR_EXPONENT);
      return of(rest.mean(), rest.covariance().scaled(grown).scaled(grown), degrees);
    }
    double factor = (degreesOfFreedom + rest.squaredDistance()) / degrees;
    return of(rest.mean(), rest.covariance().scaled(factor), degrees);
  }

  /** Squared distance of some columns in units of 2 to twice {@link #FAR_EXPONENT}. */
  private double farDistance(int[] given, double[] values) {
    double[] centre = Arrays.stream(given).mapToDouble(j -> mean[j]).toArray();
    return scale
        .marginal(given)
        .squaredDistance(
            Parameters.difference(
                Distances.scaled(values, -FAR_EXPONENT), Distances.scaled(centre, -FAR_EXPONENT)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StudentT that
        && degreesOfFreedom == that.degreesOfFreedom
        && Arrays.equals(mean, that.mean)
        && scale.equals(that.scale);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + scale.hashCode() + Double.hashCode(degreesOfFreedom);
  }

  @Override
  public String toString() {
    return "StudentT(mean "
        + Arrays.toString(mean)
        + ", scale "
        + scale
        + ", degreesOfFreedom "
        + degreesOfFreedom
        + ")";
  }
}
