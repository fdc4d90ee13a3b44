package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class AdjustedTest {
  /** Σ_k [n_k log det S_k + Σ_(i, j in k) d_k(i, j)/(2 n_k)] with an inverse and a determinant. */
  private static double doubleSum(AdjustedDraws draw, DMatrixRMaj[] covariances, int[] labels) {
    int n = labels.length;
    int p = draw.points().dimension();
    double sum = 0;
    for (int k = 0; k < draw.groups(); k++) {
      int group = k;
      DMatrixRMaj inverse = new DMatrixRMaj(p, p);
      CommonOps_DDRM.invert(covariances[k], inverse);
      long size = IntStream.of(labels).filter(label -> label == group).count();
      sum += size * Math.log(CommonOps_DDRM.det(covariances[k]));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (labels[i] == k && labels[j] == k) {
            sum += distance(draw.points(), inverse, i, j) / (2 * size);
          }
        }
      }
    }
    return sum;
  }

  private static double distance(Points points, DMatrixRMaj inverse, int i, int j) {
    int p = points.dimension();
    double sum = 0;
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < p; b++) {
        sum +=
            (points.rows().get(i, a) - points.rows().get(j, a))
                * inverse.get(a, b)
                * (points.rows().get(i, b) - points.rows().get(j, b));
      }
    }
    return sum;
  }

  @Test
  void objectiveIsMinusTheDoubleSum() {
    for (int seed = 0; seed < 20; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(40, 1 + seed % 5, 1 + seed % 4, 3, .1, 10, seed);
      DMatrixRMaj[] covariances = draw.covariances(draw.labels(), 0.1);
      double expected = -doubleSum(draw, covariances, draw.labels());
      double objective = Adjusted.of(draw.points(), covariances).objective(draw.labels());
      assertEquals(expected, objective, 1e-11 * Math.abs(expected) + 1e-11);
    }
  }

  @Test
  void productsAreThoseOfTheStoredMatrix() {
    SplittableRandom random = new SplittableRandom(3);
    for (int p = 1; p < 7; p++) {
      int n = 37;
      AdjustedDraws draw = AdjustedDraws.rotated(n, p, 2, 3, .1, 10, p);
      DMatrixRMaj[] covariances = draw.covariances(draw.labels(), 0);
      Adjusted problem = Adjusted.of(draw.points(), covariances);
      for (int k = 0; k < 2; k++) {
        DMatrixRMaj inverse = new DMatrixRMaj(p, p);
        CommonOps_DDRM.invert(covariances[k], inverse);
        double determinant = CommonOps_DDRM.det(covariances[k]);
        double[] u = random.doubles(n, -1, 1).toArray();
        double[] product = new double[n];
        problem.multiply(k, u, product);
        for (int i = 0; i < n; i++) {
          double expected = 0;
          for (int j = 0; j < n; j++) {
            double element = -0.5 * distance(draw.points(), inverse, i, j) - Math.log(determinant);
            assertEquals(element, problem.element(k, i, j), 1e-10 * (1 + Math.abs(element)));
            expected += element * u[j];
          }
          assertEquals(expected, product[i], 1e-9);
        }
      }
    }
  }

  @Test
  void whiteningErrorIsMuchSmallerThanTheRowsForGoodCovariances() {
    AdjustedDraws draw = AdjustedDraws.rotated(60, 4, 2, 3, .1, 10, 1);
    Adjusted problem = draw.problem(draw.labels());
    assertTrue(problem.whiteningError(0) > 0 && problem.whiteningError(0) < 1e-13);
  }

  @Test
  void oneObjectKTimesIsTheSameAsCopies() {
    AdjustedDraws draw = AdjustedDraws.rotated(50, 3, 3, 3, .5, 2, 4);
    DMatrixRMaj one = draw.covariances(draw.labels(), 0)[0];
    Adjusted shared = Adjusted.of(draw.points(), new DMatrixRMaj[] {one, one, one});
    Adjusted copies = Adjusted.of(draw.points(), new DMatrixRMaj[] {one, one.copy(), one.copy()});
    assertTrue(shared.white(0) == shared.white(2));
    assertEquals(shared.objective(draw.labels()), copies.objective(draw.labels()));
  }

  @Test
  void badCovariancesAreRefused() {
    AdjustedDraws draw = AdjustedDraws.rotated(12, 3, 2, 3, .5, 2, 4);
    DMatrixRMaj good = CommonOps_DDRM.identity(3);
    for (DMatrixRMaj bad :
        new DMatrixRMaj[] {new DMatrixRMaj(3, 3), new DMatrixRMaj(2, 2), nan()}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Adjusted.of(draw.points(), new DMatrixRMaj[] {good, bad}));
    }
    assertThrows(
        IllegalArgumentException.class, () -> Adjusted.of(draw.points(), new DMatrixRMaj[0]));
  }

  private static DMatrixRMaj nan() {
    DMatrixRMaj matrix = CommonOps_DDRM.identity(3);
    matrix.set(1, 1, Double.NaN);
    return matrix;
  }

  @Test
  void largestEigenvalueIsBoundedFromAboveAndClosely() {
    SplittableRandom random = new SplittableRandom(5);
    for (int n : new int[] {1, 2, 7, 70, 90}) {
      DMatrixRMaj a = new DMatrixRMaj(n, n);
      for (int at = 0; at < n * n; at++) {
        a.data[at] = random.nextGaussian();
      }
      // Multiple: every eigenvalue of QDQᵀ with D = diag(2, 2, ..., 2, −1).
      DMatrixRMaj q = Dense.symmetricEigen(Dense.outerProduct(a)).vectors();
      DMatrixRMaj matrix = new DMatrixRMaj(n, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int s = 0; s < n; s++) {
            matrix.add(i, j, q.get(i, s) * q.get(j, s) * (s == n - 1 && n > 1 ? -1 : 2));
          }
        }
      }
      double bound = EigenBounds.top(matrix);
      assertTrue(bound >= 2 - 1e-13 && bound < 2 + 1e-9, n + ": " + bound);
    }
    DMatrixRMaj broken = CommonOps_DDRM.identity(2);
    broken.set(0, 1, Double.NaN);
    assertEquals(Double.POSITIVE_INFINITY, EigenBounds.top(broken));
  }

  @Test
  void assignmentIsTheCheapest() {
    SplittableRandom random = new SplittableRandom(9);
    for (int trial = 0; trial < 200; trial++) {
      int size = 1 + trial % 5;
      double[][] costs = new double[size][];
      Arrays.setAll(costs, i -> random.doubles(size, -5, 5).toArray());
      int[] column = AdjustedRounding.assign(costs);
      assertArrayEquals(
          IntStream.range(0, size).toArray(), IntStream.of(column).sorted().toArray());
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += costs[i][column[i]];
      }
      assertEquals(cheapest(costs, 0, new boolean[size]), sum, 1e-12);
    }
  }

  private static double cheapest(double[][] costs, int row, boolean[] used) {
    if (row == costs.length) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < costs.length; j++) {
      if (!used[j]) {
        used[j] = true;
        least = Math.min(least, costs[row][j] + cheapest(costs, row + 1, used));
        used[j] = false;
      }
    }
    return least;
  }
}
