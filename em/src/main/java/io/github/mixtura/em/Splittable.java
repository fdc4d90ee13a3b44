package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;

/**
 * A family whose usual starts may end below fewer components, and that knows a start which does
 * not.
 *
 * @param <C> the law
 */
public interface Splittable<C extends Component> {
  /**
   * A mixture of one component more and almost the same density, as a start that is sure to end no
   * lower than the mixture itself.
   *
   * @param mixture a fitted mixture
   * @return with its heaviest component replaced by two near it
   */
  Mixture<C> split(Mixture<C> mixture);
}
