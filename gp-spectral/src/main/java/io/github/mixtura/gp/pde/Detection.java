package io.github.mixtura.gp.pde;

import io.github.mixtura.special.Bessel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Finds the frequencies that several vectors on one axis share, one at a time: the largest peak of
 * what is left becomes a component with a slowly varying envelope, all components are fitted, and
 * the mean slope of each fitted phase corrects its frequency.
 */
final class Detection {
  /** Relative residual at which nothing is left. */
  static final double EXACT = 1e-10;

  private static final int MOST_COMPONENTS = 16;
  private static final int ENVELOPE = 5;
  private static final int TONE = 2;
  private static final int MOST_TONES = 30;
  private static final int MOST_FOR_TONES = 1000;
  private static final int BASE = 9;
  private static final int SWEEPS = 4;
  private static final double KAISER = 14;

  /** Peaks nearer than this, in cycles on the axis, are the same. */
  private static final double SAME = 0.4;

  private static final double DAMPING = 1e-12;

  private static final int MOST_WHITE = 1 << 15;

  /** Probability that noise alone shows a peak. */
  private static final double FALSE_ALARM = 1e-3;

  /** Powers of the windowed and padded vectors, and what the window does to noise. */
  private record Periodogram(double[] powers, double step, double floor, double threshold) {}

  private final double[] times;
  private final DMatrixRMaj data;
  private final double size;
  private final double[] window;
  private final int padded;
  private final int envelope;
  private final Runnable each;
  private final IntPredicate stop;
  private final List<Double> omegas = new ArrayList<>();
  private DMatrixRMaj coefficients;
  private double relative = 1;
  private double floor;
  private double damping;
  private boolean noiseOnly;

  /**
   * @param vectors of one length, at uniform places on [0, 1]
   * @param tolerance relative residual to stop at
   */
  Detection(List<double[]> vectors, double tolerance) {
    this(vectors, tolerance, ENVELOPE, () -> {}, count -> false);
  }

  /**
   * @param vectors of one length, at uniform places on [0, 1]
   * @param tolerance relative residual to stop at
   * @param each called before each fit
   */
  Detection(List<double[]> vectors, double tolerance, Runnable each) {
    this(vectors, tolerance, ENVELOPE, each, count -> false);
  }

  private Detection(
      List<double[]> vectors, double tolerance, int envelope, Runnable each, IntPredicate stop) {
    this.envelope = envelope;
    this.each = each;
    this.stop = stop;
    int n = vectors.get(0).length;
    times = new double[n];
    Arrays.setAll(times, i -> i / (n - 1.0));
    data = new DMatrixRMaj(n, vectors.size());
    for (int j = 0; j < vectors.size(); j++) {
      for (int i = 0; i < n; i++) {
        data.set(i, j, vectors.get(j)[i]);
      }
    }
    size = norm(data);
    window = new double[n];
    Arrays.setAll(
        window,
        i -> {
          double at = 2 * times[i] - 1;
          double inside = KAISER * Math.sqrt(Math.max(0, 1 - at * at));
          return Math.exp(Bessel.logI0(inside) - Bessel.logI0(KAISER));
        });
    padded = 8 * Integer.highestOneBit(2 * n - 1);
    if (size > 0) {
      search(tolerance);
    } else {
      coefficients = new DMatrixRMaj(BASE, vectors.size());
      relative = 0;
    }
  }

  /**
   * Components with envelopes of degree 4, or of degree 1 where those leave something and these do
   * not: pure tones need fewer values each.
   *
   * @param stop asked with the number of components whether to leave it at those
   */
  static Detection sparest(double[] values, double tolerance, IntPredicate stop) {
    Detection first = new Detection(List.of(values), tolerance, ENVELOPE, () -> {}, stop);
    if (first.isComplete(1e-8)
        || values.length > MOST_FOR_TONES
        || stop.test(first.omegas.size())) {
      return first;
    }
    Detection tones = new Detection(List.of(values), tolerance, TONE, () -> {}, stop);
    return tones.isComplete(1e-8) ? tones : first;
  }

  private static double norm(DMatrixRMaj a) {
    double sum = 0;
    for (double value : a.data) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private void search(double tolerance) {
    boolean tones = envelope == TONE;
    // Several vectors say more about the frequencies that they share.
    int unknowns = data.numCols > 1 ? 4 * times.length / 5 : times.length / 2;
    int most = Math.min(tones ? MOST_TONES : MOST_COMPONENTS, (unknowns - BASE) / (2 * envelope));
    // Of k lines of equal size one more leaves the root of 1 − 1/k.
    double progress = data.numCols > 1 ? 0.95 : 0.7;
    double least = Double.POSITIVE_INFINITY;
    double[] kept = {};
    int failures = 0;
    while (true) {
      DMatrixRMaj residual = fit();
      double left = norm(residual) / size;
      Periodogram spectrum = periodogram(residual);
      // Coefficients are of the size of the data at most; what is below noise is not sought.
      damping = Math.sqrt(spectrum.floor()) / size;
      double peak = peak(spectrum);
      double power = power(spectrum, peak);
      failures = left < progress * least ? 0 : failures + 1;
      if (left < least) {
        least = left;
        kept = omegas();
        relative = left;
        floor = Math.sqrt(spectrum.floor()) / size;
        noiseOnly = power < 10 * spectrum.threshold();
      }
      if (left < tolerance
          || failures == (tones ? MOST_TONES : 2)
          || omegas.size() >= most
          || power < spectrum.threshold()
          || isKnown(peak)
          || stop.test(omegas.size() + 1)) {
        break;
      }
      omegas.add(2 * Math.PI * peak);
      for (int sweep = 0; sweep < SWEEPS && !stop.test(omegas.size()); sweep++) {
        fit();
        correct();
      }
    }
    if (kept.length < omegas.size()) {
      omegas.clear();
      for (double omega : kept) {
        omegas.add(omega);
      }
    }
    damping = floor;
    fit();
  }

  private boolean isKnown(double cycles) {
    return cycles < SAME
        || omegas.stream().anyMatch(o -> Math.abs(o / (2 * Math.PI) - cycles) < SAME);
  }

  /** The Chebyshev polynomials and their derivatives up to a degree. */
  private static void chebyshev(double t, double[] value, double[] slope) {
    double x = 2 * t - 1;
    double second = 1;
    double secondBefore = 0;
    for (int j = 0; j < value.length; j++) {
      value[j] = j == 0 ? 1 : j == 1 ? x : 2 * x * value[j - 1] - value[j - 2];
      // T_j' = j U_{j-1}, and dx/dt = 2.
      slope[j] = j == 0 ? 0 : 2 * j * second;
      if (j > 0) {
        double next = 2 * x * second - secondBefore;
        secondBefore = second;
        second = next;
      }
    }
  }

  /** Fits all components and returns what is left. */
  private DMatrixRMaj fit() {
    each.run();
    int columns = BASE + 2 * envelope * omegas.size();
    int n = times.length;
    DMatrixRMaj basis = new DMatrixRMaj(n, columns);
    double[] value = new double[BASE];
    double[] slope = new double[BASE];
    for (int i = 0; i < times.length; i++) {
      chebyshev(times[i], value, slope);
      System.arraycopy(value, 0, basis.data, i * columns, BASE);
      int at = i * columns + BASE;
      for (double omega : omegas) {
        double c = Math.cos(omega * times[i]);
        double s = Math.sin(omega * times[i]);
        for (int j = 0; j < envelope; j++) {
          basis.data[at++] = value[j] * c;
          basis.data[at++] = value[j] * s;
        }
      }
    }
    // Rows below that keep nearly dependent columns from large coefficients.
    DMatrixRMaj damped = new DMatrixRMaj(n + columns, columns);
    System.arraycopy(basis.data, 0, damped.data, 0, n * columns);
    for (int k = 0; k < columns; k++) {
      damped.data[(n + k) * columns + k] = Math.max(DAMPING * Math.sqrt(n), damping);
    }
    DMatrixRMaj right = new DMatrixRMaj(n + columns, data.numCols);
    System.arraycopy(data.data, 0, right.data, 0, data.getNumElements());
    coefficients = new Qr(damped).solve(right);
    DMatrixRMaj left = data.copy();
    CommonOps_DDRM.multAdd(-1, basis, coefficients, left);
    return left;
  }

  /** Moves each frequency by the mean phase slope of its envelope. */
  private void correct() {
    double[] value = new double[envelope];
    double[] slope = new double[envelope];
    double[] turning = new double[omegas.size()];
    double[] energy = new double[omegas.size()];
    int places = Math.min(times.length, 200);
    for (int i = 0; i < places; i++) {
      chebyshev(i / (places - 1.0), value, slope);
      for (int q = 0; q < turning.length; q++) {
        for (int v = 0; v < data.numCols; v++) {
          double re = 0;
          double im = 0;
          double reSlope = 0;
          double imSlope = 0;
          for (int j = 0; j < envelope; j++) {
            int row = BASE + 2 * (q * envelope + j);
            double c = coefficients.get(row, v);
            double s = -coefficients.get(row + 1, v);
            re += c * value[j];
            im += s * value[j];
            reSlope += c * slope[j];
            imSlope += s * slope[j];
          }
          turning[q] += imSlope * re - reSlope * im;
          energy[q] += re * re + im * im;
        }
      }
    }
    double last = Math.PI * (times.length - 1);
    for (int q = 0; q < turning.length; q++) {
      if (energy[q] > 0) {
        double change = Math.max(-Math.PI, Math.min(Math.PI, turning[q] / energy[q]));
        omegas.set(q, Math.max(0.1, Math.min(last, omegas.get(q) + change)));
      }
    }
  }

  private Periodogram periodogram(DMatrixRMaj vectors) {
    int n = times.length;
    double[] powers = new double[padded / 2];
    DoubleFFT_1D transform = new DoubleFFT_1D(padded);
    double[] work = new double[padded];
    for (int v = 0; v < vectors.numCols; v++) {
      Arrays.fill(work, 0);
      for (int i = 0; i < n; i++) {
        work[i] = window[i] * vectors.get(i, v);
      }
      transform.realForward(work);
      for (int k = 0; k < powers.length; k++) {
        double im = k == 0 ? 0 : work[2 * k + 1];
        powers[k] += work[2 * k] * work[2 * k] + im * im;
      }
    }
    double squares = 0;
    for (double value : window) {
      squares += value * value;
    }
    double[] sorted = powers.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double mean = median / Math.log(2);
    // Noise of variance v in each of n places has the expected power v·Σ window².
    return new Periodogram(
        powers, (n - 1.0) / padded, mean / squares * n, mean * Math.log(n / 2.0 / FALSE_ALARM));
  }

  /** The place of the largest power, in cycles on the axis. */
  private static double peak(Periodogram spectrum) {
    double[] p = spectrum.powers();
    int best = 0;
    for (int k = 1; k < p.length; k++) {
      if (p[k] > p[best]) {
        best = k;
      }
    }
    double shift = 0;
    if (best > 0 && best + 1 < p.length && p[best - 1] > 0 && p[best + 1] > 0) {
      double before = Math.log(p[best - 1]);
      double after = Math.log(p[best + 1]);
      double bend = before - 2 * Math.log(p[best]) + after;
      shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
    }
    return (best + shift) * spectrum.step();
  }

  private static double power(Periodogram spectrum, double cycles) {
    int k = (int) Math.round(cycles / spectrum.step());
    return spectrum.powers()[Math.min(k, spectrum.powers().length - 1)];
  }

  /** Whether no peak stands out of the spectrum of a vector; of a long one, its first values. */
  static boolean isWhite(double[] values) {
    double[] part = Arrays.copyOf(values, Math.min(values.length, MOST_WHITE));
    Detection detection = new Detection(List.of(part), 2);
    Periodogram spectrum = detection.periodogram(detection.data);
    return power(spectrum, peak(spectrum)) < 10 * spectrum.threshold();
  }

  /** Angular frequencies on [0, 1]; that of the constant component is not among them. */
  double[] omegas() {
    return omegas.stream().mapToDouble(o -> o).toArray();
  }

  /** The root mean square of a component's envelopes, over all vectors; −1 for the constant one. */
  double amplitude(int component) {
    int from = component < 0 ? 0 : BASE + 2 * envelope * component;
    int to = component < 0 ? BASE : from + 2 * envelope;
    double sum = 0;
    for (int i = from; i < to; i++) {
      for (int v = 0; v < coefficients.numCols; v++) {
        sum += coefficients.get(i, v) * coefficients.get(i, v);
      }
    }
    return Math.sqrt(sum);
  }

  /** What is left of the vectors, relative to them. */
  double relativeResidual() {
    return relative;
  }

  /** The level of white noise in what is left, relative to the vectors. */
  double noiseFloor() {
    return floor;
  }

  /** Whether components explain all but noise. */
  boolean isComplete(double tolerance) {
    return relative <= tolerance || (noiseOnly && relative <= 10 * floor);
  }

  /** The part of the energy at and above a fraction of the Nyquist frequency, noise left out. */
  double energyAbove(double fraction) {
    Periodogram spectrum = periodogram(data);
    double[] p = spectrum.powers();
    double above = 0;
    double total = 0;
    for (int k = 0; k < p.length; k++) {
      total += p[k];
      if (k >= fraction * p.length && p[k] > spectrum.threshold()) {
        above += p[k];
      }
    }
    return total == 0 ? 0 : above / total;
  }

  /**
   * The part of the energy at and above a fraction of the Nyquist frequency, noise included; of the
   * whole axis or, where that is larger and asked for, of its halves.
   */
  static double allEnergyAbove(double[] values, double fraction, boolean halves) {
    double above = energyAbove(values, 0, values.length, fraction);
    int half = values.length / 2;
    if (halves && half >= 100) {
      double all = 0;
      double high = 0;
      for (int from : new int[] {0, half / 2, values.length - half}) {
        double[] part = energies(values, from, half, fraction);
        high += part[0];
        all += part[1];
      }
      above = Math.max(above, all == 0 ? 0 : high / all);
    }
    return above;
  }

  private static double energyAbove(double[] values, int from, int count, double fraction) {
    double[] energies = energies(values, from, count, fraction);
    return energies[1] == 0 ? 0 : energies[0] / energies[1];
  }

  /**
   * Energy above a fraction of the Nyquist frequency in a windowed part, and the whole energy:
   * under the window, or of the part without window if that is more, as of a layer at an end.
   */
  private static double[] energies(double[] values, int from, int count, double fraction) {
    Detection part = new Detection(List.of(Arrays.copyOfRange(values, from, from + count)), 2);
    double[] p = part.periodogram(part.data).powers();
    double above = 0;
    double total = 0;
    for (int k = 0; k < p.length; k++) {
      total += p[k];
      above += k >= fraction * p.length ? p[k] : 0;
    }
    double squares = 0;
    for (double value : part.window) {
      squares += value * value;
    }
    double plain = part.size * part.size * squares / count * p.length;
    return new double[] {above, Math.max(total, plain)};
  }

  /** The angular frequency below which all but a part of the energy lies. */
  double cutoff(double part) {
    Periodogram spectrum = periodogram(data);
    double[] p = spectrum.powers();
    double total = 0;
    for (double value : p) {
      total += value;
    }
    double above = 0;
    int k = p.length - 1;
    for (; k > 0; k--) {
      above += p[k];
      if (above > part * total) {
        break;
      }
    }
    return 2 * Math.PI * k * spectrum.step();
  }
}
