package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * The multiplier B of rank one in each pair of groups, in O(n(p + K)) memory.
 *
 * <p>{@code B_kl = a_kl a_lkᵀ/s} for the row sums a_kl that B needs between rows of one group alone
 * (T. Iguchi, D. Mixon, J. Peterson and S. Villar 2017, doi:10.1007/s10107-016-1097-0). A row i of
 * several groups gets {@code B_ij ∝ min_l (row sum of j for l)}, l over the groups of i, which
 * takes no row sum of j below 0.
 *
 * <p>Within a group alone, rows of {@code M = A + B − α1ᵀ − 1αᵀ} depend on the point linearly and
 * on those minima. So {@code M = Φ C Φᵀ} for a block matrix Φ with a few more than K(p+1) columns,
 * and the eigenvalues of M that are not 0 are those of {@code R C Rᵀ}, {@code RᵀR = ΦᵀΦ}: exact up
 * to rounding, with no iteration that could miss one. If ΦᵀΦ is close to singular, δI is added,
 * which is the same as further rows of Φ; M is then a principal submatrix, whose eigenvalues are
 * not larger.
 */
final class PengWeiRank1 {
  private static final int BLOCK = PengWei.BLOCK;
  private static final double REGULAR = 1e-6;

  private static final int MOST_SPLIT = 400;

  /** Rows of the small matrix; its eigenvalues take some ten seconds. */
  private static final int MOST_ROWS = 3000;

  private final PengWeiDual dual;
  private final Run run;
  private final int groups;
  private final int p;
  private final Part[] parts;
  private final List<BitSet> kinds = new ArrayList<>();
  private final int[] kindOf;

  /** What split row i takes from the rows of group k alone, over the sum of their minima. */
  private final double[][] weight;

  private final double[][] splitPairs;
  private final double[] values;
  private final double distortion;

  /** One group: its rows, their features and coefficients in them. */
  private static final class Part {
    int[] rows;
    double[] centre;
    double[] minima;
    double[] alpha;
    double[][] sums;
    double[] totals;
    DMatrixRMaj root;
    double distortion;
  }

  private PengWeiRank1(PengWeiDual dual, Run run) {
    this.dual = dual;
    this.run = run;
    groups = dual.shares.length;
    p = dual.problem.points().dimension();
    kindOf = new int[dual.split.length];
    for (int s = 0; s < kindOf.length; s++) {
      kindOf[s] = kind(dual.split[s]);
    }
    parts = new Part[groups];
    for (int k = 0; k < groups; k++) {
      parts[k] = new Part();
    }
    gather();
    weight = new double[dual.split.length][groups];
    splitPairs = new double[dual.split.length][dual.split.length];
    run.forEach(groups, k -> measure(parts[k], k));
    shareOut();
    for (int k = 0; k < groups; k++) {
      linear(parts[k], k);
    }
    double worst = 0;
    for (Part part : parts) {
      worst = Math.max(worst, part.distortion);
    }
    distortion = worst;
    values = Dense.symmetricEigen(compressed(), run.stop()).values();
  }

  /**
   * Makes B and the eigenvalues.
   *
   * @throws java.util.concurrent.CancellationException once the time of the run is over
   */
  static PengWeiRank1 of(PengWeiDual dual, Run run) {
    return new PengWeiRank1(dual, run);
  }

  /** Whether the small matrix has at most {@value #MOST_ROWS} rows. */
  static boolean isFeasible(PengWeiDual dual) {
    int groups = dual.shares.length;
    long kinds = Arrays.stream(dual.split).mapToObj(i -> members(dual, i)).distinct().count();
    double width = dual.problem.points().dimension() + 1.0 + kinds;
    return dual.split.length <= MOST_SPLIT && groups * width + dual.split.length <= MOST_ROWS;
  }

  private static BitSet members(PengWeiDual dual, int row) {
    BitSet members = new BitSet();
    for (int k = 0; k < dual.shares.length; k++) {
      members.set(k, dual.shares[k][row] > 0);
    }
    return members;
  }

  /** The largest eigenvalues of M first; those of its null space are left out. */
  double value(int index) {
    return index < values.length ? values[values.length - 1 - index] : 0;
  }

  /** Sum of the K largest eigenvalues of M, without allowance for rounding. */
  double sum() {
    double sum = 0;
    for (int i = 0; i < groups; i++) {
      sum += Math.max(0, value(i));
    }
    return sum;
  }

  /** What rounding can add to {@link #sum}. */
  double errorTerms() {
    return groups * magnitude() * (distortion + 64.0 * values.length * EigenBounds.EPSILON);
  }

  /** The largest absolute eigenvalue of M. */
  double magnitude() {
    return Math.max(value(0), -values[0]);
  }

  private int kind(int row) {
    BitSet members = members(dual, row);
    if (!kinds.contains(members)) {
      kinds.add(members);
    }
    return kinds.indexOf(members);
  }

  private void gather() {
    int[] sizes = new int[groups];
    for (int i = 0; i < dual.group.length; i++) {
      sizes[dual.group[i]] += dual.isSplit(i) ? 0 : 1;
    }
    for (int k = 0; k < groups; k++) {
      parts[k].rows = new int[sizes[k]];
    }
    Arrays.fill(sizes, 0);
    for (int i = 0; i < dual.group.length; i++) {
      if (!dual.isSplit(i)) {
        int k = dual.group[i];
        parts[k].rows[sizes[k]++] = i;
      }
    }
  }

  /** Centre, totals of the minima, and the root of the features' Gram matrix. */
  private void measure(Part part, int k) {
    double[] x = dual.problem.points().rows().data;
    part.centre = new double[p];
    double[] block = new double[p];
    for (int r = 0; r < part.rows.length; r++) {
      int at = part.rows[r] * p;
      for (int j = 0; j < p; j++) {
        block[j] += x[at + j];
      }
      if (r % BLOCK == BLOCK - 1 || r == part.rows.length - 1) {
        Vectors.add(1.0 / part.rows.length, block, part.centre);
        Arrays.fill(block, 0);
      }
    }
    int width = p + 1 + kinds.size();
    DMatrixRMaj gram = new DMatrixRMaj(width, width);
    part.minima = new double[kinds.size()];
    for (int from = 0; from < part.rows.length; from += BLOCK) {
      run.check();
      int count = Math.min(BLOCK, part.rows.length - from);
      DMatrixRMaj features = new DMatrixRMaj(count, width);
      for (int r = 0; r < count; r++) {
        features(part, k, part.rows[from + r], features.data, r * width);
      }
      for (int kind = 0; kind < kinds.size(); kind++) {
        for (int r = 0; r < count; r++) {
          part.minima[kind] += features.data[r * width + p + 1 + kind];
        }
      }
      DMatrixRMaj piece = Dense.crossProduct(features);
      for (int e = 0; e < width * width; e++) {
        gram.data[e] += piece.data[e];
      }
    }
    root(part, gram);
  }

  /** The point about its centre, 1, and the minimum for each kind of split row. */
  private void features(Part part, int k, int row, double[] into, int at) {
    double[] x = dual.problem.points().rows().data;
    for (int j = 0; j < p; j++) {
      into[at + j] = x[row * p + j] - part.centre[j];
    }
    into[at + p] = 1;
    for (int kind = 0; kind < kinds.size(); kind++) {
      BitSet members = kinds.get(kind);
      double least = Double.POSITIVE_INFINITY;
      for (int l = members.nextSetBit(0); l >= 0; l = members.nextSetBit(l + 1)) {
        least = Math.min(least, dual.rowSums[l][row]);
      }
      into[at + p + 1 + kind] = members.get(k) ? 0 : least;
    }
  }

  /** A matrix R with RᵀR the Gram matrix, and how far rounding can be off in relation to it. */
  private void root(Part part, DMatrixRMaj gram) {
    int width = gram.numRows;
    double[] scale = new double[width];
    for (int i = 0; i < width; i++) {
      double length = Math.sqrt(gram.get(i, i));
      scale[i] = length;
    }
    DMatrixRMaj unit = new DMatrixRMaj(width, width);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        double both = scale[i] * scale[j];
        unit.set(i, j, both > 0 ? gram.get(i, j) / both : i == j ? 1 : 0);
      }
    }
    Dense.Eigen eigen = Dense.symmetricEigen(unit, run.stop());
    double lift = eigen.values()[0] < REGULAR ? REGULAR - Math.min(0, eigen.values()[0]) : 0;
    double least = Math.max(eigen.values()[0] + lift, REGULAR);
    int n = part.rows.length;
    part.distortion =
        (4.0 * width + BLOCK + (double) n / BLOCK) * width * EigenBounds.EPSILON / least;
    part.root = new DMatrixRMaj(width, width);
    for (int i = 0; i < width; i++) {
      double value = Math.sqrt(Math.max(0, eigen.values()[i] + lift));
      for (int j = 0; j < width; j++) {
        part.root.set(i, j, value * eigen.vectors().get(j, i) * scale[j]);
      }
    }
  }

  /** B between split rows, and what is left of their row sums for the others. */
  private void shareOut() {
    int[] split = dual.split;
    for (int s = 0; s < split.length; s++) {
      for (int o = 0; o < s; o++) {
        if (!kinds.get(kindOf[s]).intersects(kinds.get(kindOf[o]))) {
          double dot = product(split[s], split[o]);
          double b = Math.max(0, dual.alpha[split[s]] + dual.alpha[split[o]] - dot);
          splitPairs[s][o] = b;
          splitPairs[o][s] = b;
        }
      }
    }
    for (int s = 0; s < split.length; s++) {
      for (int k = 0; k < groups; k++) {
        double rest = dual.rowSums[k][split[s]];
        for (int o = 0; o < split.length; o++) {
          rest -= splitPairs[s][o] * dual.shares[k][split[o]];
        }
        double minima = parts[k].minima.length == 0 ? 0 : parts[k].minima[kindOf[s]];
        weight[s][k] = minima > 0 ? Math.max(0, rest) / minima : 0;
      }
    }
  }

  private double product(int i, int j) {
    double[] x = dual.problem.points().rows().data;
    double dot = 0;
    for (int c = 0; c < p; c++) {
      dot += x[i * p + c] * x[j * p + c];
    }
    return dot;
  }

  /** α and the row sums of a group in terms of its features. */
  private void linear(Part part, int k) {
    int width = part.root.numRows;
    part.alpha = new double[width];
    double constant = -dual.offsets[k] - dual.lambda;
    for (int j = 0; j < p; j++) {
      part.alpha[j] = dual.sums[k][j] / dual.sizes[k];
      constant += part.centre[j] * dual.sums[k][j];
    }
    part.alpha[p] = constant / dual.sizes[k];
    part.sums = new double[groups][width];
    part.totals = new double[groups];
    for (int l = 0; l < groups; l++) {
      if (l == k) {
        continue;
      }
      double[] sum = part.sums[l];
      double offset = dual.offsets[l];
      for (int j = 0; j < p; j++) {
        sum[j] = dual.sizes[l] * part.alpha[j] - dual.sums[l][j];
        offset -= part.centre[j] * dual.sums[l][j];
      }
      sum[p] = dual.sizes[l] * part.alpha[p] + offset;
      part.totals[l] = sum[p] * part.rows.length;
      for (int s = 0; s < dual.split.length; s++) {
        double taken = dual.shares[l][dual.split[s]] * weight[s][k];
        sum[p + 1 + kindOf[s]] -= taken;
        part.totals[l] -= taken * part.minima[kindOf[s]];
      }
    }
  }

  /** R C Rᵀ with the split rows as they are. */
  private DMatrixRMaj compressed() {
    int width = p + 1 + kinds.size();
    int count = dual.split.length;
    DMatrixRMaj t = new DMatrixRMaj(groups * width + count, groups * width + count);
    for (int k = 0; k < groups; k++) {
      for (int l = 0; l <= k; l++) {
        DMatrixRMaj half = Dense.multiply(parts[k].root, coefficients(k, l), run.stop());
        put(t, k * width, l * width, Dense.multiplyTransB(half, parts[l].root, run.stop()));
      }
      for (int s = 0; s < count; s++) {
        DMatrixRMaj row = new DMatrixRMaj(1, width, true, coefficients(s, parts[k], k));
        put(t, groups * width + s, k * width, Dense.multiplyTransB(row, parts[k].root));
      }
    }
    for (int s = 0; s < count; s++) {
      for (int o = 0; o <= s; o++) {
        int i = dual.split[s];
        int j = dual.split[o];
        double value = product(i, j) + splitPairs[s][o] - dual.alpha[i] - dual.alpha[j];
        t.set(groups * width + s, groups * width + o, value);
      }
    }
    return t;
  }

  private static void put(DMatrixRMaj t, int row, int column, DMatrixRMaj block) {
    for (int i = 0; i < block.numRows; i++) {
      for (int j = 0; j < block.numCols; j++) {
        t.set(row + i, column + j, block.get(i, j));
      }
    }
  }

  /** C between two groups. */
  private DMatrixRMaj coefficients(int k, int l) {
    Part one = parts[k];
    Part other = parts[l];
    int width = one.root.numRows;
    DMatrixRMaj c = new DMatrixRMaj(width, width);
    for (int j = 0; j < p; j++) {
      c.set(j, j, 1);
      c.set(j, p, other.centre[j]);
      c.set(p, j, one.centre[j]);
    }
    c.set(p, p, Vectors.dot(one.centre, other.centre));
    double total = k == l ? 0 : Math.max(one.totals[l], other.totals[k]);
    for (int i = 0; i < width; i++) {
      c.add(i, p, -one.alpha[i]);
      c.add(p, i, -other.alpha[i]);
      for (int j = 0; j < width && total > 0; j++) {
        c.add(i, j, one.sums[l][i] * other.sums[k][j] / total);
      }
    }
    return c;
  }

  /** A row of C for split row s and group k. */
  private double[] coefficients(int s, Part part, int k) {
    int i = dual.split[s];
    double[] row = new double[part.root.numRows];
    double[] x = dual.problem.points().rows().data;
    double constant = -dual.alpha[i];
    for (int j = 0; j < p; j++) {
      row[j] = x[i * p + j];
      constant += x[i * p + j] * part.centre[j];
    }
    row[p] = constant;
    for (int e = 0; e < row.length; e++) {
      row[e] -= part.alpha[e];
    }
    row[p + 1 + kindOf[s]] += weight[s][k];
    return row;
  }

  /**
   * Bound of the distance to a B ≥ 0: the row sums that are below 0, or may be with rounding, count
   * with what they are multiplied with.
   */
  double negativePart() {
    double[][] below = new double[groups][groups];
    double[][] length = new double[groups][groups];
    run.forEach(groups, k -> addSquares(parts[k], k, below[k], length[k]));
    double bound = 0;
    for (int k = 0; k < groups; k++) {
      for (int l = 0; l < groups; l++) {
        double total = Math.max(parts[k].totals[l], parts[l].totals[k]);
        if (l != k && total > 0 && below[k][l] > 0) {
          bound += 2 * Math.sqrt(below[k][l] * (length[l][k] + below[l][k])) / total;
        }
      }
    }
    return bound;
  }

  private void addSquares(Part part, int k, double[] below, double[] length) {
    double[] features = new double[part.root.numRows];
    for (int row : part.rows) {
      features(part, k, row, features, 0);
      for (int l = 0; l < groups; l++) {
        if (l != k) {
          double sum = 0;
          double magnitude = 0;
          for (int e = 0; e < features.length; e++) {
            double term = part.sums[l][e] * features[e];
            sum += term;
            magnitude += Math.abs(term);
          }
          double low = sum - 2 * (features.length + 4) * EigenBounds.EPSILON * magnitude;
          below[l] += low < 0 ? low * low : 0;
          length[l] += sum * sum;
        }
      }
    }
  }
}
