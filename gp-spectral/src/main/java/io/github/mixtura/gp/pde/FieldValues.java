package io.github.mixtura.gp.pde;

/** A function that can be differentiated; points are in the coordinates of the problem. */
@FunctionalInterface
interface FieldValues {
  /** A derivative at points (rows). */
  double[] values(double[][] points, int xOrder, int yOrder);
}
