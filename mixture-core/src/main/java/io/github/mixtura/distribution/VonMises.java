package io.github.mixtura.distribution;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.special.AngleFunctions;
import io.github.mixtura.special.Bessel;
import io.github.mixtura.special.VonMisesFunctions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The von Mises law of an angle, and its product over d independent angles (the d-torus): log f(x)
 * = Σ_j κ_j cos(x_j − μ_j) − log 2πI₀(κ_j), angles in radians, density per radian.
 *
 * <p>κ = 0 is the uniform law. The log-density is computed as −2κ sin²((x−μ)/2) − log(2π e^−κ
 * I₀(κ)), to 1e-14 (1 + |value|) for every κ. Angles outside (−π, π], however large, mean the same
 * as inside: whole turns are taken off exactly.
 */
public final class VonMises implements Component, Univariate, Sampled {
  /** Largest κ, a spread of 3e-8 radians: narrower, doubles near π are too few to tell angles. */
  public static final double LARGEST_CONCENTRATION = 1e15;

  /** Largest κ for which cosine and sine of the angles hold the digits that are needed. */
  private static final double ENCODED = 1e4;

  /** Part of κ and column which a value may be above to be computed again. */
  private static final double FAR = 1e-3;

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
   * @param concentration d values κ from 0 to {@value #LARGEST_CONCENTRATION} (read)
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
      if (!(v >= 0 && v <= LARGEST_CONCENTRATION)) {
        throw new IllegalArgumentException(
            "concentration is "
                + v
                + ", must be from 0 to "
                + LARGEST_CONCENTRATION
                + ": beyond, double precision does not hold the angles");
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
   * @param concentration κ from 0 to {@value #LARGEST_CONCENTRATION}
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
    double wrapped = AngleFunctions.wrap(angle);
    return wrapped > -Math.PI && wrapped < Math.PI ? wrapped : Math.PI;
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
      sum += -concentration[j] * versine(x[j], j) - LOG_2_PI - Bessel.logI0Scaled(concentration[j]);
    }
    return sum;
  }

  /** 1 − cos(x − μ_j), accurate where it is small. */
  private double versine(double x, int j) {
    double s = AngleFunctions.sineOfHalf(x, meanDirection[j]);
    return 2 * s * s;
  }

  @Override
  public double logRatio(Component other, double... x) {
    requireDimension(x);
    VonMises that = (VonMises) other;
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      double here = AngleFunctions.difference(x[j], meanDirection[j]);
      double there = AngleFunctions.difference(x[j], that.meanDirection[j]);
      double apart = AngleFunctions.difference(that.meanDirection[j], meanDirection[j]);
      // cos(x−ν) less cos(x−μ), whose product form keeps the digits where both are far away.
      double gain = 2 * Math.sin(0.5 * (here + there)) * Math.sin(0.5 * apart);
      if (Math.abs(here - there - apart) > Math.PI) {
        gain = -gain;
      }
      sum +=
          -concentration[j] * gain
              - (concentration[j] - that.concentration[j]) * that.versine(x[j], j)
              - Bessel.logI0Scaled(concentration[j])
              + Bessel.logI0Scaled(that.concentration[j]);
    }
    return sum;
  }

  @Override
  public Encoding encoding() {
    return Encoding.ANGLES;
  }

  /**
   * {@inheritDoc} Where all κ are at most 1e4, evaluates a cos x + b sin x + constant; the error is
   * a few units in the last place of κ. A component with a larger κ is evaluated from the angles
   * themselves where it matters; the error is at most 1e-12 (1 + |value|).
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
    List<Integer> narrow = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      VonMises component = (VonMises) components.get(k);
      if (Arrays.stream(component.concentration).anyMatch(VonMises::needsAngles)) {
        narrow.add(k);
      }
    }
    if (narrow.isEmpty()) {
      return (batch, workspace) -> kernels.linear(batch, coefficients, constants, workspace);
    }
    return (batch, workspace) -> {
      kernels.linear(batch, coefficients, constants, workspace);
      for (int k : narrow) {
        ((VonMises) components.get(k)).writeFromAngles(k, logWeights[k], batch, workspace);
      }
    };
  }

  /**
   * Whether a concentration is so large that laws and sums are to be computed from the angles, not
   * from their cosines and sines.
   *
   * @param concentration κ
   * @return true above 1e4
   */
  public static boolean needsAngles(double concentration) {
    return concentration > ENCODED;
  }

  /**
   * Replaces values of which cosines and sines have lost digits. The further a row is from the mean
   * directions the more the rounding, a few units in the last place of κ, is below the value.
   */
  private void writeFromAngles(int k, double logWeight, Batch batch, Workspace workspace) {
    double constant = logWeight;
    double total = 0;
    for (double kappa : concentration) {
      constant -= LOG_2_PI + Bessel.logI0Scaled(kappa);
      total += kappa;
    }
    double far = -FAR * (3 + concentration.length) * total;
    double[] values = new double[batch.rows()];
    double[] exact = new double[batch.rows()];
    double[] angles = new double[batch.rows()];
    workspace.read(batch, k, values);
    Arrays.fill(exact, constant);
    for (int j = 0; j < concentration.length; j++) {
      batch.copyOriginal(j, angles);
      for (int i = 0; i < values.length; i++) {
        if (values[i] > far) {
          exact[i] -= concentration[j] * versine(angles[i], j);
        }
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] > far ? exact[i] : values[i];
    }
    workspace.write(batch, k, values);
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
    return mass(x, meanDirection[0]);
  }

  /** {@inheritDoc} Counted to π: the law is taken on [−π, π]. */
  @Override
  public double survival(double x) {
    Parameters.requireUnivariate(dimension());
    if (x <= -Math.PI) {
      return 1;
    }
    if (x >= Math.PI) {
      return 0;
    }
    return mass(-x, -meanDirection[0]);
  }

  /** Integral from −π to x of the law about μ, made of tails about μ that are small. */
  private double mass(double x, double mu) {
    double kappa = concentration[0];
    double z = x - mu;
    double near = Math.max(-Math.PI, Math.min(Math.PI, AngleFunctions.difference(x, mu)));
    double here = VonMisesFunctions.cdf(near, kappa);
    double result;
    if (mu >= 0) {
      // [−π, μ − π] is the end of the upper tail.
      double end = VonMisesFunctions.cdf(mu - Math.PI, kappa);
      result = z < -Math.PI ? end - VonMisesFunctions.cdf(-near, kappa) : here + end;
    } else {
      double start = VonMisesFunctions.cdf(-Math.PI - mu, kappa);
      result = z > Math.PI ? 1 - (start - here) : here - start;
    }
    return Math.max(0, Math.min(1, result));
  }

  @Override
  public double quantile(double p) {
    Parameters.requireUnivariate(dimension());
    Parameters.probability(p);
    return Quantiles.invert(this, p, -Math.PI, Math.PI);
  }

  @Override
  public double upperQuantile(double p) {
    Parameters.requireUnivariate(dimension());
    Parameters.probability(p);
    return Quantiles.invertSurvival(this, p, -Math.PI, Math.PI);
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
