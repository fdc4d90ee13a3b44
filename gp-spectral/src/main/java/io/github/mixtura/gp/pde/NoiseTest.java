package io.github.mixtura.gp.pde;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Whether what a model leaves of a source looks like white noise: flat in frequency (largest power
 * and Bartlett's cumulative periodogram) and in place (energy of blocks and kurtosis).
 *
 * <p>A model swallows a part of the noise. How much at which frequency and place is found by giving
 * it pure noise; frequencies of which it swallows more than half do not count.
 */
final class NoiseTest {
  private static final int DRAWS = 6;

  /** Fewer values cannot show what they are. */
  static final int FEWEST = 24;

  private static final double PASSED = 0.5;

  /** Probability that noise has a power above the bound. */
  private static final double FALSE_ALARM = 1e-5;

  /** √m times the largest distance of the cumulative periodogram, exceeded with 1e-5. */
  private static final double CUMULATIVE = 2.5;

  /** Standard deviations of block energies and kurtosis. */
  private static final double PLACES = 5;

  private NoiseTest() {}

  /**
   * @param left what is left of the source
   * @param model gives what it would leave of another one
   */
  static boolean isNoise(double[] left, UnaryOperator<double[]> model) {
    int n = left.length;
    if (n < FEWEST) {
      return false;
    }
    double size = IntervalSolver.rms(left);
    if (!(size > 0) || !Double.isFinite(size)) {
      return false;
    }
    double[] values = new double[n];
    Arrays.setAll(values, i -> left[i] / size);
    Random random = new Random(n);
    double[] before = new double[n / 2];
    double[] after = new double[n / 2];
    double[] places = new double[n];
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] noise = new double[n];
      Arrays.setAll(noise, i -> random.nextGaussian());
      double[] passed = model.apply(noise);
      add(before, powers(noise));
      add(after, powers(passed));
      for (int i = 0; i < n; i++) {
        places[i] += passed[i] * passed[i] / DRAWS;
      }
    }
    return isFlatInPlace(values, places) && isFlatInFrequency(powers(values), before, after);
  }

  private static void add(double[] sum, double[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }

  /** Powers at the frequencies between 0 and Nyquist's. */
  private static double[] powers(double[] values) {
    int n = values.length;
    double[] work = Arrays.copyOf(values, 2 * n);
    new DoubleFFT_1D(n).realForwardFull(work);
    double[] powers = new double[n / 2];
    for (int k = 1; k < powers.length; k++) {
      powers[k] = work[2 * k] * work[2 * k] + work[2 * k + 1] * work[2 * k + 1];
    }
    return powers;
  }

  private static boolean isFlatInFrequency(double[] powers, double[] before, double[] after) {
    int m = 0;
    double[] kept = new double[powers.length];
    double total = 0;
    double largest = 0;
    for (int k = 1; k < powers.length; k++) {
      double in = 0;
      double out = 0;
      for (int j = Math.max(1, k - 2); j <= Math.min(powers.length - 1, k + 2); j++) {
        in += before[j];
        out += after[j];
      }
      double passed = in > 0 ? Math.min(1, out / in) : 0;
      if (passed > PASSED) {
        kept[m] = powers[k] / passed;
        total += kept[m];
        largest = Math.max(largest, kept[m]);
        m++;
      }
    }
    if (m < Math.max(5, 0.1 * powers.length) || total == 0) {
      return false;
    }
    double sum = 0;
    double distance = 0;
    for (int k = 0; k < m; k++) {
      sum += kept[k];
      distance = Math.max(distance, Math.abs(sum / total - (k + 1.0) / m));
    }
    return largest / (total / m) < Math.log(m / FALSE_ALARM)
        && distance * Math.sqrt(m) < CUMULATIVE;
  }

  private static boolean isFlatInPlace(double[] values, double[] expected) {
    int n = values.length;
    int blocks = Math.max(2, Math.min(10, n / 10));
    double[] energy = new double[blocks];
    double[] freedom = new double[blocks];
    double fourth = 0;
    double second = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
      int block = (int) ((long) i * blocks / n);
      double square = values[i] * values[i];
      energy[block] += square;
      freedom[block] += expected[i];
      second += square / n;
      fourth += square * square / n;
      all += expected[i];
    }
    if (fourth > second * second * (3 + PLACES * Math.sqrt(24.0 / n) * 1.5)) {
      return false;
    }
    for (int block = 0; block < blocks; block++) {
      double ratio = energy[block] / (second * n) * all / Math.max(freedom[block], 1e-300);
      double nu = Math.max(1, freedom[block]);
      // Wilson and Hilferty's approximation of the quantile of χ²/ν.
      double part = 2 / (9 * nu);
      double high = Math.pow(1 - part + PLACES * Math.sqrt(part), 3);
      double low = Math.pow(Math.max(0, 1 - part - PLACES * Math.sqrt(part)), 3);
      if (!(ratio < high) || ratio < low) {
        return false;
      }
    }
    return true;
  }
}
