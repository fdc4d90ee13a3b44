package io.github.mixtura.sdp;

/** What the covariances of the groups may be. */
public enum CovarianceModel {
  /** Any matrix for every group: p(p + 1)/2 parameters each. */
  FULL,
  /** One matrix for all groups: p(p + 1)/2 parameters in all. */
  TIED,
  /** A diagonal matrix for every group: p parameters each. */
  DIAGONAL,
  /** A multiple of the identity for every group: one parameter each. */
  ISOTROPIC;

  /**
   * Number of free parameters of a mixture with such groups: means, covariances and mixing weights,
   * {@code Kp + c + K − 1}.
   *
   * @param dimension p ≥ 1
   * @param components K ≥ 1
   * @return the number; shrinkage is not counted
   */
  public long parameterCount(int dimension, int components) {
    long p = dimension;
    long k = components;
    long covariances =
        switch (this) {
          case FULL -> k * (p * (p + 1) / 2);
          case TIED -> p * (p + 1) / 2;
          case DIAGONAL -> k * p;
          case ISOTROPIC -> k;
        };
    return k * p + covariances + k - 1;
  }
}
