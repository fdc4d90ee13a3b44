package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.optimisation.Certification;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class SdpRelaxationTest {
  private static final SdpRelaxation RELAXATION = new SdpRelaxation(1);

  private static double value(Points points, DMatrixRMaj[] covariances, int[] labels) {
    return Adjusted.of(points, covariances).objective(labels);
  }

  @Test
  void noPartitionIsAboveTheBound() {
    for (int seed = 1; seed <= 10; seed++) {
      Points points = Partitions.points(Partitions.groups(9, 2, 2, 2, seed));
      for (CovarianceModel model : CovarianceModel.values()) {
        CovarianceRule rule = new CovarianceRule(model, true);
        int[] labels = LikelihoodSearch.search(points, 2, rule, 1, Run.FREE).labels();
        DMatrixRMaj[] covariances = GroupCovariances.of(points, labels, 2, rule, Run.FREE);
        Bound bound = RELAXATION.bound(points, covariances, labels, Run.FREE);
        assertEquals(value(points, covariances, labels), bound.objective(), 1e-10);
        double best =
            Partitions.all(9, 2).stream()
                .flatMap(l -> Stream.of(l, IntStream.of(l).map(k -> 1 - k).toArray()))
                .mapToDouble(l -> value(points, covariances, l))
                .max()
                .orElseThrow();
        assertTrue(bound.upper() >= best - 1e-11, model + " " + seed);
      }
    }
  }

  @Test
  void separatedGroupsAreCertifiedUnderEveryModel() {
    int[] truth = IntStream.range(0, 90).map(i -> i % 3).toArray();
    SplittableRandom random = new SplittableRandom(1);
    double[][] spheres = new double[90][6];
    for (int i = 0; i < 90; i++) {
      for (int j = 0; j < 6; j++) {
        spheres[i][j] = Math.pow(2, truth[i]) * random.nextGaussian() + (j == truth[i] ? 20 : 0);
      }
    }
    for (CovarianceModel model : CovarianceModel.values()) {
      Points points =
          Partitions.points(
              model == CovarianceModel.ISOTROPIC ? spheres : Partitions.groups(90, 3, 3, 12, 2));
      IlaSdp.Result result =
          new IlaSdp(new CovarianceRule(model, true), RELAXATION).solve(points, 3, 1, Run.FREE);
      assertEquals(Certification.CERTIFIED, result.status(), model + " " + result.relativeGap());
      assertArrayEquals(truth, Partitions.canonical(result.labels()));
    }
  }

  @Test
  void solvesFromABadStart() {
    Points points = Partitions.points(Partitions.groups(60, 3, 3, 12, 2));
    int[] truth = IntStream.range(0, 60).map(i -> i % 3).toArray();
    int[] wrong = IntStream.range(0, 60).map(i -> i % 15 == 0 ? 1 : i % 3).toArray();
    for (CovarianceModel model :
        new CovarianceModel[] {CovarianceModel.TIED, CovarianceModel.FULL}) {
      DMatrixRMaj[] covariances =
          GroupCovariances.of(points, truth, 3, new CovarianceRule(model, true), Run.FREE);
      int[] labels = RELAXATION.solve(points, covariances, wrong, Run.FREE);
      assertArrayEquals(truth, Partitions.canonical(labels), model.toString());
    }
  }
}
