package io.github.mixtura.sdp;

import org.ejml.data.DMatrixRMaj;

/** A symmetric matrix, known by its products. */
interface Symmetric {
  /** Number of rows. */
  int size();

  /** Writes M x into {@code product}; both have {@link #size()} values. */
  void multiply(double[] x, double[] product);

  /** A stored matrix, of which all n² entries are read; rows are shared out among the threads. */
  static Symmetric of(DMatrixRMaj m, Run run) {
    int n = m.numRows;
    int stripe = 256;
    return new Symmetric() {
      @Override
      public int size() {
        return n;
      }

      @Override
      public void multiply(double[] x, double[] product) {
        Run how = n < 1000 ? Run.FREE : run;
        how.forEach(
            (n + stripe - 1) / stripe,
            s -> rows(s * stripe, Math.min(n, (s + 1) * stripe), x, product));
      }

      private void rows(int from, int to, double[] x, double[] product) {
        for (int i = from; i < to; i++) {
          product[i] = dot(m.data, i * n, x, n);
        }
      }
    };
  }

  private static double dot(double[] a, int offset, double[] x, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      s0 += a[offset + j] * x[j];
      s1 += a[offset + j + 1] * x[j + 1];
      s2 += a[offset + j + 2] * x[j + 2];
      s3 += a[offset + j + 3] * x[j + 3];
    }
    for (; j < n; j++) {
      s0 += a[offset + j] * x[j];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
