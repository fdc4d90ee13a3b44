package io.github.mixtura.gp;

import io.github.mixtura.optimisation.Lbfgs;
import io.github.mixtura.special.Normals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Forecasts a series of values at equal distances by a Gaussian process: a straight line with flat
 * priors, a spectral mixture, and noise. Immutable.
 *
 * <p>For 5, 8 and 10 components, and for the values and, where all are positive, their logarithms:
 * EM on the periodogram of the detrended series gives all components but one, which has frequency 0
 * and a length scale of a quarter of the series. About these the prior is normal, with deviation 1
 * for the logarithms of weights, length scales and noise, and a bump's width for its frequency.
 * L-BFGS maximises restricted likelihood times prior, and Laplace's method gives the evidence by
 * which values or logarithms are chosen. The three models of the choice count alike, each by 6
 * draws from the normal approximation about its maximum: means and variances are those over all, so
 * that the uncertainty of the line, of the parameters and of the number of components is in the
 * band. They are not weighted by evidence, which tells how well a model describes what was seen and
 * little of how far it can be trusted at a distance.
 *
 * <pre>{@code
 * Forecast forecast = SpectralForecast.of(values).forecast(24);
 * }</pre>
 *
 * <p>O(n²) time per step of learning, O(n³) time and O(n² + n·horizon) memory at the end.
 */
public final class SpectralForecast {
  /** The most values. */
  public static final int MOST_VALUES = 10_000;

  private static final int FEWEST_VALUES = 40;
  private static final int[] COMPONENTS = {5, 8, 10};
  private static final double TOLERANCE = 1e-7;
  private static final double PRUNED = 1e-6;
  private static final int DRAWS = 6;
  private static final double PRIOR_DEVIATION = 1;

  private final double[] values;
  private final double level;
  private final int maxIterations;
  private final Duration timeLimit;
  private final BooleanSupplier cancelled;

  /** A learned model; {@code start} has the components' number and form. */
  private record Model(SpectralMixture start, Posterior posterior) {

    SpectralMixture mixture(double[] point) {
      return start.withParameters(Arrays.copyOf(point, point.length - 1));
    }

    double noiseVariance(double[] point) {
      return Math.exp(point[point.length - 1]);
    }
  }

  /** The models of one scale, the one of the highest evidence first. */
  private record Models(Scale scale, TrendedSeries series, List<Model> all) {
    Model best() {
      return all.get(0);
    }

    /** Of the values themselves under the best model. */
    double logEvidence(double[] values) {
      return best().posterior.logEvidence() + scale.logJacobian(values);
    }
  }

  /** Values as (value or log value − mean)/deviation. */
  private record Scale(boolean logarithm, double mean, double deviation) {
    double[] apply(double[] values) {
      return Arrays.stream(values).map(v -> (modelled(v) - mean) / deviation).toArray();
    }

    double modelled(double value) {
      return logarithm ? Math.log(value) : value;
    }

    double back(double scaled) {
      double value = mean + deviation * scaled;
      return logarithm ? Math.exp(value) : value;
    }

    /** What the density of scaled values is multiplied by for that of the values, as logarithm. */
    double logJacobian(double[] values) {
      double sum = 0;
      for (double value : values) {
        sum -= Math.log(deviation) + (logarithm ? Math.log(value) : 0);
      }
      return sum;
    }
  }

  private SpectralForecast(
      double[] values,
      double level,
      int maxIterations,
      Duration timeLimit,
      BooleanSupplier cancelled) {
    this.values = values;
    this.level = level;
    this.maxIterations = maxIterations;
    this.timeLimit = timeLimit;
    this.cancelled = cancelled;
  }

  /**
   * Takes a series; the band has level 0.95 and learning at most 300 steps per model.
   *
   * @param values 40 to 10 000, at equal distances, finite, not all the same; copied
   * @return the forecast to be made
   * @throws IllegalArgumentException if there are too few or too many, one is not finite, or all
   *     are the same
   */
  public static SpectralForecast of(double[] values) {
    if (values.length < FEWEST_VALUES || values.length > MOST_VALUES) {
      throw new IllegalArgumentException(
          "length of values is "
              + values.length
              + ", must be "
              + FEWEST_VALUES
              + " to "
              + MOST_VALUES);
    }
    Checks.finite(values, "values");
    if (Arrays.stream(values).allMatch(v -> v == values[0])) {
      throw new IllegalArgumentException(
          "values are all " + values[0] + ", must not all be the same");
    }
    return new SpectralForecast(values.clone(), 0.95, 300, null, () -> false);
  }

  /**
   * Changes the level of the band.
   *
   * @param value in (0, 1)
   * @return changed copy
   * @throws IllegalArgumentException if it is not
   */
  public SpectralForecast withLevel(double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException("level is " + value + ", must be in (0, 1)");
    }
    return new SpectralForecast(values, value, maxIterations, timeLimit, cancelled);
  }

  /**
   * Changes the most steps of learning per model.
   *
   * @param value at least 1
   * @return changed copy
   * @throws IllegalArgumentException if it is less than 1
   */
  public SpectralForecast withMaxIterations(int value) {
    Checks.atLeast(value, 1, "maxIterations");
    return new SpectralForecast(values, level, value, timeLimit, cancelled);
  }

  /**
   * Changes the time limit of learning. The models learned so far are used when it is over.
   *
   * @param value not negative; {@code null} for none
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public SpectralForecast withTimeLimit(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + value + ", must not be negative");
    }
    return new SpectralForecast(values, level, maxIterations, value, cancelled);
  }

  /**
   * Changes who is asked whether to go on.
   *
   * @param value true once the forecast shall end with a {@link CancellationException}
   * @return changed copy
   */
  public SpectralForecast withCancelled(BooleanSupplier value) {
    Objects.requireNonNull(value, "cancelled");
    return new SpectralForecast(values, level, maxIterations, timeLimit, value);
  }

  /**
   * Learns and forecasts.
   *
   * @param horizon number of steps ahead, 1 to 10 000
   * @return the forecast
   * @throws IllegalArgumentException if the horizon is outside its range
   * @throws CancellationException if cancelled
   */
  public Forecast forecast(int horizon) {
    if (horizon < 1 || horizon > MOST_VALUES) {
      throw new IllegalArgumentException("horizon is " + horizon + ", must be 1 to " + MOST_VALUES);
    }
    long start = System.nanoTime();
    BooleanSupplier stop =
        () ->
            cancelled.getAsBoolean()
                || timeLimit != null && System.nanoTime() - start > timeLimit.toNanos();
    Models best = null;
    for (Scale scale : scales()) {
      if (best == null || !stop.getAsBoolean()) {
        Models models = learn(scale, stop);
        Toeplitz.requireGoingOn(cancelled);
        best =
            best == null || models.logEvidence(values) > best.logEvidence(values) ? models : best;
      }
    }
    Forecast forecast = band(best, horizon, stop);
    Toeplitz.requireGoingOn(cancelled);
    return forecast;
  }

  private List<Scale> scales() {
    List<Scale> scales = new ArrayList<>();
    for (boolean logarithm : new boolean[] {false, true}) {
      if (!logarithm || Arrays.stream(values).allMatch(v -> v > 0)) {
        Scale unit = new Scale(logarithm, 0, 1);
        double mean = Arrays.stream(values).map(unit::modelled).average().orElseThrow();
        double square =
            Arrays.stream(values)
                .map(v -> (unit.modelled(v) - mean) * (unit.modelled(v) - mean))
                .average()
                .orElseThrow();
        scales.add(new Scale(logarithm, mean, Math.sqrt(square)));
      }
    }
    return scales;
  }

  private Models learn(Scale scale, BooleanSupplier stop) {
    TrendedSeries series = new TrendedSeries(scale.apply(values));
    List<Model> models = new ArrayList<>();
    for (int components : COMPONENTS) {
      if (models.isEmpty() || !stop.getAsBoolean()) {
        SpectralMixture start = start(series.detrended(), components);
        Posterior posterior = posterior(series, start, stop);
        if (models.isEmpty() || posterior.logEvidence() > Double.NEGATIVE_INFINITY) {
          models.add(new Model(start, posterior));
        }
      }
    }
    models.sort(Comparator.comparingDouble((Model m) -> m.posterior.logEvidence()).reversed());
    return new Models(scale, series, models);
  }

  private Posterior posterior(TrendedSeries series, SpectralMixture start, BooleanSupplier stop) {
    double[] centre =
        SumCovariance.joined(start.parameters(), new double[] {Math.log(0.02 * start.value(0))});
    int count = centre.length - 1;
    Lbfgs.Objective likelihood =
        (point, gradient) -> {
          for (double value : point) {
            if (!(Math.abs(value) < 30)) {
              return Double.POSITIVE_INFINITY;
            }
          }
          double value =
              series.logLikelihood(
                  start.withParameters(Arrays.copyOf(point, count)),
                  Math.exp(point[count]),
                  gradient);
          Arrays.setAll(gradient, i -> -gradient[i]);
          return -value;
        };
    return new Posterior(
        likelihood, centre, priorScales(start), new Lbfgs(maxIterations, TOLERANCE, stop), stop);
  }

  private static double[] priorScales(SpectralMixture mixture) {
    int count = mixture.components().size();
    double[] scales = new double[3 * count + 1];
    Arrays.fill(scales, PRIOR_DEVIATION);
    for (int q = 0; q < count; q++) {
      scales[2 * count + q] = 1 / (2 * Math.PI * mixture.components().get(q).lengthScale());
    }
    return scales;
  }

  private static SpectralMixture start(double[] detrended, int components) {
    SpectralMixture bumps =
        SpectralStart.of(SpectralMixture.Bump.GAUSSIAN, components - 1, 1, detrended);
    List<SpectralMixture.Component> all = new ArrayList<>(bumps.components());
    all.add(new SpectralMixture.Component(0.3 * bumps.value(0), detrended.length / 4.0, 0));
    return SpectralMixture.of(SpectralMixture.Bump.GAUSSIAN, all);
  }

  /** Means and variances over the models and their draws, each model counting alike. */
  private static double[][] predict(Models models, int horizon, BooleanSupplier stop) {
    double[] mean = new double[horizon];
    double[] squares = new double[horizon];
    double[] within = new double[horizon];
    double total = 0;
    for (Model model : models.all) {
      if (total > 0 && stop.getAsBoolean()) {
        break;
      }
      List<double[]> points = model.posterior.draws(DRAWS, stop);
      if (points.isEmpty()) {
        points.add(model.posterior.point());
      }
      double weight = 1.0 / points.size();
      for (double[] point : points) {
        total += weight;
        double[][] one =
            models.series.predict(model.mixture(point), model.noiseVariance(point), horizon);
        for (int h = 0; h < horizon; h++) {
          double change = one[0][h] - mean[h];
          mean[h] += weight / total * change;
          squares[h] += weight * change * (one[0][h] - mean[h]);
          within[h] += weight / total * (one[1][h] - within[h]);
        }
      }
    }
    for (int h = 0; h < horizon; h++) {
      within[h] += squares[h] / total;
    }
    return new double[][] {mean, within};
  }

  private Forecast band(Models models, int horizon, BooleanSupplier stop) {
    double[][] predicted = predict(models, horizon, stop);
    Scale scale = models.scale;
    double z = -Normals.quantile((1 - level) / 2);
    double[] median = new double[horizon];
    double[] lower = new double[horizon];
    double[] upper = new double[horizon];
    for (int h = 0; h < horizon; h++) {
      double half = z * Math.sqrt(predicted[1][h]);
      median[h] = scale.back(predicted[0][h]);
      lower[h] = scale.back(predicted[0][h] - half);
      upper[h] = scale.back(predicted[0][h] + half);
    }
    Model best = models.best();
    double[] point = best.posterior.point();
    double square = scale.deviation * scale.deviation;
    SpectralMixture.Pruned pruned = scaled(best.mixture(point), square).pruned(PRUNED);
    return new Forecast(
        median,
        lower,
        upper,
        level,
        pruned.mixture(),
        pruned.removed(),
        best.noiseVariance(point) * square,
        scale.logarithm,
        models.logEvidence(values));
  }

  private static SpectralMixture scaled(SpectralMixture mixture, double factor) {
    return SpectralMixture.of(
        mixture.bump(),
        mixture.components().stream()
            .map(
                c ->
                    new SpectralMixture.Component(
                        factor * c.weight(), c.lengthScale(), c.frequency()))
            .toList());
  }
}
