package io.github.mixtura.backend.vector;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.KernelsContract;

class VectorKernelsTest extends KernelsContract {
  @Override
  protected Backend backend() {
    return new VectorBackend();
  }
}
