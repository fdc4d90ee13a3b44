package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import org.ejml.data.DMatrixRMaj;

/** A proven bound of the largest eigenvalue of a small stored matrix, multiple or not. */
final class TopEigenvalue {
  private TopEigenvalue() {}

  /**
   * Returns a bound a little above the computed eigenvalue: the Cholesky factorisation of {@code θI
   * − M} ran to its end, so no eigenvalue of it is below {@code −(n + 10)ε·trace} (S. M. Rump 2006,
   * doi:10.1007/s10543-006-0056-1). One eigen-decomposition and a few factorisations, O(n³).
   *
   * @param matrix n × n, symmetric, all elements read
   * @return infinite if an element is not finite
   */
  static double bound(DMatrixRMaj matrix) {
    int n = matrix.numRows;
    double norm = Math.sqrt(Vectors.dot(matrix.data, matrix.data));
    if (!Double.isFinite(norm)) {
      return Double.POSITIVE_INFINITY;
    }
    double computed = Dense.symmetricEigen(matrix).values()[n - 1];
    DMatrixRMaj shifted = new DMatrixRMaj(n, n);
    for (double margin = 1e-13; margin < 1; margin *= 8) {
      double theta = computed + margin * norm;
      double trace = 0;
      for (int at = 0; at < n * n; at++) {
        shifted.data[at] = -matrix.data[at];
      }
      for (int i = 0; i < n; i++) {
        shifted.data[i * n + i] += theta;
        trace += Math.abs(shifted.data[i * n + i]);
      }
      if (Dense.cholesky(shifted).isPresent()) {
        return theta + (n + 10) * Math.ulp(1.0) * trace + 2 * Math.ulp(Math.abs(theta) + norm);
      }
    }
    return norm * (1 + n * Math.ulp(1.0));
  }
}
