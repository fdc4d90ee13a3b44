package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * The covariances S_k that a rule makes of groups, and the groups' likelihood under them, {@code −L
 * = −Σ_k [n_k log|S_k| + tr(S_k⁻¹ W_k)]}, which is twice the log-likelihood of the labels but for a
 * constant.
 *
 * @param objective −L
 * @param covariances K matrices; tied: one object K times
 * @param whitenings K matrices M_k, lower triangular row major, with M_kᵀM_k = S_k⁻¹
 * @param logDeterminants K values log|S_k|
 */
record GroupLikelihood(
    double objective, DMatrixRMaj[] covariances, double[][] whitenings, double[] logDeterminants) {

  /** Pivots, over the variance, below which the factor is looked at more closely. */
  private static final double SMALL = 1e-4;

  /** Relative error of squared distances by the factor's rounding that is worse than none. */
  private static final double MOST_DISTORTED = 0.1;

  /** Empty if a covariance is singular. */
  static Optional<GroupLikelihood> of(GroupScatters groups, CovarianceRule rule) {
    int components = groups.components();
    if (groups.smallest() < 1) {
      return Optional.empty();
    }
    int p = groups.dimension();
    DMatrixRMaj[] covariances = rule.estimate(p, groups.counts(), groups.scatters());
    double[][] whitenings = new double[components][];
    double[] logDeterminants = new double[components];
    double sum = 0;
    for (int k = 0; k < components; k++) {
      if (k > 0 && covariances[k] == covariances[0]) {
        whitenings[k] = whitenings[0];
        logDeterminants[k] = logDeterminants[0];
      } else {
        Optional<double[]> whitening = whitening(covariances[k]);
        if (whitening.isEmpty()) {
          return Optional.empty();
        }
        whitenings[k] = whitening.get();
        logDeterminants[k] = logDeterminant(whitenings[k], p);
      }
      sum +=
          groups.counts()[k] * logDeterminants[k] + trace(whitenings[k], groups.scatters()[k], p);
    }
    return Double.isFinite(sum)
        ? Optional.of(new GroupLikelihood(-sum, covariances, whitenings, logDeterminants))
        : Optional.empty();
  }

  /** The first group whose covariance is singular; −1 if there is none. */
  static int singular(GroupScatters groups, CovarianceRule rule) {
    DMatrixRMaj[] covariances =
        rule.estimate(groups.dimension(), groups.counts(), groups.scatters());
    for (int k = 0; k < covariances.length; k++) {
      if (whitening(covariances[k]).isEmpty()) {
        return k;
      }
    }
    return -1;
  }

  /** Inverse of the Cholesky factor; empty if it is singular to working precision. */
  static Optional<double[]> whitening(DMatrixRMaj covariance) {
    int p = covariance.numRows;
    for (int j = 0; j < p; j++) {
      if (!(covariance.unsafe_get(j, j) >= Double.MIN_NORMAL)) {
        return Optional.empty();
      }
    }
    Optional<DMatrixRMaj> factor = Dense.cholesky(covariance);
    if (factor.isEmpty()) {
      return Optional.empty();
    }
    double[] lower = factor.get().data;
    double least = 1;
    for (int j = 0; j < p; j++) {
      // The pivot is what the columns before it leave of the variance.
      double pivot = lower[j * p + j] * lower[j * p + j];
      if (!(pivot > 1e-13 * covariance.unsafe_get(j, j))) {
        return Optional.empty();
      }
      least = Math.min(least, pivot / covariance.unsafe_get(j, j));
    }
    double[] inverse = inverse(lower, p);
    if (least < SMALL) {
      // Several small pivots: the later ones may be nothing but the rounding of the first.
      double spread = Whitening.spread(inverse, lower, p);
      if (!((p + 3) * Math.ulp(1.0) / 2 * spread * spread < MOST_DISTORTED)) {
        return Optional.empty();
      }
    }
    return Optional.of(inverse);
  }

  private static double[] inverse(double[] lower, int p) {
    double[] inverse = new double[p * p];
    for (int i = 0; i < p; i++) {
      int row = i * p;
      double reciprocal = 1 / lower[row + i];
      for (int m = 0; m < i; m++) {
        double v = lower[row + m];
        for (int j = 0; j <= m; j++) {
          inverse[row + j] -= v * inverse[m * p + j];
        }
      }
      for (int j = 0; j < i; j++) {
        inverse[row + j] *= reciprocal;
      }
      inverse[row + i] = reciprocal;
    }
    return inverse;
  }

  private static double logDeterminant(double[] whitening, int p) {
    double log = 0;
    for (int j = 0; j < p; j++) {
      log -= Math.log(whitening[j * p + j]);
    }
    return 2 * log;
  }

  /** tr(M W Mᵀ). */
  private static double trace(double[] whitening, double[] scatter, int p) {
    double trace = 0;
    double[] row = new double[p];
    for (int i = 0; i < p; i++) {
      Arrays.fill(row, 0);
      for (int m = 0; m <= i; m++) {
        double v = whitening[i * p + m];
        if (v != 0) {
          for (int j = 0; j <= i; j++) {
            row[j] += v * scatter[m * p + j];
          }
        }
      }
      for (int j = 0; j <= i; j++) {
        trace += row[j] * whitening[i * p + j];
      }
    }
    return trace;
  }

  /** |M_k (x − mean)|² of one row. */
  double squaredDistance(int k, double[] rows, int at, double[] mean) {
    int p = mean.length;
    double[] m = whitenings[k];
    double sum = 0;
    double[] z = new double[p];
    for (int j = 0; j < p; j++) {
      z[j] = rows[at + j] - mean[j];
    }
    for (int i = 0; i < p; i++) {
      double y = 0;
      for (int j = 0; j <= i; j++) {
        y += m[i * p + j] * z[j];
      }
      sum += y * y;
    }
    return sum;
  }
}
