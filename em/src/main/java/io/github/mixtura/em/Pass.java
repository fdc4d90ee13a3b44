package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.mixture.Mixture;

/**
 * What one pass over the rows does: a value, so that it can travel to where the rows are.
 *
 * @param family whose sums are wanted
 * @param mixture about whose components sums are taken, and whose responsibilities weigh them
 *     unless there is a start
 * @param weights how the mixing weights are estimated
 * @param start written where densities would be; {@code null} but for the stages of a start
 * @param origin what first moments are about in {@link Stage#CENTRES} (read); else {@code null}
 * @param stage which sums
 * @param <C> the law
 */
public record Pass<C extends Component>(
    Family<C> family,
    Mixture<C> mixture,
    WeightRule weights,
    Start start,
    double[] origin,
    Stage stage) {
  @Override
  public String toString() {
    return "pass of " + family + " with " + mixture.componentCount() + " components, " + stage;
  }
}
