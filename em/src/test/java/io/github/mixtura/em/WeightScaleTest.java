package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A common factor of the weights is a change of their unit. */
class WeightScaleTest {
  private static final int ROWS = 90;

  private static Stream<Family<?>> families() {
    List<Family<?>> all = new ArrayList<>(GaussianFamily.all(2));
    for (DegreesOfFreedom degrees :
        List.of(DegreesOfFreedom.free(), DegreesOfFreedom.shared(), DegreesOfFreedom.fixed(4))) {
      all.add(StudentTFamily.of(CovarianceStructure.VVV, degrees));
      all.add(StudentTFamily.of(CovarianceStructure.VEI, degrees));
    }
    all.add(VonMisesFamily.of());
    return all.stream();
  }

  private static Observations rows() {
    SplittableRandom random = new SplittableRandom(51);
    double[][] x = new double[ROWS][2];
    for (int i = 0; i < ROWS; i++) {
      x[i][0] = 0.6 * random.nextGaussian() + (i % 3 == 0 ? 1.5 : -0.5);
      x[i][1] = 0.4 * random.nextGaussian() + (i % 3 == 0 ? -1 : 0.5) + 0.3 * x[i][0];
    }
    return Observations.of(x);
  }

  private static double[] weights(double factor) {
    SplittableRandom random = new SplittableRandom(52);
    return IntStream.range(0, ROWS)
        .mapToDouble(i -> factor * (0.5 + 2 * random.nextDouble()))
        .toArray();
  }

  private static <C extends Component> MixtureFit<C> fit(Family<C> family, double factor) {
    return MixtureFitter.of(family, 2)
        .options(EmOptions.defaults().withThreads(1).withMaxIterations(60).withTolerance(1e-7))
        .initializer(
            Initializer.labels(IntStream.range(0, ROWS).map(i -> i % 3 == 0 ? 1 : 0).toArray()))
        .fit(rows().withWeights(weights(factor)));
  }

  @ParameterizedTest
  @MethodSource("families")
  void powersOfTwoKeepEveryBit(Family<?> family) {
    MixtureFit<?> plain = fit(family, 1);
    for (int exponent : new int[] {-900, -30, 7, 900}) {
      MixtureFit<?> scaled = fit(family, Math.scalb(1.0, exponent));
      assertEquals(plain.mixture(), scaled.mixture());
      assertEquals(plain.diagnostics().stopReason(), scaled.diagnostics().stopReason());
      assertEquals(
          plain.diagnostics().logLikelihoodTrace().stream()
              .map(l -> Math.scalb(l, exponent))
              .toList(),
          scaled.diagnostics().logLikelihoodTrace());
      assertEquals(Math.scalb(plain.logLikelihood(), exponent), scaled.logLikelihood());
      assertEquals(Math.scalb(plain.totalWeight(), exponent), scaled.totalWeight());
      assertEquals(
          Math.scalb(plain.classificationLogWeight(), exponent), scaled.classificationLogWeight());
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void anyFactorChangesRoundingOnly(Family<?> family) {
    MixtureFit<?> plain = fit(family, 1);
    double[][] x = rows().toArray();
    for (double factor : new double[] {1e-290, 1e-9, 1e-3, 1e6, 1e12, 1e290}) {
      MixtureFit<?> scaled = fit(family, factor);
      assertEquals(plain.diagnostics().iterations(), scaled.diagnostics().iterations());
      assertEquals(plain.diagnostics().stopReason(), scaled.diagnostics().stopReason());
      for (double[] row : x) {
        assertEquals(
            plain.mixture().logDensity(row), scaled.mixture().logDensity(row), 1e-9, "" + factor);
      }
      double l = plain.logLikelihood();
      assertEquals(l, scaled.logLikelihood() / factor, 1e-11 * Math.abs(l));
    }
  }

  @Test
  void weightsOfOneAreNoWeights() {
    double[] ones = new double[ROWS];
    Arrays.fill(ones, 1);
    MixtureFitter<Gaussian> fitter =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2)
            .options(EmOptions.defaults().withThreads(1));
    assertEquals(fitter.fit(rows()).mixture(), fitter.fit(rows().withWeights(ones)).mixture());
  }

  @Test
  void tinyWeightsGiveTheMixtureWithoutThem() {
    Observations table = Reference.data("cases/weights_tiny.csv", List.of("y", "w"));
    Observations rows = Observations.of(table.column(0));
    MixtureFitter<Gaussian> fitter =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.V), 2)
            .options(
                EmOptions.defaults().withThreads(1).withTolerance(1e-13).withMaxIterations(5000));
    MixtureFit<Gaussian> fit = fitter.fit(rows.withWeights(table.column(1)));
    assertEquals(0.056516, fit.mixture().component(0).mean()[0], 1e-4);
    assertEquals(2.747896, fit.mixture().component(1).mean()[0], 1e-4);
    assertEquals(-294.20785e-9, fit.logLikelihood(), 1e-14);
    assertEquals(fitter.fit(rows).diagnostics().iterations(), fit.diagnostics().iterations());
    assertEquals(1, warnings(fit, FitWarning.Kind.LOW_WEIGHT).size());
  }

  private static List<FitWarning> warnings(MixtureFit<?> fit, FitWarning.Kind kind) {
    return fit.diagnostics().warnings().stream().filter(w -> w.kind() == kind).toList();
  }

  @Test
  void weightsThatSumToOneAreWarnedOf() {
    Observations table = Reference.data("cases/weights_sum_one.csv", List.of("y", "w"));
    Selection selection =
        ModelSelection.over(GaussianFamily.all(1), 1, 2, 3)
            .options(EmOptions.defaults().withThreads(1))
            .select(Observations.of(table.column(0)).withWeights(table.column(1)));
    for (Cell cell : selection.table()) {
      FitWarning warning = warnings(cell.fit(), FitWarning.Kind.LOW_WEIGHT).get(0);
      assertTrue(warning.remedy().contains("sum to 1,"), warning.remedy());
      assertEquals(-1, warning.component());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.099, 0.101})
  void lightWeightsAreWarnedOf(double weight) {
    double[] weights = new double[ROWS];
    Arrays.fill(weights, weight);
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.EEE), 1)
            .fit(rows().withWeights(weights));
    assertEquals(weight < 0.1 ? 1 : 0, warnings(fit, FitWarning.Kind.LOW_WEIGHT).size());
  }

  @Test
  void oneWeightThatHidesAllOthersIsNamed() {
    Observations table = Reference.data("cases/weights-1e300.csv", List.of("x", "y", "w"));
    double[][] x =
        Arrays.stream(table.toArray()).map(r -> Arrays.copyOf(r, 2)).toArray(double[][]::new);
    double[] weights = table.column(2);
    double[] shifted = new double[weights.length];
    // A row of weight 0 before it does not change its number.
    System.arraycopy(weights, 0, shifted, 1, weights.length - 1);
    int number = 1;
    for (double[] given : List.of(weights, shifted)) {
      String message =
          assertThrows(
                  UnusableDataException.class,
                  () ->
                      MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2)
                          .fit(Observations.of(x).withWeights(given)))
              .getMessage();
      assertTrue(message.startsWith("weight of row " + number++ + " is 1.0E300"), message);
    }
  }
}
