package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;

/**
 * One pass over the data: the only place that knows where the rows are.
 *
 * @param <C> the law
 */
@FunctionalInterface
public interface ExpectationStep<C extends Component> {
  /**
   * Statistics of all rows under a mixture.
   *
   * @param mixture the current mixture
   * @return its statistics, about its centres
   */
  Statistics expect(Mixture<C> mixture);
}
