package io.github.mixtura.gp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.gp.SpectralMixture.Bump;
import io.github.mixtura.gp.SpectralMixture.Component;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CovarianceFunctionTest {
  private static final List<Component> COMPONENTS =
      List.of(new Component(0.7, 0.5, 0), new Component(0.3, 1.5, 1.3));

  static Stream<CovarianceFunction> all() {
    CovarianceFunction gaussian = SquaredExponential.of(0.6);
    CovarianceFunction five = Matern.of(Matern.Smoothness.FIVE_HALVES, 0.8);
    return Stream.of(
        gaussian,
        five,
        Matern.of(Matern.Smoothness.THREE_HALVES, 0.8),
        Matern.of(Matern.Smoothness.HALF, 0.8),
        Cosine.of(0.4),
        Cosine.of(0),
        Periodic.of(1.3, 0.9),
        SpectralMixture.of(Bump.GAUSSIAN, COMPONENTS),
        SpectralMixture.of(Bump.STUDENT_T, COMPONENTS),
        gaussian.plus(five.scaled(2.5)),
        Cosine.of(0.7).times(five).times(Periodic.of(2, 1)).scaled(0.3));
  }

  @ParameterizedTest
  @MethodSource("all")
  void derivativesAreDifferencesOfTheOnesBefore(CovarianceFunction k) {
    double h = 1e-5;
    for (double lag : new double[] {-1.7, -0.2, 0.05, 0.6, 2.3}) {
      for (int order = 1; order <= 4; order++) {
        double difference =
            (k.derivative(lag + h, order - 1) - k.derivative(lag - h, order - 1)) / (2 * h);
        double exact = k.derivative(lag, order);
        assertEquals(difference, exact, 2e-8 * (100 + Math.abs(exact)), "order " + order);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void derivativesAtZeroAreTheLimits(CovarianceFunction k) {
    for (int order = 0; order <= k.differentiability(); order++) {
      double limit = (k.derivative(1e-9, order) + k.derivative(-1e-9, order)) / 2;
      assertEquals(limit, k.derivative(0, order), 1e-5 * (1 + Math.abs(limit)));
    }
    if (k.differentiability() < 4) {
      int missing = k.differentiability() + 1;
      assertThrows(IllegalArgumentException.class, () -> k.derivative(0, missing));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradientsAreDifferences(CovarianceFunction k) {
    double[] parameters = k.parameters();
    assertEquals(parameters.length, k.parameterNames().size());
    double[][] gradients = new double[parameters.length][5];
    double h = 1e-5;
    for (double lag : new double[] {-0.9, 0, 0.4, 1.1}) {
      int order = lag == 0 ? k.differentiability() : 4;
      k.gradient(lag, order, gradients);
      for (int p = 0; p < parameters.length; p++) {
        double[] up = parameters.clone();
        double[] down = parameters.clone();
        up[p] += h;
        down[p] -= h;
        for (int j = 0; j <= order; j++) {
          double difference =
              (k.withParameters(up).derivative(lag, j) - k.withParameters(down).derivative(lag, j))
                  / (2 * h);
          double exact = gradients[p][j];
          assertEquals(difference, exact, 1e-6 * (1 + Math.abs(exact)), p + ", order " + j);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void parametersComeBack(CovarianceFunction k) {
    CovarianceFunction again = k.withParameters(k.parameters());
    assertArrayEquals(k.parameters(), again.parameters(), 1e-14);
    assertEquals(k.value(0.3), again.value(0.3), 1e-14);
    double[] longer = new double[k.parameters().length + 1];
    assertThrows(IllegalArgumentException.class, () -> k.withParameters(longer));
    double[] bad = k.parameters();
    bad[0] = Double.NaN;
    assertThrows(IllegalArgumentException.class, () -> k.withParameters(bad));
  }

  @Test
  void fourthDerivativesAtZeroAreTheKnownOnes() {
    assertEquals(3 / Math.pow(0.6, 4), SquaredExponential.of(0.6).derivative(0, 4), 1e-12);
    double s = Math.sqrt(5) / 0.8;
    assertEquals(
        Math.pow(s, 4), Matern.of(Matern.Smoothness.FIVE_HALVES, 0.8).derivative(0, 4), 1e-10);
    assertEquals(Math.pow(2 * Math.PI * 3, 4), Cosine.of(3).derivative(0, 4), 1e-8);
  }

  @Test
  void pruningKeepsTheHeaviestAndReportsTheRest() {
    SpectralMixture mixture =
        SpectralMixture.of(
            Bump.GAUSSIAN,
            List.of(new Component(1e-9, 1, 1), new Component(1, 1, 2), new Component(1e-8, 1, 3)));
    SpectralMixture.Pruned pruned = mixture.pruned(1e-6);
    assertEquals(List.of(new Component(1, 1, 2)), pruned.mixture().components());
    assertEquals(List.of(new Component(1e-8, 1, 3), new Component(1e-9, 1, 1)), pruned.removed());
    assertEquals(mixture, mixture.pruned(0).mixture());
    assertThrows(IllegalArgumentException.class, () -> mixture.pruned(1));
  }

  @Test
  void badParametersAreNamed() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> SquaredExponential.of(-1));
    assertEquals("lengthScale is -1.0, must be finite and positive", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Periodic.of(0, 1));
    assertThrows(IllegalArgumentException.class, () -> Cosine.of(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Cosine.of(1).scaled(0));
    assertThrows(IllegalArgumentException.class, () -> Cosine.of(1).derivative(0, 5));
    assertThrows(
        IllegalArgumentException.class, () -> SpectralMixture.of(Bump.GAUSSIAN, List.of()));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> new Component(0, 1, 1))
            .getMessage()
            .startsWith("weight is 0.0"));
  }
}
