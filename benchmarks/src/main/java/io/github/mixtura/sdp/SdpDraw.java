package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;

/**
 * Seeded rows of Gaussian groups; row i is of group i mod K.
 *
 * @param rows n × p
 * @param labels group of each row, from 0
 * @param components K
 */
record SdpDraw(Observations rows, int[] labels, int components) {
  /**
   * Spherical groups of unit variance whose centres are all {@code Δ} apart, with {@code Δ² = ratio
   * · 4(1 + √(1 + Kp/(n log n))) log n}: at ratio 1 exact recovery begins to be possible (X. Chen
   * and Y. Yang 2021, Cutoff for exact recovery of Gaussian mixture models).
   */
  static SdpDraw balanced(int n, int p, int components, double ratio, long seed) {
    double log = Math.log(n);
    double square = ratio * 4 * (1 + Math.sqrt(1 + components * p / (n * log))) * log;
    double[][] centres = new double[components][p];
    for (int k = 0; k < components; k++) {
      centres[k][k] = Math.sqrt(square / 2);
    }
    return around(centres, null, n, new Random(seed));
  }

  /**
   * Four clusters around {@code near·e_1 … near·e_4} at each corner of a square of side {@code
   * far}, all of unit variance.
   */
  static SdpDraw farGroups(int n, double near, double far, long seed) {
    double[][] centres = new double[16][6];
    for (int k = 0; k < 16; k++) {
      centres[k][k % 4] = near;
      centres[k][4] = k / 4 % 2 * far;
      centres[k][5] = k < 8 ? 0 : far;
    }
    return around(centres, null, n, new Random(seed));
  }

  /**
   * Group k has mean {@code separation·e_k} and covariance {@code Q_k diag(geometric from lowest to
   * highest) Q_kᵀ}, Q_k a random rotation.
   */
  static SdpDraw rotated(
      int n, int p, int components, double separation, double lowest, double highest, long seed) {
    Random random = new Random(seed);
    double[][] centres = new double[components][p];
    DMatrixRMaj[] factors = new DMatrixRMaj[components];
    double[] deviations = new double[p];
    Arrays.setAll(deviations, j -> Math.sqrt(lowest * Math.pow(highest / lowest, j / (p - 1.0))));
    for (int k = 0; k < components; k++) {
      centres[k][k] = separation;
      factors[k] = RandomMatrices_DDRM.orthogonal(p, p, random);
      CommonOps_DDRM.multCols(factors[k], deviations);
    }
    return around(centres, factors, n, random);
  }

  private static SdpDraw around(double[][] centres, DMatrixRMaj[] factors, int n, Random random) {
    int p = centres[0].length;
    int[] labels = new int[n];
    Observations.Builder builder = Observations.builder(p);
    double[] row = new double[p];
    double[] normal = new double[p];
    for (int i = 0; i < n; i++) {
      int k = i % centres.length;
      labels[i] = k;
      Arrays.setAll(normal, j -> random.nextGaussian());
      for (int j = 0; j < p; j++) {
        double deviation = normal[j];
        if (factors != null) {
          deviation = 0;
          for (int a = 0; a < p; a++) {
            deviation += factors[k].get(j, a) * normal[a];
          }
        }
        row[j] = centres[k][j] + deviation;
      }
      builder.add(row);
    }
    return new SdpDraw(builder.build(), labels, centres.length);
  }

  /** Rows in other groups than those they were drawn from, with groups matched by majority. */
  int moved(int[] found) {
    int[][] table = new int[components][components];
    for (int i = 0; i < found.length; i++) {
      table[found[i]][labels[i]]++;
    }
    int agreeing = 0;
    for (int[] counts : table) {
      agreeing += Arrays.stream(counts).max().orElse(0);
    }
    return found.length - agreeing;
  }

  /** The problem of SDP-relaxed K-means. */
  PengWei problem() {
    return new PengWei(Points.of(rows), components);
  }

  /** Labels, bounded for the covariances of a partition. */
  Partition certified(int[] labels, Partition covariances) {
    return SdpCertificate.of(rows, labels, covariances.covariances().toArray(double[][][]::new));
  }

  /** The value of labels for the covariances of a partition. */
  double objective(int[] labels, Partition covariances) {
    return Adjusted.of(Points.of(rows), covariances(covariances)).objective(labels);
  }

  static DMatrixRMaj[] covariances(Partition partition) {
    return partition.covariances().stream().map(DMatrixRMaj::new).toArray(DMatrixRMaj[]::new);
  }
}
