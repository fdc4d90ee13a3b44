package io.github.mixtura.gp.pde;

import java.util.Locale;

/**
 * A function v that may be added to a solution in any amount: the linear part of the equation (at
 * the solution, where the equation is not linear) makes nothing of it that rounding would not hide,
 * and it vanishes where boundary values are given. Immutable.
 *
 * <p>The largest magnitude of its values is 1.
 */
public final class FreeFunction {
  /** Relative size of what operator and boundary make of a function below which it is free. */
  static final double FREE = 1e-10;

  private final Grid grid;
  private final FieldValues function;
  private final double singularValue;

  /**
   * @param grid of the problem
   * @param function with values of magnitude 1 at most
   * @param singularValue what operator and boundary make of it
   */
  FreeFunction(Grid grid, FieldValues function, double singularValue) {
    this.grid = grid;
    this.function = function;
    this.singularValue = singularValue;
  }

  /**
   * The function at a point.
   *
   * @param point one or two coordinates in the domain
   * @return the value, from −1 to 1 up to rounding
   * @throws IllegalArgumentException as {@link PdeSolution#value}
   */
  public double value(double... point) {
    return values(new double[][] {point})[0];
  }

  /**
   * The function at many points.
   *
   * @param points one row each
   * @return values
   * @throws IllegalArgumentException as {@link PdeSolution#values}
   */
  public double[] values(double[][] points) {
    return derivatives(Derivative.NONE, points);
  }

  /**
   * A derivative of the function at many points.
   *
   * @param derivative which
   * @param points one row each
   * @return values
   * @throws IllegalArgumentException as {@link PdeSolution#derivatives}
   */
  public double[] derivatives(Derivative derivative, double[][] points) {
    PdeSolution.requireDerivative(grid, derivative);
    PdeSolution.requireInside(grid, points);
    return function.values(points, derivative.order(0), derivative.order(1));
  }

  /**
   * How nearly the function is free.
   *
   * @return what the operator, relative to its own size, and the boundary make of it; below 1e-10
   */
  public double singularValue() {
    return singularValue;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "FreeFunction[singular value %.2g]", singularValue);
  }
}
