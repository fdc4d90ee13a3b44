package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.optimisation.Certification;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link Certification}, {@link BoundStop} and {@link Method} promise, on random rows. */
class StatusPromisesTest {
  private static double[][] rows(int n, double apart, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[n][2];
    for (int i = 0; i < n; i++) {
      rows[i][0] = random.nextGaussian() + (i % 3 == 1 ? apart : 0);
      rows[i][1] = (1 + i % 3) * random.nextGaussian() + (i % 3 == 2 ? 2 * apart : 0);
    }
    return rows;
  }

  private static boolean isBounded(Method method) {
    return method == Method.SDP || method == Method.LOW_RANK || method == Method.ILA_SDP;
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  @Tag("full")
  void numbersAgreeWithTheStatus(Method method) {
    for (int seed = 1; seed <= 4; seed++) {
      double[][] data = rows(45, 2.5 * seed - 2, seed);
      Partition found = SdpClustering.of(method, 3).seed(seed).cluster(Observations.of(data));
      assertEquals(3, Arrays.stream(found.labels()).distinct().count());
      assertEquals(isBounded(method), found.boundStoppedBy().isPresent());
      assertEquals(isBounded(method), found.status() != Certification.UNCERTIFIED);
      if (!isBounded(method)) {
        assertTrue(found.upperBound().isEmpty() && found.boundSteps() == 0);
        continue;
      }
      double scale = method == Method.ILA_SDP ? 45 * 2 : found.objective();
      double gap = (found.upperBound().orElseThrow() - found.objective()) / scale;
      assertEquals(found.status() == Certification.CERTIFIED, gap <= 1e-9);
      assertEquals(
          found.status() == Certification.CERTIFIED,
          found.boundStoppedBy().orElseThrow() == BoundStop.CERTIFIED);
      assertTrue(found.errorTerms().orElseThrow() >= 0);
      assertTrue(found.boundSteps() > 0);
      holdsForOthers(found, data, seed);
    }
  }

  /** No labelling that anything else finds is above the bound, nor one near the partition. */
  private static void holdsForOthers(Partition found, double[][] data, long seed) {
    Points points = Points.of(Observations.of(data));
    SplittableRandom random = new SplittableRandom(seed);
    double upper = found.upperBound().orElseThrow();
    for (int trial = 0; trial < 60; trial++) {
      int[] labels = found.labels();
      for (int change = 0; change <= trial % 5; change++) {
        labels[random.nextInt(labels.length)] = random.nextInt(3);
      }
      if (trial % 10 == 0) {
        labels = KMeansSearch.plusPlus(points, 3, 1, random.nextLong(), Run.FREE).labels();
      }
      double value = value(found, points, labels);
      assertTrue(value <= upper, trial + ": " + value + " is above " + found);
    }
  }

  private static double value(Partition found, Points points, int[] labels) {
    if (found.method() != Method.ILA_SDP) {
      return new PengWei(points, 3).objective(labels);
    }
    org.ejml.data.DMatrixRMaj[] covariances =
        found.covariances().stream()
            .map(org.ejml.data.DMatrixRMaj::new)
            .toArray(org.ejml.data.DMatrixRMaj[]::new);
    return Adjusted.of(points, covariances).objective(labels);
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"SDP", "ILA_SDP", "LOW_RANK"})
  @Tag("full")
  void equalStepsGiveEqualBits(Method method) {
    Observations data = Observations.of(rows(40, 2, 9));
    SdpClustering clustering = SdpClustering.of(method, 3).timeLimit(null);
    Partition whole = clustering.cluster(data);
    double last = Double.POSITIVE_INFINITY;
    for (int steps = 0; steps < whole.boundSteps(); steps += 1 + steps) {
      Partition one = clustering.boundSteps(steps).cluster(data);
      assertEquals(steps, one.boundSteps());
      assertEquals(Optional.of(BoundStop.STEPS), one.boundStoppedBy());
      assertEquals(one, clustering.boundSteps(steps).threads(1).cluster(data));
      if (steps == 0) {
        assertEquals(Certification.UNCERTIFIED, one.status());
      }
      if (Arrays.equals(one.labels(), whole.labels())) {
        double upper = one.upperBound().orElse(Double.POSITIVE_INFINITY);
        assertTrue(upper <= last, "more steps loosened the bound");
        last = upper;
      }
    }
    Partition same = clustering.boundSteps(whole.boundSteps()).cluster(data);
    assertEquals(whole, same);
    assertArrayEquals(whole.labels(), same.labels());
  }

  /** The time decides how many steps are made, and nothing else. */
  @Test
  void theTimeDecidesTheStepsOnly() {
    Observations data = Observations.of(rows(250, 2, 10));
    for (Method method : new Method[] {Method.SDP, Method.ILA_SDP}) {
      SdpClustering clustering = SdpClustering.of(method, 3);
      int[] labels = clustering.boundSteps(0).cluster(data).labels();
      Partition timed = clustering.timeLimit(Duration.ofMillis(150)).certify(data, labels);
      Partition counted =
          clustering.timeLimit(null).boundSteps(timed.boundSteps()).certify(data, labels);
      assertEquals(timed, counted);
    }
  }

  @Test
  void anEndBeforeTheFirstStepProvesNothing() {
    Observations data = Observations.of(rows(60, 2, 11));
    for (Method method : Method.values()) {
      Partition late = SdpClustering.of(method, 3).timeLimit(Duration.ZERO).cluster(data);
      assertEquals(Certification.UNCERTIFIED, late.status());
      assertEquals(
          isBounded(method) ? Optional.of(BoundStop.TIME) : Optional.empty(),
          late.boundStoppedBy());
      assertEquals(3, Arrays.stream(late.labels()).distinct().count());
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void moreGroupsThanDistinctRowsAreRefused(Method method) {
    double[][] data = new double[24][];
    Arrays.setAll(data, i -> new double[] {i % 2, i / 2 % 2});
    UnusableDataException refused =
        assertThrows(
            UnusableDataException.class,
            () -> SdpClustering.of(method, 5).cluster(Observations.of(data)));
    assertTrue(refused.getMessage().contains("distinct rows, 4"), refused.getMessage());
    if (method == Method.LIKELIHOOD || method == Method.ILA_SDP) {
      // Groups of one point each have no likelihood.
      return;
    }
    Partition four = SdpClustering.of(method, 4).cluster(Observations.of(data));
    assertFalse(Arrays.stream(four.labels()).anyMatch(label -> label > 3));
    assertEquals(4, Arrays.stream(four.labels()).distinct().count());
  }

  @Test
  void aSingularGroupIsNamedWithTheRemedy() {
    double[][] data = rows(30, 8, 12);
    int[] labels = new int[30];
    Arrays.setAll(labels, i -> i % 3);
    for (int i = 1; i < 30; i += 3) {
      data[i][1] = 2 * data[i][0];
    }
    UnusableDataException refused =
        assertThrows(
            UnusableDataException.class,
            () ->
                SdpClustering.of(Method.ILA_SDP, 3)
                    .shrinkage(false)
                    .certify(Observations.of(data), labels));
    assertTrue(refused.getMessage().contains("group 2, of 10 rows,"), refused.getMessage());
    assertTrue(refused.getMessage().contains("switch shrinkage on"), refused.getMessage());
  }
}
