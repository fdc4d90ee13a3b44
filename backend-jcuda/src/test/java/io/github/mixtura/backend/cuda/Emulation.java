package io.github.mixtura.backend.cuda;

import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/** Controls and counters of the emulated driver; see {@code driver.cpp}. */
final class Emulation {
  private static final int MEMORY = 1001;
  private static final int FAILING_LAUNCH = 1002;
  private static final int ORDER = 1003;
  private static final int TIMING = 1004;
  private static final int LIVE_OBJECTS = 100001;
  private static final int BYTES_UP = 100002;

  /** Bytes of the device unless told otherwise. */
  static final long DEFAULT_MEMORY = 1L << 30;

  private Emulation() {}

  /** Size of the device, for kernels that are opened afterwards. */
  static void memory(long bytes) {
    JCudaDriver.cuCtxSetLimit(MEMORY, bytes);
  }

  /** Makes a launch fail: 1 for the next, 0 for none. */
  static void failLaunch(int number) {
    JCudaDriver.cuCtxSetLimit(FAILING_LAUNCH, number);
  }

  /** Order of threads between barriers: 0 forward, 1 reversed, else a seed. */
  static void order(long order) {
    JCudaDriver.cuCtxSetLimit(ORDER, order);
  }

  /** When work in streams is done. */
  enum Timing {
    AT_ONCE,
    AS_LATE_AS_ALLOWED,
    /** Kernels wait and copies of rows run ahead of them. */
    FIRST_STREAM_LATE
  }

  @SuppressWarnings("EnumOrdinal") // those of driver.cpp
  static void timing(Timing timing) {
    JCudaDriver.cuCtxSetLimit(TIMING, timing.ordinal());
  }

  /** Allocations, pinned buffers, streams, events, modules and contexts that are alive. */
  static int liveObjects() {
    return attribute(LIVE_OBJECTS);
  }

  /** Bytes copied to the device since this was last asked. */
  static int bytesUp() {
    return attribute(BYTES_UP);
  }

  private static int attribute(int number) {
    int[] value = new int[1];
    JCudaDriver.cuDeviceGetAttribute(value, number, new CUdevice());
    return value[0];
  }
}
