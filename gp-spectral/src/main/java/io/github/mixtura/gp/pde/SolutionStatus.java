package io.github.mixtura.gp.pde;

/**
 * How a solution ended. Where several apply the first of {@link #UNDETERMINED}, {@link #NYQUIST},
 * {@link #TIME_LIMIT} and the others is given; the warnings of the solution name the rest.
 */
public enum SolutionStatus {
  /**
   * The equation holds on the grid to 1e-7 of its source, and no other solution was found. In one
   * dimension two different priors agree on it to 1e-7 of its size, and noise leaves less than 3e-6
   * of it unsure.
   */
  SOLVED,
  /**
   * The equation holds up to noise of the source, which looks like noise: as large at all places
   * and at all frequencies, and in one dimension below 0.3 of the source. The posterior standard
   * deviation takes it into account.
   */
  NOISY,
  /** The source has energy near the Nyquist frequency of the grid or beyond: an alias is likely. */
  NYQUIST,
  /**
   * The solution is not known to the accuracy that {@link #SOLVED} stands for: the equation does
   * not hold on the grid, Newton's method did not come to rest, or the solution depends on the
   * prior. Where there are standard deviations they say how far it may be off.
   */
  NOT_CONVERGED,
  /** The time limit ended the search for a better solution. */
  TIME_LIMIT,
  /**
   * Equation and boundary values do not determine the solution: the functions of {@link
   * PdeSolution#free()} may be added to it in any amount. Its values are those of one of the
   * solutions, or, where the source does not fit, of none; standard deviations are infinite
   * wherever such a function is not 0. A problem counts as undetermined if operator and boundary
   * leave less than 1e-10 of such a function.
   */
  UNDETERMINED
}
