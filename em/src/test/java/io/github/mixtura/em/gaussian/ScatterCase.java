package io.github.mixtura.em.gaussian;

import io.github.mixtura.distribution.Covariance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** Weights and packed scatter matrices to estimate covariances from. */
record ScatterCase(int dimension, double[] weight, double[][] scatter, String name) {

  static List<ScatterCase> all() {
    List<ScatterCase> cases = new ArrayList<>();
    for (int d : new int[] {1, 2, 3, 5, 10}) {
      for (int count = 1; count <= 4; count++) {
        cases.add(random(d, count, 100 * d + count));
      }
    }
    return cases;
  }

  /** Scatters of Gaussian samples with unrelated covariances and random sizes. */
  static ScatterCase random(int d, int count, long seed) {
    Random random = new Random(seed);
    double[] weight = new double[count];
    double[][] scatter = new double[count][];
    for (int k = 0; k < count; k++) {
      int rows = 2 * d + 3 + random.nextInt(40);
      weight[k] = rows * (0.5 + random.nextDouble());
      double[][] factor = new double[d][2 * d];
      for (double[] row : factor) {
        Arrays.setAll(row, j -> random.nextGaussian() * (1 + j % 3));
      }
      scatter[k] = scatterOf(factor, rows, random);
    }
    return new ScatterCase(d, weight, scatter, "d=" + d + " K=" + count + " seed=" + seed);
  }

  private static double[] scatterOf(double[][] factor, int rows, Random random) {
    int d = factor.length;
    double[] packed = new double[d * (d + 1) / 2];
    double[] z = new double[2 * d];
    double[] x = new double[d];
    for (int row = 0; row < rows; row++) {
      Arrays.setAll(z, j -> random.nextGaussian());
      int entry = 0;
      for (int i = 0; i < d; i++) {
        x[i] = 0;
        for (int j = 0; j < z.length; j++) {
          x[i] += factor[i][j] * z[j];
        }
        for (int j = 0; j <= i; j++) {
          packed[entry++] += x[i] * x[j];
        }
      }
    }
    return packed;
  }

  ScatterCase scaled(double factor) {
    double[][] result =
        Arrays.stream(scatter)
            .map(packed -> Arrays.stream(packed).map(v -> v * factor).toArray())
            .toArray(double[][]::new);
    return new ScatterCase(dimension, weight, result, name + " times " + factor);
  }

  double entry(int k, int i, int j) {
    int row = Math.max(i, j);
    return scatter[k][row * (row + 1) / 2 + Math.min(i, j)];
  }

  Covariance[] estimate(CovarianceStructure structure, Covariance[] current) {
    double[][] input = scatter;
    if (structure.isDiagonal()) {
      input = new double[scatter.length][dimension];
      for (int k = 0; k < input.length; k++) {
        for (int j = 0; j < dimension; j++) {
          input[k][j] = entry(k, j, j);
        }
      }
    }
    return CovarianceEstimator.estimate(structure, dimension, weight, input, current);
  }

  double objective(Covariance[] covariances) {
    return objective(Decomposition.matrices(covariances));
  }

  /** {@code −½ Σ_k [N_k log|Σ_k| + tr(Σ_k⁻¹ W_k)]}, by LU inverse and determinant. */
  double objective(DMatrixRMaj[] covariances) {
    double sum = 0;
    for (int k = 0; k < weight.length; k++) {
      DMatrixRMaj inverse = new DMatrixRMaj(dimension, dimension);
      CommonOps_DDRM.invert(covariances[k], inverse);
      sum += weight[k] * Math.log(CommonOps_DDRM.det(covariances[k]));
      for (int i = 0; i < dimension; i++) {
        for (int j = 0; j < dimension; j++) {
          sum += inverse.get(i, j) * entry(k, i, j);
        }
      }
    }
    return -sum / 2;
  }

  /** Objective of EVE or VVE in the plane with axes at a given angle, the rest optimal. */
  double profileInPlane(CovarianceStructure structure, double angle) {
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    double total = Arrays.stream(weight).sum();
    double pooledVolume = 0;
    double sum = 0;
    for (int k = 0; k < weight.length; k++) {
      double across = 2 * c * s * entry(k, 0, 1);
      double first = c * c * entry(k, 0, 0) + across + s * s * entry(k, 1, 1);
      double second = s * s * entry(k, 0, 0) - across + c * c * entry(k, 1, 1);
      pooledVolume += Math.sqrt(first * second) / total;
      sum += weight[k] * Math.log(first * second / (weight[k] * weight[k]));
    }
    boolean equal = structure == CovarianceStructure.EVE;
    return -0.5 * (equal ? 2 * total * Math.log(pooledVolume) : sum) - total;
  }

  @Override
  public String toString() {
    return name;
  }
}
