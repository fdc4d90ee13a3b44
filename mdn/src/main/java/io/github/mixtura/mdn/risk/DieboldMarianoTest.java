package io.github.mixtura.mdn.risk;

import io.github.mixtura.special.StudentTFunctions;

/**
 * Test of equal accuracy of Diebold &amp; Mariano (1995, doi:10.1080/07350015.1995.10524599) for
 * forecasts of one day, with the correction of Harvey, Leybourne &amp; Newbold (1997,
 * doi:10.1016/S0169-2070(96)00719-4).
 *
 * <p>With d_t the difference of the losses, d̄ its mean and γ₀ its variance (divisor T, no lags),
 * the statistic is d̄ / √(γ₀/T) · √((T − 1)/T), and the p-value two-sided of Student's t with T − 1
 * degrees of freedom.
 */
public final class DieboldMarianoTest {
  private DieboldMarianoTest() {}

  /**
   * Compares two series of losses.
   *
   * @param losses of a model, at least two (read)
   * @param others of the model it is compared with, as many (read)
   * @return the test; negative where the first losses are smaller; 0 with p-value 1 where all are
   *     equal, infinite with p-value 0 where all differences are the same
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static TestResult of(double[] losses, double[] others) {
    Requirements.require(losses.length >= 2, "the number of days", losses.length, "must be ≥ 2");
    Requirements.sameLength(losses.length, others.length, "others");
    int n = losses.length;
    double mean = 0;
    for (int t = 0; t < n; t++) {
      mean += (losses[t] - others[t]) / n;
    }
    double squares = 0;
    for (int t = 0; t < n; t++) {
      double deviation = losses[t] - others[t] - mean;
      squares += deviation * deviation;
    }
    if (mean == 0) {
      return new TestResult(0, 1);
    }
    double statistic = mean / Math.sqrt(squares / n / n) * Math.sqrt((n - 1.0) / n);
    return new TestResult(statistic, 2 * StudentTFunctions.cdf(-Math.abs(statistic), n - 1));
  }
}
