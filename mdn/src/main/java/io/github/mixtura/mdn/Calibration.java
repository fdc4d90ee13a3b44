package io.github.mixtura.mdn;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import io.github.mixtura.special.Normals;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.special.Gamma;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * How well forecast laws of one target agree with what came. Gneiting, Balabdaoui &amp; Raftery
 * 2007, doi:10.1111/j.1467-9868.2007.00587.x.
 *
 * @param n number of forecasts
 * @param pit probability integral transforms F_i(y_i), in the order of the forecasts
 * @param histogram counts of the transforms in bins of equal width over [0, 1]
 * @param chiSquare of the histogram against equal counts, bins − 1 degrees of freedom
 * @param chiSquarePValue its p-value, for independent forecasts
 * @param kolmogorov greatest distance between the transforms' distribution and the uniform one
 * @param kolmogorovPValue its p-value, for independent forecasts
 * @param meanLogDensity mean of log f_i(y_i); higher is better
 * @param crps mean continuous ranked probability score; lower is better. Closed form for Gaussian
 *     mixtures, otherwise from 200 quantiles, to about 1e-3 of it
 * @param levels probabilities of the quantiles below
 * @param pinball mean pinball loss of each quantile; lower is better
 * @param below share of targets at or below each quantile; should be the level
 * @param coverage share of targets in each {@link #INTERVALS central interval}
 */
public record Calibration(
    int n,
    List<Double> pit,
    List<Integer> histogram,
    double chiSquare,
    double chiSquarePValue,
    double kolmogorov,
    double kolmogorovPValue,
    double meanLogDensity,
    double crps,
    List<Double> levels,
    List<Double> pinball,
    List<Double> below,
    List<Double> coverage) {

  /** Probabilities of the central intervals whose coverage is reported. */
  public static final List<Double> INTERVALS = List.of(0.5, 0.8, 0.9, 0.95, 0.99);

  private static final double[] LEVELS = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
  private static final int BINS = 20;
  private static final int CRPS_QUANTILES = 200;

  /**
   * Copies the lists.
   *
   * @param n see the record
   * @param pit see the record
   * @param histogram see the record
   * @param chiSquare see the record
   * @param chiSquarePValue see the record
   * @param kolmogorov see the record
   * @param kolmogorovPValue see the record
   * @param meanLogDensity see the record
   * @param crps see the record
   * @param levels see the record
   * @param pinball see the record
   * @param below see the record
   * @param coverage see the record
   */
  public Calibration {
    pit = List.copyOf(pit);
    histogram = List.copyOf(histogram);
    levels = List.copyOf(levels);
    pinball = List.copyOf(pinball);
    below = List.copyOf(below);
    coverage = List.copyOf(coverage);
  }

  /**
   * Judges a network by examples that it has not learnt from.
   *
   * @param model a network with one target
   * @param examples at least 20
   * @return the report
   * @throws IllegalArgumentException if there are several targets or fewer examples
   */
  public static Calibration of(ConditionalMixture model, Examples examples) {
    if (examples.targets() != 1) {
      throw new IllegalArgumentException(
          "examples have " + examples.targets() + " targets, must have 1");
    }
    return of(model.at(examples), examples.targetColumns()[0]);
  }

  /**
   * Judges forecasts.
   *
   * @param forecasts laws of one column
   * @param outcomes what came, one for each (read)
   * @return the report
   * @throws IllegalArgumentException if the numbers differ or are below 20
   */
  public static Calibration of(
      List<? extends Mixture<? extends Component>> forecasts, double[] outcomes) {
    int n = outcomes.length;
    if (forecasts.size() != n || n < 20) {
      throw new IllegalArgumentException(
          "there are "
              + forecasts.size()
              + " forecasts and "
              + n
              + " outcomes, must be the same number, at least 20");
    }
    double[] pit = new double[n];
    int[] counts = new int[BINS];
    double logDensity = 0;
    double crps = 0;
    double[] pinball = new double[LEVELS.length];
    double[] below = new double[LEVELS.length];
    for (int i = 0; i < n; i++) {
      Mixture<? extends Component> law = forecasts.get(i);
      pit[i] = Math.max(0, Math.min(1, law.cdf(outcomes[i])));
      counts[Math.min(BINS - 1, (int) (BINS * pit[i]))]++;
      logDensity += law.logDensity(outcomes[i]) / n;
      crps += crps(law, outcomes[i]) / n;
      for (int l = 0; l < LEVELS.length; l++) {
        double quantile = law.quantile(LEVELS[l]);
        pinball[l] += pinball(quantile, LEVELS[l], outcomes[i]) / n;
        below[l] += outcomes[i] <= quantile ? 1.0 / n : 0;
      }
    }
    double chiSquare = 0;
    double expected = (double) n / BINS;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    double distance = kolmogorov(pit);
    return new Calibration(
        n,
        Arrays.stream(pit).boxed().toList(),
        Arrays.stream(counts).boxed().toList(),
        chiSquare,
        Gamma.regularizedGammaQ(0.5 * (BINS - 1), 0.5 * chiSquare),
        distance,
        1 - new KolmogorovSmirnovTest().cdf(distance, n),
        logDensity,
        crps,
        Arrays.stream(LEVELS).boxed().toList(),
        Arrays.stream(pinball).boxed().toList(),
        Arrays.stream(below).boxed().toList(),
        INTERVALS.stream().map(p -> coverage(pit, p)).toList());
  }

  private static double coverage(double[] pit, double probability) {
    double low = 0.5 * (1 - probability);
    return Arrays.stream(pit).filter(u -> u >= low && u <= 1 - low).count() / (double) pit.length;
  }

  private static double kolmogorov(double[] pit) {
    double[] sorted = pit.clone();
    Arrays.sort(sorted);
    double distance = 0;
    int n = sorted.length;
    for (int i = 0; i < n; i++) {
      distance = Math.max(distance, (i + 1.0) / n - sorted[i]);
      distance = Math.max(distance, sorted[i] - (double) i / n);
    }
    return distance;
  }

  /**
   * Pinball loss of a quantile.
   *
   * @param quantile the forecast
   * @param level its probability
   * @param outcome what came
   * @return (level − 1[outcome &lt; quantile]) (outcome − quantile)
   */
  public static double pinball(double quantile, double level, double outcome) {
    return (level - (outcome < quantile ? 1 : 0)) * (outcome - quantile);
  }

  /**
   * Continuous ranked probability score ∫ (F(x) − 1[x ≥ y])² dx. For Gaussian mixtures Σ π_i a(y −
   * μ_i, σ_i²) − ½ Σ π_i π_j a(μ_i − μ_j, σ_i² + σ_j²) with a(m, s²) = 2 s φ(m/s) + m (2Φ(m/s) −
   * 1); Grimit et al. 2006, doi:10.1256/qj.05.235.
   *
   * @param law of one column
   * @param outcome what came
   * @return the score, in the units of the outcome; lower is better
   */
  public static double crps(Mixture<? extends Component> law, double outcome) {
    if (!(law.component(0) instanceof Gaussian)) {
      double sum = 0;
      for (int i = 0; i < CRPS_QUANTILES; i++) {
        double level = (i + 0.5) / CRPS_QUANTILES;
        sum += 2 * pinball(law.quantile(level), level, outcome) / CRPS_QUANTILES;
      }
      return sum;
    }
    int count = law.componentCount();
    double[] mean = new double[count];
    double[] variance = new double[count];
    for (int k = 0; k < count; k++) {
      Gaussian component = (Gaussian) law.component(k);
      mean[k] = component.mean()[0];
      variance[k] = component.covariance().get(0, 0);
    }
    double score = 0;
    for (int i = 0; i < count; i++) {
      score += law.weight(i) * meanDistance(outcome - mean[i], variance[i]);
      for (int j = 0; j < count; j++) {
        score -=
            0.5
                * law.weight(i)
                * law.weight(j)
                * meanDistance(mean[i] - mean[j], variance[i] + variance[j]);
      }
    }
    return score;
  }

  /** E|X| for X normal with mean m and variance s². */
  private static double meanDistance(double m, double variance) {
    double s = Math.sqrt(variance);
    double z = m / s;
    return 2 * s * Math.exp(Normals.logDensity(z)) + m * (2 * Normals.cdf(z) - 1);
  }
}
