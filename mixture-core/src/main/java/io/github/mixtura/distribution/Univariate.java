package io.github.mixtura.distribution;

/**
 * A law with a distribution function when it has one column.
 *
 * <p>Small probabilities keep their digits on the side where they are small: P(X ≤ x) and its
 * inverse in the lower tail, P(X &gt; x) and its inverse in the upper one.
 */
public interface Univariate {
  /**
   * P(X ≤ x).
   *
   * @param x a number; ±∞ are allowed
   * @return probability
   * @throws IllegalStateException if the law has several columns
   */
  double cdf(double x);

  /**
   * P(X &gt; x), accurate where it is small.
   *
   * <p>The default is 1 − P(X ≤ x), which holds no probability below 1e-16.
   *
   * @param x a number; ±∞ are allowed
   * @return probability
   * @throws IllegalStateException if the law has several columns
   */
  default double survival(double x) {
    return 1 - cdf(x);
  }

  /**
   * Smallest x with P(X ≤ x) ≥ p.
   *
   * @param p probability in [0, 1]
   * @return quantile; the ends of the support for 0 and 1
   * @throws IllegalStateException if the law has several columns
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  double quantile(double p);

  /**
   * Smallest x with P(X &gt; x) ≤ p: the quantile counted from above, accurate for p as small as
   * 1e-300.
   *
   * <p>The default is the quantile at 1 − p, which does not tell probabilities below 1e-16 apart.
   *
   * @param p probability in [0, 1]
   * @return quantile; the ends of the support for 0 and 1
   * @throws IllegalStateException if the law has several columns
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  default double upperQuantile(double p) {
    return quantile(1 - Parameters.probability(p));
  }
}
