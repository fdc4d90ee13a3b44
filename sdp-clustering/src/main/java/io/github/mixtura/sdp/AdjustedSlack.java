package io.github.mixtura.sdp;

import io.github.mixtura.sdp.AdjustedElements.Tile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * The matrix {@code N = C_k + B_k − α1ᵀ − 1αᵀ} of one group's dual, and a bound of its largest
 * eigenvalue.
 *
 * <p>With levels c > 0, one per group, and shifts s ≥ 0, {@code α_i = s_i − (log det S_own + m(i) +
 * c_own)/2}. In the frame of group k, with {@code g_i = (Δ_k(i) − c_own)/2} ({@code −c_k/2} inside
 * the group), the matrix without B is {@code z_iᵀz_j − g_i − g_j =: −M_ij}. B is
 *
 * <ul>
 *   <li>0 between members, where N is {@code c_k 11ᵀ} plus the members' Gram matrix, with mean
 *       zero: the indicator has the eigenvalue {@code T = c_k n_k}, all others are those of the
 *       scatter;
 *   <li>{@code max(0, M_ij)} between two others, so that N is the non-negative {@code max(0,
 *       −M_ij)}; but 0 between two of one group where {@link GramBlock} shows that the eigenvalues
 *       of {@code −M_ij} are not above T ("plain"), as it is for groups of similar covariance;
 *   <li>{@code max(0, M_ij − τ_i)} between another i and a member j, with τ_i such that row i sums
 *       to that of M, if this is not negative, and no B otherwise: then N is orthogonal to the
 *       indicator, and it is zero where M has no negative element.
 * </ul>
 *
 * <p>On the complement of the indicator, let F be N between others and members. For any θ₀ above
 * the largest eigenvalue s of the scatter and any positive v, by Schur complement and the bound of
 * Collatz and Wielandt for non-negative matrices, no eigenvalue there exceeds {@code max(θ₀, max_i
 * [(N_others + |F||F|ᵀ/(θ₀ − s)) v]_i / v_i)}. No matrix is stored and no eigenvalue is computed; a
 * product costs O(n² p), power steps make v good, and no v makes the bound wrong.
 */
final class AdjustedSlack {
  private static final int TILE = AdjustedElements.TILE;
  private static final int STEPS = 25;

  /** Part of T that a plain block may exceed it by; the excess counts it. */
  private static final double SIMILAR = 1e-10;

  private static final double[] CLOSE = {0.9};
  private static final double[] APART = {0.75, 0.35};
  private static final double UNIT = Math.ulp(1.0) / 2;

  private final AdjustedFrames.Frame frame;
  private final Run run;
  private final int first;
  private final int last;
  private final double level;
  private final double[] g;
  private final AdjustedElements elements;
  private final double[] shifts;
  private final List<Tile> tiles = new ArrayList<>();
  private final List<Row> rows;

  /** Tiles and rows of F of the groups that are not plain. */
  private List<Tile> clipped;

  private List<Row> clippedRows;
  private final boolean[] plain;
  private final int[] group;
  private final double quotient;

  /** Length of what N makes of the unit indicator outside its span. */
  private final double residual;

  private final double[] weights;

  /** Whether the run ended before all rows of F were known; nothing is proven then. */
  private final boolean incomplete;

  private final double plainBound;
  private double plainCoupling;

  /**
   * A bound of the largest eigenvalue.
   *
   * @param value of {@code λ_max − T}
   * @param complement the bound θ behind it
   */
  record Excess(double value, double complement) {}

  /** A row of F that is not zero: elements {@code max(−M_ij, −τ) − shift}. */
  private record Row(int i, double tau, double shift) {}

  /**
   * @param levels c, one per group; each must exceed its frame's {@code top}
   * @param shifts s, by place; non-negative
   * @param weights start of v, by place; written with what the bound used
   */
  AdjustedSlack(
      AdjustedFrames frames, int k, double[] levels, double[] shifts, double[] weights, Run run) {
    this.frame = frames.frames()[k];
    this.run = run;
    this.weights = weights;
    this.shifts = shifts;
    first = frames.from()[k];
    last = frames.from()[k + 1];
    level = levels[k];
    int n = frames.count();
    g = new double[n];
    for (int i = 0; i < n; i++) {
      g[i] = (frame.worse()[i] - levels[frames.group()[i]]) / 2 + shifts[i];
      if (frames.isLoose(i)) {
        g[i] = (level + frames.loose()[i]) / 2;
      }
    }
    double spread = 0;
    double total = 0;
    for (int i = first; i < last; i++) {
      total += shifts[i];
    }
    for (int i = first; i < last; i++) {
      g[i] -= shifts[i];
      double offset = shifts[i] - total / (last - first);
      spread += offset * offset;
    }
    elements = new AdjustedElements(frame.columns(), g);
    quotient = level * (last - first) - 2 * total;
    for (int l = 0; l < levels.length; l++) {
      int end = frames.from()[l] + frames.free()[l];
      for (int i = frames.from()[l]; l != k && i < end; i += TILE) {
        tiles.add(elements.tile(i, Math.min(i + TILE, end), l));
      }
    }
    for (int i = frames.from()[levels.length]; i < n; i++) {
      if (frames.group()[i] == k) {
        tiles.add(elements.tile(i, i + 1, -1));
      }
    }
    Row[] found = new Row[n];
    run.forEach(tiles.size(), t -> fill(tiles.get(t), found));
    incomplete = run.isOver();
    double squares = spread;
    rows = new ArrayList<>();
    for (Row row : found) {
      if (row != null) {
        rows.add(row);
        squares += row.shift * row.shift;
      }
    }
    residual = Math.sqrt(squares * (last - first));
    group = frames.group();
    plain = new boolean[levels.length];
    clipped = tiles;
    clippedRows = rows;
    plainBound = choosePlain(frames);
  }

  /**
   * Chooses the groups whose block is {@code −M} itself, and bounds the eigenvalues of these blocks
   * together with what couples them: by rows of F, {@code FFᵀ ≼ parts·diag(F_l F_lᵀ)}, and by the
   * elements that they have in common with other groups.
   */
  private double choosePlain(AdjustedFrames frames) {
    double scatter = frame.top() * (last - first);
    double factor = 1 / (CLOSE[0] * range(scatter));
    double most = quotient * (1 + SIMILAR);
    double bound = Double.NEGATIVE_INFINITY;
    double coupling = 0;
    for (int l = 0; l < plain.length; l++) {
      int from = frames.from()[l];
      if (isMember(from) || frames.free()[l] == 0) {
        continue;
      }
      double top = GramBlock.top(frame.columns(), g, from, from + frames.free()[l]);
      for (Row row : rows) {
        if (group[row.i] == l && top <= most) {
          double[] f = new double[last - first];
          values(row, 0, f);
          top += (plain.length + 1) * factor * Vectors.dot(f, f);
        }
      }
      double cross = top <= most ? cross(l) : Double.POSITIVE_INFINITY;
      if (top + Math.sqrt(coupling + cross) <= most) {
        plain[l] = true;
        coupling += cross;
        bound = Math.max(bound, top);
      }
    }
    clipped = tiles.stream().filter(tile -> tile.group() < 0 || !plain[tile.group()]).toList();
    clippedRows =
        rows.stream().filter(row -> frames.isLoose(row.i) || !plain[group[row.i]]).toList();
    plainCoupling = Math.sqrt(coupling) * (1 + 1e-9);
    return bound;
  }

  /** Sum of squares of the elements that rows of group l have in common with those of others. */
  private double cross(int l) {
    double[] sums = new double[tiles.size()];
    run.forEach(
        tiles.size(),
        t -> {
          Tile tile = tiles.get(t);
          for (Tile other : tiles) {
            if (run.isOver()) {
              sums[t] = Double.POSITIVE_INFINITY;
            } else if ((tile.group() == l) != (other.group() == l)
                && !AdjustedElements.vanishes(tile, other)) {
              sums[t] += elements.squares(tile, other);
            }
          }
        });
    double sum = 0;
    for (double value : sums) {
      sum += value;
    }
    return sum;
  }

  /** How far above the scatter's largest eigenvalue θ₀ may be chosen. */
  private double range(double scatter) {
    return Math.max(quotient - scatter, 0.05 * level * (last - first));
  }

  /** Finds the rows of F that are not zero. */
  private void fill(Tile tile, Row[] found) {
    if (run.isOver()) {
      return;
    }
    double farthest = 0;
    for (int j = first; j < last; j++) {
      farthest = Math.max(farthest, elements.length(j));
    }
    double[] m = new double[last - first];
    for (int i = tile.from(); i < tile.to(); i++) {
      double mean = g[i] - level / 2;
      if (mean < elements.length(i) * farthest) {
        found[i] = row(i, mean, m);
      }
    }
  }

  /** The row of F of place i, or null if it is zero; {@code m} is written over. */
  private Row row(int i, double mean, double[] m) {
    int size = m.length;
    Arrays.fill(m, mean);
    for (double[] column : frame.columns()) {
      double factor = column[i];
      for (int j = 0; j < size; j++) {
        m[j] -= factor * column[first + j];
      }
    }
    double least = 0;
    for (int j = 0; j < size; j++) {
      least = Math.min(least, m[j]);
    }
    if (least == 0) {
      return null;
    }
    double wanted = mean * size;
    if (wanted <= 0) {
      return new Row(i, Double.POSITIVE_INFINITY, -mean);
    }
    double tau = 0;
    double kept = 0;
    for (int step = 0; step < 50; step++) {
      kept = 0;
      int count = 0;
      for (int j = 0; j < size; j++) {
        if (m[j] > tau) {
          kept += m[j] - tau;
          count++;
        }
      }
      if (count == 0 || kept - wanted <= 1e-14 * wanted) {
        break;
      }
      tau += (kept - wanted) / count;
    }
    return new Row(i, tau, (kept - wanted) / size);
  }

  /** Returns T, the Rayleigh quotient of the indicator. */
  double quotient() {
    return quotient;
  }

  /** Bounds the excess by an eigen-decomposition, for small n without fixed rows. */
  double denseExcess() {
    if (incomplete) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(EigenBounds.top(dense()) - quotient, Math.max(0, -quotient));
  }

  /** Returns a bound of what the rounding of elements can change of an eigenvalue. */
  double roundingError() {
    double squares = 0;
    for (double value : g) {
      squares += value * value;
    }
    return frame.normError() + 8 * UNIT * Math.sqrt(squares * g.length);
  }

  /**
   * Bounds by how much the largest eigenvalue of N exceeds T, with E the length of what N makes of
   * the unit indicator outside its span: for a bound θ on the complement and {@code d = (T − θ)/2},
   * it is at most {@code √(d² + E²) − d}.
   *
   * @return infinite values if nothing could be proven
   */
  Excess excess() {
    if (incomplete) {
      return new Excess(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double scatter = frame.top() * (last - first);
    double least = Math.max(scatter, plainBound);
    if (rows.isEmpty()) {
      double others = others(0, 0.95 * quotient);
      return excess(Math.max(least, others) + plainCoupling);
    }
    Excess best = new Excess(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    boolean apart = residual > 1e-9 * quotient && clippedRows.size() == rows.size();
    for (double part : apart ? APART : CLOSE) {
      double base = scatter + part * range(scatter);
      double parts = clippedRows.size() == rows.size() ? 1 : plain.length + 1;
      double others = others(parts / (base - scatter), base);
      Excess found = excess(Math.max(Math.max(least, base), others) + plainCoupling);
      best = found.value < best.value ? found : best;
    }
    return best;
  }

  private Excess excess(double theta) {
    double half = (quotient - theta) / 2;
    double root = Math.hypot(half, residual);
    double excess = half > 0 ? residual * residual / (root + half) : root - half;
    // Some eight roundings; and an empty group has Z = 0, which must not be worth more.
    double safe = Math.max(excess + 16 * UNIT * (Math.abs(half) + root), -quotient);
    return new Excess(Double.isNaN(safe) ? Double.POSITIVE_INFINITY : safe, theta);
  }

  /**
   * Bounds the eigenvalues of {@code N_others + factor |F||F|ᵀ}.
   *
   * @param enough power steps end when the bound is not above this
   */
  private double others(double factor, double enough) {
    double best = Double.POSITIVE_INFINITY;
    double[] product = new double[g.length];
    double growth = 1 + 4 * (g.length + 16) * UNIT;
    for (int step = 0; step < STEPS && !clipped.isEmpty() && !run.isOver(); step++) {
      multiply(weights, product, factor);
      if (run.isOver()) {
        break;
      }
      double ratio = 0;
      double largest = 0;
      for (Tile tile : clipped) {
        for (int i = tile.from(); i < tile.to(); i++) {
          double here = product[i] / weights[i];
          if (!(here <= Double.MAX_VALUE)) {
            return Double.POSITIVE_INFINITY;
          }
          ratio = Math.max(ratio, here);
          largest = Math.max(largest, product[i]);
        }
      }
      ratio *= growth;
      boolean slow = ratio > 0.995 * best;
      best = Math.min(best, ratio);
      if (best <= enough || slow || largest == 0) {
        break;
      }
      for (Tile tile : clipped) {
        for (int i = tile.from(); i < tile.to(); i++) {
          weights[i] = Math.max((product[i] + 0.1 * ratio * weights[i]) / largest, 1e-100);
        }
      }
    }
    return clipped.isEmpty() ? 0 : best;
  }

  /** Writes {@code (N_others + factor |F||F|ᵀ) v}, unless the run is over. */
  private void multiply(double[] v, double[] product, double factor) {
    double[] inner = new double[last - first];
    if (!clippedRows.isEmpty()) {
      int stripes = (inner.length + TILE - 1) / TILE;
      run.forEach(
          stripes, s -> columnSums(s * TILE, Math.min((s + 1) * TILE, inner.length), v, inner));
    }
    run.forEach(clipped.size(), t -> elements.multiply(clipped.get(t), clipped, v, product, run));
    int stripes = (clippedRows.size() + TILE - 1) / TILE;
    run.forEach(
        stripes,
        s -> {
          double[] f = new double[inner.length];
          for (Row row :
              clippedRows.subList(s * TILE, Math.min((s + 1) * TILE, clippedRows.size()))) {
            values(row, 0, f);
            product[row.i] += factor * Vectors.dot(f, inner);
          }
        });
  }

  /** Adds up {@code |F_ij| v_i} for members from, …, to − 1. */
  private void columnSums(int from, int to, double[] v, double[] inner) {
    double[] f = new double[to - from];
    double[] sums = new double[to - from];
    for (Row row : clippedRows) {
      values(row, from, f);
      Vectors.add(v[row.i], f, sums);
    }
    System.arraycopy(sums, 0, inner, from, sums.length);
  }

  /** Writes |F| of a row for members from, from + 1, …; the first member is number 0. */
  private void values(Row row, int from, double[] f) {
    signed(row, from, f);
    for (int j = 0; j < f.length; j++) {
      f[j] = Math.abs(f[j]);
    }
  }

  private void signed(Row row, int from, double[] f) {
    Arrays.fill(f, level / 2 - g[row.i]);
    int offset = first + from;
    for (double[] column : frame.columns()) {
      double factor = column[row.i];
      for (int j = 0; j < f.length; j++) {
        f[j] += factor * column[offset + j];
      }
    }
    double least = -row.tau;
    double shift = row.shift;
    for (int j = 0; j < f.length; j++) {
      f[j] = Math.max(f[j], least) - shift;
    }
  }

  /** Returns all of N, by place. */
  private DMatrixRMaj dense() {
    int n = g.length;
    DMatrixRMaj matrix = new DMatrixRMaj(n, n);
    double[] row = new double[n];
    for (int i = 0; i < n; i++) {
      elements.row(i, row);
      for (int j = 0; j <= i; j++) {
        double value = 0;
        if (isMember(i) && isMember(j)) {
          value = row[j] - shifts[i] - shifts[j];
        } else if (!isMember(i) && !isMember(j)) {
          boolean free = group[i] == group[j] && plain[group[i]];
          value = free ? row[j] : Math.max(0, row[j]);
        }
        matrix.data[i * n + j] = value;
        matrix.data[j * n + i] = value;
      }
    }
    double[] f = new double[last - first];
    for (Row coupled : rows) {
      signed(coupled, 0, f);
      for (int j = 0; j < f.length; j++) {
        matrix.data[coupled.i * n + first + j] = f[j] + coupled.shift;
        matrix.data[(first + j) * n + coupled.i] = f[j] + coupled.shift;
      }
    }
    return matrix;
  }

  private boolean isMember(int place) {
    return place >= first && place < last;
  }
}
