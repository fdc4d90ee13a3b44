package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AdjustedCertificateTest {
  private static final double CERTIFIED = 1e-9;

  private static double certify(AdjustedDraws draw, int[] labels) {
    return draw.relative(AdjustedCertificate.of(draw.problem(labels), labels, Run.FREE));
  }

  @Test
  void separatedGroupsAreCertified() {
    for (int seed = 1; seed <= 10; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(900, 4, 3, 10, .1, 10, seed);
      double gap = certify(draw, draw.settled());
      assertTrue(gap >= 0 && gap <= CERTIFIED, seed + ": " + gap);
    }
  }

  @Test
  void otherShapesAreCertified() {
    AdjustedDraws two = AdjustedDraws.rotated(201, 1, 2, 30, 1, 1, 1);
    assertTrue(certify(two, two.labels()) <= CERTIFIED);
    AdjustedDraws five = AdjustedDraws.rotated(400, 3, 5, 25, .2, 5, 2);
    assertTrue(certify(five, five.settled()) <= CERTIFIED);
    AdjustedDraws wide = AdjustedDraws.rotated(300, 20, 3, 30, .5, 2, 3);
    assertTrue(certify(wide, wide.settled()) <= CERTIFIED);
    AdjustedDraws one = AdjustedDraws.rotated(50, 3, 1, 0, .2, 5, 4);
    assertTrue(certify(one, one.labels()) <= CERTIFIED);
  }

  @Test
  void unequalSizesAreCertified() {
    AdjustedDraws all = AdjustedDraws.rotated(900, 3, 3, 25, .5, 2, 11);
    // Keep all rows of group 0, a third of group 1 and a sixth of group 2.
    int[] kept =
        IntStream.range(0, 900)
            .filter(i -> i % 3 == 0 || i % 3 == 1 && i % 9 == 1 || i % 3 == 2 && i % 18 == 2)
            .toArray();
    double[][] rows = new double[kept.length][3];
    int[] labels = new int[kept.length];
    for (int i = 0; i < kept.length; i++) {
      labels[i] = all.labels()[kept[i]];
      for (int j = 0; j < 3; j++) {
        rows[i][j] = all.points().rows().get(kept[i], j);
      }
    }
    AdjustedDraws draw = new AdjustedDraws(Partitions.points(rows), labels, 3);
    assertTrue(certify(draw, labels) <= CERTIFIED);
  }

  @Test
  void aRowBetweenGroupsIsCertifiedByBranching() {
    int certified = 0;
    int branched = 0;
    for (int seed = 1; seed <= 12; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(150, 4, 3, 7, .1, 10, seed);
      int[] labels = draw.settled();
      Bound bound = AdjustedCertificate.of(draw.problem(labels), labels, Run.FREE);
      if (draw.relative(bound) <= CERTIFIED) {
        certified++;
        branched += bound.method().contains("cases") ? 1 : 0;
      }
    }
    assertTrue(certified >= 8 && branched >= 1, certified + " certified, " + branched);
  }

  @Test
  void noPartitionOfFewRowsExceedsTheBound() {
    SplittableRandom random = new SplittableRandom(77);
    int tight = 0;
    for (int trial = 0; trial < 400; trial++) {
      int groups = 2 + trial % 2;
      int n = groups == 2 ? 8 : 7;
      int p = 1 + trial % 3;
      double separation = 20 * random.nextDouble();
      AdjustedDraws draw = AdjustedDraws.rotated(n, p, groups, separation, .3, 3, trial);
      int[] labels = draw.labels().clone();
      for (int flips = trial % 4; flips > 0; flips--) {
        labels[groups + random.nextInt(n - groups)] = random.nextInt(groups);
      }
      // Covariances of these labels with a ridge, or unrelated ones.
      DMatrixRMaj[] covariances =
          trial % 5 == 0
              ? AdjustedDraws.rotated(60, p, groups, 0, .1, 10, trial + 1000)
                  .covariances(balanced(60, groups), 0)
              : draw.covariances(labels, 0.3);
      Adjusted problem = Adjusted.of(draw.points(), covariances);
      double best = AdjustedDraws.best(problem);
      Bound bound = AdjustedCertificate.of(problem, labels, Run.FREE);
      assertTrue(bound.upper() >= best - 1e-11 * Math.abs(best), trial + ": " + bound + best);
      assertEquals(problem.objective(labels), bound.objective());
      tight += bound.upper() - best <= 1e-8 ? 1 : 0;
    }
    assertTrue(tight > 40, "tight " + tight);
  }

  /**
   * Equal covariances and levels give each group's block the very eigenvalue T that the bound is
   * compared with; what couples the block with the group must count all the same.
   */
  @Test
  void theExcessIsNotBelowThatOfTheStoredMatrix() {
    int tight = 0;
    for (int trial = 0; trial < 200; trial++) {
      int groups = 2 + trial % 3;
      int n = 8 * groups;
      int[] labels = balanced(n, groups);
      double separation = 1 + 4.0 * (trial % 20) / 20;
      AdjustedDraws draw = AdjustedDraws.rotated(n, 2, groups, separation, 1, 1, trial);
      DMatrixRMaj[] covariances = new DMatrixRMaj[groups];
      for (int k = 0; k < groups; k++) {
        double variance = trial % 2 == 0 ? 1 : 1 + 0.1 * k;
        covariances[k] = new DMatrixRMaj(2, 2, true, variance, 0, 0, variance);
      }
      double[] none = new double[n];
      Arrays.fill(none, Double.NaN);
      AdjustedFrames frames =
          AdjustedFrames.of(Adjusted.of(draw.points(), covariances), labels, new boolean[n], none);
      double most = 0;
      for (int k = 0; k < groups; k++) {
        most = Math.max(most, frames.frames()[k].top());
      }
      double[] levels = new double[groups];
      Arrays.fill(levels, 1.3 * most);
      for (int k = 0; k < groups; k++) {
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        AdjustedSlack slack =
            new AdjustedSlack(frames, k, levels, new double[n], weights, Run.FREE);
        double excess = slack.excess().value();
        double rounding = 2 * slack.roundingError() + 1e-9 * slack.quotient();
        String what = trial + ", group " + k + ": " + excess + " < " + slack.denseExcess();
        assertTrue(excess >= slack.denseExcess() - rounding, what);
        tight += excess < rounding ? 1 : 0;
      }
    }
    assertTrue(tight > 10, "tight " + tight);
  }

  private static int[] balanced(int n, int groups) {
    int[] labels = new int[n];
    Arrays.setAll(labels, i -> i % groups);
    return labels;
  }

  @Test
  void anyMultipliersGiveABound() {
    SplittableRandom random = new SplittableRandom(78);
    for (int trial = 0; trial < 100; trial++) {
      int groups = 2 + trial % 2;
      int n = 7;
      AdjustedDraws draw = AdjustedDraws.rotated(n, 2, groups, 4, .3, 3, trial);
      Adjusted problem = Adjusted.of(draw.points(), draw.covariances(draw.labels(), 0.3));
      double[] alpha = random.doubles(n, -3, 3).toArray();
      double upper = 2 * Arrays.stream(alpha).sum();
      for (int k = 0; k < groups; k++) {
        DMatrixRMaj matrix = new DMatrixRMaj(n, n);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j <= i; j++) {
            double b = Math.max(0, random.nextGaussian());
            double value = problem.element(k, i, j) + b - alpha[i] - alpha[j];
            matrix.set(i, j, value);
            matrix.set(j, i, value);
          }
        }
        upper += EigenBounds.top(matrix);
      }
      assertTrue(upper >= AdjustedDraws.best(problem));
    }
  }

  @Test
  void swappedLabelsLeaveAGap() {
    AdjustedDraws draw = AdjustedDraws.rotated(300, 4, 3, 10, .1, 10, 3);
    int[] labels = draw.settled();
    assertTrue(certify(draw, labels) <= CERTIFIED);
    int[] swapped = labels.clone();
    for (int i = 0; i < 3; i++) {
      swapped[i] = (labels[i] + 1) % 3;
    }
    assertTrue(certify(draw, swapped) > 1e-3);
    Adjusted problem = draw.problem(labels);
    Bound kept = AdjustedCertificate.of(problem, swapped, Run.FREE);
    assertTrue(kept.upper() >= problem.objective(labels));
    assertTrue(draw.relative(kept) > 1e-3);
  }

  @Test
  void overlappingGroupsHaveAnHonestGap() {
    for (int seed = 1; seed <= 3; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(200, 4, 3, 2, .1, 10, seed);
      double gap = certify(draw, draw.settled());
      assertTrue(gap > 1e-4 && gap < 0.5, seed + ": " + gap);
    }
  }

  @Test
  void equalCovariancesAreBounded() {
    for (int seed = 1; seed <= 5; seed++) {
      AdjustedDraws draw = AdjustedDraws.rotated(8, 2, 3, 6, 1, 1, seed);
      DMatrixRMaj one = draw.covariances(draw.labels(), 0.5)[0];
      Adjusted problem = Adjusted.of(draw.points(), new DMatrixRMaj[] {one, one, one});
      Bound bound = AdjustedCertificate.of(problem, draw.labels(), Run.FREE);
      assertTrue(bound.upper() >= AdjustedDraws.best(problem) - 1e-10);
      assertTrue(bound.upper() < Double.POSITIVE_INFINITY);
    }
    // The Z_k are exchangeable, and the largest eigenvalue is multiple.
    AdjustedDraws draw = AdjustedDraws.rotated(200, 2, 3, 25, 1, 1, 3);
    DMatrixRMaj one = draw.covariances(draw.labels(), 0)[0];
    Adjusted problem = Adjusted.of(draw.points(), new DMatrixRMaj[] {one, one.copy(), one});
    Bound bound = AdjustedCertificate.of(problem, draw.labels(), Run.FREE);
    assertTrue(draw.relative(bound) <= CERTIFIED, bound.toString());
  }

  @Test
  void groupsOfOneRowAreBounded() {
    AdjustedDraws draw = AdjustedDraws.rotated(8, 2, 2, 6, 1, 1, 1);
    int[] labels = new int[8];
    labels[5] = 1;
    Adjusted problem = Adjusted.of(draw.points(), draw.covariances(draw.labels(), 0.5));
    Bound bound = AdjustedCertificate.of(problem, labels, Run.FREE);
    assertTrue(bound.upper() >= AdjustedDraws.best(problem) - 1e-10);
    int[] single = {0, 1, 2};
    AdjustedDraws three = AdjustedDraws.rotated(3, 2, 3, 6, 1, 1, 1);
    DMatrixRMaj one = draw.covariances(draw.labels(), 0.5)[0];
    Adjusted all = Adjusted.of(three.points(), new DMatrixRMaj[] {one, one, one});
    assertTrue(AdjustedCertificate.of(all, single, Run.FREE).upper() >= all.objective(single));
  }

  @Test
  void duplicatedRowsAreBounded() {
    double[][] rows = new double[12][2];
    int[] labels = new int[12];
    for (int i = 0; i < 12; i++) {
      rows[i][0] = i < 6 ? 1 : 9;
      labels[i] = i < 6 ? 0 : 1;
    }
    AdjustedDraws draw = new AdjustedDraws(Partitions.points(rows), labels, 2);
    Adjusted problem = Adjusted.of(draw.points(), draw.covariances(labels, 0.5));
    Bound bound = AdjustedCertificate.of(problem, labels, Run.FREE);
    assertTrue(bound.upper() >= AdjustedDraws.best(problem) - 1e-9);
    assertTrue(draw.relative(bound) <= CERTIFIED, bound.toString());
  }

  @Test
  @Tag("full")
  void wrongLabelsAreNeverCertified() {
    int trials = 0;
    int certifiedBefore = 0;
    for (int seed = 1; seed <= 5; seed++) {
      AdjustedDraws draw =
          AdjustedDraws.rotated(90 + 15 * (seed % 5), 4, 3, 10, .1, 10, 500 + seed);
      int[] right = draw.settled();
      Adjusted fixed = draw.problem(right);
      certifiedBefore += certify(draw, right) <= CERTIFIED ? 1 : 0;
      SplittableRandom random = new SplittableRandom(seed);
      for (double part : new double[] {0.01, 0.02, 0.05}) {
        for (int repeat = 0; repeat < 6; repeat++) {
          int[] wrong = flipped(right, part, random);
          for (Adjusted problem : new Adjusted[] {fixed, draw.problem(wrong)}) {
            Bound bound = AdjustedCertificate.of(problem, wrong, Run.FREE);
            double better = problem.objective(right);
            assertTrue(bound.upper() >= better - 1e-9 * Math.abs(better));
            boolean isBetter = problem.objective(wrong) >= better;
            assertFalse(draw.relative(bound) <= CERTIFIED && !isBetter, seed + ": " + bound);
            trials++;
          }
        }
      }
    }
    assertEquals(180, trials);
    assertTrue(certifiedBefore >= 4, "certified before: " + certifiedBefore);
  }

  private static int[] flipped(int[] labels, double part, SplittableRandom random) {
    int[] wrong = labels.clone();
    int flips = (int) Math.ceil(part * labels.length);
    while (flips > 0) {
      int i = random.nextInt(labels.length);
      if (wrong[i] == labels[i]) {
        wrong[i] = (labels[i] + 1 + random.nextInt(2)) % 3;
        flips--;
      }
    }
    return wrong;
  }

  @Test
  void threadsChangeNoBit() {
    for (double separation : new double[] {10, 8}) {
      AdjustedDraws draw = AdjustedDraws.rotated(600, 4, 3, separation, .1, 10, 6);
      int[] labels = draw.settled();
      Adjusted problem = draw.problem(labels);
      Bound one = AdjustedCertificate.of(problem, labels, new Run(1, () -> false));
      Bound two = AdjustedCertificate.of(problem, labels, new Run(2, () -> false));
      assertEquals(one, two);
    }
  }

  @Test
  void aRunThatIsOverGivesNoFalseBound() {
    AdjustedDraws draw = AdjustedDraws.rotated(90, 4, 3, 10, .1, 10, 6);
    Bound bound =
        AdjustedCertificate.of(draw.problem(draw.labels()), draw.labels(), new Run(1, () -> true));
    assertEquals(Double.POSITIVE_INFINITY, bound.upper());
    // Wherever the run ends, what is left must bound the better partition.
    int[] wrong = draw.labels().clone();
    wrong[0] = 1;
    wrong[4] = 0;
    Adjusted problem = draw.problem(draw.labels());
    double better = problem.objective(draw.labels());
    for (int looks = 1; looks < 400; looks += 7) {
      AtomicInteger left = new AtomicInteger(looks);
      Run ending = new Run(1, () -> left.decrementAndGet() < 0);
      assertTrue(AdjustedCertificate.of(problem, wrong, ending).upper() >= better);
    }
  }
}
