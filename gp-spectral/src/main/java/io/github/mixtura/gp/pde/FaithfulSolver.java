package io.github.mixtura.gp.pde;

import io.github.mixtura.gp.SpectralMixture;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Solves a problem in one dimension by learning a spectral mixture of the solution, as in Fang et
 * al. (ICLR 2024, arXiv 2311.04465), for comparison and for the frequencies it finds. Immutable.
 *
 * <p>{@link Objective#MARGINAL}: the marginal likelihood of all conditions, source and boundary, by
 * L-BFGS with the noise lowered from 1e-3 to 1e-6 of the prior variance of each condition; the
 * length scales stay below three lengths of the domain. Of the start and both stages, with all
 * components and without those of a small share, that one is kept whose final system predicts each
 * source value best from all others and leaves the least residual, in terms of u. {@link
 * Objective#PAPER}: the joint density of the values on the grid and all parameters by Adam with the
 * paper's constants. Both cost O(N³) per step.
 */
public final class FaithfulSolver {
  private final PdeProblem problem;
  private final Options options;

  /** What is maximised. */
  public enum Objective {
    /** The marginal likelihood. */
    MARGINAL,
    /** The joint density of the paper. */
    PAPER
  }

  /** All options; {@code highest} 0 stands for the band of the source. */
  record Options(
      Objective objective,
      SpectralMixture.Bump bump,
      int components,
      double highest,
      int steps,
      Duration timeLimit,
      BooleanSupplier cancelled,
      Consumer<String> progress) {}

  private FaithfulSolver(PdeProblem problem, Options options) {
    this.problem = problem;
    this.options = options;
  }

  /**
   * A solver with the marginal objective, Student-t bumps, 30 components and 60 steps per stage.
   *
   * @param problem in one dimension, complete
   * @return the solver
   * @throws IllegalArgumentException if the problem has two dimensions, source or boundary values
   *     are missing, or the grid has more than 3000 points
   */
  public static FaithfulSolver of(PdeProblem problem) {
    if (problem.grid().dimension() != 1) {
      throw new IllegalArgumentException(
          "grid has 2 axes, must have 1 in faithful mode; use PdeSolver in two dimensions");
    }
    if (problem.grid().size() > 3000) {
      throw new IllegalArgumentException(
          "grid has "
              + problem.grid().size()
              + " points, must have at most 3000 in faithful mode; use PdeSolver for more");
    }
    problem.requireComplete();
    return new FaithfulSolver(
        problem,
        new Options(
            Objective.MARGINAL,
            SpectralMixture.Bump.STUDENT_T,
            30,
            0,
            60,
            null,
            () -> false,
            phase -> {}));
  }

  /**
   * Changes what is maximised. For the paper's objective the steps become 2000.
   *
   * @param value the objective
   * @return changed copy
   */
  public FaithfulSolver withObjective(Objective value) {
    Objects.requireNonNull(value, "objective");
    return with(
        new Options(
            value,
            options.bump,
            options.components,
            options.highest,
            value == Objective.PAPER ? 2000 : 60,
            options.timeLimit,
            options.cancelled,
            options.progress));
  }

  private FaithfulSolver with(Options changed) {
    return new FaithfulSolver(problem, changed);
  }

  /**
   * Changes the form of the bumps of the spectrum.
   *
   * @param value Gaussian (GM) or Student t (StM)
   * @return changed copy
   */
  public FaithfulSolver withBump(SpectralMixture.Bump value) {
    Objects.requireNonNull(value, "bump");
    return with(
        new Options(
            options.objective,
            value,
            options.components,
            options.highest,
            options.steps,
            options.timeLimit,
            options.cancelled,
            options.progress));
  }

  /**
   * Changes the number of components.
   *
   * @param value 2 to 200
   * @return changed copy
   * @throws IllegalArgumentException if it is outside its range
   */
  public FaithfulSolver withComponents(int value) {
    if (value < 2 || value > 200) {
      throw new IllegalArgumentException("components is " + value + ", must be 2 to 200");
    }
    return with(
        new Options(
            options.objective,
            options.bump,
            value,
            options.highest,
            options.steps,
            options.timeLimit,
            options.cancelled,
            options.progress));
  }

  /**
   * Changes the highest frequency of the comb that learning starts from. Without this call it is
   * 1.2 times the frequency below which all but 1e-6 of the windowed source's energy lies.
   *
   * @param value in cycles per unit of x, finite and positive
   * @return changed copy
   * @throws IllegalArgumentException if it is not finite and positive
   */
  public FaithfulSolver withHighestFrequency(double value) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "highestFrequency is " + value + ", must be finite and positive");
    }
    return with(
        new Options(
            options.objective,
            options.bump,
            options.components,
            value,
            options.steps,
            options.timeLimit,
            options.cancelled,
            options.progress));
  }

  /**
   * Changes the most steps: per stage for the marginal objective, in all for the paper's.
   *
   * @param value at least 1
   * @return changed copy
   * @throws IllegalArgumentException if it is less than 1
   */
  public FaithfulSolver withSteps(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("steps is " + value + ", must be at least 1");
    }
    return with(
        new Options(
            options.objective,
            options.bump,
            options.components,
            options.highest,
            value,
            options.timeLimit,
            options.cancelled,
            options.progress));
  }

  /**
   * Changes the time limit of learning.
   *
   * @param value not negative; {@code null} for none
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public FaithfulSolver withTimeLimit(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + value + ", must not be negative");
    }
    return with(
        new Options(
            options.objective,
            options.bump,
            options.components,
            options.highest,
            options.steps,
            value,
            options.cancelled,
            options.progress));
  }

  /**
   * Changes who is asked whether to go on.
   *
   * @param value true once solving shall end with a {@link CancellationException}
   * @return changed copy
   */
  public FaithfulSolver withCancelled(BooleanSupplier value) {
    Objects.requireNonNull(value, "cancelled");
    return with(
        new Options(
            options.objective,
            options.bump,
            options.components,
            options.highest,
            options.steps,
            options.timeLimit,
            value,
            options.progress));
  }

  /**
   * Changes who is told about progress.
   *
   * @param value given the name of every phase as it begins
   * @return changed copy
   */
  public FaithfulSolver withProgress(Consumer<String> value) {
    Objects.requireNonNull(value, "progress");
    return with(
        new Options(
            options.objective,
            options.bump,
            options.components,
            options.highest,
            options.steps,
            options.timeLimit,
            options.cancelled,
            value));
  }

  /**
   * Solves.
   *
   * @return the solution
   * @throws CancellationException if cancelled
   */
  public FaithfulSolution solve() {
    return options.objective == Objective.PAPER
        ? new JointFit(problem, options).solve()
        : new MarginalFit(problem, options).solve();
  }
}
