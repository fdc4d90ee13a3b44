package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Generalised minimal residuals with right preconditioning and twice-repeated orthogonalisation
 * (Saad and Schultz 1986, doi:10.1137/0907058).
 */
final class Gmres {
  private Gmres() {}

  /**
   * Approximates x with {@code Ax = b}.
   *
   * @param operator A
   * @param inverse an approximation of the inverse of A
   * @param b right side
   * @param tolerance relative residual to stop at
   * @param most number of products with A
   * @param control asked before each product
   */
  static DMatrixRMaj solve(
      UnaryOperator<DMatrixRMaj> operator,
      UnaryOperator<DMatrixRMaj> inverse,
      DMatrixRMaj b,
      double tolerance,
      int most,
      Control control) {
    DMatrixRMaj sum = new DMatrixRMaj(b.numRows, b.numCols);
    double norm = Math.sqrt(dot(b, b));
    if (norm == 0) {
      return sum;
    }
    List<DMatrixRMaj> basis = new ArrayList<>();
    DMatrixRMaj first = b.copy();
    CommonOps_DDRM.scale(1 / norm, first);
    basis.add(first);
    double[][] h = new double[most][];
    double[] c = new double[most];
    double[] s = new double[most];
    double[] g = new double[most + 1];
    g[0] = norm;
    int count = 0;
    while (count < most && Math.abs(g[count]) > tolerance * norm && !control.isLate()) {
      DMatrixRMaj next = operator.apply(inverse.apply(basis.get(count)));
      double[] column = new double[count + 2];
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i <= count; i++) {
          double product = dot(basis.get(i), next);
          column[i] += product;
          CommonOps_DDRM.addEquals(next, -product, basis.get(i));
        }
      }
      double length = Math.sqrt(dot(next, next));
      for (int i = 0; i < count; i++) {
        double upper = c[i] * column[i] + s[i] * column[i + 1];
        column[i + 1] = c[i] * column[i + 1] - s[i] * column[i];
        column[i] = upper;
      }
      double rho = Math.hypot(column[count], length);
      if (rho == 0) {
        break;
      }
      c[count] = column[count] / rho;
      s[count] = length / rho;
      column[count] = rho;
      g[count + 1] = -s[count] * g[count];
      g[count] *= c[count];
      h[count++] = column;
      if (length <= 1e-15 * rho) {
        break;
      }
      CommonOps_DDRM.scale(1 / length, next);
      basis.add(next);
    }
    double[] y = new double[count];
    for (int i = count - 1; i >= 0; i--) {
      double left = g[i];
      for (int j = i + 1; j < count; j++) {
        left -= h[j][i] * y[j];
      }
      y[i] = left / h[i][i];
      CommonOps_DDRM.addEquals(sum, y[i], basis.get(i));
    }
    return inverse.apply(sum);
  }

  /** The sum of products of all entries. */
  static double dot(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0;
    for (int i = 0; i < a.data.length; i++) {
      sum += a.data[i] * b.data[i];
    }
    return sum;
  }
}
