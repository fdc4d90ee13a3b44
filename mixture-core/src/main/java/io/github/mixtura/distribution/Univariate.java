package io.github.mixtura.distribution;

/** A law with a distribution function when it has one column. */
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
   * Smallest x with P(X ≤ x) ≥ p.
   *
   * @param p probability in [0, 1]
   * @return quantile; the ends of the support for 0 and 1
   * @throws IllegalStateException if the law has several columns
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  double quantile(double p);
}
