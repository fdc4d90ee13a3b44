package io.github.mixtura.em.gaussian;

import static io.github.mixtura.em.gaussian.CovarianceStructure.Attribute.EQUAL;
import static io.github.mixtura.em.gaussian.CovarianceStructure.Attribute.IDENTITY;
import static io.github.mixtura.em.gaussian.CovarianceStructure.Attribute.VARIABLE;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.NotPositiveDefiniteException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/**
 * Maximum-likelihood covariances of all components under a {@link CovarianceStructure}, from their
 * weights and scatter matrices alone.
 *
 * <p>Maximises {@code −½ Σ_k [N_k log|Σ_k| + tr(Σ_k⁻¹ W_k)]}. In the axes D_k that the structure
 * gives a component (the coordinate axes, its own principal axes, or common ones), only the extents
 * {@code t_kj} of its scatter along these axes matter, and the variances along them are, for volume
 * and shape in this order,
 *
 * <ul>
 *   <li>EE: {@code Σ_k t_kj / n};
 *   <li>EV: {@code λ t_kj / v_k} with {@code v_k = Π_j t_kj^(1/d)} and {@code λ = Σ_k v_k / n};
 *   <li>VV: {@code t_kj / N_k};
 *   <li>VE: {@code λ_k Σ_l (t_lj / λ_l) / n}, see {@link ProportionalVolumes};
 *   <li>EI and VI: as EE and VV with every t_kj replaced by its mean over j.
 * </ul>
 *
 * <p>EEE and VEE are the first and fourth with whole matrices instead of extents; EVE and VVE first
 * need the axes, see {@link CommonOrientation}; EVV and VVV scale every W_k by a number.
 *
 * <p>Every estimate is the global maximum, except for EVE and VVE, which have several local ones:
 * there the result is a stationary point at least as good as {@code current}. Rounding, mostly of
 * the entries of Σ_k, lowers the maximised value by up to about 1e-14 n times the largest condition
 * number.
 *
 * <p>Reference: G. Celeux and G. Govaert (1995), <a
 * href="https://doi.org/10.1016/0031-3203(94)00125-6">doi:10.1016/0031-3203(94)00125-6</a>.
 */
final class CovarianceEstimator {

  private CovarianceEstimator() {}

  /**
   * Estimates all covariances jointly. Any power of two as unit of the scatters gives the same
   * digits.
   *
   * @param structure the constraint
   * @param d dimension
   * @param weight K weights N_k &gt; 0, read
   * @param scatter K scatters W_k about the components' means, read: for a diagonal structure the d
   *     diagonal entries, else the d(d + 1)/2 entries of the lower triangle row by row
   * @param current covariances that satisfy the structure, to start EVE and VVE at, or null
   * @return K covariances, diagonal ones for a diagonal structure
   * @throws NotPositiveDefiniteException if the likelihood has no maximum among positive definite
   *     matrices, or one that is singular to working precision
   */
  static Covariance[] estimate(
      CovarianceStructure structure,
      int d,
      double[] weight,
      double[][] scatter,
      Covariance[] current) {
    return estimate(structure, d, weight, scatter, current, () -> false);
  }

  /**
   * As {@link #estimate(CovarianceStructure, int, double[], double[][], Covariance[])}, told when
   * time is up.
   *
   * @param hurry once true, what is iterative ends with what was found by then
   */
  static Covariance[] estimate(
      CovarianceStructure structure,
      int d,
      double[] weight,
      double[][] scatter,
      Covariance[] current,
      BooleanSupplier hurry) {
    ScaledScatters scatters = ScaledScatters.of(structure, d, weight, scatter);
    return switch (structure.orientation()) {
      case IDENTITY -> alongCoordinates(structure, scatters, hurry);
      case VARIABLE ->
          structure.shape() == EQUAL
              ? alongOwnAxes(structure, scatters, hurry)
              : multiplesOfScatters(structure, scatters);
      case EQUAL ->
          structure.shape() == EQUAL
              ? multiplesOfPool(structure, scatters, hurry)
              : alongCommonAxes(structure, scatters, current, hurry);
    };
  }

  /** EII, VII, EEI, VEI, EVI, VVI. */
  private static Covariance[] alongCoordinates(
      CovarianceStructure structure, ScaledScatters s, BooleanSupplier hurry) {
    double[][] extents = s.values();
    if (structure.shape() == IDENTITY) {
      extents = new double[s.count()][s.dimension()];
      for (int k = 0; k < extents.length; k++) {
        Arrays.fill(extents[k], s.meanExtent(k));
      }
    }
    double[][] variances = variances(structure, s, extents, hurry);
    Covariance[] result = new Covariance[s.count()];
    for (int k = 0; k < result.length; k++) {
      requirePositive(variances[k]);
      result[k] = Covariance.diagonal(ScaledScatters.scaled(variances[k], s.exponents()[k]));
    }
    return result;
  }

  /** EEV, VEV: the largest extent of every component shares its variance, and so on down. */
  private static Covariance[] alongOwnAxes(
      CovarianceStructure structure, ScaledScatters s, BooleanSupplier hurry) {
    DMatrixRMaj[] axes = new DMatrixRMaj[s.count()];
    double[][] extents = new double[s.count()][];
    for (int k = 0; k < axes.length; k++) {
      PrincipalAxes principal = PrincipalAxes.of(s.matrix(k));
      axes[k] = principal.axes();
      extents[k] = principal.extents();
    }
    return along(axes, structure, s, extents, hurry);
  }

  /** EVE, VVE. */
  private static Covariance[] alongCommonAxes(
      CovarianceStructure structure,
      ScaledScatters s,
      Covariance[] current,
      BooleanSupplier hurry) {
    DMatrixRMaj[] scatter = s.matrices();
    DMatrixRMaj common =
        CommonOrientation.solve(
            structure.volume() == EQUAL, s.weights(), scatter, matrices(current), hurry);
    DMatrixRMaj[] axes = new DMatrixRMaj[s.count()];
    Arrays.fill(axes, common);
    double[][] extents = new double[s.count()][];
    for (int k = 0; k < extents.length; k++) {
      extents[k] = extentsAlong(common, scatter[k]);
    }
    return along(axes, structure, s, extents, hurry);
  }

  /** Diagonal of DᵀWD. */
  private static double[] extentsAlong(DMatrixRMaj axes, DMatrixRMaj scatter) {
    DMatrixRMaj product = axes.createLike();
    CommonOps_DDRM.mult(scatter, axes, product);
    double[] extents = new double[axes.numCols];
    for (int i = 0; i < axes.numRows; i++) {
      for (int j = 0; j < extents.length; j++) {
        extents[j] += axes.unsafe_get(i, j) * product.unsafe_get(i, j);
      }
    }
    return extents;
  }

  /** The covariances as full matrices, each scaled to a largest variance near 1. */
  private static DMatrixRMaj[] matrices(Covariance[] covariances) {
    if (covariances == null) {
      return null;
    }
    DMatrixRMaj[] result = new DMatrixRMaj[covariances.length];
    for (int k = 0; k < result.length; k++) {
      int d = covariances[k].dimension();
      double largest = 0;
      for (int j = 0; j < d; j++) {
        largest = Math.max(largest, covariances[k].get(j, j));
      }
      int exponent = Math.getExponent(largest);
      result[k] = new DMatrixRMaj(d, d);
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          result[k].unsafe_set(i, j, Math.scalb(covariances[k].get(i, j), -exponent));
        }
      }
    }
    return result;
  }

  private static Covariance[] along(
      DMatrixRMaj[] axes,
      CovarianceStructure structure,
      ScaledScatters s,
      double[][] extents,
      BooleanSupplier hurry) {
    double[][] variances = variances(structure, s, extents, hurry);
    Covariance[] result = new Covariance[axes.length];
    for (int k = 0; k < result.length; k++) {
      requirePositive(variances[k]);
      result[k] = full(new PrincipalAxes(axes[k], variances[k]).packed(), s, k);
    }
    return result;
  }

  /** EEE, VEE. */
  private static Covariance[] multiplesOfPool(
      CovarianceStructure structure, ScaledScatters s, BooleanSupplier hurry) {
    double[] volumes = ones(s.count());
    if (structure.volume() == VARIABLE) {
      volumes = ProportionalVolumes.ofMatrices(s.weights(), s.matrices(), hurry);
    }
    return full(multiplesOfPool(volumes, s.values(), s.totalWeight()), s);
  }

  /** EVV, VVV. */
  private static Covariance[] multiplesOfScatters(CovarianceStructure structure, ScaledScatters s) {
    double[] factors = reciprocals(s.weights());
    if (structure.volume() == EQUAL) {
      double[] logVolumes = new double[s.count()];
      for (int k = 0; k < logVolumes.length; k++) {
        logVolumes[k] = logDeterminant(s.matrix(k)) / s.dimension();
      }
      factors = equalVolumeFactors(logVolumes, s.totalWeight());
    }
    return full(times(factors, s.values()), s);
  }

  /**
   * Variances along given axes for given volume and shape.
   *
   * @param extents K × d, t_kj, read
   */
  private static double[][] variances(
      CovarianceStructure structure, ScaledScatters s, double[][] extents, BooleanSupplier hurry) {
    if (structure.shape() == EQUAL
        || structure.volume() == EQUAL && structure.shape() == IDENTITY) {
      double[] volumes =
          structure.volume() == EQUAL
              ? ones(s.count())
              : ProportionalVolumes.ofExtents(s.weights(), extents, hurry);
      return multiplesOfPool(volumes, extents, s.totalWeight());
    }
    double[] factors = reciprocals(s.weights());
    if (structure.volume() == EQUAL) {
      double[] logVolumes = new double[s.count()];
      for (int k = 0; k < logVolumes.length; k++) {
        logVolumes[k] = meanLogarithm(extents[k]);
      }
      factors = equalVolumeFactors(logVolumes, s.totalWeight());
    }
    return times(factors, extents);
  }

  /** {@code λ_k Σ_l (rows_l / λ_l) / n} for every k. */
  private static double[][] multiplesOfPool(double[] volumes, double[][] rows, double total) {
    double[] pool = new double[rows[0].length];
    for (int k = 0; k < rows.length; k++) {
      for (int j = 0; j < pool.length; j++) {
        pool[j] += rows[k][j] / volumes[k];
      }
    }
    double[][] result = new double[rows.length][];
    for (int k = 0; k < result.length; k++) {
      result[k] = times(volumes[k] / total, pool);
    }
    return result;
  }

  /** {@code λ / v_k} with {@code λ = Σ_k v_k / n}. */
  private static double[] equalVolumeFactors(double[] logVolumes, double total) {
    double largest = logVolumes[0];
    for (double v : logVolumes) {
      largest = Math.max(largest, v);
    }
    double sum = 0;
    for (double v : logVolumes) {
      sum += Math.exp(v - largest);
    }
    double[] factors = new double[logVolumes.length];
    for (int k = 0; k < factors.length; k++) {
      factors[k] = Math.exp(largest - logVolumes[k]) * (sum / total);
    }
    return factors;
  }

  private static double meanLogarithm(double[] extents) {
    requirePositive(extents);
    double sum = 0;
    for (double extent : extents) {
      sum += Math.log(extent);
    }
    return sum / extents.length;
  }

  private static double logDeterminant(DMatrixRMaj matrix) {
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky =
        DecompositionFactory_DDRM.chol(matrix.numRows, true);
    if (!cholesky.decompose(matrix)) {
      throw new NotPositiveDefiniteException("a component's scatter is not positive definite");
    }
    DMatrixRMaj factor = cholesky.getT(null);
    double sum = 0;
    for (int j = 0; j < factor.numRows; j++) {
      sum += Math.log(factor.unsafe_get(j, j));
    }
    return 2 * sum;
  }

  private static Covariance[] full(double[][] packed, ScaledScatters s) {
    Covariance[] result = new Covariance[packed.length];
    for (int k = 0; k < result.length; k++) {
      result[k] = full(packed[k], s, k);
    }
    return result;
  }

  /** The matrix in the component's true scale. */
  private static Covariance full(double[] packed, ScaledScatters s, int k) {
    for (double entry : packed) {
      if (!Double.isFinite(entry)) {
        throw new NotPositiveDefiniteException(
            "a covariance entry is " + entry + ", must be finite");
      }
    }
    return Covariance.ofPackedLower(ScaledScatters.scaled(packed, s.exponents()[k]), s.dimension());
  }

  private static void requirePositive(double[] extents) {
    for (double extent : extents) {
      if (!(extent > 0 && extent <= Double.MAX_VALUE)) {
        throw new NotPositiveDefiniteException(
            "a variance is " + extent + ", must be positive and finite");
      }
    }
  }

  private static double[] ones(int count) {
    double[] result = new double[count];
    Arrays.fill(result, 1);
    return result;
  }

  private static double[] reciprocals(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = 1 / values[i];
    }
    return result;
  }

  private static double[] times(double factor, double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = factor * values[i];
    }
    return result;
  }

  private static double[][] times(double[] factors, double[][] rows) {
    double[][] result = new double[rows.length][];
    for (int k = 0; k < result.length; k++) {
      result[k] = times(factors[k], rows[k]);
    }
    return result;
  }
}
