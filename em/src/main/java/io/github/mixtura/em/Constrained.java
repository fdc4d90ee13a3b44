package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.util.List;

/**
 * What a family knows of the set its components lie in.
 *
 * @param <C> the law
 */
public interface Constrained<C extends Component> {
  /**
   * The nearest components that this family may fit, for starting from a given mixture.
   *
   * @param mixture of this law, whatever its constraints
   * @return the same where it meets this family's constraints, else some that do
   */
  List<C> project(Mixture<C> mixture);

  /**
   * Components between two sets, when the step from one to the other lowered the objective.
   *
   * @param from the better ones
   * @param to the worse ones
   * @return half-way; {@code null} where steps never lower it
   */
  default List<C> halfway(List<C> from, List<C> to) {
    return null;
  }
}
