package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What is taken from the device is given back, and nothing is used after that. */
@EnabledIf("io.github.mixtura.backend.cuda.DeviceTests#isThereADevice")
class CudaMemoryTest {
  private static final int CYCLES = Integer.getInteger("mixtura.cycles", 100);

  /** Another program may take or give a little meanwhile. */
  private static final long SLACK = DeviceTests.isEmulated() ? 0 : 32L << 20;

  private static Observations rows(int n, int d) {
    SplittableRandom random = new SplittableRandom(n);
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return Observations.of(rows);
  }

  private static long freeBytes() {
    try (Device device = Device.open()) {
      return device.freeBytes();
    }
  }

  @Test
  void manyFitsLeaveNothing() {
    Observations rows = rows(400, 6);
    EmOptions options = EmOptions.defaults().withBackend("cuda").withMaxIterations(2).withStarts(1);
    long before = freeBytes();
    for (int i = 0; i < CYCLES; i++) {
      if (i % 2 == 0) {
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2).options(options).fit(rows);
      } else {
        MixtureFitter.of(StudentTFamily.of(CovarianceStructure.VVV, DegreesOfFreedom.free()), 2)
            .options(options)
            .fit(rows);
      }
    }
    long lost = before - freeBytes();
    assertTrue(Math.abs(lost) <= SLACK, lost + " bytes are not free after " + CYCLES + " fits");
  }

  @Test
  void whatIsClosedCannotBeUsed() {
    Block block = new Block(2, new double[][] {{1, 2}}, null);
    Kernels kernels = new CudaBackend().open();
    Batch batch = kernels.stage(List.of(block), RowContext.at(0));
    Workspace workspace = kernels.workspace(1, 1, false);
    workspace.write(batch, 0, new double[2]);
    assertEquals(0, kernels.normalise(batch, workspace, false));
    Batch closed = kernels.stage(List.of(block), RowContext.at(0));
    closed.close();
    assertThrows(IllegalStateException.class, () -> kernels.normalise(closed, workspace, false));
    Workspace gone = kernels.workspace(1, 1, false);
    gone.close();
    assertThrows(IllegalStateException.class, () -> kernels.normalise(batch, gone, false));
    kernels.close();
    kernels.close();
    batch.close();
    workspace.close();
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> kernels.normalise(batch, workspace, false));
    assertTrue(refused.getMessage().contains("closed"), refused.getMessage());
    assertThrows(
        IllegalStateException.class, () -> kernels.stage(List.of(block), RowContext.at(0)));
    assertThrows(IllegalStateException.class, () -> workspace.read(batch, 0, new double[2]));
  }

  @Test
  void strangersAreRefused() {
    Block block = new Block(2, new double[][] {{1, 2}}, null);
    try (Kernels kernels = new CudaBackend().open();
        Kernels others = new CudaBackend().open()) {
      Batch strange = others.stage(List.of(block), RowContext.at(0));
      Workspace workspace = kernels.workspace(1, 1, false);
      assertThrows(
          IllegalArgumentException.class, () -> kernels.normalise(strange, workspace, false));
      Batch batch = kernels.stage(List.of(block), RowContext.at(0));
      Workspace another = others.workspace(1, 1, false);
      assertThrows(IllegalArgumentException.class, () -> kernels.normalise(batch, another, false));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              kernels.gaussian(
                  batch, new double[][] {{0}}, new double[1][3], new double[1], workspace));
    }
  }
}
