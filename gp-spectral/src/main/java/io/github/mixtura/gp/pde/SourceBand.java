package io.github.mixtura.gp.pde;

import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;

/** Where the energy of a sampled source ends. */
final class SourceBand {
  private static final double OUTSIDE = 1e-6;
  private static final double MARGIN = 1.2;
  private static final double LOWEST = 4;

  private SourceBand() {}

  /**
   * 1.2 times the frequency below which all but 1e-6 of the energy lies, under a Blackman–Harris
   * window (Harris 1978, doi:10.1109/PROC.1978.10837).
   *
   * @return cycles per domain, at least 4 and at most Nyquist's frequency
   */
  static double highest(double[] source) {
    int n = source.length;
    double size = IntervalSolver.rms(source);
    double unit = size > 0 ? size : 1;
    double mean = Arrays.stream(source).map(v -> v / unit).average().orElseThrow();
    double[] spectrum = new double[2 * n];
    for (int i = 0; i < n; i++) {
      double turn = 2 * Math.PI * i / (n - 1);
      double window =
          0.35875
              - 0.48829 * Math.cos(turn)
              + 0.14128 * Math.cos(2 * turn)
              - 0.01168 * Math.cos(3 * turn);
      spectrum[i] = window * (source[i] / unit - mean);
    }
    new DoubleFFT_1D(n).realForwardFull(spectrum);
    double[] power = new double[n / 2 + 1];
    double total = 0;
    for (int k = 0; k < power.length; k++) {
      power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
      total += power[k];
    }
    int last = power.length - 1;
    double above = power[last];
    while (last > 0 && above <= OUTSIDE * total) {
      above += power[--last];
    }
    return Math.min(0.5 * (n - 1), Math.max(LOWEST, MARGIN * last));
  }
}
