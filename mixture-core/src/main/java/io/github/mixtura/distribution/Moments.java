package io.github.mixtura.distribution;

/** A law with a mean and a covariance. */
public interface Moments {
  /**
   * Expected value.
   *
   * @return d values; NaN where it does not exist
   */
  double[] expectation();

  /**
   * Covariance matrix.
   *
   * @return d rows of d values; NaN or infinite where it does not exist
   */
  double[][] covarianceMatrix();
}
