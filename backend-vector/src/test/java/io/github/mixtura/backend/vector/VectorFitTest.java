package io.github.mixtura.backend.vector;

import io.github.mixtura.em.BackendFitContract;

class VectorFitTest extends BackendFitContract {
  @Override
  protected String backend() {
    return "vector";
  }
}
