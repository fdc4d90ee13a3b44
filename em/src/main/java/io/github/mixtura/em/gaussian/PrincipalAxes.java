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

  /** Eigenvectors and eigenvalues of a positive semidefinite matrix, by falling eigenvalue. */
  static PrincipalAxes of(DMatrixRMaj symmetric) {
    int d = symmetric.numRows;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, true, true);
    if (!eigen.decompose(symmetric.copy())) {
      throw new NotPositiveDefiniteException("eigenvalues of a scatter matrix cannot be found");
    }
    double[] values = new double[d];
    for (int j = 0; j < d; j++) {
      values[j] = eigen.getEigenvalue(j).real;
    }
    int[] order = falling(values);
    DMatrixRMaj axes = new DMatrixRMaj(d, d);
    double[] extents = new double[d];
    for (int j = 0; j < d; j++) {
      DMatrixRMaj vector = eigen.getEigenVector(order[j]);
      for (int i = 0; i < d; i++) {
        axes.unsafe_set(i, j, vector.get(i));
      }
      extents[j] = Math.max(0, values[order[j]]);
    }
    return new PrincipalAxes(axes, extents);
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
