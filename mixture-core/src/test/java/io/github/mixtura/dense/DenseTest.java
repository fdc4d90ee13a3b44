package io.github.mixtura.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against plain triple loops, and by putting factors together again. */
class DenseTest {
  private static final double EPSILON = 0x1p-52;

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "3,2,4",
    "1,7,30",
    "30,7,1",
    "5,1,40",
    "13,17,19",
    "64,64,64",
    "33,129,31",
    "131,4,257",
    "4,300,12",
    "260,130,261",
    "2,5,600",
    "0,3,2",
    "3,0,20",
    "20,3,0"
  })
  void products(int m, int k, int n) {
    DMatrixRMaj a = random(m, k, 1);
    DMatrixRMaj b = random(k, n, 2);
    DMatrixRMaj expected = naive(a, b);
    double tolerance = 4 * EPSILON * k;
    assertClose(expected, Dense.multiply(a, b), tolerance);
    assertClose(expected, Dense.multiplyTransA(transposed(a), b), tolerance);
    assertClose(expected, Dense.multiplyTransB(a, transposed(b)), tolerance);
  }

  @Test
  void whatTakesLongStopsOnTheWay() {
    DMatrixRMaj a = random(300, 300, 7);
    DMatrixRMaj square = Dense.crossProduct(a);
    assertStops(stop -> Dense.multiply(a, square, stop).data);
    assertStops(stop -> Dense.multiplyTransB(a, square, stop).data);
    assertStops(stop -> Dense.crossProduct(a, stop).data);
    assertStops(stop -> Dense.symmetricEigen(square, stop).vectors().data);
  }

  /** At the last look as at the first; and looking changes no bit. */
  private static void assertStops(Function<BooleanSupplier, double[]> work) {
    int[] looks = new int[1];
    double[] whole = work.apply(() -> looks[0]++ < 0);
    int all = looks[0];
    assertTrue(all > 3, "looks: " + all);
    assertArrayEquals(whole, work.apply(() -> false));
    for (int last : new int[] {1, all}) {
      looks[0] = 0;
      assertThrows(CancellationException.class, () -> work.apply(() -> ++looks[0] >= last));
      assertEquals(last, looks[0]);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "4,3", "3,40", "25,2", "31,64", "64,31", "129,130", "257,5", "300,129", "0,3"})
  void symmetricProducts(int n, int k) {
    DMatrixRMaj a = random(n, k, 3);
    DMatrixRMaj expected = naive(a, transposed(a));
    DMatrixRMaj outer = Dense.outerProduct(a);
    DMatrixRMaj cross = Dense.crossProduct(transposed(a));
    assertClose(expected, outer, 4 * EPSILON * k);
    assertClose(expected, cross, 4 * EPSILON * k);
    assertArrayEquals(transposed(outer).data, outer.data);
    assertArrayEquals(transposed(cross).data, cross.data);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 16, 63, 64, 65, 127, 128, 129, 200, 331})
  void choleskyAndSolutions(int n) {
    DMatrixRMaj a = positiveDefinite(n);
    DMatrixRMaj lowerOnly = a.copy();
    for (int i = 0; i < n; i++) {
      Arrays.fill(lowerOnly.data, i * n + i + 1, (i + 1) * n, Double.NaN);
    }
    DMatrixRMaj factor = Dense.cholesky(lowerOnly).orElseThrow();
    for (int i = 0; i < n; i++) {
      assertTrue(factor.get(i, i) > 0);
      for (int j = i + 1; j < n; j++) {
        assertEquals(0, factor.get(i, j));
      }
    }
    double size = 3.0 * n;
    assertClose(a, naive(factor, transposed(factor)), 4 * EPSILON * n * size);
    for (int r : new int[] {1, 3, 20, 259}) {
      DMatrixRMaj b = random(n, r, 4);
      DMatrixRMaj before = b.copy();
      DMatrixRMaj x = Dense.solveCholesky(factor, b);
      // The matrix is 1 plus a positive semidefinite one, so no entry of x is large.
      assertClose(b, naive(a, x), 16 * EPSILON * n * size);
      DMatrixRMaj y = Dense.solveLower(factor, b);
      assertClose(b, naive(factor, y), 16 * EPSILON * n * size);
      assertArrayEquals(before.data, b.data);
    }
  }

  @Test
  void solvesATriangleByHand() {
    DMatrixRMaj lower = new DMatrixRMaj(new double[][] {{2, 99}, {1, 4}});
    DMatrixRMaj b = new DMatrixRMaj(new double[][] {{2, 6}, {9, 7}});
    assertArrayEquals(new double[] {1, 3, 2, 1}, Dense.solveLower(lower, b).data);
    assertArrayEquals(new double[] {0.25, 1.375, 0.5, 0.25}, Dense.solveCholesky(lower, b).data);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64, 65, 150})
  void indefiniteMatricesHaveNoFactor(int n) {
    for (double bad : new double[] {-1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
      for (int at : new int[] {0, n / 2, n - 1}) {
        DMatrixRMaj a = positiveDefinite(n);
        a.set(at, at, bad);
        assertTrue(Dense.cholesky(a).isEmpty(), () -> n + " rows, " + bad);
      }
    }
    // Positive diagonal, negative determinant.
    DMatrixRMaj twins = new DMatrixRMaj(n + 1, n + 1);
    for (int i = 0; i <= n; i++) {
      twins.set(i, i, 1);
    }
    twins.set(n, 0, 1.5);
    assertTrue(Dense.cholesky(twins).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 15, 64, 127, 128, 129, 201, 300})
  void eigenvaluesAndVectors(int n) {
    DMatrixRMaj half = random(n, n, 5);
    DMatrixRMaj a = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a.set(i, j, half.get(Math.max(i, j), Math.min(i, j)));
      }
    }
    DMatrixRMaj before = a.copy();
    assertDecomposes(a, n);
    assertArrayEquals(before.data, a.data);
    assertArrayEquals(
        Dense.symmetricEigen(a).vectors().data, Dense.symmetricEigen(a).vectors().data);
    assertArrayEquals(Dense.symmetricEigen(a).values(), Dense.symmetricEigen(half).values());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 40, 150})
  void secondDifferencesHaveKnownEigenvalues(int n) {
    DMatrixRMaj a = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      a.set(i, i, 2);
      if (i > 0) {
        a.set(i, i - 1, -1);
        a.set(i - 1, i, -1);
      }
    }
    double[] values = Dense.symmetricEigen(a).values();
    for (int j = 0; j < n; j++) {
      double root = 2 * Math.sin((j + 1) * Math.PI / (2 * (n + 1)));
      assertEquals(root * root, values[j], 4 * EPSILON * n);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 17, 140})
  void repeatedAndZeroEigenvalues(int n) {
    DMatrixRMaj ones = new DMatrixRMaj(n, n);
    Arrays.fill(ones.data, 1);
    double[] values = assertDecomposes(ones, n);
    assertEquals(n, values[n - 1], 4 * EPSILON * n * n);
    assertEquals(0, values[n - 2], 4 * EPSILON * n * n);
    assertArrayEquals(new double[n], assertDecomposes(new DMatrixRMaj(n, n), n));
    DMatrixRMaj diagonal = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      diagonal.set(i, i, n - i);
    }
    double[] expected = new double[n];
    Arrays.setAll(expected, j -> j + 1.0);
    assertArrayEquals(expected, assertDecomposes(diagonal, n));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-160, 1e160, 1e300})
  void eigenvaluesScaleWithTheMatrix(double scale) {
    int n = 20;
    DMatrixRMaj a = positiveDefinite(n);
    double[] plain = Dense.symmetricEigen(a).values();
    DMatrixRMaj scaled = a.copy();
    for (int i = 0; i < scaled.data.length; i++) {
      scaled.data[i] *= scale;
    }
    double[] values = Dense.symmetricEigen(scaled).values();
    for (int j = 0; j < n; j++) {
      assertEquals(plain[j], values[j] / scale, 8 * EPSILON * n * plain[n - 1]);
    }
  }

  @Test
  void eigenvectorsOfAGradedMatrixStayOrthonormal() {
    int n = 30;
    DMatrixRMaj a = random(n, n, 6);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a.set(i, j, a.get(Math.max(i, j), Math.min(i, j)) * Math.pow(10, -6 * (i + j)));
      }
    }
    assertDecomposes(a, n);
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    DMatrixRMaj a = new DMatrixRMaj(2, 3);
    assertThrows(IllegalArgumentException.class, () -> Dense.multiply(a, a));
    assertThrows(
        IllegalArgumentException.class, () -> Dense.multiplyTransA(a, new DMatrixRMaj(3, 3)));
    assertThrows(
        IllegalArgumentException.class, () -> Dense.multiplyTransB(a, new DMatrixRMaj(3, 2)));
    assertThrows(IllegalArgumentException.class, () -> Dense.cholesky(a));
    assertThrows(IllegalArgumentException.class, () -> Dense.solveCholesky(a, a));
    assertThrows(IllegalArgumentException.class, () -> Dense.solveLower(new DMatrixRMaj(3, 3), a));
    assertThrows(IllegalArgumentException.class, () -> Dense.symmetricEigen(a));
    DMatrixRMaj b = new DMatrixRMaj(2, 2);
    b.set(1, 0, Double.NaN);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Dense.symmetricEigen(b));
    assertEquals("a[1][0] = NaN, must be finite", error.getMessage());
    assertEquals(0, Dense.symmetricEigen(new DMatrixRMaj(0, 0)).values().length);
  }

  /** Checks the order, V'V = 1 and AV = V diag(values); returns the values. */
  private static double[] assertDecomposes(DMatrixRMaj a, int n) {
    Dense.Eigen eigen = Dense.symmetricEigen(a);
    DMatrixRMaj v = eigen.vectors();
    double norm = 0;
    for (double value : a.data) {
      norm = Math.hypot(norm, value);
    }
    DMatrixRMaj identity = new DMatrixRMaj(n, n);
    DMatrixRMaj scaled = v.copy();
    for (int j = 0; j < n; j++) {
      assertTrue(j == 0 || eigen.values()[j - 1] <= eigen.values()[j]);
      identity.set(j, j, 1);
      for (int i = 0; i < n; i++) {
        scaled.set(i, j, v.get(i, j) * eigen.values()[j]);
      }
    }
    assertClose(identity, naive(transposed(v), v), 8 * EPSILON * n);
    assertClose(scaled, naive(a, v), 8 * EPSILON * n * norm);
    return eigen.values();
  }

  private static DMatrixRMaj random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    Arrays.setAll(matrix.data, i -> random.nextDouble(-1, 1));
    return matrix;
  }

  private static DMatrixRMaj positiveDefinite(int n) {
    DMatrixRMaj half = random(n, n, 7);
    DMatrixRMaj a = naive(half, transposed(half));
    for (int i = 0; i < n; i++) {
      a.add(i, i, 1);
    }
    return a;
  }

  private static DMatrixRMaj transposed(DMatrixRMaj a) {
    DMatrixRMaj result = new DMatrixRMaj(a.numCols, a.numRows);
    for (int i = 0; i < a.numRows; i++) {
      for (int j = 0; j < a.numCols; j++) {
        result.set(j, i, a.get(i, j));
      }
    }
    return result;
  }

  private static DMatrixRMaj naive(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.numCols);
    for (int i = 0; i < a.numRows; i++) {
      for (int j = 0; j < b.numCols; j++) {
        double sum = 0;
        for (int k = 0; k < a.numCols; k++) {
          sum += a.get(i, k) * b.get(k, j);
        }
        c.set(i, j, sum);
      }
    }
    return c;
  }

  private static void assertClose(DMatrixRMaj expected, DMatrixRMaj actual, double tolerance) {
    assertEquals(expected.numRows, actual.numRows);
    assertEquals(expected.numCols, actual.numCols);
    for (int i = 0; i < expected.numRows; i++) {
      for (int j = 0; j < expected.numCols; j++) {
        double difference = Math.abs(expected.get(i, j) - actual.get(i, j));
        int row = i;
        int column = j;
        assertTrue(
            difference <= tolerance,
            () -> "(" + row + ", " + column + ") differs by " + difference + " > " + tolerance);
      }
    }
  }
}
