package io.github.mixtura.gp.pde;

import java.util.Optional;

/** What a solver knows about the solution; its values are the posterior mean. */
interface Posterior extends FieldValues {
  /** Standard deviations of the solution at points (rows); empty where they are not known. */
  Optional<double[]> standardDeviations(double[][] points);
}
