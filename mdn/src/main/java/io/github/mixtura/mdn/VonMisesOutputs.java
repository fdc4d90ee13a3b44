package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.special.Bessel;
import java.util.Arrays;

/**
 * Product of von Mises laws in natural form; outputs (a, b) for each angle, shrunk smoothly to the
 * largest concentration C: (α, β) = (a, b)/√(1 + (a² + b²)/C²), log f = Σ α cos x + β sin x − log
 * 2πI₀(κ) with κ = |(α, β)|.
 */
record VonMisesOutputs(int targets) implements OutputLaw {
  static final double LARGEST_CONCENTRATION = 1e4;
  private static final double SQUARE = LARGEST_CONCENTRATION * LARGEST_CONCENTRATION;
  private static final double LOG_2_PI = 2 * HALF_LOG_2_PI;

  @Override
  public int parameters() {
    return 2 * targets;
  }

  /** Shrinking factor q, A(κ)/κ. */
  @Override
  public int memory() {
    return 2 * targets;
  }

  @Override
  public int encodedTargets() {
    return 2 * targets;
  }

  @Override
  public void encode(double[] target, double[] into) {
    for (int j = 0; j < targets; j++) {
      into[2 * j] = Math.cos(target[j]);
      into[2 * j + 1] = Math.sin(target[j]);
    }
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
    Arrays.fill(log, 0, n, 0);
    for (int j = 0; j < targets; j++) {
      double[] a = out[at + 2 * j];
      double[] b = out[at + 2 * j + 1];
      double[] q = memory[2 * j];
      double[] ratio = memory[2 * j + 1];
      for (int i = 0; i < n; i++) {
        double norm = Math.hypot(a[i], b[i]);
        double shrink = 1 / Math.hypot(1, norm / LARGEST_CONCENTRATION);
        double kappa = norm * shrink;
        q[i] = shrink;
        ratio[i] = kappa < 1e-8 ? 0.5 : Bessel.ratio(2, kappa) / kappa;
        log[i] +=
            shrink * (a[i] * y[2 * j][i] + b[i] * y[2 * j + 1][i])
                - kappa
                - LOG_2_PI
                - Bessel.logI0Scaled(kappa);
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
    for (int j = 0; j < targets; j++) {
      double[] a = out[at + 2 * j];
      double[] b = out[at + 2 * j + 1];
      double[] q = memory[2 * j];
      double[] ratio = memory[2 * j + 1];
      double[] dA = gradient[at + 2 * j];
      double[] dB = gradient[at + 2 * j + 1];
      for (int i = 0; i < n; i++) {
        double shrink = q[i];
        double alpha = shrink * a[i];
        double beta = shrink * b[i];
        double dAlpha = y[2 * j][i] - ratio[i] * alpha;
        double dBeta = y[2 * j + 1][i] - ratio[i] * beta;
        double inward = (alpha * dAlpha + beta * dBeta) / SQUARE;
        dA[i] = weight[i] * shrink * (dAlpha - alpha * inward);
        dB[i] = weight[i] * shrink * (dBeta - beta * inward);
      }
    }
  }

  @Override
  public VonMises component(double[] out, int at, double[] shift, double[] scale) {
    double[] direction = new double[targets];
    double[] concentration = new double[targets];
    for (int j = 0; j < targets; j++) {
      double a = out[at + 2 * j];
      double b = out[at + 2 * j + 1];
      double norm = Math.hypot(a, b);
      direction[j] = Math.atan2(b, a);
      concentration[j] = norm / Math.hypot(1, norm / LARGEST_CONCENTRATION);
    }
    return VonMises.of(direction, concentration);
  }

  @Override
  public void outputs(Component component, double[] out, int at) {
    VonMises law = (VonMises) component;
    for (int j = 0; j < targets; j++) {
      double kappa = Math.min(law.concentration()[j], 0.99 * LARGEST_CONCENTRATION);
      double norm = kappa / Math.sqrt(1 - kappa * kappa / SQUARE);
      out[at + 2 * j] = norm * Math.cos(law.meanDirection()[j]);
      out[at + 2 * j + 1] = norm * Math.sin(law.meanDirection()[j]);
    }
  }
}
