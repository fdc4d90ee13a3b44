package io.github.mixtura.mdn.risk;

import org.apache.commons.math3.special.Gamma;

/**
 * Likelihood-ratio tests of the hits of a Value-at-Risk, with 0 · ln 0 = 0.
 *
 * <p>Kupiec (1995): the hits are as many as the tail probability α says, χ²(1). Christoffersen
 * (1998, doi:10.2307/2527341): a hit is as likely after a hit as after none, χ²(1), on the T − 1
 * pairs of days; and both, the sum of the two statistics, χ²(2). The probability of a hit after a
 * hit counts as 0 where no hit has a day after it.
 *
 * @param hits number of hits
 * @param expected α T
 * @param kupiec unconditional coverage
 * @param independence independence
 * @param conditional both
 */
public record CoverageTest(
    int hits, double expected, TestResult kupiec, TestResult independence, TestResult conditional) {

  /**
   * Tests a series of hits.
   *
   * @param hits whether the return was below the quantile, day by day, at least two days (read)
   * @param alpha tail probability in (0, 1)
   * @return the tests
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static CoverageTest of(boolean[] hits, double alpha) {
    Requirements.require(alpha > 0 && alpha < 1, "alpha", alpha, "must be in (0, 1)");
    Requirements.require(hits.length >= 2, "the number of days", hits.length, "must be at least 2");
    int total = hits[0] ? 1 : 0;
    int[][] moves = new int[2][2];
    for (int t = 1; t < hits.length; t++) {
      total += hits[t] ? 1 : 0;
      moves[hits[t - 1] ? 1 : 0][hits[t] ? 1 : 0]++;
    }
    double kupiec =
        2 * (logLikelihood(hits.length - total, total) - logAt(hits.length, total, alpha));
    double independence =
        2
            * (logLikelihood(moves[0][0], moves[0][1])
                + logLikelihood(moves[1][0], moves[1][1])
                - logLikelihood(moves[0][0] + moves[1][0], moves[0][1] + moves[1][1]));
    return new CoverageTest(
        total,
        alpha * hits.length,
        chiSquared(kupiec, 1),
        chiSquared(independence, 1),
        chiSquared(Math.max(0, kupiec) + Math.max(0, independence), 2));
  }

  private static double logAt(int days, int hits, double alpha) {
    return (days - hits) * Math.log1p(-alpha) + hits * Math.log(alpha);
  }

  /** Greatest log-likelihood of so many misses and hits. */
  private static double logLikelihood(int misses, int hits) {
    double days = misses + hits;
    return term(misses, misses / days) + term(hits, hits / days);
  }

  private static double term(int count, double share) {
    return count == 0 ? 0 : count * Math.log(share);
  }

  /** A result whose statistic is χ² with so many degrees of freedom, rounding below 0 removed. */
  static TestResult chiSquared(double statistic, int degrees) {
    double positive = Math.max(0, statistic);
    return new TestResult(positive, Gamma.regularizedGammaQ(0.5 * degrees, 0.5 * positive));
  }
}
