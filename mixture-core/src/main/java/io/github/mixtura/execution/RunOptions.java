package io.github.mixtura.execution;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What all long work is told beside what to compute. Immutable.
 *
 * <p>Results have the same bits for every number of threads. Work that is cancelled, or whose time
 * limit passes, returns the best it has; a {@link java.util.concurrent.CancellationException} says
 * that there was nothing yet. A time limit never leaves the caller without a result.
 *
 * @param threads number of threads, at least 1
 * @param seed of everything random
 * @param timeLimit wall time; {@code null} for none
 * @param listener is told where the work stands, by the thread that called
 * @param cancelled asked often; once true the work ends
 * @param backend name of the backend; {@code null} for the fastest that can be used
 */
public record RunOptions(
    int threads,
    long seed,
    Duration timeLimit,
    Consumer<? super Progress> listener,
    BooleanSupplier cancelled,
    String backend) {

  private static final RunOptions DEFAULTS =
      new RunOptions(
          Runtime.getRuntime().availableProcessors(), 0, null, p -> {}, () -> false, null);

  /**
   * Checks the values.
   *
   * @param threads see the record
   * @param seed see the record
   * @param timeLimit see the record
   * @param listener see the record
   * @param cancelled see the record
   * @param backend see the record
   */
  public RunOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
    }
    if (timeLimit != null && timeLimit.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + timeLimit + ", must not be negative");
    }
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(cancelled, "cancelled");
  }

  /**
   * All cores, seed 0, no time limit, the fastest backend.
   *
   * @return the options
   */
  public static RunOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the number of threads.
   *
   * @param value at least 1
   * @return changed copy
   */
  public RunOptions withThreads(int value) {
    return new RunOptions(value, seed, timeLimit, listener, cancelled, backend);
  }

  /**
   * Changes the seed.
   *
   * @param value any number
   * @return changed copy
   */
  public RunOptions withSeed(long value) {
    return new RunOptions(threads, value, timeLimit, listener, cancelled, backend);
  }

  /**
   * Changes the time limit.
   *
   * @param value not negative; {@code null} for none
   * @return changed copy
   */
  public RunOptions withTimeLimit(Duration value) {
    return new RunOptions(threads, seed, value, listener, cancelled, backend);
  }

  /**
   * Changes who is told where the work stands.
   *
   * @param value the listener
   * @return changed copy
   */
  public RunOptions withListener(Consumer<? super Progress> value) {
    return new RunOptions(threads, seed, timeLimit, value, cancelled, backend);
  }

  /**
   * Changes what ends the work early.
   *
   * @param value asked often
   * @return changed copy
   */
  public RunOptions withCancelled(BooleanSupplier value) {
    return new RunOptions(threads, seed, timeLimit, listener, value, backend);
  }

  /**
   * Changes the backend.
   *
   * @param value its name; {@code null} for the fastest that can be used
   * @return changed copy
   */
  public RunOptions withBackend(String value) {
    return new RunOptions(threads, seed, timeLimit, listener, cancelled, value);
  }
}
