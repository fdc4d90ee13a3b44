package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that cannot be fitted end in words; data that only look bad are fitted. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UnusableDataTest {
  private static final List<Family<?>> FAMILIES =
      List.of(
          GaussianFamily.of(CovarianceStructure.VVV),
          GaussianFamily.of(CovarianceStructure.VVI),
          StudentTFamily.of(CovarianceStructure.VVV, DegreesOfFreedom.free()),
          VonMisesFamily.of());

  private static EmOptions options() {
    return EmOptions.defaults().withThreads(1).withMaxIterations(200);
  }

  private static <C extends Component> MixtureFit<C> fit(
      Family<C> family, int components, Observations rows) {
    return MixtureFitter.of(family, components).options(options()).fit(rows);
  }

  private static void assertRefused(
      Family<?> family, int components, Observations rows, String... parts) {
    String message =
        assertThrows(UnusableDataException.class, () -> fit(family, components, rows)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }

  /** Two clouds on a grid of 2⁻¹⁰, so that adding 1e8 is exact. */
  private static double[][] clouds(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(41);
    double[][] x = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double value = random.nextGaussian() + (i % 3 == 0 ? 4 : 0);
        x[i][j] = Math.rint(value * 1024) / 1024;
      }
    }
    return x;
  }

  private static int[] halves(int rows) {
    return IntStream.range(0, rows).map(i -> i % 3 == 0 ? 1 : 0).toArray();
  }

  @Test
  void aMissingValueIsRefusedWithItsPlace() {
    double[][] x = clouds(600, 2);
    x[301][1] = Double.NaN;
    Observations rows = Observations.of(x).withColumnNames(List.of("length", "width"));
    for (Family<?> family : FAMILIES) {
      assertRefused(family, 2, rows, "row 302", "'width'", "missing", family.name());
    }
  }

  @Test
  void anInfiniteValueIsRefusedWithItsPlace() {
    double[][] x = clouds(20, 2);
    x[3][0] = Double.NEGATIVE_INFINITY;
    String message =
        assertThrows(IllegalArgumentException.class, () -> Observations.of(x)).getMessage();
    assertTrue(message.contains("row 4, column 1"), message);
  }

  @Test
  void fewerRowsThanComponentsAreRefused() {
    Observations rows = Observations.of(clouds(3, 1));
    for (Family<?> family : FAMILIES) {
      assertRefused(family, 4, rows, "3 rows", "4 components");
    }
    assertRefused(FAMILIES.get(0), 2, rows.withWeights(0, 3, 0), "1 row of positive weight");
  }

  @Test
  void aConstantColumnIsRefusedByName() {
    double[][] x = clouds(50, 3);
    for (double[] row : x) {
      row[1] = 0.1;
    }
    Observations rows = Observations.of(x).withColumnNames(List.of("a", "flat", "c"));
    for (Family<?> family : FAMILIES) {
      assertRefused(family, 2, rows, "'flat'", "constant");
    }
  }

  @Test
  void identicalRowsAreRefused() {
    double[][] x = new double[50][2];
    for (double[] row : x) {
      row[0] = 1.1;
      row[1] = 2.3;
    }
    for (Family<?> family : FAMILIES.subList(0, 3)) {
      assertRefused(family, 2, Observations.of(x), "identical");
    }
    assertRefused(VonMisesFamily.of(), 2, Observations.of(x), "constant");
  }

  @ParameterizedTest
  @EnumSource
  void fullCovariancesNeedMoreRowsThanColumns(CovarianceStructure structure) {
    Observations rows = Observations.of(clouds(4, 4));
    if (structure.isDiagonal()) {
      assertEquals(1, fit(GaussianFamily.of(structure), 1, rows).mixture().componentCount());
    } else {
      assertRefused(GaussianFamily.of(structure), 1, rows, "4 rows", "4 columns", "VVI");
    }
  }

  @Test
  void collinearColumnsEndInWords() {
    double[][] x = clouds(100, 3);
    for (double[] row : x) {
      row[2] = 2 * row[0] - row[1];
    }
    for (Family<?> family : List.of(FAMILIES.get(0), FAMILIES.get(2))) {
      assertRefused(family, 2, Observations.of(x), "column 'x3'", "linear combination", "floor");
      MixtureFit<?> floored =
          MixtureFitter.of(family, 2)
              .options(options().withOnDegenerate(DegeneracyPolicy.floor(1e-4)))
              .fit(Observations.of(x));
      assertTrue(floored.diagnostics().isDegenerate());
      assertTrue(Double.isFinite(floored.logLikelihood()));
    }
  }

  @Test
  void rowsThatRepeatAreFitted() {
    double[][] x = new double[300][];
    double[][] few = clouds(30, 2);
    for (int i = 0; i < x.length; i++) {
      x[i] = few[i % few.length];
    }
    MixtureFit<Gaussian> fit =
        fit(GaussianFamily.of(CovarianceStructure.EEE), 2, Observations.of(x));
    assertTrue(Double.isFinite(fit.logLikelihood()));
  }

  @ParameterizedTest
  @EnumSource(names = {"VVV", "EEE", "VVI", "VVE"})
  void aLargeOffsetChangesNothing(CovarianceStructure structure) {
    double[][] x = clouds(400, 2);
    double[][] far = new double[x.length][2];
    for (int i = 0; i < x.length; i++) {
      far[i][0] = x[i][0] + 1e8;
      far[i][1] = x[i][1] - 1e8;
    }
    MixtureFitter<Gaussian> fitter =
        MixtureFitter.of(GaussianFamily.of(structure), 2)
            .options(options().withTolerance(0).withMaxIterations(40))
            .initializer(Initializer.labels(halves(x.length)));
    MixtureFit<Gaussian> near = fitter.fit(Observations.of(x));
    MixtureFit<Gaussian> shifted = fitter.fit(Observations.of(far));
    assertEquals(
        near.logLikelihood(), shifted.logLikelihood(), 1e-9 * Math.abs(near.logLikelihood()));
    for (int k = 0; k < 2; k++) {
      Gaussian here = near.mixture().component(k);
      Gaussian there = shifted.mixture().component(k);
      assertEquals(near.mixture().weight(k), shifted.mixture().weight(k), 1e-9);
      for (int i = 0; i < 2; i++) {
        // A mean near 1e8 is itself rounded to 1.5e-8.
        double offset = i == 0 ? 1e8 : -1e8;
        assertEquals(here.mean()[i] + offset, there.mean()[i], 3e-8);
        double variance = here.covariance().get(i, i);
        for (int j = 0; j <= i; j++) {
          double unit = Math.sqrt(variance * here.covariance().get(j, j));
          assertEquals(here.covariance().get(i, j), there.covariance().get(i, j), 1e-9 * unit);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1e-140, 1e-140", "1e140, 1e140", "1e-70, 1e70", "1, 1e-100"})
  void extremeUnitsChangeNothing(double first, double second) {
    double[][] x = clouds(300, 2);
    double[][] scaled = scaled(x, first, second);
    double shift = 300 * (Math.log(first) + Math.log(second));
    for (CovarianceStructure structure :
        List.of(CovarianceStructure.VVV, CovarianceStructure.EEE, CovarianceStructure.VVI)) {
      MixtureFitter<Gaussian> fitter =
          MixtureFitter.of(GaussianFamily.of(structure), 2)
              .options(options().withTolerance(0).withMaxIterations(30).withStarts(1));
      MixtureFit<Gaussian> plain = fitter.fit(Observations.of(x));
      MixtureFit<Gaussian> extreme = fitter.fit(Observations.of(scaled));
      assertEquals(plain.logLikelihood(), extreme.logLikelihood() + shift, 1e-6, structure::name);
      for (int i = 0; i < x.length; i++) {
        assertEquals(
            plain.mixture().responsibilities(x[i])[0],
            extreme.mixture().responsibilities(scaled[i])[0],
            1e-8);
      }
    }
  }

  private static double[][] scaled(double[][] x, double first, double second) {
    return Arrays.stream(x)
        .map(row -> new double[] {row[0] * first, row[1] * second})
        .toArray(double[][]::new);
  }

  @Test
  void columnsWhoseVariancesHaveNoCommonScaleEndInWords() {
    Observations rows = Observations.of(scaled(clouds(300, 2), 1e-140, 1e140));
    for (Family<?> family : FAMILIES.subList(0, 3)) {
      assertRefused(family, 2, rows, "variance");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e308, 1e-300, 1e200, 1e-200})
  void unitsThatCannotBeSquaredAreRefusedByName(double unit) {
    double[][] x = clouds(60, 2);
    for (double[] row : x) {
      row[1] = row[1] / 16 * unit;
    }
    Observations rows = Observations.of(x).withColumnNames(List.of("fine", "extreme"));
    for (Family<?> family : FAMILIES.subList(0, 3)) {
      assertRefused(family, 2, rows, "'extreme'", "rescale");
    }
  }

  @Test
  void aDiagonalFitHoldsNothingOfSizeColumnsSquared() {
    int columns = 3000;
    SplittableRandom random = new SplittableRandom(42);
    double[][] x = new double[40][columns];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < columns; j++) {
        x[i][j] = random.nextGaussian() + (i < 20 ? 0 : 1);
      }
    }
    Observations rows = Observations.of(x);
    int[] labels = IntStream.range(0, x.length).map(i -> i < 20 ? 0 : 1).toArray();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (CovarianceStructure structure : CovarianceStructure.values()) {
      if (structure.isDiagonal()) {
        MixtureFitter<Gaussian> fitter =
            MixtureFitter.of(GaussianFamily.of(structure), 2)
                .options(options().withMaxIterations(2))
                .initializer(Initializer.labels(labels));
        fitter.fit(rows);
        long before = threads.getCurrentThreadAllocatedBytes();
        MixtureFit<Gaussian> fit = fitter.fit(rows);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(Double.isFinite(fit.logLikelihood()));
        // One packed triangle alone would be 36 MB.
        long triangle = 8L * columns * (columns + 1) / 2;
        assertTrue(bytes < triangle, () -> structure + " allocated " + bytes + " bytes in all");
      }
    }
  }
}
