package io.github.mixtura.distribution;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.special.Bessel;
import io.github.mixtura.special.VonMisesFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The von Mises law of an angle, and its product over d independent angles (the d-torus): log f(x)
 * = Σ_j κ_j cos(x_j − μ_j) − log 2πI₀(κ_j), angles in radians, density per radian.
 *
 * <p>κ = 0 is the uniform law. The log-density is computed as −2κ sin²((x−μ)/2) − log(2π e^−κ
 * I₀(κ)), accurate for κ from 0 to 1e15. Angles outside (−π, π] mean the same as inside.
 */
public final class VonMises implements Component, Univariate {
  private static final double LOG_2_PI = 1.8378770664093456;

  private final double[] meanDirection;
  private final double[] concentration;

  private VonMises(double[] meanDirection, double[] concentration) {
    this.meanDirection = meanDirection;
    this.concentration = concentration;
  }

  /**
   * The product law.
   *
   * @param meanDirection d angles μ in radians, brought into (−π, π] (read)
   * @param concentration d finite values κ ≥ 0 (read)
   * @return the law
   * @throws IllegalArgumentException if the lengths differ or a value is out of range
   */
  public static VonMises of(double[] meanDirection, double[] concentration) {
    if (meanDirection.length != concentration.length || meanDirection.length == 0) {
      throw new IllegalArgumentException(
          "meanDirection has "
              + meanDirection.length
              + " and concentration "
              + concentration.length
              + " values, must have the same number, at least one");
    }
    double[] kappa = Parameters.finite("concentration", concentration);
    for (double v : kappa) {
      if (v < 0) {
        throw new IllegalArgumentException("concentration is " + v + ", must not be negative");
      }
    }
    double[] mu = Parameters.finite("meanDirection", meanDirection);
    for (int j = 0; j < mu.length; j++) {
      mu[j] = wrap(mu[j]);
    }
    return new VonMises(mu, kappa);
  }

  /**
   * The law of one angle.
   *
   * @param meanDirection μ in radians
   * @param concentration κ ≥ 0
   * @return the law
   */
  public static VonMises of(double meanDirection, double concentration) {
    return of(new double[] {meanDirection}, new double[] {concentration});
  }

  /** Brings an angle into (−π, π]. */
  private static double wrap(double angle) {
    if (angle > -Math.PI && angle <= Math.PI) {
      return angle;
    }
    double wrapped = Math.IEEEremainder(angle, 2 * Math.PI);
    return wrapped <= -Math.PI ? Math.PI : wrapped;
  }

  /**
   * Mean directions μ.
   *
   * @return d angles in (−π, π]
   */
  public double[] meanDirection() {
    return meanDirection.clone();
  }

  /**
   * Concentrations κ.
   *
   * @return d values ≥ 0
   */
  public double[] concentration() {
    return concentration.clone();
  }

  @Override
  public int dimension() {
    return meanDirection.length;
  }

  @Override
  public double logDensity(double... x) {
    requireDimension(x);
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      double s = Math.sin(0.5 * (x[j] - meanDirection[j]));
      sum += -2 * concentration[j] * s * s - LOG_2_PI - Bessel.logI0Scaled(concentration[j]);
    }
    return sum;
  }

  @Override
  public Encoding encoding() {
    return Encoding.ANGLES;
  }

  /**
   * {@inheritDoc} Evaluates a cos x + b sin x + constant; the error is a few units in the last
   * place of κ.
   */
  @Override
  public BatchDensity batchDensity(
      List<? extends Component> components, double[] logWeights, Kernels kernels) {
    int count = components.size();
    double[][] coefficients = new double[count][];
    double[] constants = logWeights.clone();
    for (int k = 0; k < count; k++) {
      VonMises component = (VonMises) components.get(k);
      int d = component.dimension();
      coefficients[k] = new double[2 * d];
      for (int j = 0; j < d; j++) {
        double kappa = component.concentration[j];
        coefficients[k][2 * j] = kappa * Math.cos(component.meanDirection[j]);
        coefficients[k][2 * j + 1] = kappa * Math.sin(component.meanDirection[j]);
        constants[k] -= LOG_2_PI + Bessel.logI0Scaled(kappa) + kappa;
      }
    }
    return (batch, workspace) -> kernels.linear(batch, coefficients, constants, workspace);
  }

  @Override
  public double[] sample(RandomGenerator random) {
    double[] x = new double[meanDirection.length];
    Arrays.setAll(x, j -> wrap(meanDirection[j] + Variates.vonMises(concentration[j], random)));
    return x;
  }

  /** {@inheritDoc} Counted from −π: the law is taken on [−π, π]. */
  @Override
  public double cdf(double x) {
    Parameters.requireUnivariate(dimension());
    if (x <= -Math.PI) {
      return 0;
    }
    if (x >= Math.PI) {
      return 1;
    }
    double mu = meanDirection[0];
    double start = fromMean(-Math.PI - mu);
    double end = fromMean(x - mu);
    return Math.max(0, Math.min(1, end - start));
  }

  /** Integral of the centred density from −π to z for z in [−2π, 2π]: one more turn counts 1. */
  private double fromMean(double z) {
    double kappa = concentration[0];
    if (z > Math.PI) {
      return 1 + VonMisesFunctions.cdf(z - 2 * Math.PI, kappa);
    }
    if (z < -Math.PI) {
      return VonMisesFunctions.cdf(z + 2 * Math.PI, kappa) - 1;
    }
    return VonMisesFunctions.cdf(z, kappa);
  }

  @Override
  public double quantile(double p) {
    Parameters.requireUnivariate(dimension());
    Parameters.probability(p);
    return Quantiles.invert(this, p, -Math.PI, Math.PI);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VonMises that
        && Arrays.equals(meanDirection, that.meanDirection)
        && Arrays.equals(concentration, that.concentration);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(meanDirection) + Arrays.hashCode(concentration);
  }

  @Override
  public String toString() {
    return "VonMises(meanDirection "
        + Arrays.toString(meanDirection)
        + ", concentration "
        + Arrays.toString(concentration)
        + ")";
  }
}
