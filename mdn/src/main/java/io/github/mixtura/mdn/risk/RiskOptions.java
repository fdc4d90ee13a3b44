package io.github.mixtura.mdn.risk;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How long forecasts may take and who is told of them. Immutable; each {@code with…} method returns
 * a changed copy.
 *
 * <p>Time and cancellation are looked at before each day: a re-fit that has begun is ended.
 */
public final class RiskOptions {
  private static final RiskOptions DEFAULTS = new RiskOptions(null, progress -> {}, () -> false);

  private final Duration timeLimit;
  private final Consumer<RiskProgress> listener;
  private final BooleanSupplier cancelled;

  private RiskOptions(
      Duration timeLimit, Consumer<RiskProgress> listener, BooleanSupplier cancelled) {
    this.timeLimit = timeLimit;
    this.listener = listener;
    this.cancelled = cancelled;
  }

  /**
   * No time limit, nobody told, never cancelled.
   *
   * @return the defaults
   */
  public static RiskOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Time after which what was forecast is returned; null for none.
   *
   * @return the value
   */
  public Duration timeLimit() {
    return timeLimit;
  }

  /**
   * Changes: time after which what was forecast is returned; null for none.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public RiskOptions withTimeLimit(Duration value) {
    Requirements.require(
        value == null || !value.isNegative(), "timeLimit", value, "must not be negative");
    return new RiskOptions(value, listener, cancelled);
  }

  /**
   * Told after every day, by the forecasting thread.
   *
   * @return the value
   */
  public Consumer<RiskProgress> listener() {
    return listener;
  }

  /**
   * Changes: told after every day, by the forecasting thread.
   *
   * @param value the value
   * @return changed copy
   */
  public RiskOptions withListener(Consumer<RiskProgress> value) {
    return new RiskOptions(timeLimit, Objects.requireNonNull(value, "listener"), cancelled);
  }

  /**
   * Asked before every day; once true what was forecast is returned.
   *
   * @return the value
   */
  public BooleanSupplier cancelled() {
    return cancelled;
  }

  /**
   * Changes: asked before every day; once true what was forecast is returned.
   *
   * @param value the value
   * @return changed copy
   */
  public RiskOptions withCancelled(BooleanSupplier value) {
    return new RiskOptions(timeLimit, listener, Objects.requireNonNull(value, "cancelled"));
  }

  /** Begins to count the time. */
  Clock start() {
    return new Clock(System.nanoTime());
  }

  /** Asked whether to go on. */
  final class Clock {
    private final long begin;

    private Clock(long begin) {
      this.begin = begin;
    }

    /** {@link RiskStop#COMPLETED} to go on. */
    RiskStop passed() {
      if (cancelled.getAsBoolean()) {
        return RiskStop.CANCELLED;
      }
      boolean late =
          timeLimit != null
              && Duration.ofNanos(System.nanoTime() - begin).compareTo(timeLimit) >= 0;
      return late ? RiskStop.TIME_LIMIT : RiskStop.COMPLETED;
    }
  }
}
