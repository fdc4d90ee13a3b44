package io.github.mixtura.benchmarks;

import java.util.Arrays;

/** How far two partitions of the same rows agree, whatever the numbers of their groups. */
final class LabelAgreement {
  private LabelAgreement() {}

  /**
   * Share of rows whose group is wrong under the best matching of group numbers.
   *
   * @param truth numbers from 0
   * @param labels numbers from 0, of at most 16 groups
   * @return in [0, 1)
   */
  static double error(int[] truth, int[] labels) {
    int[][] table = table(truth, labels);
    int columns = table[0].length;
    int[] best = new int[1 << columns];
    for (int[] row : table) {
      int[] next = best.clone();
      for (int used = 0; used < best.length; used++) {
        for (int l = 0; l < columns; l++) {
          if ((used >> l & 1) == 0) {
            int with = used | 1 << l;
            next[with] = Math.max(next[with], best[used] + row[l]);
          }
        }
      }
      best = next;
    }
    return 1 - Arrays.stream(best).max().orElse(0) / (double) truth.length;
  }

  /**
   * Adjusted Rand index (Hubert &amp; Arabie 1985, doi:10.1007/BF01908075).
   *
   * @param truth numbers from 0
   * @param labels numbers from 0
   * @return 1 for equal partitions, about 0 for unrelated ones
   */
  static double adjustedRandIndex(int[] truth, int[] labels) {
    int[][] table = table(truth, labels);
    double cells = 0;
    double rows = 0;
    double[] columns = new double[table[0].length];
    for (int[] row : table) {
      double sum = 0;
      for (int l = 0; l < row.length; l++) {
        cells += pairs(row[l]);
        columns[l] += row[l];
        sum += row[l];
      }
      rows += pairs(sum);
    }
    double others = Arrays.stream(columns).map(LabelAgreement::pairs).sum();
    double expected = rows * others / pairs(truth.length);
    double largest = 0.5 * (rows + others);
    return largest == expected ? 1 : (cells - expected) / (largest - expected);
  }

  private static double pairs(double n) {
    return n * (n - 1) / 2;
  }

  private static int[][] table(int[] truth, int[] labels) {
    int rows = Arrays.stream(truth).max().orElse(0) + 1;
    int columns = Arrays.stream(labels).max().orElse(0) + 1;
    int[][] table = new int[rows][columns];
    for (int i = 0; i < truth.length; i++) {
      table[truth[i]][labels[i]]++;
    }
    return table;
  }
}
