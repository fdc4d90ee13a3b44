package io.github.mixtura.em.init;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Model-based agglomeration: joins the two groups that raise least the classification criterion of
 * Gaussian groups with covariances of their own,
 *
 * <pre>
 *   Σ_k n_k log( |W_k / n_k| + (tr W_k + a) / n_k ),   a = tr W / (n p),
 * </pre>
 *
 * <p>where the determinant counts from p + 1 distinct points on and the second term keeps flat
 * groups apart from singular ones. O(n²) determinants of p × p matrices; n² / 2 costs in memory.
 *
 * <p>Fraley 1998, doi:10.1137/S1064827596311451; Scrucca &amp; Raftery 2015,
 * doi:10.1007/s11634-015-0220-z.
 */
final class ModelBased {
  private final int dimension;
  private final double spread;

  /** Per group: number of distinct points, weight, mean, scatter by rows of its lower triangle. */
  private final int[] count;

  private final double[] size;
  private final double[][] mean;
  private final double[][] scatter;
  private final double[] term;

  /** {@code cost[i][j]}, j < i: what joining i and j adds. */
  private final double[][] cost;

  private final int[] nearest;
  private final double[] packed;
  private final double[] factor;
  private final double[] inverse;

  private ModelBased(double[][] points, double[] weights) {
    int n = points.length;
    dimension = points[0].length;
    double total = Arrays.stream(weights).sum();
    count = new int[n];
    Arrays.fill(count, 1);
    size = weights.clone();
    mean = new double[n][];
    Arrays.setAll(mean, i -> points[i].clone());
    int entries = dimension * (dimension + 1) / 2;
    scatter = new double[n][entries];
    term = new double[n];
    packed = new double[entries];
    factor = new double[entries];
    inverse = new double[dimension];
    double sum = 0;
    for (int j = 0; j < dimension; j++) {
      double centre = 0;
      for (int i = 0; i < n; i++) {
        centre += weights[i] / total * points[i][j];
      }
      for (int i = 0; i < n; i++) {
        sum += weights[i] * (points[i][j] - centre) * (points[i][j] - centre);
      }
    }
    spread = sum / (total * dimension) * (total / n);
    cost = new double[n][];
    nearest = new int[n];
    for (int i = 0; i < n; i++) {
      term[i] = term(scatter[i], 1, size[i]);
    }
    for (int i = 0; i < n; i++) {
      cost[i] = new double[i];
      for (int j = 0; j < i; j++) {
        cost[i][j] = cost(i, j);
      }
      nearest[i] = cheapest(cost[i], i);
    }
  }

  static Tree tree(double[][] points, double[] weights) {
    int n = points.length;
    int[] first = new int[n];
    int[][] merges = new int[n - 1][];
    int merged = 0;
    Map<Key, Integer> seen = new HashMap<>();
    int distinct = 0;
    double[] joined = new double[n];
    for (int i = 0; i < n; i++) {
      Integer same = seen.putIfAbsent(new Key(points[i]), distinct);
      if (same == null) {
        first[distinct] = i;
        joined[distinct++] = weights[i];
      } else {
        joined[same] += weights[i];
        merges[merged++] = new int[] {first[same], i};
      }
    }
    double[][] rows = new double[distinct][];
    Arrays.setAll(rows, i -> points[first[i]]);
    if (distinct > 1) {
      new ModelBased(rows, Arrays.copyOf(joined, distinct)).agglomerate(merges, merged, first);
    }
    return new Tree(merges);
  }

  private record Key(double[] point) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(point, key.point);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(point);
    }
  }

  /** Live groups fill places 0 … live − 1; {@code name} is a point of each. */
  private void agglomerate(int[][] merges, int done, int[] first) {
    int[] name = Arrays.copyOf(first, count.length);
    int m = done;
    for (int live = count.length; live > 1; live--) {
      int a = 1;
      for (int i = 2; i < live; i++) {
        if (cost[i][nearest[i]] < cost[a][nearest[a]]) {
          a = i;
        }
      }
      int b = nearest[a];
      merges[m++] = new int[] {name[b], name[a]};
      join(b, a);
      int last = live - 1;
      if (a != last) {
        move(last, a);
        name[a] = name[last];
      }
      for (int i = 0; i < last; i++) {
        if (i != b) {
          double[] row = cost[Math.max(i, b)];
          row[Math.min(i, b)] = cost(i, b);
        }
      }
      for (int i = 1; i < last; i++) {
        int best = nearest[i];
        if (i == b || i == a || best == b || best == a || best == last) {
          nearest[i] = cheapest(cost[i], i);
        } else if (b < i && cost[i][b] < cost[i][best]) {
          nearest[i] = b;
        }
        if (a < i && cost[i][a] < cost[i][nearest[i]]) {
          nearest[i] = a;
        }
      }
    }
  }

  /** Puts the union of two groups in the first one's place. */
  private void join(int into, int from) {
    union(into, from, scatter[into]);
    double share = size[from] / (size[into] + size[from]);
    for (int j = 0; j < dimension; j++) {
      mean[into][j] += share * (mean[from][j] - mean[into][j]);
    }
    size[into] += size[from];
    count[into] += count[from];
    term[into] = term(scatter[into], count[into], size[into]);
  }

  /** Gives the last group the place of one that is gone. */
  private void move(int last, int place) {
    count[place] = count[last];
    size[place] = size[last];
    mean[place] = mean[last];
    scatter[place] = scatter[last];
    term[place] = term[last];
    for (int i = 0; i < last; i++) {
      if (i != place) {
        cost[Math.max(i, place)][Math.min(i, place)] = cost[last][i];
      }
    }
  }

  private static int cheapest(double[] row, int length) {
    int best = 0;
    for (int j = 1; j < length; j++) {
      if (row[j] < row[best]) {
        best = j;
      }
    }
    return best;
  }

  private double cost(int i, int j) {
    union(i, j, packed);
    return term(packed, count[i] + count[j], size[i] + size[j]) - term[i] - term[j];
  }

  private void union(int i, int j, double[] into) {
    double between = size[i] * size[j] / (size[i] + size[j]);
    double[] a = scatter[i];
    double[] b = scatter[j];
    double[] c = mean[i];
    double[] d = mean[j];
    for (int r = 0, e = 0; r < dimension; r++) {
      double step = between * (c[r] - d[r]);
      for (int s = 0; s <= r; s++, e++) {
        into[e] = a[e] + b[e] + step * (c[s] - d[s]);
      }
    }
  }

  /** One group's share of the criterion. */
  private double term(double[] w, int points, double n) {
    double trace = 0;
    for (int r = 0; r < dimension; r++) {
      trace += w[r * (r + 3) / 2];
    }
    double flat = (trace + spread) / n;
    if (points <= dimension) {
      return n * Math.log(flat);
    }
    return n * Math.log(determinant(w, n) + flat);
  }

  /** |W / n| by Cholesky's factor; 0 where there is none. */
  private double determinant(double[] w, double n) {
    double product = 1;
    for (int r = 0; r < dimension; r++) {
      int row = r * (r + 1) / 2;
      for (int s = 0; s <= r; s++) {
        int other = s * (s + 1) / 2;
        double sum = w[row + s];
        for (int t = 0; t < s; t++) {
          sum -= factor[row + t] * factor[other + t];
        }
        if (s < r) {
          factor[row + s] = sum * inverse[s];
        } else if (sum > 0) {
          inverse[r] = 1 / Math.sqrt(sum);
          factor[row + r] = sum * inverse[r];
          product *= sum / n;
        } else {
          return 0;
        }
      }
    }
    return product;
  }
}
