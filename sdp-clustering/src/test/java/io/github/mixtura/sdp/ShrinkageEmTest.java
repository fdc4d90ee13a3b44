package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import java.util.Map;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ShrinkageEmTest {
  private static final Observations ROWS = Observations.of(Partitions.groups(150, 3, 3, 3, 1));
  private static final int[] LABELS = IntStream.range(0, 150).map(i -> i % 3).toArray();

  private static MixtureFit<Gaussian> fit(CovarianceRule rule, int iterations) {
    return MixtureFitter.of(rule.family(), 3)
        .initializer(Initializer.labels(LABELS))
        .options(EmOptions.defaults().withTolerance(0).withMaxIterations(iterations))
        .fit(ROWS);
  }

  @Test
  void withoutShrinkageItIsPlainEm() {
    Map<CovarianceModel, CovarianceStructure> structures =
        Map.of(
            CovarianceModel.FULL, CovarianceStructure.VVV,
            CovarianceModel.TIED, CovarianceStructure.EEE,
            CovarianceModel.DIAGONAL, CovarianceStructure.VVI,
            CovarianceModel.ISOTROPIC, CovarianceStructure.VII);
    for (CovarianceModel model : CovarianceModel.values()) {
      MixtureFit<Gaussian> plain =
          MixtureFitter.of(GaussianFamily.of(structures.get(model)), 3)
              .initializer(Initializer.labels(LABELS))
              .options(EmOptions.defaults().withTolerance(0).withMaxIterations(20))
              .fit(ROWS);
      assertEquals(
          plain.logLikelihood(), fit(new CovarianceRule(model, false), 20).logLikelihood(), 1e-9);
    }
  }

  @Test
  void theFirstStepShrinksTheGroupsOfTheStart() {
    Points points = Points.of(ROWS);
    for (CovarianceModel model : CovarianceModel.values()) {
      CovarianceRule rule = new CovarianceRule(model, true);
      DMatrixRMaj[] expected = GroupCovariances.of(points, LABELS, 3, rule, Run.FREE);
      MixtureFit<Gaussian> fit = fit(rule, 0);
      for (int k = 0; k < 3; k++) {
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 3; j++) {
            assertEquals(
                expected[k].get(i, j),
                fit.mixture().component(k).covariance().get(i, j),
                1e-12,
                model.toString());
          }
        }
      }
    }
  }

  @Test
  void itWorksWithFewerRowsThanColumns() {
    Observations rows = Observations.of(Partitions.groups(24, 30, 2, 20, 1));
    int[] start = IntStream.range(0, 24).map(i -> i % 5 % 2).toArray();
    ShrinkageEm.Result result =
        ShrinkageEm.from(rows, start, 2, new CovarianceRule(CovarianceModel.FULL, true), Run.FREE)
            .orElseThrow();
    assertTrue(Double.isFinite(result.logLikelihood()));
    assertEquals(24, result.labels().length);
  }
}
