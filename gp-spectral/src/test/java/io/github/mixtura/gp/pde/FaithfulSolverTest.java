package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.gp.SpectralMixture;
import io.github.mixtura.gp.SpectralMixture.Bump;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaithfulSolverTest {
  private static final double END = 2 * Math.PI;

  private static PdeProblem p1(int points) {
    return PdeProblem.poisson(Grid.of(0, END, points))
        .withSource((x, y) -> -1e4 * Math.sin(100 * x))
        .withBoundary((x, y) -> Math.sin(100 * x));
  }

  private static double error(FaithfulSolution solution, double end, ScalarField exact) {
    double[] points = new double[300];
    for (int i = 0; i < 300; i++) {
      points[i] = Math.min(end, end * i / 299);
    }
    double[] u = solution.evaluate(points);
    double left = 0;
    double size = 0;
    for (int i = 0; i < 300; i++) {
      double value = exact.at(points[i], 0);
      left += (u[i] - value) * (u[i] - value);
      size += value * value;
    }
    return Math.sqrt(left / size);
  }

  @ParameterizedTest
  @EnumSource(Bump.class)
  void aHighFrequencyIsLearnedAndSolvedFor(Bump bump) {
    List<String> phases = new ArrayList<>();
    FaithfulSolution solution =
        FaithfulSolver.of(p1(400)).withBump(bump).withProgress(phases::add).solve();
    assertTrue(error(solution, END, (x, y) -> Math.sin(100 * x)) < 1e-7);
    FaithfulSolution.Report report = solution.report();
    assertEquals(FaithfulSolution.Status.SOLVED, report.status());
    assertEquals(30, report.mixture().components().size() + report.removed().size());
    assertTrue(report.mixture().components().size() <= 5);
    double omega = 2 * Math.PI * report.mixture().components().get(0).frequency();
    assertEquals(100, Math.abs(omega), 0.01);
    assertTrue(report.residual() < 1e-6 && report.leaveOneOutResidual() < 1e-6);
    assertEquals(phases.size() - 1, report.seconds().size());
    double slope = solution.derivative(1, 1.0)[0];
    assertEquals(100 * Math.cos(100), slope, 1e-3);
    assertEquals(-1e4 * Math.sin(100), solution.derivative(2, 1.0)[0], 1e-1);
    assertTrue(solution.standardDeviation(1.0)[0] < 0.1);
  }

  @ParameterizedTest
  @EnumSource(Bump.class)
  @Tag("full")
  void allenCahnConverges(Bump bump) {
    PdeProblem problem =
        PdeProblem.allenCahn(Grid.of(0, END, 400))
            .withSource(
                (x, y) -> {
                  double u = Math.sin(100 * x);
                  return -1e4 * u + u * (u * u - 1);
                })
            .withBoundary((x, y) -> Math.sin(100 * x));
    FaithfulSolution solution = FaithfulSolver.of(problem).withBump(bump).solve();
    assertTrue(error(solution, END, (x, y) -> Math.sin(100 * x)) < 1e-5);
  }

  @Test
  void variableCoefficientsAndFirstOrderTermsAreSolved() {
    LinearOperator operator =
        LinearOperator.zero(1)
            .plus(Derivative.XX, (x, y) -> 1 + x)
            .plus(Derivative.X, 3)
            .plus(Derivative.NONE, (x, y) -> -Math.exp(x));
    ScalarField exact = (x, y) -> Math.sin(20 * x) + x * x;
    PdeProblem problem =
        PdeProblem.of(Grid.of(0, 1, 120), operator)
            .withSource(
                (x, y) ->
                    (1 + x) * (-400 * Math.sin(20 * x) + 2)
                        + 3 * (20 * Math.cos(20 * x) + 2 * x)
                        - Math.exp(x) * exact.at(x, y))
            .withBoundary(exact);
    for (Bump bump : Bump.values()) {
      FaithfulSolution solution = FaithfulSolver.of(problem).withBump(bump).solve();
      double error = error(solution, 1, exact);
      assertTrue(error < 1e-4, bump + " " + error);
    }
  }

  @Test
  void thePapersObjectiveImprovesStepByStep() {
    FaithfulSolver solver =
        FaithfulSolver.of(p1(260)).withObjective(FaithfulSolver.Objective.PAPER);
    FaithfulSolution early = solver.withSteps(5).solve();
    FaithfulSolution late = solver.withSteps(300).solve();
    assertEquals(300, late.report().steps());
    assertTrue(late.report().objective() > early.report().objective());
    assertTrue(late.report().residual() < 0.1 * early.report().residual());
    ScalarField exact = (x, y) -> Math.sin(100 * x);
    assertTrue(error(late, END, exact) < 0.5 * error(early, END, exact));
    assertTrue(Double.isNaN(late.standardDeviation(1.0)[0]));
  }

  @Test
  void thePapersObjectiveHasTheRightGradient() {
    PdeProblem problem =
        PdeProblem.of(
                Grid.of(0, 40, 24),
                LinearOperator.laplacian(1).plus(Derivative.X, (x, y) -> 1 + x / 20))
            .withNonlinearity(Nonlinearity.allenCahn())
            .withSource((x, y) -> Math.sin(3 * x))
            .withBoundary((x, y) -> 0.5);
    for (Bump bump : Bump.values()) {
      FaithfulSolver.Options options =
          new FaithfulSolver.Options(
              FaithfulSolver.Objective.PAPER, bump, 3, 0.2, 1, null, () -> false, phase -> {});
      JointFit fit = new JointFit(problem, options);
      SplittableRandom random = new SplittableRandom(4);
      double[] x = fit.start();
      for (int i = 0; i < x.length; i++) {
        x[i] += 0.1 * random.nextGaussian();
      }
      double[] gradient = new double[x.length];
      fit.value(x, gradient);
      double[] unused = new double[x.length];
      double largest = 0;
      for (double slope : gradient) {
        largest = Math.max(largest, Math.abs(slope));
      }
      for (int i = 0; i < x.length; i++) {
        double h = 1e-5;
        double[] up = x.clone();
        double[] down = x.clone();
        up[i] += h;
        down[i] -= h;
        double difference = (fit.value(up, unused) - fit.value(down, unused)) / (2 * h);
        assertEquals(difference, gradient[i], 1e-6 * largest, bump + " " + i);
      }
    }
  }

  @Test
  void theCollocationGradientIsThatOfItsMatrix() {
    int n = 12;
    int[] place = new int[n + 1];
    double[][] coefficients = new double[n + 1][3];
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < n; i++) {
      place[i] = i;
      for (int a = 0; a < 3; a++) {
        coefficients[i][a] = random.nextGaussian();
      }
    }
    place[n] = n - 1;
    coefficients[n][0] = 1;
    Collocation rows = new Collocation(n, place, coefficients);
    DMatrixRMaj weights = new DMatrixRMaj(n + 1, n + 1);
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= i; j++) {
        double w = random.nextGaussian();
        weights.set(i, j, w);
        weights.set(j, i, w);
      }
    }
    SpectralMixture k = SpectralMixture.comb(Bump.STUDENT_T, 3, 2, 0.6);
    double[] gradient = rows.gradient(k, weights);
    double[] parameters = k.parameters();
    for (int p = 0; p < parameters.length; p++) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[p] += 1e-5;
      down[p] -= 1e-5;
      double difference =
          (product(rows.matrix(k.withParameters(up)), weights)
                  - product(rows.matrix(k.withParameters(down)), weights))
              / 2e-5;
      assertEquals(difference, gradient[p], 1e-6 * (1 + Math.abs(gradient[p])));
    }
    // Two ways to the same mean of u.
    double[] w = new double[n + 1];
    for (int i = 0; i <= n; i++) {
      w[i] = random.nextGaussian();
    }
    double[] grid = rows.atGrid(k, w);
    for (int g = 0; g < n; g++) {
      double[] cross = rows.cross(k, (double) g / (n - 1), 0);
      double sum = 0;
      for (int i = 0; i <= n; i++) {
        sum += cross[i] * w[i];
      }
      assertEquals(sum, grid[g], 1e-9 * (1 + Math.abs(sum)));
    }
  }

  @Test
  void differencesEstimateWhatResidualsMean() {
    int n = 201;
    for (int order = 1; order <= 2; order++) {
      int[] place = new int[n + order];
      double[][] coefficients = new double[n + order][3];
      double[] right = new double[n + order];
      for (int i = 0; i < n; i++) {
        double t = i / 200.0;
        place[i] = i;
        coefficients[i][order] = 2;
        coefficients[i][0] = -1;
        double derivative = order == 2 ? -9 * Math.sin(3 * t) : 3 * Math.cos(3 * t);
        right[i] = 2 * derivative - Math.sin(3 * t);
      }
      for (int end = 0; end < order; end++) {
        place[n + end] = end * (n - 1);
        coefficients[n + end][0] = 1;
        right[n + end] = Math.sin(3 * end);
      }
      double[] u = new Collocation(n, place, coefficients).byDifferences(right);
      for (int i = 0; i < n; i++) {
        assertEquals(Math.sin(3 * i / 200.0), u[i], order == 2 ? 1e-4 : 2e-2);
      }
    }
  }

  private static double product(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0;
    for (int i = 0; i < a.data.length; i++) {
      sum += a.data[i] * b.data[i];
    }
    return sum;
  }

  @Test
  void aZeroSourceGivesTheLineThroughTheEnds() {
    PdeProblem problem =
        PdeProblem.poisson(Grid.of(0, 1, 40))
            .withSource(new double[40])
            .withBoundary((x, y) -> 1 + 2 * x);
    FaithfulSolution solution = FaithfulSolver.of(problem).solve();
    assertEquals(2, solution.evaluate(0.5)[0], 1e-5);
  }

  @Test
  void timeAndCancellationEnd() {
    FaithfulSolver solver = FaithfulSolver.of(p1(260));
    assertEquals(
        FaithfulSolution.Status.TIME_LIMIT,
        solver.withTimeLimit(Duration.ZERO).solve().report().status());
    assertThrows(CancellationException.class, () -> solver.withCancelled(() -> true).solve());
    FaithfulSolver paper = solver.withObjective(FaithfulSolver.Objective.PAPER);
    assertEquals(1, paper.withTimeLimit(Duration.ZERO).solve().report().steps());
    assertThrows(CancellationException.class, () -> paper.withCancelled(() -> true).solve());
  }

  @Test
  void badInputIsNamed() {
    PdeProblem flat =
        PdeProblem.poisson(Grid.of(0, 1, 9).by(0, 1, 9))
            .withSource((x, y) -> 1)
            .withBoundary((x, y) -> 0);
    assertEquals(
        "grid has 2 axes, must have 1 in faithful mode; use PdeSolver in two dimensions",
        assertThrows(IllegalArgumentException.class, () -> FaithfulSolver.of(flat)).getMessage());
    PdeProblem open = PdeProblem.poisson(Grid.of(0, 1, 9)).withSource((x, y) -> 1);
    assertThrows(IllegalArgumentException.class, () -> FaithfulSolver.of(open));
    FaithfulSolver solver = FaithfulSolver.of(p1(30));
    assertThrows(IllegalArgumentException.class, () -> solver.withComponents(1));
    assertThrows(IllegalArgumentException.class, () -> solver.withSteps(0));
    assertThrows(IllegalArgumentException.class, () -> solver.withHighestFrequency(0));
    FaithfulSolution solution = solver.withSteps(2).solve();
    assertThrows(IllegalArgumentException.class, () -> solution.evaluate(7));
    assertThrows(IllegalArgumentException.class, () -> solution.derivative(3, 1.0));
  }
}
