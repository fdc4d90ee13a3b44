package io.github.mixtura.em;

/**
 * Why an EM run ended. Not converging is a result, never an exception.
 *
 * <p>Whatever the reason, the log-likelihood ℓ of a fit is that of the mixture returned, the last
 * entry of its trace, and up to rounding no lower than any other entry unless the fit was repaired.
 * Where several starts were made, a limit that cut them short is the reason given, whichever of
 * them is kept.
 */
public enum StopReason {
  /**
   * The last step was a plain one, repaired nothing, and changed ℓ by at most tolerance · (w̄ +
   * |ℓ|), w̄ being the mean weight of a row, 1 without weights. One more step changes it by as
   * little. It does not say how far the maximum is: where EM is slow, many small steps may be left;
   * a smaller tolerance or {@link Acceleration#SQUAREM} shows it. The maximum is a local one.
   */
  TOLERANCE,
  /** As many iterations as allowed were made; nothing is said about a maximum. */
  MAX_ITERATIONS,
  /** The time limit passed; the best start by then, and of it the last mixture, is returned. */
  TIME_LIMIT,
  /** The caller cancelled; the best start by then, and of it the last mixture, is returned. */
  CANCELLED,
  /**
   * ℓ fell by more than rounding and the tolerance explain, as {@link
   * FitWarning.Kind#LIKELIHOOD_FELL} says; the mixture before is returned.
   */
  STALLED,
  /**
   * A component degenerated and could not be repaired, as {@link FitWarning.Kind#START_FAILED}
   * says; the mixture before is returned, which is no maximum and often close to a singular one. No
   * start of the fit ended better.
   */
  DEGENERATE
}
