package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PdeSolverTest {
  private static PdeProblem sampled(PdeExample example) {
    return example.problem().withSource(example.problem().source());
  }

  @ParameterizedTest
  @CsvSource({
    "P1, 400, 1e-9",
    "P1, 260, 1e-9",
    "P2, 400, 1e-9",
    "P2, 260, 1e-9",
    "P3, 900, 1e-8",
    "P3, 510, 1e-8",
    "P4, 400, 1e-11",
    "P4, 200, 1e-11",
    "P5, 400, 1e-9",
    "P5, 260, 1e-9",
    "P5, 200, 1e-9",
    "P4W, 400, 1e-7",
    "P5W, 1600, 1e-9",
    "A1, 400, 1e-9",
    "A1, 300, 1e-9",
    "A2, 400, 1e-9",
    "A2, 300, 1e-9",
    "A3, 200, 1e-7",
    "A3, 400, 1e-7",
    "Q1, 400, 1e-9",
    "Q1, 300, 1e-9",
    "Q2, 200, 1e-9",
    "Q2, 100, 1e-9",
    "V1, 200, 1e-9",
    "V1, 100, 1e-9",
    "CHIRP, 400, 1e-7",
    "PACKET, 400, 1e-7"
  })
  void solvesFromSamplesOnTheGrid(String name, int points, double bound) {
    PdeExample example = PdeExamples.of(name, points);
    PdeSolution found = PdeSolver.of(sampled(example)).solve();
    double error = example.relativeError(found);
    assertTrue(error < bound, "error " + error);
    assertEquals(SolutionStatus.SOLVED, found.status());
    assertFalse(found.nyquistWarning());
    assertTrue(found.residual() < 1e-8, "residual " + found.residual());
    assertTrue(found.midpointResidual().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"P1", "P2"})
  void classicalSolversNeedMorePoints(String name) {
    PdeExample example = PdeExamples.of(name, 260);
    double[][] points = example.evaluationPoints();
    assertTrue(example.relativeError(points, Chebyshev.solve(example)) > 0.1);
    assertTrue(FiniteDifferences.relativeError(example) > 0.1);
  }

  @Test
  void theRivalsWorkWhereTheyHaveEnoughPoints() {
    PdeExample line = PdeExamples.of("P1", 400);
    assertTrue(line.relativeError(line.evaluationPoints(), Chebyshev.solve(line)) < 1e-9);
    assertTrue(FiniteDifferences.relativeError(PdeExamples.of("P4", 4000)) < 1e-4);
    PdeExample square = PdeExamples.of("Q2", 150);
    assertTrue(square.relativeError(square.evaluationPoints(), Chebyshev.solve(square)) < 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"P1, 199", "Q1, 200"})
  void warnsNearNyquist(String name, int points) {
    PdeExample example = PdeExamples.of(name, points);
    for (PdeProblem problem : List.of(sampled(example), example.problem())) {
      PdeSolution found = PdeSolver.of(problem).solve();
      assertEquals(SolutionStatus.NYQUIST, found.status());
      assertTrue(found.nyquistWarning());
      assertTrue(found.warnings().get(0).contains("Nyquist"), found.warnings().toString());
    }
  }

  @Test
  void aCallableSourceShowsAliasesThatSamplesHide() {
    // 100 on 121 points looks like 20, far below Nyquist.
    PdeExample example = PdeExamples.of("P1", 121);
    assertFalse(PdeSolver.of(sampled(example)).solve().nyquistWarning());
    PdeSolution found = PdeSolver.of(example.problem()).solve();
    assertEquals(SolutionStatus.NYQUIST, found.status());
    assertTrue(found.midpointResidual().getAsDouble() > 0.1);
  }

  @Test
  void checksBetweenTheGridPointsWhereTheSourceIsCallable() {
    for (String name : List.of("P2", "A1", "Q2", "V1")) {
      PdeProblem problem =
          PdeExamples.of(name)
              .problem()
              .withSource(PdeExamples.of(name).problem().sourceField().orElse((x, y) -> 0));
      PdeSolution found = PdeSolver.of(problem).solve();
      assertEquals(SolutionStatus.SOLVED, found.status(), name);
      assertTrue(found.midpointResidual().getAsDouble() < 1e-9, name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P2", "PACKET", "A1", "Q2"})
  void givesTheSameBits(String name) {
    PdeExample example = PdeExamples.of(name);
    double[][] points = example.evaluationPoints();
    PdeSolution one = PdeSolver.of(example.problem()).solve();
    PdeSolution other = PdeSolver.of(example.problem()).solve();
    assertArrayEquals(one.values(points), other.values(points), 0);
    assertEquals(one.residual(), other.residual());
    assertEquals(one.frequencies(), other.frequencies());
  }

  @Test
  void findsTheFrequencies() {
    List<SpectralLine> lines = PdeSolver.of(sampled(PdeExamples.of("P2"))).solve().frequencies();
    assertEquals(3, lines.size());
    assertEquals(0, lines.get(0).frequency());
    assertEquals(94 / (2 * Math.PI), lines.get(1).frequency(), 1e-8);
    assertEquals(106 / (2 * Math.PI), lines.get(2).frequency(), 1e-8);
    assertEquals(1, Math.max(lines.get(1).weight(), lines.get(2).weight()), 1e-12);
  }

  @Test
  void differentiates() {
    PdeSolution line = PdeSolver.of(sampled(PdeExamples.of("P1"))).solve();
    assertEquals(100 * Math.cos(70), line.derivative(Derivative.X, 0.7), 1e-7);
    assertEquals(-1e4 * Math.sin(70), line.derivative(Derivative.XX, 0.7), 1e-6);
    PdeSolution square = PdeSolver.of(sampled(PdeExamples.of("Q1", 300))).solve();
    assertEquals(
        1e4 * Math.cos(70) * Math.cos(40), square.derivative(Derivative.XY, 0.7, 0.4), 1e-6);
    assertEquals(
        -1e4 * Math.sin(70) * Math.sin(40), square.derivative(Derivative.YY, 0.7, 0.4), 1e-6);
  }

  @Test
  void coversTheTruthUnderNoise() {
    Random random = new Random(11);
    for (String name : List.of("P1", "P4")) {
      PdeExample example = PdeExamples.of(name);
      double[] clean = example.problem().source();
      double size = IntervalSolver.rms(clean);
      int inside = 0;
      int draws = 40;
      double noise = 0;
      double[][] points = {{0.13}, {0.31}, {0.5}, {0.77}, {0.92}};
      for (int draw = 0; draw < draws; draw++) {
        double[] noisy = clean.clone();
        for (int i = 0; i < noisy.length; i++) {
          noisy[i] += 1e-4 * size * random.nextGaussian();
        }
        PdeSolution found = PdeSolver.of(example.problem().withSource(noisy)).solve();
        assertEquals(SolutionStatus.NOISY, found.status());
        noise += found.noise().getAsDouble() / draws;
        double[] values = found.values(points);
        double[] deviations = found.standardDeviations(points).orElseThrow();
        for (int i = 0; i < points.length; i++) {
          double error = Math.abs(values[i] - example.solution().at(points[i][0], 0));
          inside += error <= 1.96 * deviations[i] ? 1 : 0;
          assertTrue(deviations[i] < 1e-2 && error < 1e-2, "error " + error);
        }
      }
      assertTrue(inside >= 0.85 * draws * points.length, name + ": " + inside);
      assertEquals(1e-4, noise, 1e-5);
    }
  }

  @Test
  void coversTheTruthUnderNoiseOnARectangle() {
    PdeExample example = PdeExamples.of("Q2", 100);
    Random random = new Random(12);
    double[] clean = example.problem().source();
    double size = IntervalSolver.rms(clean);
    double[][] points = {{1, 1}, {3, 2}, {5, 5.5}, {0.3, 4}, {6, 0.2}, {2, 4.4}, {4, 3}, {1.7, 6}};
    int inside = 0;
    int draws = 5;
    for (int draw = 0; draw < draws; draw++) {
      double[] noisy = clean.clone();
      for (int i = 0; i < noisy.length; i++) {
        noisy[i] += 1e-4 * size * random.nextGaussian();
      }
      PdeSolution found = PdeSolver.of(example.problem().withSource(noisy)).solve();
      assertEquals(SolutionStatus.NOISY, found.status());
      assertEquals(1e-4, found.noise().getAsDouble(), 2e-5);
      double[] values = found.values(points);
      double[] deviations = found.standardDeviations(points).orElseThrow();
      for (int i = 0; i < points.length; i++) {
        double exact = example.solution().at(points[i][0], points[i][1]);
        inside += Math.abs(values[i] - exact) <= 1.96 * deviations[i] ? 1 : 0;
        assertTrue(Math.abs(values[i] - exact) < 0.01);
      }
    }
    assertTrue(inside >= 0.8 * draws * points.length, "inside " + inside);
  }

  @Test
  void standardDeviationsVanishOnTheBoundary() {
    PdeExample example = PdeExamples.of("P1");
    double[] noisy = example.problem().source();
    Random random = new Random(3);
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] += random.nextGaussian();
    }
    PdeSolution found = PdeSolver.of(example.problem().withSource(noisy)).solve();
    double inside = found.standardDeviation(3).getAsDouble();
    assertTrue(inside > 0);
    assertTrue(found.standardDeviation(0).getAsDouble() < 1e-6 * inside);
    assertTrue(found.standardDeviation(2 * Math.PI).getAsDouble() < 1e-6 * inside);
    assertEquals(0, found.value(0), 1e-12);
  }

  @Test
  void solvesVariableCoefficientsOnAnInterval() {
    // ((1 + x/2) u′)′ + cos(3x) u = f in expanded form.
    ScalarField u = (x, y) -> Math.sin(80 * x) + x;
    LinearOperator operator =
        LinearOperator.zero(1)
            .plus(Derivative.XX, (x, y) -> 1 + x / 2)
            .plus(Derivative.X, 0.5)
            .plus(Derivative.NONE, (x, y) -> Math.cos(3 * x));
    ScalarField f =
        (x, y) ->
            -6400 * (1 + x / 2) * Math.sin(80 * x)
                + 0.5 * (80 * Math.cos(80 * x) + 1)
                + Math.cos(3 * x) * u.at(x, 0);
    Grid grid = Grid.of(0, 1, 200);
    PdeSolution found =
        PdeSolver.of(PdeProblem.of(grid, operator).withSource(grid.sample(f)).withBoundary(u))
            .solve();
    assertClose(found, u, 1e-9);
  }

  @Test
  void solvesVariableCoefficientsOnARectangle() {
    ScalarField u = (x, y) -> Math.sin(30 * x) * Math.cos(40 * y);
    LinearOperator operator =
        LinearOperator.zero(2)
            .plus(Derivative.XX, (x, y) -> 1 + x * y / 2)
            .plus(Derivative.YY, (x, y) -> 2 + Math.sin(3 * x))
            .plus(Derivative.XY, 0.3)
            .plus(Derivative.X, (x, y) -> y)
            .plus(Derivative.NONE, -5);
    ScalarField f =
        (x, y) ->
            (-900 * (1 + x * y / 2) - 1600 * (2 + Math.sin(3 * x)) - 5) * u.at(x, y)
                - 0.3 * 1200 * Math.cos(30 * x) * Math.sin(40 * y)
                + 30 * y * Math.cos(30 * x) * Math.cos(40 * y);
    Grid grid = Grid.of(0, 1, 100).by(0, 1, 90);
    PdeSolution found =
        PdeSolver.of(PdeProblem.of(grid, operator).withSource(f).withBoundary(u)).solve();
    assertClose(found, u, 1e-7);
    assertTrue(found.standardDeviation(0.5, 0.5).isEmpty());
    assertTrue(found.warnings().toString().contains("no standard deviation"));
  }

  @Test
  void solvesUserNonlinearities() {
    Nonlinearity exponential = new Nonlinearity(Math::exp, Math::exp);
    ScalarField u = (x, y) -> Math.sin(60 * x) + 0.5 * x;
    ScalarField f = (x, y) -> -3600 * Math.sin(60 * x) + Math.exp(u.at(x, 0));
    Grid line = Grid.of(0, 1, 200);
    PdeProblem problem = PdeProblem.poisson(line).withNonlinearity(exponential);
    PdeProblem posed = problem.withSource(line.sample(f)).withBoundary(u);
    assertClose(PdeSolver.of(posed).solve(), u, 1e-9);

    ScalarField v = (x, y) -> Math.sin(20 * x) * Math.sin(25 * y);
    ScalarField g = (x, y) -> -1025 * v.at(x, y) + Math.exp(v.at(x, y));
    Grid square = Grid.of(0, 1, 80).by(0, 2, 120);
    PdeProblem second =
        PdeProblem.poisson(square)
            .withNonlinearity(exponential)
            .withSource(square.sample(g))
            .withBoundary(v);
    assertClose(PdeSolver.of(second).solve(), v, 1e-7);
  }

  @Test
  void solvesAnOscillatingOperatorWithoutSource() {
    // u″ + 50²u = 0 gets all its frequencies from the operator.
    ScalarField u = (x, y) -> Math.cos(50 * x) + 0.3 * Math.sin(50 * x);
    LinearOperator operator = LinearOperator.laplacian(1).plus(Derivative.NONE, 2500);
    PdeProblem problem =
        PdeProblem.of(Grid.of(0, 1, 100), operator).withSource(new double[100]).withBoundary(u);
    assertClose(PdeSolver.of(problem).solve(), u, 1e-8);
  }

  @Test
  void solvesFirstOrderAndBoundaryLayers() {
    ScalarField u = (x, y) -> Math.sin(90 * x);
    Grid grid = Grid.of(0, 1, 150);
    LinearOperator slope = LinearOperator.zero(1).plus(Derivative.X, -2);
    PdeProblem first =
        PdeProblem.of(grid, slope)
            .withSource(grid.sample((x, y) -> -180 * Math.cos(90 * x)))
            .withBoundary(u);
    assertEquals(Set.of(Side.RIGHT), first.boundarySides());
    assertClose(PdeSolver.of(first).solve(), u, 1e-9);

    // u″ = 900u: layers of width 1/30 at both ends.
    ScalarField layers = (x, y) -> Math.exp(-30 * x) + 2 * Math.exp(30 * (x - 1));
    LinearOperator decay = LinearOperator.laplacian(1).plus(Derivative.NONE, -900);
    PdeProblem second = PdeProblem.of(grid, decay).withSource(new double[150]).withBoundary(layers);
    assertClose(PdeSolver.of(second).solve(), layers, 1e-6);
  }

  @Test
  void solvesTheHeatEquationAndNegativeSpeeds() {
    Grid grid = Grid.of(0, 1, 100).by(0, 1, 100);
    LinearOperator heat = LinearOperator.zero(2).plus(Derivative.Y, 1).plus(Derivative.XX, -0.01);
    ScalarField u = (x, t) -> Math.exp(-9 * t) * Math.sin(30 * x) + Math.sin(50 * t) * x;
    PdeProblem problem =
        PdeProblem.of(grid, heat)
            .withSource(grid.sample((x, t) -> 50 * Math.cos(50 * t) * x))
            .withBoundary(u);
    assertClose(PdeSolver.of(problem).solve(), u, 1e-6);

    ScalarField wave = (x, t) -> Math.sin(3 * x + 60 * t);
    PdeProblem back = PdeProblem.advection(grid, -20).withBoundary(wave);
    assertEquals(Set.of(Side.RIGHT, Side.BOTTOM), back.boundarySides());
    assertClose(PdeSolver.of(back).solve(), wave, 1e-8);
  }

  @Test
  void solvesLaplacesEquation() {
    Grid grid = Grid.of(0, 1, 60).by(0, 1, 60);
    ScalarField u = (x, y) -> Math.sin(6 * x) * Math.sinh(6 * y) / Math.sinh(6);
    PdeProblem problem = PdeProblem.poisson(grid).withSource(new double[3600]).withBoundary(u);
    assertClose(PdeSolver.of(problem).solve(), u, 1e-7);
  }

  @Test
  void nothingInGivesNothingOut() {
    PdeProblem line =
        PdeProblem.poisson(Grid.of(0, 1, 20)).withSource(new double[20]).withBoundary((x, y) -> 0);
    PdeSolution found = PdeSolver.of(line).solve();
    assertEquals(0, found.value(0.3));
    assertEquals(SolutionStatus.SOLVED, found.status());
    Grid grid = Grid.of(0, 1, 20).by(0, 1, 10);
    PdeSolution flat =
        PdeSolver.of(PdeProblem.poisson(grid).withSource(new double[200]).withBoundary((x, y) -> 0))
            .solve();
    assertEquals(0, flat.value(0.3, 0.9));
    PdeProblem constant =
        PdeProblem.poisson(Grid.of(2, 3, 20)).withSource(new double[20]).withBoundary((x, y) -> 7);
    assertEquals(7, PdeSolver.of(constant).solve().value(2.5), 1e-9);
  }

  @Test
  void worksOnTheSmallestGrids() {
    for (int n = 4; n < 12; n++) {
      PdeProblem line =
          PdeProblem.poisson(Grid.of(0, 1, n))
              .withSource((x, y) -> 2)
              .withBoundary((x, y) -> x * x);
      assertEquals(0.25, PdeSolver.of(line).solve().value(0.5), 1e-5);
      PdeProblem square =
          PdeProblem.poisson(Grid.of(0, 1, n).by(0, 1, 4))
              .withSource((x, y) -> 2)
              .withBoundary((x, y) -> x * x);
      assertTrue(Double.isFinite(PdeSolver.of(square).solve().value(0.5, 0.5)));
    }
  }

  @Test
  void tellsPhasesAndStops() {
    PdeProblem problem = sampled(PdeExamples.of("A3", 100));
    List<String> phases = new ArrayList<>();
    PdeSolution found = PdeSolver.of(problem).onPhase(phases::add).solve();
    assertTrue(phases.contains("detect") && phases.contains("newton"), phases.toString());
    assertTrue(found.secondsByPhase().keySet().containsAll(List.of("detect", "newton")));
    assertTrue(found.seconds() > 0);

    PdeSolver stopped = PdeSolver.of(problem).cancelled(() -> true);
    assertThrows(CancellationException.class, stopped::solve);
    int[] asked = new int[1];
    PdeSolver later = PdeSolver.of(problem).cancelled(() -> ++asked[0] > 10);
    assertThrows(CancellationException.class, later::solve);

    for (String name : List.of("PACKET", "A1", "A3", "Q2")) {
      PdeSolution hasty =
          PdeSolver.of(sampled(PdeExamples.of(name))).timeLimit(Duration.ofNanos(1)).solve();
      assertEquals(SolutionStatus.TIME_LIMIT, hasty.status(), name);
      assertTrue(Double.isFinite(hasty.residual()), name);
    }
    PdeSolver any = PdeSolver.of(problem);
    assertThrows(IllegalArgumentException.class, () -> any.timeLimit(Duration.ofNanos(-1)));
    for (String name : List.of("P1", "P4", "A1", "Q2", "V1", "A3")) {
      PdeSolution first =
          PdeSolver.of(sampled(PdeExamples.of(name))).timeLimit(Duration.ZERO).solve();
      assertEquals(SolutionStatus.TIME_LIMIT, first.status(), name);
      assertTrue(
          Double.isFinite(
              first.value(
                  first.problem().grid().dimension() == 1
                      ? new double[] {0.3}
                      : new double[] {0.3, 0.4})),
          name);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 50_000})
  void aTimeLimitIsKeptOnLongAxes(int points) {
    // A chirp, of which lines explain little however many are sought.
    double top = 2.5 * points;
    ScalarField chirp = (x, y) -> Math.sin(20 * x + top / 2 * x * x);
    PdeProblem problem =
        PdeProblem.poisson(Grid.of(0, 1, points)).withSource(chirp).withBoundary((x, y) -> 0);
    // Of processor time, because the machine may be busy.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();
    PdeSolution found = PdeSolver.of(problem).timeLimit(Duration.ofSeconds(2)).solve();
    double seconds = (threads.getCurrentThreadCpuTime() - begin) * 1e-9;
    assertEquals(SolutionStatus.TIME_LIMIT, found.status());
    assertTrue(seconds < 2.5, "took " + seconds + " s");
    assertTrue(Double.isFinite(found.value(0.3)));
  }

  private static void assertClose(PdeSolution found, ScalarField exact, double bound) {
    Grid grid = found.problem().grid();
    double wrong = 0;
    double size = 0;
    for (int i = 0; i <= 40; i++) {
      for (int j = 0; j <= (grid.dimension() == 1 ? 0 : 40); j++) {
        double x = grid.lower(0) + grid.length(0) * i / 40;
        double y = grid.dimension() == 1 ? 0 : grid.lower(1) + grid.length(1) * j / 40;
        double value = grid.dimension() == 1 ? found.value(x) : found.value(x, y);
        wrong += Math.pow(value - exact.at(x, y), 2);
        size += Math.pow(exact.at(x, y), 2);
      }
    }
    double error = Math.sqrt(wrong / size);
    assertTrue(error < bound, "error " + error + ", " + found + " " + found.warnings());
  }
}
