package io.github.mixtura.distribution;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;

/** Index sets of columns, and the regression of some on others. */
final class Columns {
  private Columns() {}

  static int[] require(int[] columns, int dimension) {
    boolean[] seen = new boolean[dimension];
    for (int j : columns) {
      if (j < 0 || j >= dimension || seen[j]) {
        throw new IllegalArgumentException(
            "columns are "
                + Arrays.toString(columns)
                + ", must be distinct and 0 to "
                + (dimension - 1));
      }
      seen[j] = true;
    }
    if (columns.length == 0) {
      throw new IllegalArgumentException("columns is empty, must name at least one");
    }
    return columns;
  }

  static int[] others(int[] given, int dimension) {
    require(given, dimension);
    int[] rest = new int[dimension - given.length];
    if (rest.length == 0) {
      throw new IllegalArgumentException("given names all columns, at least one must remain");
    }
    for (int j = 0, at = 0; j < dimension; j++) {
      int column = j;
      if (Arrays.stream(given).noneMatch(g -> g == column)) {
        rest[at++] = j;
      }
    }
    return rest;
  }

  /**
   * Mean and covariance of the remaining columns given the others, for an elliptical law: μ_r +
   * Σ_rg Σ_gg⁻¹ (v − μ_g) and Σ_rr − Σ_rg Σ_gg⁻¹ Σ_gr.
   */
  record Regression(double[] mean, Covariance covariance, double squaredDistance) {
    static Regression of(double[] mean, Covariance covariance, int[] given, double[] values) {
      int[] rest = others(given, mean.length);
      if (values.length != given.length) {
        throw new IllegalArgumentException(
            "values has "
                + values.length
                + " entries, must have one per given column: "
                + given.length);
      }
      double[] z = new double[given.length];
      for (int j = 0; j < z.length; j++) {
        z[j] = values[j] - mean[given[j]];
      }
      Covariance known = covariance.marginal(given);
      double distance = known.squaredDistance(z);
      double[] shifted = Arrays.stream(rest).mapToDouble(j -> mean[j]).toArray();
      if (covariance.isDiagonal()) {
        return new Regression(shifted, covariance.marginal(rest), distance);
      }
      DMatrixRMaj cross = new DMatrixRMaj(given.length, rest.length);
      for (int i = 0; i < given.length; i++) {
        for (int j = 0; j < rest.length; j++) {
          cross.set(i, j, covariance.get(given[i], rest[j]));
        }
      }
      var solver = LinearSolverFactory_DDRM.chol(given.length);
      DMatrixRMaj coefficients = new DMatrixRMaj(given.length, rest.length);
      if (!solver.setA(known.toMatrix())) {
        throw new NotPositiveDefiniteException("covariance of the given columns is singular");
      }
      solver.solve(cross.copy(), coefficients);
      DMatrixRMaj residual = covariance.marginal(rest).toMatrix();
      CommonOps_DDRM.multAddTransA(-1, cross, coefficients, residual);
      for (int i = 0; i < rest.length; i++) {
        for (int j = 0; j < given.length; j++) {
          shifted[i] += coefficients.get(j, i) * z[j];
        }
        for (int j = 0; j < i; j++) {
          double both = 0.5 * (residual.get(i, j) + residual.get(j, i));
          residual.set(i, j, both);
          residual.set(j, i, both);
        }
      }
      return new Regression(shifted, Covariance.full(residual), distance);
    }
  }
}
