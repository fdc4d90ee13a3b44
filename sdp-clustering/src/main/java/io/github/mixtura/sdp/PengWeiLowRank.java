package io.github.mixtura.sdp;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * K-means by a non-negative factor of low rank, {@code Z = UUᵀ}, U ≥ 0 with 2K columns.
 *
 * <p>Minimises {@code −|XᵀU|²/‖A‖ + ⟨y, UUᵀ1 − 1⟩ + β/2·|UUᵀ1 − 1|²} over U ≥ 0, |U|² = K, by
 * projected gradient steps of Barzilai and Borwein's length with a non-monotone line search, with
 * the multipliers y raised whenever U has settled (Y. Zhuang, X. Chen, Y. Yang and R. Zhang 2024,
 * arXiv:2305.18436, for the formulation). The problem is not convex: the result is a heuristic and
 * bounds nothing. O(np) per product and column.
 */
final class PengWeiLowRank {
  private static final int MOST_PRODUCTS = 20_000;
  private static final int ROUND = 200;
  private static final int MEMORY = 10;
  private static final double TOLERANCE = 1e-6;

  private final PengWei problem;
  private final Run run;
  private final int n;
  private final int p;
  private final int width;
  private final double norm;
  private final double[] multipliers;
  private double beta;
  private int products;

  /** Residual UUᵀ1 − 1 of the point evaluated last. */
  private final double[] residual;

  private final double[] pull;

  /**
   * Where the method ended.
   *
   * @param labels the best rounding
   * @param objective of the labels
   * @param products with A that were taken
   * @param residual largest entry of |UUᵀ1 − 1|
   */
  record Result(int[] labels, double objective, int products, double residual) {}

  private PengWeiLowRank(PengWei problem, Run run) {
    this.problem = problem;
    this.run = run;
    n = problem.points().count();
    p = problem.points().dimension();
    width = Math.min(n, 2 * problem.components());
    norm = Math.max(PengWeiCertificate.largestOf(problem, run), Double.MIN_NORMAL);
    // A row sum changes by √(n/K) times U: this keeps the penalty as stiff as the objective.
    beta = 10.0 * problem.components() / n;
    multipliers = new double[n];
    residual = new double[n];
    pull = new double[n];
  }

  /**
   * Searches from a partition, or from |N(0, 1)| entries.
   *
   * @param warm n labels, or null
   * @param seed of the random entries
   */
  static Result solve(PengWei problem, int[] warm, long seed, Run run) {
    PengWeiLowRank search = new PengWeiLowRank(problem, run);
    return search.search(search.start(warm, seed), warm);
  }

  private double[] start(int[] warm, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] u = new double[n * width];
    double noise = warm == null ? 1 : 0.01;
    for (int e = 0; e < u.length; e++) {
      u[e] = noise * Math.abs(random.nextGaussian()) / Math.sqrt(n);
    }
    if (warm != null) {
      int[] sizes = problem.sizes(warm);
      for (int i = 0; i < n; i++) {
        u[i * width + warm[i]] += 1 / Math.sqrt(sizes[warm[i]]);
      }
    }
    normalise(u);
    return u;
  }

  private Result search(double[] start, int[] warm) {
    double[] u = start;
    int[] best = warm == null ? PengWeiRounding.labels(problem, u, width) : warm.clone();
    double bestObjective = problem.objective(best);
    double[] gradient = new double[u.length];
    double value = evaluate(u, gradient);
    double[] recent = new double[MEMORY];
    Arrays.fill(recent, value);
    double length = 1;
    double before = worst();
    int idle = 0;
    int nextRound = ROUND;
    for (int step = 0; products < MOST_PRODUCTS && !run.isOver(); step++) {
      double[] nextGradient = new double[u.length];
      double[] next = null;
      double nextValue = value;
      double highest = Arrays.stream(recent).max().orElse(value);
      for (double t = length; t > 1e-14; t /= 4) {
        double[] trial = project(u, gradient, t);
        if (trial == null) {
          continue;
        }
        double descent = 0;
        for (int e = 0; e < u.length; e++) {
          double move = trial[e] - u[e];
          descent += move * move;
        }
        double trialValue = evaluate(trial, nextGradient);
        if (trialValue <= highest - 1e-4 * descent / t) {
          next = trial;
          nextValue = trialValue;
          break;
        }
      }
      double movement = next == null ? 0 : movement(u, next);
      if (next != null) {
        length = barzilaiBorwein(u, next, gradient, nextGradient);
        u = next;
        gradient = nextGradient;
        value = nextValue;
        recent[step % MEMORY] = value;
      }
      double worst = worst();
      if (movement < 1e-3 * Math.min(1, worst * 10) || next == null) {
        if (movement <= TOLERANCE && worst <= TOLERANCE) {
          break;
        }
        raise(worst > before / 2);
        before = worst;
        value = evaluate(u, gradient);
        Arrays.fill(recent, value);
      }
      if (products >= nextRound) {
        nextRound = products + ROUND;
        int[] rounded = PengWeiRounding.labels(problem, u, width);
        double objective = problem.objective(rounded);
        idle = objective > bestObjective ? 0 : idle + 1;
        if (objective > bestObjective) {
          best = rounded;
          bestObjective = objective;
        }
        if (idle >= 3 && worst < 1e-2) {
          break;
        }
      }
    }
    int[] rounded = PengWeiRounding.labels(problem, u, width);
    double objective = problem.objective(rounded);
    return objective > bestObjective
        ? new Result(rounded, objective, products, worst())
        : new Result(best, bestObjective, products, worst());
  }

  private void raise(boolean slow) {
    for (int i = 0; i < n; i++) {
      multipliers[i] += beta * residual[i];
    }
    beta = slow ? Math.min(2 * beta, 1e4) : beta;
  }

  private double worst() {
    double worst = 0;
    for (double value : residual) {
      worst = Math.max(worst, Math.abs(value));
    }
    return worst;
  }

  /** Value and gradient at U; leaves the residual of the row sums behind. */
  private double evaluate(double[] u, double[] gradient) {
    products++;
    double[] x = problem.points().rows().data;
    double[] xu = new double[p * width];
    double[] columns = new double[width];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < width; c++) {
        columns[c] += u[i * width + c];
      }
      for (int j = 0; j < p; j++) {
        double xij = x[i * p + j];
        for (int c = 0; c < width; c++) {
          xu[j * width + c] += xij * u[i * width + c];
        }
      }
    }
    double value = -Vectors.dot(xu, xu) / norm;
    double[] pulled = new double[width];
    for (int i = 0; i < n; i++) {
      double sum = -1;
      for (int c = 0; c < width; c++) {
        sum += u[i * width + c] * columns[c];
      }
      residual[i] = sum;
      pull[i] = multipliers[i] + beta * sum;
      value += multipliers[i] * sum + 0.5 * beta * sum * sum;
      for (int c = 0; c < width; c++) {
        pulled[c] += pull[i] * u[i * width + c];
      }
    }
    double[] row = new double[width];
    for (int i = 0; i < n; i++) {
      Arrays.fill(row, 0);
      for (int j = 0; j < p; j++) {
        double xij = x[i * p + j];
        for (int c = 0; c < width; c++) {
          row[c] += xij * xu[j * width + c];
        }
      }
      for (int c = 0; c < width; c++) {
        gradient[i * width + c] = -2 / norm * row[c] + pull[i] * columns[c] + pulled[c];
      }
    }
    return value;
  }

  /** The positive part after a step, at length √K; null if nothing is positive. */
  private double[] project(double[] u, double[] gradient, double length) {
    double[] next = new double[u.length];
    for (int e = 0; e < u.length; e++) {
      next[e] = Math.max(0, u[e] - length * gradient[e]);
    }
    return normalise(next) ? next : null;
  }

  private boolean normalise(double[] u) {
    double size = Math.sqrt(Vectors.dot(u, u) / problem.components());
    if (!(size > 0) || !Double.isFinite(size)) {
      return false;
    }
    for (int e = 0; e < u.length; e++) {
      u[e] /= size;
    }
    return true;
  }

  private double movement(double[] u, double[] next) {
    double sum = 0;
    for (int e = 0; e < u.length; e++) {
      sum += (next[e] - u[e]) * (next[e] - u[e]);
    }
    return Math.sqrt(sum / problem.components());
  }

  private static double barzilaiBorwein(
      double[] u, double[] next, double[] gradient, double[] nextGradient) {
    double moved = 0;
    double curved = 0;
    for (int e = 0; e < u.length; e++) {
      double step = next[e] - u[e];
      moved += step * step;
      curved += step * (nextGradient[e] - gradient[e]);
    }
    return curved > 0 ? Math.min(1e4, Math.max(1e-8, moved / curved)) : 1;
  }
}
