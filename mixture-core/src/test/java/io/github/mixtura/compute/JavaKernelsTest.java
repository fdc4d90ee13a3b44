package io.github.mixtura.compute;

class JavaKernelsTest extends KernelsContract {
  @Override
  protected Backend backend() {
    return new JavaBackend();
  }
}
