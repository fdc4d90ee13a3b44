package io.github.mixtura.em.gaussian;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The components' scatter matrices, divided by powers of two that bring their largest diagonal
 * entry near 1: one power for all where the volumes are equal, else one for each component.
 *
 * <p>Powers of two leave every digit as it is, so that determinants neither overflow nor vanish and
 * data in another unit give the same estimate. The true scatter of component k is {@code values[k]
 * · 2^exponents[k]}, and its covariance is an estimate from {@code values} times the same power.
 *
 * @param dimension d
 * @param weights N_k, one per component
 * @param values K scaled scatters: d diagonal entries, or d(d + 1)/2 packed rows of the lower
 *     triangle
 * @param exponents K powers of two
 */
record ScaledScatters(int dimension, double[] weights, double[][] values, int[] exponents) {

  /** Scaled copies of the scatters, in the layout that the structure asks for. */
  static ScaledScatters of(
      CovarianceStructure structure, int d, double[] weights, double[][] scatter) {
    int[] exponents = new int[weights.length];
    for (int k = 0; k < exponents.length; k++) {
      double largest = Double.MIN_NORMAL;
      for (int j = 0; j < d; j++) {
        largest = Math.max(largest, scatter[k][structure.isDiagonal() ? j : packedIndex(j, j)]);
      }
      exponents[k] = Math.getExponent(largest);
    }
    if (structure.volume() == CovarianceStructure.Attribute.EQUAL) {
      int largest = exponents[0];
      for (int exponent : exponents) {
        largest = Math.max(largest, exponent);
      }
      Arrays.fill(exponents, largest);
    }
    double[][] values = new double[weights.length][];
    for (int k = 0; k < values.length; k++) {
      values[k] = scaled(scatter[k], -exponents[k]);
    }
    return new ScaledScatters(d, weights, values, exponents);
  }

  static int packedIndex(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  /** {@code values · 2^exponent}, a new array. */
  static double[] scaled(double[] values, int exponent) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.scalb(values[i], exponent);
    }
    return result;
  }

  int count() {
    return weights.length;
  }

  double totalWeight() {
    return sum(weights);
  }

  /** Sum in order. */
  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Mean diagonal entry of the scaled scatter of component k. */
  double meanExtent(int k) {
    double sum = 0;
    for (int j = 0; j < dimension; j++) {
      sum += values[k][values[k].length == dimension ? j : packedIndex(j, j)];
    }
    return sum / dimension;
  }

  /** Scaled scatter of component k as a full symmetric matrix; packed layout only. */
  DMatrixRMaj matrix(int k) {
    return unpacked(values[k], dimension);
  }

  /** The scaled scatters of all components. */
  DMatrixRMaj[] matrices() {
    DMatrixRMaj[] matrices = new DMatrixRMaj[count()];
    for (int k = 0; k < matrices.length; k++) {
      matrices[k] = matrix(k);
    }
    return matrices;
  }

  static DMatrixRMaj unpacked(double[] packed, int d) {
    DMatrixRMaj matrix = new DMatrixRMaj(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double value = packed[packedIndex(i, j)];
        matrix.unsafe_set(i, j, value);
        matrix.unsafe_set(j, i, value);
      }
    }
    return matrix;
  }
}
