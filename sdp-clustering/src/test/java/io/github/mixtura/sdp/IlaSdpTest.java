package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.optimisation.Certification;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class IlaSdpTest {
  private static final CovarianceRule FULL = new CovarianceRule(CovarianceModel.FULL, true);

  /** The exact optimum of all labels for given covariances, by looking at each. */
  private static final class Exhaustive implements LabelRelaxation {
    private int solved;

    @Override
    public Bound bound(Points points, DMatrixRMaj[] covariances, int[] labels, Run run) {
      double best = value(points, covariances, solveAll(points, covariances));
      return new Bound(value(points, covariances, labels), best, 0, "exhaustive");
    }

    @Override
    public int[] solve(Points points, DMatrixRMaj[] covariances, int[] warm, Run run) {
      solved++;
      return solveAll(points, covariances);
    }

    private static int[] solveAll(Points points, DMatrixRMaj[] covariances) {
      return Partitions.all(points.count(), covariances.length).stream()
          .flatMap(labels -> renumbered(labels, covariances.length))
          .max(Comparator.comparingDouble(labels -> value(points, covariances, labels)))
          .orElseThrow();
    }

    private static java.util.stream.Stream<int[]> renumbered(int[] labels, int components) {
      return components == 2
          ? java.util.stream.Stream.of(labels, Arrays.stream(labels).map(k -> 1 - k).toArray())
          : java.util.stream.Stream.of(labels);
    }

    private static double value(Points points, DMatrixRMaj[] covariances, int[] labels) {
      GroupScatters groups = GroupScatters.of(points, labels, covariances.length, Run.FREE);
      double sum = 0;
      for (int k = 0; k < covariances.length; k++) {
        double[] m = GroupLikelihood.whitening(covariances[k]).orElseThrow();
        int p = points.dimension();
        for (int i = 0; i < p; i++) {
          sum += 2 * groups.counts()[k] * Math.log(m[i * p + i]);
          for (int a = 0; a < p; a++) {
            for (int b = 0; b < p; b++) {
              sum -= m[i * p + a] * m[i * p + b] * groups.scatters()[k][a * p + b];
            }
          }
        }
      }
      return sum;
    }
  }

  @Test
  void certifiesAFixedPoint() {
    for (int seed = 1; seed <= 5; seed++) {
      Points points = Partitions.points(Partitions.groups(11, 2, 2, 6, seed));
      IlaSdp.Result result = new IlaSdp(FULL, new Exhaustive()).solve(points, 2, seed, Run.FREE);
      assertEquals(Certification.CERTIFIED, result.status());
      assertEquals(0, result.relativeGap(), 1e-12);
      DMatrixRMaj[] covariances = GroupCovariances.of(points, result.labels(), 2, FULL, Run.FREE);
      assertEquals(covariances[1].get(0, 1), result.covariances()[1].get(0, 1));
      assertArrayEquals(
          Partitions.canonical(IntStream.range(0, 11).map(i -> i % 2).toArray()),
          Partitions.canonical(result.labels()));
    }
  }

  @Test
  void theRelaxationIsAskedWhereTheBoundIsOpen() {
    int asked = 0;
    for (int seed = 1; seed <= 10; seed++) {
      Points points = Partitions.points(Partitions.groups(11, 2, 2, 1.5, seed));
      Exhaustive relaxation = new Exhaustive();
      int[] start = IntStream.range(0, 11).map(i -> i < 6 ? 0 : 1).toArray();
      Candidate local = LikelihoodSearch.improve(points, start, 2, FULL, Run.FREE);
      IlaSdp.Result result = new IlaSdp(FULL, relaxation).solve(points, start, 2, Run.FREE);
      assertTrue(result.objective() >= local.objective() - 1e-12);
      assertEquals(result.status() == Certification.CERTIFIED, result.relativeGap() <= 1e-9);
      assertTrue(result.bound().upper() >= result.objective() - 1e-9);
      asked += relaxation.solved;
    }
    assertTrue(asked > 0, "never asked");
  }

  @Test
  void oneGroupIsCertified() {
    Points points = Partitions.points(Partitions.groups(30, 2, 2, 2, 1));
    IlaSdp.Result result = new IlaSdp(FULL, new Exhaustive()).solve(points, 1, 1, Run.FREE);
    assertEquals(Certification.CERTIFIED, result.status());
  }

  @Test
  void anEndedRunHasNoBound() {
    Points points = Partitions.points(Partitions.groups(30, 2, 2, 2, 1));
    IlaSdp.Result result =
        new IlaSdp(FULL, new Exhaustive()).solve(points, 2, 1, new Run(1, () -> true));
    assertEquals(Certification.UNCERTIFIED, result.status());
    assertNull(result.bound());
    assertEquals(2, Arrays.stream(result.labels()).distinct().count());
  }

  /** A relaxation that leaves everything open. */
  private static final LabelRelaxation NONE =
      new LabelRelaxation() {
        @Override
        public Bound bound(Points points, DMatrixRMaj[] covariances, int[] labels, Run run) {
          return new Bound(0, 1e9, 0, "none");
        }

        @Override
        public int[] solve(Points points, DMatrixRMaj[] covariances, int[] warm, Run run) {
          return new int[points.count()];
        }
      };

  @Test
  void iclIsThatOfTheClassifiedRows() {
    double[][] rows = Partitions.groups(60, 2, 3, 5, 1);
    Points points = Partitions.points(rows);
    CovarianceRule rule = new CovarianceRule(CovarianceModel.FULL, false);
    IlaSdp.Result result = new IlaSdp(rule, NONE).solve(points, 3, 1, Run.FREE);
    double logLikelihood = 0;
    for (int k = 0; k < 3; k++) {
      int group = k;
      int[] members = IntStream.range(0, 60).filter(i -> result.labels()[i] == group).toArray();
      double[] mean = new double[2];
      for (int i : members) {
        mean[0] += rows[i][0] / members.length;
        mean[1] += rows[i][1] / members.length;
      }
      Gaussian law = Gaussian.of(mean, Covariance.full(result.covariances()[k]));
      for (int i : members) {
        logLikelihood += law.logDensity(rows[i]) + Math.log(members.length / 60.0);
      }
    }
    assertEquals(
        -2 * logLikelihood + (6 + 9 + 2) * Math.log(60),
        Icl.of(result.objective(), result.labels(), 2, 3, CovarianceModel.FULL),
        1e-9);
  }
}
