package io.github.mixtura.gp.pde;

/** A function of one or two coordinates. In one dimension the second argument is 0. */
@FunctionalInterface
public interface ScalarField {
  /**
   * The value at a point.
   *
   * @param x first coordinate
   * @param y second coordinate (the time, for advection); 0 in one dimension
   * @return the value
   */
  double at(double x, double y);
}
