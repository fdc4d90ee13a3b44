package io.github.mixtura.sdp;

import java.util.Arrays;

/** Partitions from a factor of Z: rows that are close belong together. */
final class PengWeiRounding {
  private static final int SWEEPS = 50;

  private PengWeiRounding() {}

  /**
   * Groups rows by Lloyd's iterations from centres far from each other, first in the factor, then
   * in the points.
   *
   * @param factor n × r, row major, {@code Z ≈ FFᵀ}
   * @return n labels, every group used
   */
  static int[] labels(PengWei problem, double[] factor, int r) {
    int n = problem.points().count();
    double[] centres = spread(factor, n, r, problem.components());
    int[] labels = lloyd(factor, r, centres, null);
    return polish(problem, labels);
  }

  /** Lloyd's iterations on the points. */
  static int[] polish(PengWei problem, int[] labels) {
    int p = problem.points().dimension();
    double[] x = problem.points().rows().data;
    int[] polished = lloyd(x, p, means(x, p, labels, problem.components()), labels);
    boolean better = problem.objective(polished) > problem.objective(labels);
    return better ? polished : labels;
  }

  /** Rows, each the farthest from those before it. */
  private static double[] spread(double[] rows, int n, int r, int count) {
    double[] centres = new double[count * r];
    double[] nearest = new double[n];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int next = 0;
    for (int k = 0; k < count; k++) {
      System.arraycopy(rows, next * r, centres, k * r, r);
      for (int i = 0; i < n; i++) {
        nearest[i] = Math.min(nearest[i], distance(rows, i * r, centres, k * r, r));
        next = nearest[i] > nearest[next] ? i : next;
      }
    }
    return centres;
  }

  private static int[] lloyd(double[] rows, int width, double[] start, int[] before) {
    int n = rows.length / width;
    int count = start.length / width;
    double[] centres = start;
    int[] labels = before == null ? new int[n] : before.clone();
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean changed = assign(rows, width, centres, labels) || sweep == 0;
      fillEmpty(rows, width, centres, labels, count);
      if (!changed) {
        break;
      }
      centres = means(rows, width, labels, count);
    }
    return labels;
  }

  private static boolean assign(double[] rows, int width, double[] centres, int[] labels) {
    boolean changed = false;
    for (int i = 0; i < labels.length; i++) {
      int best = labels[i];
      double least = distance(rows, i * width, centres, best * width, width);
      for (int k = 0; k * width < centres.length; k++) {
        double distance = distance(rows, i * width, centres, k * width, width);
        if (distance < least) {
          least = distance;
          best = k;
        }
      }
      changed |= best != labels[i];
      labels[i] = best;
    }
    return changed;
  }

  /** Gives each empty group the row that is farthest from its centre in a group of several. */
  private static void fillEmpty(
      double[] rows, int width, double[] centres, int[] labels, int count) {
    int[] sizes = new int[count];
    for (int label : labels) {
      sizes[label]++;
    }
    for (int k = 0; k < count; k++) {
      int farthest = -1;
      double most = -1;
      for (int i = 0; sizes[k] == 0 && i < labels.length; i++) {
        double distance = distance(rows, i * width, centres, labels[i] * width, width);
        if (sizes[labels[i]] > 1 && distance > most) {
          most = distance;
          farthest = i;
        }
      }
      if (farthest >= 0) {
        sizes[labels[farthest]]--;
        labels[farthest] = k;
        sizes[k] = 1;
      }
    }
  }

  private static double[] means(double[] rows, int width, int[] labels, int count) {
    double[] means = new double[count * width];
    int[] sizes = new int[count];
    for (int i = 0; i < labels.length; i++) {
      sizes[labels[i]]++;
      for (int j = 0; j < width; j++) {
        means[labels[i] * width + j] += rows[i * width + j];
      }
    }
    for (int e = 0; e < means.length; e++) {
      means[e] /= Math.max(1, sizes[e / width]);
    }
    return means;
  }

  private static double distance(double[] a, int from, double[] b, int at, int width) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      double step = a[from + j] - b[at + j];
      sum += step * step;
    }
    return sum;
  }
}
