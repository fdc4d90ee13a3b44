package io.github.mixtura.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CancellationException;

/**
 * The clock of one run: time limit and cancellation. Begins when it is made; safe for use by
 * several threads.
 *
 * <p>The time limit does not end a run that has no result yet: {@link #isOver} looks at it only
 * after {@link #haveResult}. What takes long before that asks {@link #isUrgent} and takes the short
 * way.
 */
public final class RunControl {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final RunOptions options;
  private final long begin = System.nanoTime();
  private final long cpuBegin = THREADS.getCurrentThreadCpuTime();
  private final long end;
  private volatile boolean haveResult;

  private RunControl(RunOptions options) {
    this.options = options;
    // Longer than half the clock's range is never.
    this.end =
        options.timeLimit() == null
                || options.timeLimit().toSeconds() > Long.MAX_VALUE / 2_000_000_000
            ? Long.MAX_VALUE
            : begin + options.timeLimit().toNanos();
  }

  /**
   * Begins a run.
   *
   * @param options time limit and cancellation
   * @return its clock, running
   */
  public static RunControl begin(RunOptions options) {
    return new RunControl(options);
  }

  /** There is something to return: from now on the time limit ends the run. */
  public void haveResult() {
    haveResult = true;
  }

  /**
   * Whether the caller wants no more.
   *
   * @return true once cancelled or interrupted
   */
  public boolean isCancelled() {
    return options.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  /**
   * Whether the run is to end with what it has.
   *
   * @return true once cancelled, or late with a result
   */
  public boolean isOver() {
    return options.cancelled().getAsBoolean() || (haveResult && isLate());
  }

  /**
   * Whether what takes long is to end with the best it has, also while the first result is being
   * made.
   *
   * @return true once cancelled or late
   */
  public boolean isUrgent() {
    return options.cancelled().getAsBoolean() || isLate();
  }

  /**
   * Whether the time limit has passed.
   *
   * @return true once late
   */
  public boolean isLate() {
    return end != Long.MAX_VALUE && System.nanoTime() - end >= 0;
  }

  /**
   * Seconds until the time limit.
   *
   * @return negative once late; infinite without a limit
   */
  public double secondsLeft() {
    return end == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : (end - System.nanoTime()) * 1e-9;
  }

  /**
   * Ends work that has no result.
   *
   * @param what was being done, in the message "… was cancelled"
   * @throws CancellationException if the caller wants no more
   */
  public void requireGoingOn(String what) {
    if (isCancelled()) {
      throw new CancellationException(what + " was cancelled");
    }
  }

  /**
   * Why a run that is over ended.
   *
   * @return {@link StopReason#CANCELLED} or {@link StopReason#TIME_LIMIT}
   */
  public StopReason reason() {
    return isCancelled() ? StopReason.CANCELLED : StopReason.TIME_LIMIT;
  }

  /**
   * Wall time since the run began.
   *
   * @return seconds
   */
  public double seconds() {
    return (System.nanoTime() - begin) * 1e-9;
  }

  /**
   * CPU time, since the run began, of the thread that asks, which must be the one that began it,
   * and of its workers.
   *
   * @param workers all of whose time counts
   * @return seconds
   */
  public double cpuSeconds(Workers workers) {
    return (THREADS.getCurrentThreadCpuTime() - cpuBegin) * 1e-9 + workers.helperSeconds();
  }
}
