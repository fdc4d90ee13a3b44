package io.github.mixtura.em.init;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.BooleanSupplier;

/**
 * Ward's minimum-variance agglomeration of weighted points by nearest-neighbour chains: O(n²) time,
 * n² / 2 distances in memory.
 *
 * <p>Murtagh &amp; Legendre 2014, doi:10.1007/s00357-014-9161-z.
 */
final class Ward {
  private Ward() {}

  private record Merge(int first, int second, double height) {}

  static Tree tree(double[][] points, double[] weights) {
    return tree(points, weights, () -> false);
  }

  static Tree tree(double[][] points, double[] weights, BooleanSupplier hurry) {
    int n = points.length;
    double[] size = weights.clone();
    double[][] distance = new double[n][];
    for (int i = 0; i < n; i++) {
      TooLate.check(hurry);
      distance[i] = new double[i];
      for (int j = 0; j < i; j++) {
        distance[i][j] =
            2
                * size[i]
                * size[j]
                / (size[i] + size[j])
                * Features.squaredDistance(points[i], points[j]);
      }
    }
    boolean[] gone = new boolean[n];
    int[] chain = new int[n];
    int length = 0;
    Merge[] found = new Merge[n - 1];
    for (int m = 0; m < n - 1; ) {
      if (length == 0) {
        chain[length++] = firstPresent(gone);
      }
      TooLate.check(hurry);
      int a = chain[length - 1];
      int before = length > 1 ? chain[length - 2] : -1;
      int b = nearest(a, before, distance, gone);
      if (b != before) {
        chain[length++] = b;
        continue;
      }
      length -= 2;
      found[m++] = new Merge(a, b, at(distance, a, b));
      join(a, b, distance, size, gone);
    }
    Arrays.sort(found, Comparator.comparingDouble(Merge::height));
    int[][] merges = new int[n - 1][];
    for (int m = 0; m < merges.length; m++) {
      merges[m] = new int[] {found[m].first(), found[m].second()};
    }
    return new Tree(merges);
  }

  private static int firstPresent(boolean[] gone) {
    int i = 0;
    while (gone[i]) {
      i++;
    }
    return i;
  }

  private static double at(double[][] distance, int a, int b) {
    return a > b ? distance[a][b] : distance[b][a];
  }

  /** Nearest cluster to a; the one before it in the chain wins ties, so that chains end. */
  private static int nearest(int a, int before, double[][] distance, boolean[] gone) {
    int best = before;
    double least = before < 0 ? Double.POSITIVE_INFINITY : at(distance, a, before);
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i] && i != a && at(distance, a, i) < least) {
        least = at(distance, a, i);
        best = i;
      }
    }
    return best;
  }

  /** Puts the union of a and b in the place of b (Lance and Williams' formula). */
  private static void join(int a, int b, double[][] distance, double[] size, boolean[] gone) {
    double between = at(distance, a, b);
    gone[a] = true;
    for (int i = 0; i < gone.length; i++) {
      if (gone[i] || i == b) {
        continue;
      }
      double joined =
          ((size[a] + size[i]) * at(distance, a, i)
                  + (size[b] + size[i]) * at(distance, b, i)
                  - size[i] * between)
              / (size[a] + size[b] + size[i]);
      if (i > b) {
        distance[i][b] = joined;
      } else {
        distance[b][i] = joined;
      }
    }
    size[b] += size[a];
  }
}
