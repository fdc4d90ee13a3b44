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
 * Forecasts a series of values at equal distances, by what explains them with the higher evidence:
 * a sum of a few simple terms and independent noise, or a Gaussian process of a straight line with
 * flat priors, a spectral mixture, and noise. Both are tried on the values, on their logarithms
 * where all are positive, and, where none is negative and one or at most 1 % are 0, on the
 * logarithms of the values plus half the smallest positive one (or, of simple terms, 1e-9 of it).
 * Immutable.
 *
 * <p>The simple terms are level, slope, square and cube of time, exponentials, waves, one season of
 * any pattern, steps, and spikes (values out of line); they are sought forward and backward. A
 * series that such a sum explains to 1e-7 of its deviation is forecast by it at once. Bands are
 * those of Student's t with the uncertainty of coefficients, frequencies and rates; they are
 * widened where the last fifth, forecast from what is before it, shows them too narrow. The noise
 * has a standard deviation of at least 1e-12 of the values' and of their rounding: a constant is
 * forecast as itself with that of 1e-12 of itself. Below 12 values only level, slope and noise are
 * tried.
 *
 * <p>The spectral mixtures have 5, 8 and 10 components, or one more than a quarter of the values:
 * EM on the periodogram of the detrended series gives all components but one, which has frequency 0
 * and a length scale of a quarter of the series. About these the prior is normal, with deviation 1
 * for the logarithms of weights, length scales and noise, and a bump's width for its frequency.
 * L-BFGS maximises restricted likelihood times prior, and Laplace's method gives the evidence, from
 * which 5 are taken where a sum of terms stands against it, as that prior has seen the values. The
 * three models of the choice count alike, each by 6 draws from the normal approximation about its
 * maximum: means and variances are those over all, so that the uncertainty of the line, of the
 * parameters and of the number of components is in the band. They are not weighted by evidence,
 * which tells how well a model describes what was seen and little of how far it can be trusted at a
 * distance.
 *
 * <pre>{@code
 * SeriesForecast forecast = SpectralForecast.of(values).forecast(24);
 * }</pre>
 *
 * <p>O(n²) time per step of learning, O(n³) time and O(n² + n·horizon) memory at the end.
 */
public final class SpectralForecast {
  /** The most values. */
  public static final int MOST_VALUES = 10_000;

  private static final int FEWEST_VALUES = 3;

  /** Fewer values do not hold a spectrum. */
  private static final int FEWEST_OF_MIXTURES = TermSearch.FEWEST_VALUES;

  /** More values take more than a moment to forecast from by a spectral mixture. */
  private static final int MOST_WHEN_LATE = 1000;

  /** Of a sum of terms that leaves no more than this of the deviation, nothing is left to learn. */
  private static final double EXACT = 1e-7;

  /**
   * What the evidence of a spectral mixture has too much, as its prior stands about bumps that were
   * found in the same values: one for each of the fewest. On 60 short series of a line or a wave
   * and white noise its excess was 1 to 8, and the sum of terms erred less.
   */
  private static final double PLACED_BY_THE_DATA = 5;

  private static final double LENGTH_OF_A_WAVE = 1e6;

  /** How far a logarithm may go from where it starts. */
  private static final double FARTHEST = 30;

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
  private record Model(SpectralMixture start, Posterior posterior, double floor) {

    SpectralMixture mixture(double[] point) {
      return start.withParameters(Arrays.copyOf(point, point.length - 1));
    }

    double noiseVariance(double[] point) {
      return SpectralForecast.noiseVariance(point[point.length - 1], floor);
    }
  }

  /** The models of one scale, the one of the highest evidence first. */
  private record Models(SeriesScale scale, TrendedSeries series, List<Model> all) {
    Model best() {
      return all.get(0);
    }

    /** Of the values themselves under the best model. */
    double logEvidence(double[] values) {
      return best().posterior.logEvidence() + scale.logJacobian(values);
    }
  }

  /** A sum of simple terms in one scale. */
  private record Simple(SeriesScale scale, TermSum sum) {
    double logEvidence(double[] values) {
      return sum.logEvidence() + scale.logJacobian(values);
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
   * @param values 3 to 10 000, at equal distances, finite; copied
   * @return the forecast to be made
   * @throws IllegalArgumentException if there are too few or too many, or one is not finite
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
   * Changes the time limit of learning. When it is over, what was learned so far is used: the
   * spectral mixtures, or, if there are more than 1000 values and no mixture was learned to its
   * end, the simple terms found. A forecast from mixtures is made after it, in O(n³) time.
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
  public SeriesForecast forecast(int horizon) {
    if (horizon < 1 || horizon > MOST_VALUES) {
      throw new IllegalArgumentException("horizon is " + horizon + ", must be 1 to " + MOST_VALUES);
    }
    long start = System.nanoTime();
    BooleanSupplier stop =
        () ->
            cancelled.getAsBoolean()
                || timeLimit != null && System.nanoTime() - start > timeLimit.toNanos();
    List<SeriesScale> scales = SeriesScale.of(values);
    Simple simple = simple(SeriesScale.ofTerms(values), stop);
    boolean late = stop.getAsBoolean();
    Toeplitz.requireGoingOn(cancelled);
    if (values.length < FEWEST_OF_MIXTURES || simple.sum.isExact(EXACT)) {
      return band(simple, horizon, simple.logEvidence(values));
    }
    boolean many = values.length > MOST_WHEN_LATE;
    Models best = null;
    for (SeriesScale scale : late && many ? List.<SeriesScale>of() : scales) {
      if (best == null || !stop.getAsBoolean()) {
        Models models = learn(scale, stop);
        Toeplitz.requireGoingOn(cancelled);
        best =
            best == null || models.logEvidence(values) > best.logEvidence(values) ? models : best;
      }
    }
    late = stop.getAsBoolean();
    double evidence = best == null ? Double.NEGATIVE_INFINITY : best.logEvidence(values);
    if (late && many && evidence == Double.NEGATIVE_INFINITY) {
      return band(simple, horizon, Double.NEGATIVE_INFINITY);
    }
    if (!late && simple.logEvidence(values) > evidence - PLACED_BY_THE_DATA) {
      return band(simple, horizon, simple.logEvidence(values));
    }
    SeriesForecast forecast = band(best, horizon, stop);
    Toeplitz.requireGoingOn(cancelled);
    return forecast;
  }

  private Simple simple(List<SeriesScale> scales, BooleanSupplier stop) {
    Simple best = null;
    for (SeriesScale scale : scales) {
      double[] scaled = scale.apply(values);
      boolean exact = best != null && best.sum.isExact(0);
      Simple next =
          new Simple(
              scale,
              exact
                  ? TermSearch.line(scaled, scale.floor())
                  : TermSearch.best(scaled, scale.floor(), stop));
      best = best == null || next.logEvidence(values) > best.logEvidence(values) ? next : best;
    }
    return best;
  }

  private Models learn(SeriesScale scale, BooleanSupplier stop) {
    TrendedSeries series = new TrendedSeries(scale.apply(values));
    List<Model> models = new ArrayList<>();
    for (int components : components(values.length)) {
      if (models.isEmpty() || !stop.getAsBoolean()) {
        SpectralMixture start = start(series.detrended(), components);
        Posterior posterior = posterior(series, start, scale.floor(), stop);
        if (models.isEmpty() || posterior.logEvidence() > Double.NEGATIVE_INFINITY) {
          models.add(new Model(start, posterior, scale.floor()));
        }
      }
    }
    models.sort(Comparator.comparingDouble((Model m) -> m.posterior.logEvidence()).reversed());
    return new Models(scale, series, models);
  }

  /** One component fewer than these is fitted to the periodogram, from four values each. */
  private static int[] components(int length) {
    int most = length / 4 + 1;
    return Arrays.stream(COMPONENTS).map(c -> Math.min(c, most)).distinct().toArray();
  }

  private static double noiseVariance(double logarithm, double floor) {
    return Math.max(floor * floor, Math.exp(logarithm));
  }

  private Posterior posterior(
      TrendedSeries series, SpectralMixture start, double floor, BooleanSupplier stop) {
    double[] centre =
        SumCovariance.joined(start.parameters(), new double[] {Math.log(0.02 * start.value(0))});
    int count = centre.length - 1;
    Lbfgs.Objective likelihood =
        (point, gradient) -> {
          for (int i = 0; i < point.length; i++) {
            if (!(Math.abs(point[i] - centre[i]) < FARTHEST)) {
              return Double.POSITIVE_INFINITY;
            }
          }
          double noise = noiseVariance(point[count], floor);
          double value =
              series.logLikelihood(
                  start.withParameters(Arrays.copyOf(point, count)), noise, gradient);
          if (noise == floor * floor) {
            gradient[count] = 0;
          }
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

  private SeriesForecast band(Models models, int horizon, BooleanSupplier stop) {
    double[][] predicted = predict(models, horizon, stop);
    double z = -Normals.quantile((1 - level) / 2);
    Arrays.setAll(predicted[1], h -> z * Math.sqrt(Math.max(0, predicted[1][h])));
    Model best = models.best();
    double[] point = best.posterior.point();
    SpectralMixture.Pruned pruned = inUnits(best.mixture(point), models.scale).pruned(PRUNED);
    return forecast(
        models.scale,
        predicted,
        pruned,
        best.noiseVariance(point),
        List.of("level", "slope", "spectral mixture"),
        models.logEvidence(values));
  }

  private SeriesForecast band(Simple simple, int horizon, double logEvidence) {
    TermSum sum = simple.sum;
    List<SpectralMixture.Component> lines = new ArrayList<>();
    for (double[] wave : sum.waves()) {
      lines.add(new SpectralMixture.Component(wave[0], LENGTH_OF_A_WAVE * values.length, wave[1]));
    }
    if (lines.isEmpty()) {
      lines.add(new SpectralMixture.Component(sum.noiseVariance(), values.length, 0));
    }
    SpectralMixture mixture = SpectralMixture.of(SpectralMixture.Bump.GAUSSIAN, lines);
    return forecast(
        simple.scale,
        sum.predict(horizon, level),
        new SpectralMixture.Pruned(inUnits(mixture, simple.scale), List.of()),
        sum.noiseVariance(),
        sum.terms().stream().map(Term::toString).toList(),
        logEvidence);
  }

  private SeriesForecast forecast(
      SeriesScale scale,
      double[][] predicted,
      SpectralMixture.Pruned mixture,
      double noiseVariance,
      List<String> terms,
      double logEvidence) {
    int horizon = predicted[0].length;
    double[] median = new double[horizon];
    double[] lower = new double[horizon];
    double[] upper = new double[horizon];
    for (int h = 0; h < horizon; h++) {
      median[h] = scale.back(predicted[0][h]);
      lower[h] = scale.back(predicted[0][h] - predicted[1][h]);
      upper[h] = scale.back(predicted[0][h] + predicted[1][h]);
    }
    return new SeriesForecast(
        median,
        lower,
        upper,
        level,
        mixture.mixture(),
        mixture.removed(),
        scale.variance(noiseVariance),
        scale.logarithm(),
        logEvidence,
        terms);
  }

  private static SpectralMixture inUnits(SpectralMixture mixture, SeriesScale scale) {
    return SpectralMixture.of(
        mixture.bump(),
        mixture.components().stream()
            .map(
                c ->
                    new SpectralMixture.Component(
                        scale.variance(c.weight()), c.lengthScale(), c.frequency()))
            .toList());
  }
}
