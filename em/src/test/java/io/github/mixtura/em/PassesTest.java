package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PassesTest {

  /** A batch of one row; its number is all that matters here. */
  private record Numbered(long firstRow) implements Batch {
    @Override
    public int rows() {
      return 1;
    }

    @Override
    public int columns() {
      return 1;
    }

    @Override
    public double weight() {
      return 1;
    }

    @Override
    public void copyRow(int row, double[] into) {
      into[0] = firstRow;
    }
  }

  private record Nothing(int components) implements Workspace {
    @Override
    public void read(Batch batch, int component, double[] into) {}

    @Override
    public void write(Batch batch, int component, double[] values) {}

    @Override
    public void readLogSums(Batch batch, double[] into) {}
  }

  private static Passes passes(int batches, int threads, BooleanSupplier stop) {
    List<Batch> list = IntStream.range(0, batches).<Batch>mapToObj(Numbered::new).toList();
    Passes passes = new Passes(list, threads, stop);
    passes.workspaces(1, () -> new Nothing(1));
    return passes;
  }

  private static Statistics zero() {
    return new Statistics(1, 1, 0);
  }

  /** Terms of many sizes, so that every other order of summation shows in the last bits. */
  private static double term(long batch) {
    return Math.sin(batch + 1.0) * Math.pow(10, batch % 9);
  }

  private static void add(Batch batch, Workspace workspace, Statistics into) {
    into.values()[0] += term(batch.firstRow());
    into.addBatch(1, 1, 0);
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
      assertEquals(expected, passes.run(PassesTest::zero, PassesTest::add).weight(0));
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
      assertEquals(expected, passes.run(PassesTest::zero, PassesTest::add).weight(0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 63, 64, 65, 1000})
  void bitsAreTheSameForAnyNumberOfThreads(int batches) {
    double expected;
    try (Passes passes = passes(batches, 1, () -> false)) {
      expected = passes.run(PassesTest::zero, PassesTest::add).weight(0);
    }
    for (int threads : new int[] {2, 3, 7, 64}) {
      try (Passes passes = passes(batches, threads, () -> false)) {
        for (int repeat = 0; repeat < 20; repeat++) {
          Statistics sums = passes.run(PassesTest::zero, PassesTest::add);
          assertEquals(expected, sums.weight(0), threads + " threads");
          assertEquals(batches, sums.rows());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void fewStatisticsAreAlive(int threads) {
    int stripes = 64;
    for (int slow : new int[] {-1, 0, 1, 31, 32, 63}) {
      AtomicInteger made = new AtomicInteger();
      try (Passes passes = passes(3 * stripes, threads, () -> false)) {
        passes.run(
            () -> {
              made.incrementAndGet();
              return zero();
            },
            (batch, workspace, into) -> {
              if (batch.firstRow() == 3L * slow) {
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
        assertEquals(64, passes.run(PassesTest::zero, PassesTest::add).rows());
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
                      PassesTest::zero,
                      (batch, workspace, into) -> {
                        if (batch.firstRow() == 120) {
                          throw failure;
                        }
                        add(batch, workspace, into);
                      }));
      assertSame(failure, thrown);
      assertEquals(200, passes.run(PassesTest::zero, PassesTest::add).rows(), "usable afterwards");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anErrorOfTheWorkEndsThePassOnEveryThread(int threads) {
    Set<Long> broken = Set.of(0L, 21L, 42L);
    try (Passes passes = passes(64, threads, () -> false)) {
      assertThrows(
          OutOfMemoryError.class,
          () ->
              passes.run(
                  PassesTest::zero,
                  (batch, workspace, into) -> {
                    if (broken.contains(batch.firstRow())) {
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
              PassesTest::zero,
              (batch, workspace, into) -> {
                if (seen.incrementAndGet() == 50) {
                  stop.set(true);
                }
              }));
      assertTrue(seen.get() < 50 + threads, seen + " batches after the stop");
      stop.set(false);
      assertNotNull(passes.run(PassesTest::zero, PassesTest::add));
    }
  }

  @Test
  void threadsAreDaemonsAndWorkAtTheSameTime() {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CyclicBarrier all = new CyclicBarrier(3);
    try (Passes passes = passes(64, 3, () -> false)) {
      passes.run(
          PassesTest::zero,
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
