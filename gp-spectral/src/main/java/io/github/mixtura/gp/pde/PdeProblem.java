package io.github.mixtura.gp.pde;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A boundary value problem {@code Lu + R(u) = f} on a grid: operator, source, boundary values.
 * Immutable.
 *
 * <p>Boundary values are needed on both sides of an axis along which the operator is of second
 * order, and on the inflow side of an axis along which it is of first order: {@link Side#LEFT} or
 * {@link Side#BOTTOM} where the coefficient of {@code u_x} or {@code u_y} is positive.
 *
 * <pre>{@code
 * PdeProblem problem =
 *     PdeProblem.poisson(Grid.of(0, 1, 400))
 *         .withSource((x, y) -> -1e4 * Math.sin(100 * x))
 *         .withBoundary((x, y) -> Math.sin(100 * x));
 * }</pre>
 */
public final class PdeProblem {
  /** Largest difference of two values of a corner, relative to the largest boundary value. */
  static final double CORNER = 1e-9;

  private final Grid grid;
  private final LinearOperator operator;
  private final Set<Side> sides;
  private final Nonlinearity nonlinearity;
  private final double[] source;
  private final ScalarField sourceField;
  private final Map<Side, double[]> boundary;

  private PdeProblem(
      Grid grid,
      LinearOperator operator,
      Set<Side> sides,
      Nonlinearity nonlinearity,
      double[] source,
      ScalarField sourceField,
      Map<Side, double[]> boundary) {
    this.grid = grid;
    this.operator = operator;
    this.sides = sides;
    this.nonlinearity = nonlinearity;
    this.source = source;
    this.sourceField = sourceField;
    this.boundary = boundary;
  }

  /**
   * Poisson's equation, {@code u_xx = f} or {@code u_xx + u_yy = f}.
   *
   * @param grid where the source is taken
   * @return the problem, to be given its source and boundary values
   */
  public static PdeProblem poisson(Grid grid) {
    return of(grid, LinearOperator.laplacian(grid.dimension()));
  }

  /**
   * The Allen–Cahn equation, {@code Δu + u(u² − 1) = f}.
   *
   * @param grid where the source is taken
   * @return the problem, to be given its source and boundary values
   */
  public static PdeProblem allenCahn(Grid grid) {
    return poisson(grid).withNonlinearity(Nonlinearity.allenCahn());
  }

  /**
   * Advection, {@code speed·u_x + u_t = f} on the axes (x, t), with the source 0 unless another is
   * given.
   *
   * @param grid of two axes, x and t
   * @param speed not 0; a negative one puts the inflow at the right end
   * @return the problem, to be given inflow and initial values
   * @throws IllegalArgumentException if the grid has one axis, or the speed is 0 or not finite
   */
  public static PdeProblem advection(Grid grid, double speed) {
    LinearOperator operator = LinearOperator.advection(speed);
    return of(grid, operator).withSource(new double[grid.size()]);
  }

  /**
   * A problem with any linear operator.
   *
   * @param grid where source and coefficients are taken
   * @param operator of as many coordinates as the grid has axes
   * @return the problem, to be given its source and boundary values
   * @throws IllegalArgumentException if the numbers of axes differ, the operator has no derivative
   *     along an axis, a coefficient is not finite on the grid, or a coefficient that decides where
   *     boundary values are needed changes its sign or vanishes
   */
  public static PdeProblem of(Grid grid, LinearOperator operator) {
    if (grid.dimension() != operator.dimension()) {
      throw new IllegalArgumentException(
          "grid has "
              + grid.dimension()
              + " axes, must have "
              + operator.dimension()
              + " as the operator has coordinates");
    }
    return new PdeProblem(
        grid, operator, neededSides(grid, operator), null, null, null, new EnumMap<>(Side.class));
  }

  private static Set<Side> neededSides(Grid grid, LinearOperator operator) {
    for (Derivative term : operator.terms()) {
      double[] values = coefficients(grid, operator, term);
      for (int i = 0; i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "coefficient of "
                  + term
                  + " is "
                  + values[i]
                  + place(grid, i)
                  + ", must be finite at all grid points");
        }
      }
    }
    Set<Side> sides = EnumSet.noneOf(Side.class);
    for (int axis = 0; axis < grid.dimension(); axis++) {
      Derivative second = axis == 0 ? Derivative.XX : Derivative.YY;
      Derivative first = axis == 0 ? Derivative.X : Derivative.Y;
      Side low = axis == 0 ? Side.LEFT : Side.BOTTOM;
      Side high = axis == 0 ? Side.RIGHT : Side.TOP;
      if (operator.terms().contains(second)) {
        sign(grid, operator, second);
        sides.add(low);
        sides.add(high);
      } else if (operator.terms().contains(first)) {
        sides.add(sign(grid, operator, first) > 0 ? low : high);
      } else {
        throw new IllegalArgumentException(
            "operator has no term in " + first + " or " + second + ", must have one of them");
      }
    }
    return sides;
  }

  /** A coefficient at all grid points, or at the first where it is the same everywhere. */
  private static double[] coefficients(Grid grid, LinearOperator operator, Derivative term) {
    return operator.isConstant(term)
        ? new double[] {operator.coefficient(term, grid.lower(0), grid.coordinate(1, 0))}
        : grid.sample((x, y) -> operator.coefficient(term, x, y));
  }

  private static double sign(Grid grid, LinearOperator operator, Derivative term) {
    double[] values = coefficients(grid, operator, term);
    double sign = Math.signum(values[0]);
    for (int i = 0; i < values.length; i++) {
      if (sign == 0 || Math.signum(values[i]) != sign) {
        throw new IllegalArgumentException(
            "coefficient of "
                + term
                + " is "
                + values[i]
                + place(grid, i)
                + ", must be of one sign and not 0 on the grid");
      }
    }
    return sign;
  }

  private static String place(Grid grid, int index) {
    double x = grid.coordinate(0, index / grid.points(1));
    double y = grid.coordinate(1, index % grid.points(1));
    return grid.dimension() == 1 ? " at x = " + x : " at (" + x + ", " + y + ")";
  }

  /**
   * Takes the source from a function. It is called at the grid points and, for the self-check, at
   * points between them.
   *
   * @param field finite on the domain
   * @return a changed copy
   * @throws IllegalArgumentException if a value on the grid is not finite
   */
  public PdeProblem withSource(ScalarField field) {
    double[] values = grid.sample(Objects.requireNonNull(field, "field"));
    requireFinite("source", values);
    return new PdeProblem(grid, operator, sides, nonlinearity, values, field, boundary);
  }

  /**
   * Takes the source as known at the grid points only.
   *
   * @param values one for each grid point, x-major; copied
   * @return a changed copy
   * @throws IllegalArgumentException if there are more or fewer values, or one is not finite
   */
  public PdeProblem withSource(double[] values) {
    if (values.length != grid.size()) {
      throw new IllegalArgumentException(
          "source has " + values.length + " values, must have " + grid.size() + " (" + grid + ")");
    }
    requireFinite("source", values);
    return new PdeProblem(grid, operator, sides, nonlinearity, values.clone(), null, boundary);
  }

  private void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + " is " + values[i] + place(grid, i) + ", must be finite");
      }
    }
  }

  /**
   * Takes all boundary values that are needed from a function.
   *
   * @param field the solution on the boundary; called at grid points of {@link #boundarySides()}
   * @return a changed copy
   * @throws IllegalArgumentException if a value is not finite
   */
  public PdeProblem withBoundary(ScalarField field) {
    PdeProblem changed = this;
    for (Side side : sides) {
      double[] values = new double[sideLength(side)];
      for (int i = 0; i < values.length; i++) {
        values[i] = field.at(boundaryCoordinate(side, 0, i), boundaryCoordinate(side, 1, i));
      }
      changed = changed.withBoundary(side, values);
    }
    return changed;
  }

  /**
   * Gives the boundary values of one side.
   *
   * @param side one of {@link #boundarySides()}
   * @param values one in one dimension; else one for each grid point of the side, corners included,
   *     in ascending order; copied
   * @return a changed copy
   * @throws IllegalArgumentException if the side has no boundary values in this problem, the number
   *     of values is wrong, one is not finite, or a corner has two values that differ by more than
   *     1e-9 of the largest
   */
  public PdeProblem withBoundary(Side side, double... values) {
    if (!sides.contains(side)) {
      throw new IllegalArgumentException(
          "side is " + side + ", must be one of " + sides + " for this operator");
    }
    if (values.length != sideLength(side)) {
      throw new IllegalArgumentException(
          "side "
              + side
              + " has "
              + values.length
              + " boundary values, must have "
              + sideLength(side));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "boundary value "
                + values[i]
                + " at index "
                + i
                + " of side "
                + side
                + ", must be finite");
      }
    }
    EnumMap<Side, double[]> changed = new EnumMap<>(Side.class);
    changed.putAll(boundary);
    changed.put(side, values.clone());
    requireCorners(changed);
    return new PdeProblem(grid, operator, sides, nonlinearity, source, sourceField, changed);
  }

  private void requireCorners(Map<Side, double[]> values) {
    double largest = 0;
    for (double[] side : values.values()) {
      for (double value : side) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    for (Side across : new Side[] {Side.LEFT, Side.RIGHT}) {
      for (Side along : new Side[] {Side.BOTTOM, Side.TOP}) {
        double[] first = values.get(across);
        double[] second = values.get(along);
        if (first != null && second != null) {
          double one = first[along.isUpper() ? first.length - 1 : 0];
          double other = second[across.isUpper() ? second.length - 1 : 0];
          if (Math.abs(one - other) > CORNER * largest) {
            throw new IllegalArgumentException(
                "boundary value at the corner of "
                    + across
                    + " and "
                    + along
                    + " is "
                    + one
                    + " and "
                    + other
                    + ", must be the same from both sides");
          }
        }
      }
    }
  }

  /**
   * Adds a pointwise non-linear term in place of the present one.
   *
   * @param value the term R(u)
   * @return a changed copy
   */
  public PdeProblem withNonlinearity(Nonlinearity value) {
    Objects.requireNonNull(value, "value");
    return new PdeProblem(grid, operator, sides, value, source, sourceField, boundary);
  }

  /**
   * The grid.
   *
   * @return where source and coefficients are taken
   */
  public Grid grid() {
    return grid;
  }

  /**
   * The linear operator.
   *
   * @return L
   */
  public LinearOperator operator() {
    return operator;
  }

  /**
   * The pointwise non-linear term.
   *
   * @return R, empty where the equation is linear
   */
  public Optional<Nonlinearity> nonlinearity() {
    return Optional.ofNullable(nonlinearity);
  }

  /**
   * The source at the grid points.
   *
   * @return a new array, x-major
   * @throws IllegalArgumentException if none was given
   */
  public double[] source() {
    if (source == null) {
      throw new IllegalArgumentException("source is missing, must be given by withSource");
    }
    return source.clone();
  }

  /**
   * The source as a function.
   *
   * @return empty where it is known on the grid only
   */
  public Optional<ScalarField> sourceField() {
    return Optional.ofNullable(sourceField);
  }

  /**
   * Where boundary values are needed.
   *
   * @return sides in the order of the enumeration
   */
  public Set<Side> boundarySides() {
    return EnumSet.copyOf(sides);
  }

  /**
   * The boundary values of one side.
   *
   * @param side one of {@link #boundarySides()}
   * @return a new array, ascending along the side
   * @throws IllegalArgumentException if they were not given
   */
  public double[] boundary(Side side) {
    double[] values = boundary.get(side);
    if (values == null) {
      throw new IllegalArgumentException(
          "boundary values of side "
              + side
              + " are missing, must be given by withBoundary (needed: "
              + sides
              + ")");
    }
    return values.clone();
  }

  /** The same sides and no boundary values or non-linear term on another grid. */
  PdeProblem posed(Grid changed, LinearOperator of, double[] values, ScalarField field) {
    return new PdeProblem(changed, of, sides, null, values, field, new EnumMap<>(Side.class));
  }

  /** Checks that everything was given. */
  void requireComplete() {
    source();
    sides.forEach(this::boundary);
  }

  /** The number of grid points on a side. */
  private int sideLength(Side side) {
    return grid.points(1 - side.axis());
  }

  /** A coordinate of a grid point on a side. */
  double boundaryCoordinate(Side side, int axis, int index) {
    if (axis == side.axis()) {
      return side.isUpper() ? grid.upper(axis) : grid.lower(axis);
    }
    return grid.coordinate(axis, index);
  }
}
