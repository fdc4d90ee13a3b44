package io.github.mixtura.compute;

/**
 * The plain Java backend: always usable, written so that the just-in-time compiler vectorises it.
 */
public final class JavaBackend implements Backend {
  /** The one instance needed. */
  public static final JavaBackend INSTANCE = new JavaBackend();

  /** For {@link java.util.ServiceLoader}; {@link #INSTANCE} otherwise. */
  public JavaBackend() {}

  @Override
  public String name() {
    return "java";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Probe probe() {
    return Probe.USABLE;
  }

  @Override
  public Kernels open() {
    return new JavaKernels();
  }
}
