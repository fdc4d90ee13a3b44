package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class EigenBoundsTest {
  private static final double[][] NO_BASIS = {};

  /** Q diag(values) Qᵀ with Q from the QR factors of a Gaussian matrix. */
  private static DMatrixRMaj matrix(double[] values, SplittableRandom random) {
    int n = values.length;
    DMatrixRMaj gaussian = new DMatrixRMaj(n, n);
    for (int i = 0; i < n * n; i++) {
      gaussian.data[i] = random.nextGaussian();
    }
    DMatrixRMaj q = Dense.symmetricEigen(Dense.crossProduct(gaussian)).vectors();
    DMatrixRMaj scaled = q.copy();
    for (int i = 0; i < n * n; i++) {
      scaled.data[i] *= values[i % n];
    }
    DMatrixRMaj m = Dense.multiplyTransB(scaled, q);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        m.data[j * n + i] = m.data[i * n + j];
      }
    }
    return m;
  }

  private static double sumOfLargest(double[] values, int count) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Arrays.stream(sorted, sorted.length - count, sorted.length).sum();
  }

  /** The Ritz values see one of three equal eigenvalues: their sum is no bound, ours is. */
  @Test
  void multipleEigenvaluesAreNotMissed() {
    SplittableRandom random = new SplittableRandom(11);
    double[] values = new double[150];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < 3 ? 10 : random.nextDouble();
    }
    DMatrixRMaj m = matrix(values, random);

    double[] ritz = new Lanczos(Symmetric.of(m, Run.FREE), NO_BASIS, 20, 5).values();
    double trusted = ritz[19] + ritz[18] + ritz[17];
    assertTrue(trusted < 30 - 5, "single-vector Lanczos found " + trusted);

    EigenBounds.Total dense = EigenBounds.largest(m, 3, NO_BASIS, Run.FREE);
    EigenBounds.Total decomposed = EigenBounds.decomposed(m, 3, Run.FREE);
    assertTrue(dense.upper() >= 30 - 1e-12 && dense.upper() < 30 + 1e-6, dense.toString());
    assertTrue(decomposed.upper() >= 30 - 1e-12 && decomposed.upper() < 30 + 1e-9);
  }

  /** Every eigenvalue the same: no Krylov space has more than one dimension. */
  @Test
  void identityIsBounded() {
    DMatrixRMaj m = new DMatrixRMaj(40, 40);
    for (int i = 0; i < 40; i++) {
      m.set(i, i, 2);
    }
    for (int count : new int[] {1, 5, 40}) {
      EigenBounds.Total sum = EigenBounds.largest(m, count, NO_BASIS, Run.FREE);
      assertTrue(sum.upper() >= 2 * count, count + ": " + sum);
      assertEquals(2 * count, sum.upper(), 1e-6 * count);
    }
  }

  @Test
  void boundsHoldForRandomMatricesAndBases() {
    SplittableRandom random = new SplittableRandom(12);
    for (int trial = 0; trial < 200; trial++) {
      int n = 2 + random.nextInt(40);
      double[] values = new double[n];
      double shift = random.nextInt(3) - 1;
      for (int i = 0; i < n; i++) {
        double value = random.nextInt(4) == 0 ? 1 : random.nextGaussian();
        values[i] = value + 5 * shift;
      }
      DMatrixRMaj m = matrix(values, random);
      double[] exact = Dense.symmetricEigen(m).values();
      int count = 1 + random.nextInt(Math.min(n, 4));
      double[][] basis = new double[random.nextInt(3)][n];
      for (double[] row : basis) {
        Arrays.setAll(row, i -> random.nextGaussian());
      }
      double wanted = sumOfLargest(exact, count);
      double dense = EigenBounds.largest(m, count, basis, Run.FREE).upper();
      double decomposed = EigenBounds.decomposed(m, count, Run.FREE).upper();
      double top = EigenBounds.top(m);
      String what = "trial " + trial + ", n " + n + ", count " + count;
      assertTrue(dense >= wanted - 1e-13 * n, what + ": " + dense + " < " + wanted);
      assertTrue(decomposed >= wanted - 1e-13 * n, what + ": " + decomposed + " < " + wanted);
      assertTrue(top >= exact[n - 1] - 1e-13 * n, what + ": " + top + " < " + exact[n - 1]);
      assertEquals(wanted, dense, 0.05 * count, what);
      assertEquals(wanted, decomposed, 1e-9 * n, what);
      assertEquals(exact[n - 1], top, 1e-9 * n, what);
    }
  }

  /** A basis of leading eigenvectors, disturbed: the coupling enters with its square only. */
  @Test
  void goodBasisGivesTightBound() {
    SplittableRandom random = new SplittableRandom(13);
    double[] values = new double[120];
    Arrays.setAll(values, i -> i < 2 ? 100 : random.nextDouble());
    DMatrixRMaj m = matrix(values, random);
    DMatrixRMaj vectors = Dense.symmetricEigen(m).vectors();
    double[][] basis = new double[2][120];
    for (int i = 0; i < 120; i++) {
      basis[0][i] = vectors.get(i, 119) + 1e-8 * random.nextGaussian();
      basis[1][i] = vectors.get(i, 118) + 1e-8 * random.nextGaussian();
    }
    EigenBounds.Total sum = EigenBounds.largest(m, 2, basis, Run.FREE);
    assertEquals(200, sum.upper(), 1e-9);
    assertTrue(sum.upper() >= 200 - 1e-12);
    assertTrue(sum.complement() < 60);
  }

  /** Many eigenvalues close to the top: Krylov vectors tell them apart only after long. */
  @Test
  void aDecompositionIsTightForCloseEigenvalues() {
    SplittableRandom random = new SplittableRandom(14);
    double[] values = new double[120];
    Arrays.setAll(values, i -> i < 30 ? 1 + 1e-4 * random.nextDouble() : random.nextDouble());
    DMatrixRMaj m = matrix(values, random);
    double exact = sumOfLargest(Dense.symmetricEigen(m).values(), 3);
    assertEquals(exact, EigenBounds.decomposed(m, 3, Run.FREE).upper(), 1e-9);
  }

  @Test
  void couplingIsCountedInFull() {
    DMatrixRMaj t = new DMatrixRMaj(1, 1, true, 3);
    DMatrixRMaj coupling = new DMatrixRMaj(1, 1, true, 4);
    // [3 2; 2 0] has the eigenvalues 4 and −1.
    assertEquals(4, EigenBounds.sum(t, coupling, 0, 1), 1e-12);
    assertEquals(4, EigenBounds.sum(t, coupling, 0, 3), 1e-12);
  }

  @Test
  void nothingIsProvenForWhatIsNotFiniteOrOver() {
    DMatrixRMaj m = new DMatrixRMaj(3, 3);
    m.set(1, 1, Double.NaN);
    assertEquals(
        Double.POSITIVE_INFINITY, EigenBounds.largest(m, 1, NO_BASIS, Run.FREE).upper(), 0);
    assertEquals(Double.POSITIVE_INFINITY, EigenBounds.decomposed(m, 1, Run.FREE).upper(), 0);
    assertEquals(Double.POSITIVE_INFINITY, EigenBounds.top(m), 0);
    Run over = new Run(1, () -> true);
    assertEquals(
        Double.POSITIVE_INFINITY,
        EigenBounds.largest(new DMatrixRMaj(3, 3), 1, NO_BASIS, over).upper(),
        0);
  }
}
