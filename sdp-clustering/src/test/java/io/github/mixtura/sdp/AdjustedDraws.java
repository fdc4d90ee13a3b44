package io.github.mixtura.sdp;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;

/**
 * Groups with rotated covariances, for tests: group k has mean separation·e_k and covariance {@code
 * Q_k diag(geometric from low to high) Q_kᵀ}.
 */
record AdjustedDraws(Points points, int[] labels, int groups) {
  static AdjustedDraws rotated(
      int n, int p, int groups, double separation, double low, double high, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][][] axes = new double[groups][][];
    for (int k = 0; k < groups; k++) {
      axes[k] = rotation(p, random);
    }
    double[][] rows = new double[n][p];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % groups;
      for (int a = 0; a < p; a++) {
        double variance = low * Math.pow(high / low, p == 1 ? 0 : a / (p - 1.0));
        double length = Math.sqrt(variance) * random.nextGaussian();
        for (int j = 0; j < p; j++) {
          rows[i][j] += length * axes[labels[i]][a][j];
        }
      }
      rows[i][labels[i] % p] += separation * (1 + labels[i] / p);
    }
    return new AdjustedDraws(Partitions.points(rows), labels, groups);
  }

  private static double[][] rotation(int p, SplittableRandom random) {
    double[][] q = new double[p][p];
    for (int a = 0; a < p; a++) {
      Arrays.setAll(q[a], j -> random.nextGaussian());
      for (int pass = 0; pass < 2; pass++) {
        for (int b = 0; b < a; b++) {
          Vectors.add(-Vectors.dot(q[b], q[a]), q[b], q[a]);
        }
      }
      double length = Math.sqrt(Vectors.dot(q[a], q[a]));
      for (int j = 0; j < p; j++) {
        q[a][j] /= length;
      }
    }
    return q;
  }

  /** The groups' own covariances (divisor n_k), plus {@code ridge} on the diagonal. */
  DMatrixRMaj[] covariances(int[] of, double ridge) {
    int p = points.dimension();
    DMatrixRMaj[] covariances = new DMatrixRMaj[groups];
    for (int k = 0; k < groups; k++) {
      double[] mean = new double[p];
      int size = 0;
      for (int i = 0; i < of.length; i++) {
        size += of[i] == k ? 1 : 0;
        for (int j = 0; j < p && of[i] == k; j++) {
          mean[j] += points.rows().get(i, j);
        }
      }
      covariances[k] = new DMatrixRMaj(p, p);
      for (int i = 0; i < of.length; i++) {
        for (int a = 0; a < p && of[i] == k; a++) {
          for (int b = 0; b < p; b++) {
            double product =
                (points.rows().get(i, a) - mean[a] / size)
                    * (points.rows().get(i, b) - mean[b] / size);
            covariances[k].add(a, b, product / size);
          }
        }
      }
      for (int j = 0; j < p; j++) {
        covariances[k].add(j, j, ridge);
      }
    }
    return covariances;
  }

  Adjusted problem(int[] of) {
    return Adjusted.of(points, covariances(of, 0));
  }

  /** Labels that moves of rows to the likeliest group, with covariances renewed, do not change. */
  int[] settled() {
    int[] now = labels;
    for (int pass = 0; pass < 50; pass++) {
      int[] next = AdjustedRounding.improve(problem(now), now);
      if (Arrays.equals(now, next)) {
        break;
      }
      now = next;
    }
    return now;
  }

  /** The gap over n·p. */
  double relative(Bound bound) {
    return bound.gap() / points.count() / points.dimension();
  }

  /** The largest objective of all partitions into K groups that all have a row. */
  static double best(Adjusted problem) {
    int n = problem.count();
    int groups = problem.components();
    double best = Double.NEGATIVE_INFINITY;
    int[] labels = new int[n];
    for (long code = 0; code < Math.round(Math.pow(groups, n)); code++) {
      long rest = code;
      boolean[] used = new boolean[groups];
      int count = 0;
      for (int i = 0; i < n; i++) {
        labels[i] = (int) (rest % groups);
        rest /= groups;
        count += used[labels[i]] ? 0 : 1;
        used[labels[i]] = true;
      }
      if (count == groups) {
        best = Math.max(best, problem.objective(labels));
      }
    }
    return best;
  }
}
