package io.github.mixtura.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Seeded rows of Gaussian groups, with the groups they were drawn from and the laws' covariances.
 *
 * @param rows n × p
 * @param labels group of each row, from 0
 * @param covariances K times p × p
 */
record KnownGroups(double[][] rows, int[] labels, double[][][] covariances) {

  /**
   * A setting of the comparison.
   *
   * @param name its letter
   * @param rows n
   * @param dimension p
   * @param separation group k is centred at separation · e_k
   * @param lowest smallest variance of every group
   * @param highest largest variance; variances are spaced geometrically and the axes rotated at
   *     random for each group; 0 for spheres of standard deviations {@code deviations}
   * @param weights relative sizes of the groups
   * @param deviations of spheres
   */
  record Setting(
      String name,
      int rows,
      int dimension,
      double separation,
      double lowest,
      double highest,
      int[] weights,
      double[] deviations) {

    static Setting rotated(
        String name, int n, int p, double separation, double low, double high, int... weights) {
      return new Setting(name, n, p, separation, low, high, weights, null);
    }

    static Setting spheres(String name, int n, int p, double separation, double... deviations) {
      int[] weights = new int[deviations.length];
      Arrays.fill(weights, 1);
      return new Setting(name, n, p, separation, 0, 0, weights, deviations);
    }

    int components() {
      return weights.length;
    }

    KnownGroups draw(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      int components = weights.length;
      double[][][] factors = new double[components][][];
      double[][][] covariances = new double[components][][];
      for (int k = 0; k < components; k++) {
        factors[k] = factor(k, random);
        covariances[k] = covariance(factors[k]);
      }
      int[] labels = labels();
      double[][] rows = new double[this.rows][dimension];
      double[] z = new double[dimension];
      for (int i = 0; i < rows.length; i++) {
        Arrays.setAll(z, j -> random.nextGaussian());
        for (int a = 0; a < dimension; a++) {
          for (int b = 0; b < dimension; b++) {
            rows[i][a] += factors[labels[i]][a][b] * z[b];
          }
        }
        rows[i][labels[i]] += separation;
      }
      return new KnownGroups(rows, labels, covariances);
    }

    private double[][] factor(int k, RandomGenerator random) {
      double[][] factor = new double[dimension][dimension];
      if (deviations != null) {
        for (int j = 0; j < dimension; j++) {
          factor[j][j] = deviations[k];
        }
        return factor;
      }
      double[][] axes = rotation(random);
      for (int b = 0; b < dimension; b++) {
        double share = dimension == 1 ? 0 : b / (dimension - 1.0);
        double deviation = Math.sqrt(lowest * Math.pow(highest / lowest, share));
        for (int a = 0; a < dimension; a++) {
          factor[a][b] = axes[b][a] * deviation;
        }
      }
      return factor;
    }

    /** Orthonormal rows: normal vectors made orthogonal one after the other, twice. */
    private double[][] rotation(RandomGenerator random) {
      double[][] axes = new double[dimension][dimension];
      for (int a = 0; a < dimension; a++) {
        Arrays.setAll(axes[a], j -> random.nextGaussian());
        for (int pass = 0; pass < 2; pass++) {
          for (int b = 0; b < a; b++) {
            double dot = dot(axes[a], axes[b]);
            for (int j = 0; j < dimension; j++) {
              axes[a][j] -= dot * axes[b][j];
            }
          }
        }
        double norm = Math.sqrt(dot(axes[a], axes[a]));
        for (int j = 0; j < dimension; j++) {
          axes[a][j] /= norm;
        }
      }
      return axes;
    }

    private static double dot(double[] x, double[] y) {
      double sum = 0;
      for (int j = 0; j < x.length; j++) {
        sum += x[j] * y[j];
      }
      return sum;
    }

    private static double[][] covariance(double[][] factor) {
      double[][] matrix = new double[factor.length][factor.length];
      for (int a = 0; a < factor.length; a++) {
        for (int b = 0; b < factor.length; b++) {
          matrix[a][b] = dot(factor[a], factor[b]);
        }
      }
      return matrix;
    }

    /** Groups one after the other; sizes differ from the weights' shares by less than one. */
    private int[] labels() {
      int total = Arrays.stream(weights).sum();
      int[] labels = new int[rows];
      int at = 0;
      int sum = 0;
      for (int k = 0; k < weights.length; k++) {
        sum += weights[k];
        int end = (int) ((long) rows * sum / total);
        Arrays.fill(labels, at, end, k);
        at = end;
      }
      return labels;
    }
  }
}
