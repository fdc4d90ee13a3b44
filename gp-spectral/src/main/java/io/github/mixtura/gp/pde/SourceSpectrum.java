package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How the power of a sampled source falls with frequency, if it has no lines: the likeliest
 * stationary Gaussian process with power {@code exp(−(ω/ω_c)^p)} and white noise, for each of
 * several p. The likelihood is that of Durbin's recursion (1960, doi:10.2307/1401322), O(n²).
 */
final class SourceSpectrum {
  /** Exponents: a pole near the axis, an entire function, bands with soft and with sharp ends. */
  private static final double[] SHAPES = {1, 2, 6, 20};

  /** Half the power of ω at which shapes are comparable, as factors of ω_c. */
  private static final double[] FACTORS = {0.25, 0.7, 1, 1};

  /** Spacing of frequencies: the covariance has twice the length of the axis as its period. */
  static final double STEP = Math.PI;

  /** Frequencies above Nyquist's say what a smooth source does between the grid points. */
  private static final double BEYOND = 1.25;

  private static final double NEGLIGIBLE = 1e-36;
  private static final int MOST_VALUES = 400;
  private static final int MOST_BLOCKS = 4;
  private static final double LOWEST_NOISE = -6;

  /** A power law and noise relative to the source. */
  record Shape(double exponent, double corner, double noise, double logLikelihood) {
    /** The share of the power at a frequency, relative to that at 0. */
    double power(double omega) {
      return Math.exp(-Math.pow(omega / corner, exponent));
    }

    Shape moved(double octaves) {
      return new Shape(exponent, corner * Math.pow(2, octaves), noise, Double.NaN);
    }
  }

  private final int n;
  private final double[][] blocks;
  private final double nyquist;

  /**
   * @param source values at uniform places on [0, 1], not all 0
   */
  SourceSpectrum(double[] source) {
    n = source.length;
    nyquist = Math.PI * (n - 1);
    double size = IntervalSolver.rms(source);
    int count = n <= MOST_VALUES ? 1 : Math.min(MOST_BLOCKS, (n + MOST_VALUES - 1) / MOST_VALUES);
    int length = Math.min(n, MOST_VALUES);
    blocks = new double[count][];
    for (int b = 0; b < count; b++) {
      int from = count == 1 ? 0 : (int) ((long) (n - length) * b / (count - 1));
      double[] values = Arrays.copyOfRange(source, from, from + length);
      for (int i = 0; i < length; i++) {
        values[i] /= size;
      }
      blocks[b] = values;
    }
  }

  /** The likeliest for each exponent, the likeliest first. */
  List<Shape> shapes() {
    List<Shape> found = new ArrayList<>();
    for (int s = 0; s < SHAPES.length; s++) {
      Shape best = null;
      double bestOctave = 0;
      for (double octave = -6; octave <= 0.5; octave += 0.5) {
        Shape next = likeliest(SHAPES[s], FACTORS[s] * nyquist * Math.pow(2, octave), best);
        if (best == null || next.logLikelihood() > best.logLikelihood()) {
          best = next;
          bestOctave = octave;
        }
      }
      for (double step = 0.25; step > (SHAPES[s] > 2 ? 0.05 : 0.2); step /= 2) {
        double centre = bestOctave;
        for (double octave : new double[] {centre - step, centre + step}) {
          Shape next = likeliest(SHAPES[s], FACTORS[s] * nyquist * Math.pow(2, octave), best);
          if (next.logLikelihood() > best.logLikelihood()) {
            best = next;
            bestOctave = octave;
          }
        }
      }
      found.add(best);
    }
    double share = n / (double) (blocks.length * blocks[0].length);
    found.replaceAll(
        s -> new Shape(s.exponent(), s.corner(), s.noise(), share * s.logLikelihood()));
    found.sort(Comparator.comparingDouble(Shape::logLikelihood).reversed());
    return found;
  }

  /** The likeliest noise of a decade grid, by way of the neighbours of that of another shape. */
  private Shape likeliest(double exponent, double corner, Shape near) {
    double[] covariance = covariance(exponent, corner);
    double start = near == null ? -3 : Math.round(Math.log10(near.noise()));
    double best = start;
    double most = logLikelihood(covariance, start);
    for (int direction = -1; direction <= 1; direction += 2) {
      for (double e = start + direction; e >= LOWEST_NOISE && e <= 0; e += direction) {
        double value = logLikelihood(covariance, e);
        if (!(value > most)) {
          break;
        }
        most = value;
        best = e;
      }
    }
    return new Shape(exponent, corner, Math.pow(10, best), most);
  }

  /** Shapes about a frequency, where a source says nothing. */
  static List<Shape> around(double omega) {
    List<Shape> shapes = new ArrayList<>();
    for (double exponent : new double[] {2, 6}) {
      for (double times : new double[] {1, 2, 4}) {
        shapes.add(new Shape(exponent, times * omega, 1, Double.NaN));
      }
    }
    return shapes;
  }

  /** Frequencies that count for a shape or lie below another, from 0 in steps of {@link #STEP}. */
  double[] omegas(Shape shape, double least) {
    int count = 1;
    while (count * STEP <= BEYOND * nyquist
        && (count * STEP < least || shape.power(count * STEP) > NEGLIGIBLE)) {
      count++;
    }
    double[] omegas = new double[count];
    Arrays.setAll(omegas, k -> k * STEP);
    return omegas;
  }

  private double[] covariance(double exponent, double corner) {
    Shape shape = new Shape(exponent, corner, 0, 0);
    int length = blocks[0].length;
    double[] result = new double[length];
    // A part of the axis cannot tell nearer frequencies apart.
    double step = STEP * Math.max(1, (n - 1) / Math.max(1, length - 1));
    double total = 0;
    double h = Math.PI / nyquist;
    for (double omega = 0; omega <= BEYOND * nyquist; omega += step) {
      double power = shape.power(omega);
      if (power < 1e-17) {
        break;
      }
      total += power;
      // cos(kωh) by Chebyshev's recurrence.
      double before = 1;
      double now = Math.cos(omega * h);
      double twice = 2 * now;
      result[0] += power;
      for (int k = 1; k < length; k++) {
        result[k] += power * now;
        double next = twice * now - before;
        before = now;
        now = next;
      }
    }
    for (int k = 0; k < length; k++) {
      result[k] /= total;
    }
    return result;
  }

  /** With the likeliest scale, summed over the blocks. */
  private double logLikelihood(double[] covariance, double exponent) {
    double noise = Math.pow(10, 2 * exponent);
    int length = covariance.length;
    double[] quadratic = new double[blocks.length];
    double logDeterminant = 0;
    double[] phi = new double[length];
    double[] old = new double[length];
    double variance = covariance[0] + noise;
    for (int k = 0; k < length; k++) {
      if (k > 0) {
        double sum = covariance[k];
        for (int j = 0; j < k - 1; j++) {
          sum -= phi[j] * covariance[k - 1 - j];
        }
        double reflection = sum / variance;
        System.arraycopy(phi, 0, old, 0, k - 1);
        for (int j = 0; j < k - 1; j++) {
          phi[j] = old[j] - reflection * old[k - 2 - j];
        }
        phi[k - 1] = reflection;
        variance *= 1 - reflection * reflection;
        if (!(variance > 0)) {
          return Double.NEGATIVE_INFINITY;
        }
      }
      for (int b = 0; b < blocks.length; b++) {
        double error = blocks[b][k];
        for (int j = 0; j < k; j++) {
          error -= phi[j] * blocks[b][k - 1 - j];
        }
        quadratic[b] += error * error / variance;
      }
      logDeterminant += Math.log(variance);
    }
    double all = Arrays.stream(quadratic).sum();
    double count = (double) length * blocks.length;
    return -0.5
        * (count * Math.log(2 * Math.PI * Math.E * Math.max(all / count, Double.MIN_NORMAL))
            + blocks.length * logDeterminant);
  }
}
