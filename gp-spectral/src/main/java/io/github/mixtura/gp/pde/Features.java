package io.github.mixtura.gp.pde;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Root of a spectral mixture with Gaussian envelopes on [0, 1]: functions φ_k with {@code Σ φ_k(t)
 * φ_k(t′) = Σ_q s_q² exp(−a(t − t′)²) cos(ω_q(t − t′))}.
 *
 * <p>{@code exp(−a(t − t′)²) = Σ_n p_n(t) p_n(t′)} with {@code p_n(t) = sqrt((2a)ⁿ/n!) τⁿ
 * exp(−aτ²)} and {@code τ = t − ½}; the sum ends where the factors fall below 1e-17. Each p_n is
 * multiplied by a cosine and, unless ω is 0, by a sine.
 */
final class Features {
  private static final double SMALLEST = 1e-17;

  private final double[] omegas;
  private final double[] scales;
  private final double a;
  private final double[] factors;
  private final int size;

  /**
   * @param omegas angular frequencies on [0, 1]
   * @param scales standard deviations s_q of the components
   * @param a width of the spectral bumps; 0 for lines, which make the covariance periodic
   */
  Features(double[] omegas, double[] scales, double a) {
    this.omegas = omegas.clone();
    this.scales = scales.clone();
    this.a = a;
    double[] all = new double[400];
    int count = 0;
    for (double factor = 1; count < all.length; count++) {
      if (count >= (a == 0 ? 1 : 5) && factor * Math.pow(2, -count) < SMALLEST) {
        break;
      }
      all[count] = factor;
      factor *= Math.sqrt(2 * a / (count + 1));
    }
    factors = Arrays.copyOf(all, count);
    int columns = 0;
    for (double omega : omegas) {
      columns += omega == 0 ? count : 2 * count;
    }
    size = columns;
  }

  /** Functions of the same span that do not cancel. */
  Envelopes envelopes() {
    return new Envelopes(omegas, a, factors.length);
  }

  int size() {
    return size;
  }

  /** Values, first and second derivatives in t of all functions at one place. */
  void fill(double t, double[] value, double[] first, double[] second, int offset) {
    int terms = factors.length;
    double[] p = new double[terms];
    double[] p1 = new double[terms];
    double[] p2 = new double[terms];
    double tau = t - 0.5;
    double envelope = Math.exp(-a * tau * tau);
    double power = envelope;
    double below = 0;
    double twoBelow = 0;
    for (int n = 0; n < terms; n++) {
      // power = τⁿ exp(−aτ²), below and twoBelow the same with n − 1 and n − 2.
      p[n] = factors[n] * power;
      p1[n] = factors[n] * (n * below - 2 * a * tau * power);
      p2[n] =
          factors[n]
              * (n * (n - 1.0) * twoBelow
                  - 2 * a * (2 * n + 1) * power
                  + 4 * a * a * tau * tau * power);
      twoBelow = below;
      below = power;
      power *= tau;
    }
    int at = offset;
    for (int q = 0; q < omegas.length; q++) {
      double m = omegas[q];
      double c = scales[q] * Math.cos(m * t);
      double s = scales[q] * Math.sin(m * t);
      for (int n = 0; n < terms; n++, at++) {
        value[at] = p[n] * c;
        first[at] = p1[n] * c - m * p[n] * s;
        second[at] = p2[n] * c - 2 * m * p1[n] * s - m * m * p[n] * c;
      }
      if (m != 0) {
        for (int n = 0; n < terms; n++, at++) {
          value[at] = p[n] * s;
          first[at] = p1[n] * s + m * p[n] * c;
          second[at] = p2[n] * s + 2 * m * p1[n] * c - m * m * p[n] * s;
        }
      }
    }
  }

  /** Values and derivatives at many places, one row each. */
  DMatrixRMaj[] matrices(double[] ts) {
    DMatrixRMaj[] result = {
      new DMatrixRMaj(ts.length, size),
      new DMatrixRMaj(ts.length, size),
      new DMatrixRMaj(ts.length, size)
    };
    for (int i = 0; i < ts.length; i++) {
      fill(ts[i], result[0].data, result[1].data, result[2].data, i * size);
    }
    return result;
  }
}
