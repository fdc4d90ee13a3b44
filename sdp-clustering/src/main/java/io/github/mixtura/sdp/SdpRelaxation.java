package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import org.ejml.data.DMatrixRMaj;

/**
 * LA-SDP by its certificate and its low-rank solver. Where all covariances are one matrix the
 * problem is that of k-means on whitened rows, and goes to the Peng–Wei relaxation: the Z_k of
 * LA-SDP are then exchangeable, which leaves its certificate no single solution to prove.
 *
 * @param seed of the solvers
 */
record SdpRelaxation(long seed) implements LabelRelaxation {
  @Override
  public Bound bound(Points points, DMatrixRMaj[] covariances, int[] labels, Run run) {
    if (!isTied(covariances)) {
      return AdjustedCertificate.of(Adjusted.of(points, covariances), labels, run);
    }
    Whitened white = Whitened.of(points, covariances[0]);
    PengWei problem = new PengWei(white.points(), covariances.length);
    Bound between = PengWeiCertificate.of(problem, labels, run);
    // −L is the between-group sum of squares of the whitened rows plus a constant.
    double objective =
        between.objective() - white.squares() - points.count() * white.logDeterminant();
    double rounding = white.error();
    return new Bound(
        objective,
        objective + Math.max(0, between.gap()) + rounding,
        between.errorTerms() + rounding,
        between.method());
  }

  @Override
  public int[] solve(Points points, DMatrixRMaj[] covariances, int[] warm, Run run) {
    if (!isTied(covariances)) {
      return AdjustedLowRank.solve(Adjusted.of(points, covariances), warm, seed, run).labels();
    }
    Points white = Whitened.of(points, covariances[0]).points();
    return PengWeiLowRank.solve(new PengWei(white, covariances.length), warm, seed, run).labels();
  }

  private static boolean isTied(DMatrixRMaj[] covariances) {
    for (DMatrixRMaj covariance : covariances) {
      if (covariance != covariances[0]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Rows y = L⁻¹x with S = LLᵀ.
   *
   * @param squares Σ|y|²
   * @param error how much the sum of squares of any partition may be off: substitution solves
   *     {@code (L + δL)y = x} with {@code |δL| ≤ pε|L|}, so that {@code |δy| ≤ pεs|y|} with s the
   *     norm of {@code |L⁻¹||L|}, and a sum of squares about means changes by less than {@code 2.1
   *     pεs Σ|y|²}; it is taken of the objective and of the bound
   */
  private record Whitened(Points points, double squares, double logDeterminant, double error) {
    static Whitened of(Points points, DMatrixRMaj covariance) {
      int n = points.count();
      int p = points.dimension();
      double[] lower =
          Dense.cholesky(covariance)
              .orElseThrow(
                  () -> new IllegalArgumentException("the covariance is not positive definite"))
              .data;
      DMatrixRMaj white = points.rows().copy();
      double squares = 0;
      for (int i = 0; i < n; i++) {
        for (int a = 0; a < p; a++) {
          double sum = white.data[i * p + a];
          for (int b = 0; b < a; b++) {
            sum -= lower[a * p + b] * white.data[i * p + b];
          }
          double y = sum / lower[a * p + a];
          white.data[i * p + a] = y;
          squares += y * y;
        }
      }
      double log = 0;
      for (int j = 0; j < p; j++) {
        log += 2 * Math.log(lower[j * p + j]);
      }
      double error = 8.0 * p * 0x1p-52 * growth(lower, p) * squares;
      return new Whitened(new Points(white, new double[p]), squares, log, error);
    }

    /** Frobenius norm of |L⁻¹||L|. */
    private static double growth(double[] lower, int p) {
      DMatrixRMaj identity = new DMatrixRMaj(p, p);
      for (int j = 0; j < p; j++) {
        identity.set(j, j, 1);
      }
      DMatrixRMaj l = new DMatrixRMaj(p, p);
      l.setData(lower.clone());
      double[] inverse = Dense.solveLower(l, identity).data;
      double squares = 0;
      for (int i = 0; i < p; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = 0;
          for (int m = j; m <= i; m++) {
            sum += Math.abs(inverse[i * p + m] * lower[m * p + j]);
          }
          squares += sum * sum;
        }
      }
      return Math.sqrt(squares);
    }
  }
}
