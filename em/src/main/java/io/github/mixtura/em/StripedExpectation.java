package io.github.mixtura.em;

import io.github.mixtura.compute.Kernels;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;

/** Rows in memory, worked on by one thread or several with the same bits. */
record StripedExpectation<C extends Component>(Family<C> family, Kernels kernels, Passes passes)
    implements ExpectationStep<C> {
  @Override
  public Statistics expect(Mixture<C> mixture, int cycle) {
    BatchStep step = family.step(mixture, kernels, cycle);
    int components = mixture.componentCount();
    int columns = family.encoding().columns(mixture.dimension());
    passes.workspaces(
        components, () -> kernels.workspace(columns, components, family.needsAuxiliary()));
    return passes.run(() -> family.statistics(mixture.dimension(), components), step::run);
  }
}
