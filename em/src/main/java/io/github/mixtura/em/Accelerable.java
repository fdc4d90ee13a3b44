package io.github.mixtura.em;

import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Component;
import java.util.Arrays;
import java.util.List;

/**
 * What squared extrapolation needs of a family; without it EM goes plain steps. The defaults suit
 * sums that are about no centres and comparable across units.
 *
 * @param <C> the law
 */
public interface Accelerable<C extends Component> {
  /**
   * Moves sums taken about one mixture's centres to another's.
   *
   * @param statistics (written)
   * @param from whose centres they are about
   * @param to whose centres they shall be about
   */
  default void recentre(Statistics statistics, List<C> from, List<C> to) {}

  /**
   * Sizes of the entries of one block, to make them comparable across units.
   *
   * @param summary of the encoded data
   * @param block number of entries
   * @return one positive value per entry; infinite for those that play no part
   */
  default double[] scales(DataSummary summary, int block) {
    double[] ones = new double[block];
    Arrays.fill(ones, 1);
    return ones;
  }
}
