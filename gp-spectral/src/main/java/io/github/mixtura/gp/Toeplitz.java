package io.github.mixtura.gp;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * A symmetric positive definite Toeplitz matrix: products by FFT in O(n log n), and solutions by
 * conjugate gradients with the nearest circulant matrix (T. Chan 1988, doi:10.1137/0909051).
 */
final class Toeplitz {
  private final int n;
  private final Circulant embedding;
  private final Circulant nearest;

  /**
   * Prepares the transforms.
   *
   * @param column the first column
   * @param floor a positive lower bound of the eigenvalues
   */
  Toeplitz(double[] column, double floor) {
    this.n = column.length;
    this.embedding = new Circulant(embedded(column));
    double[] circulant = new double[n];
    circulant[0] = column[0];
    for (int j = 1; j < n; j++) {
      circulant[j] = ((double) (n - j) * column[j] + j * column[n - j]) / n;
    }
    this.nearest = new Circulant(circulant);
    nearest.raise(floor);
  }

  private static double[] embedded(double[] column) {
    int n = column.length;
    int size = smooth(2 * n - 1);
    double[] ring = new double[size];
    System.arraycopy(column, 0, ring, 0, n);
    for (int j = 1; j < n; j++) {
      ring[size - j] = column[j];
    }
    return ring;
  }

  /** The least number from {@code least} on with no prime factor above 5. */
  static int smooth(int least) {
    for (int size = least; ; size++) {
      int rest = size;
      for (int prime : new int[] {2, 3, 5}) {
        while (rest % prime == 0) {
          rest /= prime;
        }
      }
      if (rest == 1) {
        return size;
      }
    }
  }

  int size() {
    return n;
  }

  double[] multiply(double[] x) {
    double[] ring = new double[embedding.size()];
    System.arraycopy(x, 0, ring, 0, n);
    embedding.multiply(ring, embedding.values());
    double[] product = new double[n];
    System.arraycopy(ring, 0, product, 0, n);
    return product;
  }

  /** The nearest circulant matrix to a power, times x, in place. */
  void precondition(double[] x, double[] powers) {
    nearest.multiply(x, powers);
  }

  /** Eigenvalues of the nearest circulant matrix to a power. */
  double[] powers(double exponent) {
    double[] values = nearest.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.pow(values[k], exponent);
    }
    return values;
  }

  double logDeterminantOfNearest() {
    double sum = 0;
    double[] values = nearest.values();
    for (int k = 0; k < values.length; k++) {
      boolean single = k == 0 || 2 * k == n;
      sum += (single ? 1 : 2) * Math.log(values[k]);
    }
    return sum;
  }

  /** What conjugate gradients ended with; {@code residual} is b − Tx. */
  record Solution(double[] x, double[] residual, double relativeResidual, int iterations) {

    /** bᵀT⁻¹b with an error of second order in the residual. */
    double energy(double[] b) {
      return dot(b, x) + dot(residual, x);
    }
  }

  Solution solve(double[] b, double tolerance, int maxIterations, BooleanSupplier cancelled) {
    double[] inverse = powers(-1);
    double[] x = new double[n];
    double[] r = b.clone();
    double norm = Math.sqrt(dot(b, b));
    if (norm == 0) {
      return new Solution(x, r, 0, 0);
    }
    double[] z = r.clone();
    precondition(z, inverse);
    double[] p = z.clone();
    double rz = dot(r, z);
    double residual = 1;
    int iteration = 0;
    while (residual > tolerance && iteration < maxIterations) {
      requireGoingOn(cancelled);
      double[] q = multiply(p);
      double step = rz / dot(p, q);
      for (int i = 0; i < n; i++) {
        x[i] += step * p[i];
        r[i] -= step * q[i];
      }
      residual = Math.sqrt(dot(r, r)) / norm;
      System.arraycopy(r, 0, z, 0, n);
      precondition(z, inverse);
      double next = dot(r, z);
      double ratio = next / rz;
      rz = next;
      for (int i = 0; i < n; i++) {
        p[i] = z[i] + ratio * p[i];
      }
      iteration++;
    }
    double[] left = multiply(x);
    for (int i = 0; i < n; i++) {
      left[i] = b[i] - left[i];
    }
    return new Solution(x, left, Math.sqrt(dot(left, left)) / norm, iteration);
  }

  static void requireGoingOn(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("cancelled");
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Σ a_i b_{i+l} for the lags l = 0 … n − 1. */
  static double[] correlations(double[] a, double[] b) {
    int n = a.length;
    int size = smooth(2 * n - 1);
    DoubleFFT_1D fft = new DoubleFFT_1D(size);
    double[] first = Arrays.copyOf(a, size);
    double[] second = Arrays.copyOf(b, size);
    fft.realForward(first);
    fft.realForward(second);
    first[0] *= second[0];
    boolean even = size % 2 == 0;
    if (even) {
      first[1] *= second[1];
    }
    for (int k = 1; k < (size + 1) / 2; k++) {
      int im = 2 * k + 1 < size ? 2 * k + 1 : 1;
      double re = first[2 * k] * second[2 * k] + first[im] * second[im];
      first[im] = first[2 * k] * second[im] - first[im] * second[2 * k];
      first[2 * k] = re;
    }
    fft.realInverse(first, true);
    return Arrays.copyOf(first, n);
  }

  /**
   * The sums of T⁻¹ along its diagonals, both sides of the main one together, by the formula of
   * Gohberg and Semencul.
   *
   * @param x T⁻¹e₁
   */
  static double[] diagonalSums(double[] x) {
    int n = x.length;
    double[] reversed = new double[n];
    for (int j = 1; j < n; j++) {
      reversed[j] = x[n - j];
    }
    double[] sums = correlations(x, weighted(x));
    double[] minus = correlations(reversed, weighted(reversed));
    for (int l = 0; l < n; l++) {
      sums[l] = (l == 0 ? 1 : 2) * (sums[l] - minus[l]) / x[0];
    }
    return sums;
  }

  private static double[] weighted(double[] x) {
    double[] weighted = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      weighted[j] = (x.length - j) * x[j];
    }
    return weighted;
  }

  /** A symmetric circulant matrix by its eigenvalues. */
  private static final class Circulant {
    private final DoubleFFT_1D fft;
    private final int size;

    /** Of frequencies 0 … size/2. */
    private final double[] values;

    Circulant(double[] column) {
      this.size = column.length;
      this.fft = new DoubleFFT_1D(size);
      double[] spectrum = column.clone();
      if (size > 1) {
        fft.realForward(spectrum);
      }
      this.values = new double[size / 2 + 1];
      for (int k = 0; 2 * k < size; k++) {
        values[k] = spectrum[2 * k];
      }
      if (size % 2 == 0) {
        values[size / 2] = spectrum[1];
      }
    }

    int size() {
      return size;
    }

    double[] values() {
      return values;
    }

    void raise(double floor) {
      for (int k = 0; k < values.length; k++) {
        values[k] = Math.max(values[k], floor);
      }
    }

    void multiply(double[] x, double[] factors) {
      if (size == 1) {
        x[0] *= factors[0];
        return;
      }
      fft.realForward(x);
      x[0] *= factors[0];
      x[1] *= factors[size / 2];
      for (int k = 1; 2 * k < size; k++) {
        x[2 * k] *= factors[k];
        if (2 * k + 1 < size) {
          x[2 * k + 1] *= factors[k];
        }
      }
      fft.realInverse(x, true);
    }
  }
}
