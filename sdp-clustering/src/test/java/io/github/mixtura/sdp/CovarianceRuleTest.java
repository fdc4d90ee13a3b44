package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class CovarianceRuleTest {
  private static final int P = 3;
  private static final double[][] ROWS = Partitions.groups(23, P, 2, 2, 4);
  private static final int[] LABELS = new int[23];

  static {
    Arrays.setAll(LABELS, i -> i < 8 ? 0 : 1);
  }

  private static DMatrixRMaj[] estimate(CovarianceModel model, boolean shrinkage) {
    return GroupCovariances.of(
        Partitions.points(ROWS), LABELS, 2, new CovarianceRule(model, shrinkage), Run.FREE);
  }

  /** Σ (x_a − m_a)(x_b − m_b) over a group. */
  private static double scatter(int group, int a, int b) {
    double meanA = 0;
    double meanB = 0;
    int count = group == 0 ? 8 : 15;
    for (int i = 0; i < ROWS.length; i++) {
      meanA += LABELS[i] == group ? ROWS[i][a] / count : 0;
      meanB += LABELS[i] == group ? ROWS[i][b] / count : 0;
    }
    double sum = 0;
    for (int i = 0; i < ROWS.length; i++) {
      sum += LABELS[i] == group ? (ROWS[i][a] - meanA) * (ROWS[i][b] - meanB) : 0;
    }
    return sum;
  }

  private static double pooled(int a, int b) {
    return (scatter(0, a, b) + scatter(1, a, b)) / 23;
  }

  private static double pooledTrace() {
    return pooled(0, 0) + pooled(1, 1) + pooled(2, 2);
  }

  private static double trace(int group) {
    return scatter(group, 0, 0) + scatter(group, 1, 1) + scatter(group, 2, 2);
  }

  /** What an entry must be. */
  private interface Entry {
    double at(int a, int b, double unit);
  }

  private static void assertEntries(Entry expected, DMatrixRMaj actual) {
    for (int a = 0; a < P; a++) {
      for (int b = 0; b < P; b++) {
        assertEquals(
            expected.at(a, b, a == b ? 1 : 0), actual.get(a, b), 1e-13, "entry " + a + " " + b);
      }
    }
  }

  @Test
  void fullIsTheFormula() {
    double[] counts = {8, 15};
    DMatrixRMaj[] shrunk = estimate(CovarianceModel.FULL, true);
    DMatrixRMaj[] plain = estimate(CovarianceModel.FULL, false);
    for (int k = 0; k < 2; k++) {
      int group = k;
      double n = counts[k];
      double g = Math.min(1, P / (n + P));
      assertEntries(
          (a, b, unit) ->
              (1 - g) * scatter(group, a, b) / n
                  + g / 2 * pooled(a, b)
                  + g / 2 * trace(group) / n / P * unit
                  + 1e-8 * pooledTrace() / P * unit,
          shrunk[k]);
      assertEntries((a, b, unit) -> scatter(group, a, b) / n, plain[k]);
    }
  }

  @Test
  void tiedIsOneMatrix() {
    DMatrixRMaj[] plain = estimate(CovarianceModel.TIED, false);
    DMatrixRMaj[] shrunk = estimate(CovarianceModel.TIED, true);
    assertSame(plain[0], plain[1]);
    assertEntries((a, b, unit) -> pooled(a, b), plain[0]);
    double g = P / (23.0 + P);
    assertEntries(
        (a, b, unit) -> (1 - g / 2) * pooled(a, b) + (g / 2 + 1e-8) * pooledTrace() / P * unit,
        shrunk[1]);
  }

  @Test
  void diagonalAndIsotropic() {
    for (boolean shrinkage : new boolean[] {false, true}) {
      double g = shrinkage ? 1 / 9.0 : 0;
      double h = shrinkage ? 1 / (8.0 * P + 1) : 0;
      double ridge = shrinkage ? 1e-8 * pooledTrace() / P : 0;
      assertEntries(
          (a, b, unit) -> unit * ((1 - g) * scatter(0, a, b) / 8 + g * pooled(a, b) + ridge),
          estimate(CovarianceModel.DIAGONAL, shrinkage)[0]);
      assertEntries(
          (a, b, unit) -> unit * (((1 - h) * trace(0) / 8 + h * pooledTrace()) / P + ridge),
          estimate(CovarianceModel.ISOTROPIC, shrinkage)[0]);
    }
  }

  @Test
  void groupsWithFewRowsNeedShrinkage() {
    int[] labels = new int[23];
    Arrays.fill(labels, 3, 23, 1);
    Points points = Partitions.points(ROWS);
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                GroupCovariances.of(
                    points, labels, 2, new CovarianceRule(CovarianceModel.FULL, false), Run.FREE));
    assertEquals(
        "group 1 has 3 rows for 3 columns, must have at least 4 for a covariance of its own (full,"
            + " shrinkage off): switch shrinkage on, choose tied, diagonal or isotropic"
            + " covariances, or fewer components",
        e.getMessage());
    for (DMatrixRMaj matrix :
        GroupCovariances.of(
            points, labels, 2, new CovarianceRule(CovarianceModel.FULL, true), Run.FREE)) {
      assertTrue(GroupLikelihood.whitening(matrix).isPresent());
    }
  }

  @Test
  void dependentColumnsNeedShrinkage() {
    double[][] rows = new double[40][];
    for (int i = 0; i < 40; i++) {
      rows[i] = new double[] {Math.sin(i), 2 * Math.sin(i), Math.cos(3 * i)};
    }
    int[] labels = new int[40];
    Arrays.setAll(labels, i -> i % 2);
    Points points = Partitions.points(rows);
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                GroupCovariances.of(
                    points, labels, 2, new CovarianceRule(CovarianceModel.FULL, false), Run.FREE));
    assertTrue(e.getMessage().contains("switch shrinkage on"), e.getMessage());
    GroupCovariances.of(
        points, labels, 2, new CovarianceRule(CovarianceModel.FULL, true), Run.FREE);
  }

  @Test
  void countsParameters() {
    // Means, covariances, weights less one.
    assertEquals(3 * 4 + 3 * 10 + 2, CovarianceModel.FULL.parameterCount(4, 3));
    assertEquals(3 * 4 + 10 + 2, CovarianceModel.TIED.parameterCount(4, 3));
    assertEquals(3 * 4 + 3 * 4 + 2, CovarianceModel.DIAGONAL.parameterCount(4, 3));
    assertEquals(3 * 4 + 3 + 2, CovarianceModel.ISOTROPIC.parameterCount(4, 3));
  }

  @Test
  void movingARowIsTakingItOutAndPuttingItIn() {
    Points points = Partitions.points(ROWS);
    GroupScatters moved = GroupScatters.of(points, LABELS, 2, Run.FREE);
    int[] labels = LABELS.clone();
    for (int row : new int[] {3, 20, 0, 3}) {
      moved.move(row, labels[row], 1 - labels[row]);
      labels[row] = 1 - labels[row];
    }
    GroupScatters made = GroupScatters.of(points, labels, 2, Run.FREE);
    for (int k = 0; k < 2; k++) {
      assertEquals(made.counts()[k], moved.counts()[k]);
      for (int q = 0; q < P * P; q++) {
        assertEquals(made.scatters()[k][q], moved.scatters()[k][q], 1e-12);
      }
    }
  }
}
