package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.NotPositiveDefiniteException;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalAxesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 6, 7, 12})
  void diagonalisesByFallingExtent(int d) {
    Random random = new Random(d);
    for (int trial = 0; trial < 20; trial++) {
      DMatrixRMaj root = RandomMatrices_DDRM.rectangle(d, d, random);
      DMatrixRMaj matrix = new DMatrixRMaj(d, d);
      CommonOps_DDRM.multTransB(root, root, matrix);
      PrincipalAxes principal = PrincipalAxes.of(matrix);
      double size = principal.extents()[0];
      for (int p = 0; p < d; p++) {
        assertTrue(p == 0 || principal.extents()[p] <= principal.extents()[p - 1]);
        for (int q = 0; q < d; q++) {
          double unit = 0;
          double image = 0;
          for (int i = 0; i < d; i++) {
            unit += principal.axes().get(i, p) * principal.axes().get(i, q);
            for (int j = 0; j < d; j++) {
              image += principal.axes().get(i, p) * matrix.get(i, j) * principal.axes().get(j, q);
            }
          }
          assertEquals(p == q ? 1 : 0, unit, 1e-13);
          assertEquals(p == q ? principal.extents()[p] : 0, image, 1e-13 * size);
        }
      }
      assertEquals(principal.extents()[d - 1], PrincipalAxes.smallestExtent(matrix), 1e-13 * size);
    }
  }

  /** The unit of one column does not spoil the other. */
  @Test
  void smallExtentsAreRelativelyAccurate() {
    double s = 0x1p-70;
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{4, s}, {s, s * s}});
    // λ₁λ₂ = 3s² and λ₁ + λ₂ = 4 + s², so λ₂ = 3s²/4 to a relative 1e-42.
    assertEquals(1, PrincipalAxes.of(matrix).extents()[1] / (0.75 * s * s), 1e-15);
  }

  @Test
  void rankDeficientMatricesHaveZeroExtents() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2, 0}, {2, 4, 0}, {0, 0, 0}});
    PrincipalAxes principal = PrincipalAxes.of(matrix);
    assertEquals(5, principal.extents()[0], 1e-14);
    assertEquals(0, principal.extents()[1], 1e-14);
    assertEquals(0, principal.extents()[2], 0);
  }

  @Test
  void refusesWhatIsNoNumber() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, Double.NaN}, {Double.NaN, 1}});
    assertThrows(NotPositiveDefiniteException.class, () -> PrincipalAxes.of(matrix));
  }
}
