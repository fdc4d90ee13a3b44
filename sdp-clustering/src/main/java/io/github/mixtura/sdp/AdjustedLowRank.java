package io.github.mixtura.sdp;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;

/**
 * A low-rank non-negative solver of the likelihood-adjusted problem: {@code Z_k = U_k U_kᵀ}.
 *
 * <p>Minimises {@code −Σ ⟨C_k, U_k U_kᵀ⟩} over {@code U_k ≥ 0}, n × 2, {@code ‖U_k‖_F = 1} and
 * {@code s := Σ U_k (U_kᵀ1) = 1} by an augmented Lagrangian: with {@code w = y + β(s − 1)} the
 * gradient is {@code −2 C_k U_k + w(1ᵀU_k) + 1(wᵀU_k)}. A step goes along the negative gradient
 * with the length of Barzilai and Borwein, is projected (positive part, then norm 1) and is halved
 * until the value is below the largest of the last ten (Grippo, Lampariello and Lucidi). A step
 * whose positive part is all zero is halved too, never taken. The objective is divided by the norm
 * of the C_k on the complement of the ones vector.
 *
 * <p>Labels are the best of {@code argmax_k (Z_k 1)_i} and a K-means of the leading eigenvectors of
 * {@code Σ Z_k}, which has rank 2K at most. The problem is not convex: the result is no bound. O(n
 * p) per product.
 */
final class AdjustedLowRank {
  private static final int RANK = 2;
  private static final int COLD_STARTS = 3;
  private static final int HISTORY = 10;
  private static final int MOST_PRODUCTS = 20_000;
  private static final int STEPS = 200;
  private static final double TOLERANCE = 1e-6;
  private static final double LARGEST_PENALTY = 1e8;

  /**
   * What was found.
   *
   * @param labels n values from 0 to K − 1
   * @param objective of these labels
   * @param products number of gradients that were computed
   * @param residual {@code ‖Σ Z_k 1 − 1‖_∞}
   */
  record Solution(int[] labels, double objective, int products, double residual) {}

  private final Adjusted problem;
  private final int n;
  private final int groups;
  private final double scale;
  private final double[] y;
  private double beta = 0.1;
  private int products;
  private double lastStep = 1;

  private AdjustedLowRank(Adjusted problem) {
    this.problem = problem;
    n = problem.count();
    groups = problem.components();
    scale = 1 / norm(problem);
    y = new double[n];
  }

  /** A power iteration on {@code (I − 11ᵀ/n) C_k (I − 11ᵀ/n)}; good to a few per cent. */
  private static double norm(Adjusted problem) {
    double norm = Double.MIN_NORMAL;
    int n = problem.count();
    double[] product = new double[n];
    for (int k = 0; k < problem.components(); k++) {
      double[] v = new double[n];
      SplittableRandom random = new SplittableRandom(k);
      Arrays.setAll(v, i -> random.nextDouble() - 0.5);
      for (int step = 0; step < 20; step++) {
        centre(v);
        double length = Math.sqrt(Vectors.dot(v, v));
        if (length == 0) {
          break;
        }
        for (int i = 0; i < n; i++) {
          v[i] /= length;
        }
        problem.multiply(k, v, product);
        centre(product);
        norm = Math.max(norm, Math.sqrt(Vectors.dot(product, product)));
        System.arraycopy(product, 0, v, 0, n);
      }
    }
    return norm;
  }

  private static void centre(double[] v) {
    double mean = sum(v) / v.length;
    for (int i = 0; i < v.length; i++) {
      v[i] -= mean;
    }
  }

  private static double sum(double[] v) {
    double sum = 0;
    for (double value : v) {
      sum += value;
    }
    return sum;
  }

  /** The factor, what it makes of the constraints, and its value and gradient. */
  private final class State {
    final double[][][] u;
    final double[][][] gradient = new double[groups][RANK][n];
    final double[] excess = new double[n];
    double value;

    State(double[][][] u) {
      this.u = u;
      Arrays.fill(excess, -1);
      for (double[][] factor : u) {
        for (double[] column : factor) {
          Vectors.add(sum(column), column, excess);
        }
      }
    }

    double residual() {
      double largest = 0;
      for (double value : excess) {
        largest = Math.max(largest, Math.abs(value));
      }
      return largest;
    }

    void evaluate() {
      products++;
      double[] w = y.clone();
      Vectors.add(beta, excess, w);
      value = Vectors.dot(y, excess) + beta / 2 * Vectors.dot(excess, excess);
      for (int k = 0; k < groups; k++) {
        for (int r = 0; r < RANK; r++) {
          double[] column = u[k][r];
          double[] g = gradient[k][r];
          problem.multiply(k, column, g);
          value -= scale * Vectors.dot(column, g);
          double sum = sum(column);
          double along = Vectors.dot(w, column);
          for (int i = 0; i < n; i++) {
            g[i] = -2 * scale * g[i] + w[i] * sum + along;
          }
        }
      }
    }

    /** The projected step, or null if a factor's positive part is zero or not finite. */
    State step(double length) {
      double[][][] next = new double[groups][RANK][n];
      for (int k = 0; k < groups; k++) {
        double squares = 0;
        for (int r = 0; r < RANK; r++) {
          double[] to = next[k][r];
          double[] from = u[k][r];
          double[] g = gradient[k][r];
          for (int i = 0; i < n; i++) {
            to[i] = Math.max(0, from[i] - length * g[i]);
          }
          squares += Vectors.dot(to, to);
        }
        if (!(squares > 0) || !(squares < Double.POSITIVE_INFINITY)) {
          return null;
        }
        double inverse = 1 / Math.sqrt(squares);
        for (double[] column : next[k]) {
          for (int i = 0; i < n; i++) {
            column[i] *= inverse;
          }
        }
      }
      return new State(next);
    }
  }

  /**
   * Solves.
   *
   * @param warm labels to start from, or null for the best of {@value #COLD_STARTS} random starts
   * @param seed of the random part of the start
   */
  static Solution solve(Adjusted problem, int[] warm, long seed, Run run) {
    SplittableRandom random = new SplittableRandom(seed);
    Solution best = new AdjustedLowRank(problem).solve(warm, random, run);
    for (int start = 1; start < COLD_STARTS && warm == null && !run.isOver(); start++) {
      Solution next = new AdjustedLowRank(problem).solve(null, random, run);
      best = next.objective > best.objective ? next : best;
    }
    return best;
  }

  private Solution solve(int[] warm, SplittableRandom random, Run run) {
    State state = new State(start(warm, random));
    state.evaluate();
    double before = Double.POSITIVE_INFINITY;
    Solution best =
        new Solution(
            warm == null ? new int[n] : warm, Double.NEGATIVE_INFINITY, 0, state.residual());
    int idle = 0;
    while (products < MOST_PRODUCTS && !run.isOver()) {
      double[][][] start = state.u;
      state = descend(state, run);
      double residual = state.residual();
      int[] labels = round(state.u);
      double objective = problem.objective(labels);
      idle = objective > best.objective ? 0 : idle + 1;
      if (objective > best.objective) {
        best = new Solution(labels, objective, products, residual);
      }
      boolean still = distance(start, state.u) <= TOLERANCE && residual <= TOLERANCE;
      if (still || (idle >= 3 && residual <= 1e-2)) {
        break;
      }
      Vectors.add(beta, state.excess, y);
      if (residual > before / 2 && beta < LARGEST_PENALTY) {
        beta *= 2;
      }
      before = residual;
      state.evaluate();
    }
    return new Solution(best.labels, best.objective, products, state.residual());
  }

  private double[][][] start(int[] warm, SplittableRandom random) {
    double[][][] u = new double[groups][RANK][n];
    for (int k = 0; k < groups; k++) {
      double squares = 0;
      for (double[] column : u[k]) {
        for (int i = 0; i < n; i++) {
          double noise = Math.abs(random.nextGaussian());
          column[i] = warm == null ? noise : (warm[i] == k ? 1 : 0) + 0.05 * noise;
          squares += column[i] * column[i];
        }
      }
      for (double[] column : u[k]) {
        for (int i = 0; i < n; i++) {
          column[i] /= Math.sqrt(squares);
        }
      }
    }
    return u;
  }

  /** Non-monotone projected gradient steps for the present multipliers. */
  private State descend(State first, Run run) {
    State state = first;
    double[] history = new double[HISTORY];
    Arrays.fill(history, state.value);
    double length = lastStep;
    for (int step = 1; step <= STEPS && products < MOST_PRODUCTS && !run.isOver(); step++) {
      double limit = Arrays.stream(history).max().orElse(state.value);
      State next = null;
      for (int half = 0; half < 40; half++) {
        next = state.step(length);
        if (next != null) {
          next.evaluate();
          double moved = squaredDistance(state.u, next.u);
          if (next.value <= limit - 1e-4 / (2 * length) * moved || moved == 0) {
            break;
          }
        }
        length /= half < 3 ? 2 : 10;
        next = null;
      }
      if (next == null) {
        return state;
      }
      double moved = squaredDistance(state.u, next.u);
      double along = alongGradient(state, next);
      lastStep = length;
      length = along > 0 ? Math.min(Math.max(moved / along, 1e-10), 1e10) : 2 * length;
      state = next;
      history[step % HISTORY] = state.value;
      if (Math.sqrt(moved / groups) <= TOLERANCE / 10) {
        break;
      }
    }
    return state;
  }

  private double alongGradient(State a, State b) {
    double sum = 0;
    for (int k = 0; k < groups; k++) {
      for (int r = 0; r < RANK; r++) {
        double[] before = a.u[k][r];
        double[] after = b.u[k][r];
        double[] g = a.gradient[k][r];
        double[] h = b.gradient[k][r];
        for (int i = 0; i < n; i++) {
          sum += (after[i] - before[i]) * (h[i] - g[i]);
        }
      }
    }
    return sum;
  }

  private double squaredDistance(double[][][] a, double[][][] b) {
    double sum = 0;
    for (int k = 0; k < groups; k++) {
      for (int r = 0; r < RANK; r++) {
        for (int i = 0; i < n; i++) {
          double difference = a[k][r][i] - b[k][r][i];
          sum += difference * difference;
        }
      }
    }
    return sum;
  }

  private double distance(double[][][] a, double[][][] b) {
    return Math.sqrt(squaredDistance(a, b) / groups);
  }

  private int[] round(double[][][] u) {
    double[][] shares = new double[groups][n];
    DMatrixRMaj all = new DMatrixRMaj(n, groups * RANK);
    for (int k = 0; k < groups; k++) {
      for (int r = 0; r < RANK; r++) {
        Vectors.add(sum(u[k][r]), u[k][r], shares[k]);
        for (int i = 0; i < n; i++) {
          all.set(i, k * RANK + r, u[k][r][i]);
        }
      }
    }
    return AdjustedRounding.best(problem, shares, all);
  }
}
