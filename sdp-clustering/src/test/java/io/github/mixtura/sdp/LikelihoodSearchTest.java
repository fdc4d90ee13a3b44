package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class LikelihoodSearchTest {
  private static final CovarianceRule SHRUNK = new CovarianceRule(CovarianceModel.FULL, true);
  private static final CovarianceRule PLAIN = new CovarianceRule(CovarianceModel.FULL, false);

  /** −Σ_k [n_k log|S_k| + (1/2n_k) Σ_ij (x_i − x_j)ᵀ S_k⁻¹ (x_i − x_j)], pair by pair. */
  private static double pairwise(Points points, int[] labels, DMatrixRMaj[] covariances) {
    double sum = 0;
    for (int k = 0; k < covariances.length; k++) {
      int group = k;
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == group).toArray();
      DMatrixRMaj inverse = covariances[k].copy();
      CommonOps_DDRM.invert(inverse);
      double pairs = 0;
      for (int i : members) {
        for (int j : members) {
          pairs += squared(points, i, j, inverse);
        }
      }
      double log = Math.log(CommonOps_DDRM.det(covariances[k]));
      sum -= members.length * log + pairs / (2 * members.length);
    }
    return sum;
  }

  private static double squared(Points points, int i, int j, DMatrixRMaj inverse) {
    DMatrixRMaj z = CommonOps_DDRM.extractRow(points.rows(), i, null);
    CommonOps_DDRM.subtractEquals(z, CommonOps_DDRM.extractRow(points.rows(), j, null));
    DMatrixRMaj left = new DMatrixRMaj(1, z.numCols);
    CommonOps_DDRM.mult(z, inverse, left);
    return CommonOps_DDRM.dot(left, z);
  }

  private static double objective(Points points, int[] labels, int components, CovarianceRule r) {
    return GroupLikelihood.of(GroupScatters.of(points, labels, components, Run.FREE), r)
        .map(GroupLikelihood::objective)
        .orElse(Double.NEGATIVE_INFINITY);
  }

  @Test
  void objectiveIsTheSumOverPairs() {
    Points points = Partitions.points(Partitions.groups(40, 3, 2, 2, 1));
    int[] labels = IntStream.range(0, 40).map(i -> i % 2).toArray();
    for (CovarianceModel model : CovarianceModel.values()) {
      for (boolean shrinkage : new boolean[] {false, true}) {
        CovarianceRule rule = new CovarianceRule(model, shrinkage);
        DMatrixRMaj[] covariances = GroupCovariances.of(points, labels, 2, rule, Run.FREE);
        assertEquals(
            pairwise(points, labels, covariances), objective(points, labels, 2, rule), 1e-9);
      }
    }
  }

  @Test
  void findsTheBestOfAllPartitionsInMostDraws() {
    int found = 0;
    for (int seed = 1; seed <= 20; seed++) {
      Points points = Partitions.points(Partitions.groups(9, 2, 2, 2, seed));
      double best = Partitions.best(9, 2, labels -> objective(points, labels, 2, SHRUNK));
      Candidate candidate = LikelihoodSearch.search(points, 2, SHRUNK, seed, Run.FREE);
      assertEquals(objective(points, candidate.labels(), 2, SHRUNK), candidate.objective(), 1e-10);
      assertTrue(candidate.objective() <= best + 1e-10);
      found += candidate.objective() >= best - 1e-9 ? 1 : 0;
    }
    assertTrue(found >= 17, "the best of all in " + found + " of 20 draws");
  }

  @Test
  void neverEndsBelowItsStart() {
    SplittableRandom random = new SplittableRandom(1);
    for (int draw = 0; draw < 30; draw++) {
      Points points = Partitions.points(Partitions.groups(60, 4, 3, 1.5, draw));
      int[] start = IntStream.range(0, 60).map(i -> random.nextInt(3)).toArray();
      CovarianceRule rule =
          new CovarianceRule(List.of(CovarianceModel.values()).get(draw % 4), draw % 8 < 4);
      Candidate end = LikelihoodSearch.improve(points, start, 3, rule, Run.FREE);
      assertTrue(end.objective() > objective(points, start, 3, rule), rule.toString());
      assertEquals(objective(points, end.labels(), 3, rule), end.objective(), 1e-8);
      Candidate again = LikelihoodSearch.improve(points, end.labels(), 3, rule, Run.FREE);
      assertArrayEquals(end.labels(), again.labels());
    }
  }

  @Test
  void findsElongatedGroupsThatKMeansDoesNot() {
    SplittableRandom random = new SplittableRandom(5);
    double[][] rows = new double[200][];
    for (int i = 0; i < 200; i++) {
      rows[i] = new double[] {10 * random.nextGaussian(), 0.2 * random.nextGaussian() + i % 2 * 2};
    }
    int[] truth = IntStream.range(0, 200).map(i -> i % 2).toArray();
    Points points = Partitions.points(rows);
    int[] kMeans = Partitions.canonical(KMeansSearch.search(points, 2, 1, Run.FREE).labels());
    assertTrue(IntStream.range(0, 200).filter(i -> kMeans[i] != truth[i]).count() > 40);
    for (CovarianceModel model :
        new CovarianceModel[] {
          CovarianceModel.FULL, CovarianceModel.TIED, CovarianceModel.DIAGONAL
        }) {
      Candidate found =
          LikelihoodSearch.search(points, 2, new CovarianceRule(model, true), 1, Run.FREE);
      assertArrayEquals(truth, Partitions.canonical(found.labels()), model.toString());
    }
  }

  @Test
  void orderOfRowsAndNumbersOfGroupsDoNotMatter() {
    double[][] rows = Partitions.groups(120, 4, 3, 5, 1);
    int[] order = Partitions.shuffled(120, 9);
    Points points = Partitions.points(rows);
    Points turned =
        Partitions.points(Arrays.stream(order).mapToObj(i -> rows[i]).toArray(double[][]::new));
    Candidate one = LikelihoodSearch.search(points, 3, SHRUNK, 1, Run.FREE);
    Candidate two = LikelihoodSearch.search(turned, 3, SHRUNK, 1, Run.FREE);
    assertArrayEquals(
        Partitions.canonical(Arrays.stream(order).map(i -> one.labels()[i]).toArray()),
        Partitions.canonical(two.labels()));
    assertEquals(one.objective(), two.objective(), 1e-8);
    int[] start = IntStream.range(0, 120).map(i -> i % 7 % 3).toArray();
    int[] renumbered = Arrays.stream(start).map(k -> (k + 1) % 3).toArray();
    Candidate three = LikelihoodSearch.improve(points, start, 3, SHRUNK, Run.FREE);
    Candidate four = LikelihoodSearch.improve(points, renumbered, 3, SHRUNK, Run.FREE);
    assertArrayEquals(Partitions.canonical(three.labels()), Partitions.canonical(four.labels()));
  }

  @Test
  void threadsChangeNoBit() {
    Points points = Partitions.points(Partitions.groups(60_000, 6, 5, 3, 1));
    int[] start = IntStream.range(0, 60_000).map(i -> i % 97 == 0 ? 0 : i % 5).toArray();
    Candidate one = LikelihoodSearch.improve(points, start, 5, SHRUNK, new Run(1, () -> false));
    Candidate two = LikelihoodSearch.improve(points, start, 5, SHRUNK, new Run(2, () -> false));
    assertArrayEquals(one.labels(), two.labels());
    assertEquals(one.objective(), two.objective());
  }

  @Test
  void groupsStayLargeEnoughWithoutShrinkage() {
    for (int seed = 1; seed <= 5; seed++) {
      Points points = Partitions.points(Partitions.groups(40, 5, 3, 2, seed));
      int[] start = IntStream.range(0, 40).map(i -> i % 3).toArray();
      int[] end = LikelihoodSearch.improve(points, start, 3, PLAIN, Run.FREE).labels();
      for (int k = 0; k < 3; k++) {
        int group = k;
        assertTrue(Arrays.stream(end).filter(l -> l == group).count() > 5);
      }
    }
  }

  @Test
  void saysWhatToDoWhereThereAreTooFewRows() {
    Points points = Partitions.points(Partitions.groups(10, 6, 2, 3, 1));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LikelihoodSearch.search(points, 2, PLAIN, 1, Run.FREE));
    assertTrue(e.getMessage().contains("switch shrinkage on"), e.getMessage());
    assertEquals(10, LikelihoodSearch.search(points, 2, SHRUNK, 1, Run.FREE).labels().length);
    Exception all =
        assertThrows(
            IllegalArgumentException.class,
            () -> LikelihoodSearch.search(points, 10, SHRUNK, 1, Run.FREE));
    assertTrue(all.getMessage().contains("fewer components"), all.getMessage());
  }

  @Test
  void anEndedRunStillGivesAPartition() {
    Points points = Partitions.points(Partitions.groups(90, 3, 4, 2, 1));
    Candidate found = LikelihoodSearch.search(points, 4, SHRUNK, 1, new Run(1, () -> true));
    assertEquals(4, Arrays.stream(found.labels()).distinct().count());
  }
}
