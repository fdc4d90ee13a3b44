package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import org.ejml.data.DMatrixRMaj;

/**
 * Upper bounds of the Peng–Wei relaxation, and so of every partition's objective.
 *
 * <p>For every α, every B ≥ 0 and every feasible Z, {@code ⟨A, Z⟩ ≤ ⟨A + B, Z⟩ = 2·1ᵀα + ⟨M, Z⟩}
 * with {@code M = A + B − α1ᵀ − 1αᵀ}, because {@code Z1 = 1}; and {@code ⟨M, Z⟩} is at most the sum
 * of the K largest eigenvalues of M, because Z has trace K and eigenvalues in [0, 1]. The sum is
 * bounded by {@link EigenBounds}. Rounding in α, B or λ therefore loosens a bound and never breaks
 * it; rounding in M and in the sums is allowed for in {@link Bound#errorTerms}.
 */
final class PengWeiCertificate {
  /** Above, n × n matrices are not formed. */
  static final int DENSE_ROWS = 5000;

  /** Stored n × n matrices: two of {@link PengWeiEntrywise} and three of {@link EigenBounds}. */
  private static final double MATRICES = 5;

  private static final int TRIALS = 5;
  private static final int STEPS = 40;

  private PengWeiCertificate() {}

  /**
   * The smallest bound that was found: without B, rank-1, and entrywise up to {@link #DENSE_ROWS}
   * rows, and if the heap has room for its matrices, if those leave a gap; by cases ({@link
   * PengWeiCases}) if a few rows between groups leave it.
   *
   * @param labels n labels, every group used
   * @param run is told what was left out
   */
  static Bound of(PengWei problem, int[] labels, Run run) {
    if (problem.components() == 1) {
      // Centred rows add up to zero: what is left of their sum is rounding.
      return new Bound(0, 0, 0, "one group");
    }
    Bound none = Bound.none(problem.objective(labels), "none");
    Bound best = run.step(() -> withoutMultiplier(problem, labels, run), none);
    if (isTight(best) || run.isOver()) {
      return best;
    }
    double columns = 3.0 * problem.components() + problem.points().dimension();
    if (run.hasRoom(columns * problem.points().count(), "the rank-1 bound")) {
      best = best.lowered(rankOne(problem, labels, run));
    }
    if (isTight(best) || run.isOver()) {
      return best;
    }
    boolean isDense = isDenseFeasible(problem.points().count(), run);
    boolean areNeeded =
        isDense && run.unlessOver(() -> PengWeiCases.areNeeded(problem, labels, run), false);
    if (areNeeded) {
      best = best.lowered(run.step(() -> PengWeiCases.of(problem, labels, isDense, run), none));
    }
    if (isDense && !isTight(best) && !run.isOver()) {
      best = best.lowered(run.step(() -> entrywise(problem, labels, run), none));
    }
    if (isDense && !areNeeded && !isTight(best) && !run.isOver()) {
      best = best.lowered(run.step(() -> PengWeiCases.of(problem, labels, isDense, run), none));
    }
    return best;
  }

  private static boolean isDenseFeasible(int n, Run run) {
    if (n > DENSE_ROWS) {
      run.notes()
          .accept(
              "the entrywise bound is for up to "
                  + DENSE_ROWS
                  + " rows and was left out: the rank-1 bound is the one for "
                  + n);
      return false;
    }
    return run.hasRoom(MATRICES * n * n, "the entrywise bound");
  }

  static boolean isTight(Bound bound) {
    return bound.gap() <= SdpClustering.CERTIFIED * Math.abs(bound.objective());
  }

  /**
   * The bound with B = 0: {@code 1ᵀA1/n} and the K − 1 largest eigenvalues of the scatter matrix.
   *
   * <p>O(np²). Equal to the objective for K = 1, and for K = n.
   */
  static Bound withoutMultiplier(PengWei problem, int[] labels, Run run) {
    Points points = problem.points();
    int n = points.count();
    int p = points.dimension();
    int wanted = problem.components() - 1;
    double trace = Vectors.dot(points.rows().data, points.rows().data);
    // All eigenvalues together are the trace. Those of A itself, not of PAP, are a bound too.
    double sum = trace;
    if (wanted < p) {
      DMatrixRMaj scatter = Dense.crossProduct(points.rows(), run.stop());
      double[] values = Dense.symmetricEigen(scatter, run.stop()).values();
      sum = 0;
      for (int i = 1; i <= wanted; i++) {
        sum += Math.max(0, values[p - i]);
      }
    }
    double[] total = new PengWei(points, 1).sums(new int[n])[0];
    double mean = Vectors.dot(total, total) / n;
    double eigenvalues = wanted < p ? Math.max(1, wanted) : 1;
    double error = eigenvalues * (2.0 * n + 64.0 * p) * EigenBounds.EPSILON * trace;
    return checked(problem.objective(labels), mean + sum + error, error, "B = 0");
  }

  /** The bound with B of rank one in each pair of groups; memory O(n(p + K)). */
  static Bound rankOne(PengWei problem, int[] labels, Run run) {
    double objective = problem.objective(labels);
    Bound best = Bound.none(objective, "rank-1");
    double lambda = run.unlessOver(() -> firstLevel(problem, labels, run), 0.0);
    for (int trial = 0; trial < TRIALS && !run.isOver() && lambda > 0; trial++) {
      PengWeiDual dual = PengWeiDual.of(problem, labels, lambda);
      if (!dual.isFinite() || !PengWeiRank1.isFeasible(dual)) {
        lambda *= 0.7;
        continue;
      }
      PengWeiRank1 rank1 = run.step(() -> PengWeiRank1.of(dual, run), null);
      if (rank1 == null) {
        break;
      }
      double alpha = 2 * Sum.of(dual.alpha);
      double error =
          rank1.errorTerms()
              + problem.components() * (rank1.negativePart() + forming(dual, rank1.magnitude()))
              + rounding(problem, objective, alpha);
      best = best.lowered(checked(objective, alpha + rank1.sum() + error, error, "rank-1"));
      double theta = rank1.value(rank1.value(0) > lambda * (1 + 1e-9) ? 0 : problem.components());
      boolean within = theta < lambda;
      if (within && (dual.split.length == 0 || theta > 0.98 * lambda)) {
        break;
      }
      lambda = theta * 1.001;
    }
    return best;
  }

  /**
   * The bound with B chosen entry by entry; λ is searched near the top of what M has left outside
   * the groups.
   */
  static Bound entrywise(PengWei problem, int[] labels, Run run) {
    double lambda = firstLevel(problem, labels, run);
    double objective = problem.objective(labels);
    PengWeiEntrywise best = null;
    PengWeiDual bestDual = null;
    double bestValue = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial < TRIALS && !run.isOver() && lambda > 0; trial++) {
      PengWeiDual dual = PengWeiDual.of(problem, labels, lambda);
      if (!dual.isFinite()) {
        lambda *= 0.7;
        continue;
      }
      PengWeiEntrywise entrywise = PengWeiEntrywise.of(dual, run);
      if (run.isOver()) {
        break;
      }
      double theta = outside(entrywise, run);
      double value = dual.value() + Math.max(0, theta - lambda) * (problem.components() - 1);
      if (value < bestValue) {
        bestValue = value;
        best = entrywise;
        bestDual = dual;
      }
      boolean within = theta < lambda * (1 - 1e-3);
      boolean near = dual.split.length == 0 || theta > 0.98 * lambda;
      if (!(theta > 0) || (within && near)) {
        break;
      }
      lambda = theta * (within ? 1.004 : 1.01);
    }
    if (best == null || run.isOver()) {
      return Bound.none(objective, "entrywise");
    }
    return prove(bestDual, best, objective, run);
  }

  /** λ between what the groups need and what keeps every row in one group, if there is room. */
  private static double firstLevel(PengWei problem, int[] labels, Run run) {
    double[] rows = problem.points().rows().data;
    double least = 1e-6 * Vectors.dot(rows, rows) / labels.length;
    double inner = Math.max(least, largestWithin(problem, labels, run));
    double limit = PengWeiDual.integralLimit(problem, labels);
    return limit > 1.02 * inner
        ? Math.min(Math.max(1.3 * inner, limit / 2), 0.02 * inner + 0.98 * limit)
        : 1.05 * inner;
  }

  private static double outside(PengWeiEntrywise entrywise, Run run) {
    Lanczos lanczos =
        new Lanczos(
            Symmetric.of(entrywise.matrix(), run),
            EigenBounds.orthonormal(entrywise.basis()),
            STEPS,
            3);
    return lanczos.steps() == 0 ? 0 : lanczos.largest();
  }

  /** The bound for given α and M. */
  private static Bound prove(
      PengWeiDual dual, PengWeiEntrywise entrywise, double objective, Run run) {
    int groups = dual.problem.components();
    EigenBounds.Total sum = EigenBounds.largest(entrywise.matrix(), groups, entrywise.basis(), run);
    double frobenius = Math.sqrt(Vectors.dot(entrywise.matrix().data, entrywise.matrix().data));
    double error =
        sum.errorTerms()
            + groups * forming(dual, frobenius)
            + rounding(dual.problem, objective, 2 * length(dual));
    double upper = 2 * Sum.of(dual.alpha) + sum.upper() - sum.errorTerms() + error;
    return checked(objective, upper, error, "entrywise");
  }

  /**
   * Rounding in M of this norm: an entry has p products, three sums with α, and B less the rest.
   */
  private static double forming(PengWeiDual dual, double norm) {
    Points points = dual.problem.points();
    double squares = Vectors.dot(points.rows().data, points.rows().data);
    return (points.dimension() + 8) * EigenBounds.EPSILON * (squares + 2 * length(dual) + norm);
  }

  /** A bound of the norm of α1ᵀ. */
  private static double length(PengWeiDual dual) {
    return Math.sqrt(dual.alpha.length * Vectors.dot(dual.alpha, dual.alpha));
  }

  /** Rounding in the objective, whose sums of rows may cancel, and in the sum of α. */
  private static double rounding(PengWei problem, double objective, double alpha) {
    double[] rows = problem.points().rows().data;
    double terms = PengWei.BLOCK + (double) problem.points().count() / PengWei.BLOCK;
    double squares = Vectors.dot(rows, rows);
    double sums = terms * Math.sqrt(squares * objective);
    double rest = terms * terms * EigenBounds.EPSILON * squares;
    return EigenBounds.EPSILON * (sums + rest + 16 * (objective + Math.abs(alpha)));
  }

  /**
   * The largest eigenvalue of a group's scatter about its mean.
   *
   * @throws java.util.concurrent.CancellationException once the time of the run is over
   */
  static double largestWithin(PengWei problem, int[] labels, Run run) {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    double[][] means = problem.sums(labels);
    int[] sizes = problem.sizes(labels);
    double largest = 0;
    for (int k = 0; k < sizes.length; k++) {
      DMatrixRMaj centred = new DMatrixRMaj(sizes[k], p);
      int at = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == k) {
          for (int j = 0; j < p; j++) {
            centred.data[at++] = x[i * p + j] - means[k][j] / sizes[k];
          }
        }
      }
      DMatrixRMaj scatter = Dense.crossProduct(centred, run.stop());
      double[] values = Dense.symmetricEigen(scatter, run.stop()).values();
      largest = Math.max(largest, values[p - 1]);
    }
    return largest;
  }

  /** The largest eigenvalue of A; their sum if the run was over before. */
  static double largestOf(PengWei problem, Run run) {
    DMatrixRMaj rows = problem.points().rows();
    double trace = Vectors.dot(rows.data, rows.data);
    return run.unlessOver(
        () -> {
          DMatrixRMaj scatter = Dense.crossProduct(rows, run.stop());
          return Dense.symmetricEigen(scatter, run.stop()).values()[rows.numCols - 1];
        },
        trace);
  }

  /** A bound; NaN is no bound, and one below the objective is a mistake of this class. */
  static Bound checked(double objective, double upper, double error, String method) {
    if (Double.isNaN(upper)) {
      return Bound.none(objective, method);
    }
    if (upper < objective) {
      throw new IllegalStateException(
          method + " bound " + upper + " is below the objective " + objective);
    }
    return new Bound(objective, upper, error, method);
  }
}
