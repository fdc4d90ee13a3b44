package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.NotPositiveDefiniteException;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Gaussian with outputs μ (m), ρ (m) and, if full, c (below the diagonal of m × m, row by row): z_i
 * = (d_i − Σ_{j&lt;i} c_ij d_j)/σ_i with d = y − μ and σ_i = floor + e^ρ_i, so that c holds the
 * regressions of each target on those before and log |Σ| = 2 Σ log σ_i.
 */
record GaussianOutputs(int targets, boolean full, double floor) implements OutputLaw {
  @Override
  public int parameters() {
    return 2 * targets + (full ? targets * (targets - 1) / 2 : 0);
  }

  /** d, e, 1/σ, z. */
  @Override
  public int memory() {
    return 4 * targets;
  }

  @Override
  public int encodedTargets() {
    return targets;
  }

  private int coefficients(int at, int i) {
    return at + 2 * targets + i * (i - 1) / 2;
  }

  @Override
  public void logDensity(
      double[][] out,
      int at,
      double[][] y,
      double[] log,
      double[][] memory,
      ElementFunctions functions,
      int n) {
    int m = targets;
    Arrays.fill(log, 0, n, -m * HALF_LOG_2_PI);
    for (int i = 0; i < m; i++) {
      difference(memory[i], y[i], out[at + i], n);
      OutputLaw.scale(memory[m + i], memory[2 * m + i], log, out[at + m + i], floor, functions, n);
      double[] z = memory[3 * m + i];
      System.arraycopy(memory[i], 0, z, 0, n);
      for (int j = 0; full && j < i; j++) {
        subtractProduct(z, out[coefficients(at, i) + j], memory[j], n);
      }
      finish(log, z, memory[2 * m + i], n);
    }
  }

  private static void difference(double[] d, double[] y, double[] mu, int n) {
    for (int b = 0; b < n; b++) {
      d[b] = y[b] - mu[b];
    }
  }

  private static void subtractProduct(double[] z, double[] c, double[] d, int n) {
    for (int b = 0; b < n; b++) {
      z[b] = Math.fma(-c[b], d[b], z[b]);
    }
  }

  private static void finish(double[] log, double[] z, double[] inverse, int n) {
    for (int b = 0; b < n; b++) {
      double v = z[b] * inverse[b];
      z[b] = v;
      log[b] = Math.fma(-0.5 * v, v, log[b]);
    }
  }

  @Override
  public void gradient(
      double[][] out,
      int at,
      double[][] y,
      double[][] memory,
      double[] weight,
      double[][] gradient,
      int n) {
    int m = targets;
    for (int i = 0; i < m; i++) {
      own(
          gradient[at + i],
          gradient[at + m + i],
          memory[3 * m + i],
          memory[2 * m + i],
          memory[m + i],
          weight,
          n);
    }
    for (int i = 0; full && i < m; i++) {
      // gradient[at + i] still holds weight · z_i/σ_i: later targets only change earlier ones.
      for (int j = 0; j < i; j++) {
        int c = coefficients(at, i) + j;
        Lanes.multiply(gradient[c], gradient[at + i], memory[j], n);
        subtractProduct(gradient[at + j], out[c], memory[3 * m + i], memory[2 * m + i], weight, n);
      }
    }
  }

  private static void own(
      double[] dMu, double[] dRho, double[] z, double[] inverse, double[] e, double[] w, int n) {
    for (int b = 0; b < n; b++) {
      double v = z[b];
      dMu[b] = w[b] * v * inverse[b];
      dRho[b] = w[b] * (v * v - 1) * e[b];
    }
  }

  private static void subtractProduct(
      double[] g, double[] c, double[] z, double[] inverse, double[] w, int n) {
    for (int b = 0; b < n; b++) {
      g[b] -= w[b] * z[b] * inverse[b] * c[b];
    }
  }

  /** L with Σ = L Lᵀ: row i is Σ_j c_ij L_j, and σ_i on the diagonal. */
  private double[][] triangle(double[] out, int at) {
    double[][] lower = new double[targets][targets];
    for (int i = 0; i < targets; i++) {
      for (int j = 0; full && j < i; j++) {
        double c = out[coefficients(at, i) + j];
        for (int l = 0; l <= j; l++) {
          lower[i][l] += c * lower[j][l];
        }
      }
      lower[i][i] = OutputLaw.scale(out[at + targets + i], floor);
    }
    return lower;
  }

  @Override
  public Gaussian component(double[] out, int at, double[] shift, double[] scale) {
    double[] mean = new double[targets];
    Arrays.setAll(mean, i -> shift[i] + scale[i] * out[at + i]);
    double[][] lower = triangle(out, at);
    if (!full || targets == 1) {
      double[] variances = new double[targets];
      Arrays.setAll(variances, i -> lower[i][i] * lower[i][i] * scale[i] * scale[i]);
      return Gaussian.of(mean, Covariance.diagonal(variances));
    }
    DMatrixRMaj matrix = new DMatrixRMaj(targets, targets);
    for (int i = 0; i < targets; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int l = 0; l <= j; l++) {
          sum += lower[i][l] * lower[j][l];
        }
        matrix.set(i, j, sum * scale[i] * scale[j]);
        matrix.set(j, i, matrix.get(i, j));
      }
    }
    return Gaussian.of(mean, positive(matrix));
  }

  /** Widens the diagonal by as little as makes the matrix one that can be factorised. */
  private static Covariance positive(DMatrixRMaj matrix) {
    for (double ridge = 1e-13; ; ridge *= 10) {
      try {
        return Covariance.full(matrix);
      } catch (NotPositiveDefiniteException e) {
        if (ridge > 1) {
          throw e;
        }
        for (int i = 0; i < matrix.numRows; i++) {
          matrix.set(i, i, matrix.get(i, i) * (1 + ridge));
        }
      }
    }
  }

  @Override
  public void outputs(Component component, double[] out, int at) {
    Gaussian gaussian = (Gaussian) component;
    double[] mean = gaussian.mean();
    // Row i of the whitening A is (1, −c_i)/σ_i, read from the diagonal to the left.
    double[] whitening = gaussian.covariance().whitening();
    boolean diagonal = gaussian.covariance().isDiagonal();
    for (int i = 0; i < targets; i++) {
      out[at + i] = mean[i];
      int row = i * (i + 1) / 2;
      double inverse = diagonal ? 0 : whitening[row + i];
      double sigma = diagonal ? Math.sqrt(gaussian.covariance().variances()[i]) : 1 / inverse;
      out[at + targets + i] = OutputLaw.logScale(sigma, floor);
      for (int j = 0; full && j < i; j++) {
        out[coefficients(at, i) + j] = diagonal ? 0 : -whitening[row + j] / inverse;
      }
    }
  }

  @Override
  public void reach(Component component, double[] into, int at) {
    Arrays.fill(into, at, at + parameters(), 1);
    for (int i = 0; i < targets; i++) {
      into[at + i] = Math.sqrt(((Gaussian) component).covariance().variances()[i]);
    }
  }
}
