package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import java.util.List;

/**
 * Exponentially weighted moving average, {@code ewma}: normal with mean 0 and variance Σ λ^i
 * r²_{t−i} / Σ λ^i over the window, i from 1 (RiskMetrics Technical Document, 1996, with λ = 0.94).
 */
public final class Ewma implements RiskModel {
  private final double decay;

  private Ewma(double decay) {
    this.decay = decay;
  }

  /**
   * RiskMetrics' daily model.
   *
   * @return the model with λ = 0.94
   */
  public static Ewma of() {
    return of(0.94);
  }

  /**
   * A model.
   *
   * @param decay λ in (0, 1)
   * @return the model
   * @throws IllegalArgumentException if the decay is outside (0, 1)
   */
  public static Ewma of(double decay) {
    Requirements.require(decay > 0 && decay < 1, "decay", decay, "must be in (0, 1)");
    return new Ewma(decay);
  }

  @Override
  public String name() {
    return "ewma";
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
        return RiskForecast.of(Mixture.of(List.of(Gaussian.of(0, variance(window))), 1));
      }
    };
  }

  private double variance(double[] window) {
    double sum = 0;
    double weights = 0;
    for (double r : window) {
      sum = decay * sum + r * r;
      weights = decay * weights + 1;
    }
    if (!(sum > 0)) {
      throw new UnusableDataException(
          "all " + window.length + " returns of the window are 0, so they have no risk");
    }
    return sum / weights;
  }
}
