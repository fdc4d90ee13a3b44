package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;

/**
 * log|T| = log|C| + tr log(C^{−½}TC^{−½}), C the nearest circulant matrix; the trace by random
 * signs and Lanczos quadrature (Ubaru, Chen &amp; Saad 2017, doi:10.1137/16M1104974). O(n) memory.
 */
final class StochasticLanczos {
  private static final int MOST_STEPS = 60;
  private static final double SETTLED = 1e-6;

  private StochasticLanczos() {}

  static LogDeterminant logDeterminant(
      Toeplitz matrix, int probes, long seed, BooleanSupplier cancelled) {
    double[] roots = matrix.powers(-0.5);
    SplittableRandom random = new SplittableRandom(seed);
    double mean = 0;
    double squares = 0;
    for (int probe = 1; probe <= probes; probe++) {
      double estimate = quadrature(matrix, roots, random.split(), cancelled);
      double change = estimate - mean;
      mean += change / probe;
      squares += change * (estimate - mean);
    }
    double error = Math.sqrt(squares / (probes - 1) / probes);
    return new LogDeterminant(matrix.logDeterminantOfNearest() + mean, error, probes);
  }

  /** zᵀ log(M) z for random signs z. */
  private static double quadrature(
      Toeplitz matrix, double[] roots, SplittableRandom random, BooleanSupplier cancelled) {
    int n = matrix.size();
    double[] v = new double[n];
    double scale = 1 / Math.sqrt(n);
    for (int i = 0; i < n; i++) {
      v[i] = random.nextBoolean() ? scale : -scale;
    }
    double[] before = new double[n];
    double[] diagonal = new double[MOST_STEPS];
    double[] side = new double[MOST_STEPS];
    double beta = 0;
    double estimate = Double.NaN;
    for (int m = 0; m < MOST_STEPS; m++) {
      Toeplitz.requireGoingOn(cancelled);
      double[] w = v.clone();
      matrix.precondition(w, roots);
      w = matrix.multiply(w);
      matrix.precondition(w, roots);
      double alpha = Toeplitz.dot(w, v);
      for (int i = 0; i < n; i++) {
        w[i] -= alpha * v[i] + beta * before[i];
      }
      diagonal[m] = alpha;
      double last = estimate;
      estimate = n * logOfFirst(diagonal, side, m + 1);
      beta = Math.sqrt(Toeplitz.dot(w, w));
      boolean settled = Math.abs(estimate - last) <= SETTLED * Math.max(1, Math.abs(estimate));
      if (settled || beta < 1e-10 || m + 1 == MOST_STEPS) {
        break;
      }
      side[m] = beta;
      for (int i = 0; i < n; i++) {
        w[i] /= beta;
      }
      before = v;
      v = w;
    }
    return estimate;
  }

  /** The first entry of the logarithm of a tridiagonal matrix. */
  private static double logOfFirst(double[] diagonal, double[] side, int m) {
    DMatrixRMaj t = new DMatrixRMaj(m, m);
    for (int i = 0; i < m; i++) {
      t.unsafe_set(i, i, diagonal[i]);
      if (i + 1 < m) {
        t.unsafe_set(i + 1, i, side[i]);
        t.unsafe_set(i, i + 1, side[i]);
      }
    }
    Dense.Eigen eigen = Dense.symmetricEigen(t);
    double sum = 0;
    for (int j = 0; j < m; j++) {
      double first = eigen.vectors().unsafe_get(0, j);
      sum += first * first * Math.log(Math.max(eigen.values()[j], Double.MIN_NORMAL));
    }
    return sum;
  }
}
