package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.mixture.Mixing;

/**
 * How the weights of the components are estimated: to {@link Mixing} what a family is to the
 * components. Immutable.
 */
public interface WeightRule {
  /**
   * Name as the user types it.
   *
   * @return such as {@code free}
   */
  String name();

  /**
   * The weights before there are any.
   *
   * @param components K
   * @return such as all equal
   */
  Mixing initial(int components);

  /**
   * The M-step of the weights.
   *
   * @param statistics of a pass made with {@code current} (read)
   * @param current the weights of that pass
   * @return the new weights
   */
  Mixing maximize(Statistics statistics, Mixing current);

  /**
   * Number of free parameters.
   *
   * @param components K
   * @return 0 where nothing is estimated
   */
  int parameterCount(int components);

  /**
   * Number of values that {@link #accumulate} sums up, beside the Σr of each component.
   *
   * @param components K
   * @return 0 where the Σr are enough
   */
  default int sums(int components) {
    return 0;
  }

  /**
   * Adds the sums of a batch, before the family does, which may overwrite the workspace.
   *
   * @param current the weights of the pass
   * @param batch the rows
   * @param workspace holds responsibilities times row weight (read)
   * @param into receives the sums from {@link Statistics#weightSums} on (added to)
   */
  default void accumulate(Mixing current, Batch batch, Workspace workspace, Statistics into) {}

  /**
   * Weights between two, when the step from one to the other lowered the objective.
   *
   * @param from the better weights
   * @param to the worse ones
   * @return half-way; {@code null} where steps never lower it
   */
  default Mixing halfway(Mixing from, Mixing to) {
    return null;
  }

  /**
   * Whether there is a prior. Row weights are then taken as they are: beside a prior a common
   * factor of theirs has a meaning.
   *
   * @return true where {@link #logPrior} is not 0
   */
  default boolean hasPrior() {
    return false;
  }

  /**
   * Logarithm of the prior density, apart from a constant, which the objective adds to the
   * log-likelihood.
   *
   * @param mixing the weights
   * @return 0 without a prior
   */
  default double logPrior(Mixing mixing) {
    return 0;
  }

  /**
   * Whether components have numbers, so that they may not be sorted by weight.
   *
   * @return false where all components are alike
   */
  default boolean keepsOrder() {
    return false;
  }

  /**
   * Estimated by maximum likelihood, Σr / Σw; K − 1 parameters.
   *
   * @return the rule
   */
  static WeightRule free() {
    return ConstantWeights.FREE;
  }

  /**
   * All equal.
   *
   * @return the rule
   */
  static WeightRule equal() {
    return ConstantWeights.EQUAL;
  }

  /**
   * Given.
   *
   * @param weights positive, summing to 1 within 1e-6; scaled to sum to 1 (read)
   * @return the rule, for as many components
   * @throws IllegalArgumentException if a requirement is not met
   */
  static WeightRule fixed(double... weights) {
    return ConstantWeights.fixed(weights);
  }

  /**
   * The maximum of the posterior under a symmetric Dirichlet prior, (Σr + α − 1) / (Σw + K (α −
   * 1)).
   *
   * @param alpha α ≥ 1, finite; 1 is no prior
   * @return the rule
   * @throws IllegalArgumentException if α is less than 1
   */
  static WeightRule dirichlet(double alpha) {
    return ConstantWeights.dirichlet(alpha);
  }
}
