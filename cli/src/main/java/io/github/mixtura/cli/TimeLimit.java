package io.github.mixtura.cli;

import java.time.Duration;

/** The option {@code --time-limit}. */
final class TimeLimit {
  private static final double MOST_SECONDS = 1e9;

  private TimeLimit() {}

  /** The limit; null for none. */
  static Duration of(Double seconds) {
    if (seconds == null) {
      return null;
    }
    if (!(seconds >= 0)) {
      throw new UsageException("time limit is " + seconds + ", must be 0 or more seconds");
    }
    return seconds < MOST_SECONDS ? Duration.ofNanos((long) (seconds * 1e9)) : null;
  }
}
