package io.github.mixtura.gp.pde;

import java.util.Arrays;

/**
 * A uniform grid on an interval or a rectangle, end points included. Immutable.
 *
 * <p>Values on a grid are stored x-major: the value at {@code (coordinate(0, i), coordinate(1, j))}
 * has index {@code i·points(1) + j}.
 */
public final class Grid {
  /** Fewest points of an axis. */
  public static final int FEWEST_POINTS = 4;

  private static final int MOST_POINTS = 100_000;
  private static final long MOST_VALUES = 100_000_000;

  /** Least distance of neighbours, in units of the last place of the ends. */
  private static final double FEWEST_STEPS = 100;

  private final double[] lower;
  private final double[] upper;
  private final int[] points;

  private Grid(double[] lower, double[] upper, int[] points) {
    this.lower = lower;
    this.upper = upper;
    this.points = points;
  }

  /**
   * A grid on an interval.
   *
   * @param lower left end
   * @param upper right end, greater than {@code lower}
   * @param points number of points with both ends, 4 to 100 000
   * @return the grid
   * @throws IllegalArgumentException if an end is not finite, the length is not positive, not
   *     finite or too short for the coordinates to differ, or the number of points is out of range
   */
  public static Grid of(double lower, double upper, int points) {
    requireAxis("x", lower, upper, points);
    return new Grid(new double[] {lower}, new double[] {upper}, new int[] {points});
  }

  /**
   * Adds the second axis.
   *
   * @param lower lower end
   * @param upper upper end, greater than {@code lower}
   * @param points number of points with both ends, from 4; at most 1e8 in both axes together
   * @return a grid on the rectangle
   * @throws IllegalArgumentException as {@link #of}, and if there are two axes already
   */
  public Grid by(double lower, double upper, int points) {
    if (dimension() != 1) {
      throw new IllegalArgumentException("grid has 2 axes, must have 1 to be given another");
    }
    requireAxis("y", lower, upper, points);
    if ((long) this.points[0] * points > MOST_VALUES) {
      throw new IllegalArgumentException(
          "grid has " + this.points[0] + " × " + points + " points, must have at most 1e8");
    }
    return new Grid(
        new double[] {this.lower[0], lower},
        new double[] {this.upper[0], upper},
        new int[] {this.points[0], points});
  }

  private static void requireAxis(String axis, double lower, double upper, int points) {
    if (!Double.isFinite(lower) || !Double.isFinite(upper)) {
      throw new IllegalArgumentException(
          axis + " axis is [" + lower + ", " + upper + "], must have finite ends");
    }
    double length = upper - lower;
    double size = Math.max(Math.abs(lower), Math.abs(upper));
    if (!(length > 1e-9 * size) || !Double.isFinite(length)) {
      throw new IllegalArgumentException(
          axis
              + " axis is ["
              + lower
              + ", "
              + upper
              + "], must have a positive length (above 1e-9 of its ends)");
    }
    if (points < FEWEST_POINTS || points > MOST_POINTS) {
      throw new IllegalArgumentException(
          axis
              + " axis has "
              + points
              + " grid points, must have "
              + FEWEST_POINTS
              + " to "
              + MOST_POINTS);
    }
    if (length / (points - 1) < FEWEST_STEPS * Math.ulp(size)) {
      throw new IllegalArgumentException(
          axis
              + " axis is ["
              + lower
              + ", "
              + upper
              + "], must be long enough for "
              + points
              + " different coordinates");
    }
  }

  /**
   * The number of axes.
   *
   * @return 1 or 2
   */
  public int dimension() {
    return points.length;
  }

  /**
   * The lower end of an axis.
   *
   * @param axis 0 or 1
   * @return least coordinate
   */
  public double lower(int axis) {
    return lower[axis];
  }

  /**
   * The upper end of an axis.
   *
   * @param axis 0 or 1
   * @return greatest coordinate
   */
  public double upper(int axis) {
    return upper[axis];
  }

  /**
   * The length of an axis.
   *
   * @param axis 0 or 1
   * @return {@code upper − lower}
   */
  public double length(int axis) {
    return upper[axis] - lower[axis];
  }

  /**
   * The number of points along an axis.
   *
   * @param axis 0 or 1; 1 is allowed in one dimension
   * @return the number, 1 for the missing axis
   */
  public int points(int axis) {
    return axis < points.length ? points[axis] : 1;
  }

  /**
   * The number of all points.
   *
   * @return product of the numbers along the axes
   */
  public int size() {
    return points(0) * points(1);
  }

  /**
   * A coordinate of the points.
   *
   * @param axis 0 or 1
   * @param index from 0 to {@code points(axis) − 1}
   * @return the coordinate; 0 for the missing axis
   */
  public double coordinate(int axis, int index) {
    if (axis >= points.length) {
      return 0;
    }
    int last = points[axis] - 1;
    if (index == last) {
      return upper[axis];
    }
    double part = length(axis) * index / last;
    return lower[axis] + (part < Double.MAX_VALUE ? part : length(axis) * ((double) index / last));
  }

  /**
   * Values of a function at all points.
   *
   * @param field the function
   * @return values, x-major
   */
  public double[] sample(ScalarField field) {
    double[] values = new double[size()];
    int columns = points(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = field.at(coordinate(0, i / columns), coordinate(1, i % columns));
    }
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grid grid
        && Arrays.equals(lower, grid.lower)
        && Arrays.equals(upper, grid.upper)
        && Arrays.equals(points, grid.points);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(lower) + Arrays.hashCode(upper)) + Arrays.hashCode(points);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int axis = 0; axis < points.length; axis++) {
      text.append(axis == 0 ? "" : " × ");
      text.append("[" + lower[axis] + ", " + upper[axis] + "] with " + points[axis] + " points");
    }
    return text.toString();
  }
}
