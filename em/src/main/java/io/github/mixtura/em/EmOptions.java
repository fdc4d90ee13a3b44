package io.github.mixtura.em;

import io.github.mixtura.execution.Progress;
import io.github.mixtura.execution.RunOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How to run EM. Immutable; each {@code with…} method returns a changed copy.
 *
 * @param tolerance stop when |Δℓ| ≤ tolerance · (w̄ + |ℓ|), w̄ being the mean weight of a row, 1
 *     without weights, and ℓ the log-likelihood, with the logarithms of priors where there are any;
 *     tested from the second pass; 0 switches all stops but the number of iterations, the time
 *     limit and cancellation off
 * @param maxIterations greatest number of M-steps after the start
 * @param starts number of starts for random initialisers, of which the best is kept; they are made
 *     one after the other, so that any number costs time only
 * @param onDegenerate what to do with a degenerate component
 * @param acceleration how steps are combined
 * @param run threads, seed, backend, time limit, listener and cancellation; the listener is told
 *     after every pass, by a {@link FitProgress}
 */
public record EmOptions(
    double tolerance,
    int maxIterations,
    int starts,
    DegeneracyPolicy onDegenerate,
    Acceleration acceleration,
    RunOptions run) {

  private static final EmOptions DEFAULTS =
      new EmOptions(
          1e-8, 1000, 5, DegeneracyPolicy.reseed(), Acceleration.NONE, RunOptions.defaults());

  /**
   * Checks every value.
   *
   * @param tolerance see the record
   * @param maxIterations see the record
   * @param starts see the record
   * @param onDegenerate see the record
   * @param acceleration see the record
   * @param run see the record
   */
  public EmOptions {
    require(tolerance >= 0 && tolerance < 1, "tolerance", tolerance, "must be in [0, 1)");
    require(maxIterations >= 0, "maxIterations", maxIterations, "must not be negative");
    require(starts >= 1, "starts", starts, "must be at least 1");
    Objects.requireNonNull(onDegenerate, "onDegenerate");
    Objects.requireNonNull(acceleration, "acceleration");
    Objects.requireNonNull(run, "run");
  }

  private static void require(boolean met, String name, Object value, String requirement) {
    if (!met) {
      throw new IllegalArgumentException(name + " is " + value + ", " + requirement);
    }
  }

  /**
   * Tolerance 1e-8, 1000 iterations, 5 starts, reseeding, no acceleration; {@link
   * RunOptions#defaults}.
   *
   * @return the defaults
   */
  public static EmOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the tolerance.
   *
   * @param value in [0, 1)
   * @return changed copy
   */
  public EmOptions withTolerance(double value) {
    return new EmOptions(value, maxIterations, starts, onDegenerate, acceleration, run);
  }

  /**
   * Changes the greatest number of iterations.
   *
   * @param value ≥ 0
   * @return changed copy
   */
  public EmOptions withMaxIterations(int value) {
    return new EmOptions(tolerance, value, starts, onDegenerate, acceleration, run);
  }

  /**
   * Changes the number of starts.
   *
   * @param value ≥ 1
   * @return changed copy
   */
  public EmOptions withStarts(int value) {
    return new EmOptions(tolerance, maxIterations, value, onDegenerate, acceleration, run);
  }

  /**
   * Changes what is done with degenerate components.
   *
   * @param value the policy
   * @return changed copy
   */
  public EmOptions withOnDegenerate(DegeneracyPolicy value) {
    return new EmOptions(tolerance, maxIterations, starts, value, acceleration, run);
  }

  /**
   * Changes how steps are combined.
   *
   * @param value plain or accelerated
   * @return changed copy
   */
  public EmOptions withAcceleration(Acceleration value) {
    return new EmOptions(tolerance, maxIterations, starts, onDegenerate, value, run);
  }

  /**
   * Changes what all long work shares.
   *
   * @param value threads, seed, backend, time limit, listener and cancellation
   * @return changed copy
   */
  public EmOptions with(RunOptions value) {
    return new EmOptions(tolerance, maxIterations, starts, onDegenerate, acceleration, value);
  }

  /**
   * Changes the seed.
   *
   * @param value any
   * @return changed copy
   */
  public EmOptions withSeed(long value) {
    return with(run.withSeed(value));
  }

  /**
   * Changes the number of threads.
   *
   * @param value 1 to 1024
   * @return changed copy
   */
  public EmOptions withThreads(int value) {
    return with(run.withThreads(value));
  }

  /**
   * Changes the backend.
   *
   * @param value its name; {@code auto} for the fastest that can be used
   * @return changed copy
   */
  public EmOptions withBackend(String value) {
    return with(run.withBackend(value));
  }

  /**
   * Changes the time limit.
   *
   * @param value not negative; {@code null} for none
   * @return changed copy
   */
  public EmOptions withTimeLimit(Duration value) {
    return with(run.withTimeLimit(value));
  }

  /**
   * Changes who is told about progress.
   *
   * @param value called after every pass
   * @return changed copy
   */
  public EmOptions withListener(Consumer<? super Progress> value) {
    return with(run.withListener(value));
  }

  /**
   * Changes who is asked whether to go on.
   *
   * @param value true once the fit shall end
   * @return changed copy
   */
  public EmOptions withCancelled(BooleanSupplier value) {
    return with(run.withCancelled(value));
  }
}
