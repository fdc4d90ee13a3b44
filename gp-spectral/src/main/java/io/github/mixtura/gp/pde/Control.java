package io.github.mixtura.gp.pde;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Time limit, cancellation, progress and the time spent in each phase of one run. */
final class Control {
  private static final long GRACE = 250_000_000;
  private static final double OPERATIONS_PER_SECOND = 5e8;

  private final long begin = System.nanoTime();
  private final long limit;
  private final BooleanSupplier cancelled;
  private final Consumer<String> listener;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private String phase;
  private long phaseBegin;
  private boolean late;

  Control(Duration limit, BooleanSupplier cancelled, Consumer<String> listener) {
    this.limit =
        limit == null || limit.toSeconds() > Long.MAX_VALUE / 2_000_000_000
            ? Long.MAX_VALUE
            : limit.toNanos();
    this.cancelled = cancelled;
    this.listener = listener;
  }

  /** Ends the present phase and begins another. */
  void phase(String name) {
    check();
    long now = System.nanoTime();
    if (phase != null) {
      seconds.merge(phase, (now - phaseBegin) * 1e-9, Double::sum);
    }
    phase = name;
    phaseBegin = now;
    if (name != null) {
      listener.accept(name);
    }
  }

  void check() {
    if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new CancellationException("solving was cancelled");
    }
  }

  /** Whether the time limit has passed; remembered. */
  boolean isLate() {
    check();
    late |= System.nanoTime() - begin >= limit;
    return late;
  }

  /** The time limit has passed by so much that the step at hand is not worth finishing. */
  static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1;

    Late() {
      super("the time limit has passed", null, false, false);
    }
  }

  /**
   * Asked inside long steps.
   *
   * @throws Late if the time limit passed a quarter of a second ago
   */
  void require() {
    if (isLate() && System.nanoTime() - begin - limit >= GRACE) {
      throw new Late();
    }
  }

  /**
   * Asked before a step that cannot be interrupted.
   *
   * @param operations number of multiplications
   * @throws Late if it would end more than a quarter of a second after the time limit
   */
  void requireFor(double operations) {
    check();
    double seconds = operations / OPERATIONS_PER_SECOND;
    if (limit < Long.MAX_VALUE && elapsed() + seconds > (limit + GRACE) * 1e-9) {
      late = true;
      throw new Late();
    }
  }

  /** Whether the time limit will have passed after some seconds more; remembered. */
  boolean wouldBeLate(double seconds) {
    check();
    late |= System.nanoTime() - begin + 1e9 * seconds >= limit;
    return late;
  }

  /** Whether something was left out because of the time limit. */
  boolean wasLate() {
    return late;
  }

  /** Seconds of each phase in order. */
  Map<String, Double> seconds() {
    phase(null);
    return seconds;
  }

  double elapsed() {
    return (System.nanoTime() - begin) * 1e-9;
  }
}
