package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/**
 * The multiplier B chosen entry by entry, n × n.
 *
 * <p>{@code N = α1ᵀ + 1αᵀ − A} has the row sums B needs, but not only entries ≥ 0. B is the closest
 * matrix to N in the Frobenius norm that is ≥ 0, is 0 where two rows share a group, and has them:
 * {@code B = max(0, N + UHᵀ + HUᵀ)} there, where U is found group by group with one Newton step per
 * row and group and sweep. What is left of {@code λI − S = A + B − α1ᵀ − 1αᵀ} outside the groups is
 * then small. Any U gives B ≥ 0, so the bound holds whether the sweeps have converged or not.
 *
 * <p>2n² doubles here and 3n² in the proof; about 30 sweeps of n² steps.
 */
final class PengWeiEntrywise {
  private static final int SWEEPS = 60;
  private static final int STRIPE = 64;

  private final PengWeiDual dual;
  private final Run run;
  private final int n;
  private final int groups;

  /** Rows: those of one group alone, group by group, then those of several. */
  private final int[] order;

  private final int[] from;
  private final double[][] shares;
  private final double[][] wanted;

  /** U by columns, K × n. */
  private final double[][] shifts;

  private final DMatrixRMaj m;

  private PengWeiEntrywise(PengWeiDual dual, Run run) {
    this.dual = dual;
    this.run = run;
    n = dual.alpha.length;
    groups = dual.shares.length;
    order =
        IntStream.range(0, n)
            .boxed()
            .sorted((a, b) -> Integer.compare(place(a), place(b)))
            .mapToInt(i -> i)
            .toArray();
    from = new int[groups + 2];
    for (int i = 0; i < n; i++) {
      from[place(i) + 1]++;
    }
    Arrays.parallelPrefix(from, Integer::sum);
    shares = permuted(dual.shares);
    wanted = permuted(dual.rowSums);
    shifts = new double[groups][n];
    m = negative();
  }

  /**
   * {@code A + B − α1ᵀ − 1αᵀ} for the best B found; rows and columns in the order of {@link
   * #basis}.
   */
  static PengWeiEntrywise of(PengWeiDual dual, Run run) {
    PengWeiEntrywise entrywise = new PengWeiEntrywise(dual, run);
    entrywise.balance();
    entrywise.fill();
    return entrywise;
  }

  /** n × n. */
  DMatrixRMaj matrix() {
    return m;
  }

  /** h_k in the order of the rows of {@link #matrix}. */
  double[][] basis() {
    return shares;
  }

  private int place(int i) {
    return dual.isSplit(i) ? groups : dual.group[i];
  }

  private double[][] permuted(double[][] columns) {
    double[][] result = new double[columns.length][n];
    for (int k = 0; k < columns.length; k++) {
      for (int i = 0; i < n; i++) {
        result[k][i] = columns[k][order[i]];
      }
    }
    return result;
  }

  /** N = α1ᵀ + 1αᵀ − A. */
  private DMatrixRMaj negative() {
    Points points = dual.problem.points();
    int p = points.dimension();
    DMatrixRMaj rows = new DMatrixRMaj(n, p);
    double[] alpha = new double[n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(points.rows().data, order[i] * p, rows.data, i * p, p);
      alpha[i] = dual.alpha[order[i]];
    }
    DMatrixRMaj a = Dense.outerProduct(rows);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a.data[i * n + j] = alpha[i] + alpha[j] - a.data[i * n + j];
      }
    }
    return a;
  }

  private void balance() {
    double scale = 0;
    for (double[] column : wanted) {
      for (double value : column) {
        scale = Math.max(scale, value);
      }
    }
    double[] rest = new double[n];
    for (int sweep = 0; sweep < SWEEPS && !run.isOver(); sweep++) {
      for (int place = 0; place <= groups; place++) {
        int first = from[place];
        int last = from[place + 1];
        int stripes = (last - first + STRIPE - 1) / STRIPE;
        Run how = n < 500 ? Run.FREE : run;
        how.forEach(
            stripes,
            s -> {
              int end = Math.min(last, first + (s + 1) * STRIPE);
              for (int i = first + s * STRIPE; i < end; i++) {
                rest[i] = step(i);
              }
            });
      }
      double worst = 0;
      for (double value : rest) {
        worst = Math.max(worst, value);
      }
      if (!(worst > 1e-12 * scale)) {
        return;
      }
    }
  }

  /** One Newton step for the shifts of row i; returns the largest error of its sums before it. */
  private double step(int i) {
    double worst = 0;
    int splits = from[groups];
    boolean split = i >= splits;
    double damping = split ? 0.5 : 1;
    double[] changed = new double[groups];
    for (int l = 0; l < groups; l++) {
      if (shares[l][i] > 0) {
        continue;
      }
      double[] sums = new double[3];
      if (split) {
        for (int j = from[l]; j < from[l + 1]; j++) {
          count(entry(i, j), 1, sums);
        }
      } else {
        countBlock(i, l, sums);
      }
      for (int j = splits; j < n; j++) {
        if (shares[l][j] > 0 && apart(i, j)) {
          count(entry(i, j), shares[l][j], sums);
        }
      }
      double missing = wanted[l][i] - sums[0];
      worst = Math.max(worst, Math.abs(missing));
      if (sums[1] > 0) {
        changed[l] = damping * missing / sums[1];
      } else if (sums[2] > Double.NEGATIVE_INFINITY && missing > 0) {
        changed[l] = missing - sums[2];
      }
    }
    for (int l = 0; l < groups; l++) {
      shifts[l][i] += changed[l];
    }
    return worst;
  }

  private static void count(double value, double share, double[] sums) {
    sums[0] += share * Math.max(0, value);
    sums[1] += value > 0 ? share * share : 0;
    sums[2] = Math.min(sums[2], value);
  }

  /** The same for row i of one group alone and the columns of group l alone. */
  private void countBlock(int i, int l, double[] sums) {
    double own = shifts[l][i];
    double[] other = shifts[dual.group[order[i]]];
    double[] data = m.data;
    int at = i * n;
    double sum0 = 0;
    double sum1 = 0;
    double count0 = 0;
    double count1 = 0;
    int j = from[l];
    int end = from[l + 1];
    for (; j + 1 < end; j += 2) {
      double one = data[at + j] + (own + other[j]);
      double two = data[at + j + 1] + (own + other[j + 1]);
      sum0 += Math.max(0, one);
      sum1 += Math.max(0, two);
      count0 += one > 0 ? 1 : 0;
      count1 += two > 0 ? 1 : 0;
    }
    for (; j < end; j++) {
      double one = data[at + j] + (own + other[j]);
      sum0 += Math.max(0, one);
      count0 += one > 0 ? 1 : 0;
    }
    sums[0] += sum0 + sum1;
    sums[1] += count0 + count1;
  }

  /** Whether rows i and j share no group. */
  private boolean apart(int i, int j) {
    for (int k = 0; k < groups; k++) {
      if (shares[k][i] > 0 && shares[k][j] > 0) {
        return false;
      }
    }
    return true;
  }

  /** Entry of N + UHᵀ + HUᵀ; the same bits for (j, i). */
  private double entry(int i, int j) {
    double one = 0;
    double other = 0;
    for (int k = 0; k < groups; k++) {
      one += shifts[k][i] * shares[k][j];
      other += shifts[k][j] * shares[k][i];
    }
    return m.data[i * n + j] + (one + other);
  }

  /** Replaces N by B − N. */
  private void fill() {
    int splits = from[groups];
    int stripes = (n + STRIPE - 1) / STRIPE;
    run.forEach(
        stripes,
        s -> {
          for (int i = s * STRIPE; i < Math.min(n, (s + 1) * STRIPE); i++) {
            for (int l = 0; l < groups && i < splits; l++) {
              fillBlock(i, l);
            }
            for (int j = i < splits ? splits : 0; j < n; j++) {
              double b = apart(i, j) ? Math.max(0, entry(i, j)) : 0;
              m.data[i * n + j] = b - m.data[i * n + j];
            }
          }
        });
  }

  private void fillBlock(int i, int l) {
    int group = dual.group[order[i]];
    double own = shifts[l][i];
    double[] other = shifts[group];
    double[] data = m.data;
    int at = i * n;
    int end = from[l + 1];
    if (l == group) {
      for (int j = from[l]; j < end; j++) {
        data[at + j] = -data[at + j];
      }
      return;
    }
    for (int j = from[l]; j < end; j++) {
      double b = Math.max(0, data[at + j] + (own + other[j]));
      data[at + j] = b - data[at + j];
    }
  }
}
