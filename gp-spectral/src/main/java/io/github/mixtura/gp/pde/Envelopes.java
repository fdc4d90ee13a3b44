package io.github.mixtura.gp.pde;

import org.ejml.data.DMatrixRMaj;

/**
 * The span of {@link Features} in functions that do not cancel, on [0, 1]: {@code T_j(2t − 1)
 * exp(−aτ²)} times cosine and sine of each frequency, τ = t − ½. Powers of τ reach the small
 * functions of the span as differences of large ones, and a second derivative then keeps few digits
 * of them; these polynomials keep all.
 */
final class Envelopes {
  private final double[] omegas;
  private final double a;
  private final int terms;
  private final int size;

  /**
   * @param omegas angular frequencies on [0, 1]
   * @param a width of the spectral bumps
   * @param terms polynomials of each frequency
   */
  Envelopes(double[] omegas, double a, int terms) {
    this.omegas = omegas.clone();
    this.a = a;
    this.terms = terms;
    int columns = 0;
    for (double omega : omegas) {
      columns += omega == 0 ? terms : 2 * terms;
    }
    size = columns;
  }

  /** Values and derivatives at many places, one row each. */
  DMatrixRMaj[] matrices(double[] ts) {
    DMatrixRMaj[] result = {
      new DMatrixRMaj(ts.length, size),
      new DMatrixRMaj(ts.length, size),
      new DMatrixRMaj(ts.length, size)
    };
    double[][] p = new double[3][terms];
    for (int i = 0; i < ts.length; i++) {
      polynomials(ts[i], p);
      fill(ts[i], p, result, i * size);
    }
    return result;
  }

  private void fill(double t, double[][] p, DMatrixRMaj[] rows, int from) {
    double[] value = rows[0].data;
    double[] first = rows[1].data;
    double[] second = rows[2].data;
    int at = from;
    for (double m : omegas) {
      double c = Math.cos(m * t);
      double s = Math.sin(m * t);
      for (int j = 0; j < terms; j++, at++) {
        value[at] = p[0][j] * c;
        first[at] = p[1][j] * c - m * p[0][j] * s;
        second[at] = p[2][j] * c - 2 * m * p[1][j] * s - m * m * p[0][j] * c;
      }
      for (int j = 0; m != 0 && j < terms; j++, at++) {
        value[at] = p[0][j] * s;
        first[at] = p[1][j] * s + m * p[0][j] * c;
        second[at] = p[2][j] * s + 2 * m * p[1][j] * c - m * m * p[0][j] * s;
      }
    }
  }

  /** {@code T_j exp(−aτ²)} with its first and second derivative in t. */
  private void polynomials(double t, double[][] p) {
    double x = 2 * t - 1;
    double tau = t - 0.5;
    double envelope = Math.exp(-a * tau * tau);
    double slope = -2 * a * tau;
    double bend = slope * slope - 2 * a;
    double[] v = new double[terms];
    double[] d = new double[terms];
    double[] dd = new double[terms];
    for (int j = 0; j < terms; j++) {
      if (j < 2) {
        v[j] = j == 0 ? 1 : x;
        d[j] = j == 0 ? 0 : 2;
      } else {
        // T_j = 2x T_{j−1} − T_{j−2}, and dx/dt = 2.
        v[j] = 2 * x * v[j - 1] - v[j - 2];
        d[j] = 4 * v[j - 1] + 2 * x * d[j - 1] - d[j - 2];
        dd[j] = 8 * d[j - 1] + 2 * x * dd[j - 1] - dd[j - 2];
      }
      p[0][j] = envelope * v[j];
      p[1][j] = envelope * (d[j] + slope * v[j]);
      p[2][j] = envelope * (dd[j] + 2 * slope * d[j] + bend * v[j]);
    }
  }
}
