package io.github.mixtura.sdp;

import java.util.stream.IntStream;

/**
 * Sizes, means and sums of squares of the groups of a partition, kept up to date while single rows
 * move. Moves add rounding: make a new one now and then.
 */
final class GroupScatters {
  private final double[] rows;
  private final int dimension;
  private final double[] counts;
  private final double[][] means;
  private final double[][] scatters;

  private GroupScatters(
      double[] rows, int dimension, double[] counts, double[][] means, double[][] scatters) {
    this.rows = rows;
    this.dimension = dimension;
    this.counts = counts;
    this.means = means;
    this.scatters = scatters;
  }

  /** Two passes: means, then squares about them. */
  static GroupScatters of(Points points, int[] labels, int components, Run run) {
    int n = points.count();
    int p = points.dimension();
    double[] rows = points.rows().data;
    int stripes = GroupMeans.stripes(n);
    GroupMeans centres = GroupMeans.of(points, labels, components, run);
    double[][] means = centres.means();
    double[][][] parts = new double[stripes][components][];
    run.forEach(
        stripes,
        s -> {
          double[] z = new double[p];
          double[][] part = new double[components][p * p];
          for (int i = s * GroupMeans.STRIPE; i < Math.min(n, (s + 1) * GroupMeans.STRIPE); i++) {
            addOuter(difference(rows, i * p, means[labels[i]], z), 1, part[labels[i]]);
          }
          parts[s] = part;
        });
    double[][] scatters = new double[components][p * p];
    for (double[][] part : parts) {
      for (int k = 0; k < components; k++) {
        add(part[k], scatters[k]);
      }
    }
    for (double[] scatter : scatters) {
      mirror(scatter, p);
    }
    return new GroupScatters(rows, p, centres.counts(), means, scatters);
  }

  int components() {
    return counts.length;
  }

  int dimension() {
    return dimension;
  }

  /** n_k; the array of this object. */
  double[] counts() {
    return counts;
  }

  /** K × p; the arrays of this object. */
  double[][] means() {
    return means;
  }

  /** K times p × p, row major, both triangles; the arrays of this object. */
  double[][] scatters() {
    return scatters;
  }

  /** Smallest n_k. */
  double smallest() {
    return IntStream.range(0, counts.length).mapToDouble(k -> counts[k]).min().orElse(0);
  }

  /** A copy that can be moved on its own. */
  GroupScatters copy() {
    double[][] m = new double[counts.length][];
    double[][] w = new double[counts.length][];
    for (int k = 0; k < counts.length; k++) {
      m[k] = means[k].clone();
      w[k] = scatters[k].clone();
    }
    return new GroupScatters(rows, dimension, counts.clone(), m, w);
  }

  /** Moves a row from one group, of at least two rows, to another. */
  void move(int row, int from, int to) {
    double[] z = difference(rows, row * dimension, means[from], new double[dimension]);
    double n = counts[from];
    addOuter(z, -n / (n - 1), scatters[from]);
    shift(means[from], z, -1 / (n - 1));
    counts[from] = n - 1;
    difference(rows, row * dimension, means[to], z);
    n = counts[to];
    addOuter(z, n / (n + 1), scatters[to]);
    shift(means[to], z, 1 / (n + 1));
    counts[to] = n + 1;
    mirror(scatters[from], dimension);
    mirror(scatters[to], dimension);
  }

  private static void shift(double[] mean, double[] z, double by) {
    for (int j = 0; j < z.length; j++) {
      mean[j] += by * z[j];
    }
  }

  private static double[] difference(double[] rows, int at, double[] mean, double[] into) {
    for (int j = 0; j < into.length; j++) {
      into[j] = rows[at + j] - mean[j];
    }
    return into;
  }

  private static void add(double[] values, double[] into) {
    for (int j = 0; j < into.length; j++) {
      into[j] += values[j];
    }
  }

  /** Adds to the lower triangle. */
  private static void addOuter(double[] z, double factor, double[] into) {
    int p = z.length;
    for (int i = 0; i < p; i++) {
      double a = factor * z[i];
      int row = i * p;
      for (int j = 0; j <= i; j++) {
        into[row + j] += a * z[j];
      }
    }
  }

  private static void mirror(double[] matrix, int p) {
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < i; j++) {
        matrix[j * p + i] = matrix[i * p + j];
      }
    }
  }
}
