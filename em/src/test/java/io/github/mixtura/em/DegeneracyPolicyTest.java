package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DegeneracyPolicyTest {
  private static final int ROWS = 60;
  private static final int TIED = 20;

  /** The last rows all lie at one point, and are a component of the start. */
  private static Observations ties() {
    SplittableRandom random = new SplittableRandom(31);
    double[][] rows = new double[ROWS][2];
    for (int i = 0; i < ROWS; i++) {
      boolean tied = i >= ROWS - TIED;
      rows[i][0] = tied ? 9 : random.nextGaussian();
      rows[i][1] = tied ? -4 : random.nextGaussian();
    }
    return Observations.of(rows);
  }

  private static int[] labels() {
    return IntStream.range(0, ROWS).map(i -> i >= ROWS - TIED ? 1 : 0).toArray();
  }

  private static MixtureFit<Gaussian> fit(CovarianceStructure structure, DegeneracyPolicy policy) {
    return MixtureFitter.of(GaussianFamily.of(structure), 2)
        .options(EmOptions.defaults().withOnDegenerate(policy).withThreads(1))
        .initializer(Initializer.labels(labels()))
        .fit(ties());
  }

  private static List<FitWarning> of(MixtureFit<?> fit, FitWarning.Kind kind) {
    return fit.diagnostics().warnings().stream().filter(w -> w.kind() == kind).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"VVV", "VVI", "VII"})
  void failNamesTheComponent(String structure) {
    DegenerateComponentException thrown =
        assertThrows(
            DegenerateComponentException.class,
            () -> fit(CovarianceStructure.valueOf(structure), DegeneracyPolicy.fail()));
    assertEquals(1, thrown.component());
    assertTrue(thrown.getMessage().contains("variance"), thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"VVV", "VVI", "VII"})
  void dropGoesOnWithoutTheComponent(String structure) {
    MixtureFit<Gaussian> fit = fit(CovarianceStructure.valueOf(structure), DegeneracyPolicy.drop());
    assertEquals(1, fit.mixture().componentCount());
    assertEquals(1, fit.mixture().weight(0));
    FitWarning warning = of(fit, FitWarning.Kind.DROPPED).get(0);
    assertEquals(-1, warning.component(), "it is gone");
    assertEquals(0, warning.iteration());
    assertTrue(fit.diagnostics().isDegenerate());
    // What is left is the maximum for one component: the mean of all rows.
    assertEquals(
        Arrays.stream(ties().column(0)).average().orElseThrow(),
        fit.mixture().component(0).mean()[0],
        1e-9);
    assertEquals(
        fit.parameterCount(),
        fit.mixture().dimension() + CovarianceStructure.valueOf(structure).parameterCount(2, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"VVV", "VVI", "VII"})
  void reseedKeepsTheNumberOfComponents(String structure) {
    MixtureFit<Gaussian> fit =
        fit(CovarianceStructure.valueOf(structure), DegeneracyPolicy.reseed());
    assertEquals(2, fit.mixture().componentCount());
    assertTrue(Double.isFinite(fit.logLikelihood()));
    int repairs = of(fit, FitWarning.Kind.RESEEDED).size();
    assertTrue(repairs >= 1 && repairs <= 10, () -> fit.diagnostics().warnings().toString());
    assertTrue(fit.diagnostics().isDegenerate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"VVV", "VVI", "VII"})
  void floorRaisesTheSpread(String structure) {
    double floor = 1e-3;
    MixtureFit<Gaussian> fit =
        fit(CovarianceStructure.valueOf(structure), DegeneracyPolicy.floor(floor));
    assertEquals(2, fit.mixture().componentCount());
    assertEquals(1, of(fit, FitWarning.Kind.FLOORED).size(), "said once, not every iteration");
    assertTrue(of(fit, FitWarning.Kind.FLOORED).get(0).remedy().contains("0.001"));
    assertTrue(fit.diagnostics().isDegenerate());
    Observations rows = ties();
    double wanted = 0;
    double found = 0;
    for (int j = 0; j < 2; j++) {
      double mean = Arrays.stream(rows.column(j)).average().orElseThrow();
      wanted +=
          floor * Arrays.stream(rows.column(j)).map(v -> (v - mean) * (v - mean)).sum() / ROWS;
      found += fit.mixture().component(1).covariance().get(j, j);
    }
    assertEquals(wanted, found, 1e-6 * wanted, "trace of the floored covariance");
    assertEquals(TIED / (double) ROWS, fit.mixture().weight(1), 1e-6);
  }

  @Test
  void aSingleComponentThatDegeneratesIsAnErrorInWords() {
    double[][] rows = new double[30][2];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {i, 2.0 * i + 1};
    }
    for (DegeneracyPolicy policy : List.of(DegeneracyPolicy.drop(), DegeneracyPolicy.reseed())) {
      MixtureFitter<Gaussian> fitter =
          MixtureFitter.of(GaussianFamily.of(CovarianceStructure.EEE), 1)
              .options(EmOptions.defaults().withOnDegenerate(policy).withMaxIterations(20));
      Exception e =
          assertThrows(UnusableDataException.class, () -> fitter.fit(Observations.of(rows)));
      assertTrue(e.getMessage().contains("linear combination"), e.getMessage());
    }
  }

  /** Starts in a fixed order, whatever the seed. */
  private static Initializer inTurn(int[]... labels) {
    AtomicInteger next = new AtomicInteger();
    return (data, components, random) ->
        new Start.Partition(components, labels[next.getAndIncrement() % labels.length]);
  }

  @Test
  void aCleanStartIsPreferredToABetterSpike() {
    SplittableRandom random = new SplittableRandom(32);
    double[] values = new double[200];
    for (int i = 0; i < values.length; i++) {
      // Ten rows within 1e-5 of each other at the far end: a spike, though not singular.
      values[i] = i < 10 ? 2.5 + 1e-6 * i : (i % 2 == 0 ? -2 : 2) + random.nextGaussian();
    }
    int[] spike = IntStream.range(0, values.length).map(i -> i < 10 ? 1 : 0).toArray();
    int[] clean = Arrays.stream(values).mapToInt(v -> v > 0 ? 1 : 0).toArray();
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2)
            .options(EmOptions.defaults().withStarts(3).withThreads(1))
            .initializer(inTurn(spike, clean, spike))
            .fit(Observations.of(values));
    List<Double> found = fit.diagnostics().startLogLikelihoods();
    assertEquals(3, found.size());
    assertTrue(found.get(0) > found.get(1), found::toString);
    assertEquals(1, fit.diagnostics().bestStart());
    assertEquals(found.get(1), fit.logLikelihood());
    assertFalse(fit.diagnostics().isDegenerate());

    MixtureFit<Gaussian> only =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2)
            .options(EmOptions.defaults().withThreads(1))
            .initializer(Initializer.labels(spike))
            .fit(Observations.of(values));
    assertTrue(only.diagnostics().isDegenerate());
    assertEquals(1, of(only, FitWarning.Kind.SPIKE).get(0).component());
  }

  @Test
  void aCleanStartIsPreferredToARepairedOne() {
    Observations rows = ties();
    int[] halves = IntStream.range(0, ROWS).map(i -> i % 2).toArray();
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.EEE), 2)
            .options(EmOptions.defaults().withStarts(2).withThreads(1).withMaxIterations(3))
            .initializer(inTurn(labels(), halves))
            .fit(rows);
    assertFalse(fit.diagnostics().isDegenerate(), fit.diagnostics()::toString);
  }

  @ParameterizedTest
  @CsvSource({"fail, FAIL, 0", "DROP, DROP, 0", "reseed, RESEED, 0", "floor:1e-4, FLOOR, 1e-4"})
  void policiesAreReadFromText(String text, DegeneracyPolicy.Action action, double floor) {
    DegeneracyPolicy policy = DegeneracyPolicy.parse(text);
    assertEquals(action, policy.action());
    assertEquals(floor, policy.floor());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "floor", "floor:", "floor:x", "floor:0", "floor:2", "floor:NaN", "no"})
  void otherTextIsRefused(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> DegeneracyPolicy.parse(text))
            .getMessage();
    assertTrue(message.contains("floor") || message.contains("policy"), message);
  }
}
