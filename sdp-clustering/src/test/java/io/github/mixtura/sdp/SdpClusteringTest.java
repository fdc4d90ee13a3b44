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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SdpClusteringTest {
  private static final int[] TRUTH = new int[90];

  /**
   * Three round groups of 45, 30 and 15 rows in the plane, and how far they are from each other.
   */
  private static Observations groups(double distance, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[90][];
    for (int i = 0; i < rows.length; i++) {
      TRUTH[i] = i < 45 ? 0 : i < 75 ? 1 : 2;
      rows[i] =
          new double[] {
            random.nextGaussian() + (TRUTH[i] == 1 ? distance : 0),
            random.nextGaussian() + (TRUTH[i] == 2 ? distance : 0)
          };
    }
    return Observations.of(rows);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void everyMethodFindsFarGroups(Method method) {
    Observations rows = groups(12, 3);
    Partition partition = SdpClustering.of(method, 3).cluster(rows);
    assertArrayEquals(TRUTH, partition.labels());
    assertEquals(3, partition.components());
    assertEquals(method, partition.method());
    boolean bounded = method == Method.SDP || method == Method.LOW_RANK || method == Method.ILA_SDP;
    assertEquals(bounded ? Certification.CERTIFIED : Certification.UNCERTIFIED, partition.status());
    assertEquals(bounded, partition.upperBound().isPresent());
    assertEquals(
        method == Method.ILA_SDP || method == Method.LIKELIHOOD ? 3 : 0,
        partition.covariances().size());
    assertFalse(partition.seconds().isEmpty());
  }

  @Test
  void objectiveOfSdpIsTheBetweenGroupSumOfSquares() {
    Observations rows = groups(12, 4);
    Partition partition = SdpClustering.of(Method.SDP, 3).cluster(rows);
    double total = 0;
    double within = 0;
    for (int j = 0; j < 2; j++) {
      double[] x = rows.column(j);
      double mean = Arrays.stream(x).average().orElseThrow();
      double[] sums = new double[3];
      int[] counts = {45, 30, 15};
      for (int i = 0; i < x.length; i++) {
        total += (x[i] - mean) * (x[i] - mean);
        sums[TRUTH[i]] += x[i];
      }
      for (int i = 0; i < x.length; i++) {
        double step = x[i] - sums[TRUTH[i]] / counts[TRUTH[i]];
        within += step * step;
      }
    }
    assertEquals(total - within, partition.objective(), 1e-9 * total);
    assertEquals(within, partition.withinSumOfSquares(), 1e-9 * total);
  }

  @Test
  void closeGroupsHaveAGapAndHonestNumbers() {
    Partition partition = SdpClustering.of(Method.SDP, 3).cluster(groups(2.5, 5));
    assertEquals(Certification.GAP, partition.status());
    double gap = partition.upperBound().orElseThrow() - partition.objective();
    assertEquals(gap / partition.objective(), partition.relativeGap().orElseThrow(), 1e-12);
    assertTrue(partition.relativeGap().orElseThrow() > 1e-9);
  }

  @Test
  void aCertificateForLabelsOfTheUserKeepsThem() {
    Observations rows = groups(12, 6);
    int[] labels = Arrays.stream(TRUTH).map(k -> 2 - k).toArray();
    Partition partition = SdpCertificate.of(rows, labels);
    assertArrayEquals(labels, partition.labels());
    assertEquals(Certification.CERTIFIED, partition.status());
    assertEquals(
        Certification.CERTIFIED,
        SdpCertificate.of(rows, labels, CovarianceModel.FULL, true).status());
    Partition given =
        SdpCertificate.of(
            rows,
            labels,
            new double[][] {{1, 0}, {0, 1}},
            new double[][] {{1, 0}, {0, 1}},
            new double[][] {{1, 0}, {0, 1}});
    assertEquals(Certification.CERTIFIED, given.status());
    // Minus the within-group sum of squares under unit covariances.
    assertEquals(-given.withinSumOfSquares(), given.objective(), 1e-9);
    labels[0] = 0;
    assertEquals(Certification.GAP, SdpCertificate.of(rows, labels).status());
  }

  @Test
  void theNumberOfGroupsIsChosen() {
    List<SdpClustering.Choice> choices =
        SdpClustering.of(Method.ILA_SDP, 1).choose(groups(12, 7), 1, 2, 3, 4, 91);
    assertEquals(5, choices.size());
    SdpClustering.Choice best =
        choices.stream().min((a, b) -> Double.compare(a.icl(), b.icl())).orElseThrow();
    assertEquals(3, best.components());
    assertEquals(Certification.CERTIFIED, best.partition().status());
    assertEquals(
        "components is 91, must be from 1 to the number of rows, 90", choices.get(4).reason());
    assertTrue(Double.isNaN(choices.get(4).icl()));
  }

  /** Beyond 2^±100 the work is done in another unit, which no number may show. */
  @ParameterizedTest
  @EnumSource(Method.class)
  @Tag("full")
  void theUnitOfTheDataChangesNothing(Method method) {
    for (double distance : new double[] {12, 7}) {
      double[][] rows = groups(distance, 14).toArray();
      SdpClustering clustering = SdpClustering.of(method, 3);
      Partition usual = clustering.cluster(Observations.of(rows));
      for (int exponent : new int[] {-460, 480}) {
        double unit = Math.scalb(1.0, exponent);
        double[][] scaled = new double[rows.length][];
        Arrays.setAll(scaled, i -> Arrays.stream(rows[i]).map(v -> v * unit).toArray());
        Partition partition = clustering.cluster(Observations.of(scaled));
        assertArrayEquals(usual.labels(), partition.labels());
        assertEquals(usual.status(), partition.status());
        assertEquals(usual.boundMethod(), partition.boundMethod());
        double square = unit * unit;
        assertEquals(
            usual.withinSumOfSquares(),
            partition.withinSumOfSquares() / square,
            1e-9 * usual.withinSumOfSquares());
        boolean likelihood = !usual.covariances().isEmpty();
        double shift = likelihood ? -90 * 2 * 2 * exponent * Math.log(2) : 0;
        assertEquals(
            usual.objective(),
            likelihood ? partition.objective() - shift : partition.objective() / square,
            1e-9 * Math.abs(usual.objective()));
        assertEquals(usual.relativeGap().orElse(-1), partition.relativeGap().orElse(-1), 1e-9);
        if (likelihood) {
          double variance = usual.covariances().get(1)[0][0];
          assertEquals(variance, partition.covariances().get(1)[0][0] / square, 1e-9 * variance);
        }
      }
    }
  }

  @Test
  void valuesWhoseSquaresAreNoNumbersAreRefused() {
    for (double unit : new double[] {1e-160, 1e160}) {
      double[][] rows = groups(12, 15).toArray();
      for (double[] row : rows) {
        row[0] *= unit;
        row[1] *= unit;
      }
      UnusableDataException refused =
          assertThrows(
              UnusableDataException.class,
              () -> SdpClustering.of(Method.SDP, 3).cluster(Observations.of(rows)));
      assertTrue(refused.getMessage().contains("square"), refused.getMessage());
    }
  }

  /** A sign that goes off once and is silent again ends the work for good. */
  @Test
  void aSignThatIsTakenBackStillCounts() {
    AtomicInteger asked = new AtomicInteger();
    Run run = new Run(1, () -> asked.incrementAndGet() == 2);
    assertFalse(run.isOver());
    assertTrue(run.isOver());
    assertTrue(run.isOver() && run.alone().isOver());
  }

  @Test
  void aBoundWithoutRoomIsLeftOutWithAWarning() {
    List<String> notes = new ArrayList<>();
    Run run = new Run(1, () -> false, notes::add);
    assertTrue(run.hasRoom(1000, "a small thing"));
    assertTrue(notes.isEmpty());
    assertFalse(run.hasRoom(1e15, "the entrywise bound"));
    assertEquals(1, notes.size());
    assertTrue(notes.get(0).startsWith("the entrywise bound was left out"), notes.get(0));
  }

  @Test
  void labelsOfTheUserAreBoundedWithinTheTime() {
    Observations rows = groups(12, 16);
    SdpClustering clustering = SdpClustering.of(Method.ILA_SDP, 3);
    assertEquals(Certification.CERTIFIED, clustering.certify(rows, TRUTH).status());
    for (Method method : new Method[] {Method.SDP, Method.ILA_SDP}) {
      Partition late = SdpClustering.of(method, 3).timeLimit(Duration.ZERO).certify(rows, TRUTH);
      assertEquals(Certification.UNCERTIFIED, late.status());
      assertEquals(1, late.warnings().size());
      assertArrayEquals(TRUTH, late.labels());
    }
    assertThrows(
        IllegalArgumentException.class, () -> SdpClustering.of(Method.SDP, 4).certify(rows, TRUTH));
    assertThrows(
        IllegalArgumentException.class,
        () -> SdpClustering.of(Method.K_MEANS, 3).certify(rows, TRUTH));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void threadsChangeNothing(Method method) {
    Observations rows = groups(5, 8);
    SdpClustering clustering = SdpClustering.of(method, 3).seed(9);
    assertEquals(clustering.threads(1).cluster(rows), clustering.threads(2).cluster(rows));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void noTimeStillGivesAPartition(Method method) {
    Partition partition =
        SdpClustering.of(method, 3).timeLimit(Duration.ZERO).cluster(groups(5, 10));
    assertEquals(90, partition.labels().length);
    assertEquals(Certification.UNCERTIFIED, partition.status());
    assertEquals(1, partition.warnings().size());
  }

  @Test
  void cancelledLaterTheStatusIsWhatWasProven() {
    AtomicInteger asked = new AtomicInteger();
    List<String> phases = new ArrayList<>();
    Partition partition =
        SdpClustering.of(Method.SDP, 3)
            .cancelled(() -> asked.incrementAndGet() > 40)
            .listener(phases::add)
            .cluster(groups(2, 11));
    assertEquals(90, partition.labels().length);
    assertEquals("search", phases.get(0));
    assertTrue(partition.status() != Certification.CERTIFIED);
  }

  @Test
  void badInput() {
    Observations rows = groups(5, 12);
    assertThrows(IllegalArgumentException.class, () -> SdpClustering.of(Method.SDP, 0));
    UnusableDataException many =
        assertThrows(
            UnusableDataException.class, () -> SdpClustering.of(Method.SDP, 91).cluster(rows));
    assertTrue(many.getMessage().contains("90 rows"), many.getMessage());
    double[][] holes = rows.toArray();
    holes[4][1] = Double.NaN;
    UnusableDataException missing =
        assertThrows(
            UnusableDataException.class,
            () -> SdpClustering.of(Method.SDP, 3).cluster(Observations.of(holes)));
    assertTrue(missing.getMessage().contains("row 5"), missing.getMessage());
    double[] weights = new double[90];
    Arrays.fill(weights, 2);
    assertThrows(
        UnusableDataException.class,
        () -> SdpClustering.of(Method.SDP, 3).cluster(rows.withWeights(weights)));
    assertThrows(IllegalArgumentException.class, () -> SdpCertificate.of(rows, new int[] {0, 1}));
    int[] gaps = TRUTH.clone();
    gaps[0] = 4;
    assertThrows(IllegalArgumentException.class, () -> SdpCertificate.of(rows, gaps));
    gaps[0] = -1;
    assertThrows(IllegalArgumentException.class, () -> SdpCertificate.of(rows, gaps));
    IllegalArgumentException small =
        assertThrows(
            IllegalArgumentException.class,
            () -> SdpClustering.of(Method.ILA_SDP, 60).shrinkage(false).cluster(rows));
    assertTrue(small.getMessage().contains("shrinkage"), small.getMessage());
    double[][] same = new double[20][];
    Arrays.setAll(same, i -> new double[] {i % 2, 1});
    assertThrows(
        UnusableDataException.class,
        () -> SdpClustering.of(Method.SDP, 3).cluster(Observations.of(same)));
  }

  @Test
  void everyRowItsOwnGroup() {
    Observations rows = Observations.of(Arrays.copyOf(groups(5, 13).toArray(), 8));
    Partition partition = SdpClustering.of(Method.SDP, 8).cluster(rows);
    assertEquals(Certification.CERTIFIED, partition.status());
    assertEquals(0, partition.withinSumOfSquares(), 0);
  }
}
