package io.github.mixtura.backend.cuda;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.BackendUnavailableException;
import io.github.mixtura.compute.Kernels;

/**
 * The GPU backend, through the NVIDIA driver (libcuda.so.1) and nothing else of CUDA.
 *
 * <p>Usable on Linux, x86-64, with a driver and a device of compute capability 7.5 or later; it
 * takes the first device the driver shows, which {@code CUDA_VISIBLE_DEVICES} decides. Never chosen
 * by itself. This class does not need JCuda to be loaded.
 */
public final class CudaBackend implements Backend {
  /** For {@link java.util.ServiceLoader}. */
  public CudaBackend() {}

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int preference() {
    return -1;
  }

  /** {@inheritDoc} Looks once: starts the device, loads the kernels, and lets go of it again. */
  @Override
  public Probe probe() {
    return Found.PROBE;
  }

  @Override
  public Kernels open() {
    if (!probe().usable()) {
      throw new BackendUnavailableException(
          "backend 'cuda' is not available here: " + probe().reason());
    }
    return new CudaKernels(Device.open());
  }

  private static final class Found {
    static final Probe PROBE = look();

    private static Probe look() {
      try {
        Device.open().close();
        return Probe.USABLE;
      } catch (Throwable e) {
        // Whatever a driver or its absence brings, a fit on another backend must go on.
        return Probe.unusable(reason(e));
      }
    }

    private static String reason(Throwable e) {
      if (e instanceof DeviceException) {
        return e.getMessage();
      }
      String text = String.valueOf(e.getMessage());
      if (text.contains("libcuda.so")) {
        return "there is no NVIDIA driver (libcuda.so.1) on this machine";
      }
      if (text.contains("jcuda/")) {
        return "JCuda (org.jcuda:jcuda) is not on the class path";
      }
      return "the driver cannot be used: " + e.getClass().getSimpleName() + ", " + firstLine(text);
    }

    private static String firstLine(String text) {
      return text.lines().findFirst().orElse("");
    }
  }
}
