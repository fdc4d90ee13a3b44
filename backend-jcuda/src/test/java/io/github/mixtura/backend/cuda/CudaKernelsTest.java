package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.KernelsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** On whatever device there is; {@link EmulationTest} runs it on one that is none. */
@EnabledIf("io.github.mixtura.backend.cuda.DeviceTests#isThereADevice")
class CudaKernelsTest extends KernelsContract {
  private static final int[][] SHAPES = {{700, 2, 3}, {900, 16, 5}, {333, 40, 3}, {500, 70, 2}};

  @Override
  protected Backend backend() {
    return new CudaBackend();
  }

  /** No compiler of Java's touches what runs on the device. */
  @Override
  protected int repeats() {
    return 30;
  }

  private static long digest() {
    long hash = 1;
    try (Kernels kernels = new CudaBackend().open()) {
      for (int[] shape : SHAPES) {
        hash = 31 * hash + digest(kernels, shape[0], shape[1], shape[2]);
      }
    }
    return hash;
  }

  /**
   * A barrier that is missing lets a thread see what another has not written yet, in some order.
   */
  @Test
  @EnabledIf("io.github.mixtura.backend.cuda.DeviceTests#isEmulated")
  void sameBitsInEveryOrderOfThreads() {
    long forward = digest();
    for (long order : new long[] {1, 2, 3, 4}) {
      Emulation.order(order);
      assertEquals(forward, digest(), "order " + order);
    }
  }

  /** A synchronisation that is missing shows where work is put off as long as it may be. */
  @Test
  @EnabledIf("io.github.mixtura.backend.cuda.DeviceTests#isEmulated")
  void sameBitsWhereWorkIsDoneAtOnce() {
    long late = digest();
    Emulation.timing(Emulation.Timing.AT_ONCE);
    assertEquals(late, digest());
  }

  @AfterEach
  void reset() {
    if (DeviceTests.isEmulated()) {
      Emulation.order(0);
      Emulation.timing(Emulation.Timing.AS_LATE_AS_ALLOWED);
    }
  }
}
