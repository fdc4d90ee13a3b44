package io.github.mixtura.em;

import io.github.mixtura.execution.RunOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How to run EM. Immutable; each {@code with…} method returns a changed copy.
 *
 * @param tolerance stop when |Δℓ| ≤ tolerance · (w̄ + |ℓ|), w̄ being the mean weight of a row, 1
 *     without weights; tested from the second pass; 0 switches all stops but the number of
 *     iterations, the time limit and cancellation off
 * @param maxIterations greatest number of M-steps after the start
 * @param starts number of starts for random initialisers, of which the best is kept; they are made
 *     one after the other, so that any number costs time only
 * @param seed seed of all randomness; the same seed gives the same bits for any number of threads
 * @param threads number of threads
 * @param backend name of the compute backend, {@code auto} for the best
 * @param timeLimit time after which the best so far is returned; {@code null} for none
 * @param onDegenerate what to do with a degenerate component
 * @param acceleration how steps are combined
 * @param listener told after every pass; called by the fitting thread
 * @param cancelled asked often; once true the best so far is returned
 */
public record EmOptions(
    double tolerance,
    int maxIterations,
    int starts,
    long seed,
    int threads,
    String backend,
    Duration timeLimit,
    DegeneracyPolicy onDegenerate,
    Acceleration acceleration,
    Consumer<Progress> listener,
    BooleanSupplier cancelled) {

  /**
   * Checks every value.
   *
   * @param tolerance see the record
   * @param maxIterations see the record
   * @param starts see the record
   * @param seed see the record
   * @param threads see the record
   * @param backend see the record
   * @param timeLimit see the record
   * @param onDegenerate see the record
   * @param acceleration see the record
   * @param listener see the record
   * @param cancelled see the record
   */
  public EmOptions {
    require(tolerance >= 0 && tolerance < 1, "tolerance", tolerance, "must be in [0, 1)");
    require(maxIterations >= 0, "maxIterations", maxIterations, "must not be negative");
    require(starts >= 1, "starts", starts, "must be at least 1");
    require(threads >= 1 && threads <= 1024, "threads", threads, "must be 1 to 1024");
    if (timeLimit != null) {
      require(!timeLimit.isNegative(), "timeLimit", timeLimit, "must not be negative");
    }
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(onDegenerate, "onDegenerate");
    Objects.requireNonNull(acceleration, "acceleration");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(cancelled, "cancelled");
  }

  private static void require(boolean met, String name, Object value, String requirement) {
    if (!met) {
      throw new IllegalArgumentException(name + " is " + value + ", " + requirement);
    }
  }

  /**
   * Tolerance 1e-8, 1000 iterations, 5 starts, seed 1, all cores, automatic backend, no time limit,
   * reseeding, no acceleration.
   *
   * @return the defaults
   */
  public static EmOptions defaults() {
    return new EmOptions(
        1e-8,
        1000,
        5,
        1,
        Runtime.getRuntime().availableProcessors(),
        "auto",
        null,
        DegeneracyPolicy.reseed(),
        Acceleration.NONE,
        progress -> {},
        () -> false);
  }

  /**
   * Changes the tolerance.
   *
   * @param value in [0, 1)
   * @return changed copy
   */
  public EmOptions withTolerance(double value) {
    return new EmOptions(
        value,
        maxIterations,
        starts,
        seed,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the greatest number of iterations.
   *
   * @param value ≥ 0
   * @return changed copy
   */
  public EmOptions withMaxIterations(int value) {
    return new EmOptions(
        tolerance,
        value,
        starts,
        seed,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the number of starts.
   *
   * @param value ≥ 1
   * @return changed copy
   */
  public EmOptions withStarts(int value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        value,
        seed,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the seed.
   *
   * @param value any number
   * @return changed copy
   */
  public EmOptions withSeed(long value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        value,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the number of threads.
   *
   * @param value 1 to 1024
   * @return changed copy
   */
  public EmOptions withThreads(int value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        value,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the backend.
   *
   * @param value its name or {@code auto}
   * @return changed copy
   */
  public EmOptions withBackend(String value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        threads,
        value,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the time limit.
   *
   * @param value from the call of fit; {@code null} for none
   * @return changed copy
   */
  public EmOptions withTimeLimit(Duration value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        threads,
        backend,
        value,
        onDegenerate,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes what is done with degenerate components.
   *
   * @param value the policy
   * @return changed copy
   */
  public EmOptions withOnDegenerate(DegeneracyPolicy value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        threads,
        backend,
        timeLimit,
        value,
        acceleration,
        listener,
        cancelled);
  }

  /**
   * Changes the acceleration.
   *
   * @param value how steps are combined
   * @return changed copy
   */
  public EmOptions withAcceleration(Acceleration value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        value,
        listener,
        cancelled);
  }

  /**
   * Changes who is told about progress.
   *
   * @param value called after every pass
   * @return changed copy
   */
  public EmOptions withListener(Consumer<Progress> value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        value,
        cancelled);
  }

  /**
   * Changes who is asked whether to go on.
   *
   * @param value true once the fit shall end
   * @return changed copy
   */
  public EmOptions withCancelled(BooleanSupplier value) {
    return new EmOptions(
        tolerance,
        maxIterations,
        starts,
        seed,
        threads,
        backend,
        timeLimit,
        onDegenerate,
        acceleration,
        listener,
        value);
  }

  /** What all long work shares of these. */
  RunOptions run() {
    return new RunOptions(threads, seed, timeLimit, p -> {}, cancelled, backend);
  }
}
