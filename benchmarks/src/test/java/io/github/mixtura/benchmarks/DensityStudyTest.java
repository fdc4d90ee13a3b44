package io.github.mixtura.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DensityStudyTest {
  @Test
  void aSmallNetworkComesNearTheTruth() {
    DensityStudy.Result result = DensityStudy.run(DensityTruth.C, 1, 2000, 40);
    assertEquals(0, result.gap(), 0.06);
    assertTrue(result.gap() > -0.02, "better than the truth by " + -result.gap());
  }

  @ParameterizedTest
  @EnumSource(DensityTruth.class)
  void everyTruthIsADensity(DensityTruth truth) {
    SplittableRandom random = new SplittableRandom(2);
    double[][] x = new double[3][];
    double[] y = new double[3];
    truth.draw(random, x, y);
    boolean angle = truth == DensityTruth.E;
    double reach = angle ? Math.PI : 60;
    double step = angle ? 1e-2 : 2e-3;
    if (truth == DensityTruth.A) {
      reach = 3;
    }
    for (double[] input : x) {
      double sum = 0;
      double h = truth == DensityTruth.A ? 2e-2 : step;
      int n = (int) Math.round(2 * reach / h);
      for (int i = 0; i < n; i++) {
        sum +=
            2 * reach / n * Math.exp(truth.logDensity(input, -reach + 2 * reach * (i + 0.5) / n));
      }
      assertEquals(1, sum, 2e-3);
    }
  }

  @Test
  void theWorkerAnswers() {
    assertTrue(MdnWorker.run("lstm", 1, 2).contains("\"samplesPerSecond\""));
    assertThrows(IllegalArgumentException.class, () -> MdnWorker.run("gru", 1, 2));
  }
}
