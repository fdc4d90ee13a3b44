package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Compares risk models on the last days of a series. Immutable; each {@code with…} method returns a
 * changed copy.
 *
 * <pre>{@code
 * RiskReport report = RiskStudy.of(Ewma.of(), Garch.studentT()).onPrices(prices);
 * }</pre>
 *
 * <p>Every model is compared with a benchmark, {@link Ewma} with λ = 0.94, which is forecast also
 * where it is not among the models.
 */
public final class RiskStudy {
  /** Fewest test days. */
  public static final int LEAST_TEST_DAYS = 20;

  private final List<RiskModel> models;
  private final double[] levels;
  private final int window;
  private final int testDays;
  private final int simulations;
  private final long seed;
  private final RiskOptions options;

  private RiskStudy(
      List<RiskModel> models,
      double[] levels,
      int window,
      int testDays,
      int simulations,
      long seed,
      RiskOptions options) {
    this.models = models;
    this.levels = levels;
    this.window = window;
    this.testDays = testDays;
    this.simulations = simulations;
    this.seed = seed;
    this.options = options;
  }

  /**
   * A study at the levels 0.95 and 0.99, with windows of 1000 days, 500 test days, 10 000
   * simulations for the test of expected shortfall and seed 1.
   *
   * @param models at least one, of different names
   * @return the study
   * @throws IllegalArgumentException if there is no model or two have the same name
   */
  public static RiskStudy of(RiskModel... models) {
    return of(List.of(models));
  }

  /**
   * A study with the same defaults.
   *
   * @param models at least one, of different names
   * @return the study
   * @throws IllegalArgumentException if there is no model or two have the same name
   */
  public static RiskStudy of(List<? extends RiskModel> models) {
    List<String> names = models.stream().map(RiskModel::name).toList();
    Requirements.require(!models.isEmpty(), "models", "empty", "must have at least one entry");
    Requirements.require(
        names.stream().distinct().count() == names.size(),
        "models",
        names,
        "must have different names");
    return new RiskStudy(
        List.copyOf(models),
        new double[] {0.95, 0.99},
        1000,
        500,
        10_000,
        1,
        RiskOptions.defaults());
  }

  /**
   * Changes the levels.
   *
   * @param values at least one, different, in (0.5, 1)
   * @return changed copy
   * @throws IllegalArgumentException if a requirement is not met
   */
  public RiskStudy withLevels(double... values) {
    Requirements.require(values.length > 0, "levels", "empty", "must have at least one entry");
    for (double level : values) {
      Requirements.tail(level);
    }
    Requirements.require(
        Arrays.stream(values).distinct().count() == values.length,
        "levels",
        Arrays.toString(values),
        "must be different");
    return new RiskStudy(models, values.clone(), window, testDays, simulations, seed, options);
  }

  /**
   * Changes the window.
   *
   * @param value returns a model sees, at least {@value RollingForecast#LEAST_WINDOW}
   * @return changed copy
   * @throws IllegalArgumentException if it is too small
   */
  public RiskStudy withWindow(int value) {
    RollingForecast.of(value, testDays);
    return new RiskStudy(models, levels, value, testDays, simulations, seed, options);
  }

  /**
   * Changes the number of test days.
   *
   * @param value at least {@value #LEAST_TEST_DAYS}, which the tests need
   * @return changed copy
   * @throws IllegalArgumentException if it is too small
   */
  public RiskStudy withTestDays(int value) {
    Requirements.require(
        value >= LEAST_TEST_DAYS, "testDays", value, "must be at least " + LEAST_TEST_DAYS);
    return new RiskStudy(models, levels, window, value, simulations, seed, options);
  }

  /**
   * Changes the number of simulations for the test of expected shortfall.
   *
   * @param value at least 1
   * @return changed copy
   * @throws IllegalArgumentException if it is less
   */
  public RiskStudy withSimulations(int value) {
    Requirements.require(value >= 1, "simulations", value, "must be at least 1");
    return new RiskStudy(models, levels, window, testDays, value, seed, options);
  }

  /**
   * Changes the seed of the simulations. Models have seeds of their own.
   *
   * @param value any number
   * @return changed copy
   */
  public RiskStudy withSeed(long value) {
    return new RiskStudy(models, levels, window, testDays, simulations, value, options);
  }

  /**
   * Changes the options.
   *
   * @param value listener, cancellation, and time limit of the whole study
   * @return changed copy
   */
  public RiskStudy withOptions(RiskOptions value) {
    return new RiskStudy(
        models,
        levels,
        window,
        testDays,
        simulations,
        seed,
        Objects.requireNonNull(value, "options"));
  }

  /**
   * Runs on prices.
   *
   * @param prices oldest first, finite, positive, at least window + test days + 1 (read)
   * @return the report
   * @throws UnusableDataException if there are too few prices, one is missing or not positive (the
   *     message names its row, counted from 1), or a model cannot be fitted
   */
  public RiskReport onPrices(double... prices) {
    long needed = (long) window + testDays + 1;
    if (prices.length < needed) {
      throw new UnusableDataException(
          "there are "
              + prices.length
              + " prices, must be at least window + test days + 1 = "
              + needed);
    }
    return onReturns(Returns.percent(prices));
  }

  /**
   * Runs on returns.
   *
   * @param returns oldest first, finite, at least window + test days (read)
   * @return the report; of the models and days that were forecast where the study was stopped
   * @throws UnusableDataException as for {@link #onPrices}
   */
  public RiskReport onReturns(double... returns) {
    RollingForecast rolling = RollingForecast.of(window, testDays).options(options);
    RiskOptions.Clock clock = options.start();
    RiskModel reference = Ewma.of();
    Optional<RiskModel> listed =
        models.stream().filter(m -> m.name().equals(reference.name())).findFirst();
    // Cheap, and needed by the others: it does not ask the clock.
    Forecasts benchmark =
        RollingForecast.of(window, testDays).run(listed.orElse(reference), returns);
    List<RiskReport.Model> judged = new ArrayList<>();
    RiskStop stop = RiskStop.COMPLETED;
    for (int m = 0; m < models.size() && stop == RiskStop.COMPLETED; m++) {
      RiskModel model = models.get(m);
      boolean same = model.name().equals(benchmark.model());
      Forecasts forecasts = same ? benchmark : rolling.run(model, returns, clock, m, models.size());
      stop = forecasts.stopReason();
      if (forecasts.daily().size() >= LEAST_TEST_DAYS) {
        judged.add(judge(forecasts, benchmark.first(forecasts.daily().size())));
      }
    }
    return new RiskReport(
        window,
        testDays,
        benchmark.firstReturn(),
        benchmark.returns(),
        benchmark.model(),
        judged,
        stop);
  }

  private RiskReport.Model judge(Forecasts forecasts, Forecasts benchmark) {
    List<RiskReport.Level> judged = new ArrayList<>();
    for (double level : levels) {
      judged.add(judge(forecasts, benchmark, level));
    }
    return new RiskReport.Model(
        forecasts.model(),
        forecasts.daily().size(),
        judged,
        forecasts.seconds(),
        forecasts.refits(),
        forecasts.findings());
  }

  private RiskReport.Level judge(Forecasts forecasts, Forecasts benchmark, double level) {
    double alpha = Requirements.tail(level);
    double[] returns = forecasts.returns();
    double[] quantiles = forecasts.quantiles(alpha);
    double[] losses = PinballLoss.of(returns, quantiles, alpha);
    boolean[] hits = new boolean[returns.length];
    for (int t = 0; t < hits.length; t++) {
      hits[t] = returns[t] < quantiles[t];
    }
    Optional<TestResult> comparison = Optional.empty();
    if (!forecasts.model().equals(benchmark.model())) {
      double[] others = PinballLoss.of(returns, benchmark.quantiles(alpha), alpha);
      comparison = Optional.of(DieboldMarianoTest.of(losses, others));
    }
    return new RiskReport.Level(
        level,
        quantiles,
        forecasts.tailMeans(alpha),
        CoverageTest.of(hits, alpha),
        DynamicQuantileTest.of(returns, quantiles, alpha),
        AcerbiSzekelyTest.of(forecasts, alpha, simulations, seed),
        Arrays.stream(losses).sum() / losses.length,
        comparison);
  }
}
