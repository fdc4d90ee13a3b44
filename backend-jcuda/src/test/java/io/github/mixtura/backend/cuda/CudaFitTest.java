package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.BackendFitContract;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.mixture.Mixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.github.mixtura.backend.cuda.DeviceTests#isThereADevice")
class CudaFitTest extends BackendFitContract {
  @Override
  protected String backend() {
    return "cuda";
  }

  /** Distances in tiles, and scatter in one panel and in two. */
  @Test
  void fitsOfManyColumnsAgree() {
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVV), 2, rows(600, 40, 2));
    assertSameTraces(GaussianFamily.of(CovarianceStructure.EEE), 2, rows(500, 70, 2));
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVI), 3, rows(500, 50, 3));
  }

  @Test
  void scoresAgree() {
    Observations rows = rows(700, 5, 3);
    Mixture<Gaussian> mixture =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 3).fit(rows).mixture();
    double[] densities = mixture.logDensity(rows);
    double[][] responsibilities = mixture.responsibilities(rows);
    System.setProperty("mixtura.backend", "cuda");
    try {
      assertArrayEquals(densities, mixture.logDensity(rows), 1e-12);
      double[][] found = mixture.responsibilities(rows);
      for (int i = 0; i < found.length; i++) {
        assertArrayEquals(responsibilities[i], found[i], 1e-12);
      }
    } finally {
      System.clearProperty("mixtura.backend");
    }
  }
}
