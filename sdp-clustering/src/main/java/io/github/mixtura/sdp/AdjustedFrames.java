package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * A partition seen in the metric of each of its groups, rows sorted by group.
 *
 * <p>For group k the rows are whitened by {@code S_k} and centred at the mean of group k; with m(i)
 * the squared length of row i in its own group's frame, {@code Δ_k(i) = log det S_k + ‖z_i‖² − log
 * det S_own − m(i)} says how much worse group k explains row i than its own group does. Twice
 * {@code −C_k[i][j]} less what rows i and j give in their own groups is then {@code Δ_k(i) + Δ_k(j)
 * − 2 z_iᵀz_j}.
 *
 * @param order row of the data at each sorted place
 * @param group group of each sorted place
 * @param from first place of each group, and the end of the last
 * @param free number of each group's rows that may be in any group; they come first
 * @param loose at each place from {@code from[K]} on, where rows are that a group must take though
 *     they are far from it, by how much their multiplier exceeds its least sensible value
 * @param objectiveError bound of the rounding error of the partition's objective
 */
record AdjustedFrames(
    Adjusted problem,
    int[] order,
    int[] group,
    int[] from,
    int[] free,
    double[] loose,
    Frame[] frames,
    double objectiveError) {
  private static final double UNIT = Math.ulp(1.0) / 2;

  /**
   * One group's frame.
   *
   * @param columns p columns of n whitened and centred values, by place
   * @param worse n values Δ, by place; 0 inside the group
   * @param top largest eigenvalue of the group's own scatter in this frame, over its size
   * @param normError bound of the norm of the rounding error of the matrix with elements {@code
   *     (Δ(i) + Δ(j))/2 − z_iᵀz_j}
   */
  record Frame(double[][] columns, double[] worse, double top, double normError) {}

  /**
   * Sorts and whitens.
   *
   * @param labels every group has a row
   * @param fixed rows that are known to be in their group
   * @param loose NaN for the members of the groups; see the record for others, which are fixed
   */
  static AdjustedFrames of(Adjusted problem, int[] labels, boolean[] fixed, double[] loose) {
    int n = problem.count();
    int groups = problem.components();
    int[] from = new int[groups + 1];
    int[] free = new int[groups];
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(loose[i])) {
        from[labels[i] + 1]++;
        free[labels[i]] += fixed[i] ? 0 : 1;
      }
    }
    for (int k = 0; k < groups; k++) {
      from[k + 1] += from[k];
    }
    int[] next = from.clone();
    int[] order = new int[n];
    int[] group = new int[n];
    double[] margins = new double[n];
    for (boolean late : new boolean[] {false, true}) {
      for (int i = 0; i < n; i++) {
        if (fixed[i] == late) {
          int place = next[Double.isNaN(loose[i]) ? labels[i] : groups]++;
          order[place] = i;
          group[place] = labels[i];
          margins[place] = loose[i];
        }
      }
    }
    return new AdjustedFrames(problem, order, group, from, free, margins, new Frame[groups], 0)
        .filled();
  }

  private AdjustedFrames filled() {
    int n = order.length;
    int groups = frames.length;
    double[][][] columns = new double[groups][][];
    double[][] lengths = new double[groups][];
    double[][] errors = new double[groups][];
    double[] own = new double[n];
    double[] ownError = new double[n];
    for (int k = 0; k < groups; k++) {
      columns[k] = sorted(problem.white(k));
      errors[k] = centre(columns[k], k);
      lengths[k] = lengths(columns[k]);
      for (int i = 0; i < n; i++) {
        if (group[i] != k) {
          continue;
        }
        own[i] = lengths[k][i] + problem.logDeterminant(k);
        ownError[i] = lengthError(k, lengths[k][i], errors[k][i]);
      }
    }
    double objectiveError = 0;
    for (int i = 0; i < n; i++) {
      objectiveError += ownError[i];
    }
    for (int k = 0; k < groups; k++) {
      double[] worse = new double[n];
      double squares = 0;
      double errorSquares = 0;
      double scalarSquares = 0;
      for (int i = 0; i < n; i++) {
        worse[i] =
            group[i] == k || isLoose(i) ? 0 : problem.logDeterminant(k) + lengths[k][i] - own[i];
        double scalar = lengthError(k, lengths[k][i], errors[k][i]) + ownError[i];
        squares += lengths[k][i];
        errorSquares += errors[k][i] * errors[k][i];
        scalarSquares += scalar * scalar;
      }
      double products = 2 * Math.sqrt(errorSquares * squares) + errorSquares;
      double rounding = (problem.dimension() + 4) * UNIT * squares;
      double scalars = Math.sqrt(n * scalarSquares);
      frames[k] =
          new Frame(columns[k], worse, top(columns[k], k), 1.1 * (products + rounding + scalars));
    }
    return new AdjustedFrames(
        problem, order, group, from, free, loose, frames, 1.1 * objectiveError);
  }

  private double lengthError(int k, double length, double error) {
    return 2 * error * Math.sqrt(length)
        + error * error
        + UNIT * ((problem.dimension() + 6) * length + 6 * Math.abs(problem.logDeterminant(k)));
  }

  private double[][] sorted(double[][] white) {
    double[][] columns = new double[white.length][order.length];
    for (int q = 0; q < white.length; q++) {
      for (int i = 0; i < order.length; i++) {
        columns[q][i] = white[q][order[i]];
      }
    }
    return columns;
  }

  /** Subtracts the mean of group k; returns what the rows may be off by in length. */
  private double[] centre(double[][] columns, int k) {
    int n = order.length;
    double[] squares = new double[n];
    double centre = 0;
    for (double[] column : columns) {
      double mean = mean(column, from[k], from[k + 1]);
      centre += mean * mean;
      for (int i = 0; i < n; i++) {
        squares[i] += column[i] * column[i];
        column[i] -= mean;
      }
    }
    double memberSquares = 0;
    for (int i = from[k]; i < from[k + 1]; i++) {
      memberSquares = Math.max(memberSquares, squares[i]);
    }
    double relative = 4 * UNIT;
    double centreError = relative * (Math.sqrt(memberSquares) + Math.sqrt(centre));
    for (int i = 0; i < n; i++) {
      squares[i] = relative * Math.sqrt(squares[i]) + centreError;
    }
    return squares;
  }

  private static double mean(double[] column, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += column[i];
    }
    double first = sum / (to - from);
    double rest = 0;
    for (int i = from; i < to; i++) {
      rest += column[i] - first;
    }
    return first + rest / (to - from);
  }

  private static double[] lengths(double[][] columns) {
    double[] lengths = new double[columns[0].length];
    for (double[] column : columns) {
      for (int i = 0; i < column.length; i++) {
        lengths[i] += column[i] * column[i];
      }
    }
    return lengths;
  }

  private double top(double[][] columns, int k) {
    int p = columns.length;
    DMatrixRMaj scatter = new DMatrixRMaj(p, p);
    for (int q = 0; q < p; q++) {
      for (int s = 0; s <= q; s++) {
        double sum = 0;
        for (int i = from[k]; i < from[k + 1]; i++) {
          sum += columns[q][i] * columns[s][i];
        }
        scatter.set(q, s, sum);
        scatter.set(s, q, sum);
      }
    }
    double[] values = Dense.symmetricEigen(scatter).values();
    double rounding = 16 * (p + size(k)) * Math.ulp(1.0) * values[p - 1];
    return (values[p - 1] + rounding) / size(k);
  }

  int size(int k) {
    return from[k + 1] - from[k];
  }

  int count() {
    return order.length;
  }

  /**
   * Returns {@code 2 Σ α} of the loose rows: with {@code g = (c + margin)/2} in the frame of its
   * group, {@code 2α = 2g − log det S − ‖z‖²}.
   */
  double looseValue(double[] levels) {
    double sum = 0;
    for (int i = from[frames.length]; i < order.length; i++) {
      int k = group[i];
      sum += levels[k] + loose[i] - problem.logDeterminant(k);
      for (double[] column : frames[k].columns) {
        sum -= column[i] * column[i];
      }
    }
    return sum;
  }

  /** Bound of the rounding error of {@link #looseValue}. */
  double looseError(double[] levels) {
    double magnitude = 0;
    for (int i = from[frames.length]; i < order.length; i++) {
      int k = group[i];
      magnitude += levels[k] + Math.abs(loose[i]) + Math.abs(problem.logDeterminant(k));
      for (double[] column : frames[k].columns) {
        magnitude += column[i] * column[i];
      }
    }
    return 2 * UNIT * (problem.dimension() + order.length - from[frames.length] + 8) * magnitude;
  }

  boolean isLoose(int place) {
    return place >= from[frames.length];
  }

  /** Whether the row at a place may be in any group. */
  boolean isFree(int place) {
    return !isLoose(place) && place < from[group[place]] + free[group[place]];
  }

  /** Returns the least {@code Δ_k(i) − c_own − c_k} of every place; infinite for fixed rows. */
  double[] slack(double[] levels) {
    double[] least = new double[order.length];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (int i = 0; i < least.length; i++) {
      for (int k = 0; k < frames.length && isFree(i); k++) {
        if (k != group[i]) {
          least[i] = Math.min(least[i], frames[k].worse[i] - levels[group[i]] - levels[k]);
        }
      }
    }
    return least;
  }

  /** Returns the largest f ≥ 0 for which {@code f·levels} leave no negative slack. */
  double widest(double[] levels) {
    double factor = Double.POSITIVE_INFINITY;
    for (int i = 0; i < order.length; i++) {
      for (int k = 0; k < frames.length && isFree(i); k++) {
        if (k != group[i]) {
          double both = levels[k] + levels[group[i]];
          factor = Math.min(factor, Math.max(0, frames[k].worse[i]) / both);
        }
      }
    }
    return factor;
  }
}
