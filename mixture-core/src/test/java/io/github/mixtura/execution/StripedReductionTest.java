package io.github.mixtura.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StripedReductionTest {

  /** A sum and the number of items in it. */
  private static final class Total implements StripedReduction.Sums<Total> {
    private double sum;
    private int items;

    @Override
    public void merge(Total other) {
      sum += other.sum;
      items += other.items;
    }

    @Override
    public void clear() {
      sum = 0;
      items = 0;
    }
  }

  private record Nothing() implements AutoCloseable {
    @Override
    public void close() {}
  }

  /** Workers, workspaces and what they reduce. */
  private static final class Passes implements AutoCloseable {
    private final Workers workers;
    private final Spares<Nothing> spares = new Spares<>(Nothing::new);
    private final StripedReduction<Integer> reduction;

    Passes(int items, int threads, BooleanSupplier stop) {
      workers = Workers.of(threads);
      reduction = new StripedReduction<>(IntStream.range(0, items).boxed().toList(), workers, stop);
    }

    Total run(Supplier<Total> zero, StripedReduction.Work<Integer, Nothing, Total> work) {
      return reduction.run(zero, spares, work);
    }

    @Override
    public void close() {
      workers.close();
      spares.close();
    }
  }

  private static Passes passes(int items, int threads, BooleanSupplier stop) {
    return new Passes(items, threads, stop);
  }

  /** Terms of many sizes, so that every other order of summation shows in the last bits. */
  private static double term(int item) {
    return Math.sin(item + 1.0) * Math.pow(10, item % 9);
  }

  private static void add(int item, Nothing workspace, Total into) {
    into.sum += term(item);
    into.items++;
  }

  private static double tree(int from, int to) {
    if (to - from == 1) {
      return term(from);
    }
    int middle = (from + to) / 2;
    return tree(from, middle) + tree(middle, to);
  }

  @Test
  void stripesAreMergedAlongAFixedTree() {
    try (Passes passes = passes(37, 3, () -> false)) {
      double expected = tree(0, 32) + (tree(32, 36) + tree(36, 37));
      assertEquals(expected, passes.run(Total::new, StripedReductionTest::add).sum);
    }
    try (Passes passes = passes(128, 3, () -> false)) {
      double expected = 0;
      // 64 stripes of two batches, each summed in order from zero, then a full tree.
      double[] level = new double[64];
      for (int s = 0; s < 64; s++) {
        level[s] = term(2 * s) + term(2 * s + 1);
      }
      for (int width = 32; width >= 1; width /= 2) {
        for (int s = 0; s < width; s++) {
          level[s] = level[2 * s] + level[2 * s + 1];
        }
      }
      expected += level[0];
      assertEquals(expected, passes.run(Total::new, StripedReductionTest::add).sum);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 63, 64, 65, 1000})
  void bitsAreTheSameForAnyNumberOfThreads(int batches) {
    double expected;
    try (Passes passes = passes(batches, 1, () -> false)) {
      expected = passes.run(Total::new, StripedReductionTest::add).sum;
    }
    for (int threads : new int[] {2, 3, 7, 64}) {
      try (Passes passes = passes(batches, threads, () -> false)) {
        for (int repeat = 0; repeat < 20; repeat++) {
          Total sums = passes.run(Total::new, StripedReductionTest::add);
          assertEquals(expected, sums.sum, threads + " threads");
          assertEquals(batches, sums.items);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void fewSumsAreAlive(int threads) {
    int stripes = 64;
    for (int slow : new int[] {-1, 0, 1, 31, 32, 63}) {
      AtomicInteger made = new AtomicInteger();
      try (Passes passes = passes(3 * stripes, threads, () -> false)) {
        passes.run(
            () -> {
              made.incrementAndGet();
              return new Total();
            },
            (batch, workspace, into) -> {
              if (batch == 3 * slow) {
                sleep(30);
              }
              add(batch, workspace, into);
            });
      }
      int bound = threads + 6;
      assertTrue(made.get() <= bound, made.get() + " > " + bound + ", slow stripe " + slow);
    }
  }

  @Test
  void manyShortPassesEnd() {
    try (Passes passes = passes(64, 7, () -> false)) {
      for (int repeat = 0; repeat < 5_000; repeat++) {
        assertEquals(64, passes.run(Total::new, StripedReductionTest::add).items);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFailureOfTheWorkReachesTheCaller(int threads) {
    RuntimeException failure = new IllegalStateException("on purpose");
    try (Passes passes = passes(200, threads, () -> false)) {
      RuntimeException thrown =
          assertThrows(
              RuntimeException.class,
              () ->
                  passes.run(
                      Total::new,
                      (batch, workspace, into) -> {
                        if (batch == 120) {
                          throw failure;
                        }
                        add(batch, workspace, into);
                      }));
      assertSame(failure, thrown);
      assertEquals(
          200, passes.run(Total::new, StripedReductionTest::add).items, "usable afterwards");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anErrorOfTheWorkEndsThePassOnEveryThread(int threads) {
    Set<Integer> broken = Set.of(0, 21, 42);
    try (Passes passes = passes(64, threads, () -> false)) {
      assertThrows(
          OutOfMemoryError.class,
          () ->
              passes.run(
                  Total::new,
                  (batch, workspace, into) -> {
                    if (broken.contains(batch)) {
                      throw new OutOfMemoryError("on purpose");
                    }
                    sleep(1);
                    add(batch, workspace, into);
                  }));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPassCanBeStoppedInTheMiddle(int threads) {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger seen = new AtomicInteger();
    try (Passes passes = passes(1000, threads, stop::get)) {
      assertNull(
          passes.run(
              Total::new,
              (batch, workspace, into) -> {
                if (seen.incrementAndGet() == 50) {
                  stop.set(true);
                }
              }));
      assertTrue(seen.get() < 50 + threads, seen + " batches after the stop");
      stop.set(false);
      assertNotNull(passes.run(Total::new, StripedReductionTest::add));
    }
  }

  @Test
  void threadsAreDaemonsAndWorkAtTheSameTime() {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CyclicBarrier all = new CyclicBarrier(3);
    try (Passes passes = passes(64, 3, () -> false)) {
      passes.run(
          Total::new,
          (batch, workspace, into) -> {
            if (seen.add(Thread.currentThread())) {
              await(all);
            }
            add(batch, workspace, into);
          });
    }
    assertEquals(3, seen.size());
    seen.stream()
        .filter(thread -> thread != Thread.currentThread())
        .forEach(thread -> assertTrue(thread.isDaemon(), thread::getName));
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
