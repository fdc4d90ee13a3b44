package io.github.mixtura.em;

/** Time limit and cancellation of one fit. The limit counts from the first evaluated mixture on. */
final class Deadline {
  private final EmOptions options;
  private final long end;
  private volatile boolean armed;

  Deadline(EmOptions options, long begin) {
    this.options = options;
    this.end =
        options.timeLimit() == null
                || options.timeLimit().toSeconds() > Long.MAX_VALUE / 2_000_000_000
            ? Long.MAX_VALUE
            : begin + options.timeLimit().toNanos();
  }

  /** There is a mixture to return: from now on the time limit holds. */
  void arm() {
    armed = true;
  }

  boolean passed() {
    return options.cancelled().getAsBoolean() || (armed && isLate());
  }

  /**
   * Whether what takes long should end with the best it has: as {@link #passed}, and also while the
   * first mixture is being made.
   */
  boolean isUrgent() {
    return options.cancelled().getAsBoolean() || isLate();
  }

  private boolean isLate() {
    return end != Long.MAX_VALUE && System.nanoTime() - end >= 0;
  }

  StopReason reason() {
    return options.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted()
        ? StopReason.CANCELLED
        : StopReason.TIME_LIMIT;
  }
}
