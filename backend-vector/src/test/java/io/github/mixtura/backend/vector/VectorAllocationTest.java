package io.github.mixtura.backend.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Once compiled, no kernel makes an object: a vector that is not in a register would be one. */
class VectorAllocationTest {
  private static final int REPEATS = 1000;
  private static final int MOST_ROUNDS = 60;

  private final SplittableRandom random = new SplittableRandom(3);

  @ParameterizedTest(name = "d = {0}, K = {1}, weighted {2}")
  @CsvSource({
    "1, 5, false",
    "2, 3, true",
    "3, 1, false",
    "4, 3, false",
    "5, 2, false",
    "8, 8, true",
    "17, 9, false",
    "25, 3, false"
  })
  void nothingIsAllocatedPerBatch(int columns, int components, boolean weighted) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported());
    threads.setThreadAllocatedMemoryEnabled(true);
    Kernels kernels = new VectorBackend().open();
    Batch batch = kernels.stage(blocks(columns, weighted), RowContext.at(0));
    Problem problem =
        new Problem(
            kernels,
            batch,
            kernels.workspace(columns, components, true),
            rows(components, columns),
            rows(components, columns * (columns + 1) / 2),
            rows(components, columns),
            rows(1, components)[0],
            new double[components * Order.FULL.length(columns) + 2 * components + 2]);
    long id = Thread.currentThread().getId();
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && allocated > 0; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < REPEATS; i++) {
        problem.pass();
      }
      allocated = threads.getThreadAllocatedBytes(id) - before;
    }
    assertEquals(0, allocated, "bytes in " + REPEATS + " passes over a batch");
  }

  private List<Block> blocks(int columns, boolean weighted) {
    List<Block> blocks = new ArrayList<>();
    for (int rows : new int[] {Block.ROWS, 40}) {
      double[] weights = weighted ? random.doubles(rows, 0.5, 2).toArray() : null;
      blocks.add(new Block(rows, rows(columns, rows), weights));
    }
    return blocks;
  }

  private double[][] rows(int count, int length) {
    double[][] result = new double[count][];
    Arrays.setAll(result, i -> random.doubles(length, 0.1, 1).toArray());
    return result;
  }

  private record Problem(
      Kernels kernels,
      Batch batch,
      Workspace workspace,
      double[][] means,
      double[][] triangles,
      double[][] diagonals,
      double[] numbers,
      double[] sums) {

    void pass() {
      int d = batch.columns();
      int k = means.length;
      kernels.gaussian(batch, means, triangles, numbers, workspace);
      kernels.normalise(batch, workspace, false);
      kernels.moments(batch, means, Order.FULL, workspace, sums, 0, Order.FULL.length(d));
      kernels.gaussian(batch, means, diagonals, numbers, workspace);
      kernels.normalise(batch, workspace, true);
      kernels.moments(batch, means, Order.DIAGONAL, workspace, sums, 0, 1 + 2 * d);
      kernels.student(batch, means, triangles, numbers, numbers, workspace);
      kernels.normalise(batch, workspace, false);
      kernels.studentDegrees(batch, d, numbers, workspace, sums, 0, 2, 2 * k);
      kernels.studentWeights(batch, d, numbers, workspace, sums, 0, 1);
      kernels.linear(batch, means, numbers, workspace);
      kernels.normalise(batch, workspace, false);
      kernels.moments(batch, means, Order.FIRST, workspace, sums, 0, 1 + d);
    }
  }
}
