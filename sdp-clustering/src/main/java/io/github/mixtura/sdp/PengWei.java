package io.github.mixtura.sdp;

import java.util.Arrays;

/**
 * The K-means problem as Peng and Wei relax it: maximise {@code ⟨A, Z⟩}, {@code A = XXᵀ}.
 *
 * <p>A partition has {@code Z = Σ_k 1_k 1_kᵀ/n_k}, for which ⟨A, Z⟩ is the between-group sum of
 * squares. The relaxation asks for Z positive semidefinite, entries ≥ 0, {@code Z1 = 1}, trace K
 * (J. Peng and Y. Wei 2007, doi:10.1137/050641983).
 *
 * @param points X, n × p, centred
 * @param components K, 1 … n
 */
record PengWei(Points points, int components) {
  /** Rows that are added up before they are added to the whole. */
  static final int BLOCK = 1024;

  /** Sum over the groups of |sum of the rows|²/size; an empty group counts 0. */
  double objective(int[] labels) {
    int p = points.dimension();
    double[][] sums = sums(labels);
    int[] sizes = sizes(labels);
    double value = 0;
    for (int k = 0; k < components; k++) {
      double square = 0;
      for (int j = 0; j < p; j++) {
        square += sums[k][j] * sums[k][j];
      }
      value += sizes[k] == 0 ? 0 : square / sizes[k];
    }
    return value;
  }

  int[] sizes(int[] labels) {
    int[] sizes = new int[components];
    for (int label : labels) {
      sizes[label]++;
    }
    return sizes;
  }

  /** Sums of the rows of each group, K × p; by blocks of 1024 rows, which keeps rounding small. */
  double[][] sums(int[] labels) {
    int p = points.dimension();
    double[] x = points.rows().data;
    double[][] sums = new double[components][p];
    double[][] block = new double[components][p];
    for (int i = 0; i < labels.length; i++) {
      double[] sum = block[labels[i]];
      for (int j = 0; j < p; j++) {
        sum[j] += x[i * p + j];
      }
      if (i % BLOCK == BLOCK - 1 || i == labels.length - 1) {
        for (int k = 0; k < components; k++) {
          Vectors.add(1, block[k], sums[k]);
          Arrays.fill(block[k], 0);
        }
      }
    }
    return sums;
  }
}
