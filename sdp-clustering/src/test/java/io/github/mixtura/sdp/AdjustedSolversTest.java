package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class AdjustedSolversTest {
  @Test
  void lowRankFindsTheCertifiedPartitionFromAnyStart() {
    for (int seed = 1; seed <= 4; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(240, 4, 3, 10, .1, 10, seed);
      int[] labels = draw.settled();
      Adjusted problem = draw.problem(labels);
      AdjustedLowRank.Solution cold = AdjustedLowRank.solve(problem, null, seed, Run.FREE);
      assertArrayEquals(labels, cold.labels());
      assertEquals(problem.objective(labels), cold.objective());
      int[] poor = labels.clone();
      for (int i = 0; i < 60; i++) {
        poor[i] = i % 2;
      }
      assertArrayEquals(labels, AdjustedLowRank.solve(problem, poor, seed, Run.FREE).labels());
    }
  }

  @Test
  void lowRankIsNoWorseThanTheBestOfFewRowsAllowsAndNoBetter() {
    int best = 0;
    for (int seed = 1; seed <= 20; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(8, 2, 2, 4, .3, 3, seed);
      Adjusted problem = Adjusted.of(draw.points(), draw.covariances(draw.labels(), 0.3));
      double limit = AdjustedDraws.best(problem);
      AdjustedLowRank.Solution found = AdjustedLowRank.solve(problem, null, seed, Run.FREE);
      assertTrue(found.objective() <= limit + 1e-9);
      best += found.objective() >= limit - 1e-9 ? 1 : 0;
    }
    assertTrue(best >= 15, "best " + best);
  }

  @Test
  void lowRankRoundsExchangeableGroups() {
    AdjustedDraws draw = AdjustedDraws.rotated(150, 3, 3, 12, 1, 1, 2);
    DMatrixRMaj one = draw.covariances(draw.labels(), 0)[0];
    Adjusted problem = Adjusted.of(draw.points(), new DMatrixRMaj[] {one, one, one});
    AdjustedLowRank.Solution found = AdjustedLowRank.solve(problem, null, 1, Run.FREE);
    assertEquals(problem.objective(draw.labels()), found.objective(), 1e-8);
  }

  @Test
  void lowRankKeepsEveryGroupAndDuplicatesDoNotBreakIt() {
    double[][] rows = new double[30][2];
    for (int i = 0; i < 30; i++) {
      rows[i][0] = i % 3 * 5;
      rows[i][1] = i % 2;
    }
    AdjustedDraws draw = new AdjustedDraws(Partitions.points(rows), new int[30], 4);
    DMatrixRMaj one = new DMatrixRMaj(new double[][] {{1, 0}, {0, 1}});
    DMatrixRMaj two = new DMatrixRMaj(new double[][] {{2, 0}, {0, 1}});
    Adjusted problem = Adjusted.of(draw.points(), new DMatrixRMaj[] {one, two, one, two});
    AdjustedLowRank.Solution found = AdjustedLowRank.solve(problem, null, 1, Run.FREE);
    assertEquals(4, Arrays.stream(found.labels()).distinct().count());
  }

  @Test
  void alternatingDirectionsCloseTheGapWhereTheProgramIsTight() {
    AdjustedDraws draw = AdjustedDraws.rotated(60, 4, 3, 10, .1, 10, 1);
    int[] labels = draw.settled();
    Adjusted problem = draw.problem(labels);
    AdjustedAdmm.Solution found = AdjustedAdmm.solve(problem, 1e-3, 1000, Run.FREE);
    assertArrayEquals(labels, found.labels());
    assertTrue(found.gap() <= 1e-3, found.toString());
    assertTrue(found.upper() >= found.primal() && found.primal() >= found.objective());
    assertEquals(problem.objective(labels), found.objective());
  }

  @Test
  void alternatingDirectionsBoundEveryPartitionOfFewRows() {
    for (int seed = 1; seed <= 12; seed++) {
      int groups = 2 + seed % 2;
      AdjustedDraws draw = AdjustedDraws.rotated(7, 2, groups, 3, .3, 3, seed);
      Adjusted problem = Adjusted.of(draw.points(), draw.covariances(draw.labels(), 0.3));
      double best = AdjustedDraws.best(problem);
      AdjustedAdmm.Solution early = AdjustedAdmm.solve(problem, 0, 3, Run.FREE);
      AdjustedAdmm.Solution late = AdjustedAdmm.solve(problem, 1e-4, 600, Run.FREE);
      assertTrue(early.upper() >= best && late.upper() >= best);
      assertTrue(late.objective() <= best + 1e-9);
      assertTrue(late.gap() <= 1e-3, seed + ": " + late);
      Bound bound = AdjustedCertificate.of(problem, late.labels(), Run.FREE);
      // The relaxation's value lies between; a bound without branching cannot be below it.
      if (!bound.method().contains("cases")) {
        assertTrue(bound.upper() >= late.primal() - 1e-9);
      }
    }
  }

  @Test
  void solversDoNotDependOnThreads() {
    AdjustedDraws draw = AdjustedDraws.rotated(60, 4, 3, 5, .1, 10, 1);
    Adjusted problem = draw.problem(draw.settled());
    AdjustedAdmm.Solution one = AdjustedAdmm.solve(problem, 0, 41, new Run(1, () -> false));
    AdjustedAdmm.Solution two = AdjustedAdmm.solve(problem, 0, 41, new Run(2, () -> false));
    assertArrayEquals(one.labels(), two.labels());
    assertEquals(one.upper(), two.upper());
    assertEquals(one.primal(), two.primal());
  }
}
