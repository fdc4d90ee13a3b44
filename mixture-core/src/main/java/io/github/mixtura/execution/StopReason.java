package io.github.mixtura.execution;

/**
 * Why iterative work ended. Not converging is a result, never an exception.
 *
 * <p>Whatever the reason, the value reported is that of the result returned. Where several starts
 * were made, a limit that cut them short is the reason given, whichever of them is kept.
 */
public enum StopReason {
  /**
   * The last step changed what is improved by no more than the tolerance. Of a mixture: the step
   * was a plain one, repaired nothing, and changed the log-likelihood ℓ, with the priors where
   * there are any, by at most tolerance · (w̄ + |ℓ|), w̄ being the mean weight of a row, 1 without
   * weights. It does not say how far the maximum is: where EM is slow, many small steps may be
   * left; a smaller tolerance or squared extrapolation shows it. The maximum is a local one.
   */
  TOLERANCE,
  /** As many iterations as allowed were made; nothing is said about a maximum. */
  MAX_ITERATIONS,
  /** The time limit passed; the best by then is returned. */
  TIME_LIMIT,
  /** The caller cancelled, or interrupted the thread; the best by then is returned. */
  CANCELLED,
  /**
   * What is improved became worse by more than rounding and the tolerance explain; the result
   * before is returned.
   */
  STALLED,
  /**
   * A component degenerated and could not be repaired; the mixture before is returned, which is no
   * maximum and often close to a singular one. No start of the fit ended better.
   */
  DEGENERATE
}
