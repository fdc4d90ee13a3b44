package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.distribution.Component;
import java.util.Arrays;

/**
 * Turns rows of network outputs into the log-density of one component, on lanes. All targets are in
 * standardised units.
 */
interface OutputLaw {
  double HALF_LOG_2_PI = 0.9189385332046728;

  /** Greatest logarithm of a scale, in units of the targets' own scale. */
  double LARGEST_LOG_SCALE = 30;

  /** Rows of outputs of one component. */
  int parameters();

  /** Rows of memory from {@link #logDensity} to {@link #gradient}. */
  int memory();

  /** Rows that the targets are shown as. */
  int encodedTargets();

  /** Writes the encoded targets of one row of m standardised values. */
  default void encode(double[] target, double[] into) {
    System.arraycopy(target, 0, into, 0, target.length);
  }

  /**
   * Log-densities.
   *
   * @param out rows of outputs; this component's begin at {@code at}
   * @param y encoded targets
   * @param log n results (written)
   * @param memory kept for the gradient (written)
   */
  void logDensity(
      double[][] out,
      int at,
      double[][] y,
      double[] log,
      double[][] memory,
      ElementFunctions functions,
      int n);

  /** gradient[at + j] ← weight · ∂ log f/∂out[at + j]; {@code memory} may be destroyed. */
  void gradient(
      double[][] out,
      int at,
      double[][] y,
      double[][] memory,
      double[] weight,
      double[][] gradient,
      int n);

  /** The component for one sample's outputs, in the units of the data. */
  Component component(double[] out, int at, double[] shift, double[] scale);

  /** The outputs that give a standardised component, as nearly as the floors allow. */
  void outputs(Component component, double[] out, int at);

  /** How far the last layer's first weights may reach, for each output of a component. */
  default void reach(Component component, double[] into, int at) {
    Arrays.fill(into, at, at + parameters(), 1);
  }

  /** e ← e^ρ/σ, inverse ← 1/σ, log −= log σ with σ = floor + e^ρ. */
  static void scale(
      double[] e,
      double[] inverse,
      double[] log,
      double[] rho,
      double floor,
      ElementFunctions functions,
      int n) {
    for (int b = 0; b < n; b++) {
      e[b] = Math.min(rho[b], LARGEST_LOG_SCALE);
    }
    functions.exp(e, e, n);
    for (int b = 0; b < n; b++) {
      e[b] += floor;
    }
    functions.log(inverse, e, n);
    for (int b = 0; b < n; b++) {
      log[b] -= inverse[b];
    }
    for (int b = 0; b < n; b++) {
      double s = 1 / e[b];
      inverse[b] = s;
      e[b] = (e[b] - floor) * s;
    }
  }

  static double scale(double rho, double floor) {
    return floor + Math.exp(Math.min(rho, LARGEST_LOG_SCALE));
  }

  /** ρ with floor + e^ρ = scale, or nearly so at the floor. */
  static double logScale(double scale, double floor) {
    return Math.log(Math.max(scale - floor, 0.01 * floor));
  }
}
