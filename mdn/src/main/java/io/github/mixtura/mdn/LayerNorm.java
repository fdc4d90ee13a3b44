package io.github.mixtura.mdn;

import java.util.Arrays;

/**
 * Each sample's units brought to mean 0 and variance 1, then scaled and shifted: y = g (x − m)/√(v
 * + 1e-5) + h. Parameters at {@code at}: g, then h. Ba et al. 2016, arXiv 1607.06450.
 *
 * @param units number of units
 * @param at first index in the parameter vector
 */
record LayerNorm(int units, int at) {
  private static final double SMALLEST_VARIANCE = 1e-5;

  int size() {
    return 2 * units;
  }

  /** What one stripe needs. */
  final class State {
    private final double[][] unit = new double[units][Lanes.WIDTH];
    private final double[] mean = new double[Lanes.WIDTH];
    private final double[] inverse = new double[Lanes.WIDTH];
    private final double[] dot = new double[Lanes.WIDTH];
    private final double[] memory = new double[Lanes.WIDTH];

    void forward(double[] parameters, double[][] x, double[][] y, int n) {
      Arrays.fill(mean, 0, n, 0);
      Arrays.fill(inverse, 0, n, 0);
      for (int i = 0; i < units; i++) {
        Lanes.add(mean, 1.0 / units, x[i], n);
      }
      for (int i = 0; i < units; i++) {
        centre(unit[i], x[i], n);
      }
      for (int b = 0; b < n; b++) {
        inverse[b] = 1 / Math.sqrt(inverse[b] / units + SMALLEST_VARIANCE);
      }
      for (int i = 0; i < units; i++) {
        scale(y[i], unit[i], parameters[at + i], parameters[at + units + i], n);
      }
    }

    private void centre(double[] u, double[] x, int n) {
      double[] m = mean;
      double[] s = inverse;
      for (int b = 0; b < n; b++) {
        double v = x[b] - m[b];
        u[b] = v;
        s[b] = Math.fma(v, v, s[b]);
      }
    }

    private void scale(double[] y, double[] u, double gain, double shift, int n) {
      double[] s = inverse;
      for (int b = 0; b < n; b++) {
        double v = u[b] * s[b];
        u[b] = v;
        y[b] = Math.fma(gain, v, shift);
      }
    }

    /** dx ← gradient; the parameters' gradient is written. May be in place. */
    void backward(double[] parameters, double[][] dy, double[][] dx, double[] gradient, int n) {
      Arrays.fill(mean, 0, n, 0);
      Arrays.fill(dot, 0, n, 0);
      for (int i = 0; i < units; i++) {
        Lanes.multiply(memory, dy[i], unit[i], n);
        gradient[at + i] = Lanes.sum(memory, n);
        gradient[at + units + i] = Lanes.sum(dy[i], n);
        double gain = parameters[at + i];
        Lanes.add(mean, gain / units, dy[i], n);
        Lanes.add(dot, gain / units, memory, n);
      }
      for (int i = 0; i < units; i++) {
        finish(dx[i], dy[i], unit[i], parameters[at + i], n);
      }
    }

    private void finish(double[] dx, double[] dy, double[] u, double gain, int n) {
      for (int b = 0; b < n; b++) {
        dx[b] = inverse[b] * (gain * dy[b] - mean[b] - u[b] * dot[b]);
      }
    }
  }

  State state() {
    return new State();
  }
}
