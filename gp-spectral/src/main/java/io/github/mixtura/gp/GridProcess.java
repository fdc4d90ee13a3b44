package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * A Gaussian process of mean zero on a full grid of D axes; exact regression by Kronecker products.
 *
 * <p>The covariance is the product of one function per axis; see {@link GaussianProcess}. With the
 * eigenvalues λ and vectors V of the axes' matrices, K = (⊗V) diag(⊗λ) (⊗V)ᵀ: O(ΣN_j³ + NΣN_j) time
 * and O(ΣN_j² + N) memory for N = ΠN_j values (Saatçi 2011). The points of an axis need not be at
 * equal distances. Immutable.
 */
public final class GridProcess {
  private final List<CovarianceFunction> axes;
  private final double noiseVariance;

  private GridProcess(List<CovarianceFunction> axes, double noiseVariance) {
    this.axes = axes;
    this.noiseVariance = noiseVariance;
  }

  /**
   * A process on a grid.
   *
   * @param axes the factor of every axis, one or more
   * @param noiseVariance of each observation, finite and positive
   * @return the process
   * @throws IllegalArgumentException if there is no axis or the variance is outside its range
   */
  public static GridProcess of(List<CovarianceFunction> axes, double noiseVariance) {
    Factors.require(axes, noiseVariance);
    Checks.positive(noiseVariance, "noiseVariance");
    return new GridProcess(List.copyOf(axes), noiseVariance);
  }

  /**
   * The factors of the covariance.
   *
   * @return one per axis
   */
  public List<CovarianceFunction> axes() {
    return axes;
  }

  /**
   * The variance of the noise.
   *
   * @return of each observation
   */
  public double noiseVariance() {
    return noiseVariance;
  }

  /**
   * The parameters of every axis, then the logarithm of the noise variance.
   *
   * @return a new array
   */
  public double[] parameters() {
    return Factors.parameters(axes, noiseVariance);
  }

  /**
   * The process with other parameters.
   *
   * @param parameters as {@link #parameters()} gives them
   * @return the process
   * @throws IllegalArgumentException if the length is wrong or a value is not finite
   */
  public GridProcess withParameters(double... parameters) {
    return of(
        Factors.withParameters(axes, parameters), Math.exp(parameters[parameters.length - 1]));
  }

  /**
   * Conditions on the values at all points of a grid.
   *
   * @param coordinates of every axis, finite and strictly ascending; copied
   * @param y ΠN_j values, the last axis running fastest, finite; copied
   * @return the posterior
   * @throws IllegalArgumentException if a shape is wrong, a value is not finite, or an axis does
   *     not ascend
   */
  public GridPosterior fit(double[][] coordinates, double[] y) {
    Checks.length(coordinates.length, axes.size(), "coordinates");
    double[][] grid = new double[axes.size()][];
    long total = 1;
    for (int a = 0; a < grid.length; a++) {
      grid[a] = ascending(coordinates[a].clone(), "coordinates[" + a + "]");
      total *= grid[a].length;
    }
    if (total != y.length) {
      throw new IllegalArgumentException(
          "y has length "
              + y.length
              + ", must have one value for each of the "
              + total
              + " points of the grid; use GaussianProcess where values are missing");
    }
    Checks.finite(y, "y");
    return new GridPosterior(this, grid, y);
  }

  private static double[] ascending(double[] axis, String name) {
    Checks.atLeast(axis.length, 1, "number of points of " + name);
    Checks.finite(axis, name);
    for (int i = 1; i < axis.length; i++) {
      if (!(axis[i] > axis[i - 1])) {
        throw new IllegalArgumentException(
            name
                + "["
                + i
                + "] is "
                + axis[i]
                + " after "
                + axis[i - 1]
                + ", must be larger; use GaussianProcess for points that form no grid");
      }
    }
    return axis;
  }

  static DMatrixRMaj matrix(CovarianceFunction k, double[] axis) {
    int n = axis.length;
    DMatrixRMaj matrix = new DMatrixRMaj(n, n);
    double[] value = new double[1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        k.evaluate(axis[i] - axis[j], 0, value);
        matrix.data[i * n + j] = value[0];
        matrix.data[j * n + i] = value[0];
      }
    }
    return matrix;
  }

  /** Eigenvalues, those below 0 set to it, and vectors. */
  static Dense.Eigen eigen(CovarianceFunction k, double[] axis) {
    Dense.Eigen eigen = Dense.symmetricEigen(matrix(k, axis));
    double[] values = eigen.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, values[i]);
    }
    return new Dense.Eigen(values, eigen.vectors());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GridProcess that
        && axes.equals(that.axes)
        && noiseVariance == that.noiseVariance;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parameters());
  }

  @Override
  public String toString() {
    return "GridProcess[" + axes + ", noise variance " + noiseVariance + "]";
  }
}
