package io.github.mixtura.em;

import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The rows of one fit, wherever they lie: the only thing in EM that touches data. Staged for one
 * encoding and one number of components.
 */
public interface Rows extends AutoCloseable {
  /**
   * Summary of the encoded rows.
   *
   * @param covariance whether it is wanted too: O(n d²) time, d² memory
   * @return the summary
   * @throws CancellationException once cancelled
   */
  DataSummary summary(boolean covariance);

  /**
   * Sums over all rows. Equal passes give equal bits.
   *
   * @param pass what to sum up
   * @param <C> the law
   * @return the sums; {@code null} if it was stopped on the way, which a {@link Stage#FINAL} pass
   *     never is
   */
  <C extends Component> Statistics pass(Pass<C> pass);

  /**
   * One row as the kernels see it.
   *
   * @param index from 0 to count − 1
   * @return the encoded columns
   */
  double[] row(long index);

  /**
   * Some rows, as they were before they were encoded.
   *
   * @param most how many
   * @param seed of the choice
   * @return all rows in their order where there are no more, else a sample in the same order
   */
  Observations sample(int most, long seed);

  /**
   * Names of the columns.
   *
   * @return d names
   */
  List<String> columnNames();

  /**
   * Number of rows.
   *
   * @return n
   */
  long count();

  @Override
  void close();
}
