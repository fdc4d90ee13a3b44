package io.github.mixtura.sdp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/**
 * A bound of the K-means objective of every partition, by cases on the few rows that lie between
 * two groups, where the Peng–Wei relaxation is worth more than the best partition.
 *
 * <p>Choose one row of each group, its anchor, and m doubtful rows. In any partition into K groups
 * either two anchors share a group, or every group has exactly one anchor, and every doubtful row
 * then shares a group with one of the K anchors. So every partition is in one of the cases
 *
 * <ul>
 *   <li>anchors k and l share a group, K(K − 1)/2 of them;
 *   <li>doubtful row i shares a group with anchor 1, …, K: the children of a case with i undecided,
 *       which need not be looked at where the bound of the case itself is low enough.
 * </ul>
 *
 * <p>A case says of some sets of rows that each is within one group. For the partitions of a case
 * the sums of all groups, and with them the objective, stay the same if every row of such a set is
 * replaced by the mean of the set. So any bound of the K-means problem of the replaced rows, which
 * holds for all its partitions, holds for those of the case: α and B ≥ 0 are those of {@link
 * PengWeiCertificate}. It is tight because a doubtful row, which alone makes a row sum of B
 * negative, counts only together with its anchor, and an anchor has large ones. Two anchors far
 * apart in one group lose half their squared distance.
 *
 * <p>With {@code X̃ = JX} computed as {@code JX + E} and Z a projection with {@code ZJ = Z}, {@code
 * ⟨XXᵀ, Z⟩ = ‖ZJX‖² ≤ (‖ZX̃‖ + ‖E‖)² ≤ U + 2√U·‖E‖ + ‖E‖²} for the bound U of the replaced rows.
 * The mean of w rows of length at most r, added up and multiplied by 1/w, is off by at most {@code
 * (w + 2) ε r}; so {@code ‖E‖² ≤ Σ w (w + 2)² ε² r²} over the sets.
 *
 * <p>Most cases need no more than the bound U of the rows R that are in no set: the sum of squares
 * within the groups is at least that within R and within each set, so the objective is at most
 * {@code Σ_{i∉R} |x_i|² + U − Σ W(set)}. The others get a rank-1 bound where one promises to be
 * enough, else an entrywise one.
 */
final class PengWeiCases {
  /** Rows are doubtful if they leave λ less room than this above what the groups need. */
  private static final double DOUBTFUL = 1.35;

  /** With less room the relaxation itself is worth more than the partition, or nearly so. */
  private static final double TIGHT = 1.02;

  private static final int MOST_DOUBTFUL = 12;
  private static final int MOST_GROUPS = 40;

  /** Cases that get a bound of their own. */
  private static final int MOST_CASES = 150;

  /** n for each of them, all together. */
  private static final double MOST_ROWS = 1e6;

  /** n³ for each entrywise bound, all together. */
  private static final double MOST_WORK = 2e11;

  private final PengWei problem;
  private final int[] labels;
  private final Run run;
  private final double objective;
  private final double enough;
  private final int[] anchors;
  private final int[] doubtful;
  private final int mostCases;
  private final int mostDense;
  private int cases;
  private int proven;
  private int dense;
  private boolean better;

  /**
   * A case.
   *
   * @param groups group of each doubtful row, −1 while it is undecided
   * @param errors part of {@code upper} that allows for rounding
   */
  private record Case(int[] groups, double upper, double errors) {
    Case {
      upper = Double.isNaN(upper) ? Double.POSITIVE_INFINITY : upper;
    }
  }

  /**
   * Rows without some that were taken out.
   *
   * @param bound of the rows that are left
   * @param squares of the rows taken out
   */
  private record Rest(Bound bound, double squares) {}

  private PengWeiCases(PengWei problem, int[] labels, boolean isDense, Run run) {
    this.problem = problem;
    this.labels = labels;
    this.run = run;
    double n = labels.length;
    mostCases = (int) Math.min(MOST_CASES, MOST_ROWS / n);
    mostDense = isDense ? (int) Math.min(mostCases, 1 + MOST_WORK / (n * n * n)) : 0;
    objective = problem.objective(labels);
    enough = objective + SdpClustering.CERTIFIED * Math.abs(objective);
    anchors = anchors();
    doubtful = doubtful();
  }

  /** Whether no other bound can close the gap, because rows leave no room for λ. */
  static boolean areNeeded(PengWei problem, int[] labels, Run run) {
    return PengWeiDual.integralLimit(problem, labels)
        < TIGHT * PengWeiCertificate.largestWithin(problem, labels, run);
  }

  /**
   * A bound of all partitions; none if no row is doubtful or too many are.
   *
   * @param isDense whether n × n matrices may be formed
   */
  static Bound of(PengWei problem, int[] labels, boolean isDense, Run run) {
    Bound none = Bound.none(problem.objective(labels), "cases");
    double columns = 3.0 * (problem.components() + problem.points().dimension());
    if (problem.components() > MOST_GROUPS
        || !run.hasRoom(columns * labels.length, "the bound by cases")) {
      return none;
    }
    PengWeiCases cases = new PengWeiCases(problem, labels, isDense, run);
    boolean isFeasible =
        cases.doubtful.length > 0
            && cases.doubtful.length <= MOST_DOUBTFUL
            && cases.mostCases >= problem.components()
            && Arrays.stream(problem.sizes(labels)).allMatch(size -> size > 1)
            && Arrays.stream(cases.anchors).allMatch(row -> row >= 0)
            && IntStream.of(cases.doubtful).noneMatch(cases::isAnchor)
            && IntStream.of(cases.doubtful).noneMatch(cases::isBetterElsewhere);
    return isFeasible ? cases.bound() : none;
  }

  private boolean isAnchor(int row) {
    return anchors[labels[row]] == row;
  }

  /** Whether a row moved to another group makes a better partition; no bound is tight then. */
  private boolean isBetterElsewhere(int row) {
    int[] moved = labels.clone();
    for (int k = 0; k < anchors.length; k++) {
      moved[row] = k;
      if (problem.objective(moved) > enough) {
        return true;
      }
    }
    return false;
  }

  /** Doubtful rows, the most doubtful last. */
  private int[] doubtful() {
    double inner = PengWeiCertificate.largestWithin(problem, labels, run);
    double[] limits = PengWeiDual.integralLimits(problem, labels);
    return IntStream.range(0, labels.length)
        .filter(i -> limits[i] < DOUBTFUL * inner)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -limits[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  /** Of each group a row far from all other means and near its own; −1 without a clear one. */
  private int[] anchors() {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    double[][] sums = problem.sums(labels);
    int[] sizes = problem.sizes(labels);
    int[] best = new int[sizes.length];
    Arrays.fill(best, -1);
    double[] highest = new double[sizes.length];
    for (int i = 0; i < labels.length; i++) {
      double own = 0;
      double other = Double.POSITIVE_INFINITY;
      for (int k = 0; k < sizes.length; k++) {
        double square = 0;
        for (int j = 0; j < p; j++) {
          double step = x[i * p + j] - sums[k][j] / sizes[k];
          square += step * step;
        }
        if (k == labels[i]) {
          own = square;
        } else {
          other = Math.min(other, square);
        }
      }
      double score = other - 2 * own;
      int k = labels[i];
      if (other > own && (best[k] < 0 || score > highest[k])) {
        best[k] = i;
        highest[k] = score;
      }
    }
    return best;
  }

  private Bound bound() {
    Case worst = pairs();
    if (worst.upper > enough) {
      return Bound.none(objective, "cases");
    }
    Rest rest = rest(IntStream.concat(IntStream.of(anchors), IntStream.of(doubtful)), false);
    PriorityQueue<Case> open =
        new PriorityQueue<>(Comparator.comparingDouble((Case one) -> -one.upper));
    int[] none = new int[doubtful.length];
    Arrays.fill(none, -1);
    open.add(new Case(none, Double.POSITIVE_INFINITY, 0));
    while (open.element().upper > enough && !isOver()) {
      Case whole = open.element();
      int place = 0;
      while (place < doubtful.length && whole.groups[place] >= 0) {
        place++;
      }
      if (place == doubtful.length) {
        break;
      }
      open.remove();
      for (int k = 0; k < anchors.length; k++) {
        int[] decided = whole.groups.clone();
        decided[place] = k;
        open.add(part(decided, whole, rest));
      }
    }
    worst = open.element().upper > worst.upper ? open.element() : worst;
    String method = (dense == 0 ? "rank-1, " : "entrywise, ") + cases + " cases";
    return PengWeiCertificate.checked(objective, worst.upper, worst.errors, method);
  }

  private boolean isOver() {
    return better || proven >= mostCases || dense > mostDense || run.isOver();
  }

  /** The worst of the cases that have two anchors in one group. */
  private Case pairs() {
    Rest rest = rest(IntStream.of(anchors), false);
    Rest tighter = null;
    Case worst = new Case(new int[0], Double.NEGATIVE_INFINITY, 0);
    for (int k = 0; k < anchors.length; k++) {
      for (int l = 0; l < k && worst.upper <= enough; l++) {
        cases++;
        List<int[]> together = List.of(new int[] {anchors[k], anchors[l]});
        Case pair = crude(worst.groups, rest, together);
        if (pair.upper > enough && mostDense > 0) {
          tighter = tighter == null ? rest(IntStream.of(anchors), true) : tighter;
          pair = crude(worst.groups, tighter, together);
        }
        if (pair.upper > enough && !isOver()) {
          int[] moved = labels.clone();
          moved[anchors[k]] = l;
          pair = prove(worst.groups, moved, together, rest);
        }
        worst = pair.upper > worst.upper ? pair : worst;
      }
    }
    return worst;
  }

  /** Bounds a case that is part of another. */
  private Case part(int[] groups, Case whole, Rest rest) {
    cases++;
    int[] moved = labels.clone();
    List<int[]> together = new ArrayList<>();
    for (int k = 0; k < anchors.length; k++) {
      IntStream.Builder rows = IntStream.builder().add(anchors[k]);
      for (int d = 0; d < doubtful.length; d++) {
        if (groups[d] == k) {
          moved[doubtful[d]] = k;
          rows.add(doubtful[d]);
        }
      }
      together.add(rows.build().toArray());
    }
    better |= problem.objective(moved) > enough;
    Case part = crude(groups, rest, together);
    if (part.upper > enough && !isOver()) {
      part = prove(groups, moved, together, rest);
    }
    return part.upper < whole.upper ? part : new Case(groups, whole.upper, whole.errors);
  }

  /** A bound of the rows that are not taken out. */
  private Rest rest(IntStream without, boolean isDense) {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    boolean[] isOut = new boolean[labels.length];
    without.forEach(i -> isOut[i] = true);
    int[] in = IntStream.range(0, labels.length).filter(i -> !isOut[i]).toArray();
    DMatrixRMaj rows = new DMatrixRMaj(in.length, p);
    for (int i = 0; i < in.length; i++) {
      System.arraycopy(x, in[i] * p, rows.data, i * p, p);
    }
    double squares = 0;
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < p && isOut[i]; j++) {
        squares += x[i * p + j] * x[i * p + j];
      }
    }
    PengWei part = new PengWei(new Points(rows, problem.points().exponent()), problem.components());
    int[] of = IntStream.of(in).map(i -> labels[i]).toArray();
    if (Arrays.stream(part.sizes(of)).anyMatch(size -> size == 0)) {
      return new Rest(Bound.none(0, "rest"), squares);
    }
    dense += isDense ? 1 : 0;
    Bound bound =
        isDense
            ? PengWeiCertificate.entrywise(part, of, run)
            : PengWeiCertificate.rankOne(part, of, run);
    return new Rest(bound, squares);
  }

  /** Bounds a case whose sets are of rows that are not in the rest. */
  private Case crude(int[] groups, Rest rest, List<int[]> together) {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    double within = 0;
    int most = 0;
    for (int[] set : together) {
      most = Math.max(most, set.length);
      double pairs = 0;
      for (int a = 0; a < set.length; a++) {
        for (int b = 0; b < a; b++) {
          for (int j = 0; j < p; j++) {
            double step = x[set[a] * p + j] - x[set[b] * p + j];
            pairs += step * step;
          }
        }
      }
      within += pairs / set.length;
    }
    double terms = (double) (anchors.length + doubtful.length + most * most + 4) * (p + 4);
    double rounding =
        terms * EigenBounds.EPSILON * (rest.squares + within + Math.abs(rest.bound.upper()));
    double upper = rest.squares + rest.bound.upper() - within + rounding;
    return new Case(groups, upper, rest.bound.errorTerms() + rounding);
  }

  /** Bounds a case by the rows with those of each set replaced by their mean. */
  private Case prove(int[] groups, int[] moved, List<int[]> together, Rest rest) {
    Case none = new Case(groups, Double.POSITIVE_INFINITY, 0);
    PengWei replaced = replaced(together);
    double inner = PengWeiCertificate.largestWithin(replaced, moved, run);
    PengWeiDual dual = PengWeiDual.of(replaced, moved, TIGHT * inner);
    // What a proof may come close to; a guess, by which nothing is proven.
    double guess = dual.isFinite() ? dual.value() : replaced.objective(moved);
    if (guess > enough && IntStream.of(groups).anyMatch(k -> k < 0)) {
      return none;
    }
    proven++;
    double rounding = rounding(together);
    Case best = none;
    if (mostDense == 0 || guess + rest.bound.gap() <= enough) {
      best = raised(groups, PengWeiCertificate.rankOne(replaced, moved, run), rounding);
    }
    if (best.upper > enough && dense < mostDense && !run.isOver()) {
      dense++;
      Case other = raised(groups, PengWeiCertificate.entrywise(replaced, moved, run), rounding);
      best = other.upper < best.upper ? other : best;
    }
    return best;
  }

  /** The rows with those of each set replaced by their mean. */
  private PengWei replaced(List<int[]> together) {
    int p = problem.points().dimension();
    DMatrixRMaj rows = problem.points().rows().copy();
    double[] x = rows.data;
    for (int[] set : together) {
      for (int j = 0; j < p; j++) {
        double sum = 0;
        for (int i : set) {
          sum += x[i * p + j];
        }
        double mean = sum / set.length;
        for (int i : set) {
          x[i * p + j] = mean;
        }
      }
    }
    return new PengWei(new Points(rows, problem.points().exponent()), problem.components());
  }

  /** A bound of ‖E‖. */
  private double rounding(List<int[]> together) {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    double squares = 0;
    for (int[] set : together) {
      double longest = 0;
      for (int i : set) {
        double square = 0;
        for (int j = 0; j < p; j++) {
          square += x[i * p + j] * x[i * p + j];
        }
        longest = Math.max(longest, square);
      }
      double each = (set.length + 2) * EigenBounds.EPSILON;
      squares += set.length > 1 ? set.length * each * each * longest : 0;
    }
    return 1.01 * Math.sqrt(squares);
  }

  private static Case raised(int[] groups, Bound bound, double rounding) {
    double more = 1.01 * (2 * Math.sqrt(Math.max(0, bound.upper())) + rounding) * rounding;
    return new Case(groups, bound.upper() + more, bound.errorTerms() + more);
  }
}
