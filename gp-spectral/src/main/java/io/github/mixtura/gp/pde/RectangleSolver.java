package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** One run on a rectangle. */
final class RectangleSolver {
  private static final double WIDTH = 0.5;

  /** Angular frequencies on [0, 1] nearer than this are the same. */
  private static final double SAME = 0.8 * Math.PI;

  private static final double[] MORE_WIDTHS = {3, 8};
  private static final double TRUNCATION = 1e-12;
  private static final double[] SAFER_TRUNCATIONS = {1e-10, 1e-9};
  private static final double GOOD = 1e-9;
  private static final double[] DAMPINGS = {1e-10, 1e-13};
  private static final double[] SMOOTH_SCALES = {1, 1e-3, 1e-6};
  private static final int MOST_DENSE = 1600;
  private static final int GOLDEN_STEPS = 5;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double[] NOISY_TRUNCATIONS = {1e-8, 1e-6, 1e-4, 1e-3, 1e-2};
  private static final double COARSE = 3e-3;
  private static final double SPARSE = 1e-8;
  private static final double CLEAN = 1e-7;
  private static final double SMALL_SOURCE = 1e-3;
  private static final double ROUNDING = 1e-8;
  private static final double ACCURATE = 1e-8;
  private static final double MOST_FITTED = 0.5;
  private static final int MOST_PHASES = 4;
  private static final int MOST_STEPS = 15;
  private static final int MOST_PRODUCTS = 80;
  private static final int MOST_RISES = 8;

  /** Multiplications of a Schur form, per cube of the rows. */
  private static final double SCHUR_COST = 40;

  private static final double[] CONTINUATION = {0, 0.25, 0.5, 1};

  private final PdeProblem original;
  private final Scaling scaling;
  private final PdeProblem problem;
  private final Control control;
  private final Grid grid;
  private final DMatrixRMaj source;
  private final Map<Derivative, double[]> coefficients = new HashMap<>();
  private final boolean constant;
  private final double symbol;
  private final double boundarySize;
  private final RectangleSpectrum spectrum;

  private double unit;
  private Detection[] detections;
  private TensorSolution best;
  private boolean settled = true;
  private boolean comb;
  private double width = WIDTH;
  private boolean united;

  /** Part of the non-linear term that is in force. */
  private double share = 1;

  /** Whether the first step of the last iteration raised the misfit. */
  private boolean rose;

  RectangleSolver(PdeProblem given, Control control) {
    original = given;
    scaling = new Scaling(given);
    problem = scaling.problem();
    this.control = control;
    grid = problem.grid();
    source = DMatrixRMaj.wrap(grid.points(0), grid.points(1), problem.source());
    boolean all = true;
    for (Derivative term : problem.operator().terms()) {
      all &= problem.operator().isConstant(term) && term != Derivative.XY;
      coefficients.put(term, problem.operator().sampled(term, grid));
    }
    constant = all;
    double largest = 0;
    for (Side side : problem.boundarySides()) {
      for (double value : problem.boundary(side)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    boundarySize = largest;
    double size = IntervalSolver.rms(source.data);
    symbol = smallestSymbol();
    boolean closed = problem.boundarySides().size() == 4;
    spectrum =
        all && closed && problem.nonlinearity().isEmpty()
            ? RectangleSpectrum.of(
                grid,
                new double[] {mean(Derivative.XX), mean(Derivative.YY)},
                new double[] {mean(Derivative.X), mean(Derivative.Y)},
                mean(Derivative.NONE))
            : null;
    unit = size > 0 ? size : largest > 0 ? largest * symbol : 1;
  }

  private double mean(Derivative term) {
    double[] values = coefficients.get(term);
    return values == null ? 0 : Arrays.stream(values).average().orElse(0);
  }

  /** How much the operator enlarges one oscillation over the domain, term by term. */
  private double smallestSymbol() {
    double sum = 0;
    for (Derivative term : coefficients.keySet()) {
      sum +=
          Math.abs(mean(term))
              * Math.pow(2 * Math.PI / grid.length(0), term.order(0))
              * Math.pow(2 * Math.PI / grid.length(1), term.order(1));
    }
    return sum;
  }

  PdeSolution solve() {
    try {
      search();
    } catch (Control.Late e) {
      // The best so far is given.

    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "operator has terms too far apart in size for double precision, must have them nearer"
              + " to each other",
          e);
    }
    if (best == null) {
      return untouched();
    }
    rescale();
    return solution();
  }

  private void search() {
    if (problem.nonlinearity().isEmpty()) {
      linear();
    } else {
      newton();
    }
    rescale();
    if (relative(best) > CLEAN && settled && !control.isLate() && mayBeNoise()) {
      control.phase("noise");
      TensorSolution before = best;
      if (certain()) {
        shrink();
      } else {
        reduce();
      }
      if (!isNoise(best)) {
        best = before;
      }
    }
  }

  /** A fit of all functions bends noise near the boundary: not yet a strict test. */
  private boolean mayBeNoise() {
    return best.unknowns() < MOST_FITTED * grid.size() && Detection.isWhite(best.residual().data);
  }

  private boolean isNoise(TensorSolution in) {
    return GridNoise.isWhite(in.residual(), in.shrunk() == null ? in.unknowns() : 0);
  }

  /**
   * Where the source is rounding beside the terms of the operator, residuals are compared with what
   * they are compared with where there is none.
   */
  private void rescale() {
    double terms = 0;
    for (Map.Entry<Derivative, double[]> term : coefficients.entrySet()) {
      Derivative of = term.getKey();
      terms += IntervalSolver.rms(term.getValue()) * best.size(of.order(0), of.order(1));
    }
    unit = Math.max(unit, SMALL_SOURCE * terms);
    if (isRounding(terms)) {
      unit = Math.max(unit, Math.min(terms, boundarySize * symbol));
    }
  }

  /** Whether the source is no more than what rounding leaves of larger terms. */
  private boolean isRounding(double terms) {
    return IntervalSolver.rms(source.data) < ROUNDING * terms;
  }

  private double relative(TensorSolution result) {
    return IntervalSolver.rms(result.residual().data) / unit;
  }

  private void linear() {
    control.phase("detect");
    detections = detect(source, Detection.EXACT);
    control.phase("solve");
    DMatrixRMaj zero = new DMatrixRMaj(grid.points(0), grid.points(1));
    best = likely(false, zero);
    double kept = width;
    for (double wider : MORE_WIDTHS) {
      if (needsComb() && !control.isLate()) {
        width = wider;
        TensorSolution next = likely(false, zero);
        if (relative(next) < 0.5 * relative(best)) {
          best = next;
          kept = wider;
        }
      }
    }
    width = kept;
    if (needsComb() && !control.isLate()) {
      control.phase("comb");
      TensorSolution next = likely(true, zero);
      if (relative(next) < 0.5 * relative(best)) {
        best = next;
        comb = true;
      }
    }
  }

  /** The solution in all of the prior that is usable: functions near rounding may do harm. */
  private TensorSolution likely(boolean withComb, DMatrixRMaj known) {
    TensorSolution least = iterate(bases(withComb, TRUNCATION, 1, 0), known, false);
    best = best == null ? least : best;
    for (double damping : DAMPINGS) {
      if (isPoor(least, ACCURATE) && !withComb && !control.isLate()) {
        least = nearer(least, iterate(bases(false, TRUNCATION, 1, damping), known, false));
      }
    }
    if (isPoor(least, ACCURATE) && !withComb && !united && !control.isLate()) {
      united = true;
      TensorSolution next = iterate(bases(false, TRUNCATION), known, false);
      for (double damping : DAMPINGS) {
        if (isPoor(next, ACCURATE) && !control.isLate()) {
          next = nearer(next, iterate(bases(false, TRUNCATION, 1, damping), known, false));
        }
      }
      united = relative(next) < 0.5 * relative(least);
      least = nearer(least, next);
    }
    for (double truncation : SAFER_TRUNCATIONS) {
      if (relative(least) > GOOD && !control.isLate()) {
        least = nearer(least, iterate(bases(withComb, truncation, 1, 0), known, false));
      }
    }
    return least;
  }

  /** Whether another basis may be worth its time. */
  private boolean isPoor(TensorSolution in, double most) {
    return certain() ? error(in) > most : relative(in) > GOOD;
  }

  private TensorSolution nearer(TensorSolution one, TensorSolution other) {
    return relative(other) < relative(one) ? other : one;
  }

  /** What the residual may do to the solution, relative to that. */
  private double error(TensorSolution in) {
    double size = in.size(0, 0);
    double left = IntervalSolver.rms(in.residual().data);
    if (left == 0) {
      return 0;
    }
    double wrong =
        spectrum != null
            ? spectrum.error(in.residual())
            : left / in.sylvester().leastSingularValue();
    return wrong / Math.max(size, Double.MIN_NORMAL);
  }

  private boolean needsComb() {
    boolean resolved =
        detections[0].energyAbove(SelfCheck.NYQUIST) <= SelfCheck.ENERGY
            && detections[1].energyAbove(SelfCheck.NYQUIST) <= SelfCheck.ENERGY;
    return resolved
        && relative(best) > SPARSE
        && !(detections[0].isComplete(SPARSE)
            && detections[1].isComplete(SPARSE)
            && Detection.isWhite(best.residual().data));
  }

  private void newton() {
    Nonlinearity term = problem.nonlinearity().orElseThrow();
    DMatrixRMaj u = new Coons(problem).onGrid();
    for (int phase = 0; phase < MOST_PHASES; phase++) {
      DMatrixRMaj target = source.copy();
      if (phase > 0) {
        for (int i = 0; i < u.data.length; i++) {
          target.data[i] -= term.value().applyAsDouble(u.data[i]);
        }
      }
      control.phase("detect");
      detections = detect(target, phase == 0 ? COARSE : Detection.EXACT);
      control.phase("newton");
      boolean withComb = phase > 1 && needsComb();
      comb = withComb;
      TensorSolution next = phase == 0 ? first(u) : likely(withComb, u);
      if (best != null && phase > 1 && relative(next) > relative(best)) {
        return;
      }
      best = next;
      DMatrixRMaj before = u;
      u = best.value(best.coefficients(), 0, 0);
      if (control.isLate()) {
        return;
      }
      if (phase > 0 && settled && (relative(best) < 1e-10 || distance(u, before) < 1e-9)) {
        return;
      }
    }
  }

  /** A coarse solution; by way of less of the non-linear term where Newton's first step fails. */
  private TensorSolution first(DMatrixRMaj start) {
    TensorSolution in = bases(false, TRUNCATION);
    TensorSolution found = iterate(in, start, true);
    if (settled && !rose) {
      return found;
    }
    DMatrixRMaj u = start;
    TensorSolution other = found;
    for (double part : CONTINUATION) {
      if (!control.isLate()) {
        share = part;
        other = iterate(in, u, true);
        u = other.value(other.coefficients(), 0, 0);
      }
    }
    share = 1;
    other = other.with(other.coefficients(), residual(other, other.coefficients()));
    return nearer(found, other);
  }

  private static double distance(DMatrixRMaj one, DMatrixRMaj other) {
    double sum = 0;
    double size = 0;
    for (int i = 0; i < one.data.length; i++) {
      double change = one.data[i] - other.data[i];
      sum += change * change;
      size += one.data[i] * one.data[i];
    }
    return size == 0 ? Math.sqrt(sum) : Math.sqrt(sum / size);
  }

  /** The frequencies along both axes. */
  private Detection[] detect(DMatrixRMaj values, double tolerance) {
    List<double[]> alongX = new ArrayList<>();
    List<double[]> alongY = new ArrayList<>();
    double size = IntervalSolver.rms(values.data) * Math.sqrt(values.data.length);
    if (size > ROUNDING * 1e-3 * boundarySize * symbol * Math.sqrt(values.data.length)) {
      LeadingVectors.add(values, size, alongX, alongY);
    }
    double reach = Math.max(grid.length(0), grid.length(1));
    double least = 1e-14 * IntervalSolver.rms(values.data) * reach * reach;
    for (Side side : problem.boundarySides()) {
      double[] trace = problem.boundary(side);
      double largest = Arrays.stream(trace).map(Math::abs).max().orElse(0);
      if (largest > least && largest > 1e-12 * boundarySize) {
        double norm = IntervalSolver.rms(trace) * Math.sqrt(trace.length);
        double[] scaled = Arrays.stream(trace).map(v -> v / norm).toArray();
        (side.axis() == 0 ? alongY : alongX).add(scaled);
      }
    }
    if (alongX.isEmpty()) {
      alongX.add(new double[grid.points(0)]);
    }
    if (alongY.isEmpty()) {
      alongY.add(new double[grid.points(1)]);
    }
    return new Detection[] {
      new Detection(alongX, tolerance, control::require),
      new Detection(alongY, tolerance, control::require)
    };
  }

  private TensorSolution bases(boolean withComb, double truncation) {
    return bases(withComb, truncation, 1, 0);
  }

  private TensorSolution bases(boolean withComb, double truncation, double smooth, double damping) {
    double[][] omegas = {omegas(0, withComb), omegas(1, withComb)};
    control.requireFor(cost(0, omegas[0]) + cost(1, omegas[1]));
    AxisBasis x = basis(0, omegas[0], truncation, smooth, damping);
    AxisBasis y = basis(1, omegas[1], truncation, smooth, damping);
    return TensorSolution.of(x, y, omegas);
  }

  /** The frequencies of both axes, for waves that are aligned with none. */
  private double[] united(int axis) {
    List<Double> all = new ArrayList<>();
    for (double omega : detections[axis].omegas()) {
      all.add(omega);
    }
    double nyquist = Math.PI * (grid.points(axis) - 1);
    for (double omega : detections[1 - axis].omegas()) {
      double here = omega * grid.length(axis) / grid.length(1 - axis);
      if (here < nyquist && all.stream().allMatch(o -> Math.abs(o - here) > SAME)) {
        all.add(here);
      }
    }
    return all.stream().mapToDouble(o -> o).toArray();
  }

  private double[] omegas(int axis, boolean withComb) {
    double[] found = united ? united(axis) : detections[axis].omegas();
    double[] all = new double[found.length + 1];
    System.arraycopy(found, 0, all, 1, found.length);
    if (!withComb) {
      return all;
    }
    double nyquist = Math.PI * (grid.points(axis) - 1);
    double top = Math.min(nyquist, 1.2 * Math.max(detections[axis].cutoff(SPARSE), 30));
    int count = (int) Math.floor(top / (2 * Math.PI)) + 1;
    double[] both = Arrays.copyOf(all, all.length + count - 1);
    for (int q = 1; q < count; q++) {
      both[all.length + q - 1] = 2 * Math.PI * q;
    }
    return both;
  }

  /** Multiplications of orthogonal factors and singular values, about. */
  private double cost(int axis, double[] omegas) {
    double columns =
        2.0 * omegas.length * new Features(new double[] {0}, new double[] {1}, width).size();
    double most = Math.max(columns, grid.points(axis));
    double least = Math.min(columns, grid.points(axis));
    return 2 * most * least * least + 15 * least * least * least;
  }

  private AxisBasis basis(
      int axis, double[] omegas, double truncation, double smooth, double damping) {
    double[] scales = new double[omegas.length];
    Arrays.fill(scales, 1);
    scales[0] = omegas.length > 1 ? smooth : 1;
    int[] ends = ends(axis);
    return new AxisBasis(
        grid, axis, new Features(omegas, scales, width), truncation, ends, damping);
  }

  /** {@code Lu + extra·u} on the grid for coefficients Y. */
  private DMatrixRMaj apply(TensorSolution in, DMatrixRMaj y, double[] extra) {
    DMatrixRMaj sum = new DMatrixRMaj(grid.points(0), grid.points(1));
    for (Derivative term : Derivative.values()) {
      double[] factor = coefficients.get(term);
      boolean more = term == Derivative.NONE && extra != null;
      if (factor != null || more) {
        control.require();
        DMatrixRMaj part = in.value(y, term.order(0), term.order(1));
        for (int i = 0; i < sum.data.length; i++) {
          double by = (factor == null ? 0 : factor[i]) + (more ? extra[i] : 0);
          sum.data[i] += by * part.data[i];
        }
      }
    }
    return sum;
  }

  /** Coefficients that take the boundary values, with zeros for the free functions. */
  private DMatrixRMaj lift(TensorSolution in) {
    DMatrixRMaj rows = coefficients(in.y(), 0);
    DMatrixRMaj columns = coefficients(in.x(), 1);
    DMatrixRMaj all = new DMatrixRMaj(in.x().size(), in.y().size());
    for (int i = 0; i < all.numRows; i++) {
      for (int j = 0; j < all.numCols; j++) {
        boolean fromRows = i < in.x().fixed();
        boolean fromColumns = j < in.y().fixed();
        double value = fromRows ? rows.get(i, j) : 0;
        if (fromColumns) {
          value = fromRows ? (value + columns.get(j, i)) / 2 : columns.get(j, i);
        }
        all.set(i, j, value);
      }
    }
    return all;
  }

  /** Coefficients along the other axis of the boundary values on the sides of an axis. */
  private DMatrixRMaj coefficients(AxisBasis other, int axis) {
    DMatrixRMaj traces = traces(axis);
    int[] ends = ends(1 - axis);
    double[][] corners = new double[traces.numRows][ends.length];
    for (int i = 0; i < corners.length; i++) {
      for (int e = 0; e < ends.length; e++) {
        corners[i][e] = traces.get(i, ends[e]);
      }
    }
    return other.coefficients(traces, corners);
  }

  /** Grid indices along an axis where boundary values are given. */
  private int[] ends(int axis) {
    return problem.boundarySides().stream()
        .filter(side -> side.axis() == axis)
        .mapToInt(side -> side.isUpper() ? grid.points(axis) - 1 : 0)
        .toArray();
  }

  /** The boundary values on the sides of one axis, one row each. */
  private DMatrixRMaj traces(int axis) {
    double[][] rows =
        problem.boundarySides().stream()
            .filter(side -> side.axis() == axis)
            .map(problem::boundary)
            .toArray(double[][]::new);
    return new DMatrixRMaj(rows);
  }

  private Sylvester preconditioner(TensorSolution in, double extra) {
    double shift = (mean(Derivative.NONE) + extra) / 2;
    control.requireFor(SCHUR_COST * (Math.pow(in.x().size(), 3) + Math.pow(in.y().size(), 3)));
    return new Sylvester(
        axisOperator(in.x(), mean(Derivative.XX), mean(Derivative.X), shift),
        axisOperator(in.y(), mean(Derivative.YY), mean(Derivative.Y), shift));
  }

  private static DMatrixRMaj axisOperator(
      AxisBasis basis, double second, double first, double shift) {
    DMatrixRMaj sum = new DMatrixRMaj(basis.onGrid(0).numRows, basis.size() - basis.fixed());
    CommonOps_DDRM.addEquals(sum, second, basis.free(2));
    CommonOps_DDRM.addEquals(sum, first, basis.free(1));
    CommonOps_DDRM.addEquals(sum, shift, basis.free(0));
    return Dense.multiplyTransA(basis.free(0), sum);
  }

  /** Corrections until the projected equation holds, from a solution known on the grid. */
  private TensorSolution iterate(TensorSolution start, DMatrixRMaj known, boolean coarse) {
    Nonlinearity term = problem.nonlinearity().orElse(null);
    TensorSolution in = start;
    DMatrixRMaj y = lift(in);
    DMatrixRMaj about = known;
    double last = Double.POSITIVE_INFINITY;
    double misfit = Double.POSITIVE_INFINITY;
    settled = false;
    int rises = 0;
    double[] extra = null;
    for (int step = 0; step < MOST_STEPS; step++) {
      control.require();
      DMatrixRMaj left = source.copy();
      CommonOps_DDRM.subtractEquals(left, apply(in, y, null));
      if (term != null) {
        DMatrixRMaj u = in.value(y, 0, 0);
        extra = new double[u.data.length];
        for (int i = 0; i < extra.length; i++) {
          double at = about.data[i];
          extra[i] = share * term.derivative().applyAsDouble(at);
          left.data[i] -= share * term.value().applyAsDouble(at) + extra[i] * (u.data[i] - at);
        }
      }
      if (in.sylvester() == null || term != null) {
        double shift = extra == null ? 0 : Arrays.stream(extra).average().orElse(0);
        Sylvester made = preconditioner(in, shift);
        in = in.with(made);
      }
      DMatrixRMaj change = correction(in, in.project(left), extra, step == 0, coarse);
      DMatrixRMaj next = CommonOps_DDRM.add(y, in.padded(change), null);
      DMatrixRMaj rest = residual(in, next);
      double norm = IntervalSolver.rms(rest.data) / unit;
      for (int halving = 0;
          term != null && step > 0 && norm > 2 * misfit && halving < 8;
          halving++) {
        CommonOps_DDRM.scale(0.5, change);
        next = CommonOps_DDRM.add(y, in.padded(change), null);
        rest = residual(in, next);
        norm = IntervalSolver.rms(rest.data) / unit;
      }
      if (step == 0) {
        rose = term != null && norm > misfit(in, y, known);
      } else if (norm > misfit && ++rises >= MOST_RISES) {
        break;
      }
      double moved = distance(next, y);
      y = next;
      in = in.with(y, rest);
      misfit = Math.max(norm, 1e-8);
      boolean still = moved < (coarse ? 1e-4 : 1e-13) || (moved < 1e-8 && moved > 0.3 * last);
      if (still || (term == null && constant && step == 1)) {
        settled = true;
        break;
      }
      last = moved;
      if (control.isLate()) {
        break;
      }
      about = term == null ? about : in.value(y, 0, 0);
    }
    return in;
  }

  /** The relative misfit of a function on the grid, as near to it as the basis comes. */
  private double misfit(TensorSolution in, DMatrixRMaj lift, DMatrixRMaj known) {
    DMatrixRMaj rest = known.copy();
    CommonOps_DDRM.subtractEquals(rest, in.value(lift, 0, 0));
    DMatrixRMaj y = CommonOps_DDRM.add(lift, in.padded(in.project(rest)), null);
    return IntervalSolver.rms(residual(in, y).data) / unit;
  }

  private DMatrixRMaj correction(
      TensorSolution in, DMatrixRMaj right, double[] extra, boolean first, boolean coarse) {
    if (constant && extra == null) {
      return in.sylvester().solve(right);
    }
    double tolerance = first && !coarse ? 1e-10 : 1e-5;
    return Gmres.solve(
        z -> in.project(apply(in, in.padded(z), extra)),
        in.sylvester()::solve,
        right,
        tolerance,
        MOST_PRODUCTS,
        control);
  }

  /** {@code f − Lu − R(u)} on the grid. */
  private DMatrixRMaj residual(TensorSolution in, DMatrixRMaj y) {
    DMatrixRMaj left = source.copy();
    CommonOps_DDRM.subtractEquals(left, apply(in, y, null));
    if (problem.nonlinearity().isPresent()) {
      DMatrixRMaj u = in.value(y, 0, 0);
      for (int i = 0; i < left.data.length; i++) {
        left.data[i] -= share * problem.nonlinearity().get().value().applyAsDouble(u.data[i]);
      }
    }
    return left;
  }

  private boolean certain() {
    return constant && problem.nonlinearity().isEmpty();
  }

  /** The posterior under noise, with the likeliest prior. */
  private void shrink() {
    double truncation = Math.max(TRUNCATION, Math.min(1e-4, 1e-2 * relative(best)));
    TensorSolution kept = best;
    double most = Double.NEGATIVE_INFINITY;
    for (double smooth : SMOOTH_SCALES) {
      TensorSolution in = bases(comb, truncation, smooth, 0);
      for (double cut = truncation; in.unknowns() > MOST_DENSE && cut < 0.01; ) {
        cut *= 10;
        in = bases(comb, cut, smooth, 0);
      }
      if (in.unknowns() > MOST_DENSE || in.unknowns() > grid.size() || control.isLate()) {
        break;
      }
      TensorSolution next = shrunk(in);
      if (next != null && next.shrunk().logEvidence() > most) {
        most = next.shrunk().logEvidence();
        kept = next;
      }
      if (in.omegas()[0].length == 1 && in.omegas()[1].length == 1) {
        break;
      }
    }
    best = kept;
  }

  /** The posterior in one basis, with the likeliest ratio of prior to noise; null if none. */
  private TensorSolution shrunk(TensorSolution in) {
    DMatrixRMaj lift = lift(in);
    DMatrixRMaj left = source.copy();
    CommonOps_DDRM.subtractEquals(left, apply(in, lift, null));
    double shift = mean(Derivative.NONE) / 2;
    TensorRidge ridge =
        new TensorRidge(
            axisOperator(in.x(), mean(Derivative.XX), mean(Derivative.X), shift),
            in.x().root(),
            axisOperator(in.y(), mean(Derivative.YY), mean(Derivative.Y), shift),
            in.y().root(),
            in.project(left));
    DMatrixRMaj known = best.coefficients();
    double size = Math.sqrt(Gmres.dot(known, known));
    double noise = relative(best) * unit;
    double middle = Math.log10(Math.max(size, boundarySize) / noise);
    TensorSolution kept = null;
    double at = middle;
    for (double exponent = middle - 3; exponent < middle + 3.5; exponent++) {
      TensorSolution next = shrunk(in, ridge, lift, exponent);
      if (better(next, kept)) {
        kept = next;
        at = exponent;
      }
    }
    double low = at - 1;
    double high = at + 1;
    double one = high - GOLDEN * (high - low);
    double other = low + GOLDEN * (high - low);
    TensorSolution first = shrunk(in, ridge, lift, one);
    TensorSolution second = shrunk(in, ridge, lift, other);
    for (int step = 0; step < GOLDEN_STEPS && kept != null; step++) {
      kept = better(first, kept) ? first : kept;
      kept = better(second, kept) ? second : kept;
      if (better(first, second)) {
        high = other;
        other = one;
        second = first;
        one = high - GOLDEN * (high - low);
        first = shrunk(in, ridge, lift, one);
      } else {
        low = one;
        one = other;
        first = second;
        other = low + GOLDEN * (high - low);
        second = shrunk(in, ridge, lift, other);
      }
    }
    return kept;
  }

  private static boolean better(TensorSolution one, TensorSolution other) {
    return one != null
        && (other == null || one.shrunk().logEvidence() > other.shrunk().logEvidence());
  }

  private TensorSolution shrunk(
      TensorSolution in, TensorRidge ridge, DMatrixRMaj lift, double exponent) {
    control.requireFor(Math.pow(in.unknowns(), 3) / 3);
    TensorRidge.Fit fit = ridge.fit(Math.pow(10, exponent));
    if (fit == null) {
      return null;
    }
    DMatrixRMaj y = CommonOps_DDRM.add(lift, in.padded(fit.mean()), null);
    DMatrixRMaj left = residual(in, y);
    int count = grid.size();
    double variance = (Gmres.dot(left, left) + fit.penalty()) / count;
    double logEvidence =
        -0.5
            * (count * Math.log(2 * Math.PI * Math.E * variance / (unit * unit))
                + fit.logDeterminant());
    return in.with(y, left, Math.sqrt(variance), new TensorSolution.Shrunk(fit, logEvidence));
  }

  /** Fewer functions where noise hides the others, as the Bayesian information criterion says. */
  private void reduce() {
    double least = criterion(best);
    TensorSolution kept = best;
    for (double truncation : NOISY_TRUNCATIONS) {
      if (control.isLate()) {
        break;
      }
      TensorSolution next =
          iterate(bases(comb, truncation), best.value(best.coefficients(), 0, 0), false);
      double value = criterion(next);
      if (value < least) {
        least = value;
        kept = next;
      }
    }
    best = kept;
    settled = true;
  }

  private double criterion(TensorSolution in) {
    double count = grid.size();
    return count * Math.log(relative(in) * relative(in)) + in.unknowns() * Math.log(count);
  }

  /** What boundary values alone say, where the time limit left no more. */
  private PdeSolution untouched() {
    SelfCheck check = new SelfCheck();
    Posterior posterior = scaling.restored(new Coons(problem));
    return new PdeSolution(
        original,
        posterior,
        new PdeSolution.Findings(
            check.status(true),
            List.of(),
            0,
            1,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            false,
            check.warnings(),
            control.seconds(),
            control.elapsed()));
  }

  private PdeSolution solution() {
    control.phase("check");
    TensorSolution result = best;
    double residual = relative(result);
    double freedom = Math.max(1.0, grid.size() - (double) result.unknowns());
    double noise = residual * Math.sqrt(grid.size() / freedom);
    if (result.shrunk() != null) {
      noise = result.noise() / unit;
    }
    boolean certain = certain() || result.shrunk() != null;
    boolean noisy = residual > CLEAN && settled && isNoise(result);
    double error = noisy ? 0 : error(result);
    double boundary = boundaryMisfit(result);
    double difference = noisy || !certain() ? 0 : difference(result);
    double size = result.size(0, 0);
    double doubt = size * Math.hypot(error, 3 * difference) + boundary;
    Posterior posterior = result.withNoise(!certain ? Double.NaN : noisy ? noise * unit : 0, doubt);
    SelfCheck check = new SelfCheck();
    double between = SelfCheck.midpointResidual(problem, posterior, unit);
    check.nyquist(0, detections[0].energyAbove(SelfCheck.NYQUIST));
    check.nyquist(1, detections[1].energyAbove(SelfCheck.NYQUIST));
    check.midpoints(residual, between);
    check.residual(residual, settled, noisy);
    if (residual <= CLEAN && size > 0) {
      check.accuracy(error, boundary / size, difference);
    }
    if (!certain() && result.shrunk() == null) {
      check.warn(
          "no standard deviation: the operator is not linear with constant coefficients and"
              + " without a mixed derivative");
    }
    List<FreeFunction> free = new ArrayList<>();
    if (spectrum != null) {
      for (RectangleSpectrum.Mode mode : spectrum.free()) {
        free.add(
            new FreeFunction(original.grid(), scaling.restored(mode.on(grid)), mode.relative()));
      }
      if (!free.isEmpty()) {
        check.undetermined(spectrum.description());
      }
    }
    List<SpectralLine> lines = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      double[] scales = new double[result.omegas()[axis].length];
      Arrays.fill(scales, 1);
      double length = original.grid().length(axis);
      lines.addAll(SpectralLine.of(axis, length, result.omegas()[axis], scales));
    }
    return new PdeSolution(
        original,
        scaling.restored(posterior),
        new PdeSolution.Findings(
            check.status(control.wasLate()),
            lines,
            result.x().size() + result.y().size(),
            residual,
            between,
            noise,
            result.shrunk() == null ? Double.NaN : result.shrunk().logEvidence(),
            check.nyquistWarning(),
            check.warnings(),
            control.seconds(),
            control.elapsed()),
        free);
  }

  /** Root mean square of what the solution misses of the boundary values. */
  private double boundaryMisfit(TensorSolution in) {
    double sum = 0;
    int count = 0;
    for (Side side : problem.boundarySides()) {
      double[] trace = problem.boundary(side);
      double[] found = in.atEnd(side.axis(), side.isUpper());
      for (int i = 0; i < trace.length; i++) {
        sum += (found[i] - trace[i]) * (found[i] - trace[i]);
        count++;
      }
    }
    return Math.sqrt(sum / count);
  }

  /**
   * How far the solution in another prior lies, relative to this one, where as many functions as
   * grid points leave no residual that could show an error; else 0.
   */
  private double difference(TensorSolution result) {
    double fitted = result.unknowns() / (double) grid.size();
    if (fitted <= MOST_FITTED || control.isLate()) {
      return 0;
    }
    double kept = width;
    boolean rest = settled;
    width = kept == WIDTH ? MORE_WIDTHS[0] : WIDTH;
    DMatrixRMaj zero = new DMatrixRMaj(grid.points(0), grid.points(1));
    TensorSolution other = iterate(bases(comb, TRUNCATION), zero, false);
    width = kept;
    settled = rest;
    return distance(
        result.value(result.coefficients(), 0, 0), other.value(other.coefficients(), 0, 0));
  }
}
