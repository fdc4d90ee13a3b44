package io.github.mixtura.em;

/**
 * Something done or found that the user should know.
 *
 * @param component index from 0; −1 where it concerns the whole mixture
 * @param iteration number of M-steps made before, 0 at the start
 * @param kind what happened
 * @param remedy what was done about it, in a sentence
 */
public record FitWarning(int component, int iteration, Kind kind, String remedy) {
  /** Kinds of warnings. */
  public enum Kind {
    /** A component degenerated and was placed anew; said once, of the first, however often. */
    RESEEDED,
    /** A component degenerated and was removed. */
    DROPPED,
    /**
     * A component degenerated and its spread is raised in every M-step from there on, so that the
     * fit maximises no likelihood; said once, of the first.
     */
    FLOORED,
    /**
     * The smallest variance of a component, in some direction, is below 1e-6 of the data's and
     * below 1e-3 of that inside the components, rows far out left aside: the component sits on
     * (nearly) coinciding rows, where the likelihood has no maximum. For angles: the concentration
     * is at its largest.
     */
    SPIKE,
    /** A parameter lies at the end of its range, where its likelihood equation need not hold. */
    AT_BOUND,
    /** The log-likelihood fell by more than rounding and the tolerance explain. */
    LIKELIHOOD_FELL,
    /** The start ended early: a component could not be repaired, or ℓ not be computed. */
    START_FAILED,
    /**
     * The row weights sum to 1 or to less than a tenth of the number of rows: the criteria, for
     * which the total weight is the number of rows, hardly penalise parameters.
     */
    LOW_WEIGHT,
    /**
     * The rows cannot determine the parameters: there are as many free parameters as rows or more,
     * or a component holds fewer rows than its covariance needs.
     */
    TOO_FEW_ROWS,
    /** What was noted about the data before the fit: see the notes of the observations. */
    DATA
  }

  /**
   * Whether the fit was repaired or is degenerate, and so not a plain maximum of the likelihood.
   *
   * @return true for repairs and spikes
   */
  public boolean isDegeneracy() {
    return switch (kind) {
      case RESEEDED, DROPPED, FLOORED, SPIKE -> true;
      case AT_BOUND, LIKELIHOOD_FELL, START_FAILED, LOW_WEIGHT, TOO_FEW_ROWS, DATA -> false;
    };
  }
}
