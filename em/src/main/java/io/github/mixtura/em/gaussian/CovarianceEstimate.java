package io.github.mixtura.em.gaussian;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.NotPositiveDefiniteException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** How an M-step makes covariances of the components' weights and scatters. */
public interface CovarianceEstimate {
  /** The maximum of the likelihood under the structure. */
  CovarianceEstimate MAXIMUM_LIKELIHOOD =
      (structure, dimension, weights, scatters, current, hurry) ->
          CovarianceEstimator.estimate(
              structure, dimension, weights, scatters, current.toArray(Covariance[]::new), hurry);

  /**
   * The covariances.
   *
   * @param structure the constraint
   * @param dimension d
   * @param weights K weights &gt; 0 (read)
   * @param scatters K weighted scatters about the components' means: for a diagonal structure the d
   *     diagonal entries, else the lower triangle row by row (read)
   * @param current the covariances before, a warm start
   * @param hurry asked often; once true an iterative estimate ends with the best it has
   * @return K covariances of the structure
   * @throws NotPositiveDefiniteException if one is singular
   */
  Covariance[] estimate(
      CovarianceStructure structure,
      int dimension,
      double[] weights,
      double[][] scatters,
      List<Covariance> current,
      BooleanSupplier hurry);

  /**
   * Whether covariances are regular whatever the rows, so that constant columns, spikes and few
   * rows are no trouble.
   *
   * @return false for maximum likelihood
   */
  default boolean isRegular() {
    return false;
  }

  /**
   * Whether the estimate is the maximum of the likelihood, times the prior where there is one.
   *
   * @return false where the objective may fall
   */
  default boolean isMaximum() {
    return true;
  }

  /**
   * Whether there is a prior.
   *
   * @return true where {@link #logPrior} is not 0
   */
  default boolean hasPrior() {
    return false;
  }

  /**
   * Logarithm of the prior density, apart from a constant.
   *
   * @param covariances of all components
   * @return 0 without a prior
   */
  default double logPrior(List<Covariance> covariances) {
    return 0;
  }
}
