package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;

/**
 * Ritz values of a symmetric matrix on the complement of a space, from one random start.
 *
 * <p>Every new vector is made orthogonal to all earlier ones, twice. A Ritz value is a lower bound
 * of an eigenvalue, and one start sees only one vector of a multiple eigenvalue: what is found here
 * is a guess, which bounds nothing.
 */
final class Lanczos {
  private final double[][] vectors;
  private final int steps;
  private final Dense.Eigen ritz;
  private final double lastCoupling;

  /**
   * @param m n × n
   * @param basis orthonormal vectors to leave out
   * @param most largest number of steps
   */
  Lanczos(Symmetric m, double[][] basis, int most, long seed) {
    int n = m.size();
    int room = Math.max(0, Math.min(most, n - basis.length));
    vectors = new double[room][];
    double[] diagonal = new double[room];
    double[] beside = new double[room];
    double[] next = normal(n, seed);
    double coupling = room == 0 ? 0 : orthonormalise(next, basis, 0);
    int k = 0;
    double scale = 0;
    while (k < room && coupling > 0) {
      vectors[k] = next;
      double[] image = new double[n];
      m.multiply(next, image);
      diagonal[k] = Vectors.dot(image, next);
      if (!Double.isFinite(diagonal[k])) {
        break;
      }
      coupling = orthonormalise(image, basis, k + 1);
      scale = Math.max(scale, Math.abs(diagonal[k]) + coupling);
      beside[k] = coupling > 1e-14 * scale ? coupling : 0;
      next = image;
      k++;
      if (beside[k - 1] == 0 && k < room) {
        // The Krylov space is complete: more steps would not leave it, a new start does.
        next = normal(n, seed + k);
        coupling = orthonormalise(next, basis, k);
      }
    }
    steps = k;
    lastCoupling = k == 0 ? 0 : beside[k - 1];
    DMatrixRMaj t = new DMatrixRMaj(k, k);
    for (int i = 0; i < k; i++) {
      t.set(i, i, diagonal[i]);
      if (i > 0) {
        t.set(i, i - 1, beside[i - 1]);
        t.set(i - 1, i, beside[i - 1]);
      }
    }
    ritz = Dense.symmetricEigen(t);
  }

  private static double[] normal(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextGaussian();
    }
    return x;
  }

  /** Returns the length that was left, 0 if nothing but rounding was. */
  private double orthonormalise(double[] x, double[][] basis, int count) {
    double before = Math.sqrt(Vectors.dot(x, x));
    for (int pass = 0; pass < 2; pass++) {
      for (double[] q : basis) {
        Vectors.add(-Vectors.dot(q, x), q, x);
      }
      for (int j = 0; j < count; j++) {
        Vectors.add(-Vectors.dot(vectors[j], x), vectors[j], x);
      }
    }
    double length = Math.sqrt(Vectors.dot(x, x));
    if (!(length > 1e-15 * before)) {
      return 0;
    }
    for (int i = 0; i < x.length; i++) {
      x[i] /= length;
    }
    return length;
  }

  int steps() {
    return steps;
  }

  /** Ritz values, ascending. */
  double[] values() {
    return ritz.values();
  }

  /** The largest Ritz value; NaN without a step, because nothing is left or M is not finite. */
  double largest() {
    return steps == 0 ? Double.NaN : ritz.values()[steps - 1];
  }

  /**
   * Length of Mv − value·v for the unit Ritz vector v of {@code values()[j]}, on the complement.
   */
  double residual(int j) {
    return lastCoupling * Math.abs(ritz.vectors().get(steps - 1, j));
  }

  /** Unit Ritz vector of {@code values()[j]}. */
  double[] vector(int j) {
    double[] v = new double[vectors[0].length];
    for (int i = 0; i < steps; i++) {
      Vectors.add(ritz.vectors().get(i, j), vectors[i], v);
    }
    return v;
  }
}
