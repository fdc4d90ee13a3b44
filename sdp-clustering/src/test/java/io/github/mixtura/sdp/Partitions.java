package io.github.mixtura.sdp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/** Small data and all their partitions, for tests of searches. */
final class Partitions {
  private Partitions() {}

  /** All partitions of n rows into K groups, in canonical numbering. */
  static List<int[]> all(int n, int components) {
    List<int[]> found = new ArrayList<>();
    extend(new int[n], 0, 0, components, found);
    return found;
  }

  private static void extend(int[] labels, int at, int used, int components, List<int[]> found) {
    if (at == labels.length) {
      if (used == components) {
        found.add(labels.clone());
      }
      return;
    }
    for (int k = 0; k <= Math.min(used, components - 1); k++) {
      labels[at] = k;
      extend(labels, at + 1, Math.max(used, k + 1), components, found);
    }
  }

  static double best(int n, int components, ToDoubleFunction<int[]> objective) {
    return all(n, components).stream().mapToDouble(objective).max().orElseThrow();
  }

  /** Labels renumbered in order of appearance. */
  static int[] canonical(int[] labels) {
    int[] number = new int[labels.length];
    Arrays.fill(number, -1);
    int used = 0;
    int[] result = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (number[labels[i]] < 0) {
        number[labels[i]] = used++;
      }
      result[i] = number[labels[i]];
    }
    return result;
  }

  static Points points(double[]... rows) {
    int p = rows[0].length;
    double[] mean = new double[p];
    DMatrixRMaj matrix = new DMatrixRMaj(rows.length, p);
    for (double[] row : rows) {
      for (int j = 0; j < p; j++) {
        mean[j] += row[j] / rows.length;
      }
    }
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < p; j++) {
        matrix.set(i, j, rows[i][j] - mean[j]);
      }
    }
    return new Points(matrix);
  }

  /** Row i of group i mod K, spread 0.3 … 1.5 by group and column, centred at separation · e_k. */
  static double[][] groups(int n, int p, int components, double separation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[n][p];
    for (int i = 0; i < n; i++) {
      int k = i % components;
      for (int j = 0; j < p; j++) {
        rows[i][j] = (0.3 + 1.2 * ((k + j) % components) / components) * random.nextGaussian();
      }
      rows[i][k % p] += k < p ? separation : -separation;
    }
    return rows;
  }

  static int[] shuffled(int n, long seed) {
    int[] order = IntStream.range(0, n).toArray();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }
}
