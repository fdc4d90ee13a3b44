package io.github.mixtura.gp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Where the learning of a spectral mixture starts: a mixture of Gaussians fitted by EM to the
 * periodogram, whose ordinates are the weights of its frequencies.
 */
public final class SpectralStart {
  private static final int FEWEST_POINTS = 4;

  private SpectralStart() {}

  /**
   * The periodogram |Σ (y_t − ȳ) e^{−2πift}|²/n at f = 1/(n·step), 2/(n·step), … below and at
   * Nyquist's frequency.
   *
   * @param frequencies in cycles per unit of the step; the record's own array
   * @param power one ordinate per frequency; the record's own array
   */
  public record Periodogram(double[] frequencies, double[] power) {
    @Override
    public String toString() {
      return "Periodogram(frequencies "
          + Arrays.toString(frequencies)
          + ", power "
          + Arrays.toString(power)
          + ")";
    }
  }

  /**
   * Computes the periodogram of values at equal distances.
   *
   * @param step finite and positive
   * @param y at least 4 values, finite
   * @return its ordinates
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static Periodogram periodogram(double step, double[] y) {
    Checks.positive(step, "step");
    Checks.atLeast(y.length, FEWEST_POINTS, "length of y");
    Checks.finite(y, "y");
    int n = y.length;
    double mean = 0;
    for (double value : y) {
      mean += value / n;
    }
    double[] spectrum = new double[2 * n];
    for (int i = 0; i < n; i++) {
      spectrum[i] = y[i] - mean;
    }
    new DoubleFFT_1D(n).realForwardFull(spectrum);
    int count = n / 2;
    double[] frequencies = new double[count];
    double[] power = new double[count];
    for (int k = 1; k <= count; k++) {
      frequencies[k - 1] = k / (n * step);
      double re = spectrum[2 * k];
      double im = spectrum[2 * k + 1];
      power[k - 1] = (re * re + im * im) / n;
    }
    return new Periodogram(frequencies, power);
  }

  /**
   * A spectral mixture like the periodogram of values at equal distances. Its value at lag 0 is
   * their variance, or the smallest or largest positive double where that is beyond; a constant
   * series gives the variance 1e-12.
   *
   * @param bump form of the bumps
   * @param components at most Q of them, at least 1 and at most a quarter of the values; EM may
   *     drop some
   * @param step finite and positive
   * @param y at least 4 values, finite
   * @return the mixture
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static SpectralMixture of(
      SpectralMixture.Bump bump, int components, double step, double[] y) {
    Objects.requireNonNull(bump, "bump");
    Checks.finite(y, "y");
    double unit = SeriesScale.unit(Arrays.stream(y).map(Math::abs).max().orElse(0));
    Periodogram periodogram =
        periodogram(step, unit == 1 ? y : Arrays.stream(y).map(v -> v / unit).toArray());
    if (components < 1 || 4L * components > y.length) {
      throw new IllegalArgumentException(
          "components is "
              + components
              + ", must be 1 to a quarter of the "
              + y.length
              + " values");
    }
    double total = 0;
    for (double power : periodogram.power) {
      total += power;
    }
    double width = 1 / (y.length * step);
    if (!(total > 1e-300)) { // of a constant
      return SpectralMixture.of(bump, List.of(new SpectralMixture.Component(1e-12, 1 / width, 0)));
    }
    Mixture<Gaussian> mixture = fit(periodogram.power, total, components);
    double variance = total * 2 / y.length;
    List<SpectralMixture.Component> bumps = new ArrayList<>();
    for (int k = 0; k < mixture.componentCount(); k++) {
      Gaussian law = mixture.component(k);
      double spread = Math.sqrt(law.covariance().get(0, 0)) * width;
      double share = Math.max(1e-12, mixture.weight(k)) * variance;
      double weight = unit == 1 ? share : SeriesScale.variance(unit, share);
      bumps.add(
          new SpectralMixture.Component(weight, 1 / (2 * Math.PI * spread), law.mean()[0] * width));
    }
    return SpectralMixture.of(bump, bumps);
  }

  /**
   * EM on the periodogram, in units of the distance of its frequencies. Every ordinate is two
   * points, of the mean and the variance of a uniform law as wide as that distance: no bump can be
   * narrower.
   */
  private static Mixture<Gaussian> fit(double[] power, double total, int components) {
    int count = power.length;
    double half = Math.sqrt(1.0 / 12);
    double[] places = new double[2 * count];
    double[] weights = new double[2 * count];
    for (int k = 0; k < count; k++) {
      for (int side = 0; side < 2; side++) {
        places[2 * k + side] = k + 1 + (side == 0 ? -half : half);
        weights[2 * k + side] = count * Math.max(1e-14, power[k] / total);
      }
    }
    return MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), components)
        .options(
            EmOptions.defaults()
                .withThreads(1)
                .withMaxIterations(300)
                .withTolerance(1e-7)
                .withOnDegenerate(DegeneracyPolicy.drop()))
        .fit(Observations.of(places).withWeights(weights))
        .mixture();
  }
}
