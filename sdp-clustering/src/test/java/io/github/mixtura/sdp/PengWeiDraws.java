package io.github.mixtura.sdp;

import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;

/** Data of known separation, with the labels they were drawn with. */
record PengWeiDraws(PengWei problem, int[] labels) {
  /**
   * Balanced spherical groups of unit variance whose centres are all {@code Δ} apart, with {@code
   * Δ² = ratio · 4(1 + √(1 + Kp/(n log n))) log n} (X. Chen and Y. Yang 2021).
   */
  static PengWeiDraws balanced(int n, int p, int groups, double ratio, long seed) {
    double log = Math.log(n);
    double square = ratio * 4 * (1 + Math.sqrt(1 + groups * p / (n * log))) * log;
    double[][] centres = new double[groups][p];
    for (int k = 0; k < groups; k++) {
      centres[k][k] = Math.sqrt(square / 2);
    }
    return around(centres, n, seed);
  }

  /** Four groups at the corners of a square of side {@code far}, each of four clusters near·e_k. */
  static PengWeiDraws farGroups(int n, double near, double far, long seed) {
    double[][] centres = new double[16][6];
    for (int k = 0; k < 16; k++) {
      centres[k][k % 4] = near;
      centres[k][4] = far * (k / 4 % 2);
      centres[k][5] = k < 8 ? 0 : far;
    }
    return around(centres, n, seed);
  }

  static PengWeiDraws around(double[][] centres, int n, long seed) {
    int p = centres[0].length;
    SplittableRandom random = new SplittableRandom(seed);
    DMatrixRMaj rows = new DMatrixRMaj(n, p);
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % centres.length;
      for (int j = 0; j < p; j++) {
        rows.data[i * p + j] = centres[labels[i]][j] + random.nextGaussian();
      }
    }
    return new PengWeiDraws(new PengWei(centred(rows), centres.length), labels);
  }

  static Points centred(DMatrixRMaj rows) {
    int n = rows.numRows;
    int p = rows.numCols;
    DMatrixRMaj centred = rows.copy();
    for (int pass = 0; pass < 2; pass++) {
      double[] sum = new double[p];
      for (int i = 0; i < n * p; i++) {
        sum[i % p] += centred.data[i];
      }
      for (int i = 0; i < n * p; i++) {
        centred.data[i] -= sum[i % p] / n;
      }
    }
    return new Points(centred);
  }

  /** The best of Lloyd's iterations from the labels: a local optimum close to them. */
  int[] settled() {
    Points points = problem.points();
    int p = points.dimension();
    int[] current = labels.clone();
    for (int sweep = 0; sweep < 100; sweep++) {
      double[][] means = problem.sums(current);
      int[] sizes = problem.sizes(current);
      int changed = 0;
      for (int i = 0; i < current.length; i++) {
        int best = current[i];
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < sizes.length; k++) {
          double distance = 0;
          for (int j = 0; j < p; j++) {
            double step = points.rows().data[i * p + j] - means[k][j] / sizes[k];
            distance += step * step;
          }
          if (distance < least) {
            least = distance;
            best = k;
          }
        }
        if (best != current[i]) {
          current[i] = best;
          changed++;
        }
      }
      if (changed == 0) {
        break;
      }
    }
    return current;
  }
}
