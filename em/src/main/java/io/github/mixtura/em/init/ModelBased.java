package io.github.mixtura.em.init;

import io.github.mixtura.compute.ElementFunctions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Model-based agglomeration: joins the two groups that raise least the classification criterion of
 * Gaussian groups with covariances of their own,
 *
 * <pre>
 *   Σ_k n_k log( |W_k / n_k| + (tr W_k + a) / n_k ),   a = tr W / (n p),
 * </pre>
 *
 * <p>where the determinant counts from p + 1 distinct points on and the second term keeps flat
 * groups apart from singular ones. O(n²) determinants of p × p matrices, many at a time in loops
 * that the compiler vectorises; n² / 2 costs in memory.
 *
 * <p>Fraley 1998, doi:10.1137/S1064827596311451; Scrucca &amp; Raftery 2015,
 * doi:10.1007/s11634-015-0220-z.
 */
final class ModelBased {
  /** Groups worked on at a time. */
  private static final int LANES = 128;

  // Numbers of a group: distinct points, weight, share of the criterion, then its mean and the
  // lower triangle of its scatter, row by row.
  private static final int COUNT = 0;
  private static final int SIZE = 1;
  private static final int TERM = 2;
  private static final int MEAN = 3;

  /** Added to the square of a pivot: keeps 0 / 0 away, and is lost in that of one above 1e-140. */
  private static final double TINY = 1e-300;

  private final int dimension;
  private final double spread;

  /** {@code groups[i / LANES][number][i % LANES]}. */
  private final double[][][] groups;

  /** The largest number of distinct points of a group. */
  private double most = 1;

  /** {@code cost[i][j]}, j < i: what joining i and j adds. */
  private final double[][] cost;

  private final int[] nearest;

  // Of the unions of a group with LANES others.
  private final double[][] difference;
  private final double[][] scatter;
  private final double[] size = new double[LANES];
  private final double[] inverseSize = new double[LANES];
  private final double[] between = new double[LANES];
  private final double[] trace = new double[LANES];
  private final double[] determinant = new double[LANES];
  private final double[] inverse = new double[LANES];
  private final double[] term = new double[LANES];
  private final BooleanSupplier hurry;
  private final ElementFunctions functions = new ElementFunctions(LANES);

  private ModelBased(double[][] points, double[] weights, BooleanSupplier hurry) {
    this.hurry = hurry;
    int n = points.length;
    dimension = points[0].length;
    int entries = dimension * (dimension + 1) / 2;
    difference = new double[dimension][LANES];
    scatter = new double[entries][LANES];
    double total = Arrays.stream(weights).sum();
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
    groups = new double[(n + LANES - 1) / LANES][MEAN + dimension + entries][LANES];
    for (int i = 0; i < n; i++) {
      double[][] block = groups[i / LANES];
      int lane = i % LANES;
      block[COUNT][lane] = 1;
      block[SIZE][lane] = weights[i];
      block[TERM][lane] = weights[i] * Math.log(spread / weights[i]);
      for (int j = 0; j < dimension; j++) {
        block[MEAN + j][lane] = points[i][j];
      }
    }
    cost = new double[n][];
    nearest = new int[n];
    for (int i = 0; i < n; i++) {
      cost[i] = new double[i];
      costs(i, i);
      nearest[i] = cheapest(cost[i], i);
    }
  }

  static Tree tree(double[][] points, double[] weights) {
    return tree(points, weights, () -> false);
  }

  static Tree tree(double[][] points, double[] weights, BooleanSupplier hurry) {
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
      new ModelBased(rows, Arrays.copyOf(joined, distinct), hurry)
          .agglomerate(merges, merged, first);
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
    int[] name = Arrays.copyOf(first, cost.length);
    int m = done;
    for (int live = cost.length; live > 1; live--) {
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
      costs(b, last);
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
    double[][] a = groups[into / LANES];
    double[][] b = groups[from / LANES];
    int i = into % LANES;
    int j = from % LANES;
    unite(into, b);
    a[TERM][i] = term[j];
    a[COUNT][i] += b[COUNT][j];
    most = Math.max(most, a[COUNT][i]);
    double joined = a[SIZE][i] + b[SIZE][j];
    double between = a[SIZE][i] * b[SIZE][j] / joined;
    int entry = MEAN + dimension;
    for (int r = 0; r < dimension; r++) {
      double step = between * (b[MEAN + r][j] - a[MEAN + r][i]);
      for (int s = 0; s <= r; s++, entry++) {
        a[entry][i] += b[entry][j] + step * (b[MEAN + s][j] - a[MEAN + s][i]);
      }
    }
    double share = b[SIZE][j] / joined;
    for (int r = MEAN; r < MEAN + dimension; r++) {
      a[r][i] += share * (b[r][j] - a[r][i]);
    }
    a[SIZE][i] = joined;
  }

  /** Gives the last group the place of one that is gone. */
  private void move(int last, int place) {
    double[][] from = groups[last / LANES];
    double[][] to = groups[place / LANES];
    for (int e = 0; e < to.length; e++) {
      to[e][place % LANES] = from[e][last % LANES];
    }
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

  /** What joining a group with each of the first {@code live} others adds. */
  private void costs(int group, int live) {
    double own = groups[group / LANES][TERM][group % LANES];
    for (int from = 0; from < live; from += LANES) {
      TooLate.check(hurry);
      double[][] block = groups[from / LANES];
      unite(group, block);
      for (int i = from; i < Math.min(from + LANES, live); i++) {
        if (i != group) {
          cost[Math.max(i, group)][Math.min(i, group)] =
              term[i - from] - block[TERM][i - from] - own;
        }
      }
    }
  }

  /** The terms of the unions of a group with each one of a block. */
  private void unite(int group, double[][] block) {
    double[][] own = groups[group / LANES];
    int lane = group % LANES;
    sizes(block[SIZE], own[SIZE][lane]);
    for (int r = 0; r < dimension; r++) {
      difference(difference[r], block[MEAN + r], own[MEAN + r][lane]);
    }
    double points = own[COUNT][lane];
    boolean flat = points + most <= dimension;
    Arrays.fill(trace, spread);
    for (int r = 0, e = 0; r < dimension; r++) {
      for (int s = 0; s <= r; s++, e++) {
        if (s == r || !flat) {
          int entry = MEAN + dimension + e;
          double w = own[entry][lane];
          union(scatter[e], block[entry], w, between, difference[r], difference[s]);
        }
      }
      add(trace, scatter[e - 1]);
    }
    if (flat) {
      Arrays.fill(determinant, 0);
    } else {
      determinants(block[COUNT], points - dimension);
    }
    finish();
  }

  private void sizes(double[] other, double own) {
    for (int b = 0; b < LANES; b++) {
      double n = other[b] + own;
      size[b] = n;
      inverseSize[b] = 1 / n;
      between[b] = other[b] * own / n;
    }
  }

  private static void difference(double[] z, double[] x, double c) {
    for (int b = 0; b < LANES; b++) {
      z[b] = x[b] - c;
    }
  }

  private static void union(
      double[] w, double[] other, double own, double[] between, double[] x, double[] y) {
    for (int b = 0; b < LANES; b++) {
      w[b] = Math.fma(between[b] * x[b], y[b], other[b] + own);
    }
  }

  private static void add(double[] sum, double[] x) {
    for (int b = 0; b < LANES; b++) {
      sum[b] += x[b];
    }
  }

  /** |W / n| as the product of pivots, those below 0 being 0; 0 for too few points. */
  private void determinants(double[] count, double missing) {
    enough(determinant, count, missing);
    for (int r = 0; r < dimension; r++) {
      pivot(determinant, inverse, scatter[r * (r + 3) / 2], inverseSize);
      for (int s = r + 1; s < dimension; s++) {
        int row = s * (s + 1) / 2;
        double[] ratio = difference[0];
        multiply(ratio, scatter[row + r], inverse);
        for (int t = r + 1; t <= s; t++) {
          subtract(scatter[row + t], ratio, scatter[t * (t + 1) / 2 + r]);
        }
      }
    }
  }

  /** 1 where both have more points together than there are columns, otherwise 0. */
  private static void enough(double[] flag, double[] count, double missing) {
    for (int b = 0; b < LANES; b++) {
      flag[b] = Math.min(1, Math.max(0, count[b] + missing));
    }
  }

  private static void pivot(double[] product, double[] inverse, double[] w, double[] inverseSize) {
    for (int b = 0; b < LANES; b++) {
      double p = Math.max(w[b], 0);
      product[b] *= p * inverseSize[b];
      inverse[b] = p / Math.fma(p, p, TINY);
    }
  }

  private static void multiply(double[] z, double[] x, double[] y) {
    for (int b = 0; b < LANES; b++) {
      z[b] = x[b] * y[b];
    }
  }

  private static void subtract(double[] sum, double[] x, double[] y) {
    for (int b = 0; b < LANES; b++) {
      sum[b] = Math.fma(-x[b], y[b], sum[b]);
    }
  }

  /** The terms of determinants and traces. */
  private void finish() {
    double[] sum = determinant;
    for (int b = 0; b < LANES; b++) {
      sum[b] = Math.fma(trace[b], inverseSize[b], sum[b]);
    }
    functions.log(term, sum, LANES);
    for (int b = 0; b < LANES; b++) {
      term[b] *= size[b];
    }
  }
}
