package io.github.mixtura.mdn.risk;

import java.util.List;

/**
 * Historical simulation, {@code historical}: the next return is drawn from the window. Its quantile
 * is that of {@link RiskForecast#ofSample}.
 */
public final class HistoricalSimulation implements RiskModel {
  private HistoricalSimulation() {}

  /**
   * The model.
   *
   * @return the model, which has no settings
   */
  public static HistoricalSimulation of() {
    return new HistoricalSimulation();
  }

  @Override
  public String name() {
    return "historical";
  }

  @Override
  public Forecaster start() {
    return new Forecaster() {
      @Override
      public List<String> refit(double[] window) {
        return List.of();
      }

      @Override
      public RiskForecast forecast(double[] window) {
        return RiskForecast.ofSample(window);
      }
    };
  }
}
