package io.github.mixtura.sdp;

import io.github.mixtura.data.UnusableDataException;
import org.ejml.data.DMatrixRMaj;

/** Covariances of the groups of a given partition. */
final class GroupCovariances {
  private GroupCovariances() {}

  /**
   * The covariances that a rule makes of groups.
   *
   * @param labels n group numbers, 0 … K − 1, all used
   * @return K matrices p × p; tied: one object K times
   * @throws UnusableDataException if a group is too small for its covariance, or a covariance is
   *     singular; the message says what to do
   */
  static DMatrixRMaj[] of(
      Points points, int[] labels, int components, CovarianceRule rule, Run run) {
    GroupScatters groups = GroupScatters.of(points, labels, components, run);
    return likelihood(groups, rule).covariances();
  }

  /** The likelihood of groups, if they have one. */
  static GroupLikelihood likelihood(GroupScatters groups, CovarianceRule rule) {
    rule.requireEnough(groups.dimension(), groups.counts());
    return GroupLikelihood.of(groups, rule)
        .orElseThrow(() -> new UnusableDataException(refusal(groups, rule)));
  }

  private static String refusal(GroupScatters groups, CovarianceRule rule) {
    if (rule.shrinkage()) {
      return "the rows of every group coincide, must differ for covariances to be estimated: ask"
          + " for fewer components";
    }
    int k = GroupLikelihood.singular(groups, rule);
    String which =
        k < 0 || rule.model() == CovarianceModel.TIED
            ? "the covariance of the groups"
            : "the covariance of group %d, of %d rows,".formatted(k + 1, (long) groups.counts()[k]);
    return which
        + " is singular or nearly so, its rows must span all columns: switch shrinkage on, leave"
        + " out columns that depend on others, or ask for fewer components";
  }
}
