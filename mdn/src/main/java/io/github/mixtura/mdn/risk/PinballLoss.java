package io.github.mixtura.mdn.risk;

/** The loss that quantile forecasts minimise, (r − q)(α − 1[r &lt; q]). */
public final class PinballLoss {
  private PinballLoss() {}

  /**
   * Loss of each day.
   *
   * @param returns what came (read)
   * @param quantiles what was forecast, one a return (read)
   * @param alpha tail probability in (0, 1)
   * @return one value ≥ 0 a day; smaller is better
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static double[] of(double[] returns, double[] quantiles, double alpha) {
    Requirements.require(alpha > 0 && alpha < 1, "alpha", alpha, "must be in (0, 1)");
    Requirements.sameLength(returns.length, quantiles.length, "quantiles");
    double[] losses = new double[returns.length];
    for (int t = 0; t < losses.length; t++) {
      double gap = returns[t] - quantiles[t];
      losses[t] = gap * (alpha - (gap < 0 ? 1 : 0));
    }
    return losses;
  }
}
