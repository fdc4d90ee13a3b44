package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Too little memory and errors of the driver, which the emulated driver brings about at will. */
@EnabledIf("io.github.mixtura.backend.cuda.DeviceTests#isEmulated")
class EmulatedFaultsTest {
  @AfterEach
  void reset() {
    Emulation.memory(Emulation.DEFAULT_MEMORY);
    Emulation.failLaunch(0);
    Emulation.timing(Emulation.Timing.AS_LATE_AS_ALLOWED);
    assertEquals(0, Emulation.liveObjects(), "objects of the driver that are alive");
  }

  private static double[][] columns(int d, int rows, SplittableRandom random) {
    double[][] columns = new double[d][rows];
    for (double[] column : columns) {
      Arrays.setAll(column, i -> random.nextGaussian());
    }
    return columns;
  }

  private static List<Block> blocks(int count, int d) {
    SplittableRandom random = new SplittableRandom(count);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(new Block(Block.ROWS, columns(d, Block.ROWS, random), null));
    }
    return blocks;
  }

  private static final double[][] MEAN = {{0.1, -0.2}, {0.3, 0.1}};
  private static final double[][] WHITENING = {{1, 0.5, 2}, {1, -0.5, 1}};
  private static final double[] CONSTANT = {-1, -2};

  private static double logLikelihood(Kernels kernels, Batch batch, Workspace workspace) {
    kernels.gaussian(batch, MEAN, WHITENING, CONSTANT, workspace);
    return kernels.normalise(batch, workspace, false);
  }

  @Test
  void dataLargerThanTheDeviceAreFitted() {
    int n = 30_000;
    int d = 6;
    SplittableRandom random = new SplittableRandom(5);
    double[][] rows = new double[n][d];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = random.nextInt(2);
      for (int j = 0; j < d; j++) {
        rows[i][j] = random.nextGaussian() + 2 * labels[i];
      }
    }
    Observations observations = Observations.of(rows);
    MixtureFit<?> expected = fit(observations, labels, "java");
    long bytes = 8L * n * d;
    Emulation.memory(bytes / 2);
    Emulation.bytesUp();
    MixtureFit<?> actual = fit(observations, labels, "cuda");
    int passes = 12;
    int up = Emulation.bytesUp();
    assertTrue(up > passes * bytes / 3, "bytes copied: " + up + ", of the data: " + bytes);
    assertEquals(
        expected.logLikelihood(),
        actual.logLikelihood(),
        1e-10 * Math.abs(expected.logLikelihood()));
    // With room for everything the rows go up once for the summary and once for the fit.
    Emulation.memory(Emulation.DEFAULT_MEMORY);
    fit(observations, labels, "cuda");
    int once = Emulation.bytesUp();
    // The start writes K values per row twice, the summary one three times.
    long starts = 8L * n * (2 * 2 + 3);
    assertTrue(once < 2.2 * bytes + starts, "bytes copied: " + once + ", of the data: " + bytes);
  }

  private static MixtureFit<?> fit(Observations rows, int[] labels, String backend) {
    return MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2)
        .options(EmOptions.defaults().withTolerance(0).withMaxIterations(10).withBackend(backend))
        .initializer(Initializer.labels(labels))
        .fit(rows);
  }

  /**
   * A copy to a slot that kernels still read, or a kernel that does not wait, would change them.
   */
  @ParameterizedTest
  @EnumSource(Emulation.Timing.class)
  void turnsAndStayingGiveTheSameBits(Emulation.Timing timing) {
    Emulation.timing(timing);
    double staying = passes(Emulation.DEFAULT_MEMORY);
    assertTrue(Double.isFinite(staying));
    assertEquals(staying, passes(200_000));
  }

  /** Log-likelihoods of passes over 16 batches, of which a small device holds a few. */
  private static double passes(long memory) {
    Emulation.memory(memory);
    List<Block> blocks = blocks(64, 2);
    double sum = 0;
    try (Kernels kernels = new CudaBackend().open()) {
      List<Batch> batches = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i += 4) {
        batches.add(kernels.stage(blocks.subList(i, i + 4), RowContext.at((long) i * Block.ROWS)));
      }
      Workspace workspace = kernels.workspace(2, 2, false);
      double[] values = new double[4 * Block.ROWS];
      for (int pass = 0; pass < 3; pass++) {
        for (Batch batch : batches) {
          sum += logLikelihood(kernels, batch, workspace);
          kernels.gaussian(batch, MEAN, WHITENING, CONSTANT, workspace);
          // Has the densities of the other component computed.
          workspace.write(batch, 1, values);
          sum += kernels.normalise(batch, workspace, false);
        }
      }
    }
    return sum;
  }

  @Test
  void tooLittleMemoryIsSaidInNumbers() {
    Emulation.memory(100_000);
    try (Kernels kernels = new CudaBackend().open()) {
      Batch batch = kernels.stage(blocks(40, 2), RowContext.at(0));
      Workspace workspace = kernels.workspace(2, 2, false);
      DeviceException refused =
          assertThrows(DeviceException.class, () -> logLikelihood(kernels, batch, workspace));
      assertTrue(refused.isOutOfMemory());
      assertEquals(
          "not enough memory on the GPU for responsibilities of 10240 rows × 2 components: "
              + "0.2 MiB are needed, 0.1 of 0.1 MiB are free",
          refused.getMessage());
      batch.close();
      // What fits can still be done.
      Batch small = kernels.stage(blocks(1, 2), RowContext.at(0));
      assertTrue(Double.isFinite(logLikelihood(kernels, small, workspace)));
    }
  }

  @Test
  void anErrorOfTheDriverClosesTheKernels() {
    for (int launch = 1; launch <= 2; launch++) {
      Kernels kernels = new CudaBackend().open();
      Batch batch = kernels.stage(blocks(2, 2), RowContext.at(0));
      Workspace workspace = kernels.workspace(2, 2, false);
      double expected = logLikelihood(kernels, batch, workspace);
      Emulation.failLaunch(launch);
      DeviceException failed =
          assertThrows(DeviceException.class, () -> logLikelihood(kernels, batch, workspace));
      assertFalse(failed.isOutOfMemory());
      assertTrue(failed.getMessage().contains("CUDA_ERROR_ILLEGAL_ADDRESS"), failed.getMessage());
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> logLikelihood(kernels, batch, workspace));
      assertSame(failed, refused.getCause());
      assertTrue(refused.getMessage().contains("ILLEGAL_ADDRESS"), refused.getMessage());
      assertEquals(0, Emulation.liveObjects());
      kernels.close();
      try (Kernels again = new CudaBackend().open()) {
        Batch fresh = again.stage(blocks(2, 2), RowContext.at(0));
        assertEquals(expected, logLikelihood(again, fresh, again.workspace(2, 2, false)));
      }
    }
  }

  /** A fit that the driver leaves ends with the driver's error, not with numbers. */
  @Test
  void aFitEndsWithTheError() {
    Observations rows = Observations.of(columns(500, 2, new SplittableRandom(3)));
    int[] labels = new int[500];
    Arrays.setAll(labels, i -> i % 2);
    Emulation.failLaunch(20);
    assertThrows(DeviceException.class, () -> fit(rows, labels, "cuda"));
  }
}
