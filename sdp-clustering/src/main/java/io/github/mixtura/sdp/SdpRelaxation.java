package io.github.mixtura.sdp;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * LA-SDP by its certificate and its low-rank solver. Where all covariances are one matrix the
 * problem is that of k-means on whitened rows, and goes to the Peng–Wei relaxation: the Z_k of
 * LA-SDP are then exchangeable, which leaves its certificate no single solution to prove.
 *
 * @param seed of the solvers
 */
record SdpRelaxation(long seed) implements LabelRelaxation {
  /** No bound if there is no memory for about 3 n p numbers per group. */
  @Override
  public Bound bound(Points points, DMatrixRMaj[] covariances, int[] labels, Run run) {
    boolean tied = isTied(covariances);
    double copies = tied ? 3 : 3.0 * covariances.length;
    double numbers = copies * points.count() * (points.dimension() + 3);
    if (!run.hasRoom(numbers, "the bound")) {
      return Bound.none(Double.NaN, "none");
    }
    Adjusted problem = problem(points, covariances, labels);
    if (covariances.length == 1) {
      return problem.raised(onlyPartition(problem, labels));
    }
    return problem.raised(
        tied ? tied(problem, labels, run) : AdjustedCertificate.of(problem, labels, run));
  }

  /** The problem with each group about its mean. */
  private static Adjusted problem(Points points, DMatrixRMaj[] covariances, int[] labels) {
    PengWei groups = new PengWei(points, covariances.length);
    double[][] centres = groups.sums(labels);
    int[] sizes = groups.sizes(labels);
    for (int k = 0; k < sizes.length; k++) {
      for (int j = 0; j < centres[k].length; j++) {
        centres[k][j] /= sizes[k];
      }
    }
    return Adjusted.of(
        points,
        covariances,
        centres,
        k ->
            ("the covariance of group %d, of %d rows, is singular, or so near to it that nothing can"
                    + " be proved: switch shrinkage on, leave out columns that depend on others, or ask"
                    + " for fewer components")
                .formatted(k + 1, sizes[k]));
  }

  /** There is nothing to compare with, but the objective has been rounded. */
  private static Bound onlyPartition(Adjusted problem, int[] labels) {
    double[] none = new double[labels.length];
    Arrays.fill(none, Double.NaN);
    AdjustedFrames frames = AdjustedFrames.of(problem, labels, new boolean[labels.length], none);
    double objective = problem.objective(labels);
    return new Bound(objective, objective, 0, "one group").raised(2 * frames.objectiveError());
  }

  /**
   * −L is the between-group sum of squares of the whitened rows plus a constant. Both sums are much
   * larger than their difference where groups are far apart; their rounding is part of the bound.
   */
  private static Bound tied(Adjusted problem, int[] labels, Run run) {
    Points white = white(problem);
    Bound between = PengWeiCertificate.of(new PengWei(white, problem.components()), labels, run);
    double[] rows = white.rows().data;
    int p = white.dimension();
    Sum sum = new Sum();
    for (int at = 0; at < rows.length; at += p) {
      double square = 0;
      for (int j = at; j < at + p; j++) {
        square += rows[j] * rows[j];
      }
      sum.add(square);
    }
    double squares = sum.value();
    double determinants = problem.count() * problem.logDeterminant(0);
    double rounding = EigenBounds.EPSILON * ((p + 8) * squares + 4 * Math.abs(determinants));
    return between.raised(2 * rounding).plus(-squares - determinants);
  }

  private static Points white(Adjusted problem) {
    double[][] columns = problem.white(0);
    DMatrixRMaj rows = new DMatrixRMaj(problem.count(), columns.length);
    for (int j = 0; j < columns.length; j++) {
      for (int i = 0; i < problem.count(); i++) {
        rows.data[i * columns.length + j] = columns[j][i];
      }
    }
    return new Points(rows);
  }

  @Override
  public int[] solve(Points points, DMatrixRMaj[] covariances, int[] warm, Run run) {
    Adjusted problem = problem(points, covariances, warm);
    return isTied(covariances)
        ? PengWeiLowRank.solve(new PengWei(white(problem), covariances.length), warm, seed, run)
            .labels()
        : AdjustedLowRank.solve(problem, warm, seed, run).labels();
  }

  private static boolean isTied(DMatrixRMaj[] covariances) {
    for (DMatrixRMaj covariance : covariances) {
      if (covariance != covariances[0]) {
        return false;
      }
    }
    return true;
  }
}
