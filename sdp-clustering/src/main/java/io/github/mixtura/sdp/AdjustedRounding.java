package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Partitions from a relaxed solution of the likelihood-adjusted problem.
 *
 * <p>Two are tried: the group with the largest share {@code (Z_k 1)_i}, and a K-means of the
 * leading eigenvectors of {@code Σ Z_k}, whose clusters are given to the groups so that the
 * objective is largest; the second does not depend on which Z_k holds which group, as when
 * covariances are equal. Each is improved by moving rows to the group with the least {@code log det
 * S_k + ‖L_k⁻¹(x − mean_k)‖²} while that raises the objective.
 */
final class AdjustedRounding {
  private static final int MOST_PASSES = 100;
  private static final int STARTS = 5;

  private AdjustedRounding() {}

  /**
   * Rounds.
   *
   * @param shares K times n values {@code (Z_k 1)_i}
   * @param factor n × r, {@code F Fᵀ = Σ Z_k}
   * @return labels from 0 to K − 1, every one used
   */
  static int[] best(Adjusted problem, double[][] shares, DMatrixRMaj factor) {
    int n = problem.count();
    int[] largest = new int[n];
    for (int i = 0; i < n; i++) {
      for (int k = 1; k < shares.length; k++) {
        largest[i] = shares[k][i] > shares[largest[i]][i] ? k : largest[i];
      }
    }
    int[] one = improve(problem, withEveryLabel(largest, shares));
    int[] other = improve(problem, withEveryLabel(spectral(problem, factor), shares));
    return problem.objective(other) > problem.objective(one) ? other : one;
  }

  private static int[] withEveryLabel(int[] labels, double[][] shares) {
    int[] used = labels.clone();
    int[] sizes = new int[shares.length];
    for (int label : used) {
      sizes[label]++;
    }
    for (int k = 0; k < sizes.length; k++) {
      int most = -1;
      for (int i = 0; sizes[k] == 0 && i < used.length; i++) {
        if (sizes[used[i]] > 1 && (most < 0 || shares[k][i] > shares[k][most])) {
          most = i;
        }
      }
      if (most >= 0) {
        sizes[used[most]]--;
        used[most] = k;
        sizes[k]++;
      }
    }
    return used;
  }

  private static int[] spectral(Adjusted problem, DMatrixRMaj factor) {
    int n = factor.numRows;
    int groups = problem.components();
    Dense.Eigen eigen = Dense.symmetricEigen(Dense.crossProduct(factor));
    int rank = Math.min(groups, factor.numCols);
    DMatrixRMaj leading = new DMatrixRMaj(factor.numCols, rank);
    for (int c = 0; c < rank; c++) {
      int column = factor.numCols - 1 - c;
      double length = Math.sqrt(Math.max(eigen.values()[column], Double.MIN_NORMAL));
      for (int q = 0; q < factor.numCols; q++) {
        leading.set(q, c, eigen.vectors().get(q, column) / length);
      }
    }
    Points points = new Points(Dense.multiply(factor, leading));
    int[] clusters = clusters(points, groups);
    int[] group = assign(costs(problem, clusters));
    int[] labels = new int[n];
    Arrays.setAll(labels, i -> group[clusters[i]]);
    return labels;
  }

  private static int[] clusters(Points points, int groups) {
    try {
      return KMeansSearch.plusPlus(points, groups, STARTS, 1, Run.FREE).labels();
    } catch (IllegalArgumentException tooFewDistinctRows) {
      return new int[points.count()];
    }
  }

  /** What each cluster (row) costs as each group (column). */
  private static double[][] costs(Adjusted problem, int[] clusters) {
    int groups = problem.components();
    double[][] costs = new double[groups][groups];
    int[] sizes = new int[groups];
    for (int cluster : clusters) {
      sizes[cluster]++;
    }
    for (int k = 0; k < groups; k++) {
      for (int c = 0; c < groups; c++) {
        costs[c][k] = sizes[c] * problem.logDeterminant(k);
      }
      for (double[] column : problem.white(k)) {
        double[] sums = new double[groups];
        for (int i = 0; i < clusters.length; i++) {
          sums[clusters[i]] += column[i];
        }
        for (int i = 0; i < clusters.length; i++) {
          int c = clusters[i];
          double offset = column[i] - sums[c] / sizes[c];
          costs[c][k] += offset * offset;
        }
      }
    }
    return costs;
  }

  /**
   * Finds the cheapest one-to-one assignment by shortest augmenting paths (Jonker and Volgenant
   * 1987, doi:10.1007/BF02278710), O(K³).
   *
   * @return the column of each row
   */
  static int[] assign(double[][] costs) {
    int size = costs.length;
    double[] rowPrice = new double[size];
    double[] columnPrice = new double[size];
    int[] rowOf = new int[size];
    Arrays.fill(rowOf, -1);
    for (int start = 0; start < size; start++) {
      double[] least = new double[size];
      Arrays.fill(least, Double.POSITIVE_INFINITY);
      int[] from = new int[size];
      Arrays.fill(from, -1);
      boolean[] done = new boolean[size];
      int row = start;
      int last = -1;
      while (row >= 0) {
        double step = Double.POSITIVE_INFINITY;
        int next = -1;
        for (int j = 0; j < size; j++) {
          if (done[j]) {
            continue;
          }
          double reduced = costs[row][j] - rowPrice[row] - columnPrice[j];
          if (reduced < least[j]) {
            least[j] = reduced;
            from[j] = last;
          }
          if (next < 0 || least[j] < step) {
            step = least[j];
            next = j;
          }
        }
        rowPrice[start] += step;
        for (int j = 0; j < size; j++) {
          if (done[j]) {
            rowPrice[rowOf[j]] += step;
            columnPrice[j] -= step;
          } else {
            least[j] -= step;
          }
        }
        done[next] = true;
        last = next;
        row = rowOf[next];
      }
      while (last >= 0) {
        rowOf[last] = from[last] < 0 ? start : rowOf[from[last]];
        last = from[last];
      }
    }
    int[] column = new int[size];
    for (int j = 0; j < size; j++) {
      column[rowOf[j]] = j;
    }
    return column;
  }

  /** Moves rows to the nearest group while the objective rises and no group becomes empty. */
  static int[] improve(Adjusted problem, int[] start) {
    int[] labels = start;
    double objective = problem.objective(labels);
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      int[] next = nearest(problem, labels);
      double value = problem.objective(next);
      boolean complete =
          Arrays.stream(next).distinct().count() == Arrays.stream(labels).distinct().count();
      if (!complete || !(value > objective + 1e-12 * Math.abs(objective))) {
        break;
      }
      labels = next;
      objective = value;
    }
    return labels;
  }

  private static int[] nearest(Adjusted problem, int[] labels) {
    int n = labels.length;
    int groups = problem.components();
    int[] sizes = new int[groups];
    for (int label : labels) {
      sizes[label]++;
    }
    double[] best = new double[n];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    int[] nearest = labels.clone();
    for (int k = 0; k < groups; k++) {
      if (sizes[k] == 0) {
        continue;
      }
      double[] distance = new double[n];
      Arrays.fill(distance, problem.logDeterminant(k));
      for (double[] column : problem.white(k)) {
        double mean = Adjusted.mean(column, labels, k, sizes[k]);
        for (int i = 0; i < n; i++) {
          double offset = column[i] - mean;
          distance[i] += offset * offset;
        }
      }
      for (int i = 0; i < n; i++) {
        if (distance[i] < best[i]) {
          best[i] = distance[i];
          nearest[i] = k;
        }
      }
    }
    return nearest;
  }
}
