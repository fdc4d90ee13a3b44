package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdeProblemTest {
  private static final Grid LINE = Grid.of(0, 1, 10);
  private static final Grid SQUARE = Grid.of(0, 1, 5).by(0, 2, 4);

  private static void refused(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part) && message.contains("must"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 3, 100_001})
  void refusesGridsThatAreTooSmallOrLarge(int points) {
    refused("x axis has " + points + " grid points", () -> Grid.of(0, 1, points));
    refused("y axis has " + points + " grid points", () -> LINE.by(0, 1, points));
  }

  @Test
  void refusesDomainsWithoutLength() {
    refused("positive length", () -> Grid.of(1, 1, 10));
    refused("positive length", () -> Grid.of(1, 0, 10));
    refused("positive length", () -> Grid.of(1e12, 1e12 + 1e-3, 10));
    refused("finite ends", () -> Grid.of(Double.NaN, 0, 10));
    refused("finite ends", () -> Grid.of(0, Double.POSITIVE_INFINITY, 10));
    refused("positive length", () -> Grid.of(-Double.MAX_VALUE, Double.MAX_VALUE, 10));
    refused("2 axes", () -> SQUARE.by(0, 1, 4));
    refused("1e8", () -> Grid.of(0, 1, 100_000).by(0, 1, 1001));
  }

  @Test
  void refusesBadSources() {
    PdeProblem problem = PdeProblem.poisson(LINE);
    double[] source = new double[10];
    source[3] = Double.NaN;
    refused("source is NaN at x = 0.333", () -> problem.withSource(source));
    refused("source is Infinity", () -> problem.withSource((x, y) -> 1 / x));
    refused("11 values, must have 10", () -> problem.withSource(new double[11]));
    refused(
        "NaN at (0.25, 0.0)",
        () -> PdeProblem.poisson(SQUARE).withSource((x, y) -> x == 0.25 ? Double.NaN : 0));
  }

  @Test
  void refusesMissingAndContradictoryBoundaryValues() {
    PdeProblem line = PdeProblem.poisson(LINE).withSource(new double[10]);
    refused("side LEFT are missing", () -> PdeSolver.of(line));
    refused("side RIGHT are missing", () -> PdeSolver.of(line.withBoundary(Side.LEFT, 1)));
    refused(
        "source is missing",
        () -> PdeSolver.of(PdeProblem.poisson(LINE).withBoundary((x, y) -> 0)));
    refused("side is TOP", () -> line.withBoundary(Side.TOP, 1));
    refused("2 boundary values, must have 1", () -> line.withBoundary(Side.LEFT, 1, 2));
    refused("boundary value NaN", () -> line.withBoundary(Side.LEFT, Double.NaN));

    PdeProblem square = PdeProblem.poisson(SQUARE).withBoundary(Side.LEFT, 1, 2, 3, 4);
    refused(
        "corner of LEFT and BOTTOM is 1.0 and 1.5",
        () -> square.withBoundary(Side.BOTTOM, 1.5, 2, 3, 4, 5));
    refused("corner of LEFT and TOP", () -> square.withBoundary(Side.TOP, 4.1, 2, 3, 4, 5));
    PdeProblem near = square.withBoundary(Side.BOTTOM, 1 + 1e-10, 2, 3, 4, 5);
    assertArrayEquals(new double[] {1 + 1e-10, 2, 3, 4, 5}, near.boundary(Side.BOTTOM));
  }

  @Test
  void refusesBadOperators() {
    refused("speed is 0.0", () -> PdeProblem.advection(SQUARE, 0));
    refused("speed is NaN", () -> PdeProblem.advection(SQUARE, Double.NaN));
    refused("grid has 1 axes", () -> PdeProblem.advection(LINE, 1));
    refused("dimension is 3", () -> LinearOperator.zero(3));
    refused("derivative is YY", () -> LinearOperator.zero(1).plus(Derivative.YY, 1));
    refused("coefficient of X", () -> LinearOperator.zero(1).plus(Derivative.X, Double.NaN));
    refused(
        "no term in Y or YY",
        () -> PdeProblem.of(SQUARE, LinearOperator.zero(2).plus(Derivative.XX, 1)));
    refused(
        "of one sign",
        () -> PdeProblem.of(LINE, LinearOperator.zero(1).plus(Derivative.XX, (x, y) -> x - 0.5)));
    refused(
        "must be finite",
        () -> PdeProblem.of(LINE, LinearOperator.laplacian(1).plus(Derivative.X, (x, y) -> 1 / x)));
  }

  @Test
  void refusesPointsOutsideTheDomain() {
    PdeExample example = PdeExamples.of("P4", 50);
    PdeSolution found = PdeSolver.of(example.problem()).solve();
    refused("point 1 has the coordinate 1.1", () -> found.values(new double[][] {{0.5}, {1.1}}));
    refused("coordinate NaN", () -> found.value(Double.NaN));
    refused("2 coordinates, must have 1", () -> found.value(0.1, 0.2));
    refused("derivative is Y", () -> found.derivative(Derivative.Y, 0.5));
    refused("coordinate -0.1", () -> found.standardDeviation(-0.1));
    assertEquals(0, found.values(new double[0][]).length);
  }

  @Test
  void knowsWhereBoundaryValuesAreNeeded() {
    assertEquals(Set.of(Side.LEFT, Side.RIGHT), PdeProblem.poisson(LINE).boundarySides());
    assertEquals(Set.of(Side.values()), PdeProblem.allenCahn(SQUARE).boundarySides());
    assertEquals(Set.of(Side.LEFT, Side.BOTTOM), PdeProblem.advection(SQUARE, 3).boundarySides());
    assertEquals(Set.of(Side.RIGHT, Side.BOTTOM), PdeProblem.advection(SQUARE, -3).boundarySides());
  }

  @Test
  void isImmutable() {
    double[] source = new double[10];
    PdeProblem problem = PdeProblem.poisson(LINE).withSource(source);
    source[0] = 5;
    assertEquals(0, problem.source()[0]);
    problem.source()[1] = 5;
    assertEquals(0, problem.source()[1]);
    problem.withNonlinearity(Nonlinearity.allenCahn());
    assertTrue(problem.nonlinearity().isEmpty());
  }

  @Test
  void examplesSolveTheirEquations() {
    for (String name : PdeExamples.names()) {
      PdeExample example = PdeExamples.of(name);
      PdeProblem problem = example.problem();
      double x = problem.grid().lower(0) + 0.37 * problem.grid().length(0);
      double y = problem.grid().dimension() == 1 ? 0 : 0.61 * problem.grid().length(1);
      double left = 0;
      for (Derivative term : problem.operator().terms()) {
        left += problem.operator().coefficient(term, x, y) * difference(example, term, x, y);
      }
      double u = example.solution().at(x, y);
      left += problem.nonlinearity().map(r -> r.value().applyAsDouble(u)).orElse(0.0);
      double right = problem.sourceField().map(f -> f.at(x, y)).orElse(0.0);
      double size = IntervalSolver.rms(problem.source());
      assertEquals(right, left, 1e-4 * Math.max(size, 200), name);
    }
    refused("name is 'P9'", () -> PdeExamples.of("P9"));
  }

  private static double difference(PdeExample example, Derivative term, double x, double y) {
    double h = 1e-5;
    ScalarField u = example.solution();
    return switch (term) {
      case NONE -> u.at(x, y);
      case X -> (u.at(x + h, y) - u.at(x - h, y)) / (2 * h);
      case Y -> (u.at(x, y + h) - u.at(x, y - h)) / (2 * h);
      case XX -> (u.at(x + h, y) - 2 * u.at(x, y) + u.at(x - h, y)) / (h * h);
      case YY -> (u.at(x, y + h) - 2 * u.at(x, y) + u.at(x, y - h)) / (h * h);
      case XY -> throw new IllegalArgumentException("not used");
    };
  }

  @Test
  void gridsOfExtremeLengths() {
    Grid vast = Grid.of(-0.4e308, 1e308, 100_000);
    for (int i = 1; i < 100_000; i++) {
      assertTrue(vast.coordinate(0, i) > vast.coordinate(0, i - 1));
    }
    assertEquals(-0.4e308 + 1.4e308 / 99_999 * 50_000, vast.coordinate(0, 50_000), 1e295);
    Grid tiny = Grid.of(0, 1e-300, 100_000);
    assertTrue(tiny.coordinate(0, 2) > tiny.coordinate(0, 1));
    assertThrows(IllegalArgumentException.class, () -> Grid.of(0, 1e-320, 50));
    assertThrows(IllegalArgumentException.class, () -> Grid.of(-1e308, 1e308, 50));
  }
}
