package io.github.mixtura.mdn;

import io.github.mixtura.execution.RunControl;
import io.github.mixtura.execution.RunOptions;

/**
 * Asks whether to go on, also in the midst of a long pass over examples. Once there is a reason to
 * stop, it stays. The caller is asked by the thread that made this watch only; the clock is looked
 * at by all.
 */
final class Watch {
  /** Never passes. */
  static final Watch NONE = new Watch(RunOptions.defaults());

  /** Floating-point operations between two looks: some milliseconds. */
  private static final long OPERATIONS = 10_000_000;

  private final Thread owner = Thread.currentThread();
  private final RunOptions options;
  private final RunControl control;
  private volatile TrainingStop reason;

  /** Ends what is being computed; nothing of it is to be used, nor the memory it was in. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped() {
      super("stopped", null, false, false);
    }
  }

  /** Counts work between two looks. */
  final class Pace {
    private long done;

    /**
     * Looks, once enough was done.
     *
     * @throws Stopped if there is a reason to stop
     */
    void add(long operations) {
      done += operations;
      if (done > OPERATIONS) {
        done = 0;
        check();
      }
    }
  }

  /** Begins now. */
  Watch(RunOptions options) {
    this.options = options;
    control = RunControl.begin(options);
  }

  Pace pace() {
    return new Pace();
  }

  /** Why to stop; null to go on. */
  TrainingStop passed() {
    if (reason == null) {
      if (Thread.currentThread() == owner && options.cancelled().getAsBoolean()) {
        reason = TrainingStop.CANCELLED;
      } else if (control.isLate()) {
        reason = TrainingStop.TIME_LIMIT;
      }
    }
    return reason;
  }

  /** What {@link #passed} gave last, without asking again. */
  TrainingStop reason() {
    return reason;
  }

  /** Wall time since this watch was made. */
  double seconds() {
    return control.seconds();
  }

  void check() {
    if (passed() != null) {
      throw new Stopped();
    }
  }
}
