package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The Peng–Wei relaxation by an alternating direction method of multipliers with two blocks.
 *
 * <p>Z keeps {positive semidefinite, Z1 = 1, trace K}, Y keeps entries ≥ 0, and L is the scaled
 * multiplier of Z = Y. The Z-step is one eigen-decomposition of {@code P(Y − L + A/ρ)P}, {@code P =
 * I − 11ᵀ/n}, with the eigenvalues projected to the simplex of sum K − 1. {@code B = −ρL} is ≥ 0
 * after every step, so a safe bound is always at hand; Z mixed with a strictly feasible matrix
 * gives a true value of the relaxation below it. O(n³) per step, 8n² doubles.
 */
final class PengWeiAdmm {
  private static final int CHECK = 20;
  private static final int MOST_STEPS = 2000;
  private static final int LAST_CHANGE = 200;
  private static final double TOLERANCE = 1e-4;

  /** Checks in which the gap to the partition that is asked about must fall by so much. */
  private static final int WINDOW = 5;

  private static final double LEAST_PROGRESS = 0.02;

  private final PengWei problem;
  private final Run run;
  private final int n;
  private final double norm;
  private final double squares;
  private final DMatrixRMaj a;
  private final double[] y;
  private final double[] l;
  private DMatrixRMaj z;
  private double rho = 1;
  private double[][] leading = new double[0][];
  private long eigenNanos;
  private int decompositions;

  /**
   * Where the method ended.
   *
   * @param labels rounded from Z
   * @param lower objective of the labels
   * @param primal value of a feasible Z of the relaxation
   * @param upper safe bound of the relaxation
   * @param errorTerms part of {@code upper} that allows for rounding
   * @param iterations steps taken
   * @param decompositions eigen-decompositions of n × n matrices
   * @param eigenSeconds time they took
   * @param seconds time of the whole
   */
  record Result(
      int[] labels,
      double lower,
      double primal,
      double upper,
      double errorTerms,
      int iterations,
      int decompositions,
      double eigenSeconds,
      double seconds) {
    /** (upper − primal)/primal: how far the relaxation is from being solved. */
    double relativeGap() {
      return (upper - primal) / Math.abs(primal);
    }
  }

  private PengWeiAdmm(PengWei problem, Run run) {
    this.problem = problem;
    this.run = run;
    n = problem.points().count();
    a = Dense.outerProduct(problem.points().rows());
    norm = Math.max(PengWeiCertificate.largestOf(problem, run), Double.MIN_NORMAL);
    squares = Vectors.dot(problem.points().rows().data, problem.points().rows().data);
    y = new double[n * n];
    l = new double[n * n];
  }

  /** Solves from a cold start, Y = 0 and L = 0, to a relative gap of 1e-4 or 2000 steps. */
  static Result solve(PengWei problem, Run run) {
    return solve(problem, null, run);
  }

  /**
   * Solves from the partition's Z, or cold.
   *
   * @param warm n labels, or null
   */
  static Result solve(PengWei problem, int[] warm, Run run) {
    PengWeiAdmm admm = new PengWeiAdmm(problem, run);
    if (warm != null) {
      admm.start(warm);
    }
    return admm.iterate(warm);
  }

  private void start(int[] labels) {
    int[] sizes = problem.sizes(labels);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        y[i * n + j] = labels[i] == labels[j] ? 1.0 / sizes[labels[i]] : 0;
      }
    }
  }

  private Result iterate(int[] warm) {
    double objective = warm == null ? 0 : problem.objective(warm);
    long start = System.nanoTime();
    double upper = Double.POSITIVE_INFINITY;
    double errors = 0;
    double primal = Double.NEGATIVE_INFINITY;
    int step = 0;
    double[] gaps = new double[MOST_STEPS / CHECK];
    double[][] settled = null;
    while (step < MOST_STEPS) {
      int from = step;
      Bound found = run.step(() -> check(from), null);
      if (found == null) {
        break;
      }
      step += CHECK;
      settled = leading;
      if (found.upper() < upper) {
        upper = found.upper();
        errors = found.errorTerms();
      }
      primal = Math.max(primal, feasibleValue());
      int check = step / CHECK - 1;
      gaps[check] = upper - objective;
      boolean stalls = check >= WINDOW && gaps[check] > (1 - LEAST_PROGRESS) * gaps[check - WINDOW];
      if (stalls || upper - primal <= TOLERANCE * Math.abs(primal)) {
        break;
      }
    }
    int[] labels = warm;
    if (settled != null || warm == null) {
      if (z == null) {
        project();
      }
      leading = settled == null ? leading : settled;
      labels = PengWeiRounding.labels(problem, factor(), problem.components());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(
        labels,
        problem.objective(labels),
        Math.max(primal, problem.objective(labels)),
        upper,
        errors,
        step,
        decompositions,
        eigenNanos / 1e9,
        seconds);
  }

  /** {@value #CHECK} steps and the bound that they lead to. */
  private Bound check(int from) {
    double[] residuals = new double[2];
    for (int step = 0; step < CHECK && !run.isOver(); step++) {
      project();
      residuals = update();
    }
    if (run.isOver()) {
      return null;
    }
    Bound found = bound();
    if (from + CHECK <= LAST_CHANGE) {
      adapt(residuals[0], residuals[1]);
    }
    return found;
  }

  /** The Z-step. */
  private void project() {
    DMatrixRMaj m = new DMatrixRMaj(n, n);
    double factor = 1 / (rho * norm);
    for (int e = 0; e < n * n; e++) {
      m.data[e] = y[e] - l[e] + factor * a.data[e];
    }
    centre(m);
    long before = System.nanoTime();
    Dense.Eigen eigen = Dense.symmetricEigen(m);
    eigenNanos += System.nanoTime() - before;
    decompositions++;
    double level = level(eigen.values(), problem.components() - 1);
    int rank = 0;
    while (rank < n && eigen.values()[n - 1 - rank] > level) {
      rank++;
    }
    DMatrixRMaj vectors = new DMatrixRMaj(n, Math.max(rank, 1));
    leading = new double[Math.min(rank, problem.components() - 1)][n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < rank; c++) {
        double value = eigen.vectors().get(i, n - 1 - c);
        if (c < leading.length) {
          leading[c][i] = value;
        }
        double weight = Math.sqrt(eigen.values()[n - 1 - c] - level);
        vectors.set(i, c, weight * value);
      }
    }
    z = Dense.outerProduct(vectors);
    for (int e = 0; e < n * n; e++) {
      z.data[e] += 1.0 / n;
    }
  }

  /** Replaces M by PMP. */
  private static void centre(DMatrixRMaj m) {
    int n = m.numRows;
    double[] mean = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        mean[j] += m.data[i * n + j] / n;
      }
    }
    double whole = 0;
    for (double value : mean) {
      whole += value / n;
    }
    for (int i = 0; i < n; i++) {
      double shift = mean[i] - whole;
      for (int j = 0; j < n; j++) {
        m.data[i * n + j] -= shift + mean[j];
      }
    }
  }

  /** The level with {@code Σ max(0, value − level) = sum}, for ascending values. */
  private static double level(double[] values, double sum) {
    double total = 0;
    double level = Double.POSITIVE_INFINITY;
    for (int count = 1; count <= values.length; count++) {
      double value = values[values.length - count];
      if (value <= level && count > 1) {
        break;
      }
      total += value;
      level = (total - sum) / count;
    }
    return level;
  }

  /** The Y-step and the multiplier's; returns ‖Z − Y‖ and ρ‖Y − Y before‖. */
  private double[] update() {
    double apart = 0;
    double moved = 0;
    for (int e = 0; e < n * n; e++) {
      double sum = z.data[e] + l[e];
      double next = Math.max(0, sum);
      double step = next - y[e];
      double difference = z.data[e] - next;
      moved += step * step;
      apart += difference * difference;
      y[e] = next;
      l[e] = sum - next;
    }
    return new double[] {Math.sqrt(apart), rho * Math.sqrt(moved)};
  }

  private void adapt(double apart, double moved) {
    double factor = apart > 5 * moved ? 2 : moved > 5 * apart ? 0.5 : 1;
    if (factor != 1) {
      rho *= factor;
      for (int e = 0; e < n * n; e++) {
        l[e] /= factor;
      }
    }
  }

  /** The safe bound for B = −ρL. */
  private Bound bound() {
    DMatrixRMaj m = new DMatrixRMaj(n, n);
    double total = 0;
    for (int i = 0; i < n; i++) {
      double row = 0;
      for (int j = 0; j < n; j++) {
        // L is symmetric up to rounding; the mean of both halves is, and is ≤ 0 too.
        double b = -rho * norm * 0.5 * (l[i * n + j] + l[j * n + i]);
        m.data[i * n + j] = a.data[i * n + j] + b;
        row += m.data[i * n + j];
      }
      total += row / n;
    }
    double size = Math.sqrt(Vectors.dot(m.data, m.data));
    centre(m);
    symmetrise(m);
    int count = problem.components() - 1;
    EigenBounds.Total sum =
        count == 0 ? new EigenBounds.Total(0, 0, 0) : EigenBounds.decomposed(m, count, run);
    double forming = (problem.points().dimension() + 16.0) * (size + squares);
    double rounding = EigenBounds.EPSILON * (count + 1) * (n * size + forming);
    double upper = total + sum.upper() + rounding;
    return new Bound(Double.NaN, upper, rounding + sum.errorTerms(), "admm");
  }

  private static void symmetrise(DMatrixRMaj m) {
    int n = m.numRows;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        m.data[j * n + i] = m.data[i * n + j];
      }
    }
  }

  /** ⟨A, Z⟩ for Z mixed with aI + b11ᵀ until no entry is below 0. */
  private double feasibleValue() {
    double least = Arrays.stream(z.data).min().orElse(0);
    double value = Vectors.dot(a.data, z.data);
    if (least >= 0 || n == 1) {
      return value;
    }
    double diagonal = (problem.components() - 1.0) / (n - 1);
    double everywhere = (double) (n - problem.components()) / ((double) n * (n - 1));
    double share = -least / (everywhere - least);
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += a.data[i * n + i];
    }
    double total = Sum.of(a.data);
    return (1 - share) * value + share * (diagonal * trace + everywhere * total);
  }

  /** K leading columns of a factor of Z, row major. */
  private double[] factor() {
    int width = problem.components();
    double[] rows = new double[n * width];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < leading.length; c++) {
        rows[i * width + c] = leading[c][i];
      }
    }
    return rows;
  }
}
