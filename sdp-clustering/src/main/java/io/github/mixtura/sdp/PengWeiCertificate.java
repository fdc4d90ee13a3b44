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

  private static final double CERTIFIED = 1e-9;
  private static final int TRIALS = 5;
  private static final int STEPS = 40;
  private static final int MOST_SPLIT = 400;

  private PengWeiCertificate() {}

  /**
   * The smallest bound that was found: without B, rank-1, and entrywise up to {@link #DENSE_ROWS}
   * rows if those leave a gap.
   *
   * @param labels n labels, every group used
   */
  static Bound of(PengWei problem, int[] labels, Run run) {
    if (problem.components() == 1) {
      double objective = problem.objective(labels);
      return new Bound(objective, objective, 0, "one group");
    }
    Bound best = withoutMultiplier(problem, labels);
    if (isTight(best) || run.isOver()) {
      return best;
    }
    best = smaller(best, rankOne(problem, labels, run));
    if (!isTight(best) && problem.points().count() <= DENSE_ROWS && !run.isOver()) {
      best = smaller(best, entrywise(problem, labels, run));
    }
    return best;
  }

  private static Bound smaller(Bound one, Bound other) {
    return other.upper() < one.upper() ? other : one;
  }

  static boolean isTight(Bound bound) {
    return bound.gap() <= CERTIFIED * Math.abs(bound.objective());
  }

  /**
   * The bound with B = 0: {@code 1ᵀA1/n} and the K − 1 largest eigenvalues of the scatter matrix.
   *
   * <p>O(np²). Equal to the objective for K = 1, and for K = n.
   */
  static Bound withoutMultiplier(PengWei problem, int[] labels) {
    Points points = problem.points();
    int n = points.count();
    DMatrixRMaj scatter = Dense.crossProduct(points.rows());
    double trace = 0;
    for (int j = 0; j < points.dimension(); j++) {
      trace += scatter.get(j, j);
    }
    double sum = 0;
    if (problem.components() > 1) {
      // The eigenvalues of A itself, not of PAP, are a bound too: the rows are centred.
      double[] values = Dense.symmetricEigen(scatter).values();
      for (int i = 1; i < problem.components() && i <= values.length; i++) {
        sum += Math.max(0, values[values.length - i]);
      }
    }
    double[] total = new PengWei(points, 1).sums(new int[n])[0];
    double mean = Vectors.dot(total, total) / n;
    double error = (n + 64.0 * points.dimension()) * EigenBounds.EPSILON * trace;
    return checked(problem.objective(labels), mean + sum + error, error, "B = 0");
  }

  /** The bound with B of rank one in each pair of groups; memory O(n(p + K)). */
  static Bound rankOne(PengWei problem, int[] labels, Run run) {
    double objective = problem.objective(labels);
    double lambda = firstLevel(problem, labels);
    Bound best = new Bound(objective, Double.POSITIVE_INFINITY, 0, "rank-1");
    for (int trial = 0; trial < TRIALS && !run.isOver() && lambda > 0; trial++) {
      PengWeiDual dual = PengWeiDual.of(problem, labels, lambda);
      if (!dual.isFinite() || dual.split.length > MOST_SPLIT) {
        lambda *= 0.7;
        continue;
      }
      PengWeiRank1 rank1 = PengWeiRank1.of(dual, run);
      double alpha = 2 * PengWei.sum(dual.alpha);
      double error =
          rank1.errorTerms()
              + problem.components() * rank1.negativePart()
              + rounding(problem, objective, alpha);
      best = smaller(best, checked(objective, alpha + rank1.sum() + error, error, "rank-1"));
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
    double lambda = firstLevel(problem, labels);
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
    if (best == null) {
      return new Bound(objective, Double.POSITIVE_INFINITY, 0, "entrywise");
    }
    return prove(bestDual, best, objective, run);
  }

  /** λ between what the groups need and what keeps every row in one group, if there is room. */
  private static double firstLevel(PengWei problem, int[] labels) {
    double[] rows = problem.points().rows().data;
    double least = 1e-6 * Vectors.dot(rows, rows) / labels.length;
    double inner = Math.max(least, largestWithin(problem, labels));
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
    EigenBounds.Sum sum = EigenBounds.largest(entrywise.matrix(), groups, entrywise.basis(), run);
    int n = dual.alpha.length;
    double[] rows = dual.problem.points().rows().data;
    double frobenius = Math.sqrt(Vectors.dot(entrywise.matrix().data, entrywise.matrix().data));
    double alpha = Math.sqrt(n * Vectors.dot(dual.alpha, dual.alpha));
    // Each entry of M: p products, three sums with α, and B − N.
    double forming =
        (dual.problem.points().dimension() + 8)
            * EigenBounds.EPSILON
            * (Vectors.dot(rows, rows) + 2 * alpha + frobenius);
    double error =
        sum.errorTerms() + groups * forming + rounding(dual.problem, objective, 2 * alpha);
    double upper = 2 * PengWei.sum(dual.alpha) + sum.upper() - sum.errorTerms() + error;
    return checked(objective, upper, error, "entrywise");
  }

  /** Rounding in the objective, whose sums of rows may cancel, and in the sum of α. */
  private static double rounding(PengWei problem, double objective, double alpha) {
    double[] rows = problem.points().rows().data;
    double terms = PengWei.BLOCK + (double) problem.points().count() / PengWei.BLOCK;
    double sums = terms * Math.sqrt(Vectors.dot(rows, rows) * objective);
    return EigenBounds.EPSILON * (sums + 16 * (objective + Math.abs(alpha)));
  }

  /** The largest eigenvalue of a group's scatter about its mean. */
  static double largestWithin(PengWei problem, int[] labels) {
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
      double[] values = Dense.symmetricEigen(Dense.crossProduct(centred)).values();
      largest = Math.max(largest, values[p - 1]);
    }
    return largest;
  }

  /** A bound; NaN is no bound, and one below the objective is a mistake of this class. */
  static Bound checked(double objective, double upper, double error, String method) {
    if (Double.isNaN(upper)) {
      return new Bound(objective, Double.POSITIVE_INFINITY, 0, method);
    }
    if (upper < objective) {
      throw new IllegalStateException(
          method + " bound " + upper + " is below the objective " + objective);
    }
    return new Bound(objective, upper, error, method);
  }
}
