package io.github.mixtura.em.gaussian;

import static io.github.mixtura.em.gaussian.ScaledScatters.packedIndex;

import io.github.mixtura.distribution.NotPositiveDefiniteException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Orthonormal axes and the extent of a symmetric matrix along them: {@code M = D diag(extents) Dᵀ}.
 *
 * @param axes d × d, column j is axis j
 * @param extents d eigenvalues, those below zero by rounding set to zero
 */
record PrincipalAxes(DMatrixRMaj axes, double[] extents) {

  /** Up to so many columns rotations cost less than a reduction to tridiagonal form. */
  private static final int ROTATED_COLUMNS = 6;

  private static final int MAX_SWEEPS = 40;

  /** Squared cosine between axes from which on they count as orthogonal. */
  private static final double ORTHOGONAL = 0x1p-104;

  /** Eigenvectors and eigenvalues of a positive semidefinite matrix, by falling eigenvalue. */
  static PrincipalAxes of(DMatrixRMaj symmetric) {
    int d = symmetric.numRows;
    DMatrixRMaj vectors = new DMatrixRMaj(d, d);
    double[] values = new double[d];
    if (d <= ROTATED_COLUMNS) {
      rotate(symmetric.data.clone(), vectors, values);
    } else {
      decompose(symmetric, vectors, values);
    }
    int[] order = falling(values);
    DMatrixRMaj axes = new DMatrixRMaj(d, d);
    double[] extents = new double[d];
    for (int j = 0; j < d; j++) {
      for (int i = 0; i < d; i++) {
        axes.unsafe_set(i, j, vectors.unsafe_get(i, order[j]));
      }
      extents[j] = Math.max(0, values[order[j]]);
    }
    return new PrincipalAxes(axes, extents);
  }

  /** The smallest eigenvalue of a positive semidefinite matrix. */
  static double smallestExtent(DMatrixRMaj symmetric) {
    double[] values = new double[symmetric.numRows];
    if (values.length <= ROTATED_COLUMNS) {
      rotate(symmetric.data.clone(), symmetric.createLike(), values);
    } else {
      decompose(symmetric, null, values);
    }
    double smallest = values[0];
    for (double value : values) {
      smallest = Math.min(smallest, value);
    }
    return Math.max(0, smallest);
  }

  /**
   * Cyclic Jacobi rotations, which also find small eigenvalues of a scaled definite matrix to high
   * relative accuracy: J. Demmel and K. Veselić (1992), <a
   * href="https://doi.org/10.1137/0613074">doi:10.1137/0613074</a>.
   *
   * @param a d × d, written
   */
  private static void rotate(double[] a, DMatrixRMaj vectors, double[] values) {
    int d = values.length;
    double[] v = vectors.data;
    for (int i = 0; i < d; i++) {
      v[i * d + i] = 1;
    }
    boolean turned = true;
    for (int sweep = 0; turned; sweep++) {
      if (sweep == MAX_SWEEPS) {
        throw new NotPositiveDefiniteException("eigenvalues of a scatter matrix cannot be found");
      }
      turned = false;
      for (int p = 0; p < d; p++) {
        for (int q = p + 1; q < d; q++) {
          double off = a[p * d + q];
          double first = a[p * d + p];
          double second = a[q * d + q];
          if (off * off <= ORTHOGONAL * Math.abs(first * second)) {
            continue;
          }
          turned = true;
          double half = (second - first) / (2 * off);
          double t = Math.copySign(1, half) / (Math.abs(half) + Math.sqrt(1 + half * half));
          double c = 1 / Math.sqrt(1 + t * t);
          double s = t * c;
          for (int i = 0; i < d; i++) {
            double x = a[i * d + p];
            double y = a[i * d + q];
            double newX = c * x - s * y;
            double newY = s * x + c * y;
            a[i * d + p] = newX;
            a[i * d + q] = newY;
            a[p * d + i] = newX;
            a[q * d + i] = newY;
            x = v[i * d + p];
            y = v[i * d + q];
            v[i * d + p] = c * x - s * y;
            v[i * d + q] = s * x + c * y;
          }
          a[p * d + p] = first - t * off;
          a[q * d + q] = second + t * off;
          a[p * d + q] = 0;
          a[q * d + p] = 0;
        }
      }
    }
    for (int i = 0; i < d; i++) {
      values[i] = a[i * d + i];
    }
  }

  /** As {@link #rotate}; no vectors are made for {@code null}. */
  private static void decompose(DMatrixRMaj symmetric, DMatrixRMaj vectors, double[] values) {
    int d = values.length;
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(d, vectors != null, true);
    if (!eigen.decompose(symmetric.copy())) {
      throw new NotPositiveDefiniteException("eigenvalues of a scatter matrix cannot be found");
    }
    for (int j = 0; j < d; j++) {
      values[j] = eigen.getEigenvalue(j).real;
      for (int i = 0; vectors != null && i < d; i++) {
        vectors.unsafe_set(i, j, eigen.getEigenVector(j).get(i));
      }
    }
  }

  /** Indices of values by falling value; equal ones stay in their order. */
  private static int[] falling(double[] values) {
    int[] order = new int[values.length];
    for (int i = 0; i < order.length; i++) {
      int j = i;
      for (; j > 0 && values[order[j - 1]] < values[i]; j--) {
        order[j] = order[j - 1];
      }
      order[j] = i;
    }
    return order;
  }

  /** The matrix {@code D diag(extents) Dᵀ}, packed rows of the lower triangle. */
  double[] packed() {
    int d = extents.length;
    double[] packed = new double[packedIndex(d, 0)];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int axis = 0; axis < d; axis++) {
          sum += extents[axis] * axes.unsafe_get(i, axis) * axes.unsafe_get(j, axis);
        }
        packed[packedIndex(i, j)] = sum;
      }
    }
    return packed;
  }
}
