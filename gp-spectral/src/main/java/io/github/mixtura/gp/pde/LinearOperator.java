package io.github.mixtura.gp.pde;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A linear differential operator of first or second order, {@code Lu = a₁₁u_xx + a₁₂u_xy + a₂₂u_yy
 * + b₁u_x + b₂u_y + cu}, with coefficients that are numbers or functions. Immutable.
 *
 * <pre>{@code
 * LinearOperator heat = LinearOperator.zero(2).plus(Derivative.Y, 1).plus(Derivative.XX, -0.1);
 * }</pre>
 */
public final class LinearOperator {
  private final int dimension;
  private final Map<Derivative, Double> constants;
  private final Map<Derivative, ScalarField> functions;

  private LinearOperator(
      int dimension, Map<Derivative, Double> constants, Map<Derivative, ScalarField> functions) {
    this.dimension = dimension;
    this.constants = constants;
    this.functions = functions;
  }

  /**
   * The operator without terms.
   *
   * @param dimension 1 or 2
   * @return the operator to add terms to
   * @throws IllegalArgumentException if the dimension is another
   */
  public static LinearOperator zero(int dimension) {
    if (dimension != 1 && dimension != 2) {
      throw new IllegalArgumentException("dimension is " + dimension + ", must be 1 or 2");
    }
    return new LinearOperator(
        dimension, new EnumMap<>(Derivative.class), new EnumMap<>(Derivative.class));
  }

  /**
   * The Laplacian, {@code u_xx} or {@code u_xx + u_yy}.
   *
   * @param dimension 1 or 2
   * @return the operator
   */
  public static LinearOperator laplacian(int dimension) {
    LinearOperator first = zero(dimension).plus(Derivative.XX, 1);
    return dimension == 1 ? first : first.plus(Derivative.YY, 1);
  }

  /**
   * Transport, {@code speed·u_x + u_t} on the axes (x, t).
   *
   * @param speed not 0; the inflow is at the left end where it is positive, else at the right
   * @return the operator
   * @throws IllegalArgumentException if the speed is 0 or not finite
   */
  public static LinearOperator advection(double speed) {
    if (speed == 0 || !Double.isFinite(speed)) {
      throw new IllegalArgumentException(
          "speed is " + speed + ", must be finite and not 0 (there would be no inflow)");
    }
    return zero(2).plus(Derivative.X, speed).plus(Derivative.Y, 1);
  }

  /**
   * Adds a term with a constant coefficient.
   *
   * @param derivative what is multiplied
   * @param coefficient finite
   * @return a changed copy
   * @throws IllegalArgumentException if the coefficient is not finite or the axis does not exist
   */
  public LinearOperator plus(Derivative derivative, double coefficient) {
    requireAxis(derivative);
    if (!Double.isFinite(coefficient)) {
      throw new IllegalArgumentException(
          "coefficient of " + derivative + " is " + coefficient + ", must be finite");
    }
    EnumMap<Derivative, Double> changed = new EnumMap<>(Derivative.class);
    changed.putAll(constants);
    changed.merge(derivative, coefficient, Double::sum);
    changed.values().removeIf(value -> value == 0);
    return new LinearOperator(dimension, changed, functions);
  }

  /**
   * Adds a term with a coefficient that varies.
   *
   * @param derivative what is multiplied
   * @param coefficient finite at all grid points
   * @return a changed copy
   * @throws IllegalArgumentException if the axis does not exist
   */
  public LinearOperator plus(Derivative derivative, ScalarField coefficient) {
    requireAxis(derivative);
    Objects.requireNonNull(coefficient, "coefficient");
    EnumMap<Derivative, ScalarField> changed = new EnumMap<>(Derivative.class);
    changed.putAll(functions);
    changed.merge(derivative, coefficient, (p, q) -> (x, y) -> p.at(x, y) + q.at(x, y));
    return new LinearOperator(dimension, constants, changed);
  }

  private void requireAxis(Derivative derivative) {
    if (dimension == 1 && derivative.order(1) > 0) {
      throw new IllegalArgumentException(
          "derivative is " + derivative + ", must be NONE, X or XX in one dimension");
    }
  }

  /**
   * The number of coordinates.
   *
   * @return 1 or 2
   */
  public int dimension() {
    return dimension;
  }

  /**
   * The derivatives that occur.
   *
   * @return a new set
   */
  public Set<Derivative> terms() {
    Set<Derivative> terms = EnumSet.noneOf(Derivative.class);
    terms.addAll(constants.keySet());
    terms.addAll(functions.keySet());
    return terms;
  }

  /**
   * Whether a coefficient is a number.
   *
   * @param derivative what it multiplies
   * @return true too where it does not occur
   */
  public boolean isConstant(Derivative derivative) {
    return !functions.containsKey(derivative);
  }

  /**
   * A coefficient at a point.
   *
   * @param derivative what it multiplies
   * @param x first coordinate
   * @param y second coordinate
   * @return the value; 0 where it does not occur
   */
  public double coefficient(Derivative derivative, double x, double y) {
    double value = constants.getOrDefault(derivative, 0.0);
    ScalarField function = functions.get(derivative);
    return function == null ? value : value + function.at(x, y);
  }

  /** A coefficient at all points of a grid. */
  double[] sampled(Derivative derivative, Grid grid) {
    if (isConstant(derivative)) {
      double[] values = new double[grid.size()];
      Arrays.fill(values, coefficient(derivative, 0, 0));
      return values;
    }
    return grid.sample((x, y) -> coefficient(derivative, x, y));
  }
}
