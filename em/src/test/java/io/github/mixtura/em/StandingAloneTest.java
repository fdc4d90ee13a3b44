package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.CellStatus;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import io.github.mixtura.execution.StopReason;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that stand alone take no component, and what cannot be estimated is no result. */
class StandingAloneTest {
  private static final EmOptions OPTIONS = EmOptions.defaults().withThreads(1);
  private static final GaussianFamily FREE = GaussianFamily.of(CovarianceStructure.VVV);

  @ParameterizedTest
  @CsvSource({"outlier_pair, -655.3364, 1359.0", "outlier_sentinel, -634.4468, 1317.2"})
  void oneGrossOutlierLeavesTheProperMaximum(String name, double logLikelihood, double bic) {
    Observations rows = Reference.data("cases/" + name + ".csv", List.of());
    MixtureFit<Gaussian> fit = MixtureFitter.of(FREE, 2).options(OPTIONS).fit(rows);
    assertFalse(fit.diagnostics().isDegenerate(), fit.diagnostics()::toString);
    assertEquals(logLikelihood, fit.logLikelihood(), 1e-3);
    Selection selection = ModelSelection.over(List.of(FREE), 1, 2, 3).options(OPTIONS).select(rows);
    assertEquals(CellStatus.OK, selection.table().get(1).status());
    assertEquals(bic, selection.table().get(1).fit().bic(), 0.1);
    assertTrue(selection.best().orElseThrow().components() >= 2);
  }

  /** Two clear groups, and rows far from them and from each other. */
  private static double[][] rows(int columns, int outliers, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] x = new double[60 + outliers][columns];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < columns; j++) {
        x[i][j] =
            i < 60
                ? random.nextGaussian() + (i % 2 == 0 ? 10 : 0)
                : 3000.0 * (i - 58) * (random.nextBoolean() ? 1 : -1);
      }
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "2, 1", "2, 2", "3, 1", "3, 3"})
  void groupsAreFoundBesideOutliers(int columns, int outliers) {
    for (int seed = 1; seed <= 3; seed++) {
      Observations rows = Observations.of(rows(columns, outliers, seed));
      for (CovarianceStructure structure :
          columns == 1
              ? List.of(CovarianceStructure.V)
              : List.of(
                  CovarianceStructure.VVV, CovarianceStructure.VVI, CovarianceStructure.VEV)) {
        GaussianFamily family = GaussianFamily.of(structure);
        MixtureFit<Gaussian> fit = MixtureFitter.of(family, 2).options(OPTIONS).fit(rows);
        assertFalse(fit.diagnostics().isDegenerate(), fit.diagnostics()::toString);
        // No lower than from the groups as they were made, with the outliers in either.
        for (int host = 0; host < 2; host++) {
          int with = host;
          int[] labels = IntStream.range(0, rows.rows()).map(i -> i < 60 ? i % 2 : with).toArray();
          MixtureFit<Gaussian> made =
              MixtureFitter.of(family, 2)
                  .options(OPTIONS)
                  .initializer(Initializer.labels(labels))
                  .fit(rows);
          assertTrue(
              made.diagnostics().isDegenerate()
                  || fit.logLikelihood() >= made.logLikelihood() - 1e-3,
              () -> structure + ": " + fit.logLikelihood() + " < " + made.logLikelihood());
        }
      }
    }
  }

  @Test
  void moreComponentsThanDistinctRowsAreRefused() {
    Observations rows = Reference.data("cases/distinct4.csv", List.of());
    List<Family<?>> families =
        List.of(
            FREE,
            GaussianFamily.of(CovarianceStructure.EII),
            StudentTFamily.of(CovarianceStructure.VVV, DegreesOfFreedom.free()),
            VonMisesFamily.of());
    for (Family<?> family : families) {
      String message =
          assertThrows(
                  TooFewRowsException.class,
                  () -> MixtureFitter.of(family, 5).options(OPTIONS).fit(rows))
              .getMessage();
      assertTrue(message.contains("4 distinct rows for 5 components"), message);
      assertThrows(
          TooFewRowsException.class, () -> MixtureFitter.of(family, 4).options(OPTIONS).fit(rows));
      Cell cell =
          ModelSelection.over(List.of(family), 5).options(OPTIONS).select(rows).table().get(0);
      assertEquals(CellStatus.FAILED, cell.status());
      assertEquals(message, cell.reason());
    }
    // Zeros of both signs are one value, and so are angles a turn apart.
    Observations zeros = Observations.of(new double[] {0, -0.0, 1, 1});
    assertThrows(TooFewRowsException.class, () -> MixtureFitter.of(FREE, 3).fit(zeros));
    Observations turns = Observations.of(new double[] {0, 2 * Math.PI, 1, 1});
    assertThrows(
        TooFewRowsException.class, () -> MixtureFitter.of(VonMisesFamily.of(), 3).fit(turns));
  }

  @Test
  void aFloorMakesAModelOfThemWithAWarning() {
    Observations rows = Reference.data("cases/distinct4.csv", List.of());
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(FREE, 5)
            .options(OPTIONS.withOnDegenerate(DegeneracyPolicy.floor(1e-3)))
            .fit(rows);
    assertEquals(5, fit.mixture().componentCount());
    assertTrue(Double.isFinite(fit.logLikelihood()));
    assertTrue(fit.diagnostics().isDegenerate());
    assertTrue(
        fit.diagnostics().warnings().stream().anyMatch(w -> w.kind() == FitWarning.Kind.FLOORED));
  }

  /** Whatever the distance from the origin, whose rounding hides that the variance is 0. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 1e3, 1e6, 1e9, 1e12})
  void aComponentOnOneRowIsAlwaysFound(double offset) {
    SplittableRandom random = new SplittableRandom(61);
    for (int columns = 1; columns <= 3; columns++) {
      double[][] x = new double[40][columns];
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < columns; j++) {
          x[i][j] = offset + (i == 0 ? 40 : 0) + random.nextGaussian();
        }
      }
      Observations rows = Observations.of(x);
      int[] labels = IntStream.range(0, x.length).map(i -> i == 0 ? 1 : 0).toArray();
      for (CovarianceStructure structure :
          List.of(CovarianceStructure.VII, CovarianceStructure.VVI, CovarianceStructure.VVV)) {
        MixtureFitter<Gaussian> fitter =
            MixtureFitter.of(GaussianFamily.of(structure), 2)
                .initializer(Initializer.labels(labels));
        DegenerateComponentException thrown =
            assertThrows(
                DegenerateComponentException.class,
                () -> fitter.options(OPTIONS.withOnDegenerate(DegeneracyPolicy.fail())).fit(rows));
        assertEquals(1, thrown.component());
        assertFalse(thrown.getMessage().matches(".*\\d[.]\\d.*"), thrown.getMessage());
        // However it is repaired, what is returned has a spread that numbers of its size resolve.
        MixtureFit<Gaussian> repaired = fitter.options(OPTIONS).fit(rows);
        for (Gaussian component : repaired.mixture().components()) {
          for (int j = 0; j < columns; j++) {
            double resolved = Math.ulp(component.mean()[j]);
            assertTrue(component.covariance().get(j, j) > resolved * resolved);
          }
        }
        assertTrue(repaired.diagnostics().warnings().size() <= 3);
      }
    }
  }

  @Test
  void aModelOfMoreParametersThanRowsIsWarnedOf() {
    Observations rows = Reference.data("cases/more_parameters.csv", List.of());
    Cell best =
        ModelSelection.over(
                List.of(
                    GaussianFamily.of(CovarianceStructure.VVV),
                    GaussianFamily.of(CovarianceStructure.VEV)),
                1,
                2,
                3)
            .options(OPTIONS)
            .select(rows)
            .best()
            .orElseThrow();
    assertTrue(
        best.components() == 2
            || best.fit().diagnostics().warnings().stream()
                .anyMatch(w -> w.kind() == FitWarning.Kind.TOO_FEW_ROWS));
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VEV), 3).options(OPTIONS).fit(rows);
    String warning =
        fit.diagnostics().warnings().stream()
            .filter(w -> w.kind() == FitWarning.Kind.TOO_FEW_ROWS)
            .findFirst()
            .orElseThrow()
            .remedy();
    assertTrue(warning.contains("73 free parameters for 14 rows"), warning);
    assertFalse(
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.EII), 1)
            .options(OPTIONS)
            .fit(rows)
            .diagnostics()
            .warnings()
            .stream()
            .anyMatch(w -> w.kind() == FitWarning.Kind.TOO_FEW_ROWS));
  }

  @Test
  void anyNumberOfStartsCostsTimeOnly() {
    Observations rows = Observations.of(rows(1, 0, 5));
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(FREE, 2)
            .options(
                OPTIONS
                    .withStarts(Integer.MAX_VALUE)
                    .withTimeLimit(java.time.Duration.ofMillis(300)))
            .fit(rows);
    assertEquals(StopReason.TIME_LIMIT, fit.diagnostics().stopReason());
    assertTrue(fit.diagnostics().startLogLikelihoods().size() > 1);
    MixtureFit<Gaussian> screened =
        MixtureFitter.of(FREE, 2)
            .initializer(Initializer.random(), Initializer.kMeans())
            .shortRuns(3, 2)
            .options(
                OPTIONS
                    .withStarts(Integer.MAX_VALUE)
                    .withTimeLimit(java.time.Duration.ofMillis(300)))
            .fit(rows);
    assertEquals(StopReason.TIME_LIMIT, screened.diagnostics().stopReason());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void directionsEndNoLowerThanOneComponent(int set) {
    SplittableRandom random = new SplittableRandom(70 + set);
    double[] angles =
        IntStream.range(0, 100)
            .mapToDouble(i -> 2 * Math.PI * (set == 0 ? i / 100.0 : random.nextDouble()))
            .toArray();
    Observations rows = Observations.of(angles);
    double one =
        MixtureFitter.of(VonMisesFamily.of(), 1).options(OPTIONS).fit(rows).logLikelihood();
    for (int components = 2; components <= 4; components++) {
      double more =
          MixtureFitter.of(VonMisesFamily.of(), components)
              .options(OPTIONS.withMaxIterations(200))
              .fit(rows)
              .logLikelihood();
      assertTrue(more >= one - 1e-9 * Math.abs(one), components + ": " + more + " < " + one);
    }
  }
}
