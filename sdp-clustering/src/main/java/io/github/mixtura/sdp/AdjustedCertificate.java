package io.github.mixtura.sdp;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Bounds of the likelihood-adjusted clustering problem for given covariances.
 *
 * <p>For any α and any matrices {@code B_k ≥ 0} no feasible Z, and so no partition, has more than
 * {@code 2·1ᵀα + Σ_k λ_max(C_k + B_k − α1ᵀ − 1αᵀ)}. If T_k is the Rayleigh quotient of the matrix
 * at the indicator of group k and B_k is zero inside the group, then {@code 2·1ᵀα + Σ_k T_k} is the
 * partition's own objective, whatever α is; so the gap is {@code Σ_k (λ_max − T_k)}, and nothing
 * large has to cancel. {@link AdjustedSlack} gives the dual and bounds the eigenvalue.
 *
 * <p>The levels of the dual are a multiple of the groups' scatter eigenvalues, at most so large
 * that no row sum of B is negative where that is possible; a level that its bound exceeds is
 * raised. If a few rows leave a negative row sum, because they are about as likely in another
 * group, the bound branches on them: with row i known to be in group l, Z_k for k ≠ l has no row i,
 * and the largest bound of the K cases holds for all.
 *
 * <p>O(K n² p) per product, about ten products, O(K n p) memory. Every bound is safe: rounding is
 * bounded by {@link AdjustedFrames.Frame#normError}, twice per group, and a value that is not
 * finite makes the bound infinite.
 */
final class AdjustedCertificate {
  /** A gap below this, over n·p, is left to rounding. */
  private static final double NEGLIGIBLE = 1e-10;

  /**
   * A gap above this, over n·p, is not closed by a little more work: it must fall by {@value
   * #LEAST_PROGRESS} with each trial to be worth another.
   */
  private static final double WIDE = 1e-2;

  private static final double LEAST_PROGRESS = 0.1;

  private static final int MOST_CASES = 60;
  private static final int MOST_DOUBTFUL = 12;

  /** Elements that the cases of one bound may look at in one product each. */
  private static final double MOST_WORK = 2e10;

  private static final int MOST_DENSE = 400;
  private static final double[] DENSE_FACTORS = {1.25, 1.6, 2.1};
  private static final int ROUNDS = 4;
  private static final int TRIALS = 3;

  private final Adjusted problem;
  private final Run run;
  private final double tolerance;
  private final double objective;
  private final double[][] weights;

  private AdjustedCertificate(Adjusted problem, int[] labels, Run run) {
    this.problem = problem;
    this.run = run;
    objective = problem.objective(labels);
    tolerance = NEGLIGIBLE * problem.count() * problem.dimension();
    weights = new double[problem.components()][problem.count()];
    for (double[] one : weights) {
      Arrays.fill(one, 1);
    }
  }

  /**
   * A set of partitions: those with the fixed rows' labels.
   *
   * @param loose margins of the fixed rows that are far from their group, else NaN
   * @param upper bound of all of them, without rounding
   * @param errors what rounding may add
   * @param doubtful the free row whose row sum is most negative, or −1
   * @param count number of free rows with a negative row sum
   * @param worse how much worse each group explains the doubtful row
   * @param better whether {@code labels} are better than those that were asked about
   */
  private record Case(
      int[] labels,
      boolean[] fixed,
      double[] loose,
      double upper,
      double errors,
      int doubtful,
      int count,
      double[] worse,
      double[] levels,
      boolean better) {}

  /** The best multipliers found. */
  private record Found(double excess, double errors, double[] levels) {}

  /**
   * Bounds the objective of every partition.
   *
   * @param labels n values from 0 to K − 1, every one of which occurs
   */
  static Bound of(Adjusted problem, int[] labels, Run run) {
    return new AdjustedCertificate(problem, labels, run).bound(labels);
  }

  private Bound bound(int[] labels) {
    PriorityQueue<Case> open =
        new PriorityQueue<>(Comparator.comparingDouble((Case one) -> -one.upper()));
    double[] none = new double[labels.length];
    Arrays.fill(none, Double.NaN);
    open.add(solve(labels, new boolean[labels.length], none, Double.POSITIVE_INFINITY));
    double work = (double) problem.components() * labels.length * labels.length;
    int most = (int) Math.min(MOST_CASES, MOST_WORK / work);
    int cases = 1;
    boolean better = false;
    Case worst = open.element();
    double errors = worst.errors;
    double first = worst.upper - objective;
    int splits = 0;
    Bound bound = together(worst, errors, cases);
    while (!better
        && !isStalled(worst.upper - objective, first, splits)
        && worst.upper > objective + tolerance
        && cases + problem.components() <= most
        && worst.doubtful >= 0
        && worst.count <= Math.min(MOST_DOUBTFUL, most / 2)
        && !run.isOver()) {
      open.remove();
      for (int k = 0; k < problem.components(); k++) {
        Case part = part(worst, k);
        better |= part.better;
        errors = Math.max(errors, part.errors);
        open.add(part);
        cases++;
      }
      worst = open.element();
      splits++;
      bound = bound.lowered(together(worst, errors, cases));
    }
    boolean certain = worst.upper <= objective + tolerance;
    if (certain || problem.count() > MOST_DENSE || run.isOver()) {
      return bound;
    }
    Bound dense = dense(labels);
    return dense.upper() < bound.upper() ? dense : bound;
  }

  /** The bound of all cases, of which one is the worst. */
  private Bound together(Case worst, double errors, int cases) {
    String method = cases == 1 ? "non-negative" : "non-negative, " + cases + " cases";
    return new Bound(objective, Math.max(worst.upper, objective) + errors, errors, method);
  }

  /** Whether a gap is wide and the cases have not brought it down as cases should. */
  private boolean isStalled(double gap, double first, int splits) {
    return isWide(gap) && gap > first * (1 - LEAST_PROGRESS / 2 * splits) && splits > 0;
  }

  private boolean isWide(double gap) {
    return gap > WIDE * problem.count() * problem.dimension();
  }

  /** Adds to a case that its doubtful row is in group k. */
  private Case part(Case whole, int k) {
    int row = whole.doubtful;
    int[] labels = whole.labels.clone();
    boolean[] fixed = whole.fixed.clone();
    double[] loose = whole.loose.clone();
    fixed[row] = true;
    double level = whole.levels[k];
    if (labels[row] != k && whole.worse[k] > 3 * level) {
      loose[row] = (whole.worse[k] - 2 * level) / 2;
    }
    labels[row] = k;
    return solve(labels, fixed, loose, whole.upper);
  }

  /** Bounds a case that is part of one with the bound {@code upper}. */
  private Case solve(int[] labels, boolean[] fixed, double[] loose, double upper) {
    AdjustedFrames frames = AdjustedFrames.of(problem, labels, fixed, loose);
    double members = members(labels, loose);
    int trials = upper == Double.POSITIVE_INFINITY ? TRIALS : TRIALS - 1;
    Found found = search(frames, trials, objective + tolerance - members);
    double[] slack = frames.slack(found.levels);
    int place = -1;
    int count = 0;
    for (int i = 0; i < slack.length; i++) {
      count += slack[i] < 0 ? 1 : 0;
      if (slack[i] < (place < 0 ? 0 : slack[place]) && frames.size(frames.group()[i]) > 1) {
        place = i;
      }
    }
    double[] worse = new double[problem.components()];
    for (int k = 0; k < worse.length; k++) {
      worse[k] = place < 0 ? 0 : frames.frames()[k].worse()[place];
    }
    return new Case(
        labels,
        fixed,
        loose,
        Math.min(upper, members + found.excess),
        found.errors,
        place < 0 ? -1 : frames.order()[place],
        count,
        worse,
        found.levels,
        problem.objective(labels) > objective + tolerance);
  }

  /** The objective of the rows that are not loose. */
  private double members(int[] labels, double[] loose) {
    int[] members = labels.clone();
    for (int i = 0; i < members.length; i++) {
      members[i] = Double.isNaN(loose[i]) ? labels[i] : -1;
    }
    return problem.objective(members);
  }

  /** Tries levels until the excess is not above {@code enough}. */
  private Found search(AdjustedFrames frames, int trials, double enough) {
    Found best = new Found(Double.POSITIVE_INFINITY, 0, new double[problem.components()]);
    for (int trial = 0; trial < trials; trial++) {
      double before = best.excess;
      for (boolean equal : new boolean[] {false, true}) {
        double[] unit = levels(frames, equal);
        double factor = factor(frames.widest(unit) * (1 - 1e-9), trial);
        Found found = raise(frames, times(factor, unit), enough);
        best = found.excess < best.excess ? found : best;
        if (best.excess <= enough || run.isOver()) {
          return best;
        }
      }
      double gap = best.excess - enough;
      if (isWide(gap) && gap > (1 - LEAST_PROGRESS) * (before - enough)) {
        break;
      }
    }
    return best;
  }

  /** The factor of each trial; up to {@code widest} no row sum of B is negative. */
  private static double factor(double widest, int trial) {
    if (widest >= 1.5) {
      return new double[] {1.5, Math.min(widest, 6), Math.min(widest, 2.5)}[trial];
    }
    if (widest > 1.02) {
      return new double[] {widest, 1.5, (1 + widest) / 2}[trial];
    }
    return new double[] {1.5, 2, 1.25}[trial];
  }

  private static double[] times(double factor, double[] values) {
    return Arrays.stream(values).map(value -> factor * value).toArray();
  }

  /**
   * Returns the least sensible levels.
   *
   * @param equal whether all {@code c_k n_k} are the same, as groups of similar covariance need it
   */
  private static double[] levels(AdjustedFrames frames, boolean equal) {
    double[] levels = new double[frames.frames().length];
    double largest = 0;
    double most = 0;
    for (int k = 0; k < levels.length; k++) {
      double top = frames.frames()[k].top();
      largest = Math.max(largest, top);
      most = Math.max(most, top * frames.size(k));
    }
    for (int k = 0; k < levels.length; k++) {
      double top = Math.max(frames.frames()[k].top(), 0.05 * largest);
      levels[k] = largest == 0 ? 1 : equal ? most / frames.size(k) : top;
    }
    return levels;
  }

  /** Raises the levels that are too small for their group's bound while that helps. */
  private Found raise(AdjustedFrames frames, double[] start, double enough) {
    double[] levels = start;
    Found best = new Found(Double.POSITIVE_INFINITY, 0, levels);
    for (int round = 0; round < ROUNDS && !run.isOver(); round++) {
      double[] next = levels.clone();
      double[] present = levels;
      Found found = run.step(() -> evaluate(frames, present, next), null);
      if (found == null || !(found.excess < best.excess)) {
        break;
      }
      best = found;
      if (found.excess <= enough || Arrays.equals(levels, next)) {
        break;
      }
      levels = next;
    }
    return best;
  }

  /** The bound for levels; raises those of {@code next} that are too small. */
  private Found evaluate(AdjustedFrames frames, double[] levels, double[] next) {
    double excess = frames.looseValue(levels);
    double errors = frames.objectiveError() + frames.looseError(levels);
    double[] shifts = shifts(frames.slack(levels));
    for (int k = 0; k < levels.length; k++) {
      AdjustedSlack slack = new AdjustedSlack(frames, k, levels, shifts, weights[k], run);
      AdjustedSlack.Excess over = slack.excess();
      excess += over.value();
      errors += 2 * slack.roundingError();
      if (over.complement() > 0.99 * slack.quotient()) {
        next[k] = 1.1 * over.complement() / frames.size(k);
      }
    }
    return new Found(excess, errors, levels);
  }

  /** Half of what makes the most negative row sum zero goes to the row's multiplier. */
  private static double[] shifts(double[] slack) {
    double[] shifts = new double[slack.length];
    for (int i = 0; i < shifts.length; i++) {
      shifts[i] = Math.max(0, -slack[i]) / 4;
    }
    return shifts;
  }

  /** The same dual with eigenvalues of the stored matrices, which the signs of F make smaller. */
  private Bound dense(int[] labels) {
    double[] none = new double[labels.length];
    Arrays.fill(none, Double.NaN);
    AdjustedFrames frames = AdjustedFrames.of(problem, labels, new boolean[labels.length], none);
    Bound best = new Bound(objective, Double.POSITIVE_INFINITY, 0, "dense");
    for (double factor : DENSE_FACTORS) {
      Bound next = run.step(() -> dense(frames, times(factor, levels(frames, false))), best);
      boolean isUseful = next.gap() < (1 - LEAST_PROGRESS) * best.gap() || !isWide(best.gap());
      best = next.upper() < best.upper() ? next : best;
      if (!isUseful || run.isOver()) {
        break;
      }
    }
    return best;
  }

  private Bound dense(AdjustedFrames frames, double[] levels) {
    double[] shifts = shifts(frames.slack(levels));
    double excess = 0;
    double errors = frames.objectiveError();
    for (int k = 0; k < levels.length && !run.isOver(); k++) {
      AdjustedSlack slack = new AdjustedSlack(frames, k, levels, shifts, weights[k], run);
      excess += slack.denseExcess();
      errors += 2 * slack.roundingError();
    }
    return new Bound(objective, objective + excess + errors, errors, "dense");
  }
}
