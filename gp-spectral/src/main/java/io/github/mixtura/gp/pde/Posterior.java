package io.github.mixtura.gp.pde;

import java.util.Optional;

/** What a solver knows about the solution; points are in the coordinates of the problem. */
interface Posterior {
  /** The mean of a derivative at points (rows). */
  double[] values(double[][] points, int xOrder, int yOrder);

  /** Standard deviations of the solution at points (rows); empty where they are not known. */
  Optional<double[]> standardDeviations(double[][] points);
}
