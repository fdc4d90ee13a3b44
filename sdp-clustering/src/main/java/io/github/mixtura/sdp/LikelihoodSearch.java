package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Partitions of large likelihood {@code −L = −Σ_k [n_k log|S_k| + tr(S_k⁻¹ W_k)]}, the covariances
 * S_k being those that a {@link CovarianceRule} makes of the groups.
 *
 * <p>A search goes from labels by two kinds of steps, each accepted only if −L with the new
 * covariances is larger: all rows to the group of the least {@code log|S_k| +
 * (x−m_k)ᵀS_k⁻¹(x−m_k)}; and single rows, where {@code n_a/(n_a−1) d_a² + log|S_a|} exceeds {@code
 * n_b/(n_b+1) d_b² + log|S_b|}. Starts are k-means, Ward's tree, and the labels of EM with the same
 * covariances from both. Beyond {@value #SAMPLE} rows they compete on a seeded sample.
 */
final class LikelihoodSearch {
  private static final int FEWEST_SAMPLED = 5000;

  /** Rows of the sample per group and column. */
  private static final int SAMPLED_PER_PARAMETER = 20;

  private static final int MOST_STEPS = 200;

  /** Searches from the best labels, a share of them replaced by random ones. */
  private static final int SHAKES = 20;

  private static final double SHAKEN = 0.3;

  /** Single moves tried without success before a pass over them ends. */
  private static final int MOST_REFUSED = 300;

  /** Multiplications of a pass over the rows for which threads cost more than they save. */
  private static final long MOST_WORK_OF_ONE_THREAD = 10_000_000;

  /** Gain, relative to 1 + |L|, that is not rounding. */
  private static final double LEAST_GAIN = 1e-11;

  private final Points points;
  private final int components;
  private final CovarianceRule rule;
  private final Run run;
  private final ColumnBlocks blocks;

  private LikelihoodSearch(Points points, int components, CovarianceRule rule, Run run) {
    this.points = points;
    this.components = components;
    this.rule = rule;
    long work = (long) points.count() * components * points.dimension() * points.dimension();
    this.run = work > MOST_WORK_OF_ONE_THREAD ? run : run.alone();
    this.blocks = ColumnBlocks.of(points, run);
  }

  /**
   * The best partition from all starts.
   *
   * @throws IllegalArgumentException if no start has groups large enough for their covariances, or
   *     there are fewer distinct rows than groups
   */
  static Candidate search(Points points, int components, CovarianceRule rule, long seed, Run run) {
    KMeansSearch.requireDistinctRows(points, components);
    int n = points.count();
    long wanted = (long) SAMPLED_PER_PARAMETER * components * points.dimension();
    int size = (int) Math.min(n, Math.max(FEWEST_SAMPLED, wanted));
    if (size == n) {
      return new LikelihoodSearch(points, components, rule, run).fromStarts(seed);
    }
    SplittableRandom random = new SplittableRandom(seed);
    Points few = KMeansSearch.select(points, KMeansSearch.sample(n, size, random));
    LikelihoodSearch sampled = new LikelihoodSearch(few, components, rule, run);
    Candidate found = sampled.fromStarts(seed);
    GroupScatters groups = GroupScatters.of(few, found.labels(), components, run);
    LikelihoodSearch all = new LikelihoodSearch(points, components, rule, run);
    int[] labels = all.nearest(groups, GroupCovariances.likelihood(groups, rule));
    return all.improved(labels, found.origin())
        .orElseGet(() -> all.improve(KMeansSearch.plusPlus(points, components, 1, seed, run)));
  }

  /**
   * The best partition from one.
   *
   * @param labels all groups used (read)
   * @throws IllegalArgumentException if groups are too small for their covariances
   */
  static Candidate improve(
      Points points, int[] labels, int components, CovarianceRule rule, Run run) {
    return new LikelihoodSearch(points, components, rule, run)
        .improve(new Candidate(labels, Double.NaN, 0, "given"));
  }

  /** The best partition from one that may have groups too small for their covariances. */
  static Optional<Candidate> improveIfPossible(
      Points points, int[] labels, int components, CovarianceRule rule, Run run) {
    LikelihoodSearch search = new LikelihoodSearch(points, components, rule, run);
    return search.usesEveryLabel(labels) ? search.improved(labels, "given") : Optional.empty();
  }

  private Candidate improve(Candidate start) {
    return improved(start.labels(), start.origin()).orElseThrow(() -> refusal(start.labels()));
  }

  /** Why labels have no likelihood. */
  private IllegalStateException refusal(int[] labels) {
    GroupCovariances.likelihood(GroupScatters.of(points, labels, components, run), rule);
    return new IllegalStateException("labels were refused without a reason");
  }

  private Candidate fromStarts(long seed) {
    List<Candidate> starts = LikelihoodStarts.of(points, components, seed, run);
    Observations rows = KMeansSearch.observations(points);
    Candidate best = null;
    for (Candidate start : starts) {
      if (best != null && run.isOver()) {
        break;
      }
      best = Candidate.better(best, fromBoth(start, rows).orElse(null));
    }
    if (best == null) {
      throw refusal(starts.get(0).labels());
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int s = 0; s < SHAKES && components > 1 && !run.isOver(); s++) {
      Candidate shaken = new Candidate(shaken(best, random), Double.NaN, 0, "shaken labels");
      best = Candidate.better(best, fromBoth(shaken, rows).orElse(null));
    }
    return best;
  }

  /** The better one of the searches from labels and from those of EM begun there. */
  private Optional<Candidate> fromBoth(Candidate start, Observations rows) {
    if (!usesEveryLabel(start.labels())) {
      return Optional.empty();
    }
    Candidate own = improved(start.labels(), start.origin()).orElse(null);
    Candidate em = null;
    if (!run.isOver()) {
      em =
          ShrinkageEm.from(rows, start.labels(), components, rule, run)
              .filter(result -> usesEveryLabel(result.labels()))
              .flatMap(result -> improved(result.labels(), "em from " + start.origin()))
              .orElse(null);
    }
    return Optional.ofNullable(Candidate.better(own, em));
  }

  private int[] shaken(Candidate candidate, SplittableRandom random) {
    int[] labels = candidate.labels().clone();
    for (int i = 0; i < labels.length; i++) {
      if (random.nextDouble() < SHAKEN) {
        labels[i] = random.nextInt(components);
      }
    }
    return labels;
  }

  private boolean usesEveryLabel(int[] labels) {
    return Arrays.stream(labels).distinct().count() == components;
  }

  /** A partition with what follows from it. */
  private record State(int[] labels, GroupScatters groups, GroupLikelihood likelihood) {
    double objective() {
      return likelihood.objective();
    }
  }

  private Optional<State> state(int[] labels) {
    GroupScatters groups = GroupScatters.of(points, labels, components, run);
    if (groups.smallest() < rule.smallestGroup(points.dimension())) {
      return Optional.empty();
    }
    return GroupLikelihood.of(groups, rule).map(l -> new State(labels, groups, l));
  }

  /** Empty if the labels have no likelihood. */
  private Optional<Candidate> improved(int[] start, String origin) {
    Optional<State> first = state(start.clone());
    if (first.isEmpty()) {
      return Optional.empty();
    }
    State current = first.get();
    int steps = 0;
    while (steps < MOST_STEPS && !run.isOver()) {
      steps++;
      Optional<State> next = step(current);
      if (next.isEmpty()) {
        break;
      }
      current = next.get();
    }
    return Optional.of(new Candidate(current.labels(), current.objective(), steps, origin));
  }

  /** A better partition near this one; empty if there is none. */
  private Optional<State> step(State state) {
    int[] next = nearest(state.groups(), state.likelihood());
    return Optional.of(next)
        .filter(labels -> !Arrays.equals(labels, state.labels()))
        .flatMap(this::state)
        .filter(s -> isGain(state.objective(), s.objective()))
        .or(() -> moveRows(state));
  }

  private static boolean isGain(double before, double after) {
    return after - before > LEAST_GAIN * (1 + Math.abs(before));
  }

  /** Cost of a row in each group, for the rows of a stripe. */
  private interface Costs {
    void of(int block, double[][] squared);
  }

  private void forEachBlock(GroupScatters groups, GroupLikelihood likelihood, Costs costs) {
    int p = points.dimension();
    run.forEach(
        blocks.stripes(),
        s -> {
          double[][] centred = new double[p][ColumnBlocks.ROWS];
          double[] work = new double[ColumnBlocks.ROWS];
          double[][] squared = new double[components][ColumnBlocks.ROWS];
          for (int b = blocks.firstBlock(s); b < blocks.firstBlock(s + 1); b++) {
            for (int k = 0; k < components; k++) {
              blocks.squaredDistances(
                  b, groups.means()[k], likelihood.whitenings()[k], centred, work, squared[k]);
            }
            costs.of(b, squared);
          }
        });
  }

  /** The group of the least cost for every row. */
  private int[] nearest(GroupScatters groups, GroupLikelihood likelihood) {
    int[] labels = new int[points.count()];
    double[] logs = likelihood.logDeterminants();
    forEachBlock(
        groups,
        likelihood,
        (b, squared) -> {
          for (int r = 0; r < blocks.size(b); r++) {
            int best = 0;
            for (int k = 1; k < components; k++) {
              if (logs[k] + squared[k][r] < logs[best] + squared[best][r]) {
                best = k;
              }
            }
            labels[b * ColumnBlocks.ROWS + r] = best;
          }
        });
    return labels;
  }

  /** A row that would rather be elsewhere. */
  private record Wish(int row, double gain) {}

  /** Empty if no single move is a gain. */
  private Optional<State> moveRows(State state) {
    double[] gains = gains(state);
    Wish[] wishes =
        IntStream.range(0, gains.length)
            .filter(i -> gains[i] > 0)
            .mapToObj(i -> new Wish(i, gains[i]))
            .sorted((a, b) -> Double.compare(b.gain(), a.gain()))
            .toArray(Wish[]::new);
    int[] labels = state.labels().clone();
    GroupScatters groups = state.groups();
    GroupLikelihood likelihood = state.likelihood();
    int refused = 0;
    for (Wish wish : wishes) {
      if (refused >= MOST_REFUSED || run.isOver()) {
        break;
      }
      int from = labels[wish.row()];
      int to = target(wish.row(), from, groups, likelihood);
      if (to == from) {
        continue;
      }
      GroupScatters moved = groups.copy();
      moved.move(wish.row(), from, to);
      Optional<GroupLikelihood> after = GroupLikelihood.of(moved, rule);
      if (after.isPresent() && isGain(likelihood.objective(), after.get().objective())) {
        labels[wish.row()] = to;
        groups = moved;
        likelihood = after.get();
      } else {
        refused++;
      }
    }
    if (Arrays.equals(labels, state.labels())) {
      return Optional.empty();
    }
    // Without the rounding of the moves.
    return state(labels).filter(s -> isGain(state.objective(), s.objective()));
  }

  /** What each row's best move gains at these covariances; 0 where it may not move. */
  private double[] gains(State state) {
    double[] gains = new double[points.count()];
    double[] counts = state.groups().counts();
    double[] logs = state.likelihood().logDeterminants();
    int least = rule.smallestGroup(points.dimension());
    forEachBlock(
        state.groups(),
        state.likelihood(),
        (b, squared) -> {
          for (int r = 0; r < blocks.size(b); r++) {
            int own = state.labels()[b * ColumnBlocks.ROWS + r];
            if (counts[own] <= Math.max(1, least)) {
              continue;
            }
            double now = logs[own] + counts[own] / (counts[own] - 1) * squared[own][r];
            double gain = 0;
            for (int k = 0; k < components; k++) {
              double then = logs[k] + counts[k] / (counts[k] + 1) * squared[k][r];
              gain = k == own ? gain : Math.max(gain, now - then);
            }
            gains[b * ColumnBlocks.ROWS + r] = gain;
          }
        });
    return gains;
  }

  /** The best group for one row at these covariances; its own if it may not move. */
  private int target(int row, int own, GroupScatters groups, GroupLikelihood likelihood) {
    double[] counts = groups.counts();
    if (counts[own] <= Math.max(1, rule.smallestGroup(points.dimension()))) {
      return own;
    }
    double[] rows = points.rows().data;
    int at = row * points.dimension();
    int best = own;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < components; k++) {
      double factor = k == own ? counts[k] / (counts[k] - 1) : counts[k] / (counts[k] + 1);
      double cost =
          likelihood.logDeterminants()[k]
              + factor * likelihood.squaredDistance(k, rows, at, groups.means()[k]);
      if (cost < least) {
        least = cost;
        best = k;
      }
    }
    return best;
  }
}
