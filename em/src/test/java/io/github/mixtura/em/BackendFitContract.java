package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whole fits: what every backend must do is walk the same path as the plain one. */
public abstract class BackendFitContract {
  private static final double TOLERANCE = 1e-10;

  /** Name of the backend under test. */
  protected abstract String backend();

  @Test
  void gaussianFitsAgree() {
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVV), 3, rows(1000, 1, 3));
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVV), 3, rows(700, 2, 3));
    assertSameTraces(GaussianFamily.of(CovarianceStructure.EEE), 2, rows(600, 5, 2));
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVI), 4, rows(900, 9, 4));
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVV), 3, rows(1500, 12, 3));
  }

  @Test
  void weightedFitsAgree() {
    Observations rows = rows(800, 3, 2);
    double[] weights = new SplittableRandom(5).doubles(rows.rows(), 0, 3).toArray();
    weights[7] = 0;
    assertSameTraces(GaussianFamily.of(CovarianceStructure.VVV), 2, rows.withWeights(weights));
  }

  @Test
  void studentFitsAgree() {
    assertSameTraces(student(DegreesOfFreedom.free()), 2, rows(600, 1, 2));
    assertSameTraces(student(DegreesOfFreedom.shared()), 2, rows(600, 4, 2));
  }

  @Test
  void vonMisesFitsAgree() {
    assertSameTraces(VonMisesFamily.of(), 2, rows(500, 1, 2));
  }

  private static StudentTFamily student(DegreesOfFreedom degreesOfFreedom) {
    return StudentTFamily.of(CovarianceStructure.VVV, degreesOfFreedom);
  }

  protected final <C extends Component> void assertSameTraces(
      Family<C> family, int components, Observations rows) {
    MixtureFit<C> plain = fit(family, components, rows, "java");
    MixtureFit<C> fit = fit(family, components, rows, backend());
    assertEquals(backend(), fit.diagnostics().backend());
    assertEquals("java", plain.diagnostics().backend());
    List<Double> expected = plain.diagnostics().logLikelihoodTrace();
    List<Double> actual = fit.diagnostics().logLikelihoodTrace();
    assertEquals(26, expected.size());
    assertEquals(26, actual.size());
    for (int i = 0; i < expected.size(); i++) {
      double size = Math.abs(expected.get(i));
      assertEquals(expected.get(i), actual.get(i), TOLERANCE * size, "iteration " + i);
    }
  }

  private static <C extends Component> MixtureFit<C> fit(
      Family<C> family, int components, Observations rows, String backend) {
    return MixtureFitter.of(family, components)
        .options(
            EmOptions.defaults()
                .withTolerance(0)
                .withMaxIterations(25)
                .withStarts(1)
                .withBackend(backend))
        .fit(rows);
  }

  /** Clusters one standard deviation wide around centres three apart. */
  protected static Observations rows(int n, int d, int clusters) {
    SplittableRandom random = new SplittableRandom(100L * d + clusters);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double[] row = new double[d];
      int cluster = random.nextInt(clusters);
      for (int j = 0; j < d; j++) {
        row[j] = random.nextGaussian() + 3 * ((cluster + j) % clusters);
      }
      rows.add(row);
    }
    return Observations.of(rows.toArray(double[][]::new));
  }
}
