package io.github.mixtura.em;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Component;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A law seen by EM: turns weighted rows into additive {@link Statistics} and statistics into
 * components, all of them jointly. Immutable. What else EM can make use of are capabilities of
 * their own: {@link Repairable}, {@link Accelerable}, {@link Constrained}, {@link Regularised},
 * {@link Splittable}.
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
   * @return the encoding, equal to that of the components
   */
  default Encoding encoding() {
    return Encoding.IDENTITY;
  }

  /**
   * What a pass sums up.
   *
   * @param dimension d of the data
   * @param components K
   * @return the layout of the statistics
   */
  Layout layout(int dimension, int components);

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
   * Whether no iteration lowers the objective but for rounding, so that a fall is a fault.
   *
   * @return false where M-steps are no maxima
   */
  default boolean isMonotone() {
    return true;
  }

  /**
   * Components to take the first sums about: only their centres and their parameters that rows do
   * not determine at once (such as a starting ν) matter.
   *
   * @param centres K × encoded columns (read)
   * @param summary of the encoded data
   * @return K components
   */
  List<C> initial(double[][] centres, DataSummary summary);

  /**
   * Prepares the sums of a pass.
   *
   * @param current the components the sums are about
   * @param kernels the backend
   * @param stage {@link Stage#START}, where rows count in full whatever the components say of them,
   *     or a cycle
   * @return what adds the sums of one batch
   */
  Accumulator accumulator(List<C> current, Kernels kernels, Stage stage);

  /**
   * The M-step for all components jointly.
   *
   * @param statistics of a pass made with {@code current} (read)
   * @param current the components of that pass, about whose centres sums were taken
   * @param stage of that pass
   * @param hurry asked often by an M-step that is itself iterative; once true it ends with
   *     components that are no maximum, whose expected log-likelihood is still none below that of
   *     the step's own start
   * @return the new components
   * @throws Degeneracy if a component has too little weight or a singular spread
   */
  List<C> maximize(Statistics statistics, List<C> current, Stage stage, BooleanSupplier hurry)
      throws Degeneracy;

  /**
   * The family for the data at hand, where something about it depends on them, such as a prior.
   *
   * @param summary of the encoded data
   * @return this where nothing does
   */
  default Family<C> on(DataSummary summary) {
    return this;
  }

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
