package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Leading singular vectors of a matrix from a seeded random sample of its range (Halko, Martinsson
 * and Tropp 2011, doi:10.1137/090771806).
 */
final class LeadingVectors {
  private static final int MOST_VECTORS = 10;
  private static final int SAMPLES = 16;
  private static final long SEED = 1;

  private LeadingVectors() {}

  /**
   * Adds singular vectors times singular values to lists.
   *
   * @param values the matrix
   * @param size its Frobenius norm; the vectors are divided by it
   * @param left is given the left vectors
   * @param right is given the right vectors
   */
  static void add(DMatrixRMaj values, double size, List<double[]> left, List<double[]> right) {
    int rows = values.numRows;
    int columns = values.numCols;
    int count = Math.min(SAMPLES, Math.min(rows, columns));
    Random random = new Random(SEED);
    DMatrixRMaj sample = new DMatrixRMaj(columns, count);
    for (int i = 0; i < sample.data.length; i++) {
      sample.data[i] = random.nextGaussian();
    }
    DMatrixRMaj range = orthonormal(Dense.multiply(values, sample));
    range = orthonormal(Dense.multiply(values, orthonormal(Dense.multiplyTransA(values, range))));
    DMatrixRMaj across = Dense.multiplyTransA(values, range);
    Qr qr = new Qr(across);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(count, count, true, true, true);
    if (!svd.decompose(qr.r().copy())) {
      throw new ArithmeticException("singular values of the source were not found");
    }
    // F = range·acrossᵀ and across = Q R = Q U S Vᵀ.
    DMatrixRMaj rightVectors = qr.times(svd.getU(null, false));
    DMatrixRMaj leftVectors = Dense.multiply(range, svd.getV(null, false));
    double[] singular = svd.getSingularValues();
    Integer[] order = new Integer[count];
    Arrays.setAll(order, k -> k);
    Arrays.sort(order, (p, q) -> Double.compare(singular[q], singular[p]));
    for (int k = 0; k < Math.min(MOST_VECTORS, count); k++) {
      double value = singular[order[k]];
      if (value > 1e-13 * singular[order[0]]) {
        left.add(column(leftVectors, order[k], value / size));
        right.add(column(rightVectors, order[k], value / size));
      }
    }
  }

  private static DMatrixRMaj orthonormal(DMatrixRMaj a) {
    return new Qr(a).times(CommonOps_DDRM.identity(a.numCols));
  }

  private static double[] column(DMatrixRMaj a, int column, double factor) {
    double[] values = new double[a.numRows];
    Arrays.setAll(values, i -> a.get(i, column) * factor);
    return values;
  }
}
