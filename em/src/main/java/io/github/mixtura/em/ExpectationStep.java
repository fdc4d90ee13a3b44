package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;

/**
 * One pass over the data: the only place that knows where the rows are.
 *
 * @param <C> the law
 */
@FunctionalInterface
interface ExpectationStep<C extends Component> {
  /**
   * Statistics of all rows under a mixture.
   *
   * @param mixture the current mixture
   * @param cycle which part of an iteration will use them, from 0
   * @return its statistics, about its centres; {@code null} if the pass was stopped on the way
   */
  Statistics expect(Mixture<C> mixture, int cycle);
}
