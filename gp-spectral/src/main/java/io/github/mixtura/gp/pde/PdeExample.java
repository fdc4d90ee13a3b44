package io.github.mixtura.gp.pde;

/**
 * A problem with a known solution.
 *
 * @param name short name, such as P1
 * @param description equation, solution and domain in a line
 * @param problem the problem on its usual grid
 * @param solution the exact solution
 */
public record PdeExample(
    String name, String description, PdeProblem problem, ScalarField solution) {
  /** Points along each axis on which errors are measured. */
  public static final int EVALUATION_POINTS = 300;

  /**
   * The points on which errors are measured: 300 along each axis, end points included.
   *
   * @return one row each, x-major; 300 or 90 000 rows
   */
  public double[][] evaluationPoints() {
    Grid grid = problem.grid();
    int along = grid.dimension() == 1 ? 1 : EVALUATION_POINTS;
    double[][] points = new double[EVALUATION_POINTS * along][];
    for (int i = 0; i < points.length; i++) {
      double x = coordinate(grid, 0, i / along);
      points[i] =
          grid.dimension() == 1
              ? new double[] {x}
              : new double[] {x, coordinate(grid, 1, i % along)};
    }
    return points;
  }

  private static double coordinate(Grid grid, int axis, int index) {
    double part = index / (EVALUATION_POINTS - 1.0);
    return index == EVALUATION_POINTS - 1
        ? grid.upper(axis)
        : grid.lower(axis) + grid.length(axis) * part;
  }

  /**
   * The error of a solution of this problem, relative in the Euclidean norm on {@link
   * #evaluationPoints()}.
   *
   * @param found a solution on the same domain
   * @return {@code |u − exact| / |exact|}
   */
  public double relativeError(PdeSolution found) {
    double[][] points = evaluationPoints();
    return relativeError(points, found.values(points));
  }

  /**
   * The error of values of an approximation at some points, relative in the Euclidean norm.
   *
   * @param points one row each
   * @param values as many
   * @return {@code |values − exact| / |exact|}
   */
  public double relativeError(double[][] points, double[] values) {
    if (values.length != points.length) {
      throw new IllegalArgumentException(
          "values has " + values.length + " entries, must have " + points.length);
    }
    double wrong = 0;
    double size = 0;
    for (int i = 0; i < values.length; i++) {
      double exact = solution.at(points[i][0], points[i].length == 1 ? 0 : points[i][1]);
      wrong += (values[i] - exact) * (values[i] - exact);
      size += exact * exact;
    }
    return Math.sqrt(wrong / size);
  }
}
