package io.github.mixtura.cli;

import java.util.function.Supplier;

/**
 * Marks stretches in which a command only reads, or waits for somebody who reads: they cannot see
 * that the command shall end, and nothing is lost if the process does.
 */
final class Waiting {
  private static volatile long since;

  private Waiting() {}

  static <T> T during(Supplier<T> work) {
    long outer = since;
    since = System.nanoTime() | 1;
    try {
      return work.get();
    } finally {
      since = outer;
    }
  }

  static void during(Runnable work) {
    during(
        () -> {
          work.run();
          return null;
        });
  }

  /** Whether the same stretch has lasted since some time, in nanoseconds, or from before. */
  static boolean lastsSince(long nanos) {
    long begin = since;
    return begin != 0 && begin - nanos <= 0;
  }
}
