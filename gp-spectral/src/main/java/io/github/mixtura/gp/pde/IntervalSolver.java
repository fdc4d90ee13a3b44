package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** One run on an interval. */
final class IntervalSolver {
  private static final double[] WIDTHS = {0.05, 0.5, 3};
  private static final double[] COMB_WIDTHS = {0.5, 8};
  private static final double SMALLEST_SCALE = 1e-6;
  private static final double COARSE = 3e-3;
  private static final double SPARSE = 1e-8;
  private static final int MOST_PHASES = 4;
  private static final int MOST_NEWTON_STEPS = 15;

  private final PdeProblem problem;
  private final Control control;
  private final Grid grid;
  private final int n;
  private final double length;
  private final double[] times;
  private final double[] source;
  private final double unit;
  private final double[][] coefficients = new double[3][];
  private final double[] means = new double[3];
  private final double[] boundaryTimes;
  private final double[] boundaryValues;
  private final double boundarySize;

  private Approximation best;
  private Detection detection;
  private boolean settled = true;

  /** Features with the posterior of their coefficients. */
  private record Approximation(Features features, LinearFit fit, double[] mean, Prior prior) {}

  /** What features are made of. */
  private record Prior(double[] omegas, double[] scales) {
    Features features(double width) {
      return new Features(omegas, scales, width);
    }
  }

  IntervalSolver(PdeProblem problem, Control control) {
    this.problem = problem;
    this.control = control;
    grid = problem.grid();
    n = grid.points(0);
    length = grid.length(0);
    times = new double[n];
    Arrays.setAll(times, i -> i / (n - 1.0));
    source = problem.source();
    for (int order = 0; order < 3; order++) {
      Derivative term = Derivatives.of(order, 0);
      double power = Math.pow(length, -order);
      coefficients[order] = grid.sample((x, y) -> problem.operator().coefficient(term, x, y));
      for (int i = 0; i < n; i++) {
        coefficients[order][i] *= power;
      }
      means[order] = Arrays.stream(coefficients[order]).average().orElse(0);
    }
    boundaryTimes =
        problem.boundarySides().stream().mapToDouble(side -> side.isUpper() ? 1 : 0).toArray();
    boundaryValues =
        problem.boundarySides().stream().mapToDouble(side -> problem.boundary(side)[0]).toArray();
    boundarySize = Arrays.stream(boundaryValues).map(Math::abs).max().orElse(0);
    double size = rms(source);
    unit = size > 0 ? size : boundarySize > 0 ? boundarySize * symbol(2 * Math.PI) : 1;
  }

  static double rms(double[] values) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
    if (largest == 0) {
      return 0;
    }
    double sum = 0;
    for (double value : values) {
      sum += value / largest * (value / largest);
    }
    return largest * Math.sqrt(sum / values.length);
  }

  /** How much the operator enlarges an oscillation; never far below its terms. */
  private double symbol(double omega) {
    double even = means[0] - means[2] * omega * omega;
    double odd = means[1] * omega;
    double terms = Math.abs(means[0]) + Math.abs(odd) + Math.abs(means[2]) * omega * omega;
    return Math.max(Math.hypot(even, odd), 1e-3 * terms);
  }

  PdeSolution solve() {
    if (problem.nonlinearity().isEmpty()) {
      control.phase("detect");
      detection = detect(source, Detection.EXACT);
      control.phase("solve");
      best = choose(new double[n], source, true);
    } else {
      newton();
    }
    return solution();
  }

  private Detection detect(double[] values, double tolerance) {
    return new Detection(List.of(values), tolerance);
  }

  /** The best approximation of {@code Lu + extra·u = right} over priors. */
  private Approximation choose(double[] extra, double[] right, boolean combAllowed) {
    double smooth =
        Math.max(detection.amplitude(-1) / (unit * symbol(2 * Math.PI)), boundarySize / unit);
    double[] lines = lineScales();
    double largest = Math.max(smooth, Arrays.stream(lines).max().orElse(0));
    double floor = largest > 0 ? SMALLEST_SCALE * largest : 1;
    Approximation chosen = null;
    double width = 0;
    for (double a : WIDTHS) {
      Approximation next = approximate(lines(lines, smooth, floor), a, extra, right);
      if (chosen == null || next.fit().logEvidence() > chosen.fit().logEvidence()) {
        chosen = next;
        width = a;
      }
      if (control.isLate()) {
        return withMean(chosen);
      }
    }
    if (smooth > 1e3 * floor) {
      for (double factor : new double[] {1e3, 1}) {
        Approximation next = approximate(lines(lines, factor * floor, floor), width, extra, right);
        if (next.fit().logEvidence() > chosen.fit().logEvidence()) {
          chosen = next;
        }
      }
    }
    if (combAllowed && needsComb()) {
      control.phase("comb");
      for (double a : COMB_WIDTHS) {
        if (control.isLate()) {
          break;
        }
        Approximation next = approximate(comb(), a, extra, right);
        if (next.fit().logEvidence() > chosen.fit().logEvidence()) {
          chosen = next;
        }
      }
    }
    return withMean(chosen);
  }

  private static Approximation withMean(Approximation chosen) {
    return new Approximation(chosen.features(), chosen.fit(), chosen.fit().mean(), chosen.prior());
  }

  private boolean needsComb() {
    boolean varies = !problem.operator().terms().stream().allMatch(problem.operator()::isConstant);
    return varies || steepness() > 10 || !detection.isComplete(SPARSE);
  }

  /** The greatest rate of growth or decay of solutions without source. */
  private double steepness() {
    if (means[2] == 0) {
      return means[1] == 0 ? 0 : Math.abs(means[0] / means[1]);
    }
    double half = Math.abs(means[1] / (2 * means[2]));
    double square = half * half - means[0] / means[2];
    return square > 0 ? half + Math.sqrt(square) : 0;
  }

  /** The greatest frequency of solutions without source. */
  private double ownFrequency() {
    double greatest = 0;
    for (int i = 0; i < n; i++) {
      if (coefficients[2][i] != 0) {
        double half = coefficients[1][i] / (2 * coefficients[2][i]);
        greatest = Math.max(greatest, coefficients[0][i] / coefficients[2][i] - half * half);
      }
    }
    return Math.sqrt(greatest);
  }

  private double[] lineScales() {
    double[] omegas = detection.omegas();
    double[] scales = new double[omegas.length];
    for (int q = 0; q < scales.length; q++) {
      scales[q] = detection.amplitude(q) / (unit * symbol(omegas[q]));
    }
    return scales;
  }

  /** Detected components, the smooth one, and that of the operator itself if it oscillates. */
  private Prior lines(double[] lines, double smooth, double floor) {
    double[] found = detection.omegas();
    double own = ownFrequency();
    boolean oscillates = own > Math.PI;
    for (double omega : found) {
      oscillates &= Math.abs(omega - own) > 0.8 * Math.PI;
    }
    int extra = oscillates ? 2 : 1;
    double[] omegas = new double[found.length + extra];
    double[] scales = new double[omegas.length];
    scales[0] = Math.max(smooth, floor);
    if (oscillates) {
      omegas[1] = own;
      scales[1] = Math.max(boundarySize / unit, floor);
    }
    for (int q = 0; q < found.length; q++) {
      omegas[extra + q] = found[q];
      scales[extra + q] = Math.max(lines[q], floor);
    }
    return new Prior(omegas, scales);
  }

  private Prior comb() {
    double nyquist = Math.PI * (n - 1);
    double top =
        Math.min(nyquist, 1.2 * Math.max(detection.cutoff(SPARSE), Math.max(ownFrequency(), 30)));
    int count = (int) Math.floor(top / (2 * Math.PI)) + 1;
    double[] omegas = new double[count];
    double[] scales = new double[count];
    for (int q = 0; q < count; q++) {
      omegas[q] = 2 * Math.PI * q;
      scales[q] = 1 / (Math.sqrt(count) * symbol(Math.max(omegas[q], 2 * Math.PI)));
    }
    scales[0] = Math.max(scales[0], boundarySize / unit);
    return new Prior(omegas, scales);
  }

  private Approximation approximate(Prior prior, double width, double[] extra, double[] right) {
    Features features = prior.features(width);
    DMatrixRMaj[] basis = features.matrices(times);
    return new Approximation(features, fit(features, basis, extra, right), null, prior);
  }

  private LinearFit fit(Features features, DMatrixRMaj[] basis, double[] extra, double[] right) {
    int r = features.size();
    DMatrixRMaj a = new DMatrixRMaj(n, r);
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      double c0 = coefficients[0][i] + extra[i];
      double c1 = coefficients[1][i];
      double c2 = coefficients[2][i];
      for (int k = i * r; k < (i + 1) * r; k++) {
        a.data[k] = c2 * basis[2].data[k] + c1 * basis[1].data[k] + c0 * basis[0].data[k];
      }
      b[i] = right[i] / unit;
    }
    double[] g = new double[boundaryValues.length];
    Arrays.setAll(g, i -> boundaryValues[i] / unit);
    return new LinearFit(a, b, features.matrices(boundaryTimes)[0], g);
  }

  private void newton() {
    Nonlinearity term = problem.nonlinearity().orElseThrow();
    double[] u = new double[n];
    for (int phase = 0; phase < MOST_PHASES; phase++) {
      double[] target = source.clone();
      if (phase > 0) {
        for (int i = 0; i < n; i++) {
          target[i] -= term.value().applyAsDouble(u[i]);
        }
      }
      control.phase("detect");
      boolean coarse = phase == 0;
      detection = detect(target, coarse ? COARSE : Detection.EXACT);
      control.phase("newton");
      double[] before = u;
      u = newtonPhase(u, term, coarse);
      if (control.isLate()) {
        return;
      }
      double change = difference(u, before);
      if (phase > 0 && change < 1e-9 && settled) {
        return;
      }
    }
  }

  private static double difference(double[] one, double[] other) {
    double[] change = new double[one.length];
    Arrays.setAll(change, i -> one[i] - other[i]);
    double size = rms(one);
    return size == 0 ? rms(change) : rms(change) / size;
  }

  /** Newton's method in one set of features; returns the solution on the grid. */
  private double[] newtonPhase(double[] start, Nonlinearity term, boolean coarse) {
    double[] u = start;
    double last = Double.POSITIVE_INFINITY;
    double misfit = Double.POSITIVE_INFINITY;
    DMatrixRMaj[] basis = null;
    double[] mean = null;
    settled = false;
    for (int step = 0; step < MOST_NEWTON_STEPS; step++) {
      double[] extra = new double[n];
      double[] right = new double[n];
      for (int i = 0; i < n; i++) {
        extra[i] = term.derivative().applyAsDouble(u[i]);
        right[i] = source[i] - term.value().applyAsDouble(u[i]) + extra[i] * u[i];
      }
      requireFinite(extra, right);
      if (basis == null) {
        best = choose(extra, right, !coarse);
        basis = best.features().matrices(times);
      } else {
        LinearFit fit = fit(best.features(), basis, extra, right);
        best = new Approximation(best.features(), fit, fit.mean(), best.prior());
      }
      double[] next = onGrid(basis[0], best.mean());
      double norm = misfit(basis, best.mean(), next);
      for (int halving = 0; mean != null && norm > 1.5 * misfit && halving < 8; halving++) {
        double[] middle = best.mean().clone();
        for (int k = 0; k < middle.length; k++) {
          middle[k] = (middle[k] + mean[k]) / 2;
        }
        best = new Approximation(best.features(), best.fit(), middle, best.prior());
        next = onGrid(basis[0], middle);
        norm = misfit(basis, middle, next);
      }
      double change = difference(next, u);
      u = next;
      mean = best.mean();
      misfit = Math.max(norm, 1e-9);
      if (change < (coarse ? 1e-5 : 1e-13) || (change < 1e-8 && change > 0.3 * last)) {
        settled = true;
        break;
      }
      last = change;
      if (control.isLate()) {
        break;
      }
    }
    return u;
  }

  private static void requireFinite(double[] extra, double[] right) {
    for (int i = 0; i < extra.length; i++) {
      if (!Double.isFinite(extra[i]) || !Double.isFinite(right[i])) {
        throw new IllegalArgumentException(
            "nonlinearity has the derivative "
                + extra[i]
                + " or a value that is not finite near the solution, must be finite");
      }
    }
  }

  private double[] onGrid(DMatrixRMaj basis, double[] mean) {
    DMatrixRMaj product = new DMatrixRMaj(basis.numRows, 1);
    CommonOps_DDRM.mult(basis, Ridge.column(mean), product);
    double[] values = product.data;
    for (int i = 0; i < values.length; i++) {
      values[i] *= unit;
    }
    return values;
  }

  /** Root mean square of the equation's misfit on the grid, relative to the source. */
  private double misfit(DMatrixRMaj[] basis, double[] mean, double[] u) {
    return rms(residuals(basis, mean, u)) / unit;
  }

  private double[] residuals(DMatrixRMaj[] basis, double[] mean, double[] u) {
    double[] first = onGrid(basis[1], mean);
    double[] second = onGrid(basis[2], mean);
    double[] left = new double[n];
    for (int i = 0; i < n; i++) {
      double value = u[i];
      left[i] =
          coefficients[0][i] * value
              + coefficients[1][i] * first[i]
              + coefficients[2][i] * second[i]
              - source[i];
      if (problem.nonlinearity().isPresent()) {
        left[i] += problem.nonlinearity().get().value().applyAsDouble(value);
      }
    }
    return left;
  }

  private PdeSolution solution() {
    control.phase("check");
    Approximation result = best;
    Features features = result.features();
    double[] mean = result.mean();
    Posterior posterior = posterior(result);
    DMatrixRMaj[] basis = features.matrices(times);
    double[] left = residuals(basis, mean, onGrid(basis[0], mean));
    double residual = rms(left) / unit;
    double between = SelfCheck.midpointResidual(problem, posterior, unit);
    SelfCheck check = new SelfCheck();
    check.nyquist(0, detection.energyAbove(SelfCheck.NYQUIST));
    check.midpoints(residual, between);
    check.residual(residual, settled, Detection.isWhite(left));
    List<FreeFunction> free = free(posterior, check);
    List<SpectralLine> lines =
        new ArrayList<>(
            SpectralLine.of(0, length, result.prior().omegas(), result.prior().scales()));
    return new PdeSolution(
        problem,
        posterior,
        new PdeSolution.Findings(
            check.status(control.wasLate()),
            lines,
            features.size(),
            residual,
            between,
            result.fit().noise(),
            result.fit().logEvidence(),
            check.nyquistWarning(),
            check.warnings(),
            control.seconds(),
            control.elapsed()),
        free);
  }

  /** The function that may be added, if there is one. */
  private List<FreeFunction> free(Posterior posterior, SelfCheck check) {
    Optional<Determination> determination =
        boundaryTimes.length < 2
            ? Optional.empty()
            : Determination.of(t -> ratio(t, 1, posterior), t -> ratio(t, 0, posterior));
    if (determination.isEmpty() || determination.get().size() >= FreeFunction.FREE) {
      return List.of();
    }
    Determination found = determination.get();
    check.undetermined(
        String.format(
            Locale.ROOT,
            "a function of %d half waves that vanishes at both ends (operator and boundary leave"
                + " %.1g of it)",
            found.halfWaves(),
            found.size()));
    return List.of(new FreeFunction(grid, found.function(grid), found.size()));
  }

  /** A coefficient of the equation, linear about the solution, over that of u″; on [0, 1]. */
  private double ratio(double t, int order, Posterior posterior) {
    double x = Math.min(grid.upper(0), grid.lower(0) + t * length);
    LinearOperator operator = problem.operator();
    double value = operator.coefficient(Derivatives.of(order, 0), x, 0);
    if (order == 0 && problem.nonlinearity().isPresent()) {
      double u = posterior.values(new double[][] {{x}}, 0, 0)[0];
      value += problem.nonlinearity().get().derivative().applyAsDouble(u);
    }
    return value / operator.coefficient(Derivative.XX, x, 0) * Math.pow(length, 2 - order);
  }

  private Posterior posterior(Approximation result) {
    return new Posterior() {
      @Override
      public double[] values(double[][] points, int xOrder, int yOrder) {
        double[] values = onGrid(result.features().matrices(places(points))[xOrder], result.mean());
        for (int i = 0; i < values.length; i++) {
          values[i] /= Math.pow(length, xOrder);
        }
        return values;
      }

      @Override
      public Optional<double[]> standardDeviations(double[][] points) {
        double[] values =
            result.fit().standardDeviations(result.features().matrices(places(points))[0]);
        for (int i = 0; i < values.length; i++) {
          values[i] *= unit;
        }
        return Optional.of(values);
      }
    };
  }

  private double[] places(double[][] points) {
    double[] places = new double[points.length];
    Arrays.setAll(places, i -> (points[i][0] - grid.lower(0)) / length);
    return places;
  }
}
