package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.special.Gammas;
import java.util.Arrays;

/**
 * Student-t with a diagonal scale matrix; outputs μ (m), ρ (m) and u: σ_i = floor + e^ρ_i, ν = 2 +
 * log(1 + e^u), one for all targets.
 */
record StudentTOutputs(int targets, double floor) implements OutputLaw {
  private static final double LARGEST_U = 1e4;
  private static final double SMALLEST_EXCESS = 1e-3;

  @Override
  public int parameters() {
    return 2 * targets + 1;
  }

  /** z, e, 1/σ; then q, ν, ∂ν/∂u. */
  @Override
  public int memory() {
    return 3 * targets + 3;
  }

  @Override
  public int encodedTargets() {
    return targets;
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
    double[] q = memory[3 * m];
    double[] nu = memory[3 * m + 1];
    double[] slope = memory[3 * m + 2];
    Arrays.fill(log, 0, n, 0);
    Arrays.fill(q, 0, n, 0);
    for (int i = 0; i < m; i++) {
      OutputLaw.scale(memory[m + i], memory[2 * m + i], log, out[at + m + i], floor, functions, n);
      standardise(memory[i], q, y[i], out[at + i], memory[2 * m + i], n);
    }
    for (int b = 0; b < n; b++) {
      slope[b] = Math.min(out[at + 2 * m][b], LARGEST_U);
    }
    functions.softplus(nu, slope, n);
    functions.logistic(slope, slope, n);
    for (int b = 0; b < n; b++) {
      double v = 2 + SMALLEST_EXCESS + nu[b];
      nu[b] = v;
      log[b] +=
          Gammas.logGammaRatio(0.5 * v, 0.5 * m)
              - 0.5 * m * Math.log(Math.PI * v)
              - 0.5 * (v + m) * Math.log1p(q[b] / v);
    }
  }

  private static void standardise(
      double[] z, double[] q, double[] y, double[] mu, double[] inverse, int n) {
    for (int b = 0; b < n; b++) {
      double v = (y[b] - mu[b]) * inverse[b];
      z[b] = v;
      q[b] = Math.fma(v, v, q[b]);
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
    double[] q = memory[3 * m];
    double[] nu = memory[3 * m + 1];
    double[] slope = memory[3 * m + 2];
    double[] dU = gradient[at + 2 * m];
    for (int b = 0; b < n; b++) {
      double v = nu[b];
      double pull = (v + m) / (v + q[b]);
      double dNu =
          Gammas.digammaDifference(0.5 * v, 0.5 * m)
              - m / v
              - Math.log1p(q[b] / v)
              + pull * q[b] / v;
      dU[b] = 0.5 * weight[b] * dNu * slope[b];
      q[b] = pull;
    }
    for (int i = 0; i < m; i++) {
      own(
          gradient[at + i],
          gradient[at + m + i],
          memory[i],
          memory[2 * m + i],
          memory[m + i],
          q,
          weight,
          n);
    }
  }

  private static void own(
      double[] dMu,
      double[] dRho,
      double[] z,
      double[] inverse,
      double[] e,
      double[] pull,
      double[] w,
      int n) {
    for (int b = 0; b < n; b++) {
      double v = pull[b] * z[b];
      dMu[b] = w[b] * v * inverse[b];
      dRho[b] = w[b] * (v * z[b] - 1) * e[b];
    }
  }

  @Override
  public StudentT component(double[] out, int at, double[] shift, double[] scale) {
    double[] mean = new double[targets];
    double[] variances = new double[targets];
    for (int i = 0; i < targets; i++) {
      mean[i] = shift[i] + scale[i] * out[at + i];
      double sigma = scale[i] * OutputLaw.scale(out[at + targets + i], floor);
      variances[i] = sigma * sigma;
    }
    double u = Math.min(out[at + 2 * targets], LARGEST_U);
    double nu = 2 + SMALLEST_EXCESS + Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
    return StudentT.of(mean, Covariance.diagonal(variances), nu);
  }

  @Override
  public void outputs(Component component, double[] out, int at) {
    StudentT t = (StudentT) component;
    for (int i = 0; i < targets; i++) {
      out[at + i] = t.mean()[i];
      out[at + targets + i] = OutputLaw.logScale(Math.sqrt(t.scale().variances()[i]), floor);
    }
    double excess = Math.max(t.degreesOfFreedom() - 2 - SMALLEST_EXCESS, SMALLEST_EXCESS);
    out[at + 2 * targets] =
        excess > 30 ? Math.min(excess, LARGEST_U) : Math.log(Math.expm1(excess));
  }

  @Override
  public void reach(Component component, double[] into, int at) {
    Arrays.fill(into, at, at + parameters(), 1);
    for (int i = 0; i < targets; i++) {
      into[at + i] = Math.sqrt(((StudentT) component).scale().variances()[i]);
    }
  }
}
