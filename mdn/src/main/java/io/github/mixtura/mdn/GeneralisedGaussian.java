package io.github.mixtura.mdn;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Moments;
import io.github.mixtura.distribution.Quantiles;
import io.github.mixtura.distribution.Sampled;
import io.github.mixtura.distribution.Univariate;
import io.github.mixtura.special.Gammas;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.special.Gamma;

/**
 * Product of generalised Gaussian laws: f(x) = Π β/(2αΓ(1/β)) exp(−(|x − μ|/α)^β). β = 1 is
 * Laplace's law, β = 2 the Gaussian with variance α²/2. Subbotin 1923; Nadarajah 2005,
 * doi:10.1080/02664760500079464.
 */
public final class GeneralisedGaussian implements Component, Univariate, Moments, Sampled {
  private final double[] mean;
  private final double[] scale;
  private final double[] shape;

  private GeneralisedGaussian(double[] mean, double[] scale, double[] shape) {
    this.mean = mean;
    this.scale = scale;
    this.shape = shape;
  }

  /**
   * The law.
   *
   * @param mean μ, d finite values (read)
   * @param scale α, d finite values &gt; 0 (read)
   * @param shape β, d finite values &gt; 0 (read)
   * @return the law
   * @throws IllegalArgumentException if the lengths differ or a value is out of range
   */
  public static GeneralisedGaussian of(double[] mean, double[] scale, double[] shape) {
    if (mean.length == 0 || mean.length != scale.length || mean.length != shape.length) {
      throw new IllegalArgumentException(
          "mean, scale and shape have "
              + mean.length
              + ", "
              + scale.length
              + " and "
              + shape.length
              + " values, must have the same number, at least one");
    }
    for (int j = 0; j < mean.length; j++) {
      if (!Double.isFinite(mean[j])) {
        throw new IllegalArgumentException("mean is " + mean[j] + ", must be finite");
      }
      requirePositive("scale", scale[j]);
      requirePositive("shape", shape[j]);
    }
    return new GeneralisedGaussian(mean.clone(), scale.clone(), shape.clone());
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be positive and finite");
    }
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
   * Scale α.
   *
   * @return d values
   */
  public double[] scale() {
    return scale.clone();
  }

  /**
   * Shape β.
   *
   * @return d values
   */
  public double[] shape() {
    return shape.clone();
  }

  @Override
  public int dimension() {
    return mean.length;
  }

  @Override
  public double logDensity(double... x) {
    requireDimension(x);
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum +=
          Math.log(0.5 * shape[j] / scale[j])
              - Gammas.logGamma(1 / shape[j])
              - Math.pow(Math.abs(x[j] - mean[j]) / scale[j], shape[j]);
    }
    return sum;
  }

  @Override
  public double[] sample(RandomGenerator random) {
    double[] x = new double[mean.length];
    for (int j = 0; j < x.length; j++) {
      double p = 2 * random.nextDouble() - 1;
      x[j] = mean[j] + Math.signum(p) * distance(j, Math.abs(p));
    }
    return x;
  }

  /** Distance from the mean within which the probability is p. */
  private double distance(int j, double p) {
    if (p <= 0) {
      return 0;
    }
    double g = new GammaDistribution(null, 1 / shape[j], 1).inverseCumulativeProbability(p);
    return scale[j] * Math.pow(g, 1 / shape[j]);
  }

  @Override
  public double[] expectation() {
    return mean();
  }

  /** {@inheritDoc} α² Γ(3/β)/Γ(1/β) on the diagonal. */
  @Override
  public double[][] covarianceMatrix() {
    double[][] matrix = new double[mean.length][mean.length];
    for (int j = 0; j < mean.length; j++) {
      matrix[j][j] =
          scale[j]
              * scale[j]
              * Math.exp(Gammas.logGamma(3 / shape[j]) - Gammas.logGamma(1 / shape[j]));
    }
    return matrix;
  }

  @Override
  public double cdf(double x) {
    requireOneColumn();
    return below(x - mean[0]);
  }

  @Override
  public double survival(double x) {
    requireOneColumn();
    return below(mean[0] - x);
  }

  /** Distribution function at a distance from the mean: the law is symmetric. */
  private double below(double z) {
    if (Double.isInfinite(z)) {
      return z < 0 ? 0 : 1;
    }
    double power = Math.pow(Math.abs(z) / scale[0], shape[0]);
    if (z < 0) {
      return 0.5 * Gamma.regularizedGammaQ(1 / shape[0], power);
    }
    return 0.5 + 0.5 * Gamma.regularizedGammaP(1 / shape[0], power);
  }

  @Override
  public double quantile(double p) {
    requireOneColumn();
    double reach = reach(p);
    return Double.isInfinite(reach)
        ? (p == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
        : Quantiles.invert(this, p, mean[0] - reach, mean[0] + reach);
  }

  @Override
  public double upperQuantile(double p) {
    requireOneColumn();
    double reach = reach(p);
    return Double.isInfinite(reach)
        ? (p == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY)
        : Quantiles.invertSurvival(this, p, mean[0] - reach, mean[0] + reach);
  }

  /** A distance from the mean with less than p and less than 1 − p beyond it. */
  private double reach(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p is " + p + ", must be in [0, 1]");
    }
    if (p == 0 || p == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double reach = scale[0];
    while (below(-reach) > p || below(reach) < p) {
      reach *= 2;
    }
    return reach;
  }

  private void requireOneColumn() {
    if (mean.length != 1) {
      throw new IllegalStateException("the law has " + mean.length + " columns, must have 1");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneralisedGaussian that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(scale, that.scale)
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(mean) + Arrays.hashCode(scale)) + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return "GeneralisedGaussian(mean "
        + Arrays.toString(mean)
        + ", scale "
        + Arrays.toString(scale)
        + ", shape "
        + Arrays.toString(shape)
        + ")";
  }
}
