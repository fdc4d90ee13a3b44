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
public final class StudentT implements Component, Moments, Univariate, Conditional<StudentT> {
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
   * @param degreesOfFreedom ν &gt; 0, finite
   * @return the law
   * @throws IllegalArgumentException if the sizes differ or a value is out of range
   */
  public static StudentT of(double[] mean, Covariance scale, double degreesOfFreedom) {
    if (!(degreesOfFreedom > 0) || Double.isInfinite(degreesOfFreedom)) {
      throw new IllegalArgumentException(
          "degreesOfFreedom is " + degreesOfFreedom + ", must be positive and finite");
    }
    return new StudentT(Parameters.location(mean, scale), scale, degreesOfFreedom);
  }

  /**
   * The law on the line.
   *
   * @param mean location μ
   * @param scale squared scale σ² &gt; 0, not σ
   * @param degreesOfFreedom ν &gt; 0
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
    double distance = scale.squaredDistance(Parameters.difference(x, mean));
    return logConstant() - 0.5 * (degreesOfFreedom + mean.length) * logOnePlusRatio(x, distance);
  }

  /** log(1 + δ²/ν), also where δ² overflows. */
  private double logOnePlusRatio(double[] x, double distance) {
    double ratio = distance / degreesOfFreedom;
    if (ratio < Double.POSITIVE_INFINITY) {
      return Math.log1p(ratio);
    }
    double largest = 0;
    for (int j = 0; j < x.length; j++) {
      largest = Math.max(largest, Math.abs(x[j] - mean[j]));
    }
    double[] unit = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      unit[j] = (x[j] - mean[j]) / largest;
    }
    return 2 * Math.log(largest) + Math.log(scale.squaredDistance(unit) / degreesOfFreedom);
  }

  private double logConstant() {
    double half = 0.5 * mean.length;
    // log Γ(ν/2 + d/2) − log Γ(ν/2) − (d/2) log(ν/2) vanishes as ν grows; take it as one quantity.
    return Gammas.logGammaRatio(0.5 * degreesOfFreedom, half)
        - half * Math.log(Math.PI * degreesOfFreedom)
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
    double[][] whitenings = new double[count][];
    double[] constants = new double[count];
    double[] degrees = new double[count];
    for (int k = 0; k < count; k++) {
      StudentT component = (StudentT) components.get(k);
      means[k] = component.mean;
      whitenings[k] = component.scale.whitening();
      constants[k] = logWeights[k] + component.logConstant();
      degrees[k] = component.degreesOfFreedom;
    }
    return (batch, workspace) ->
        kernels.student(batch, means, whitenings, constants, degrees, workspace);
  }

  @Override
  public double[] sample(RandomGenerator random) {
    double[] z = new double[mean.length];
    Arrays.setAll(z, j -> random.nextGaussian());
    double factor =
        Math.sqrt(0.5 * degreesOfFreedom / Variates.gamma(0.5 * degreesOfFreedom, random));
    double[] x = scale.colour(z);
    for (int j = 0; j < x.length; j++) {
      x[j] = mean[j] + factor * x[j];
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
    return StudentTFunctions.cdf((x - mean[0]) / Math.sqrt(scale.get(0, 0)), degreesOfFreedom);
  }

  @Override
  public double quantile(double p) {
    Parameters.requireUnivariate(mean.length);
    double t = StudentTFunctions.quantile(Parameters.probability(p), degreesOfFreedom);
    return mean[0] + Math.sqrt(scale.get(0, 0)) * t;
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
    double factor = (degreesOfFreedom + rest.squaredDistance()) / degrees;
    return of(rest.mean(), rest.covariance().scaled(factor), degrees);
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
