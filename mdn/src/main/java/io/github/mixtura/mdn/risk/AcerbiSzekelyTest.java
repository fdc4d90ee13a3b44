package io.github.mixtura.mdn.risk;

import java.util.SplittableRandom;

/**
 * Second test of expected shortfall of Acerbi &amp; Székely (2014, Backtesting expected shortfall,
 * Risk magazine, December): Z₂ = 1 + Σ r_t 1[r_t &lt; q_t] / (T α ES_t), ES_t &gt; 0 the expected
 * shortfall. Its mean is 0 where the forecasts hold, negative where they understate the risk.
 *
 * <p>The p-value is one-sided, (1 + number of simulated Z₂ ≤ the observed) / (1 + simulations), the
 * returns being drawn day by day from the forecasts. Cost: simulations · T random numbers and α of
 * that quantiles.
 */
public final class AcerbiSzekelyTest {
  private AcerbiSzekelyTest() {}

  /**
   * Tests forecasts.
   *
   * @param forecasts the forecasts and what came
   * @param alpha tail probability in (0, 1)
   * @param simulations at least 1
   * @param seed of the simulations; the same seed gives the same p-value
   * @return the test; NaN if the expected shortfall of a day is no loss or infinite
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static TestResult of(Forecasts forecasts, double alpha, int simulations, long seed) {
    Requirements.require(alpha > 0 && alpha < 1, "alpha", alpha, "must be in (0, 1)");
    Requirements.require(simulations >= 1, "simulations", simulations, "must be at least 1");
    double[] quantiles = forecasts.quantiles(alpha);
    double[] tailMeans = forecasts.tailMeans(alpha);
    double[] returns = forecasts.returns();
    double scale = 1 / (returns.length * alpha);
    double statistic = 1;
    for (int t = 0; t < returns.length; t++) {
      if (!(tailMeans[t] < 0) || Double.isInfinite(tailMeans[t])) {
        return new TestResult(Double.NaN, Double.NaN);
      }
      statistic -= returns[t] < quantiles[t] ? scale * returns[t] / tailMeans[t] : 0;
    }
    SplittableRandom random = new SplittableRandom(seed);
    int below = 0;
    for (int i = 0; i < simulations; i++) {
      double simulated = 1;
      for (int t = 0; t < returns.length; t++) {
        double u = random.nextDouble();
        if (u < alpha && u > 0) {
          simulated -= scale * forecasts.daily().get(t).quantile(u) / tailMeans[t];
        }
      }
      below += simulated <= statistic ? 1 : 0;
    }
    return new TestResult(statistic, (1.0 + below) / (1.0 + simulations));
  }
}
