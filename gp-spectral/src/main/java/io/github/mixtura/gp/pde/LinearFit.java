package io.github.mixtura.gp.pde;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Posterior of feature coefficients c, standard normal before the data, given equations {@code A c
 * = b} with noise of unknown level and boundary rows {@code B c = g} without.
 *
 * <p>An orthogonal change of coordinates turns B into {@code [Rᵀ 0]}: the first coordinates follow
 * from g, the others from a ridge problem. The scale s of the prior has its most likely value for
 * each noise ratio σ, and σ maximises the evidence on 1e-13 … 1.
 */
final class LinearFit {
  private static final int FIRST_DECADE = -13;
  private static final int GOLDEN_STEPS = 16;

  /** Singular values over σ between which coefficients are hardly determined; fewest that count. */
  private static final double DETERMINED = 3;

  private static final double HARDLY = 1e5;
  private static final double FEWEST = 2;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final Qr boundary;
  private final int fixedCount;
  private final Ridge ridge;
  private final double[] rightSide;
  private final double[] fixed;
  private final double fixedQuadratic;
  private final double boundaryDeterminant;
  private final int count;
  private final double sigma;
  private final double logEvidence;
  private final double scale;

  /**
   * @param a equations, N × r
   * @param b right sides
   * @param rows boundary rows, at most 2 × r
   * @param g boundary values
   */
  LinearFit(DMatrixRMaj a, double[] b, DMatrixRMaj rows, double[] g) {
    fixedCount = rows.numRows;
    count = b.length + fixedCount;
    boundary = new Qr(CommonOps_DDRM.transpose(rows, null));
    fixed = solveFixed(g);
    DMatrixRMaj turned = boundary.transposeTimes(CommonOps_DDRM.transpose(a, null));
    int n = b.length;
    DMatrixRMaj rest = new DMatrixRMaj(turned.numRows - fixedCount, n);
    System.arraycopy(turned.data, fixedCount * n, rest.data, 0, rest.getNumElements());
    rightSide = b.clone();
    for (int k = 0; k < fixedCount; k++) {
      for (int i = 0; i < n; i++) {
        rightSide[i] -= turned.data[k * n + i] * fixed[k];
      }
    }
    fixedQuadratic = Arrays.stream(fixed).map(x -> x * x).sum();
    double determinant = 0;
    for (int k = 0; k < fixedCount; k++) {
      determinant += 2 * Math.log(Math.abs(boundary.r().get(k, k)));
    }
    boundaryDeterminant = determinant;
    ridge = new Ridge(CommonOps_DDRM.transpose(rest, null), rightSide);
    sigma = likeliest();
    Ridge.Evidence evidence = ridge.evidence(sigma);
    scale = Math.sqrt(variance(evidence));
    logEvidence = log(evidence);
  }

  private double[] solveFixed(double[] g) {
    DMatrixRMaj r = boundary.r();
    double[] y = new double[fixedCount];
    for (int i = 0; i < fixedCount; i++) {
      double sum = g[i];
      for (int j = 0; j < i; j++) {
        sum -= r.get(j, i) * y[j];
      }
      y[i] = sum / r.get(i, i);
    }
    return y;
  }

  private double variance(Ridge.Evidence evidence) {
    return Math.max((evidence.quadratic() + fixedQuadratic) / count, Double.MIN_NORMAL);
  }

  private double log(Ridge.Evidence evidence) {
    return -0.5
        * (count * Math.log(2 * Math.PI * Math.E * variance(evidence))
            + evidence.logDeterminant()
            + boundaryDeterminant);
  }

  private double logAt(double exponent) {
    return log(ridge.evidence(Math.pow(10, exponent)));
  }

  private double likeliest() {
    int best = FIRST_DECADE;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = FIRST_DECADE; k <= 0; k++) {
      double value = logAt(k);
      if (value > most) {
        most = value;
        best = k;
      }
    }
    double low = Math.max(FIRST_DECADE, best - 1);
    double high = Math.min(0, best + 1);
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = logAt(left);
    double atRight = logAt(right);
    for (int step = 0; step < GOLDEN_STEPS; step++) {
      if (atLeft > atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = logAt(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = logAt(right);
      }
    }
    return Math.pow(10, (low + high) / 2);
  }

  double logEvidence() {
    return logEvidence;
  }

  /** The standard deviation of the noise of b. */
  double noise() {
    return scale * sigma;
  }

  /** What the model leaves of b. */
  double[] remainder() {
    return ridge.remainder(sigma, rightSide);
  }

  /** What the model would leave of other right sides, with boundary values of 0. */
  double[] remainder(double[] values) {
    return ridge.remainder(sigma, values);
  }

  /**
   * How much larger than the prior says, as a variance, the coefficients are that the data hardly
   * determine, at least 1. Those that they do not determine at all lie beyond these.
   */
  double surprise() {
    double from = DETERMINED * sigma;
    double quadratic = ridge.evidence(from).quadratic();
    double below = share(from);
    double most = 1;
    for (double to = 10 * from; to <= HARDLY * sigma; to *= 10) {
      double directions = share(to) - below;
      if (directions >= FEWEST) {
        double found = quadratic - ridge.evidence(to).quadratic();
        most = Math.max(most, found / directions / (scale * scale));
      }
    }
    return most;
  }

  /** The expected {@code −bᵀ(AAᵀ + τ²I)⁻¹b} of the prior of scale 1, but for a constant. */
  private double share(double tau) {
    double part = sigma / tau;
    return ridge.unfitted(tau) * (1 - part * part);
  }

  /** How many directions of b were left to the noise. */
  double unfitted() {
    return ridge.unfitted(sigma);
  }

  /** The posterior mean of c. */
  double[] mean() {
    double[] y = ridge.mean(sigma, rightSide);
    double[] all = new double[fixedCount + y.length];
    System.arraycopy(fixed, 0, all, 0, fixedCount);
    System.arraycopy(y, 0, all, fixedCount, y.length);
    return boundary.times(Ridge.column(all)).data;
  }

  /** Posterior standard deviations of {@code φᵀc} for each row φ. */
  double[] standardDeviations(DMatrixRMaj rows) {
    return standardDeviations(rows, 0);
  }

  /** The same if b held more noise than was found, of a standard deviation. */
  double[] standardDeviations(DMatrixRMaj rows, double more) {
    DMatrixRMaj turned = boundary.transposeTimes(CommonOps_DDRM.transpose(rows, null));
    Ridge.Variance variance = ridge.variance(Math.hypot(sigma, more / scale));
    double[] result = new double[rows.numRows];
    double[] psi = new double[turned.numRows - fixedCount];
    for (int i = 0; i < result.length; i++) {
      for (int k = 0; k < psi.length; k++) {
        psi[k] = turned.data[(fixedCount + k) * rows.numRows + i];
      }
      result[i] = scale * Math.sqrt(variance.of(psi));
    }
    return result;
  }
}
