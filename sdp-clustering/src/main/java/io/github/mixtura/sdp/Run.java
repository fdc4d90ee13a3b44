package io.github.mixtura.sdp;

import java.util.concurrent.ForkJoinPool;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * What a computation may use: threads, and a sign that it should end.
 *
 * @param threads at least 1
 * @param stop becomes true when the time is over or the user cancelled; looked at between steps
 */
record Run(int threads, BooleanSupplier stop) {
  static final Run FREE = new Run(1, () -> false);

  boolean isOver() {
    return stop.getAsBoolean();
  }

  /** Runs tasks 0 … count − 1, each writing what only it writes, so that threads change no bit. */
  void forEach(int count, IntConsumer task) {
    if (threads == 1 || count < 2) {
      for (int i = 0; i < count; i++) {
        task.accept(i);
      }
      return;
    }
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      pool.submit(() -> IntStream.range(0, count).parallel().forEach(task)).join();
    } finally {
      pool.shutdown();
    }
  }
}
