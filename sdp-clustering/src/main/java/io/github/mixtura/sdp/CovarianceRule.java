package io.github.mixtura.sdp;

import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.em.gaussian.CovarianceEstimate;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;

/**
 * How covariances S_k are made of the scatters W_k of groups.
 *
 * <p>Without shrinkage S_k is the maximum-likelihood estimate of the model. With it, g_k = q/(m_k +
 * q) of that estimate gives way to a target, where q/m_k is about the number of parameters per
 * value that they are estimated from:
 *
 * <ul>
 *   <li>full: q = p, m = n_k: {@code (1 − g) S_k + (g/2) S + (g/2)(tr S_k / p) I}, S being the
 *       pooled covariance;
 *   <li>tied: q = p, m = n: the same formula with S_k = S;
 *   <li>diagonal: q = 1, m = n_k: {@code (1 − g) S_k + g S}, which keeps the columns' units apart;
 *   <li>isotropic: q = 1, m = n_k p: {@code (1 − g) S_k + g S};
 * </ul>
 *
 * and {@code 1e-8 (tr S / p) I} is added to each.
 *
 * @param model of the covariances
 * @param shrinkage whether they are shrunk
 */
record CovarianceRule(CovarianceModel model, boolean shrinkage) implements CovarianceEstimate {
  private static final double RIDGE = 1e-8;

  /** Fewest rows of a group for which the estimate is regular on data in general position. */
  int smallestGroup(int dimension) {
    if (shrinkage) {
      return 1;
    }
    return switch (model) {
      case FULL -> dimension + 1;
      case TIED -> 1;
      case DIAGONAL, ISOTROPIC -> 2;
    };
  }

  /**
   * Refuses groups from which nothing regular can be estimated.
   *
   * @throws UnusableDataException saying what to do
   */
  void requireEnough(int dimension, double[] counts) {
    int least = smallestGroup(dimension);
    for (int k = 0; k < counts.length; k++) {
      if (counts[k] < least) {
        throw new UnusableDataException(
            String.format(
                "group %d has %d rows for %d columns, must have at least %d for a covariance of its"
                    + " own (%s, shrinkage off): switch shrinkage on, choose %sfewer components",
                k + 1,
                (long) counts[k],
                dimension,
                least,
                model.name().toLowerCase(java.util.Locale.ROOT),
                model == CovarianceModel.FULL
                    ? "tied, diagonal or isotropic covariances, or "
                    : "tied covariances, or "));
      }
    }
    double total = Arrays.stream(counts).sum();
    if (model == CovarianceModel.TIED && !shrinkage && total - counts.length < dimension) {
      throw new UnusableDataException(
          String.format(
              "there are %d rows in %d groups for %d columns, must be at least %d for tied"
                  + " covariances with shrinkage off: switch shrinkage on, choose isotropic"
                  + " covariances, or fewer components",
              (long) total, counts.length, dimension, dimension + counts.length));
    }
  }

  /** Gaussian components whose covariances this rule makes. */
  GaussianFamily family() {
    CovarianceStructure structure =
        switch (model) {
          case FULL -> CovarianceStructure.VVV;
          case TIED -> CovarianceStructure.EEE;
          case DIAGONAL -> CovarianceStructure.VVI;
          case ISOTROPIC -> CovarianceStructure.VII;
        };
    return GaussianFamily.of(structure).withEstimate(this);
  }

  @Override
  public boolean isRegular() {
    return shrinkage;
  }

  /** {@inheritDoc} Shrinkage is none, so that an iteration may lower the likelihood a little. */
  @Override
  public boolean isMaximum() {
    return !shrinkage;
  }

  @Override
  public Covariance[] estimate(
      CovarianceStructure structure,
      int dimension,
      double[] weights,
      double[][] scatters,
      List<Covariance> current,
      BooleanSupplier hurry) {
    double[][] whole = new double[scatters.length][dimension * dimension];
    for (int k = 0; k < whole.length; k++) {
      for (int i = 0, q = 0; i < dimension; i++) {
        for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
          whole[k][i * dimension + j] = scatters[k][q];
          whole[k][j * dimension + i] = scatters[k][q];
        }
      }
    }
    DMatrixRMaj[] matrices = estimate(dimension, weights, whole);
    Covariance[] covariances = new Covariance[matrices.length];
    for (int k = 0; k < covariances.length; k++) {
      DMatrixRMaj matrix = matrices[k];
      double[] variances = new double[dimension];
      Arrays.setAll(variances, j -> matrix.get(j, j));
      covariances[k] =
          structure.isDiagonal() ? Covariance.diagonal(variances) : Covariance.full(matrix);
    }
    return covariances;
  }

  /**
   * The covariances.
   *
   * @param p dimension
   * @param counts K rows (or total weights) n_k &gt; 0 (read)
   * @param scatters K times p × p sums of squares about the mean W_k, row major, both triangles;
   *     only diagonals matter to diagonal and isotropic models (read)
   * @return K matrices; tied: one object K times
   */
  DMatrixRMaj[] estimate(int p, double[] counts, double[][] scatters) {
    int components = counts.length;
    double total = Arrays.stream(counts).sum();
    double[] pooled = new double[p * p];
    for (double[] scatter : scatters) {
      for (int q = 0; q < pooled.length; q++) {
        pooled[q] += scatter[q];
      }
    }
    for (int q = 0; q < pooled.length; q++) {
      pooled[q] /= total;
    }
    double ridge = shrinkage ? RIDGE * meanOfDiagonal(pooled, p) : 0;
    DMatrixRMaj[] result = new DMatrixRMaj[components];
    if (model == CovarianceModel.TIED) {
      Arrays.fill(result, full(p, pooled, 1, pooled, total, ridge));
      return result;
    }
    for (int k = 0; k < components; k++) {
      result[k] =
          switch (model) {
            case FULL -> full(p, scatters[k], counts[k], pooled, counts[k], ridge);
            case DIAGONAL -> diagonal(p, scatters[k], counts[k], pooled, ridge);
            default -> isotropic(p, scatters[k], counts[k], pooled, ridge);
          };
    }
    return result;
  }

  private DMatrixRMaj full(
      int p, double[] scatter, double divisor, double[] pooled, double count, double ridge) {
    double g = shrinkage ? p / (count + p) : 0;
    double identity = 0.5 * g * (meanOfDiagonal(scatter, p) / divisor) + ridge;
    DMatrixRMaj s = new DMatrixRMaj(p, p);
    double own = (1 - g) / divisor;
    double shared = 0.5 * g;
    for (int q = 0; q < scatter.length; q++) {
      s.data[q] = own * scatter[q] + shared * pooled[q];
    }
    for (int j = 0; j < p; j++) {
      s.data[j * p + j] += identity;
    }
    return s;
  }

  private DMatrixRMaj diagonal(
      int p, double[] scatter, double count, double[] pooled, double ridge) {
    double g = shrinkage ? 1 / (count + 1) : 0;
    DMatrixRMaj s = new DMatrixRMaj(p, p);
    for (int j = 0; j < p; j++) {
      int q = j * p + j;
      s.data[q] = (1 - g) * scatter[q] / count + g * pooled[q] + ridge;
    }
    return s;
  }

  private DMatrixRMaj isotropic(
      int p, double[] scatter, double count, double[] pooled, double ridge) {
    double g = shrinkage ? 1 / (count * p + 1) : 0;
    double own = meanOfDiagonal(scatter, p) / count;
    double variance = (1 - g) * own + g * meanOfDiagonal(pooled, p) + ridge;
    DMatrixRMaj s = new DMatrixRMaj(p, p);
    for (int j = 0; j < p; j++) {
      s.data[j * p + j] = variance;
    }
    return s;
  }

  private static double meanOfDiagonal(double[] matrix, int p) {
    double trace = 0;
    for (int j = 0; j < p; j++) {
      trace += matrix[j * p + j];
    }
    return trace / p;
  }
}
