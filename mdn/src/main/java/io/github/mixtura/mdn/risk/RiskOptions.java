package io.github.mixtura.mdn.risk;

import io.github.mixtura.execution.Progress;
import io.github.mixtura.execution.RunControl;
import io.github.mixtura.execution.RunOptions;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How long forecasts may take and who is told of them. Immutable; each {@code with…} method returns
 * a changed copy.
 *
 * <p>Time and cancellation are looked at before each day: a re-fit that has begun is ended.
 */
public final class RiskOptions {
  private static final RiskOptions DEFAULTS = new RiskOptions(RunOptions.defaults());

  private final RunOptions run;

  private RiskOptions(RunOptions run) {
    this.run = run;
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
    return run.timeLimit();
  }

  /**
   * Changes: time after which what was forecast is returned; null for none.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public RiskOptions withTimeLimit(Duration value) {
    return new RiskOptions(run.withTimeLimit(value));
  }

  /**
   * Told after every day, by the forecasting thread, of a {@link RiskProgress}.
   *
   * @return the value
   */
  public Consumer<? super Progress> listener() {
    return run.listener();
  }

  /**
   * Changes: told after every day, by the forecasting thread, of a {@link RiskProgress}.
   *
   * @param value the value
   * @return changed copy
   */
  public RiskOptions withListener(Consumer<? super Progress> value) {
    return new RiskOptions(run.withListener(value));
  }

  /**
   * Asked before every day; once true what was forecast is returned.
   *
   * @return the value
   */
  public BooleanSupplier cancelled() {
    return run.cancelled();
  }

  /**
   * Changes: asked before every day; once true what was forecast is returned.
   *
   * @param value the value
   * @return changed copy
   */
  public RiskOptions withCancelled(BooleanSupplier value) {
    return new RiskOptions(run.withCancelled(value));
  }

  /** Begins to count the time. */
  Clock start() {
    return new Clock();
  }

  /** Asked whether to go on. */
  final class Clock {
    private final RunControl control = RunControl.begin(run);

    /** Wall time since the start. */
    double seconds() {
      return control.seconds();
    }

    /** {@link RiskStop#COMPLETED} to go on. */
    RiskStop passed() {
      if (run.cancelled().getAsBoolean()) {
        return RiskStop.CANCELLED;
      }
      return control.isLate() ? RiskStop.TIME_LIMIT : RiskStop.COMPLETED;
    }
  }
}
