package io.github.mixtura.gp.pde;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * The surface that interpolates boundary values linearly across the domain (Coons 1967,
 * doi:10.21236/AD0663504): along an axis with values at one end it is constant.
 */
final class Coons implements Posterior {
  private final Grid grid;
  private final Map<Side, double[]> values = new EnumMap<>(Side.class);
  private final boolean[] both = new boolean[2];

  Coons(PdeProblem problem) {
    grid = problem.grid();
    for (Side side : problem.boundarySides()) {
      values.put(side, problem.boundary(side));
    }
    both[0] = values.containsKey(Side.LEFT) && values.containsKey(Side.RIGHT);
    both[1] = values.containsKey(Side.BOTTOM) && values.containsKey(Side.TOP);
  }

  DMatrixRMaj onGrid() {
    return DMatrixRMaj.wrap(grid.points(0), grid.points(1), grid.sample(this::at));
  }

  private double at(double x, double y) {
    double s = Math.max(0, Math.min(1, (x - grid.lower(0)) / grid.length(0)));
    double t = Math.max(0, Math.min(1, (y - grid.lower(1)) / grid.length(1)));
    double sum = 0;
    for (Side side : values.keySet()) {
      boolean across = side.axis() == 0;
      sum += weight(side, across ? s : t) * along(values.get(side), across ? t : s);
    }
    for (Side left : values.keySet()) {
      for (Side low : values.keySet()) {
        if (left.axis() == 0 && low.axis() == 1) {
          double[] trace = values.get(left);
          double corner = trace[low.isUpper() ? trace.length - 1 : 0];
          sum -= weight(left, s) * weight(low, t) * corner;
        }
      }
    }
    return sum;
  }

  private double weight(Side side, double at) {
    return !both[side.axis()] ? 1 : side.isUpper() ? at : 1 - at;
  }

  /** Linear between values at uniform places. */
  private static double along(double[] trace, double at) {
    double place = at * (trace.length - 1);
    int i = Math.min(trace.length - 2, (int) place);
    return trace[i] + (place - i) * (trace[i + 1] - trace[i]);
  }

  /** Values; derivatives by differences of a cell. */
  @Override
  public double[] values(double[][] points, int xOrder, int yOrder) {
    double[] result = new double[points.length];
    double dx = grid.length(0) / (grid.points(0) - 1);
    double dy = grid.length(1) / (grid.points(1) - 1);
    for (int i = 0; i < result.length; i++) {
      result[i] = difference(points[i][0], points[i][1], xOrder, yOrder, dx, dy);
    }
    return result;
  }

  private double difference(double x, double y, int xOrder, int yOrder, double dx, double dy) {
    if (xOrder > 0) {
      double at = inside(x, dx, 0);
      return (difference(at + dx, y, xOrder - 1, yOrder, dx, dy)
              - difference(at, y, xOrder - 1, yOrder, dx, dy))
          / dx;
    }
    if (yOrder > 0) {
      double at = inside(y, dy, 1);
      return (difference(x, at + dy, xOrder, yOrder - 1, dx, dy)
              - difference(x, at, xOrder, yOrder - 1, dx, dy))
          / dy;
    }
    return at(x, y);
  }

  private double inside(double at, double step, int axis) {
    return Math.min(at, grid.upper(axis) - step);
  }

  @Override
  public Optional<double[]> standardDeviations(double[][] points) {
    return Optional.empty();
  }
}
