package io.github.mixtura.em.selection;

import io.github.mixtura.data.Observations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Partitions with one group more or less than a mixture has. */
final class Regrouping {
  private static final int FEWEST_ROWS = 4;
  private static final int POWER_STEPS = 20;

  private Regrouping() {}

  /**
   * Cuts one group in two at its mean, across its longest axis, on columns scaled to unit variance.
   *
   * @param labels 0 … groups − 1
   * @param most how many groups are cut: those of the largest sums of squares along that axis
   * @return labels 0 … groups for each cut
   */
  static List<int[]> splits(Observations rows, int[] labels, int groups, int most) {
    double[][] points = scaled(rows);
    double[] extents = new double[groups];
    int[][] splits = new int[groups][];
    for (int k = 0; k < groups; k++) {
      int[] members = members(labels, k);
      if (members.length >= FEWEST_ROWS) {
        double[] mean = mean(points, members);
        double[] axis = longestAxis(points, members, mean);
        splits[k] = labels.clone();
        for (int i : members) {
          double along = dot(points[i], mean, axis);
          extents[k] += along * along;
          splits[k][i] = along > 0 ? groups : k;
        }
      }
    }
    return IntStream.range(0, groups)
        .boxed()
        .filter(k -> extents[k] > 0)
        .sorted(Comparator.comparingDouble(k -> -extents[k]))
        .limit(most)
        .map(k -> splits[k])
        .toList();
  }

  /**
   * Takes one group away; its rows go to the likeliest of the others.
   *
   * @param memberships n rows of responsibilities
   * @param most how many groups are taken away in turn: those whose loss costs the likelihood least
   *     as the other groups stand
   * @return labels 0 … groups − 2 for each
   */
  static List<int[]> removals(double[][] memberships, int most) {
    int groups = memberships[0].length;
    double[] losses = new double[groups];
    for (double[] row : memberships) {
      for (int k = 0; k < groups; k++) {
        losses[k] -= Math.log(Math.max(Double.MIN_NORMAL, 1 - row[k]));
      }
    }
    List<int[]> removals = new ArrayList<>();
    IntStream.range(0, groups)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> losses[k]))
        .limit(most)
        .forEach(k -> removals.add(without(memberships, k)));
    removals.removeIf(labels -> IntStream.of(labels).distinct().count() < groups - 1);
    return removals;
  }

  private static int[] without(double[][] memberships, int k) {
    int[] labels = new int[memberships.length];
    for (int i = 0; i < labels.length; i++) {
      double[] row = memberships[i];
      int best = k == 0 ? 1 : 0;
      for (int j = 0; j < row.length; j++) {
        if (j != k && row[j] > row[best]) {
          best = j;
        }
      }
      labels[i] = best > k ? best - 1 : best;
    }
    return labels;
  }

  private static double[][] scaled(Observations rows) {
    double[][] points = new double[rows.rows()][rows.columns()];
    for (int j = 0; j < rows.columns(); j++) {
      double mean = 0;
      double square = 0;
      for (int i = 0; i < points.length; i++) {
        mean += rows.get(i, j) / points.length;
      }
      for (int i = 0; i < points.length; i++) {
        points[i][j] = rows.get(i, j) - mean;
        square += points[i][j] * points[i][j] / points.length;
      }
      double factor = square > 0 ? 1 / Math.sqrt(square) : 0;
      for (double[] point : points) {
        point[j] *= factor;
      }
    }
    return points;
  }

  private static int[] members(int[] labels, int k) {
    return IntStream.range(0, labels.length).filter(i -> labels[i] == k).toArray();
  }

  private static double[] mean(double[][] points, int[] members) {
    double[] mean = new double[points[0].length];
    for (int i : members) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += points[i][j] / members.length;
      }
    }
    return mean;
  }

  private static double[] longestAxis(double[][] points, int[] members, double[] mean) {
    int d = mean.length;
    double[][] scatter = new double[d][d];
    for (int i : members) {
      for (int j = 0; j < d; j++) {
        double step = points[i][j] - mean[j];
        for (int l = 0; l < d; l++) {
          scatter[j][l] += step * (points[i][l] - mean[l]);
        }
      }
    }
    double[] origin = new double[d];
    double[] axis = new double[d];
    for (int j = 0; j < d; j++) {
      axis[j] = 1 + 0.1 * j;
    }
    for (int step = 0; step < POWER_STEPS; step++) {
      double[] next = new double[d];
      double norm = 0;
      for (int j = 0; j < d; j++) {
        next[j] = dot(scatter[j], origin, axis);
        norm += next[j] * next[j];
      }
      if (!(norm > 0)) {
        return axis;
      }
      for (int j = 0; j < d; j++) {
        axis[j] = next[j] / Math.sqrt(norm);
      }
    }
    return axis;
  }

  /** (x − c)·a. */
  private static double dot(double[] x, double[] c, double[] a) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += (x[j] - c[j]) * a[j];
    }
    return sum;
  }
}
