package io.github.mixtura.sdp;

import org.ejml.data.DMatrixRMaj;

/** What {@link IlaSdp} asks of LA-SDP, the problem of labels for given covariances. */
interface LabelRelaxation {
  /**
   * A safe bound on the objective −L of all partitions into K groups under these covariances.
   *
   * @param covariances K matrices p × p; tied: one object K times
   * @param labels a good partition
   */
  Bound bound(Points points, DMatrixRMaj[] covariances, int[] labels, Run run);

  /**
   * Labels rounded from a solution of the relaxation.
   *
   * @param warm where to begin
   * @return n group numbers below K; groups may be empty
   */
  int[] solve(Points points, DMatrixRMaj[] covariances, int[] warm, Run run);
}
