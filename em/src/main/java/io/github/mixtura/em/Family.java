package io.github.mixtura.em;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A law seen by EM: turns weighted rows into additive {@link Statistics} and statistics into a
 * mixture, for all components jointly. Immutable.
 *
 * @param <C> the components
 */
public interface Family<C extends Component> {
  /**
   * Name as the user types it.
   *
   * @return such as {@code gaussian}
   */
  String name();

  /**
   * The class of the components.
   *
   * @return the law
   */
  Class<C> law();

  /**
   * Name of the restriction on the components.
   *
   * @param dimension d
   * @return such as {@code VVE}; {@code null} where there is none
   */
  default String structure(int dimension) {
    return null;
  }

  /**
   * How the kernels see the columns.
   *
   * @return the encoding
   */
  default Encoding encoding() {
    return Encoding.IDENTITY;
  }

  /**
   * Whether {@link #step steps} need a second value per row and component.
   *
   * @return true for Student's t
   */
  default boolean needsAuxiliary() {
    return false;
  }

  /**
   * Whether the data's covariance is needed, not only variances.
   *
   * @return false where nothing of size d × d may be held
   */
  default boolean needsCovariance() {
    return false;
  }

  /**
   * Zero statistics.
   *
   * @param dimension d of the data
   * @param components K
   * @return in this family's layout
   */
  Statistics statistics(int dimension, int components);

  /**
   * Number of free parameters of the components, mixing weights not counted.
   *
   * @param dimension d
   * @param components K
   * @return the number
   */
  int parameterCount(int dimension, int components);

  /**
   * Number of parts of one iteration, each with a pass over the data of its own.
   *
   * @return 1 for plain EM
   */
  default int cycles() {
    return 1;
  }

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
   * A mixture to accumulate the first statistics about: only its centres and its parameters that
   * rows do not determine at once (such as a starting ν) matter.
   *
   * @param centres K × encoded columns (read)
   * @return the mixture
   */
  Mixture<C> around(double[][] centres);

  /**
   * The nearest mixture that this family may fit, for starting from a given one.
   *
   * @param mixture of this law, whatever its constraints
   * @return the same where it meets this family's constraints, else one that does
   */
  default Mixture<C> admit(Mixture<C> mixture) {
    return mixture;
  }

  /**
   * Looks for a component without any spread, which arithmetic cannot go on with.
   *
   * @param mixture a new estimate
   * @param summary of the encoded data
   * @return its index, −1 if there is none
   */
  default int collapsed(Mixture<C> mixture, DataSummary summary) {
    return -1;
  }

  /**
   * Prepares a pass over the data.
   *
   * @param current the mixture
   * @param kernels the backend
   * @param cycle which part of the iteration will use the statistics, from 0
   * @return E and M of one batch
   */
  BatchStep step(Mixture<C> current, Kernels kernels, int cycle);

  /**
   * The M-step for all components jointly.
   *
   * @param statistics of a pass made with {@code current} (read)
   * @param current the mixture of that pass, about whose centres sums were taken
   * @param cycle which part of the iteration, from 0
   * @return the new mixture
   * @throws Degeneracy if a component has too little weight or a singular spread
   */
  Mixture<C> maximize(Statistics statistics, Mixture<C> current, int cycle) throws Degeneracy;

  /**
   * As {@link #maximize(Statistics, Mixture, int)}, but told when time is up: an M-step that is
   * itself iterative may then return the best it has.
   *
   * @param statistics of a pass made with {@code current} (read)
   * @param current the mixture of that pass, about whose centres sums were taken
   * @param cycle which part of the iteration, from 0
   * @param hurry asked often; once true the M-step ends with a mixture that is no maximum, whose
   *     expected log-likelihood is still none below that of the step's own start
   * @return the new mixture
   * @throws Degeneracy if a component has too little weight or a singular spread
   */
  default Mixture<C> maximize(
      Statistics statistics, Mixture<C> current, int cycle, BooleanSupplier hurry)
      throws Degeneracy {
    return maximize(statistics, current, cycle);
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
   * A mixture of one component more and almost the same density, as a start that is sure to end no
   * lower than the mixture itself; for families whose usual starts may.
   *
   * @param mixture a fitted mixture
   * @return with its heaviest component replaced by two near it; {@code null} where the usual
   *     starts are enough
   */
  default Mixture<C> split(Mixture<C> mixture) {
    return null;
  }

  /**
   * A mixture between two, when the step from one to the other lowered the log-likelihood.
   *
   * @param previous the better mixture
   * @param attempted the worse one
   * @return half-way; {@code null} where steps never lower it
   */
  default Mixture<C> retreat(Mixture<C> previous, Mixture<C> attempted) {
    return null;
  }

  /**
   * Rewrites a component's statistics as if it were spread about a row like the whole data.
   *
   * @param statistics (written)
   * @param k component from 0
   * @param weight its new Σr
   * @param row encoded row (read)
   * @param current the mixture whose centres the sums are about
   * @param summary of the encoded data
   */
  void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      Mixture<C> current,
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
   * Moves sums taken about one mixture's centres to another's.
   *
   * @param statistics (written)
   * @param from whose centres they are about
   * @param to whose centres they shall be about
   */
  void recentre(Statistics statistics, Mixture<C> from, Mixture<C> to);

  /**
   * Sizes of the entries of one block, to make them comparable across units.
   *
   * @param summary of the encoded data
   * @return one positive value per entry of a block
   */
  double[] scales(DataSummary summary);

  /**
   * Looks for components that the likelihood cannot judge or that lie at a bound.
   *
   * @param mixture a fitted mixture
   * @param summary of the encoded data
   * @param iteration M-steps made
   * @return warnings, none for a regular fit
   */
  List<FitWarning> inspect(Mixture<C> mixture, DataSummary summary, int iteration);

  /** A component cannot be estimated. Checked, because the loop must decide what to do. */
  final class Degeneracy extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is said of a component that lost its rows to others. */
    public static final String NO_ROWS =
        "component has lost its rows: its weight is below 1e-8 of a row's";

    /** What is said of a component whose variance in some column is nothing but rounding. */
    public static final String COINCIDING =
        "component has no variance left: it sits on one row or on coinciding rows";

    /** What is said of a component whose covariance cannot be inverted. */
    public static final String SINGULAR =
        "component's covariance is singular: it sits on too few distinct rows, or on rows along a "
            + "line";

    /** Index from 0. */
    private final int component;

    /**
     * Creates it.
     *
     * @param component index from 0
     * @param message what was found
     */
    public Degeneracy(int component, String message) {
      super(message, null, false, false);
      this.component = component;
    }

    /**
     * Which component.
     *
     * @return index from 0
     */
    public int component() {
      return component;
    }
  }
}
