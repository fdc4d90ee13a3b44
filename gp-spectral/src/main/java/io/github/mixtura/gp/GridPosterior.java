package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import org.ejml.data.DMatrixRMaj;

/** A Gaussian process given the values on a full grid. Immutable. */
public final class GridPosterior {
  private final GridProcess process;
  private final double[][] grid;
  private final Dense.Eigen[] eigen;

  /** (⊗V)ᵀ(K + σ²I)⁻¹y, the last axis running fastest. */
  private final double[] rotated;

  private final double logMarginalLikelihood;

  GridPosterior(GridProcess process, double[][] grid, double[] y) {
    this.process = process;
    this.grid = grid;
    this.eigen = new Dense.Eigen[grid.length];
    double[] tensor = y;
    for (int a = 0; a < grid.length; a++) {
      eigen[a] = GridProcess.eigen(process.axes().get(a), grid[a]);
      tensor = along(a, eigen[a].vectors(), tensor, true);
    }
    double[] lambda = products(-1);
    double fit = 0;
    double logDeterminant = 0;
    for (int i = 0; i < tensor.length; i++) {
      double total = lambda[i] + process.noiseVariance();
      fit += tensor[i] * tensor[i] / total;
      logDeterminant += Math.log(total);
      tensor[i] /= total;
    }
    this.rotated = tensor;
    this.logMarginalLikelihood =
        -0.5 * (fit + logDeterminant + tensor.length * Math.log(2 * Math.PI));
  }

  /**
   * The prior.
   *
   * @return as it was given
   */
  public GridProcess process() {
    return process;
  }

  /** Products of the eigenvalues of all axes but one, in the grid's order without that axis. */
  private double[] products(int without) {
    double[] all = {1};
    for (int a = 0; a < eigen.length; a++) {
      if (a != without) {
        double[] values = eigen[a].values();
        double[] longer = new double[Math.multiplyExact(all.length, values.length)];
        for (int i = 0; i < all.length; i++) {
          for (int j = 0; j < values.length; j++) {
            longer[i * values.length + j] = all[i] * values[j];
          }
        }
        all = longer;
      }
    }
    return all;
  }

  private int inner(int axis) {
    int inner = 1;
    for (int a = axis + 1; a < grid.length; a++) {
      inner *= grid[a].length;
    }
    return inner;
  }

  /** Multiplies a tensor along one axis by an N × N matrix or its transpose. */
  private double[] along(int axis, DMatrixRMaj matrix, double[] tensor, boolean transposed) {
    int n = grid[axis].length;
    int inner = inner(axis);
    double[] result = new double[tensor.length];
    if (inner == 1) {
      DMatrixRMaj rows = DMatrixRMaj.wrap(tensor.length / n, n, tensor);
      DMatrixRMaj product =
          transposed ? Dense.multiply(rows, matrix) : Dense.multiplyTransB(rows, matrix);
      System.arraycopy(product.data, 0, result, 0, result.length);
      return result;
    }
    int size = n * inner;
    DMatrixRMaj slice = new DMatrixRMaj(n, inner);
    for (int start = 0; start < tensor.length; start += size) {
      System.arraycopy(tensor, start, slice.data, 0, size);
      DMatrixRMaj product =
          transposed ? Dense.multiplyTransA(matrix, slice) : Dense.multiply(matrix, slice);
      System.arraycopy(product.data, 0, result, start, size);
    }
    return result;
  }

  /**
   * The posterior mean of the function at the points of the grid.
   *
   * @return ΠN_j means, the last axis running fastest
   */
  public double[] fitted() {
    double[] tensor = products(-1);
    for (int i = 0; i < tensor.length; i++) {
      tensor[i] *= rotated[i];
    }
    for (int a = 0; a < grid.length; a++) {
      tensor = along(a, eigen[a].vectors(), tensor, false);
    }
    return tensor;
  }

  /** V_aᵀ k_a(x − axis) for every axis. */
  private double[][] crossings(double[] point) {
    double[][] crossings = new double[grid.length][];
    double[] value = new double[1];
    for (int a = 0; a < grid.length; a++) {
      int n = grid[a].length;
      double[] vectors = eigen[a].vectors().data;
      double[] crossing = new double[n];
      for (int i = 0; i < n; i++) {
        process.axes().get(a).evaluate(point[a] - grid[a][i], 0, value);
        for (int j = 0; j < n; j++) {
          crossing[j] += value[0] * vectors[i * n + j];
        }
      }
      crossings[a] = crossing;
    }
    return crossings;
  }

  /** Contracts a tensor with one vector per axis. */
  private static double contract(double[] tensor, double[][] vectors) {
    double[] current = tensor;
    for (int a = vectors.length - 1; a >= 0; a--) {
      double[] vector = vectors[a];
      double[] shorter = new double[current.length / vector.length];
      for (int i = 0; i < shorter.length; i++) {
        double sum = 0;
        for (int j = 0; j < vector.length; j++) {
          sum += current[i * vector.length + j] * vector[j];
        }
        shorter[i] = sum;
      }
      current = shorter;
    }
    return current[0];
  }

  /**
   * The posterior mean of the function; O(N) per point.
   *
   * @param points rows of D columns, finite; anywhere
   * @return one mean per row
   * @throws IllegalArgumentException if a shape is wrong or a value is not finite
   */
  public double[] mean(double[][] points) {
    double[][] rows = Factors.copyOfRows(points, grid.length, "points");
    double[] means = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      means[i] = contract(rotated, crossings(rows[i]));
    }
    return means;
  }

  /**
   * The posterior variance of the function; O(N) per point. An observation has the noise variance
   * on top.
   *
   * @param points rows of D columns, finite; anywhere
   * @return one variance per row; negative results are set to 0
   * @throws IllegalArgumentException if a shape is wrong or a value is not finite
   */
  public double[] variance(double[][] points) {
    double[][] rows = Factors.copyOfRows(points, grid.length, "points");
    double prior = Factors.variance(process.axes());
    double[] precision = products(-1);
    for (int i = 0; i < precision.length; i++) {
      precision[i] = 1 / (precision[i] + process.noiseVariance());
    }
    double[] variances = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double[][] squares = crossings(rows[i]);
      for (double[] square : squares) {
        for (int j = 0; j < square.length; j++) {
          square[j] *= square[j];
        }
      }
      variances[i] = Math.max(0, prior - contract(precision, squares));
    }
    return variances;
  }

  /**
   * The log marginal likelihood; see {@link GaussianPosterior#logMarginalLikelihood()}.
   *
   * @return natural logarithm
   */
  public double logMarginalLikelihood() {
    return logMarginalLikelihood;
  }

  /**
   * The derivatives of {@link #logMarginalLikelihood()}; O(ΣN_j³ + NΣN_j) time.
   *
   * @return in the order of {@link GridProcess#parameters()}
   */
  public double[] logMarginalLikelihoodGradient() {
    double[] gradient = new double[process.parameters().length];
    int p = 0;
    for (int a = 0; a < grid.length; a++) {
      CovarianceFunction k = process.axes().get(a);
      double[] weights = lagWeights(a).data;
      double[][] slopes = new double[k.parameters().length][1];
      int n = grid[a].length;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          k.gradient(grid[a][i] - grid[a][j], 0, slopes);
          double weight = (i == j ? 0.5 : 1) * weights[i * n + j];
          for (int s = 0; s < slopes.length; s++) {
            gradient[p + s] += weight * slopes[s][0];
          }
        }
      }
      p += slopes.length;
    }
    double noise = 0;
    double[] lambda = products(-1);
    for (int i = 0; i < lambda.length; i++) {
      noise += rotated[i] * rotated[i] - 1 / (lambda[i] + process.noiseVariance());
    }
    gradient[p] = 0.5 * process.noiseVariance() * noise;
    return gradient;
  }

  /** The matrix W with which the likelihood changes by ½ tr(W dK_a) when axis a's matrix does. */
  private DMatrixRMaj lagWeights(int axis) {
    int n = grid[axis].length;
    int inner = inner(axis);
    double[] values = eigen[axis].values();
    double[] others = products(axis);
    DMatrixRMaj scaled = new DMatrixRMaj(others.length, n);
    double[] traces = new double[n];
    for (int o = 0; o < others.length; o++) {
      double root = Math.sqrt(others[o]);
      int start = o / inner * n * inner + o % inner;
      for (int i = 0; i < n; i++) {
        scaled.data[o * n + i] = root * rotated[start + i * inner];
        traces[i] += others[o] / (values[i] * others[o] + process.noiseVariance());
      }
    }
    DMatrixRMaj core = Dense.crossProduct(scaled);
    for (int i = 0; i < n; i++) {
      core.data[i * (n + 1)] -= traces[i];
    }
    DMatrixRMaj vectors = eigen[axis].vectors();
    return Dense.multiplyTransB(Dense.multiply(vectors, core), vectors);
  }
}
