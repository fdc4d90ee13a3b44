package io.github.mixtura.em.gaussian;

import io.github.mixtura.distribution.Covariance;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The maximum of the posterior under independent inverse Wishart priors, of density proportional to
 * |Σ|^(−(ν+d+1)/2) exp(−½ tr Λ Σ⁻¹), restricted to the structure: to each component are added ν + d
 * + 1 rows of scatter Λ (Fraley &amp; Raftery 2007, doi:10.1007/s00357-007-0004-5, has it for some
 * structures). With Λ positive definite no component can become singular.
 */
public final class InverseWishart implements CovarianceEstimate {
  private final double degrees;
  private final Covariance scale;

  private InverseWishart(double degrees, Covariance scale) {
    this.degrees = degrees;
    this.scale = scale;
  }

  /**
   * The prior.
   *
   * @param degrees ν &gt; d − 1, finite
   * @param scale Λ, in the squared units of the columns
   * @return the estimate
   * @throws IllegalArgumentException if there are too few degrees of freedom
   */
  public static InverseWishart of(double degrees, Covariance scale) {
    int d = scale.dimension();
    if (!(degrees > d - 1 && degrees < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "degrees is " + degrees + ", must be finite and above " + (d - 1));
    }
    return new InverseWishart(degrees, scale);
  }

  private double rows() {
    return degrees + scale.dimension() + 1;
  }

  @Override
  public Covariance[] estimate(
      CovarianceStructure structure,
      int dimension,
      double[] weights,
      double[][] scatters,
      List<Covariance> current,
      BooleanSupplier hurry) {
    if (scale.dimension() != dimension) {
      throw new IllegalArgumentException(
          "the scale of the prior has "
              + scale.dimension()
              + (scale.dimension() == 1 ? " column" : " columns")
              + ", must have "
              + dimension);
    }
    double[] more = Arrays.stream(weights).map(w -> w + rows()).toArray();
    double[][] wider = new double[scatters.length][];
    for (int k = 0; k < wider.length; k++) {
      wider[k] = scatters[k].clone();
      for (int i = 0, q = 0; i < dimension; i++) {
        for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
          wider[k][q] += scale.get(i, j);
        }
      }
    }
    return MAXIMUM_LIKELIHOOD.estimate(structure, dimension, more, wider, current, hurry);
  }

  @Override
  public boolean isRegular() {
    return true;
  }

  @Override
  public boolean hasPrior() {
    return true;
  }

  @Override
  public double logPrior(List<Covariance> covariances) {
    double sum = 0;
    for (Covariance covariance : covariances) {
      sum -= 0.5 * (rows() * covariance.logDeterminant() + traceOfRatio(covariance));
    }
    return sum;
  }

  /** tr Λ Σ⁻¹ = Σ_j λ_jᵀ Σ⁻¹ λ_j for any Λ = Σ_j λ_j λ_jᵀ. */
  private double traceOfRatio(Covariance covariance) {
    int d = scale.dimension();
    double trace = 0;
    double[] axis = new double[d];
    for (int j = 0; j < d; j++) {
      Arrays.fill(axis, 0);
      axis[j] = 1;
      // The j-th column of the factor of Λ.
      trace += covariance.squaredDistance(scale.colour(axis));
    }
    return trace;
  }

  @Override
  public String toString() {
    return "inverse Wishart prior with " + degrees + " degrees of freedom";
  }
}
