package io.github.mixtura.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.mixtura.compute.Kernels.Order;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hot path of a fit allocates nothing: not a byte per batch. */
class KernelsAllocationTest {
  private static final int REPEATS = 500;

  @ParameterizedTest(name = "d = {0}, weighted {1}")
  @CsvSource({"1, false", "2, true", "3, false", "5, true", "9, false", "32, true"})
  void nothingIsAllocatedPerBatch(int columns, boolean weighted) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported());
    threads.setThreadAllocatedMemoryEnabled(true);
    KernelProblem p = KernelProblem.random(300, columns, 3, weighted);
    Kernels kernels = new JavaBackend().open();
    Batch batch = p.stage(kernels).get(0);
    Workspace workspace = kernels.workspace(columns, 3, true);
    double[] sums = new double[3 * Order.FULL.length(columns) + 20];
    long id = Thread.currentThread().getId();
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 10 && allocated > 0; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < REPEATS; i++) {
        pass(p, kernels, batch, workspace, sums);
      }
      allocated = threads.getThreadAllocatedBytes(id) - before;
    }
    assertEquals(0, allocated, "bytes in " + REPEATS + " passes over a batch");
  }

  private static void pass(
      KernelProblem p, Kernels kernels, Batch batch, Workspace workspace, double[] sums) {
    int d = p.columns();
    kernels.gaussian(batch, p.means(), p.triangles(), p.constants(), workspace);
    kernels.normalise(batch, workspace, false);
    kernels.moments(batch, p.means(), Order.FULL, workspace, sums, 0, Order.FULL.length(d));
    kernels.gaussian(batch, p.means(), p.diagonals(), p.constants(), workspace);
    kernels.normalise(batch, workspace, true);
    kernels.moments(batch, p.means(), Order.DIAGONAL, workspace, sums, 0, 1 + 2 * d);
    kernels.student(
        batch, p.means(), p.triangles(), p.constants(), p.degreesOfFreedom(), workspace);
    kernels.normalise(batch, workspace, false);
    kernels.studentDegrees(batch, d, p.degreesOfFreedom(), workspace, sums, 0, 2, 6);
    kernels.studentWeights(batch, d, p.degreesOfFreedom(), workspace, sums, 0, 1);
    kernels.linear(batch, p.means(), p.constants(), workspace);
    kernels.normalise(batch, workspace, false);
    kernels.moments(batch, p.means(), Order.FIRST, workspace, sums, 0, 1 + d);
  }
}
