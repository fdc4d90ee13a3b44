package io.github.mixtura.gp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.gp.SpectralMixture.Bump;
import io.github.mixtura.gp.SpectralMixture.Component;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RegressionTest {
  private static final List<Component> COMPONENTS =
      List.of(new Component(0.7, 0.5, 0), new Component(0.3, 2, 1.3));

  private static final Map<String, CovarianceFunction> ONE_COLUMN =
      Map.of(
          "squared exponential", SquaredExponential.of(0.4),
          "matern 1/2", Matern.of(Matern.Smoothness.HALF, 0.4),
          "matern 3/2", Matern.of(Matern.Smoothness.THREE_HALVES, 0.4),
          "matern 5/2", Matern.of(Matern.Smoothness.FIVE_HALVES, 0.4),
          "periodic", Periodic.of(0.75, 1.5),
          "gaussian mixture", SpectralMixture.of(Bump.GAUSSIAN, COMPONENTS),
          "student mixture", SpectralMixture.of(Bump.STUDENT_T, COMPONENTS));

  private static final List<CovarianceFunction> TWO_COLUMNS =
      List.of(SquaredExponential.of(0.4), Matern.of(Matern.Smoothness.FIVE_HALVES, 0.7));

  private static void assertClose(double[] expected, double[] actual, double relative) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], relative * largest, "entry " + i);
    }
  }

  private static void assertEachClose(double[] expected, double[] actual, double relative) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], relative * Math.abs(expected[i]), "entry " + i);
    }
  }

  @Test
  void exactRegressionAgreesWithFiftyDigits() throws IOException {
    Map<String, Map<String, double[]>> cases = ReferenceCases.read();
    assertEquals(10, cases.size());
    cases.forEach(
        (name, values) -> {
          CovarianceFunction one = ONE_COLUMN.get(name);
          List<CovarianceFunction> columns = one == null ? TWO_COLUMNS : List.of(one);
          GaussianPosterior posterior =
              GaussianProcess.of(columns, values.get("noise")[0])
                  .fit(ReferenceCases.rows(values.get("x"), columns.size()), values.get("y"));
          double[][] points = ReferenceCases.rows(values.get("points"), columns.size());
          assertEquals(0, posterior.jitter());
          assertEachClose(values.get("mean"), posterior.mean(points), 1e-9);
          assertEachClose(values.get("variance"), posterior.variance(points), 1e-9);
          assertEachClose(
              values.get("likelihood"), new double[] {posterior.logMarginalLikelihood()}, 1e-9);
        });
  }

  @Test
  void gridAndToeplitzAgreeWithFiftyDigits() throws IOException {
    Map<String, Map<String, double[]>> cases = ReferenceCases.read();
    ONE_COLUMN.forEach(
        (name, k) -> {
          Map<String, double[]> values = cases.get(name);
          double noise = values.get("noise")[0];
          ToeplitzPosterior toeplitz =
              ToeplitzProcess.of(k, noise).fit(values.get("x"), values.get("y"));
          assertEachClose(values.get("mean"), toeplitz.mean(values.get("points")), 1e-9);
          assertEachClose(values.get("variance"), toeplitz.variance(values.get("points")), 1e-9);
          assertEquals(
              values.get("likelihood")[0],
              toeplitz.logMarginalLikelihood(),
              1e-9 * Math.abs(values.get("likelihood")[0]));
          assertTrue(toeplitz.relativeResidual() < 1e-9);
        });
    Map<String, double[]> values = cases.get("grid");
    GridPosterior grid =
        GridProcess.of(TWO_COLUMNS, values.get("noise")[0])
            .fit(new double[][] {{0, 0.25, 0.75, 1}, {0, 0.5, 0.625, 1, 1.25}}, values.get("y"));
    double[][] points = ReferenceCases.rows(values.get("points"), 2);
    assertEachClose(values.get("mean"), grid.mean(points), 1e-9);
    assertEachClose(values.get("variance"), grid.variance(points), 1e-9);
    assertEachClose(values.get("likelihood"), new double[] {grid.logMarginalLikelihood()}, 1e-9);
  }

  private static double[] normals(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  private static double[] steps(int n, double step) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i * step;
    }
    return x;
  }

  @Test
  void toeplitzIsDense() {
    CovarianceFunction k =
        SpectralMixture.of(Bump.STUDENT_T, COMPONENTS)
            .plus(SquaredExponential.of(0.8).times(Periodic.of(1.1, 0.8)).scaled(0.4));
    double[] points = {-0.4, 0.33, 7.77, 40};
    for (int n : new int[] {1, 2, 17, 250}) {
      double[] y = normals(n, 3);
      GaussianPosterior dense = GaussianProcess.of(k, 0.01).fit(steps(n, 0.05), y);
      ToeplitzPosterior toeplitz = ToeplitzProcess.of(k, 0.01).fit(0, 0.05, y);
      assertClose(dense.mean(points), toeplitz.mean(points), 1e-10);
      assertClose(dense.mean(steps(n, 0.05)), toeplitz.fitted(), 1e-10);
      assertClose(dense.variance(points), toeplitz.variance(points), 1e-10);
      assertEquals(dense.logMarginalLikelihood(), toeplitz.logMarginalLikelihood(), 1e-8);
      assertClose(
          dense.logMarginalLikelihoodGradient(), toeplitz.logMarginalLikelihoodGradient(), 1e-9);
    }
  }

  @Test
  void kroneckerIsDenseInOneTwoAndThreeDimensions() {
    SplittableRandom random = new SplittableRandom(9);
    List<CovarianceFunction> all =
        List.of(
            SpectralMixture.of(Bump.GAUSSIAN, COMPONENTS),
            SquaredExponential.of(0.3),
            Matern.of(Matern.Smoothness.THREE_HALVES, 0.5));
    int[] sizes = {6, 14, 3};
    for (int d = 1; d <= 3; d++) {
      double[][] axes = new double[d][];
      int total = 1;
      for (int a = 0; a < d; a++) {
        axes[a] = steps(sizes[a], 0.15);
        for (int i = 0; i < sizes[a]; i++) {
          axes[a][i] += 0.05 * random.nextDouble();
        }
        total *= sizes[a];
      }
      double[][] x = new double[total][d];
      for (int i = 0; i < total; i++) {
        int rest = i;
        for (int a = d - 1; a >= 0; a--) {
          x[i][a] = axes[a][rest % sizes[a]];
          rest /= sizes[a];
        }
      }
      double[] y = normals(total, d);
      double[][] points = new double[5][d];
      for (double[] point : points) {
        for (int a = 0; a < d; a++) {
          point[a] = 2 * random.nextDouble() - 0.5;
        }
      }
      GaussianPosterior dense = GaussianProcess.of(all.subList(0, d), 0.05).fit(x, y);
      GridPosterior grid = GridProcess.of(all.subList(0, d), 0.05).fit(axes, y);
      assertClose(dense.mean(points), grid.mean(points), 1e-11);
      assertClose(dense.mean(x), grid.fitted(), 1e-11);
      assertClose(dense.variance(points), grid.variance(points), 1e-11);
      assertEquals(dense.logMarginalLikelihood(), grid.logMarginalLikelihood(), 1e-9);
      assertClose(
          dense.logMarginalLikelihoodGradient(), grid.logMarginalLikelihoodGradient(), 1e-10);
    }
  }

  @Test
  void gradientsAreDifferences() {
    double[] y = normals(60, 4);
    double[][] x = new double[60][];
    for (int i = 0; i < 60; i++) {
      x[i] = new double[] {0.1 * i, Math.sin(i), 2};
    }
    GaussianProcess process =
        GaussianProcess.of(
            List.of(
                SpectralMixture.of(Bump.STUDENT_T, COMPONENTS),
                Matern.of(Matern.Smoothness.HALF, 2).scaled(1.5),
                SquaredExponential.of(0.5)),
            0.1);
    double[] gradient = process.fit(x, y).logMarginalLikelihoodGradient();
    double[] parameters = process.parameters();
    double largest = 0;
    for (double value : gradient) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int p = 0; p < parameters.length; p++) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[p] += 1e-4;
      down[p] -= 1e-4;
      double difference =
          (process.withParameters(up).fit(x, y).logMarginalLikelihood()
                  - process.withParameters(down).fit(x, y).logMarginalLikelihood())
              / 2e-4;
      assertEquals(difference, gradient[p], 1e-6 * largest, "parameter " + p);
    }
    // The third column never changes: its length scale has no influence.
    assertEquals(0, gradient[parameters.length - 2]);
  }

  @Test
  void aConstantColumnChangesNothing() {
    double[] y = normals(30, 6);
    double[][] narrow = new double[30][];
    double[][] wide = new double[30][];
    for (int i = 0; i < 30; i++) {
      narrow[i] = new double[] {0.1 * i};
      wide[i] = new double[] {0.1 * i, 7};
    }
    CovarianceFunction k = SquaredExponential.of(0.4);
    GaussianPosterior one = GaussianProcess.of(k, 0.01).fit(narrow, y);
    GaussianPosterior two = GaussianProcess.of(List.of(k, k), 0.01).fit(wide, y);
    assertClose(one.mean(narrow), two.mean(wide), 0);
    assertClose(one.variance(narrow), two.variance(wide), 0);
    Learner.Learned<GaussianProcess> learned =
        Learner.defaults().learn(GaussianProcess.of(List.of(k, k), 0.01), wide, y);
    assertEquals(
        0.4, ((SquaredExponential) learned.process().columns().get(1)).lengthScale(), 1e-12);
    // A single point on one axis of a grid is the same as a column that never changes.
    double[][] axes = {new double[30], {7}};
    for (int i = 0; i < 30; i++) {
      axes[0][i] = 0.1 * i;
    }
    GridPosterior grid = GridProcess.of(List.of(k, k), 0.01).fit(axes, y);
    assertClose(one.mean(narrow), grid.fitted(), 1e-11);
  }

  @Test
  void conjugateGradientsAndLanczosAgreeWithLevinson() {
    int n = ToeplitzProcess.EXACT_UP_TO + 1;
    CovarianceFunction k =
        SpectralMixture.of(
            Bump.GAUSSIAN, List.of(new Component(1, 50, 0), new Component(0.5, 300, 0.0016)));
    double[] y = normals(n, 7);
    for (int i = 0; i < n; i++) {
      y[i] = 0.3 * y[i] + Math.sin(0.01 * i);
    }
    ToeplitzPosterior large = ToeplitzProcess.of(k, 0.09).withSeed(3).fit(0, 1, y);
    assertTrue(large.iterations() > 0 && large.iterations() < 60);
    assertTrue(large.relativeResidual() <= 1.1e-10);
    double[] column = ToeplitzPosterior.column(k, 1, n);
    column[0] += 0.09;
    Levinson exact = Levinson.solve(column, y);
    double[] fitted = y.clone();
    for (int i = 0; i < n; i++) {
      fitted[i] -= 0.09 * exact.solution(0)[i];
    }
    assertClose(fitted, large.fitted(), 1e-9);
    LogDeterminant estimate = large.logDeterminant();
    assertEquals(10, estimate.probes());
    assertTrue(estimate.standardError() > 0 && estimate.standardError() < 20);
    assertEquals(exact.logDeterminant(), estimate.value(), 4 * estimate.standardError());
    double[] sums = Toeplitz.diagonalSums(exact.firstColumn());
    double trace = 2 * (large.logMarginalLikelihoodGradient()[6] / 0.09);
    double square = Toeplitz.dot(exact.solution(0), exact.solution(0));
    assertEquals(square - sums[0], trace, 1e-7 * sums[0]);
  }

  @Test
  @Tag("full")
  void aMillionPointsFitInLittleMemory() {
    int n = 1_000_000;
    double[] y = normals(n, 8);
    for (int i = 0; i < n; i++) {
      y[i] = 0.3 * y[i] + Math.sin(0.01 * i);
    }
    ToeplitzPosterior posterior =
        ToeplitzProcess.of(SquaredExponential.of(50).scaled(1), 0.09).fit(0, 1, y);
    assertTrue(posterior.relativeResidual() <= 1.1e-10);
    double error = 0;
    double[] fitted = posterior.fitted();
    for (int i = 0; i < n; i++) {
      error += Math.pow(fitted[i] - Math.sin(0.01 * i), 2) / n;
    }
    assertTrue(Math.sqrt(error) < 0.05, "error " + Math.sqrt(error));
  }

  @Test
  void almostSingularMatricesAreRepairedAndSaid() {
    double[] x = steps(40, 0.01);
    GaussianPosterior posterior =
        GaussianProcess.of(SquaredExponential.of(1), 0).fit(x, normals(40, 1));
    assertTrue(posterior.jitter() > 0 && posterior.jitter() <= 1e-6);
  }

  @Test
  void theBandOfAPriorDrawCoversAsItSays() {
    int n = 60;
    double[] x = steps(n, 0.05);
    CovarianceFunction k = SpectralMixture.of(Bump.GAUSSIAN, COMPONENTS);
    double noise = 0.04;
    double[][] rows = new double[n][1];
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      rows[i][0] = x[i];
      for (int j = 0; j < n; j++) {
        matrix[i][j] = k.value(x[i] - x[j]) + (i == j ? 1e-12 : 0);
      }
    }
    double[][] root = root(matrix);
    SplittableRandom random = new SplittableRandom(11);
    int inside = 0;
    for (int draw = 0; draw < 200; draw++) {
      double[] z = normals(n, random.nextLong());
      double[] u = new double[n];
      double[] y = new double[n / 2];
      double[] seen = new double[n / 2];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          u[i] += root[i][j] * z[j];
        }
        if (i % 2 == 0) {
          seen[i / 2] = x[i];
          y[i / 2] = u[i] + Math.sqrt(noise) * random.nextGaussian();
        }
      }
      GaussianPosterior posterior = GaussianProcess.of(k, noise).fit(seen, y);
      double[] mean = posterior.mean(x);
      double[] variance = posterior.variance(x);
      for (int i = 0; i < n; i++) {
        inside += Math.abs(u[i] - mean[i]) <= 1.959964 * Math.sqrt(variance[i]) ? 1 : 0;
      }
    }
    double coverage = inside / (200.0 * n);
    assertTrue(coverage >= 0.93 && coverage <= 0.97, "coverage " + coverage);
  }

  /** A Cholesky factor by the textbook. */
  private static double[][] root(double[][] a) {
    int n = a.length;
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }

  @Test
  void badInputIsRefusedWithWhatToUse() {
    CovarianceFunction k = SquaredExponential.of(1);
    GaussianProcess process = GaussianProcess.of(k, 0.1);
    double[] two = {0, 1};
    assertMessage("y has length 1, must have length 2", () -> process.fit(two, new double[1]));
    assertMessage(
        "y[1] is NaN, must be finite", () -> process.fit(two, new double[] {0, Double.NaN}));
    assertMessage(
        "x[0][0] is Infinity, must be finite",
        () -> process.fit(new double[] {Double.POSITIVE_INFINITY, 1}, two));
    assertMessage(
        "x[1] has length 2, must have length 1",
        () -> process.fit(new double[][] {{1}, {1, 2}}, two));
    assertMessage(
        "number of rows of x is 0, must be at least 1",
        () -> process.fit(new double[0], new double[0]));
    assertMessage(
        "points[0][0] is NaN, must be finite",
        () -> process.fit(two, two).mean(new double[] {Double.NaN}));
    assertMessage(
        "noiseVariance is -1.0, must be finite and not negative", () -> GaussianProcess.of(k, -1));
    ToeplitzProcess toeplitz = ToeplitzProcess.of(k, 0.1);
    assertMessage(
        "x[1] is 0.1, must be 1.0 for equal distances; use GaussianProcess or GridProcess for"
            + " other points",
        () -> toeplitz.fit(new double[] {0, 0.1, 2}, new double[3]));
    assertMessage(
        "number of points of x is 1, must be at least 2",
        () -> toeplitz.fit(new double[1], new double[1]));
    assertMessage(
        "x goes from 1.0 to 0.0, must ascend",
        () -> toeplitz.fit(new double[] {1, 0}, new double[2]));
    GridProcess grid = GridProcess.of(List.of(k, k), 0.1);
    assertMessage(
        "y has length 5, must have one value for each of the 4 points of the grid; use"
            + " GaussianProcess where values are missing",
        () -> grid.fit(new double[][] {two, two}, new double[5]));
    assertMessage(
        "coordinates[1][1] is 1.0 after 1.0, must be larger; use GaussianProcess for points that"
            + " form no grid",
        () -> grid.fit(new double[][] {two, {1, 1}}, new double[4]));
    assertMessage(
        "coordinates has length 1, must have length 2",
        () -> grid.fit(new double[][] {two}, new double[2]));
  }

  private static void assertMessage(String message, Executable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run).getMessage());
  }

  @Test
  void largeProblemsCanBeCancelled() {
    ToeplitzProcess process =
        ToeplitzProcess.of(SquaredExponential.of(5), 0.1).withCancelled(() -> true);
    assertThrows(CancellationException.class, () -> process.fit(0, 1, normals(30_000, 1)));
  }
}
