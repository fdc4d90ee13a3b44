package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects what a finished run found to be wrong with its solution. */
final class SelfCheck {
  /** Fraction of the Nyquist frequency above which energy is suspect. */
  static final double NYQUIST = 0.9;

  /** Fraction of the energy that is suspect there. */
  static final double ENERGY = 1e-6;

  /** The same where the prior can follow any values, noise as well. */
  private static final double FOLLOWED = 1e-12;

  /** Relative residual and difference of priors of a solved equation. */
  static final double SOLVED = 1e-7;

  /** Relative residual between the grid points of a solved equation. */
  private static final double BETWEEN = 1e-5;

  /** What is larger beside the source cannot be told from it. */
  private static final double MOST_NOISE = 0.3;

  /** Relative standard deviation of a solved equation through noise. */
  private static final double THROUGH_NOISE = 3e-6;

  /** What the residual may do to a solved equation's solution, relative to that. */
  private static final double ACCURATE = 1e-5;

  private static final int MOST_MIDPOINTS = 2000;

  private final List<String> warnings = new ArrayList<>();
  private boolean nyquist;
  private boolean undetermined;
  private SolutionStatus status = SolutionStatus.SOLVED;

  void warn(String sentence) {
    warnings.add(sentence);
  }

  void nyquist(int axis, double energy) {
    if (energy > ENERGY) {
      nyquist = true;
      warnings.add(
          0,
          String.format(
              Locale.ROOT,
              "%.2g of the energy along %s lies above 0.9 of the Nyquist frequency of the grid:"
                  + " the source may be an alias of a higher frequency; use more grid points",
              energy,
              axis == 0 ? "x" : "y"));
    }
  }

  /**
   * A prior with as many functions as the grid has points takes noise for signal, and so do its
   * rivals: it solves only what has ended before the Nyquist frequency.
   */
  void followed(double energy) {
    if (status == SolutionStatus.SOLVED && energy > FOLLOWED) {
      status = SolutionStatus.NOT_CONVERGED;
      warnings.add(
          String.format(
              Locale.ROOT,
              "%.2g of the energy lies above 0.9 of the Nyquist frequency of the grid, and the"
                  + " prior can follow any values: what may be noise was taken for signal",
              energy));
    }
  }

  /** The relative residual between the grid points, NaN where the source is not known there. */
  static double midpointResidual(PdeProblem problem, Posterior posterior, double unit) {
    if (problem.sourceField().isEmpty()) {
      return Double.NaN;
    }
    Grid grid = problem.grid();
    int perAxis = grid.dimension() == 1 ? MOST_MIDPOINTS : 30;
    List<double[]> points = new ArrayList<>();
    int across = Math.min(perAxis, grid.points(0) - 1);
    int along = grid.dimension() == 1 ? 1 : Math.min(perAxis, grid.points(1) - 1);
    for (int i = 0; i < across; i++) {
      for (int j = 0; j < along; j++) {
        double x = between(grid, 0, i, across);
        points.add(
            grid.dimension() == 1
                ? new double[] {x}
                : new double[] {x, between(grid, 1, j, along)});
      }
    }
    double[][] places = points.toArray(new double[0][]);
    double[] left = new double[places.length];
    for (Derivative term : problem.operator().terms()) {
      double[] values = posterior.values(places, term.order(0), term.order(1));
      for (int i = 0; i < left.length; i++) {
        left[i] += problem.operator().coefficient(term, places[i][0], y(places[i])) * values[i];
      }
    }
    double[] u =
        problem.nonlinearity().isPresent() ? posterior.values(places, 0, 0) : new double[0];
    for (int i = 0; i < left.length; i++) {
      left[i] -= problem.sourceField().get().at(places[i][0], y(places[i]));
      if (problem.nonlinearity().isPresent()) {
        left[i] += problem.nonlinearity().get().value().applyAsDouble(u[i]);
      }
    }
    return IntervalSolver.rms(left) / unit;
  }

  private static double y(double[] point) {
    return point.length == 1 ? 0 : point[1];
  }

  /** The middle of a cell, of {@code count} cells spread over the axis. */
  private static double between(Grid grid, int axis, int index, int count) {
    int cells = grid.points(axis) - 1;
    long cell = (long) index * cells / count;
    return grid.lower(axis) + grid.length(axis) * (cell + 0.5) / cells;
  }

  void midpoints(double residual, double between) {
    if (!Double.isNaN(between) && between > 1e-4 && between > 100 * residual) {
      nyquist = true;
      warnings.add(
          String.format(
              Locale.ROOT,
              "the equation holds to %.2g on the grid but to %.2g between its points:"
                  + " the grid does not resolve the source; use more grid points",
              residual,
              between));
    }
  }

  void residual(double residual, boolean settled, boolean white) {
    if (!settled || !(residual < 1)) {
      status = SolutionStatus.NOT_CONVERGED;
      warnings.add(
          settled
              ? String.format(
                  Locale.ROOT, "the equation does not hold: relative residual %.2g", residual)
              : "Newton's method did not come to rest");
    } else if (residual > SOLVED) {
      status = white ? SolutionStatus.NOISY : SolutionStatus.NOT_CONVERGED;
      warnings.add(
          String.format(
              Locale.ROOT,
              white
                  ? "the source holds noise of %.2g of its size"
                  : "the equation holds only to %.2g and what is left is not noise:"
                      + " the grid may not resolve the source",
              residual));
    }
  }

  /**
   * What was measured on a solution, all relative.
   *
   * @param residual of the equation on the grid
   * @param noise that was estimated
   * @param between residual between the grid points, NaN where it is not known
   * @param disagreement of the best priors of different kind
   * @param throughNoise standard deviation that noise leaves to the solution
   */
  record Measured(
      double residual, double noise, double between, double disagreement, double throughNoise) {}

  /** Judges a solution whose prior was chosen among several. */
  void verdict(Measured found, boolean settled, boolean white) {
    double left = Math.max(found.residual(), found.noise());
    if (!settled || !(left <= SOLVED)) {
      // A source that fills the band at all places looks like noise too.
      residual(left, settled, white && left < MOST_NOISE);
    } else if (!(found.throughNoise() <= THROUGH_NOISE)) {
      status = white ? SolutionStatus.NOISY : SolutionStatus.NOT_CONVERGED;
      warnings.add(
          String.format(
              Locale.ROOT,
              "noise of %.2g in the source leaves %.2g of the solution unsure",
              left,
              found.throughNoise()));
    } else if (!(found.disagreement() <= SOLVED)) {
      status = SolutionStatus.NOT_CONVERGED;
      warnings.add(
          String.format(
              Locale.ROOT,
              "the solution is known to %.2g only: so far do two priors differ that explain the"
                  + " source equally well; use more grid points",
              found.disagreement()));
    } else if (found.between() > BETWEEN) {
      status = SolutionStatus.NOT_CONVERGED;
      warnings.add(
          String.format(
              Locale.ROOT,
              "between the grid points the equation holds to %.2g only",
              found.between()));
    }
  }

  /** Whether nothing was found to be wrong as yet. */
  boolean isSolved() {
    return status == SolutionStatus.SOLVED;
  }

  /**
   * Checks what the residual does not show; all relative to the solution.
   *
   * @param error what the residual may do to the solution
   * @param boundary misfit of the boundary values
   * @param difference between two priors
   */
  void accuracy(double error, double boundary, double difference) {
    if (error > ACCURATE || boundary > SOLVED || difference > SOLVED) {
      status = SolutionStatus.NOT_CONVERGED;
      warnings.add(
          boundary > SOLVED
              ? String.format(
                  Locale.ROOT, "the boundary values are met to %.2g of their size only", boundary)
              : String.format(
                  Locale.ROOT,
                  "the equation holds, but leaves the solution open by up to %.2g of its size",
                  Math.max(error, difference)));
    }
  }

  boolean nyquistWarning() {
    return nyquist;
  }

  /** Notes that the solution is not the only one; what may be added is described by the caller. */
  void undetermined(String what) {
    undetermined = true;
    warnings.add("the solution is not determined: " + what + " may be added to it in any amount");
  }

  SolutionStatus status(boolean late) {
    if (undetermined) {
      return SolutionStatus.UNDETERMINED;
    }
    if (nyquist) {
      return SolutionStatus.NYQUIST;
    }
    if (late) {
      warnings.add("the time limit ended the search for a better solution");
      return SolutionStatus.TIME_LIMIT;
    }
    return status;
  }

  List<String> warnings() {
    return warnings;
  }
}
