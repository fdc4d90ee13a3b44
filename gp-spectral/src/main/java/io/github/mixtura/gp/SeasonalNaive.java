package io.github.mixtura.gp;

/** The forecast that repeats the last season, as a measure for others. */
public final class SeasonalNaive {

  private SeasonalNaive() {}

  /**
   * Repeats the last season.
   *
   * @param values at equal distances, at least one season
   * @param season its number of values, at least 1
   * @param horizon number of values to forecast, at least 1
   * @return the forecast
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static double[] forecast(double[] values, int season, int horizon) {
    Checks.atLeast(season, 1, "season");
    Checks.atLeast(horizon, 1, "horizon");
    Checks.atLeast(values.length, season, "length of values");
    double[] forecast = new double[horizon];
    for (int h = 0; h < horizon; h++) {
      forecast[h] = values[values.length - season + h % season];
    }
    return forecast;
  }
}
