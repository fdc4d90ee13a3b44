package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class PengWeiCasesTest {
  /** A row close to the middle of two groups: the relaxation shares it, the cases do not. */
  @Test
  void rowBetweenTwoGroupsIsDecided() {
    for (int seed = 1; seed <= 3; seed++) {
      PengWeiDraws draw = between(120, 0.49, seed);
      int[] labels = draw.settled();
      Bound entrywise = PengWeiCertificate.entrywise(draw.problem(), labels, Run.FREE);
      assertFalse(PengWeiCertificate.isTight(entrywise), "seed " + seed + ": " + entrywise);
      assertTrue(PengWeiCases.areNeeded(draw.problem(), labels, Run.FREE));
      Bound bound = PengWeiCertificate.of(draw.problem(), labels, Run.FREE);
      assertTrue(PengWeiCertificate.isTight(bound), "seed " + seed + ": " + bound);
      assertTrue(bound.method().endsWith(" cases"), bound.method());
      // The row on the other side, and other rows at random: no certificate.
      SplittableRandom random = new SplittableRandom(seed);
      for (int trial = 0; trial < 10; trial++) {
        int[] changed = labels.clone();
        int row = trial == 0 ? 0 : random.nextInt(labels.length);
        changed[row] = (changed[row] + 1 + (trial == 0 ? 0 : random.nextInt(2))) % 3;
        if (draw.problem().objective(changed) < bound.objective() * (1 - 1e-8)) {
          Bound wrong = PengWeiCases.of(draw.problem(), changed, true, Run.FREE);
          assertTrue(wrong.upper() >= bound.objective(), wrong.toString());
          assertFalse(PengWeiCertificate.isTight(wrong), wrong.toString());
        }
      }
    }
  }

  /** Three groups at the corners of a triangle of side 8, and row 0 on the way from 0 to 1. */
  private static PengWeiDraws between(int n, double part, long seed) {
    PengWeiDraws draw = PengWeiDraws.around(new double[][] {{0, 0}, {8, 0}, {4, 7}}, n, seed);
    DMatrixRMaj rows = draw.problem().points().rows().copy();
    double[][] sums = draw.problem().sums(draw.labels());
    int[] sizes = draw.problem().sizes(draw.labels());
    for (int j = 0; j < 2; j++) {
      double from = sums[0][j] / sizes[0];
      rows.data[j] = from + part * (sums[1][j] / sizes[1] - from);
    }
    return new PengWeiDraws(new PengWei(PengWeiDraws.centred(rows), 3), draw.labels());
  }

  /** Against all partitions of a few rows, half of them on a grid with ties. */
  @Test
  void boundsHoldForAllPartitions() {
    SplittableRandom random = new SplittableRandom(5);
    int certified = 0;
    int bounded = 0;
    for (int trial = 0; trial < 500; trial++) {
      int groups = 2 + random.nextInt(2);
      int n = 2 * groups + 1 + random.nextInt(8 - 2 * groups);
      int p = 1 + random.nextInt(3);
      double separation = random.nextDouble(0, 6);
      double[][] rows = new double[n][p];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < p; j++) {
          double value = random.nextGaussian() + (j == 0 ? separation * (i % groups) : 0);
          rows[i][j] = trial % 2 == 0 ? Math.rint(value) : value;
        }
      }
      PengWei problem = new PengWei(Partitions.points(rows), groups);
      int[] best = null;
      for (int[] labels : Partitions.all(n, groups)) {
        if (best == null || problem.objective(labels) > problem.objective(best)) {
          best = labels;
        }
      }
      double most = problem.objective(best);
      int[] changed = best.clone();
      changed[random.nextInt(n)] = random.nextInt(groups);
      for (int[] labels : new int[][] {best, changed}) {
        if (Arrays.stream(problem.sizes(labels)).anyMatch(size -> size == 0)) {
          continue;
        }
        Bound bound = PengWeiCases.of(problem, labels, trial % 3 != 0, Run.FREE);
        assertTrue(bound.upper() >= most, "trial " + trial + ": " + bound + " < " + most);
        bounded += bound.upper() < Double.POSITIVE_INFINITY ? 1 : 0;
        certified += PengWeiCertificate.isTight(bound) ? 1 : 0;
        if (PengWeiCertificate.isTight(bound)) {
          assertEquals(most, bound.objective(), 1e-8 * most, "trial " + trial);
        }
      }
    }
    assertTrue(bounded > 80, bounded + " bounds");
    assertTrue(certified > 50, certified + " certificates");
  }
}
