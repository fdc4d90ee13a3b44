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
          product[i] = Vectors.dot(m.data, i * n, x);
        }
      }
    };
  }
}
