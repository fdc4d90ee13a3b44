package io.github.mixtura.mdn.risk;

import java.util.Arrays;
import java.util.List;

/**
 * One-day forecasts of a model over the test days, beside what came.
 *
 * @param model its name
 * @param firstReturn index of the first test day among the returns, from 0
 * @param returns of the days that were forecast: the test days, or the first of them
 * @param daily one forecast a day
 * @param refits number of re-fits
 * @param findings what re-fits reported
 * @param stopReason why the forecasts end
 * @param seconds wall time of re-fits and forecasts
 */
public record Forecasts(
    String model,
    int firstReturn,
    double[] returns,
    List<RiskForecast> daily,
    int refits,
    List<Finding> findings,
    RiskStop stopReason,
    double seconds) {

  /**
   * Something a re-fit reported.
   *
   * @param day test day of the re-fit, from 0
   * @param text what it found
   */
  public record Finding(int day, String text) {}

  /**
   * Copies the lists.
   *
   * @param model see the record
   * @param firstReturn see the record
   * @param returns see the record
   * @param daily see the record
   * @param refits see the record
   * @param findings see the record
   * @param stopReason see the record
   * @param seconds see the record
   */
  public Forecasts {
    daily = List.copyOf(daily);
    findings = List.copyOf(findings);
    Requirements.sameLength(returns.length, daily.size(), "daily");
  }

  /** Forecasts of the first days only. */
  Forecasts first(int days) {
    return new Forecasts(
        model,
        firstReturn,
        Arrays.copyOf(returns, days),
        daily.subList(0, days),
        refits,
        findings,
        stopReason,
        seconds);
  }

  /**
   * Quantiles of every day.
   *
   * @param p probability in (0, 1)
   * @return one value a day
   */
  public double[] quantiles(double p) {
    return daily.stream().mapToDouble(f -> f.quantile(p)).toArray();
  }

  /**
   * Tail means of every day.
   *
   * @param p probability in (0, 1)
   * @return one value a day
   */
  public double[] tailMeans(double p) {
    return daily.stream().mapToDouble(f -> f.tailMean(p)).toArray();
  }

  @Override
  public String toString() {
    return "Forecasts(model "
        + model
        + ", firstReturn "
        + firstReturn
        + ", returns "
        + Arrays.toString(returns)
        + ", daily "
        + daily
        + ", refits "
        + refits
        + ", findings "
        + findings
        + ", stopReason "
        + stopReason
        + ", seconds "
        + seconds
        + ")";
  }
}
