package io.github.mixtura.mdn.risk;

/**
 * Dynamic quantile test of Engle &amp; Manganelli (2004, doi:10.1198/073500104000000370): hits must
 * not be foreseen by a constant, the four hits before, or the quantile itself.
 *
 * <p>With h_t = 1[r_t &lt; q_t] − α and X the regressors 1, h_{t−1}, …, h_{t−4}, q_t of the days
 * from the fifth, the statistic is hᵀX(XᵀX)⁻¹Xᵀh / (α (1 − α)), χ² with the rank of X as degrees of
 * freedom: 6, but fewer where regressors are collinear, as without any hit.
 */
public final class DynamicQuantileTest {
  private static final int LAGS = 4;
  private static final double COLLINEAR = 1e-10;

  private DynamicQuantileTest() {}

  /**
   * Tests a series of quantiles.
   *
   * @param returns at least 12 (read)
   * @param quantiles one a return (read)
   * @param alpha tail probability in (0, 1)
   * @return the test
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static TestResult of(double[] returns, double[] quantiles, double alpha) {
    Requirements.require(alpha > 0 && alpha < 1, "alpha", alpha, "must be in (0, 1)");
    Requirements.sameLength(returns.length, quantiles.length, "quantiles");
    Requirements.require(
        returns.length >= 3 * LAGS, "the number of days", returns.length, "must be at least 12");
    int days = returns.length - LAGS;
    double[] hit = new double[returns.length];
    for (int t = 0; t < hit.length; t++) {
      hit[t] = (returns[t] < quantiles[t] ? 1 : 0) - alpha;
    }
    double[][] columns = new double[LAGS + 2][days];
    for (int t = 0; t < days; t++) {
      columns[0][t] = 1;
      for (int lag = 1; lag <= LAGS; lag++) {
        columns[lag][t] = hit[t + LAGS - lag];
      }
      columns[LAGS + 1][t] = quantiles[t + LAGS];
    }
    double[] rest = new double[days];
    System.arraycopy(hit, LAGS, rest, 0, days);
    double explained = 0;
    int rank = 0;
    for (int j = 0; j < columns.length; j++) {
      double before = norm(columns[j]);
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < j; i++) {
          subtract(columns[j], dot(columns[j], columns[i]), columns[i]);
        }
      }
      double after = norm(columns[j]);
      boolean collinear = !(after > COLLINEAR * before);
      for (int t = 0; t < days; t++) {
        columns[j][t] = collinear ? 0 : columns[j][t] / after;
      }
      if (!collinear) {
        double along = dot(rest, columns[j]);
        explained += along * along;
        rank++;
      }
    }
    return CoverageTest.chiSquared(explained / (alpha * (1 - alpha)), rank);
  }

  private static void subtract(double[] from, double factor, double[] column) {
    for (int t = 0; t < from.length; t++) {
      from[t] -= factor * column[t];
    }
  }

  private static double norm(double[] column) {
    return Math.sqrt(dot(column, column));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      sum += a[t] * b[t];
    }
    return sum;
  }
}
