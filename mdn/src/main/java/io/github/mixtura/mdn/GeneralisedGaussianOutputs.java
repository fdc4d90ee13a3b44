package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.special.Gammas;
import java.util.Arrays;

/**
 * Product of generalised Gaussians; outputs μ, ρ and u (m each): α = floor + e^ρ, shape β = 1 +
 * 5/(1 + e^−u).
 */
record GeneralisedGaussianOutputs(int targets, double floor) implements OutputLaw {
  private static final double SMALLEST_SHAPE = 1;
  private static final double SHAPE_RANGE = 5;

  @Override
  public int parameters() {
    return 3 * targets;
  }

  /** z, e, 1/α, logistic u, |z|^β. */
  @Override
  public int memory() {
    return 5 * targets;
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
    Arrays.fill(log, 0, n, 0);
    for (int i = 0; i < m; i++) {
      double[] z = memory[i];
      double[] inverse = memory[2 * m + i];
      double[] share = memory[3 * m + i];
      double[] power = memory[4 * m + i];
      double[] mu = out[at + i];
      OutputLaw.scale(memory[m + i], inverse, log, out[at + m + i], floor, functions, n);
      functions.logistic(share, out[at + 2 * m + i], n);
      for (int b = 0; b < n; b++) {
        double beta = SMALLEST_SHAPE + SHAPE_RANGE * share[b];
        z[b] = (y[i][b] - mu[b]) * inverse[b];
        power[b] = Math.pow(Math.abs(z[b]), beta);
        log[b] += Math.log(0.5 * beta) - Gammas.logGamma(1 / beta) - power[b];
      }
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
      double[] z = memory[i];
      double[] e = memory[m + i];
      double[] inverse = memory[2 * m + i];
      double[] share = memory[3 * m + i];
      double[] power = memory[4 * m + i];
      for (int b = 0; b < n; b++) {
        double beta = SMALLEST_SHAPE + SHAPE_RANGE * share[b];
        double size = Math.abs(z[b]);
        double slope = beta * Math.pow(size, beta - 1) * Math.signum(z[b]);
        double logarithm = size > 0 ? power[b] * Math.log(size) : 0;
        double dBeta = 1 / beta + Gammas.digamma(1 / beta) / (beta * beta) - logarithm;
        gradient[at + i][b] = weight[b] * slope * inverse[b];
        gradient[at + m + i][b] = weight[b] * e[b] * (beta * power[b] - 1);
        gradient[at + 2 * m + i][b] = weight[b] * dBeta * SHAPE_RANGE * share[b] * (1 - share[b]);
      }
    }
  }

  @Override
  public GeneralisedGaussian component(double[] out, int at, double[] shift, double[] scale) {
    double[] mean = new double[targets];
    double[] spread = new double[targets];
    double[] shape = new double[targets];
    for (int i = 0; i < targets; i++) {
      mean[i] = shift[i] + scale[i] * out[at + i];
      spread[i] = scale[i] * OutputLaw.scale(out[at + targets + i], floor);
      double u = out[at + 2 * targets + i];
      shape[i] = SMALLEST_SHAPE + SHAPE_RANGE / (1 + Math.exp(-u));
    }
    return GeneralisedGaussian.of(mean, spread, shape);
  }

  /** From a Gaussian: β = 2 and α = √2 σ are the same law. */
  @Override
  public void outputs(Component component, double[] out, int at) {
    Gaussian gaussian = (Gaussian) component;
    double share = (2 - SMALLEST_SHAPE) / SHAPE_RANGE;
    for (int i = 0; i < targets; i++) {
      double sigma = Math.sqrt(gaussian.covariance().variances()[i]);
      out[at + i] = gaussian.mean()[i];
      out[at + targets + i] = OutputLaw.logScale(Math.sqrt(2) * sigma, floor);
      out[at + 2 * targets + i] = Math.log(share / (1 - share));
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
