package io.github.mixtura.em;

import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.util.List;

/**
 * What a family knows of data and components that cannot be estimated. EM ends a start of a family
 * without this at the first degenerate component.
 *
 * @param <C> the law
 */
public interface Repairable<C extends Component> {
  /**
   * Refuses data that no mixture of this family fits.
   *
   * @param summary of the encoded data
   * @param columnNames names of the columns
   * @param policy what will be done with degenerate components: a floor makes collinear columns
   *     usable
   * @throws io.github.mixtura.data.UnusableDataException if so
   */
  void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy);

  /**
   * Whether the summary is to have the data's covariance, not only variances.
   *
   * @return false where nothing of size d × d may be held
   */
  default boolean needsCovariance() {
    return false;
  }

  /**
   * Rows that a component needs at least for its parameters to be determined by them alone, apart
   * from what components share.
   *
   * @param dimension d
   * @return such as d + 1 where every component has a full covariance of its own
   */
  default int rowsPerComponent(int dimension) {
    return 1;
  }

  /**
   * Looks for a component without any spread, which arithmetic cannot go on with.
   *
   * @param components a new estimate
   * @param summary of the encoded data
   * @return its index, −1 if there is none
   */
  default int collapsed(List<C> components, DataSummary summary) {
    return -1;
  }

  /**
   * Rewrites a component's statistics as if it were spread about a row like the whole data.
   *
   * @param statistics (written)
   * @param k component from 0
   * @param weight its new Σr
   * @param row encoded row (read)
   * @param current the components whose centres the sums are about
   * @param summary of the encoded data
   */
  void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      List<C> current,
      DataSummary summary);

  /**
   * Adds spread to a component's statistics.
   *
   * @param statistics (written)
   * @param k component from 0
   * @param fraction variance to add, relative to that of the data
   * @param summary of the encoded data
   */
  void floor(Statistics statistics, int k, double fraction, DataSummary summary);

  /**
   * Looks for components that the likelihood cannot judge or that lie at a bound.
   *
   * @param mixture a fitted mixture
   * @param summary of the encoded data
   * @param iteration M-steps made
   * @return warnings, none for a regular fit
   */
  List<FitWarning> inspect(Mixture<C> mixture, DataSummary summary, int iteration);
}
