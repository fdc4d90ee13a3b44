package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PengWeiTest {
  private static final Run TWO = new Run(2, () -> false);

  private static double relativeGap(Bound bound) {
    return bound.gap() / bound.objective();
  }

  private static double totalSquares(PengWei problem) {
    double[] rows = problem.points().rows().data;
    return Vectors.dot(rows, rows);
  }

  @Test
  void objectiveIsTheBetweenGroupSumOfSquares() {
    DMatrixRMaj rows = new DMatrixRMaj(4, 1, true, -3, -1, 1, 3);
    PengWei problem = new PengWei(new Points(rows), 2);
    assertEquals(16, problem.objective(new int[] {0, 0, 1, 1}), 1e-15);
    assertEquals(4, problem.objective(new int[] {0, 1, 0, 1}), 1e-15);
  }

  @Test
  void separatedGroupsAreCertified() {
    for (int seed = 1; seed <= 10; seed++) {
      PengWeiDraws draw = PengWeiDraws.balanced(400, 20, 4, 1.6, seed);
      Bound bound = PengWeiCertificate.of(draw.problem(), draw.settled(), TWO);
      assertTrue(PengWeiCertificate.isTight(bound), "seed " + seed + ": " + bound);
    }
  }

  /** Where the relaxation itself exceeds every partition, rows belong to several groups. */
  @Test
  void gapIsSmallBelowTheThreshold() {
    for (int seed = 1; seed <= 3; seed++) {
      PengWeiDraws draw = PengWeiDraws.balanced(600, 20, 4, 0.9, seed);
      int[] labels = draw.settled();
      Bound entrywise = PengWeiCertificate.entrywise(draw.problem(), labels, TWO);
      Bound rankOne = PengWeiCertificate.rankOne(draw.problem(), labels, TWO);
      assertTrue(relativeGap(entrywise) < 1e-3, "seed " + seed + ": " + entrywise);
      assertTrue(relativeGap(rankOne) < 5e-3, "seed " + seed + ": " + rankOne);
    }
  }

  /** At 100 000 rows nothing quadratic in the rows is possible; B of rank one certifies. */
  @Test
  void manyRowsAreCertifiedWithLittleMemory() {
    PengWeiDraws draw = PengWeiDraws.balanced(30_000, 20, 4, 1.3, 5);
    Bound bound = PengWeiCertificate.of(draw.problem(), draw.settled(), TWO);
    assertEquals("rank-1", bound.method());
    assertTrue(PengWeiCertificate.isTight(bound), bound.toString());
  }

  @Test
  void sixteenClustersInFarGroupsAreCertified() {
    for (int seed = 1; seed <= 10; seed++) {
      PengWeiDraws draw = PengWeiDraws.farGroups(400, 7, 60, seed);
      Bound bound = PengWeiCertificate.of(draw.problem(), draw.settled(), TWO);
      assertTrue(PengWeiCertificate.isTight(bound), "seed " + seed + ": " + bound);
    }
  }

  /** Certified partitions with 1, 2 or 5 % of the labels changed: never certified. */
  @Test
  @Tag("full")
  void wrongLabelsAreNeverCertified() {
    SplittableRandom random = new SplittableRandom(99);
    int certified = 0;
    int falselyCertified = 0;
    for (int trial = 0; trial < 1000; trial++) {
      if (trial % 50 == 0) {
        certified++;
      }
      PengWeiDraws draw = PengWeiDraws.balanced(100, 6, 4, 2.5, 1 + trial / 50);
      int[] labels = draw.settled();
      if (trial % 50 == 0) {
        Bound bound = PengWeiCertificate.of(draw.problem(), labels, Run.FREE);
        assertTrue(PengWeiCertificate.isTight(bound), bound.toString());
      }
      double optimum = draw.problem().objective(labels);
      int flips = new int[] {1, 2, 5}[trial % 3];
      for (int f = 0; f < flips; f++) {
        int row = random.nextInt(labels.length);
        labels[row] = (labels[row] + 1 + random.nextInt(3)) % 4;
      }
      Bound bound = PengWeiCertificate.of(draw.problem(), labels, Run.FREE);
      assertTrue(bound.upper() >= optimum, "trial " + trial + ": " + bound);
      boolean same = draw.problem().objective(labels) > optimum * (1 - 1e-9);
      falselyCertified += PengWeiCertificate.isTight(bound) && !same ? 1 : 0;
    }
    assertEquals(20, certified);
    assertEquals(0, falselyCertified);
  }

  /** The best of all partitions, found by counting through them, is below every bound. */
  @Test
  void boundsHoldForEveryPartitionOfFewRows() {
    SplittableRandom random = new SplittableRandom(7);
    int tight = 0;
    for (int trial = 0; trial < 300; trial++) {
      int n = 4 + random.nextInt(6);
      int groups = 2 + random.nextInt(2);
      PengWei problem = few(random, n, 1 + random.nextInt(3), groups, trial % 4 == 0);
      double best = 0;
      int[] bestLabels = null;
      for (int code = 0; code < Math.pow(groups, n - 1); code++) {
        int[] labels = decode(code, n, groups);
        if (labels != null && problem.objective(labels) > best) {
          best = problem.objective(labels);
          bestLabels = labels;
        }
      }
      if (bestLabels == null) {
        continue;
      }
      int[] some = decode(random.nextInt((int) Math.pow(groups, n - 1)), n, groups);
      for (int[] labels : new int[][] {bestLabels, some == null ? bestLabels : some}) {
        double[] uppers = {
          PengWeiCertificate.withoutMultiplier(problem, labels, Run.FREE).upper(),
          PengWeiCertificate.rankOne(problem, labels, Run.FREE).upper(),
          PengWeiCertificate.entrywise(problem, labels, Run.FREE).upper(),
        };
        for (int u = 0; u < uppers.length; u++) {
          assertTrue(
              uppers[u] >= best,
              "trial " + trial + " bound " + u + ": " + uppers[u] + " < " + best);
        }
      }
      Bound bound = PengWeiCertificate.of(problem, bestLabels, Run.FREE);
      if (trial % 5 == 0) {
        PengWeiAdmm.Result solved = PengWeiAdmm.solve(problem, Run.FREE);
        assertTrue(bound.upper() >= solved.primal() * (1 - 1e-12), "trial " + trial);
        assertTrue(solved.upper() >= best, "trial " + trial);
        if (PengWeiCertificate.isTight(bound)) {
          assertEquals(bound.upper(), solved.upper(), 2e-3 * bound.upper(), "trial " + trial);
        }
      }
      tight += PengWeiCertificate.isTight(bound) ? 1 : 0;
    }
    assertTrue(tight > 60, "certified " + tight);
  }

  private static PengWei few(SplittableRandom random, int n, int p, int groups, boolean doubled) {
    DMatrixRMaj rows = new DMatrixRMaj(n, p);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        double centre = 6 * ((i % groups) * (j + 1) % 3);
        rows.data[i * p + j] = centre + random.nextGaussian();
      }
      if (doubled && i >= n / 2) {
        System.arraycopy(rows.data, (i - n / 2) * p, rows.data, i * p, p);
      }
    }
    return new PengWei(PengWeiDraws.centred(rows), groups);
  }

  /** Labels with row 0 in group 0; null if a group has no row. */
  private static int[] decode(int code, int n, int groups) {
    int[] labels = new int[n];
    int used = 1;
    for (int i = 1; i < n; i++) {
      labels[i] = code % groups;
      code /= groups;
      used |= 1 << labels[i];
    }
    return used == (1 << groups) - 1 ? labels : null;
  }

  @Test
  void threadsChangeNothing() {
    PengWeiDraws draw = PengWeiDraws.balanced(1200, 10, 4, 1.0, 3);
    int[] labels = draw.settled();
    assertEquals(
        PengWeiCertificate.entrywise(draw.problem(), labels, Run.FREE),
        PengWeiCertificate.entrywise(draw.problem(), labels, TWO));
    assertEquals(
        PengWeiCertificate.rankOne(draw.problem(), labels, Run.FREE),
        PengWeiCertificate.rankOne(draw.problem(), labels, TWO));
  }

  @Test
  void oneGroupAndOneGroupPerRowAreExact() {
    PengWeiDraws draw = PengWeiDraws.balanced(30, 4, 3, 1, 1);
    PengWei one = new PengWei(draw.problem().points(), 1);
    Bound bound = PengWeiCertificate.of(one, new int[30], Run.FREE);
    assertEquals(0, bound.objective(), 1e-20);
    assertEquals(0, bound.upper(), 1e-10);

    PengWei all = new PengWei(draw.problem().points(), 30);
    int[] own = new int[30];
    for (int i = 0; i < 30; i++) {
      own[i] = i;
    }
    Bound full = PengWeiCertificate.of(all, own, Run.FREE);
    assertEquals(totalSquares(all), full.objective(), 1e-9);
    assertTrue(PengWeiCertificate.isTight(full));
  }

  @Test
  void groupsOfOneRowAndEqualRowsAreBounded() {
    PengWeiDraws draw = PengWeiDraws.balanced(60, 5, 3, 2, 4);
    DMatrixRMaj rows = draw.problem().points().rows().copy();
    for (int j = 0; j < 5; j++) {
      rows.data[j] += 200;
      rows.data[25 + j] = rows.data[10 + j];
    }
    PengWei problem = new PengWei(PengWeiDraws.centred(rows), 4);
    int[] labels = draw.labels().clone();
    labels[0] = 3;
    labels[5] = labels[2];
    for (Bound bound :
        new Bound[] {
          PengWeiCertificate.of(problem, labels, Run.FREE),
          PengWeiCertificate.entrywise(problem, labels, Run.FREE),
          PengWeiCertificate.rankOne(problem, labels, Run.FREE)
        }) {
      assertTrue(bound.upper() >= bound.objective() && bound.upper() <= 2 * totalSquares(problem));
    }

    DMatrixRMaj equal = new DMatrixRMaj(8, 2);
    PengWei nothing = new PengWei(new Points(equal), 2);
    Bound zero = PengWeiCertificate.of(nothing, new int[] {0, 0, 0, 0, 1, 1, 1, 1}, Run.FREE);
    assertEquals(0, zero.upper(), 1e-300);
    assertTrue(Double.isFinite(PengWeiAdmm.solve(nothing, Run.FREE).upper()));
    PengWeiLowRank.solve(nothing, null, 1, Run.FREE);
  }

  @Test
  void boundBelowTheObjectiveIsAnError() {
    assertThrows(
        IllegalStateException.class, () -> PengWeiCertificate.checked(2, 1.999, 0, "rank-1"));
    assertEquals(
        Double.POSITIVE_INFINITY,
        PengWeiCertificate.checked(2, Double.NaN, 0, "rank-1").upper(),
        0);
  }

  @Test
  void admmSolvesTheRelaxation() {
    PengWeiDraws draw = PengWeiDraws.balanced(120, 20, 4, 2.0, 2);
    int[] labels = draw.settled();
    PengWeiAdmm.Result solved = PengWeiAdmm.solve(draw.problem(), TWO);
    assertTrue(solved.relativeGap() <= 1e-4, solved.toString());
    assertEquals(draw.problem().objective(labels), solved.lower(), 1e-9 * solved.lower());
    assertArrayEquals(canonical(labels), canonical(solved.labels()));
    PengWeiAdmm.Result warm = PengWeiAdmm.solve(draw.problem(), labels, TWO);
    assertTrue(warm.relativeGap() <= 1e-4, warm.toString());
  }

  @Test
  void lowRankFactorFindsThePartition() {
    PengWeiDraws draw = PengWeiDraws.balanced(300, 20, 4, 1.6, 6);
    int[] labels = draw.settled();
    PengWeiLowRank.Result cold = PengWeiLowRank.solve(draw.problem(), null, 1, TWO);
    PengWeiLowRank.Result warm = PengWeiLowRank.solve(draw.problem(), labels, 1, TWO);
    assertArrayEquals(canonical(labels), canonical(cold.labels()));
    assertArrayEquals(canonical(labels), canonical(warm.labels()));
    assertTrue(cold.residual() < 1e-2, cold.toString());
  }

  private static int[] canonical(int[] labels) {
    int[] names = new int[labels.length];
    int[] result = new int[labels.length];
    int next = 0;
    for (int i = 0; i < labels.length; i++) {
      if (names[labels[i]] == 0) {
        names[labels[i]] = ++next;
      }
      result[i] = names[labels[i]];
    }
    return result;
  }

  @Test
  void overMeansNoProofButNoHarm() {
    PengWeiDraws draw = PengWeiDraws.balanced(300, 20, 4, 1.0, 6);
    int[] labels = draw.settled();
    Run over = new Run(1, () -> true);
    Bound bound = PengWeiCertificate.of(draw.problem(), labels, over);
    assertTrue(bound.upper() >= bound.objective());
    assertFalse(PengWeiCertificate.isTight(bound));
    assertEquals(0, PengWeiAdmm.solve(draw.problem(), over).iterations());
    PengWeiLowRank.solve(draw.problem(), labels, 1, over);
  }

  @Test
  void lateAtAnyLookIsNoProofButNoHarm() {
    PengWeiDraws draw = PengWeiDraws.balanced(60, 20, 3, 1.0, 6);
    int[] labels = draw.settled();
    for (int last = 1; last < 3000; last += last / 4 + 1) {
      AtomicInteger left = new AtomicInteger(last);
      Run run = new Run(1, () -> left.decrementAndGet() < 0);
      Bound bound = PengWeiCertificate.of(draw.problem(), labels, run);
      assertTrue(bound.upper() >= bound.objective(), "after " + last + " looks");
    }
  }
}
