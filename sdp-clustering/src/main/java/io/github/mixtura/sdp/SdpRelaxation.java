package io.github.mixtura.sdp;

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
    Adjusted problem = Adjusted.of(points, covariances);
    return tied ? tied(problem, labels, run) : AdjustedCertificate.of(problem, labels, run);
  }

  /**
   * −L is the between-group sum of squares of the whitened rows plus a constant. A sum of squares
   * about means changes by less than {@code 2.1·e·Σ|y|²} if the rows y have the relative error e;
   * this is allowed for in the objective and in the bound.
   */
  private static Bound tied(Adjusted problem, int[] labels, Run run) {
    Points white = white(problem);
    Bound between = PengWeiCertificate.of(new PengWei(white, problem.components()), labels, run);
    double squares = Vectors.dot(white.rows().data, white.rows().data);
    double constant = -squares - problem.count() * problem.logDeterminant(0);
    double rounding = 16 * problem.whiteningError(0) * squares;
    Bound safe =
        new Bound(
            between.objective(),
            between.objective() + Math.max(0, between.gap()) + rounding,
            between.errorTerms() + rounding,
            between.method());
    return safe.plus(constant);
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
    Adjusted problem = Adjusted.of(points, covariances);
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
