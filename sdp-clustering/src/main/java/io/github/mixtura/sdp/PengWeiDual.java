package io.github.mixtura.sdp;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Multipliers of the Peng–Wei relaxation at which a partition, or one close to it, is optimal.
 *
 * <p>With B left open, {@code S = λI + α1ᵀ + 1αᵀ − A − B} shall vanish on K vectors h_k ≥ 0 that
 * add up to 1. Row by row this says: with {@code c_k = (Ah_k)_i − t_k}, {@code t_k = (h_kᵀAh_k −
 * λ|h_k|²)/(2n_k)} and {@code n_k = 1ᵀh_k},
 *
 * <pre>
 *   h_ik = max(0, c_k − α_i n_k)/λ,   Σ_k h_ik = 1,   (B h_k)_i = n_k α_i + t_k + λh_ik − (Ah_k)_i
 * </pre>
 *
 * and the last is 0 where h_ik is positive and ≥ 0 elsewhere, so α_i is found by filling up to a
 * level. For λ below {@link #integralLimit} the h_k are the indicators of the groups, and the dual
 * value {@code λK + 2·1ᵀα} is the partition's objective; above, the few rows near a boundary belong
 * to several groups, and the value exceeds it by about their deficit squared. Nothing here has to
 * be exact: a bound is computed from α and B alone.
 */
final class PengWeiDual {
  private static final int SWEEPS = 100;
  private static final int PASSES = 12;

  final PengWei problem;
  final double lambda;

  /** α, n values. */
  final double[] alpha;

  /** h_k, K × n. */
  final double[][] shares;

  /** 1ᵀh_k. */
  final double[] sizes;

  /** (B h_k)_i as it has to be, K × n. */
  final double[][] rowSums;

  /** Group of each row: where its share is largest. */
  final int[] group;

  /** Rows that belong to several groups, ascending. */
  final int[] split;

  /** Xᵀh_k, K × p. */
  final double[][] sums;

  /** t_k. */
  final double[] offsets;

  private final double[] squares;

  private PengWeiDual(PengWei problem, int[] labels, double lambda) {
    this.problem = problem;
    this.lambda = lambda;
    int n = labels.length;
    int count = problem.components();
    shares = new double[count][n];
    for (int i = 0; i < n; i++) {
      shares[labels[i]][i] = 1;
    }
    sums = problem.sums(labels);
    sizes = Arrays.stream(problem.sizes(labels)).asDoubleStream().toArray();
    squares = sizes.clone();
    offsets = new double[count];
    setOffsets();
    boolean[] open = new boolean[n];
    for (int pass = 0; pass < PASSES && open(open); pass++) {
      settle(open);
    }
    recount();
    alpha = new double[n];
    rowSums = new double[count][n];
    group = new int[n];
    finish();
    split = IntStream.range(0, n).filter(this::isSplit).toArray();
  }

  /**
   * Multipliers for a partition.
   *
   * @param labels n labels, every group used
   * @param lambda λ > 0
   */
  static PengWeiDual of(PengWei problem, int[] labels, double lambda) {
    return new PengWeiDual(problem, labels, lambda);
  }

  /** The dual value if S is positive semidefinite. */
  double value() {
    return lambda * problem.components() + 2 * Sum.of(alpha);
  }

  /** False if a group has lost all its rows on the way. */
  boolean isFinite() {
    return Double.isFinite(value()) && Arrays.stream(offsets).allMatch(Double::isFinite);
  }

  boolean isSplit(int i) {
    return shares[group[i]][i] < 1;
  }

  /** The largest λ for which every row belongs to its own group alone. */
  static double integralLimit(PengWei problem, int[] labels) {
    return Arrays.stream(integralLimits(problem, labels)).min().orElseThrow();
  }

  /** The largest λ for which each row belongs to its own group alone. */
  static double[] integralLimits(PengWei problem, int[] labels) {
    double[][] sums = problem.sums(labels);
    int[] sizes = problem.sizes(labels);
    int count = problem.components();
    double[] half = new double[count];
    for (int k = 0; k < count; k++) {
      half[k] = Vectors.dot(sums[k], sums[k]) / (2.0 * sizes[k]);
    }
    double[] limits = new double[labels.length];
    double[] scores = new double[count];
    for (int i = 0; i < labels.length; i++) {
      scores(problem.points(), i, sums, scores);
      int own = labels[i];
      limits[i] = Double.POSITIVE_INFINITY;
      double alpha = (scores[own] - half[own]) / sizes[own];
      for (int l = 0; l < count; l++) {
        if (l != own) {
          double sum = sizes[l] * alpha + half[l] - scores[l];
          limits[i] = Math.min(limits[i], sum / (sizes[l] / (2.0 * sizes[own]) + 0.5));
        }
      }
    }
    return limits;
  }

  private static void scores(Points points, int i, double[][] sums, double[] scores) {
    int p = points.dimension();
    double[] x = points.rows().data;
    for (int k = 0; k < scores.length; k++) {
      double[] sum = sums[k];
      double score = 0;
      for (int j = 0; j < p; j++) {
        score += x[i * p + j] * sum[j];
      }
      scores[k] = score;
    }
  }

  private void setOffsets() {
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] = (Vectors.dot(sums[k], sums[k]) - lambda * squares[k]) / (2 * sizes[k]);
    }
  }

  /** Marks the rows whose shares are not settled; false if there is no new one. */
  private boolean open(boolean[] open) {
    double[] scores = new double[offsets.length];
    double[] next = new double[offsets.length];
    boolean changed = false;
    for (int i = 0; i < open.length; i++) {
      if (!open[i]) {
        scores(problem.points(), i, sums, scores);
        fill(scores, next);
        for (int k = 0; k < next.length; k++) {
          if (Math.abs(next[k] - shares[k][i]) > 1e-12) {
            open[i] = true;
            changed = true;
          }
        }
      }
    }
    return changed;
  }

  /** Iterates the shares of the open rows until they stay; each sweep shrinks the change. */
  private void settle(boolean[] open) {
    int count = offsets.length;
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    int[] rows = IntStream.range(0, open.length).filter(i -> open[i]).toArray();
    double[] scores = new double[count];
    double[][] next = new double[rows.length][count];
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double change = 0;
      for (int r = 0; r < rows.length; r++) {
        scores(problem.points(), rows[r], sums, scores);
        fill(scores, next[r]);
      }
      for (int r = 0; r < rows.length; r++) {
        int i = rows[r];
        for (int k = 0; k < count; k++) {
          double step = next[r][k] - shares[k][i];
          if (step != 0) {
            change = Math.max(change, Math.abs(step));
            squares[k] += step * (next[r][k] + shares[k][i]);
            sizes[k] += step;
            shares[k][i] = next[r][k];
            for (int j = 0; j < p; j++) {
              sums[k][j] += step * x[i * p + j];
            }
          }
        }
      }
      setOffsets();
      if (change < 1e-14) {
        return;
      }
    }
  }

  /** Shares of one row for its scores (Ah_k)_i; returns α_i. */
  private double fill(double[] scores, double[] next) {
    int count = scores.length;
    double level = Double.NEGATIVE_INFINITY;
    // The level is the largest over the sets of groups: start with none and add while it rises.
    double total = -lambda;
    double size = 0;
    boolean[] in = new boolean[count];
    while (true) {
      int best = -1;
      for (int k = 0; k < count; k++) {
        boolean higher =
            best < 0
                || (scores[k] - offsets[k]) * sizes[best]
                    > (scores[best] - offsets[best]) * sizes[k];
        if (!in[k] && higher) {
          best = k;
        }
      }
      if (best < 0 || !(scores[best] - offsets[best] > level * sizes[best])) {
        break;
      }
      in[best] = true;
      total += scores[best] - offsets[best];
      size += sizes[best];
      level = total / size;
    }
    int members = 0;
    for (int k = 0; k < count; k++) {
      next[k] = in[k] ? Math.max(0, (scores[k] - offsets[k] - level * sizes[k]) / lambda) : 0;
      members += in[k] ? 1 : 0;
    }
    if (members == 1) {
      for (int k = 0; k < count; k++) {
        next[k] = in[k] ? 1 : 0;
      }
    }
    return level;
  }

  /** Sums from the shares, free of what the sweeps have gathered in rounding. */
  private void recount() {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    int n = problem.points().count();
    for (int k = 0; k < offsets.length; k++) {
      double[] h = shares[k];
      double[] whole = new double[p];
      double[] block = new double[p];
      double[] square = new double[n];
      for (int i = 0; i < n; i++) {
        square[i] = h[i] * h[i];
        if (h[i] != 0) {
          for (int j = 0; j < p; j++) {
            block[j] += h[i] * x[i * p + j];
          }
        }
        if (i % PengWei.BLOCK == PengWei.BLOCK - 1 || i == n - 1) {
          Vectors.add(1, block, whole);
          Arrays.fill(block, 0);
        }
      }
      sums[k] = whole;
      sizes[k] = Sum.of(h);
      squares[k] = Sum.of(square);
    }
    setOffsets();
  }

  private void finish() {
    int count = offsets.length;
    double[] scores = new double[count];
    for (int i = 0; i < alpha.length; i++) {
      scores(problem.points(), i, sums, scores);
      double total = -lambda;
      double size = 0;
      for (int k = 0; k < count; k++) {
        if (shares[k][i] > 0) {
          total += scores[k] - offsets[k];
          size += sizes[k];
        }
        if (shares[k][i] > shares[group[i]][i]) {
          group[i] = k;
        }
      }
      alpha[i] = total / size;
      for (int k = 0; k < count; k++) {
        double sum = sizes[k] * alpha[i] + offsets[k] - scores[k];
        rowSums[k][i] = shares[k][i] > 0 ? 0 : Math.max(0, sum);
      }
    }
  }
}
