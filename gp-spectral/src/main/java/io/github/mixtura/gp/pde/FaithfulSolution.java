package io.github.mixtura.gp.pde;

import io.github.mixtura.gp.SpectralMixture;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@link FaithfulSolver} found. Immutable. */
public final class FaithfulSolution {
  private final Grid grid;
  private final Function<Double, double[]> at;
  private final Report report;

  /** How solving ended. */
  public enum Status {
    /** All steps were done, or the objective rises no more. */
    SOLVED,
    /** The time was over; the solution is that of the parameters so far. */
    TIME_LIMIT
  }

  /**
   * How the solution was found.
   *
   * @param status how it ended
   * @param mixture the learned covariance of u, frequencies in cycles per unit of x; components
   *     without a share of 1e-6 of the source's variance are left out
   * @param removed the others
   * @param objective the final value: the log marginal likelihood, or the log joint density of the
   *     paper
   * @param steps of the optimiser
   * @param residual root mean square of Lu + R(u) − f at the grid points, relative to that of f
   * @param leaveOneOutResidual the same with each point predicted from all others; NaN for the
   *     objective of the paper
   * @param added what had to be added to the unit diagonal of the final system
   * @param seconds per phase
   */
  public record Report(
      Status status,
      SpectralMixture mixture,
      List<SpectralMixture.Component> removed,
      double objective,
      int steps,
      double residual,
      double leaveOneOutResidual,
      double added,
      Map<String, Double> seconds) {}

  /** {@code at} gives u, u′, u″ and the standard deviation of u at a point. */
  FaithfulSolution(Grid grid, Function<Double, double[]> at, Report report) {
    this.grid = grid;
    this.at = at;
    this.report = report;
  }

  /**
   * How the solution was found.
   *
   * @return the report
   */
  public Report report() {
    return report;
  }

  /**
   * The posterior mean of u; O(N) per point.
   *
   * @param points in the domain
   * @return one value per point
   * @throws IllegalArgumentException if a point is outside the domain
   */
  public double[] evaluate(double... points) {
    return pick(points, 0);
  }

  /**
   * A derivative of the posterior mean.
   *
   * @param order 0 to 2
   * @param points in the domain
   * @return one value per point
   * @throws IllegalArgumentException if the order is another or a point is outside the domain
   */
  public double[] derivative(int order, double... points) {
    if (order < 0 || order > 2) {
      throw new IllegalArgumentException("order is " + order + ", must be 0, 1 or 2");
    }
    return pick(points, order);
  }

  /**
   * The posterior standard deviation of u, with the scale of the covariance at its most likely
   * value. It contains what was added to the diagonal of the system, and is therefore far above the
   * error where source and boundary values are exact.
   *
   * @param points in the domain
   * @return one value per point; NaN for the objective of the paper, which has none
   * @throws IllegalArgumentException if a point is outside the domain
   */
  public double[] standardDeviation(double... points) {
    return pick(points, 3);
  }

  private double[] pick(double[] points, int what) {
    double[] values = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      if (!(points[i] >= grid.lower(0) && points[i] <= grid.upper(0))) {
        throw new IllegalArgumentException(
            "point "
                + points[i]
                + " is outside, must be in ["
                + grid.lower(0)
                + ", "
                + grid.upper(0)
                + "]");
      }
      values[i] = at.apply(points[i])[what];
    }
    return values;
  }
}
