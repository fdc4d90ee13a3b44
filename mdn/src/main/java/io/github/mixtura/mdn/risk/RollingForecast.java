package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One-day forecasts over the last days of a series, each from the returns of a window that ends the
 * day before. Immutable.
 *
 * <p>A model sees nothing but these windows: the forecast of a day does not depend on the returns
 * of that day or later. It is re-fitted on the first test day and every {@link RiskModel#refitDays}
 * days after it.
 */
public final class RollingForecast {
  /** Fewest returns of a window. */
  public static final int LEAST_WINDOW = 50;

  private final int window;
  private final int testDays;
  private final RiskOptions options;

  private RollingForecast(int window, int testDays, RiskOptions options) {
    this.window = window;
    this.testDays = testDays;
    this.options = options;
  }

  /**
   * A protocol.
   *
   * @param window returns a model sees, at least {@value #LEAST_WINDOW}
   * @param testDays days to forecast, at least 1
   * @return the protocol
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static RollingForecast of(int window, int testDays) {
    Requirements.require(
        window >= LEAST_WINDOW, "window", window, "must be at least " + LEAST_WINDOW);
    Requirements.require(testDays >= 1, "testDays", testDays, "must be at least 1");
    return new RollingForecast(window, testDays, RiskOptions.defaults());
  }

  /**
   * Changes the options.
   *
   * @param value time limit, listener and cancellation of a run
   * @return changed copy
   */
  public RollingForecast options(RiskOptions value) {
    return new RollingForecast(window, testDays, Objects.requireNonNull(value, "options"));
  }

  /**
   * Forecasts the last test days.
   *
   * @param model the model
   * @param returns oldest first, finite, at least window + test days (read)
   * @return the forecasts; of the first test days only where time or the caller ended the run
   * @throws UnusableDataException if there are too few returns, one is not finite (the message
   *     names its row, counted from 1) or the model cannot be fitted to a window
   */
  public Forecasts run(RiskModel model, double... returns) {
    return run(model, returns, options.start(), 0, 1);
  }

  /** As one of several models that share a clock. */
  Forecasts run(RiskModel model, double[] returns, RiskOptions.Clock clock, int index, int models) {
    requireUsable(returns);
    int refitDays = model.refitDays();
    Requirements.require(refitDays >= 1, "refitDays", refitDays, "must be at least 1");
    double begin = clock.seconds();
    int first = returns.length - testDays;
    Forecaster forecaster = model.start();
    List<RiskForecast> forecasts = new ArrayList<>(testDays);
    List<Forecasts.Finding> findings = new ArrayList<>();
    int refits = 0;
    RiskStop stop = RiskStop.COMPLETED;
    for (int day = 0; day < testDays; day++) {
      stop = clock.passed();
      if (stop != RiskStop.COMPLETED) {
        break;
      }
      double[] past = Arrays.copyOfRange(returns, first + day - window, first + day);
      try {
        if (day % refitDays == 0) {
          for (String text : forecaster.refit(past)) {
            findings.add(new Forecasts.Finding(day, text));
          }
          refits++;
        }
        forecasts.add(forecaster.forecast(past));
      } catch (UnusableDataException e) {
        throw new UnusableDataException(
            model.name() + ", test day " + (day + 1) + ": " + e.getMessage());
      }
      options.listener().accept(new RiskProgress(model.name(), index, models, day + 1, testDays));
    }
    double seconds = clock.seconds() - begin;
    double[] tested = Arrays.copyOfRange(returns, first, first + forecasts.size());
    return new Forecasts(model.name(), first, tested, forecasts, refits, findings, stop, seconds);
  }

  private void requireUsable(double[] returns) {
    long needed = (long) window + testDays;
    if (returns.length < needed) {
      throw new UnusableDataException(
          "there are "
              + returns.length
              + " returns, must be at least window + test days = "
              + window
              + " + "
              + testDays
              + " = "
              + needed);
    }
    Requirements.finite(returns, "return");
  }
}
