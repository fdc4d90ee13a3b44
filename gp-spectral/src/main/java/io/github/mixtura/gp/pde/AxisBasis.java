package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Functions on one axis that span the features down to a truncation. The first ones are 1 at one
 * end where boundary values are given and 0 at the other, and as likely as possible under the
 * prior; the others vanish at these ends and are orthonormal on the grid.
 */
final class AxisBasis {
  private final Grid grid;
  private final int axis;
  private final Features features;
  private final Envelopes envelopes;
  private final DMatrixRMaj map;
  private final DMatrixRMaj[] onGrid;
  private final DMatrixRMaj root;
  private final int fixed;

  /** Singular vectors and values that are kept, {@code Φ ≈ U S Wᵀ}, and {@code W S⁻¹}. */
  private record Kept(DMatrixRMaj u, double[] s, DMatrixRMaj weights) {}

  /**
   * @param grid the grid
   * @param axis 0 or 1
   * @param features what is spanned
   * @param truncation smallest singular value that is kept, relative to the largest
   * @param ends grid indices where boundary values are given, one or two
   * @param damping 0 to combine the features themselves; else their envelopes, with coefficients
   *     that stay below its reciprocal
   */
  AxisBasis(Grid grid, int axis, Features features, double truncation, int[] ends, double damping) {
    this.grid = grid;
    this.axis = axis;
    this.fixed = ends.length;
    int n = grid.points(axis);
    double[] times = new double[n];
    Arrays.setAll(times, i -> i / (n - 1.0));
    this.features = features;
    envelopes = damping > 0 ? features.envelopes() : null;
    DMatrixRMaj[] raw = features.matrices(times);
    Kept kept = kept(raw[0], truncation);
    if (envelopes != null) {
      raw = envelopes.matrices(times);
      kept = respanned(kept, raw[0], damping);
    }
    DMatrixRMaj rows = new DMatrixRMaj(ends.length, kept.s().length);
    for (int e = 0; e < ends.length; e++) {
      for (int k = 0; k < rows.numCols; k++) {
        rows.set(e, k, kept.u().get(ends[e], k));
      }
    }
    DMatrixRMaj turn = turn(kept.s(), rows);
    root = root(kept.s(), rows, turn);
    map = Dense.multiply(kept.weights(), turn);
    onGrid = new DMatrixRMaj[raw.length];
    onGrid[0] = Dense.multiply(kept.u(), turn);
    for (int order = 1; order < raw.length; order++) {
      onGrid[order] = Dense.multiply(raw[order], map);
      CommonOps_DDRM.scale(Math.pow(grid.length(axis), -order), onGrid[order]);
    }
  }

  /** The kept functions as the nearest combinations of others that do not cancel. */
  private static Kept respanned(Kept kept, DMatrixRMaj basis, double damping) {
    DMatrixRMaj weights = combinations(basis, kept.u(), damping);
    DMatrixRMaj values = Dense.multiply(basis, weights);
    int count = 0;
    int r = values.numCols;
    Integer[] order = new Integer[r];
    for (int k = 0; k < r; k++) {
      double sum = 0;
      for (int i = 0; i < values.numRows; i++) {
        sum += values.data[i * r + k] * values.data[i * r + k];
      }
      if (sum > 0.25) {
        order[count++] = k;
      }
    }
    weights = columns(weights, order, count);
    Qr qr = new Qr(columns(values, order, count));
    DMatrixRMaj orthonormal = qr.times(CommonOps_DDRM.identity(count));
    double[] s = new double[count];
    for (int k = 0; k < count; k++) {
      s[k] = kept.s()[order[k]];
    }
    divideByTriangle(weights, qr.r());
    return new Kept(orthonormal, s, weights);
  }

  /** {@code BR⁻¹} in place. */
  private static void divideByTriangle(DMatrixRMaj b, DMatrixRMaj r) {
    int n = r.numCols;
    for (int i = 0; i < b.numRows; i++) {
      int row = i * n;
      for (int k = 0; k < n; k++) {
        double sum = b.data[row + k];
        for (int j = 0; j < k; j++) {
          sum -= b.data[row + j] * r.data[j * n + k];
        }
        b.data[row + k] = sum / r.data[k * n + k];
      }
    }
  }

  /** {@code argmin |TB − U|² + δ²|B|²} by orthogonal factors of the narrow side. */
  private static DMatrixRMaj combinations(DMatrixRMaj t, DMatrixRMaj u, double damping) {
    boolean wide = t.numCols > t.numRows;
    DMatrixRMaj tall = wide ? CommonOps_DDRM.transpose(t, null) : t;
    int m = tall.numRows;
    int n = tall.numCols;
    DMatrixRMaj damped = new DMatrixRMaj(m + n, n);
    System.arraycopy(tall.data, 0, damped.data, 0, m * n);
    double delta = damping * Math.sqrt(t.numRows);
    for (int k = 0; k < n; k++) {
      damped.data[(m + k) * n + k] = delta;
    }
    Qr qr = new Qr(damped);
    if (!wide) {
      DMatrixRMaj right = new DMatrixRMaj(m + n, u.numCols);
      System.arraycopy(u.data, 0, right.data, 0, m * u.numCols);
      return qr.solve(right);
    }
    // B = Tᵀ(TTᵀ + δ²)⁻¹U = Q₁R⁻ᵀU.
    DMatrixRMaj solved = u.copy();
    int columns = u.numCols;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double by = qr.r().data[j * n + i];
        for (int c = 0; c < columns; c++) {
          solved.data[i * columns + c] -= by * solved.data[j * columns + c];
        }
      }
      for (int c = 0; c < columns; c++) {
        solved.data[i * columns + c] /= qr.r().data[i * n + i];
      }
    }
    return CommonOps_DDRM.extract(qr.times(solved), 0, m, 0, columns);
  }

  private static Kept kept(DMatrixRMaj a, double truncation) {
    boolean wide = a.numCols > a.numRows;
    Qr qr = new Qr(wide ? CommonOps_DDRM.transpose(a, null) : a);
    int n = qr.r().numRows;
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(n, n, true, true, true);
    if (!svd.decompose(qr.r().copy())) {
      throw new ArithmeticException("singular values of the features were not found");
    }
    double[] values = svd.getSingularValues();
    Integer[] order = new Integer[n];
    Arrays.setAll(order, k -> k);
    Arrays.sort(order, (p, q) -> Double.compare(values[q], values[p]));
    int count = 0;
    while (count < n && values[order[count]] > truncation * values[order[0]]) {
      count++;
    }
    double[] s = new double[count];
    Arrays.setAll(s, k -> values[order[k]]);
    // Wide: Φᵀ = Q U S Vᵀ; else Φ = Q U S Vᵀ.
    DMatrixRMaj outer = qr.times(columns(svd.getU(null, false), order, count));
    DMatrixRMaj inner = columns(svd.getV(null, false), order, count);
    DMatrixRMaj weights = wide ? outer.copy() : inner.copy();
    for (int i = 0; i < weights.numRows; i++) {
      for (int k = 0; k < count; k++) {
        weights.data[i * count + k] /= s[k];
      }
    }
    return new Kept(wide ? inner : outer, s, weights);
  }

  private static DMatrixRMaj columns(DMatrixRMaj a, Integer[] order, int count) {
    DMatrixRMaj result = new DMatrixRMaj(a.numRows, count);
    for (int i = 0; i < a.numRows; i++) {
      for (int k = 0; k < count; k++) {
        result.set(i, k, a.get(i, order[k]));
      }
    }
    return result;
  }

  /** Columns of coefficients: functions that carry the ends, and those that vanish there. */
  private static DMatrixRMaj turn(double[] s, DMatrixRMaj rows) {
    int r = s.length;
    int count = rows.numRows;
    if (r <= count) {
      throw new ArithmeticException("basis has " + r + " functions, must have more than " + count);
    }
    // S(BS)ᵀ((BS)(BS)ᵀ)⁻¹: the likeliest coefficients, with (BS)ᵀ = QR by solving with Rᵀ.
    Qr ends = scaledEnds(s, rows);
    DMatrixRMaj unit = CommonOps_DDRM.identity(count);
    for (int c = 0; c < count; c++) {
      for (int i = 0; i < count; i++) {
        double sum = unit.get(i, c);
        for (int j = 0; j < i; j++) {
          sum -= ends.r().get(j, i) * unit.get(j, c);
        }
        unit.set(i, c, sum / ends.r().get(i, i));
      }
    }
    DMatrixRMaj carrying = ends.times(unit);
    DMatrixRMaj all = complete(new Qr(CommonOps_DDRM.transpose(rows, null)), r);
    DMatrixRMaj turn = new DMatrixRMaj(r, r);
    for (int k = 0; k < r; k++) {
      for (int c = 0; c < r; c++) {
        turn.set(k, c, c < count ? carrying.get(k, c) * s[k] / s[0] : all.get(k, c));
      }
    }
    return turn;
  }

  private static Qr scaledEnds(double[] s, DMatrixRMaj rows) {
    DMatrixRMaj scaled = new DMatrixRMaj(s.length, rows.numRows);
    for (int e = 0; e < rows.numRows; e++) {
      for (int k = 0; k < s.length; k++) {
        scaled.set(k, e, rows.get(e, k) * s[k] / s[0]);
      }
    }
    return new Qr(scaled);
  }

  private static DMatrixRMaj complete(Qr qr, int size) {
    return qr.times(CommonOps_DDRM.identity(size));
  }

  /**
   * {@code ZᵀSN}: a root of the prior covariance of the vanishing functions' coefficients given the
   * ends, with N orthonormal and {@code BSN = 0}.
   */
  private static DMatrixRMaj root(double[] s, DMatrixRMaj rows, DMatrixRMaj turn) {
    int r = s.length;
    int count = rows.numRows;
    DMatrixRMaj free = CommonOps_DDRM.extract(turn, 0, r, count, r);
    DMatrixRMaj scaled = CommonOps_DDRM.extract(complete(scaledEnds(s, rows), r), 0, r, count, r);
    for (int k = 0; k < r; k++) {
      for (int c = 0; c < r - count; c++) {
        scaled.set(k, c, scaled.get(k, c) * s[k] / s[0]);
      }
    }
    return Dense.multiplyTransA(free, scaled);
  }

  /** A root of the prior covariance of the coefficients of {@link #free}, up to a factor. */
  DMatrixRMaj root() {
    return root;
  }

  int size() {
    return map.numCols;
  }

  /** How many functions carry boundary values. */
  int fixed() {
    return fixed;
  }

  /** The functions (columns) or their derivatives on the grid. */
  DMatrixRMaj onGrid(int order) {
    return onGrid[order];
  }

  /** The functions that vanish on the boundary, on the grid. */
  DMatrixRMaj free(int order) {
    return CommonOps_DDRM.extract(
        onGrid[order], 0, onGrid[order].numRows, fixed, onGrid[order].numCols);
  }

  /** The functions or their derivatives at other places, one row each. */
  DMatrixRMaj at(double[] coordinates, int order) {
    double[] times = new double[coordinates.length];
    Arrays.setAll(times, i -> (coordinates[i] - grid.lower(axis)) / grid.length(axis));
    DMatrixRMaj raw =
        envelopes == null ? features.matrices(times)[order] : envelopes.matrices(times)[order];
    DMatrixRMaj values = Dense.multiply(raw, map);
    CommonOps_DDRM.scale(Math.pow(grid.length(axis), -order), values);
    return values;
  }

  /**
   * Coefficients of functions given on the grid (rows): first their values at the ends, then the
   * projection of the rest.
   */
  DMatrixRMaj coefficients(DMatrixRMaj values, double[][] atEnds) {
    DMatrixRMaj result = new DMatrixRMaj(values.numRows, size());
    DMatrixRMaj rest = values.copy();
    for (int i = 0; i < values.numRows; i++) {
      for (int e = 0; e < fixed; e++) {
        result.set(i, e, atEnds[i][e]);
        for (int k = 0; k < values.numCols; k++) {
          rest.add(i, k, -atEnds[i][e] * onGrid[0].get(k, e));
        }
      }
    }
    DMatrixRMaj projected = Dense.multiply(rest, free(0));
    CommonOps_DDRM.insert(projected, result, 0, fixed);
    return result;
  }
}
