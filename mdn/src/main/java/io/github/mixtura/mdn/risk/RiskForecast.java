package io.github.mixtura.mdn.risk;

import io.github.mixtura.mixture.Mixture;
import java.util.Optional;

/**
 * What is expected of the return of one day: its law, as far as risk needs it. Immutable.
 *
 * <p>The Value-at-Risk of level L is −{@code quantile(1 − L)}, the expected shortfall −{@code
 * tailMean(1 − L)}.
 */
public interface RiskForecast {
  /**
   * The return that is undercut with a given probability.
   *
   * @param p probability in (0, 1)
   * @return q with P(R ≤ q) = p
   * @throws IllegalArgumentException if p is outside (0, 1)
   */
  double quantile(double p);

  /**
   * Mean of the worst returns, (1/p) ∫₀ᵖ Q(u) du.
   *
   * @param p probability in (0, 1)
   * @return at most {@link #quantile quantile(p)}; −∞ if there is no mean
   * @throws IllegalArgumentException if p is outside (0, 1)
   */
  double tailMean(double p);

  /**
   * The law as a mixture.
   *
   * @return empty where the forecast is not one
   */
  default Optional<Mixture<?>> mixture() {
    return Optional.empty();
  }

  /**
   * A mixture on the line.
   *
   * @param mixture one column; its law has a distribution function
   * @return the forecast
   * @throws IllegalArgumentException if the mixture has several columns or no distribution function
   */
  static RiskForecast of(Mixture<?> mixture) {
    return ValueAtRisk.of(mixture);
  }

  /**
   * The past as it was: quantiles interpolate linearly between the ordered values, Q(i/(n−1)) being
   * the i-th from 0 (type 7 of Hyndman &amp; Fan 1996, doi:10.1080/00031305.1996.10473566).
   *
   * @param values at least one, finite (read)
   * @return the forecast
   * @throws IllegalArgumentException if there is no value or one is not finite
   */
  static RiskForecast ofSample(double... values) {
    return SampleForecast.of(values);
  }
}
