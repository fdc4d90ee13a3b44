package io.github.mixtura.gp.pde;

/** How a solution ended. */
public enum SolutionStatus {
  /** The equation holds on the grid to rounding or truncation. */
  SOLVED,
  /** The source holds noise, which the posterior standard deviation takes into account. */
  NOISY,
  /** The source has energy near the Nyquist frequency of the grid or beyond: an alias is likely. */
  NYQUIST,
  /** The equation does not hold on the grid, or Newton's method did not come to rest. */
  NOT_CONVERGED,
  /** The time limit ended the search for a better solution. */
  TIME_LIMIT
}
