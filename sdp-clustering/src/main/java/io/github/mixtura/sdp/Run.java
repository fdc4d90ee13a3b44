package io.github.mixtura.sdp;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What a computation may use: threads, a sign that it should end, and who is told what was left
 * out.
 *
 * @param threads at least 1
 * @param stop becomes true when the time is over or the user cancelled; looked at between steps.
 *     Once it was true it stays true for this run, whatever the given one says later: work that is
 *     left out at one look must count as left out at the next
 * @param notes gets sentences for the user
 * @param budget counts the steps of a bound; the run is over too when it is spent
 */
record Run(int threads, BooleanSupplier stop, Consumer<String> notes, Budget budget) {
  static final Run FREE = new Run(1, () -> false);

  Run {
    stop = lasting(stop);
  }

  Run(int threads, BooleanSupplier stop) {
    this(threads, stop, note -> {});
  }

  Run(int threads, BooleanSupplier stop, Consumer<String> notes) {
    this(threads, stop, notes, Budget.unlimited());
  }

  private static BooleanSupplier lasting(BooleanSupplier stop) {
    AtomicBoolean over = new AtomicBoolean();
    return () -> {
      if (!over.get() && stop.getAsBoolean()) {
        over.set(true);
      }
      return over.get();
    };
  }

  boolean isOver() {
    return budget.isSpent() || stop.getAsBoolean();
  }

  /**
   * Leaves a computation of which nothing is to be used.
   *
   * @throws CancellationException if the time is over or the user cancelled
   */
  void check() {
    if (stop.getAsBoolean()) {
      throw new CancellationException("the run is over");
    }
  }

  /** What work gives that looks at this run, or {@code otherwise} if it left off. */
  <T> T unlessOver(Supplier<T> work, T otherwise) {
    try {
      return work.get();
    } catch (CancellationException e) {
      if (stop.getAsBoolean()) {
        return otherwise;
      }
      throw e;
    }
  }

  /** One step of a bound: its result, or {@code otherwise} if the run was over before its end. */
  <T> T step(Supplier<T> work, T otherwise) {
    return budget.step(this, work, otherwise);
  }

  /** The same on one thread. */
  Run alone() {
    return new Run(1, stop, notes, budget);
  }

  /**
   * Whether the heap has room for so many numbers of 8 bytes; if not, a note says what was left out
   * and how much it needs. Garbage is collected before the answer is no.
   */
  boolean hasRoom(double numbers, String what) {
    double bytes = 8 * numbers;
    if (bytes < free()) {
      return true;
    }
    System.gc();
    if (bytes < free()) {
      return true;
    }
    notes.accept(
        "%s was left out: it needs %.0f MiB of heap, of which %.0f MiB are free; raise the limit (-Xmx)"
            .formatted(what, Math.ceil(bytes / 0x1p20), free() / 0x1p20));
    return false;
  }

  /** Bytes that can be allocated, less a tenth for what is not counted. */
  private static double free() {
    Runtime runtime = Runtime.getRuntime();
    return 0.9 * (runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory()));
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
