package io.github.mixtura.em.gaussian;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Gradient of the log-likelihood of a mixture with shared orientation in whitened coordinates,
 * divided by n: weights, means, variances along the common axes, rotation of the axes.
 */
final class Score {
  private Score() {}

  /** Largest absolute entry. */
  static double sharedOrientation(
      CovarianceStructure structure, Mixture<Gaussian> mixture, Observations rows) {
    int d = mixture.dimension();
    int count = mixture.componentCount();
    int n = rows.rows();
    Covariance[] covariances =
        mixture.components().stream().map(Gaussian::covariance).toArray(Covariance[]::new);
    Decomposition[] parts = Decomposition.of(structure, covariances);
    double[][] rotation = new double[d][d];
    double[][] ratio = new double[d][d];
    double largest = 0;
    for (int k = 0; k < count; k++) {
      double[] variance = new double[d];
      for (int j = 0; j < d; j++) {
        variance[j] = Math.exp(parts[k].logVolume() + parts[k].logShape()[j]);
      }
      Sums sums = sums(mixture, k, rows, parts[k].axes());
      largest = Math.max(largest, Math.abs(sums.weight - n * mixture.weight(k)));
      for (int i = 0; i < d; i++) {
        largest = Math.max(largest, Math.abs(sums.first[i]) / Math.sqrt(variance[i]));
        double volume = 0.5 * (sums.second[i][i] / variance[i] - sums.weight);
        largest = Math.max(largest, Math.abs(volume));
        for (int j = 0; j < i; j++) {
          rotation[i][j] += sums.second[i][j] * (1 / variance[i] - 1 / variance[j]);
          double r = variance[i] / variance[j];
          ratio[i][j] = Math.max(ratio[i][j], Math.max(r, 1 / r));
        }
      }
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        largest = Math.max(largest, Math.abs(rotation[i][j]) / Math.sqrt(ratio[i][j]));
      }
    }
    return largest / n;
  }

  private record Sums(double weight, double[] first, double[][] second) {}

  /** Σr, Σr(x−μ) and Σr(x−μ)(x−μ)ᵀ in the coordinates of the axes. */
  private static Sums sums(Mixture<Gaussian> mixture, int k, Observations rows, DMatrixRMaj axes) {
    int d = mixture.dimension();
    double weight = 0;
    double[] first = new double[d];
    double[][] second = new double[d][d];
    double[] mean = mixture.component(k).mean();
    for (int row = 0; row < rows.rows(); row++) {
      double[] x = rows.row(row);
      double r = mixture.responsibilities(x)[k];
      DMatrixRMaj z = new DMatrixRMaj(d, 1);
      for (int j = 0; j < d; j++) {
        z.set(j, 0, x[j] - mean[j]);
      }
      DMatrixRMaj turned = CommonOps_DDRM.multTransA(axes, z, null);
      weight += r;
      for (int i = 0; i < d; i++) {
        first[i] += r * turned.get(i);
        for (int j = 0; j < d; j++) {
          second[i][j] += r * turned.get(i) * turned.get(j);
        }
      }
    }
    return new Sums(weight, first, second);
  }
}
