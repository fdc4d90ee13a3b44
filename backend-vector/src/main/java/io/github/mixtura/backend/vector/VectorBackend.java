package io.github.mixtura.backend.vector;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.BackendUnavailableException;
import io.github.mixtura.compute.Kernels;

/**
 * The SIMD backend, through {@code jdk.incubator.vector}.
 *
 * <p>Usable where Java was started with {@code --add-modules jdk.incubator.vector} and the
 * processor has vectors of at least two numbers. This class does not need that module to be loaded.
 */
public final class VectorBackend implements Backend {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String KERNELS = "io.github.mixtura.backend.vector.VectorKernels";

  /** For {@link java.util.ServiceLoader}. */
  public VectorBackend() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Probe probe() {
    try {
      if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
        return Probe.unusable("start Java with --add-modules " + MODULE);
      }
      load();
      return Probe.USABLE;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return Probe.unusable("the vector kernels cannot be loaded: " + rootOf(e));
    }
  }

  @Override
  public Kernels open() {
    Probe probe = probe();
    if (!probe.usable()) {
      throw new BackendUnavailableException(
          "backend 'vector' is not available here: " + probe.reason());
    }
    try {
      return load();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By name, so that the vector classes are not touched before the module is known to be there. */
  private static Kernels load() throws ReflectiveOperationException {
    return (Kernels) Class.forName(KERNELS).getDeclaredConstructor().newInstance();
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
