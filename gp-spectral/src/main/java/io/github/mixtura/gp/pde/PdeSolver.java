package io.github.mixtura.gp.pde;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Solves a {@link PdeProblem} with a spectral-mixture Gaussian process whose frequencies are found
 * in the data. Immutable.
 *
 * <p>The frequencies of the source (and, in two dimensions, of the boundary values) become the
 * components of a prior with Gaussian spectral bumps; the process is conditioned on the equation at
 * all grid points and on the boundary values, in the coordinates of an exact root of its covariance
 * and by orthogonal factors only. Beside lines, combs of frequencies are tried where the spectrum
 * is not sparse. In one dimension bump width, noise and components are chosen by evidence; in two
 * the solution is a Galerkin projection on the part of the prior above a truncation, and the
 * posterior with the likeliest prior where that shows noise. Non-linear terms are treated by
 * Newton's method with renewed detection, variable coefficients in two dimensions by GMRES.
 *
 * <p>Cost, with N grid points along an axis and r features (40 to 400 for sparse spectra): {@code
 * O(Nr²)} in one dimension, {@code O(N²r + Nr² + r³)} in two. On the same thread, apart from the
 * Fourier transforms of long axes. The same problem gives the same bits.
 *
 * <pre>{@code
 * PdeSolution solution = PdeSolver.of(problem).solve();
 * solution.status();      // SOLVED
 * solution.value(0.3);
 * }</pre>
 *
 * <p>Follows Fang et al., "Solving high frequency and multi-scale PDEs with Gaussian processes",
 * ICLR 2024, arXiv:2311.04465, with learning replaced by detection.
 */
public final class PdeSolver {
  private final PdeProblem problem;
  private final Duration timeLimit;
  private final BooleanSupplier cancelled;
  private final Consumer<String> listener;

  private PdeSolver(
      PdeProblem problem,
      Duration timeLimit,
      BooleanSupplier cancelled,
      Consumer<String> listener) {
    this.problem = problem;
    this.timeLimit = timeLimit;
    this.cancelled = cancelled;
    this.listener = listener;
  }

  /**
   * A solver with default options, which suit all problems.
   *
   * @param problem with source and all boundary values
   * @return the solver
   * @throws IllegalArgumentException if the source or boundary values are missing
   */
  public static PdeSolver of(PdeProblem problem) {
    problem.requireComplete();
    return new PdeSolver(problem, null, () -> false, phase -> {});
  }

  /**
   * Changes the time limit. A limit that ends the search for a better solution gives the best so
   * far with the status {@link SolutionStatus#TIME_LIMIT}: the first approximation, or, in two
   * dimensions where that takes longer, what interpolates the boundary values.
   *
   * @param value not negative; 0 for the first approximation only, null for no limit
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public PdeSolver timeLimit(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + value + ", must not be negative");
    }
    return new PdeSolver(problem, value, cancelled, listener);
  }

  /**
   * Changes who is asked between steps whether to stop. If so, or if the thread is interrupted,
   * {@link #solve} throws {@link java.util.concurrent.CancellationException}.
   *
   * @param value true to stop
   * @return changed copy
   */
  public PdeSolver cancelled(BooleanSupplier value) {
    return new PdeSolver(problem, timeLimit, Objects.requireNonNull(value), listener);
  }

  /**
   * Changes who is told the name of each phase when it begins.
   *
   * @param value the listener
   * @return changed copy
   */
  public PdeSolver onPhase(Consumer<String> value) {
    return new PdeSolver(problem, timeLimit, cancelled, Objects.requireNonNull(value));
  }

  /**
   * Solves the problem.
   *
   * @return the solution; its status says how it ended
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public PdeSolution solve() {
    Control control = new Control(timeLimit, cancelled, listener);
    return problem.grid().dimension() == 1
        ? new IntervalSolver(problem, control).solve()
        : new RectangleSolver(problem, control).solve();
  }
}
