package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminationTest {
  private static PdeSolution helmholtz(double k, double lower, double upper) {
    ScalarField u = (x, y) -> Math.sin(k * x) + Math.cos(31 * x);
    Grid grid = Grid.of(lower, upper, 300);
    LinearOperator operator = LinearOperator.laplacian(1).plus(Derivative.NONE, k * k);
    return PdeSolver.of(
            PdeProblem.of(grid, operator)
                .withSource(grid.sample((x, y) -> (k * k - 961) * Math.cos(31 * x)))
                .withBoundary(u))
        .solve();
  }

  @ParameterizedTest
  @CsvSource({"3", "9", "16", "31"})
  void findsTheFunctionThatMayBeAdded(int halfWaves) {
    PdeSolution found = helmholtz(halfWaves * Math.PI, 0, 1);
    assertEquals(SolutionStatus.UNDETERMINED, found.status());
    assertEquals(1, found.free().size());
    FreeFunction free = found.free().get(0);
    double factor = free.value(0.5 / halfWaves);
    assertEquals(1, Math.abs(factor), 1e-3);
    for (double x = 0; x <= 1; x += 0.07) {
      assertEquals(factor * Math.sin(halfWaves * Math.PI * x), free.value(x), 1e-10);
    }
    assertEquals(Double.POSITIVE_INFINITY, found.standardDeviation(0.4321).getAsDouble());
    assertTrue(found.warnings().toString().contains(halfWaves + " half waves"));
  }

  @Test
  void differentiatesTheFreeFunctionInUnitsOfTheDomain() {
    PdeSolution found = helmholtz(5 * Math.PI, 2, 6);
    FreeFunction free = found.free().get(0);
    double[][] points = {{3.7}, {5.2}};
    double[] second = free.derivatives(Derivative.XX, points);
    double[] value = free.values(points);
    for (int i = 0; i < 2; i++) {
      assertEquals(-25 * Math.PI * Math.PI * value[i], second[i], 1e-7);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 1e-6, 1e-3, 0.3})
  void sizeIsTheDistanceFromResonance(double off) {
    for (int m : new int[] {1, 16, 200}) {
      double k = m * Math.PI + off;
      double size = Determination.of(t -> 0, t -> k * k).orElseThrow().size();
      assertEquals(off * k / (k + Math.PI), size, 0.1 * off + 1e-11, "m = " + m);
    }
  }

  @Test
  void followsVariableCoefficientsAndGrowth() {
    // v = sin(3π(t + t²)/2), so v″ − (s″/s′)v′ + s′²v = 0 with s = 3π(t + t²)/2.
    double size =
        Determination.of(t -> -2 / (1 + 2 * t), t -> Math.pow(1.5 * Math.PI * (1 + 2 * t), 2))
            .orElseThrow()
            .size();
    assertTrue(size < 1e-12, "size " + size);
    assertTrue(Determination.of(t -> 0, t -> -900).orElseThrow().size() > 0.1);
    assertTrue(Determination.of(t -> 1000, t -> 0).orElseThrow().size() > 0.1);
    assertTrue(Determination.of(t -> -1000, t -> 0).orElseThrow().size() > 0.1);
    // Two wells joined by e^−60: what grows away from one must not hide that the other is resonant.
    double depth = Math.pow(10.25 * Math.PI, 2);
    double wells =
        Determination.of(t -> 0, t -> Math.abs(t - 0.5) > 0.2 ? depth : -4e4).orElseThrow().size();
    assertTrue(wells > 1e-4, "wells " + wells);
    // Solutions that decay so fast that the boundary value at the end says nothing.
    double k = 10.5;
    assertTrue(Determination.of(t -> 100, t -> 2500 + k * k).orElseThrow().size() < 1e-20);
    assertTrue(Determination.of(t -> -100, t -> 2500 + k * k).orElseThrow().size() < 1e-20);
  }
}
