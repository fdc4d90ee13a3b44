package io.github.mixtura.em;

/** Why an EM run ended. Not converging is a result, never an exception. */
public enum StopReason {
  /** |Δℓ| ≤ tolerance · (1 + |ℓ|). */
  TOLERANCE,
  /** The greatest number of iterations was made. */
  MAX_ITERATIONS,
  /** The time limit passed. */
  TIME_LIMIT,
  /** The caller cancelled. */
  CANCELLED,
  /** The log-likelihood fell by more than rounding explains; the mixture before is returned. */
  STALLED,
  /** A component degenerated and could not be repaired; the mixture before is returned. */
  DEGENERATE
}
