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
 * @param threads number of threads, 1 to 1024
 * @param seed of everything random
 * @param timeLimit wall time; {@code null} for none
 * @param listener is told where the work stands, by the thread that called
 * @param cancelled asked often; once true the work ends
 * @param backend name of the backend; {@code auto} for the fastest that can be used
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
          Runtime.getRuntime().availableProcessors(), 1, null, p -> {}, () -> false, "auto");

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
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads is " + threads + ", must be 1 to 1024");
    }
    if (timeLimit != null && timeLimit.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + timeLimit + ", must not be negative");
    }
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(cancelled, "cancelled");
    Objects.requireNonNull(backend, "backend");
  }

  /**
   * All cores, seed 1, no time limit, the fastest backend.
   *
   * @return the options
   */
  public static RunOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the number of threads.
   *
   * @param value 1 to 1024
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
   * @param value its name; {@code auto} for the fastest that can be used
   * @return changed copy
   */
  public RunOptions withBackend(String value) {
    return new RunOptions(threads, seed, timeLimit, listener, cancelled, value);
  }
}
