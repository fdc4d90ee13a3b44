package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import java.util.List;

/**
 * A family whose components can have a prior. EM then climbs the log-likelihood plus its logarithm,
 * and takes row weights as they are: beside a prior a common factor of theirs has a meaning.
 *
 * @param <C> the law
 */
public interface Regularised<C extends Component> {
  /**
   * Whether this family has one.
   *
   * @return false where {@link #logPrior} is 0
   */
  default boolean hasPrior() {
    return true;
  }

  /**
   * Logarithm of the prior density, apart from a constant.
   *
   * @param components all of a mixture
   * @return the sum over the components
   */
  double logPrior(List<C> components);
}
