package io.github.mixtura.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CovarianceTest {

  /** B Bᵀ + I/2 with B uniform in ±1. */
  private static DMatrixRMaj random(int d) {
    SplittableRandom random = new SplittableRandom(50 + d);
    DMatrixRMaj b = new DMatrixRMaj(d, d, true, random.doubles((long) d * d, -1, 1).toArray());
    DMatrixRMaj product = new DMatrixRMaj(d, d);
    CommonOps_DDRM.multTransB(b, b, product);
    for (int i = 0; i < d; i++) {
      product.add(i, i, 0.5);
    }
    return product;
  }

  private static DMatrixRMaj lower(double[] packed, int d) {
    DMatrixRMaj matrix = new DMatrixRMaj(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        matrix.set(i, j, packed[i * (i + 1) / 2 + j]);
      }
    }
    return matrix;
  }

  private static double[] packed(DMatrixRMaj matrix) {
    int d = matrix.numRows;
    double[] packed = new double[d * (d + 1) / 2];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        packed[i * (i + 1) / 2 + j] = matrix.get(i, j);
      }
    }
    return packed;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 12})
  void agreesWithEjml(int d) {
    DMatrixRMaj matrix = random(d);
    Covariance covariance = Covariance.full(matrix);
    assertEquals(d, covariance.dimension());
    assertFalse(covariance.isDiagonal());
    assertEquals(covariance, Covariance.ofPackedLower(packed(matrix), d));
    assertEquals(covariance.hashCode(), Covariance.ofPackedLower(packed(matrix), d).hashCode());
    assertTrue(MatrixFeatures_DDRM.isIdentical(matrix, covariance.toMatrix(), 0));
    assertEquals(Math.log(CommonOps_DDRM.det(matrix)), covariance.logDeterminant(), 1e-12 * d);

    DMatrixRMaj a = lower(covariance.whitening(), d);
    DMatrixRMaj inverse = new DMatrixRMaj(d, d);
    DMatrixRMaj product = new DMatrixRMaj(d, d);
    CommonOps_DDRM.invert(matrix, inverse);
    CommonOps_DDRM.multTransA(a, a, product);
    assertTrue(MatrixFeatures_DDRM.isIdentical(inverse, product, 1e-11), "AᵀA = Σ⁻¹");

    double[] z = new SplittableRandom(d).doubles(d, -2, 2).toArray();
    DMatrixRMaj column = new DMatrixRMaj(d, 1, true, z);
    DMatrixRMaj solved = new DMatrixRMaj(d, 1);
    CommonOps_DDRM.solve(matrix, column, solved);
    double distance = CommonOps_DDRM.dot(column, solved);
    assertEquals(distance, covariance.squaredDistance(z), 1e-12 * (1 + distance));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void colourAndWhiteningAreInverse(int d) {
    DMatrixRMaj matrix = random(d);
    Covariance covariance = Covariance.full(matrix);
    DMatrixRMaj factor = new DMatrixRMaj(d, d);
    for (int j = 0; j < d; j++) {
      double[] unit = new double[d];
      unit[j] = 1;
      double[] column = covariance.colour(unit);
      for (int i = 0; i < d; i++) {
        factor.set(i, j, column[i]);
      }
    }
    DMatrixRMaj product = new DMatrixRMaj(d, d);
    CommonOps_DDRM.multTransB(factor, factor, product);
    assertTrue(MatrixFeatures_DDRM.isIdentical(matrix, product, 1e-13), "L Lᵀ = Σ");
    CommonOps_DDRM.mult(lower(covariance.whitening(), d), factor, product);
    assertTrue(MatrixFeatures_DDRM.isIdentical(CommonOps_DDRM.identity(d), product, 1e-13));
  }

  @Test
  void diagonalAgreesWithFull() {
    double[] variances = {4, 0.25, 1e4, 1e-6};
    Covariance diagonal = Covariance.diagonal(variances);
    Covariance full = Covariance.full(CommonOps_DDRM.diag(variances));
    double[] z = {1, -2, 300, 4e-4};
    assertTrue(diagonal.isDiagonal());
    assertArrayEquals(variances, diagonal.variances());
    assertArrayEquals(variances, full.variances());
    assertEquals(full.logDeterminant(), diagonal.logDeterminant(), 1e-13);
    assertEquals(full.squaredDistance(z), diagonal.squaredDistance(z), 1e-12);
    assertArrayEquals(full.colour(z), diagonal.colour(z), 1e-10);
    assertTrue(MatrixFeatures_DDRM.isIdentical(full.toMatrix(), diagonal.toMatrix(), 0));
    assertEquals(4, diagonal.whitening().length);
    assertEquals(10, full.whitening().length);
    assertEquals(0, diagonal.get(0, 3));
    assertNotEquals(full, diagonal);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-150, 1e-12, 1, 1e12, 1e150})
  void everyScaleGivesTheSameGeometry(double scale) {
    DMatrixRMaj matrix = random(3);
    Covariance base = Covariance.full(matrix);
    double variance = scale * scale;
    CommonOps_DDRM.scale(variance, matrix);
    for (Covariance scaled : new Covariance[] {Covariance.full(matrix), base.scaled(variance)}) {
      assertEquals(base.logDeterminant() + 6 * Math.log(scale), scaled.logDeterminant(), 1e-11);
      double[] z = {1, -2, 0.5};
      double[] scaledZ = Arrays.stream(z).map(v -> v * scale).toArray();
      double distance = base.squaredDistance(z);
      assertEquals(distance, scaled.squaredDistance(scaledZ), 1e-13 * distance);
      double[] coloured = scaled.colour(z);
      for (int i = 0; i < 3; i++) {
        assertEquals(base.colour(z)[i] * scale, coloured[i], 1e-14 * scale);
      }
    }
    Covariance diagonal = Covariance.diagonal(variance, 2 * variance);
    assertEquals(1.5, diagonal.squaredDistance(new double[] {scale, scale}), 1e-14);
    assertEquals(4 * Math.log(scale) + Math.log(2), diagonal.logDeterminant(), 1e-12);
  }

  @Test
  void mixedUnitsAreNoReasonToRefuse() {
    double[] unit = {1e-8, 1e8, 1};
    DMatrixRMaj matrix = random(3);
    Covariance base = Covariance.full(matrix);
    DMatrixRMaj mixed = new DMatrixRMaj(3, 3);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        mixed.set(i, j, matrix.get(i, j) * unit[i] * unit[j]);
      }
    }
    Covariance covariance = Covariance.full(mixed);
    assertEquals(base.logDeterminant(), covariance.logDeterminant(), 1e-12);
    double[] z = {1, -2, 0.5};
    double[] inUnits = {1e-8, -2e8, 0.5};
    double distance = base.squaredDistance(z);
    assertEquals(distance, covariance.squaredDistance(inUnits), 1e-12 * distance);
  }

  private static DMatrixRMaj pair(double correlation) {
    return GaussianTest.correlated(1, 1, correlation);
  }

  @Test
  void singularIsRefused() {
    for (double correlation : new double[] {1, -1, 1 + 1e-9, 2, 1 - 1e-15, 1 - 1e-14}) {
      assertThrows(
          NotPositiveDefiniteException.class,
          () -> Covariance.full(pair(correlation)),
          "correlation " + correlation);
    }
    DMatrixRMaj rankOne = new DMatrixRMaj(3, 3);
    rankOne.fill(7);
    assertThrows(NotPositiveDefiniteException.class, () -> Covariance.full(rankOne));
    assertThrows(NotPositiveDefiniteException.class, () -> Covariance.full(new DMatrixRMaj(2, 2)));
    for (double variance : new double[] {0, -1, 1e-320, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(NotPositiveDefiniteException.class, () -> Covariance.diagonal(1, variance));
      assertThrows(
          NotPositiveDefiniteException.class,
          () -> Covariance.ofPackedLower(new double[] {1, 0, variance}, 2));
    }
  }

  /** The reciprocal 1-norm condition of a correlation ρ is (1 − ρ)/(1 + ρ). */
  @Test
  void nearlySingularIsAcceptedAboveTheBound() {
    double gap = 2.5 * Covariance.SMALLEST_CONDITION;
    Covariance narrow = Covariance.full(pair(1 - gap));
    assertEquals(Math.log(2 * gap), narrow.logDeterminant(), 1e-2);
    assertThrows(
        NotPositiveDefiniteException.class,
        () -> Covariance.full(pair(1 - 1.5 * Covariance.SMALLEST_CONDITION)));
    NotPositiveDefiniteException e =
        assertThrows(
            NotPositiveDefiniteException.class,
            () -> Covariance.full(pair(1 - 0.5 * Covariance.SMALLEST_CONDITION)));
    assertTrue(e.getMessage().contains("condition"), e.getMessage());
  }

  @Test
  void shapesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Covariance.full(new DMatrixRMaj(2, 3)));
    assertThrows(IllegalArgumentException.class, () -> Covariance.full(new DMatrixRMaj(0, 0)));
    assertThrows(IllegalArgumentException.class, () -> Covariance.ofPackedLower(new double[2], 2));
    assertThrows(IllegalArgumentException.class, Covariance::diagonal);
    DMatrixRMaj skew = new DMatrixRMaj(new double[][] {{1, 0.5}, {0.4, 1}});
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Covariance.full(skew));
    assertTrue(e.getMessage().contains("symmetric"), e.getMessage());
    DMatrixRMaj almost = new DMatrixRMaj(new double[][] {{1, 0.5}, {0.5 + 1e-10, 1}});
    assertEquals(0.5 + 1e-10, Covariance.full(almost).get(0, 1));
  }

  @Test
  void marginalPicksRowsAndColumns() {
    DMatrixRMaj matrix = random(5);
    Covariance part = Covariance.full(matrix).marginal(3, 0, 4);
    int[] columns = {3, 0, 4};
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(matrix.get(columns[i], columns[j]), part.get(i, j));
      }
    }
    Covariance diagonal = Covariance.diagonal(1, 2, 3).marginal(2, 0);
    assertTrue(diagonal.isDiagonal());
    assertArrayEquals(new double[] {3, 1}, diagonal.variances());
  }

  @Test
  void arraysAreCopied() {
    double[] variances = {1, 2};
    Covariance covariance = Covariance.diagonal(variances);
    variances[0] = 99;
    covariance.variances()[0] = 99;
    covariance.whitening()[0] = 99;
    covariance.toMatrix().set(0, 0, 99);
    assertEquals(Covariance.diagonal(1, 2), covariance);
    assertEquals(1, covariance.squaredDistance(new double[] {1, 0}));
  }
}
