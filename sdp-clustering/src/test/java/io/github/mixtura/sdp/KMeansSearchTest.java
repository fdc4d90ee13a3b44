package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KMeansSearchTest {
  /** −Σ_k (1/n_k) Σ_{i<j in k} |x_i − x_j|², which needs no means. */
  private static double pairwise(double[][] rows, int[] labels) {
    double sum = 0;
    for (int k = 0; k <= Arrays.stream(labels).max().orElse(0); k++) {
      int group = k;
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == group).toArray();
      double within = 0;
      for (int i : members) {
        for (int j : members) {
          for (int c = 0; i < j && c < rows[0].length; c++) {
            within += Math.pow(rows[i][c] - rows[j][c], 2);
          }
        }
      }
      sum -= members.length == 0 ? 0 : within / members.length;
    }
    return sum;
  }

  @Test
  void findsTheBestOfAllPartitions() {
    for (int seed = 1; seed <= 20; seed++) {
      double[][] rows = Partitions.groups(9, 2, 3, 1, seed);
      Points points = Partitions.points(rows);
      double best = Partitions.best(9, 3, labels -> pairwise(rows, labels));
      Candidate found = KMeansSearch.search(points, 3, seed, Run.FREE);
      assertEquals(pairwise(rows, found.labels()), found.objective(), 1e-10);
      assertEquals(best, found.objective(), 1e-10);
    }
  }

  @Test
  void everyKindOfStartEndsWhereNoSingleMoveGains() {
    double[][] rows = Partitions.groups(60, 3, 4, 1.5, 3);
    Points points = Partitions.points(rows);
    for (Candidate found :
        new Candidate[] {
          KMeansSearch.plusPlus(points, 4, 1, 5, Run.FREE),
          KMeansSearch.improve(
              points,
              KMeansSearch.nearestOfRandomRows(points, 4, 5, Run.FREE).labels(),
              4,
              Run.FREE),
          KMeansSearch.ward(points, 4, Run.FREE)
        }) {
      double value = pairwise(rows, found.labels());
      assertEquals(value, found.objective(), 1e-9);
      for (int i = 0; i < 60; i++) {
        for (int k = 0; k < 4; k++) {
          int[] moved = found.labels().clone();
          moved[i] = k;
          assertTrue(pairwise(rows, moved) <= value + 1e-9, found.origin());
        }
      }
    }
  }

  @Test
  void plusPlusFindsSixteenGroupsInFourFarOnes() {
    SplittableRandom random = new SplittableRandom(2);
    double[][] rows = new double[400][6];
    for (int i = 0; i < 400; i++) {
      for (int j = 0; j < 6; j++) {
        rows[i][j] = random.nextGaussian();
      }
      rows[i][i % 4] += 7;
      rows[i][4] += 60 * (i / 4 % 2);
      rows[i][5] += 60 * (i / 8 % 2);
    }
    Points points = Partitions.points(rows);
    int[] truth = IntStream.range(0, 400).map(i -> i % 16).toArray();
    int[] found = KMeansSearch.plusPlus(points, 16, 10, 1, Run.FREE).labels();
    long wrong =
        IntStream.range(0, 400)
            .filter(i -> Partitions.canonical(found)[i] != Partitions.canonical(truth)[i])
            .count();
    assertTrue(wrong <= 4, wrong + " rows are in the wrong group");
  }

  @Test
  void orderOfRowsDoesNotMatter() {
    double[][] rows = Partitions.groups(200, 4, 3, 6, 1);
    int[] order = Partitions.shuffled(200, 9);
    double[][] turned = Arrays.stream(order).mapToObj(i -> rows[i]).toArray(double[][]::new);
    int[] labels = KMeansSearch.search(Partitions.points(rows), 3, 1, Run.FREE).labels();
    int[] other = KMeansSearch.search(Partitions.points(turned), 3, 1, Run.FREE).labels();
    assertArrayEquals(
        Partitions.canonical(Arrays.stream(order).map(i -> labels[i]).toArray()),
        Partitions.canonical(other));
  }

  @Test
  void threadsChangeNoBit() {
    Points points = Partitions.points(Partitions.groups(45_000, 5, 4, 2, 1));
    Candidate one = KMeansSearch.search(points, 4, 1, new Run(1, () -> false));
    Candidate two = KMeansSearch.search(points, 4, 1, new Run(2, () -> false));
    assertArrayEquals(one.labels(), two.labels());
    assertEquals(one.objective(), two.objective());
  }

  @Test
  void asManyGroupsAsRowsOrOne() {
    double[][] rows = Partitions.groups(7, 2, 3, 1, 1);
    Points points = Partitions.points(rows);
    Candidate each = KMeansSearch.search(points, 7, 1, Run.FREE);
    assertEquals(7, Arrays.stream(each.labels()).distinct().count());
    assertEquals(0, each.objective(), 0);
    Candidate all = KMeansSearch.search(points, 1, 1, Run.FREE);
    assertEquals(pairwise(rows, new int[7]), all.objective(), 1e-10);
  }

  @Test
  void repeatedRowsFillEveryGroup() {
    double[][] rows = new double[50][];
    for (int i = 0; i < 50; i++) {
      rows[i] = new double[] {i % 5, i % 5 == 4 ? 100 : 0};
    }
    Candidate found = KMeansSearch.search(Partitions.points(rows), 5, 1, Run.FREE);
    assertEquals(5, Arrays.stream(found.labels()).distinct().count());
    assertEquals(0, found.objective(), 1e-20);
  }

  @Test
  void refusesMoreGroupsThanDistinctRows() {
    Points points = Partitions.points(new double[][] {{1, 2}, {1, 2}, {3, 4}, {3, 4}});
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> KMeansSearch.search(points, 3, 1, Run.FREE));
    assertEquals("components is 3, must be at most the number of distinct rows, 2", e.getMessage());
    for (int components : new int[] {0, 5}) {
      Exception range =
          assertThrows(
              IllegalArgumentException.class,
              () -> KMeansSearch.search(points, components, 1, Run.FREE));
      assertEquals(
          "components is " + components + ", must be from 1 to the number of rows, 4",
          range.getMessage());
    }
  }

  @Test
  void anEndedRunStillGivesAPartition() {
    Points points = Partitions.points(Partitions.groups(90, 3, 4, 2, 1));
    Candidate found = KMeansSearch.search(points, 4, 1, new Run(1, () -> true));
    assertEquals(4, Arrays.stream(found.labels()).distinct().count());
  }
}
