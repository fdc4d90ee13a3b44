package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * One run on an interval. The axis is mapped to [0, 1], the equation is divided by its leading
 * coefficient and the solution by {@link #unit}, so that sizes of the problem do not matter.
 */
final class IntervalSolver {
  private static final double[] WIDTHS = {0.05, 0.5, 3};
  private static final double SMALLEST_SCALE = 1e-6;

  /** More lines than this get narrow bumps only. */
  private static final int MANY = 16;

  private static final double COARSE = 3e-3;
  private static final int MOST_PHASES = 4;
  private static final int MOST_NEWTON_STEPS = 15;
  private static final int MOST_RISES = 8;
  private static final double[] PARTS = {0.0625, 0.25, 0.5, 1};

  /** A source this far below the terms of the operator is as good as rounding. */
  private static final double CANCELLED = 1e-7;

  /** Relative noise that is rounding, and that which need not look like noise. */
  private static final double ROUNDING = 1e-11;

  private static final double EXACT = 1e-9;

  /**
   * Matrices of more entries, or that take more operations to factorise, are not made for combs.
   */
  private static final double MOST_ENTRIES = 2e7;

  private static final double MOST_WORK = 1e11;

  /** Features of the cosine or the sine of a line, and about how long a fit takes, over n·r². */
  private static final double FEATURES_OF_A_LINE = 15;

  private static final double SECONDS_OF_A_FIT = 5e-9;

  private static final int CHECKED = 200;

  private static final int FEWEST_FOR_COMBS = 16;

  /** So few points are quickly solved on. */
  private static final int SMALL = 250;

  /** A window smears the spectrum of fewer values over all frequencies. */
  private static final int FEWEST_FOR_WINDOWS = 24;

  /** Fewer directions of the source cannot tell how noisy it is. */
  private static final double FEWEST_FOR_NOISE = 10;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** How much larger than in the source the slowest frequencies may be, and how slow they are. */
  private static final double SLOW = 30;

  private static final double SLOWEST = 10;

  /** Logarithm of the ratio of evidences to which a prior counts beside another one under noise. */
  private static final double UNLIKELY = 5;

  /** Relative rounding of what enters a solution. */
  private static final double ROUNDED = 1e-15;

  /** Relative rounding of a solution. */
  private static final double SOLVED_TO = 3e-13;

  private final PdeProblem problem;
  private final Control control;
  private final Grid grid;
  private final int n;
  private final double length;
  private final double[] times;
  private final double[][] coefficients = new double[3][];
  private final double[] means = new double[3];
  private final double[] boundaryTimes;
  private final double[] boundaryValues;

  /** What the equation was multiplied with, after the derivatives became those on [0, 1]. */
  private final double factor;

  /** The source divided by its root mean square, and by the unit. */
  private final double[] shape;

  private double[] target;
  private double unit;
  private double unitOfSource;
  private double[] boundary;
  private double boundarySize;

  private Approximation best;
  private Candidate chosen;
  private final List<Candidate> candidates = new ArrayList<>();
  private Detection detection;
  private boolean settled = true;

  /** The part of the non-linear term that counts. */
  private double strength = 1;

  /** Features with the posterior of their coefficients. */
  private record Approximation(Features features, LinearFit fit, double[] mean, Prior prior) {}

  /**
   * A prior that was tried; those of one kind fail alike.
   *
   * @param credible whether what it leaves is rounding or looks like noise
   */
  private record Candidate(
      double kind, Features features, double[] mean, double logEvidence, boolean credible) {
    boolean isBelow(Candidate other) {
      return credible == other.credible ? logEvidence < other.logEvidence : other.credible;
    }
  }

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
    int highest = problem.operator().terms().contains(Derivative.XX) ? 2 : 1;
    double leading = 0;
    for (int order = 0; order < 3; order++) {
      Derivative term = Derivatives.of(order, 0);
      coefficients[order] = grid.sample((x, y) -> problem.operator().coefficient(term, x, y));
      if (order == highest) {
        leading =
            Math.scalb(
                1.0,
                Math.getExponent(
                    Arrays.stream(coefficients[order]).map(Math::abs).max().orElse(1)));
      }
    }
    for (int order = 0; order < 3; order++) {
      for (int i = 0; i < n; i++) {
        double c = coefficients[order][i];
        double scaled =
            c == 0 ? 0 : product(c, 1 / leading, power(length, Math.max(0, highest - order)));
        if (!Double.isFinite(scaled)) {
          throw new IllegalArgumentException(
              "coefficient of "
                  + Derivatives.of(order, 0)
                  + " is "
                  + c
                  + ", too large beside the leading one for double precision");
        }
        coefficients[order][i] = scaled;
      }
      means[order] = Arrays.stream(coefficients[order]).average().orElse(0);
    }
    factor = product(1 / leading, power(length, highest));
    boundaryTimes =
        problem.boundarySides().stream().mapToDouble(side -> side.isUpper() ? 1 : 0).toArray();
    boundaryValues =
        problem.boundarySides().stream().mapToDouble(side -> problem.boundary(side)[0]).toArray();
    double[] source = problem.source();
    double size = rms(source);
    shape = new double[n];
    Arrays.setAll(shape, i -> size > 0 ? source[i] / size : 0);
    double onBoundary =
        Arrays.stream(boundaryValues).map(Math::abs).max().orElse(0) * symbol(2 * Math.PI);
    double inside = product(size, 1 / leading, power(length, highest));
    if (!Double.isFinite(inside) || !Double.isFinite(onBoundary)) {
      throw new IllegalArgumentException(
          "source and boundary values are so large on a domain of length "
              + length
              + " that the solution is beyond double precision");
    }
    scale(inside, Math.max(inside, inside > 1e-12 * onBoundary ? 0 : onBoundary), size);
  }

  private static double[] power(double value, int exponent) {
    double[] factors = new double[exponent];
    Arrays.fill(factors, value);
    return factors;
  }

  /** A product whose parts may go beyond the range of numbers. */
  private static double product(double first, double second, double... others) {
    double mantissa = 1;
    long exponent = 0;
    double[] all = Arrays.copyOf(others, others.length + 2);
    all[others.length] = first;
    all[others.length + 1] = second;
    for (double value : all) {
      if (value == 0 || !Double.isFinite(value)) {
        return 0 * value == 0 ? 0 : value;
      }
      int e = Math.getExponent(value);
      // Twice, because a subnormal number has no exponent of its own.
      mantissa *= Math.scalb(Math.scalb(value, -e / 2), -(e - e / 2));
      exponent += e;
    }
    int whole = (int) Math.max(-5000, Math.min(5000, exponent));
    return Math.scalb(Math.scalb(mantissa, whole / 2), whole - whole / 2);
  }

  private static double product(double first, double[] others) {
    return product(first, 1, others);
  }

  /** Takes a unit of the solution; where all is 0, or too small for a number, any will do. */
  private void scale(double inside, double newUnit, double size) {
    boolean vanishing = newUnit < Double.MIN_NORMAL;
    unit = newUnit;
    double ratio = vanishing ? 1 : inside / newUnit;
    unitOfSource = inside > 0 ? size / ratio : newUnit / factor;
    target = new double[n];
    Arrays.setAll(target, i -> shape[i] * ratio);
    boundary = new double[boundaryValues.length];
    Arrays.setAll(boundary, i -> vanishing ? 0 : boundaryValues[i] / newUnit);
    boundarySize = Arrays.stream(boundary).map(Math::abs).max().orElse(0);
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
      linear();
      double terms = terms();
      if (terms * CANCELLED > 1 && !control.isLate()) {
        // The source is what rounding left of much larger terms.
        scale(rms(target) * unit, unit * terms * CANCELLED, rms(problem.source()));
        linear();
      }
    } else {
      newton();
    }
    return solution();
  }

  private void linear() {
    control.phase("detect");
    detection = detect(target, Detection.EXACT);
    control.phase("solve");
    choose(new double[n], target, true);
  }

  /** The root mean square of the terms of the operator, each taken as positive. */
  private double terms() {
    DMatrixRMaj[] basis = best.features().matrices(times);
    double[] sum = new double[n];
    for (int order = 0; order < 3; order++) {
      double[] values = product(basis[order], best.mean());
      for (int i = 0; i < n; i++) {
        sum[i] += Math.abs(coefficients[order][i] * values[i]);
      }
    }
    return rms(sum);
  }

  private Detection detect(double[] values, double tolerance) {
    return Detection.sparest(values, tolerance, this::leavesNoTime);
  }

  /** Whether the time limit would pass before a first fit with so many lines ends. */
  private boolean leavesNoTime(int lines) {
    double columns = FEATURES_OF_A_LINE * (2.0 * lines + 3);
    return control.wouldBeLate(SECONDS_OF_A_FIT * n * columns * columns);
  }

  /** Finds the best approximation of {@code Lu + extra·u = right} over priors. */
  private void choose(double[] extra, double[] right, boolean combAllowed) {
    candidates.clear();
    chosen = null;
    double smooth = Math.max(detection.amplitude(-1) / symbol(2 * Math.PI), boundarySize);
    double[] lines = lineScales();
    double largest = Math.max(smooth, Arrays.stream(lines).max().orElse(0));
    double floor = largest > 0 ? SMALLEST_SCALE * largest : 1;
    for (double a : WIDTHS) {
      if (a > 1 && lines.length > MANY) {
        break;
      }
      consider(-a, lines(lines, smooth, floor), a, extra, right);
      if (control.isLate()) {
        return;
      }
    }
    if (smooth > 1e3 * floor) {
      double width = -chosen.kind();
      for (double part : new double[] {1e3, 1}) {
        consider(-width, lines(lines, part * floor, floor), width, extra, right);
      }
    }
    boolean settledByLines = best.fit().noise() <= ROUNDING && best.features().size() <= n / 2;
    if (combAllowed && !settledByLines && n >= FEWEST_FOR_COMBS && !control.isLate()) {
      control.phase("comb");
      combs(extra, right);
    }
  }

  /** Fits one prior and keeps it if it is the best so far. */
  private Candidate consider(
      double kind, Prior prior, double width, double[] extra, double[] right) {
    Features features = prior.features(width);
    LinearFit fit = fit(features, features.matrices(times), extra, right);
    boolean credible = fit.noise() <= EXACT || !control.isLate() && isNoise(fit);
    Candidate next = new Candidate(kind, features, fit.mean(), fit.logEvidence(), credible);
    candidates.add(next);
    if (chosen == null || chosen.isBelow(next)) {
      chosen = next;
      best = new Approximation(features, fit, next.mean(), prior);
    }
    return next;
  }

  private static boolean isNoise(LinearFit fit) {
    return NoiseTest.isNoise(fit.remainder(), fit::remainder);
  }

  /** Priors without lines, in the order of what the source alone says of them. */
  private void combs(double[] extra, double[] right) {
    boolean silent = rms(right) < 1e-6;
    SourceSpectrum spectrum = new SourceSpectrum(silent ? unitImpulse() : right);
    List<SourceSpectrum.Shape> shapes =
        silent
            ? SourceSpectrum.around(Math.max(30, Math.max(ownFrequency(), steepness())))
            : spectrum.shapes();
    if (!silent
        && chosen.credible()
        && shapes.get(0).logLikelihood() < chosen.logEvidence() - 0.1 * n - 50) {
      return;
    }
    double most = Double.NEGATIVE_INFINITY;
    SourceSpectrum.Shape likeliest = null;
    int fitted = 0;
    for (SourceSpectrum.Shape next : shapes) {
      boolean enough =
          !silent && fitted >= 2 && next.logLikelihood() < shapes.get(0).logLikelihood() - 0.25 * n;
      if (enough || control.isLate()) {
        break;
      }
      double evidence = considerComb(spectrum, next, extra, right);
      fitted++;
      if (evidence > most) {
        most = evidence;
        likeliest = next;
      }
    }
    // The source alone was weighed with noise of 1e-6 at least; where there is less, look further.
    if (likeliest != null && likeliest.noise() < 1e-5) {
      double first = likeliest.exponent() > 10 ? 0.06 : 0.25;
      for (double step = first; step > (n <= SMALL ? 0.3 : 0.6) * first; step /= 2) {
        likeliest = refine(spectrum, likeliest, step, extra, right);
      }
    }
  }

  /** Moves the corner of a shape for as long as the evidence rises. */
  private SourceSpectrum.Shape refine(
      SourceSpectrum spectrum,
      SourceSpectrum.Shape from,
      double step,
      double[] extra,
      double[] right) {
    SourceSpectrum.Shape likeliest = from;
    double most = chosen.logEvidence();
    for (int direction = -1; direction <= 1; direction += 2) {
      for (int moves = 0; moves < 2 && !control.isLate(); moves++) {
        SourceSpectrum.Shape next = likeliest.moved(direction * step);
        double evidence = considerComb(spectrum, next, extra, right);
        if (!(evidence > most)) {
          break;
        }
        most = evidence;
        likeliest = next;
      }
    }
    return likeliest;
  }

  private double[] unitImpulse() {
    double[] impulse = new double[n];
    impulse[n / 2] = 1;
    return impulse;
  }

  private double considerComb(
      SourceSpectrum spectrum, SourceSpectrum.Shape shape, double[] extra, double[] right) {
    Prior prior = comb(spectrum, shape);
    double columns = 2.0 * prior.omegas().length;
    double work = 4 * columns * n * Math.min(columns, n);
    if (columns * n > MOST_ENTRIES || work > MOST_WORK || control.wouldBeLate(1e-9 * work)) {
      return Double.NEGATIVE_INFINITY;
    }
    Candidate next = consider(shape.exponent(), prior, 0, extra, right);
    return next.credible() ? next.logEvidence() : Double.NEGATIVE_INFINITY;
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
      scales[q] = detection.amplitude(q) / symbol(omegas[q]);
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
      scales[1] = Math.max(boundarySize, floor);
    }
    for (int q = 0; q < found.length; q++) {
      omegas[extra + q] = found[q];
      scales[extra + q] = Math.max(lines[q], floor);
    }
    return new Prior(omegas, scales);
  }

  /** Frequencies as the source has them, and as the operator answers to boundary values. */
  private Prior comb(SourceSpectrum spectrum, SourceSpectrum.Shape shape) {
    double answer = 2 * Math.max(ownFrequency(), Math.max(steepness(), 2 * Math.PI));
    double[] omegas = spectrum.omegas(shape, 4 * answer);
    double[] scales = new double[omegas.length];
    double power = 0;
    double answers = 0;
    for (double omega : omegas) {
      power += shape.power(omega);
      answers += Math.exp(-Math.pow(omega / answer, 2));
    }
    for (int q = 0; q < scales.length; q++) {
      double inside =
          Math.sqrt(shape.power(omegas[q]) / power)
              / symbol(Math.max(omegas[q], 2 * Math.PI))
              * (1 + SLOW * Math.exp(-omegas[q] / SLOWEST));
      double outside =
          boundarySize * Math.sqrt(Math.exp(-Math.pow(omegas[q] / answer, 2)) / answers);
      scales[q] = Math.hypot(inside, outside);
    }
    return new Prior(omegas, scales);
  }

  private LinearFit fit(Features features, DMatrixRMaj[] basis, double[] extra, double[] right) {
    int r = features.size();
    DMatrixRMaj a = new DMatrixRMaj(n, r);
    for (int i = 0; i < n; i++) {
      double c0 = coefficients[0][i] + extra[i];
      double c1 = coefficients[1][i];
      double c2 = coefficients[2][i];
      for (int k = i * r; k < (i + 1) * r; k++) {
        a.data[k] = c2 * basis[2].data[k] + c1 * basis[1].data[k] + c0 * basis[0].data[k];
      }
    }
    return new LinearFit(a, right, features.matrices(boundaryTimes)[0], boundary);
  }

  private void newton() {
    Nonlinearity term = problem.nonlinearity().orElseThrow();
    double[] u = straight();
    for (int phase = 0; phase < MOST_PHASES; phase++) {
      double[] left = target.clone();
      if (phase > 0) {
        for (int i = 0; i < n; i++) {
          left[i] -= reaction(u[i]);
        }
      }
      requireFinite(left, left);
      control.phase("detect");
      boolean coarse = phase == 0;
      detection = detect(left, coarse ? COARSE : Detection.EXACT);
      control.phase("newton");
      double[] before = u;
      u = newtonPhase(u, term, coarse);
      if (coarse && !settled) {
        u = continued(term);
      }
      if (control.isLate()) {
        return;
      }
      double change = difference(u, before);
      if (phase > 0 && change < 1e-9 && settled) {
        return;
      }
    }
  }

  /** Lets the non-linear term grow from a part of it, each solution being the next one's start. */
  private double[] continued(Nonlinearity term) {
    double[] u = straight();
    for (double part : PARTS) {
      strength = part;
      if (!control.isLate()) {
        u = newtonPhase(u, term, true);
      }
    }
    strength = 1;
    return u;
  }

  /** The linear function through the boundary values, in units. */
  private double[] straight() {
    double[] u = new double[n];
    double first = boundary[0];
    double last = boundary[boundary.length - 1];
    Arrays.setAll(u, i -> first + (last - first) * times[i]);
    return u;
  }

  /** The non-linear term, in units of the equation. */
  private double reaction(double u) {
    return strength
        * factor
        * problem.nonlinearity().orElseThrow().value().applyAsDouble(unit * u)
        / unit;
  }

  private static double difference(double[] one, double[] other) {
    double[] change = new double[one.length];
    Arrays.setAll(change, i -> one[i] - other[i]);
    double size = rms(one);
    return size == 0 ? rms(change) : rms(change) / size;
  }

  /** Newton's method in one set of features; returns the solution on the grid, in units. */
  private double[] newtonPhase(double[] start, Nonlinearity term, boolean coarse) {
    double[] u = start;
    double last = Double.POSITIVE_INFINITY;
    double misfit = Double.POSITIVE_INFINITY;
    DMatrixRMaj[] basis = null;
    double[] mean = null;
    int rises = 0;
    settled = false;
    for (int step = 0; step < MOST_NEWTON_STEPS; step++) {
      double[] extra = new double[n];
      double[] right = new double[n];
      for (int i = 0; i < n; i++) {
        extra[i] = strength * factor * term.derivative().applyAsDouble(unit * u[i]);
        right[i] = target[i] - reaction(u[i]) + extra[i] * u[i];
      }
      requireFinite(extra, right);
      if (basis == null) {
        choose(extra, right, !coarse || detection.omegas().length == 0);
        basis = best.features().matrices(times);
      } else {
        LinearFit fit = fit(best.features(), basis, extra, right);
        best = new Approximation(best.features(), fit, fit.mean(), best.prior());
      }
      double[] next = product(basis[0], best.mean());
      double norm = rms(residuals(basis, best.mean(), next));
      for (int halving = 0; mean != null && norm > 1.5 * misfit && halving < 8; halving++) {
        double[] middle = best.mean().clone();
        for (int k = 0; k < middle.length; k++) {
          middle[k] = (middle[k] + mean[k]) / 2;
        }
        best = new Approximation(best.features(), best.fit(), middle, best.prior());
        next = product(basis[0], middle);
        norm = rms(residuals(basis, middle, next));
      }
      double change = difference(next, u);
      u = next;
      mean = best.mean();
      rises += norm > misfit && norm > 1e-9 ? 1 : 0;
      misfit = Math.max(norm, 1e-9);
      if (change < (coarse ? 1e-5 : 1e-13) || (change < 1e-8 && change > 0.3 * last)) {
        settled = true;
        break;
      }
      last = change;
      if (control.isLate() || rises >= MOST_RISES) {
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

  private static double[] product(DMatrixRMaj basis, double[] mean) {
    DMatrixRMaj product = new DMatrixRMaj(basis.numRows, 1);
    CommonOps_DDRM.mult(basis, Ridge.column(mean), product);
    return product.data;
  }

  /** What is left of the equation on the grid, in units. */
  private double[] residuals(DMatrixRMaj[] basis, double[] mean, double[] u) {
    double[] first = product(basis[1], mean);
    double[] second = product(basis[2], mean);
    double[] left = new double[n];
    for (int i = 0; i < n; i++) {
      left[i] =
          coefficients[0][i] * u[i]
              + coefficients[1][i] * first[i]
              + coefficients[2][i] * second[i]
              - target[i];
      if (problem.nonlinearity().isPresent()) {
        left[i] += reaction(u[i]);
      }
    }
    return left;
  }

  private PdeSolution solution() {
    control.phase("check");
    Approximation result = best;
    Features features = result.features();
    double[] mean = result.mean();
    DMatrixRMaj[] basis = features.matrices(times);
    double[] u = product(basis[0], mean);
    double[] left = residuals(basis, mean, u);
    double residual = rms(left);
    SelfCheck check = new SelfCheck();
    Optional<Determination> determination = determination();
    double fragile = determination.map(d -> Math.min(1, d.size())).filter(d -> d > 0).orElse(1.0);
    double size = Arrays.stream(u).map(Math::abs).max().orElse(0);
    List<Candidate> rivals = rivals();
    // A prior with as many functions as the grid has points may take noise for signal. White noise
    // shows above 0.9 of the Nyquist frequency; how much there is at most.
    boolean follows = features.size() >= n;
    double share = rms(target);
    double high =
        follows ? Detection.allEnergyAbove(shape, SelfCheck.NYQUIST, false) * share * share : 0;
    double hiddenNoise =
        result.fit().unfitted() < FEWEST_FOR_NOISE ? Math.sqrt(high / (1 - SelfCheck.NYQUIST)) : 0;
    Posterior posterior =
        posterior(
            result, rivals, fragile < 1e-3 ? determination : Optional.empty(), size, hiddenNoise);
    double between =
        unit < Double.MIN_NORMAL
            ? Double.NaN
            : SelfCheck.midpointResidual(problem, posterior, unitOfSource);
    double noise = result.fit().noise();
    // Places that no regular solution can avoid.
    double[] places = new double[CHECKED];
    Arrays.setAll(places, i -> (i + 0.5) * GOLDEN % 1);
    double[] apart = apart(rivals, places);
    double whole = rms(product(features.matrices(places)[0], mean));
    double disagreement = whole == 0 ? rms(apart) : rms(apart) / whole;
    double deviation = rms(result.fit().standardDeviations(features.matrices(places)[0]));
    boolean late = control.isLate();
    boolean white = Math.max(residual, noise) > SelfCheck.SOLVED && !late && isNoise(result.fit());
    check.verdict(
        new SelfCheck.Measured(
            residual,
            noise,
            between,
            disagreement,
            noise > ROUNDING && whole > 0 ? deviation / whole : 0),
        settled,
        white);
    // Noise reaches Nyquist's frequency rightly, and what is below the unit is rounding.
    boolean mayBeNoise = white || late && residual > SelfCheck.SOLVED;
    check.nyquist(
        0,
        (mayBeNoise ? detection.energyAbove(SelfCheck.NYQUIST) : allEnergyAbove(check))
            * share
            * share);
    if (follows) {
      check.followed(high);
    }
    check.midpoints(residual, between);
    List<FreeFunction> free = free(determination, check);
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
            noise,
            result.fit().logEvidence(),
            check.nyquistWarning(),
            check.warnings(),
            control.seconds(),
            control.elapsed()),
        free);
  }

  private double allEnergyAbove(SelfCheck check) {
    return n < FEWEST_FOR_WINDOWS
        ? detection.energyAbove(SelfCheck.NYQUIST)
        : Detection.allEnergyAbove(shape, SelfCheck.NYQUIST, !check.isSolved());
  }

  /**
   * The likeliest priors beside the chosen one: the best of each other kind that is nearly as
   * likely, or else the next best of any. Where the source holds noise evidences can be trusted,
   * and unlikely ones are left out.
   */
  private List<Candidate> rivals() {
    List<Candidate> sorted = new ArrayList<>(candidates);
    sorted.remove(chosen);
    sorted.sort((p, q) -> p.isBelow(q) ? 1 : q.isBelow(p) ? -1 : 0);
    List<Candidate> rivals = new ArrayList<>();
    double worse = noisy() ? UNLIKELY : Math.max(UNLIKELY, 0.25 * n);
    for (Candidate next : sorted) {
      boolean near =
          next.credible() == chosen.credible() && next.logEvidence() > chosen.logEvidence() - worse;
      boolean other = next.kind() != chosen.kind();
      for (Candidate rival : rivals) {
        other &= next.kind() != rival.kind();
      }
      if (rivals.isEmpty() && !noisy() || near && other && rivals.size() < 3) {
        rivals.add(next);
      }
    }
    return rivals;
  }

  private boolean noisy() {
    return chosen.credible() && best.fit().noise() > EXACT;
  }

  /** The largest difference of the rivals from what was chosen beside them, in units. */
  private double[] apart(List<Candidate> rivals, double[] places) {
    double[] largest = new double[places.length];
    if (rivals.isEmpty()) {
      return largest;
    }
    double[] values = product(chosen.features().matrices(places)[0], chosen.mean());
    for (Candidate rival : rivals) {
      double[] others = product(rival.features().matrices(places)[0], rival.mean());
      for (int i = 0; i < largest.length; i++) {
        largest[i] = Math.max(largest[i], Math.abs(values[i] - others[i]));
      }
    }
    return largest;
  }

  private Optional<Determination> determination() {
    return boundaryTimes.length < 2
        ? Optional.empty()
        : Determination.of(t -> ratio(t, 1), t -> ratio(t, 0));
  }

  /** The function that may be added, if there is one. */
  private List<FreeFunction> free(Optional<Determination> determination, SelfCheck check) {
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
  private double ratio(double t, int order) {
    double x = Math.min(grid.upper(0), grid.lower(0) + t * length);
    LinearOperator operator = problem.operator();
    double value = operator.coefficient(Derivatives.of(order, 0), x, 0);
    if (order == 0 && problem.nonlinearity().isPresent()) {
      double u = product(best.features().matrices(new double[] {t})[0], best.mean())[0];
      value += problem.nonlinearity().get().derivative().applyAsDouble(unit * u);
    }
    return value == 0
        ? 0
        : product(value, 1 / operator.coefficient(Derivative.XX, x, 0), power(length, 2 - order));
  }

  private Posterior posterior(
      Approximation result,
      List<Candidate> rivals,
      Optional<Determination> nearlyFree,
      double size,
      double hiddenNoise) {
    double wider = Math.sqrt(result.fit().surprise());
    return new Posterior() {
      @Override
      public double[] values(double[][] points, int xOrder, int yOrder) {
        double[] values =
            product(result.features().matrices(places(points))[xOrder], result.mean());
        for (int i = 0; i < values.length; i++) {
          values[i] *= unit;
          for (int order = 0; order < xOrder; order++) {
            values[i] /= length;
          }
        }
        return values;
      }

      @Override
      public Optional<double[]> standardDeviations(double[][] points) {
        double[] places = places(points);
        DMatrixRMaj rows = result.features().matrices(places)[0];
        double[] values = result.fit().standardDeviations(rows, hiddenNoise);
        double[] apart = apart(rivals, places);
        double[] free =
            nearlyFree
                .map(d -> d.function(grid).values(points, 0, 0))
                .orElse(new double[values.length]);
        double enlarged = nearlyFree.map(d -> ROUNDED * size / d.size()).orElse(0.0);
        double rounding = SOLVED_TO * size;
        for (int i = 0; i < values.length; i++) {
          double unsure = Math.hypot(wider * values[i], (noisy() ? 1 : 3) * apart[i]);
          if (!settled) {
            values[i] = Double.POSITIVE_INFINITY;
            continue;
          }
          values[i] = unit * Math.hypot(Math.hypot(unsure, rounding), enlarged * free[i]);
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
