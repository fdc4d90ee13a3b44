package io.github.mixtura.gp.pde;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The solution of a {@link PdeProblem}: the posterior of a Gaussian process given the equation at
 * the grid points and the boundary values, and how it was found. Immutable.
 */
public final class PdeSolution {
  /** Values of a free function up to which it counts as 0. */
  private static final double VANISHING = 1e-8;

  private final PdeProblem problem;
  private final Posterior posterior;
  private final Findings findings;
  private final List<FreeFunction> free;

  /**
   * How a solution was found.
   *
   * @param status how it ended
   * @param frequencies components of the prior
   * @param features number of basis functions; along the axes together in two dimensions
   * @param residual root mean square of {@code Lu + R(u) − f} on the grid, relative to f
   * @param midpointResidual the same between the grid points, NaN where f is not known there
   * @param noise found standard deviation of the noise of f, relative to f; NaN where not estimated
   * @param logEvidence log marginal likelihood, NaN where not computed
   * @param nyquistWarning whether energy lies near the Nyquist frequency
   * @param warnings what the user should know
   * @param seconds of each phase
   * @param totalSeconds of all
   */
  record Findings(
      SolutionStatus status,
      List<SpectralLine> frequencies,
      int features,
      double residual,
      double midpointResidual,
      double noise,
      double logEvidence,
      boolean nyquistWarning,
      List<String> warnings,
      Map<String, Double> seconds,
      double totalSeconds) {}

  PdeSolution(PdeProblem problem, Posterior posterior, Findings findings) {
    this(problem, posterior, findings, List.of());
  }

  /**
   * @param free functions that may be added
   */
  PdeSolution(PdeProblem problem, Posterior posterior, Findings findings, List<FreeFunction> free) {
    this.problem = problem;
    this.posterior = posterior;
    this.findings = findings;
    this.free = List.copyOf(free);
  }

  /**
   * The problem that was solved.
   *
   * @return the problem
   */
  public PdeProblem problem() {
    return problem;
  }

  /**
   * The solution at a point.
   *
   * @param point one or two coordinates in the domain
   * @return the posterior mean
   * @throws IllegalArgumentException if the point has another number of coordinates or is outside
   *     the domain by more than 1e-9 of its length
   */
  public double value(double... point) {
    return values(new double[][] {point})[0];
  }

  /**
   * The solution at many points; faster than one by one where coordinates recur.
   *
   * @param points one row each
   * @return posterior means
   * @throws IllegalArgumentException as {@link #value}, with the number of the row
   */
  public double[] values(double[][] points) {
    return derivatives(Derivative.NONE, points);
  }

  /**
   * A derivative of the solution at a point.
   *
   * @param derivative which
   * @param point one or two coordinates in the domain
   * @return its posterior mean
   * @throws IllegalArgumentException as {@link #value}, and for derivatives along a missing axis
   */
  public double derivative(Derivative derivative, double... point) {
    return derivatives(derivative, new double[][] {point})[0];
  }

  /**
   * A derivative of the solution at many points.
   *
   * @param derivative which
   * @param points one row each
   * @return posterior means
   * @throws IllegalArgumentException as {@link #derivative}, with the number of the row
   */
  public double[] derivatives(Derivative derivative, double[][] points) {
    requireInside(problem.grid(), points);
    requireDerivative(problem.grid(), derivative);
    return posterior.values(points, derivative.order(0), derivative.order(1));
  }

  /**
   * Standard deviations of the solution, given the noise that was found in the source and the exact
   * boundary values.
   *
   * <p>In one dimension those of the posterior, larger where coefficients that the data hardly
   * determine are larger than the prior says, with the difference of other likely priors (three
   * times, unless the source holds noise), and infinite where Newton's method did not come to rest.
   * Where the prior can follow any source, what lies above 0.9 of the Nyquist frequency counts as
   * noise. In two dimensions those of the posterior where noise was found; else what the residual
   * may do to the solution through the operator's smallest eigenvalues, with the misfit of the
   * boundary values and, where as many functions as grid points were fitted, three times the
   * difference of another prior: one number for all points. There are none, and a warning says so,
   * unless the operator is linear with constant coefficients and without a mixed derivative. What
   * the noise of the source does to the frequencies is not included.
   *
   * @param points one row each
   * @return one for each point, infinite where a function of {@link #free()} is above 1e-8; empty
   *     where they are not known
   * @throws IllegalArgumentException as {@link #values}
   */
  public Optional<double[]> standardDeviations(double[][] points) {
    requireInside(problem.grid(), points);
    Optional<double[]> deviations = posterior.standardDeviations(points);
    if (deviations.isPresent()) {
      for (FreeFunction function : free) {
        double[] values = function.values(points);
        for (int i = 0; i < values.length; i++) {
          if (Math.abs(values[i]) > VANISHING) {
            deviations.get()[i] = Double.POSITIVE_INFINITY;
          }
        }
      }
    }
    return deviations;
  }

  /**
   * Functions that may be added to the solution in any amount, because neither the equation nor the
   * boundary values see them.
   *
   * @return linearly independent functions; empty if the solution is the only one as far as was
   *     found
   */
  public List<FreeFunction> free() {
    return free;
  }

  /**
   * The standard deviation of the solution at a point.
   *
   * @param point one or two coordinates in the domain
   * @return the value; empty where it is not known, see {@link #standardDeviations}
   * @throws IllegalArgumentException as {@link #value}
   */
  public OptionalDouble standardDeviation(double... point) {
    return standardDeviations(new double[][] {point})
        .map(values -> OptionalDouble.of(values[0]))
        .orElse(OptionalDouble.empty());
  }

  static void requireDerivative(Grid grid, Derivative derivative) {
    if (grid.dimension() == 1 && derivative.order(1) > 0) {
      throw new IllegalArgumentException(
          "derivative is " + derivative + ", must be NONE, X or XX in one dimension");
    }
  }

  static void requireInside(Grid grid, double[][] points) {
    for (int i = 0; i < points.length; i++) {
      if (points[i].length != grid.dimension()) {
        throw new IllegalArgumentException(
            "point "
                + i
                + " has "
                + points[i].length
                + " coordinates, must have "
                + grid.dimension());
      }
      for (int axis = 0; axis < grid.dimension(); axis++) {
        double slack = 1e-9 * grid.length(axis);
        double at = points[i][axis];
        if (!(at >= grid.lower(axis) - slack && at <= grid.upper(axis) + slack)) {
          throw new IllegalArgumentException(
              "point "
                  + i
                  + " has the coordinate "
                  + at
                  + " on axis "
                  + (axis == 0 ? "x" : "y")
                  + ", must be in ["
                  + grid.lower(axis)
                  + ", "
                  + grid.upper(axis)
                  + "]");
        }
      }
    }
  }

  /**
   * How the solution ended.
   *
   * @return the status; {@link SolutionStatus#UNDETERMINED} and {@link SolutionStatus#NYQUIST} come
   *     before the others
   */
  public SolutionStatus status() {
    return findings.status();
  }

  /**
   * The components of the spectral prior.
   *
   * @return components, those of x first, each axis in order of frequency
   */
  public List<SpectralLine> frequencies() {
    return List.copyOf(findings.frequencies());
  }

  /**
   * The number of basis functions; in two dimensions the sum of both axes.
   *
   * @return the number
   */
  public int features() {
    return findings.features();
  }

  /**
   * How well the equation holds on the grid.
   *
   * @return root mean square of {@code Lu + R(u) − f}, divided by that of f; where f is 0, by the
   *     largest boundary value times what the operator makes of an oscillation of size 1 over the
   *     domain; where f is below 1e-7 of the terms of the operator, in one dimension, by that part
   *     of them
   */
  public double residual() {
    return findings.residual();
  }

  /**
   * How well the equation holds half-way between the grid points: a check on data that were not
   * used.
   *
   * @return relative to f; empty where the source is known on the grid only
   */
  public OptionalDouble midpointResidual() {
    return optional(findings.midpointResidual());
  }

  /**
   * The noise that was found in the source.
   *
   * @return standard deviation relative to the root mean square of f; rounding and truncation count
   *     as noise. Empty where it was not estimated
   */
  public OptionalDouble noise() {
    return optional(findings.noise());
  }

  /**
   * The log marginal likelihood of source (divided by its root mean square) and boundary values,
   * with the most likely scale and noise.
   *
   * @return the value; empty in two dimensions unless noise was found
   */
  public OptionalDouble logEvidence() {
    return optional(findings.logEvidence());
  }

  private static OptionalDouble optional(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * Whether more than 1e-6 of the energy of the data lies above 0.9 of the Nyquist frequency of the
   * grid, or a callable source differs between the grid points from what they say. Frequencies
   * beyond Nyquist cannot be told from their aliases by values on the grid: without a warning the
   * source may still be an alias.
   *
   * @return true if so
   */
  public boolean nyquistWarning() {
    return findings.nyquistWarning();
  }

  /**
   * What the user should know.
   *
   * @return sentences, in the order found
   */
  public List<String> warnings() {
    return List.copyOf(findings.warnings());
  }

  /**
   * The time spent.
   *
   * @return seconds of each phase, in order
   */
  public Map<String, Double> secondsByPhase() {
    return new LinkedHashMap<>(findings.seconds());
  }

  /**
   * The time spent in all.
   *
   * @return seconds
   */
  public double seconds() {
    return findings.totalSeconds();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PdeSolution[%s, residual %.2g, %d features, %.3f s]",
        status(),
        residual(),
        features(),
        seconds());
  }
}
