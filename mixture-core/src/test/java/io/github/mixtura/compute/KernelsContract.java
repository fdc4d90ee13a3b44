package io.github.mixtura.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.KernelProblem.Outcome;
import io.github.mixtura.compute.KernelProblem.Step;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Backend} must do: the same as {@link ReferenceKernels}, at every awkward size.
 *
 * <p>An error is measured against the sum of the absolute values of the terms that make the result
 * up, and must be below {@value #TOLERANCE} of it.
 */
public abstract class KernelsContract {
  private static final double TOLERANCE = 1e-13;
  private static final int[] ROWS = {1, 7, 8, 9, 255, 256, 257, 1000, 5000};
  private static final int[] COLUMNS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 17};
  private static final int[] COMPONENTS = {1, 2, 3, 7};
  private static final int[] WIDE_ROWS = {1, 32, 33, 300};
  private static final int[] WIDE_COLUMNS = {23, 24, 25, 31, 32, 33, 64, 100, 257};
  private static final Kernels REFERENCE = new ReferenceKernels();

  /** The backend under test; its class has a public constructor without parameters. */
  protected abstract Backend backend();

  /** How often the same work is done to see that it keeps its bits, also once it is compiled. */
  protected int repeats() {
    return 3000;
  }

  /** One for a test, so that a backend is not started thousands of times. */
  private Kernels kernels;

  @BeforeEach
  void open() {
    kernels = backend().open();
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private interface Check {
    void accept(KernelProblem problem);
  }

  private static void forEachShape(Check check) {
    for (int rows : ROWS) {
      for (int columns : COLUMNS) {
        for (int components : COMPONENTS) {
          check.accept(KernelProblem.random(rows, columns, components, false));
          check.accept(KernelProblem.random(rows, columns, components, true));
        }
      }
    }
    for (int rows : WIDE_ROWS) {
      for (int columns : WIDE_COLUMNS) {
        check.accept(KernelProblem.random(rows, columns, 2, rows % 2 == 0));
      }
    }
    check.accept(KernelProblem.random(1200, 33, 3, true));
  }

  private static void assertClose(
      double expected, double actual, double magnitude, KernelProblem problem, String what) {
    boolean close = expected == actual || Math.abs(actual - expected) <= TOLERANCE * magnitude;
    if (!close) {
      throw new AssertionError(
          what
              + " of "
              + problem
              + ": expected "
              + expected
              + ", got "
              + actual
              + ", magnitude of the terms "
              + magnitude);
    }
  }

  @Test
  void gaussianOfTriangles() {
    forEachShape(p -> checkGaussian(p, p.triangles()));
  }

  @Test
  void gaussianOfDiagonals() {
    forEachShape(p -> checkGaussian(p, p.diagonals()));
  }

  private void checkGaussian(KernelProblem p, double[][] whitening) {
    Step step =
        (kernels, batch, workspace, sums) -> {
          kernels.gaussian(batch, p.means(), whitening, p.constants(), workspace);
          return 0;
        };
    Outcome expected = p.run(REFERENCE, step);
    Outcome actual = p.run(kernels, step);
    for (int k = 0; k < p.components(); k++) {
      for (int i = 0; i < p.rows(); i++) {
        double magnitude =
            Math.abs(p.constants()[k]) + 0.5 * p.distanceMagnitude(i, k, whitening[k]);
        assertClose(expected.value(k, i), actual.value(k, i), magnitude, p, "log-density");
      }
    }
  }

  @Test
  void studentOfTriangles() {
    forEachShape(p -> checkStudent(p, p.triangles()));
  }

  @Test
  void studentOfDiagonals() {
    forEachShape(p -> checkStudent(p, p.diagonals()));
  }

  private void checkStudent(KernelProblem p, double[][] whitening) {
    Step step =
        (kernels, batch, workspace, sums) -> {
          kernels.student(
              batch, p.means(), whitening, p.constants(), p.degreesOfFreedom(), workspace);
          return 0;
        };
    Outcome expected = p.run(REFERENCE, step);
    Outcome actual = p.run(kernels, step);
    for (int k = 0; k < p.components(); k++) {
      double nu = p.degreesOfFreedom()[k];
      for (int i = 0; i < p.rows(); i++) {
        double logarithm = p.constants()[k] - expected.value(k, i);
        double magnitude =
            Math.abs(p.constants()[k])
                + logarithm
                + 0.5 * (nu + p.columns()) * p.distanceMagnitude(i, k, whitening[k]) / nu;
        assertClose(expected.value(k, i), actual.value(k, i), magnitude, p, "log-density");
      }
    }
  }

  @Test
  void linear() {
    forEachShape(
        p -> {
          Step step =
              (kernels, batch, workspace, sums) -> {
                kernels.linear(batch, p.means(), p.constants(), workspace);
                return 0;
              };
          Outcome expected = p.run(REFERENCE, step);
          Outcome actual = p.run(kernels, step);
          for (int k = 0; k < p.components(); k++) {
            for (int i = 0; i < p.rows(); i++) {
              double magnitude = Math.abs(p.constants()[k]);
              for (int j = 0; j < p.columns(); j++) {
                magnitude += Math.abs(p.means()[k][j] * p.x(i, j));
              }
              assertClose(expected.value(k, i), actual.value(k, i), magnitude, p, "linear form");
            }
          }
        });
  }

  /** Of a κ above 1e4 the angles are staged beside their cosines and sines, and used. */
  @Test
  void narrowAngles() {
    for (int rows : new int[] {1, 255, 257, 1000, 5000}) {
      for (boolean weighted : new boolean[] {false, true}) {
        checkAngles(rows, weighted);
      }
    }
  }

  private void checkAngles(int rows, boolean weighted) {
    SplittableRandom random = new SplittableRandom(rows);
    Mixture<VonMises> mixture =
        Mixture.of(
            List.of(
                VonMises.of(new double[] {1, 2}, new double[] {5, 100}),
                VonMises.of(new double[] {1, Math.PI}, new double[] {1e15, 1e4}),
                VonMises.of(new double[] {-3.14159, 0.5}, new double[] {2e4, 1e10})),
            0.2,
            0.5,
            0.3);
    Observations angles = Observations.of(mixture.sample(rows, random).rows());
    if (weighted) {
      angles = angles.withWeights(random.doubles(rows, 0.1, 3).toArray());
    }
    BatchDensity density = mixture.batchDensity(kernels);
    try (Workspace workspace = mixture.workspace(kernels)) {
      for (Batch batch : angles.stage(kernels, mixture.encoding(), 3)) {
        double[] values = new double[batch.rows()];
        density.evaluate(batch, workspace);
        for (int k = 0; k < 3; k++) {
          workspace.read(batch, k, values);
          for (int i = 0; i < values.length; i++) {
            double[] row = angles.row((int) batch.row(0) + i);
            double expected = Math.log(mixture.weight(k)) + mixture.component(k).logDensity(row);
            double tolerance = k == 0 ? 1e-13 * 105 : 1e-12 * (1 + Math.abs(expected));
            assertEquals(expected, values[i], tolerance, "component " + k + ", row " + i);
          }
        }
        density.evaluate(batch, workspace);
        double total = kernels.normalise(batch, workspace, true);
        workspace.readLogSums(batch, values);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
          int row = (int) batch.row(0) + i;
          double expected = mixture.logDensity(angles.row(row));
          assertEquals(expected, values[i], 1e-12 * (1 + Math.abs(expected)), "row " + i);
          sum += angles.weight(row) * expected;
        }
        assertEquals(sum, total, 1e-11 * (values.length + Math.abs(sum)));
        batch.close();
      }
    }
  }

  @Test
  void normaliseGivesResponsibilitiesAndLogSums() {
    for (int rows : ROWS) {
      for (int components : COMPONENTS) {
        for (double spread : new double[] {1, 50, 2000, 1e300}) {
          checkNormalise(KernelProblem.random(rows, 2, components, false), spread);
          checkNormalise(KernelProblem.random(rows, 2, components, true), spread);
        }
      }
    }
  }

  private void checkNormalise(KernelProblem p, double spread) {
    double[][] values = p.values(spread);
    Step step =
        (kernels, batch, workspace, sums) -> {
          p.write(batch, workspace, values);
          return kernels.normalise(batch, workspace, true);
        };
    Step withoutLogSums =
        (kernels, batch, workspace, sums) -> {
          p.write(batch, workspace, values);
          return kernels.normalise(batch, workspace, false);
        };
    Outcome expected = p.run(REFERENCE, step);
    Outcome actual = p.run(kernels, step);
    Outcome brief = p.run(kernels, withoutLogSums);
    double magnitude = 0;
    for (int i = 0; i < p.rows(); i++) {
      double w = p.weight(i);
      double sum = 0;
      double logMagnitude = 1 + Math.abs(expected.logSums()[i]);
      magnitude += w * logMagnitude;
      assertClose(expected.logSums()[i], actual.logSums()[i], logMagnitude, p, "log-sum");
      for (int k = 0; k < p.components(); k++) {
        double r = actual.value(k, i);
        // Numbers too small to be normal may be rounded to 0.
        double floor = w * Double.MIN_NORMAL / TOLERANCE;
        assertClose(expected.value(k, i), r, Math.max(floor, r), p, "responsibility");
        assertEquals(r, brief.value(k, i), "the same bits with and without row log-sums");
        sum += r;
      }
      assertEquals(w, sum, 1e-15 * p.components() * w, "sum of the responsibilities of a row");
    }
    assertClose(expected.total(), actual.total(), magnitude, p, "log-likelihood");
    assertClose(expected.total(), brief.total(), magnitude, p, "log-likelihood");
  }

  @Test
  void negligibleResponsibilitiesAreExactlyZero() {
    double[] below = {0, 1, 707.9, 709.01, 720, 745, 800, 1e5, 1e300, Double.POSITIVE_INFINITY};
    for (double top : new double[] {0, -1e4, 650, 1e300, -1e300}) {
      KernelProblem p = KernelProblem.random(below.length, 1, 2, false);
      double[][] values = new double[2][below.length];
      Arrays.fill(values[0], top);
      Arrays.setAll(values[1], i -> top - below[i]);
      Outcome actual =
          p.run(
              kernels,
              (kernels, batch, workspace, sums) -> {
                p.write(batch, workspace, values);
                return kernels.normalise(batch, workspace, true);
              });
      for (int i = 0; i < below.length; i++) {
        double difference = values[0][i] - values[1][i];
        double r = actual.value(1, i);
        assertFalse(Double.isNaN(r) || Double.isNaN(actual.value(0, i)), "NaN at " + below[i]);
        assertEquals(1, r + actual.value(0, i), 1e-15, "sum at " + below[i]);
        assertEquals(difference > 709, r == 0, "exact zero at " + difference + ", r = " + r);
        double expected = difference > 709 ? 0 : 1 / (1 + Math.exp(difference));
        assertEquals(expected, r, 1e-15 * expected, "responsibility at " + difference);
        assertEquals(
            top + Math.log1p(Math.exp(-difference)),
            actual.logSums()[i],
            2e-16 * (1 + Math.abs(top)));
      }
    }
  }

  @Test
  void momentsOfEveryOrder() {
    forEachShape(
        p -> {
          for (Order order : Order.values()) {
            checkMoments(p, order);
          }
        });
  }

  private void checkMoments(KernelProblem p, Order order) {
    int offset = 3;
    int stride = order.length(p.columns()) + 2;
    double[][] values = p.values(3);
    Step step =
        (kernels, batch, workspace, sums) -> {
          p.write(batch, workspace, values);
          kernels.normalise(batch, workspace, false);
          kernels.moments(batch, p.means(), order, workspace, sums, offset, stride);
          return 0;
        };
    Outcome expected = p.run(REFERENCE, step);
    Outcome actual = p.run(kernels, step);
    double[] magnitudes = new double[expected.sums().length];
    for (int k = 0; k < p.components(); k++) {
      for (int i = 0; i < p.rows(); i++) {
        double r = expected.value(k, i);
        int at = offset + k * stride;
        magnitudes[at++] += r;
        for (int j = 0; j < p.columns(); j++) {
          magnitudes[at++] += r * p.distance(i, j, k);
        }
        for (int j = 0; j < p.columns() && order != Order.FIRST; j++) {
          for (int m = order == Order.FULL ? 0 : j; m <= j; m++) {
            magnitudes[at++] += r * p.distance(i, j, k) * p.distance(i, m, k);
          }
        }
      }
    }
    assertSums(expected, actual, magnitudes, p, order.toString());
  }

  /** Sums start at a number of their own, so that adding and leaving alone are both seen. */
  private static void assertSums(
      Outcome expected, Outcome actual, double[] magnitudes, KernelProblem p, String what) {
    for (int q = 0; q < magnitudes.length; q++) {
      double magnitude = magnitudes[q] == 0 ? 0 : magnitudes[q] + KernelProblem.INITIAL;
      assertClose(expected.sums()[q], actual.sums()[q], magnitude, p, what + " sum " + q);
    }
  }

  @Test
  void studentWeights() {
    forEachShape(
        p -> {
          int offset = 1;
          int stride = 4;
          double[][] values = p.values(3);
          Step step =
              (kernels, batch, workspace, sums) -> {
                student(kernels, batch, workspace, p);
                p.write(batch, workspace, values);
                kernels.normalise(batch, workspace, false);
                kernels.studentWeights(
                    batch, p.columns(), p.degreesOfFreedom(), workspace, sums, offset, stride);
                return 0;
              };
          Outcome expected = p.run(REFERENCE, step);
          Outcome actual = p.run(kernels, step);
          double[] magnitudes = new double[expected.sums().length];
          for (int k = 0; k < p.components(); k++) {
            double nu = p.degreesOfFreedom()[k];
            magnitudes[offset + k * stride] = expected.sums()[offset + k * stride];
            for (int i = 0; i < p.rows(); i++) {
              double ru = expected.value(k, i);
              double relative = 1 + p.distanceMagnitude(i, k, p.triangles()[k]) / nu;
              assertClose(ru, actual.value(k, i), ru * relative, p, "r u");
            }
          }
          assertSums(expected, actual, magnitudes, p, "responsibility");
        });
  }

  private static void student(Kernels kernels, Batch batch, Workspace workspace, KernelProblem p) {
    kernels.student(
        batch, p.means(), p.triangles(), p.constants(), p.degreesOfFreedom(), workspace);
  }

  /**
   * The derivatives are differences of terms of the order of ν² and ν⁴ times digamma and trigamma:
   * those are the terms the error is measured against.
   */
  @Test
  void studentDegrees() {
    forEachShape(
        p -> {
          int offset = 2;
          int stride = 3;
          int shared = 3 * p.components() + 1;
          double[][] values = p.values(3);
          Step step =
              (kernels, batch, workspace, sums) -> {
                student(kernels, batch, workspace, p);
                p.write(batch, workspace, values);
                kernels.normalise(batch, workspace, false);
                kernels.studentDegrees(
                    batch,
                    p.columns(),
                    p.degreesOfFreedom(),
                    workspace,
                    sums,
                    offset,
                    stride,
                    shared);
                return 0;
              };
          Outcome expected = p.run(REFERENCE, step);
          Outcome actual = p.run(kernels, step);
          double[] magnitudes = new double[expected.sums().length];
          for (int k = 0; k < p.components(); k++) {
            double nu = p.degreesOfFreedom()[k];
            int at = offset + k * stride;
            for (int i = 0; i < p.rows(); i++) {
              double r = expected.value(k, i);
              double distance = p.distanceMagnitude(i, k, p.triangles()[k]);
              double s = nu * nu * (1 + p.columns() / nu) * (3 + distance / nu);
              double h = 4 * nu * nu * s;
              magnitudes[at] += r * s;
              magnitudes[at + 1] += r * (h + s * s);
              magnitudes[shared] += r * s;
              magnitudes[shared + 1] += r * (h + s * s);
            }
          }
          assertSums(expected, actual, magnitudes, p, "degrees of freedom");
        });
  }

  /** The two shared sums are the derivatives of the log-likelihood when all 1/ν_k move together. */
  @Test
  void studentDegreesAreDerivatives() {
    for (boolean weighted : new boolean[] {false, true}) {
      KernelProblem p = KernelProblem.random(300, 3, 3, weighted);
      double step = 1e-4;
      double[] nu = p.degreesOfFreedom();
      double middle = logLikelihood(p, nu, null);
      double[] sums = new double[8];
      logLikelihood(p, nu, sums);
      double up = logLikelihood(p, moved(nu, step, -1), null);
      double down = logLikelihood(p, moved(nu, -step, -1), null);
      assertEquals((up - down) / (2 * step), sums[6], 1e-5 * (1 + Math.abs(sums[6])));
      assertEquals(
          (up - 2 * middle + down) / (step * step), sums[7], 1e-3 * (1 + Math.abs(sums[7])));
      for (int k = 0; k < nu.length; k++) {
        double upK = logLikelihood(p, moved(nu, step, k), null);
        double downK = logLikelihood(p, moved(nu, -step, k), null);
        assertEquals((upK - downK) / (2 * step), sums[2 * k], 1e-5 * (1 + Math.abs(sums[2 * k])));
        assertEquals(
            (upK - 2 * middle + downK) / (step * step),
            sums[2 * k + 1],
            1e-3 * (1 + Math.abs(sums[2 * k + 1])));
      }
    }
  }

  private static double[] moved(double[] nu, double step, int only) {
    double[] result = nu.clone();
    for (int k = 0; k < nu.length; k++) {
      if (only < 0 || only == k) {
        result[k] = 1 / (1 / nu[k] + step);
      }
    }
    return result;
  }

  private double logLikelihood(KernelProblem p, double[] nu, double[] derivatives) {
    double[] constant = new double[nu.length];
    for (int k = 0; k < nu.length; k++) {
      constant[k] =
          p.constants()[k]
              + Gamma.logGamma(0.5 * (nu[k] + p.columns()))
              - Gamma.logGamma(0.5 * nu[k])
              - 0.5 * p.columns() * Math.log(nu[k]);
    }
    Outcome outcome =
        p.run(
            kernels,
            (backend, batch, workspace, sums) -> {
              backend.student(batch, p.means(), p.triangles(), constant, nu, workspace);
              double total = backend.normalise(batch, workspace, false);
              if (derivatives != null) {
                backend.studentDegrees(
                    batch, p.columns(), nu, workspace, derivatives, 0, 2, 2 * nu.length);
              }
              return total;
            });
    return outcome.total();
  }

  @Test
  void parametersAreNotChanged() {
    KernelProblem p = KernelProblem.random(300, 5, 3, true);
    KernelProblem untouched = KernelProblem.random(300, 5, 3, true);
    p.digest(kernels);
    assertTrue(Arrays.deepEquals(untouched.means(), p.means()));
    assertTrue(Arrays.deepEquals(untouched.triangles(), p.triangles()));
    assertTrue(Arrays.deepEquals(untouched.diagonals(), p.diagonals()));
    assertArrayEquals(untouched.constants(), p.constants());
    assertArrayEquals(untouched.degreesOfFreedom(), p.degreesOfFreedom());
    for (int i = 0; i < p.rows(); i++) {
      assertEquals(untouched.weight(i), p.weight(i));
      for (int j = 0; j < p.columns(); j++) {
        assertEquals(untouched.x(i, j), p.x(i, j));
      }
    }
  }

  @Test
  void batchesKnowTheirRows() {
    KernelProblem p = KernelProblem.random(5000, 3, 2, true);
    long next = 0;
    double[] row = new double[3];
    for (Batch batch : p.stage(kernels)) {
      assertEquals(next, batch.row(0));
      assertEquals(3, batch.columns());
      double weight = 0;
      for (int i = 0; i < batch.rows(); i++, next++) {
        weight += p.weight((int) next);
        batch.copyRow(i, row);
        for (int j = 0; j < 3; j++) {
          assertEquals(p.x((int) next, j), row[j]);
        }
      }
      assertEquals(weight, batch.weight(), 1e-12 * weight);
    }
    assertEquals(5000, next);
    assertTrue(kernels.batchBlocks(1, 1) >= 1);
    assertTrue(kernels.batchBlocks(10_000, 1000) >= 1);
  }

  @Test
  void workspaceReturnsWhatWasWritten() {
    KernelProblem p = KernelProblem.random(600, 1, 3, false);
    double[][] values = p.values(1);
    Outcome outcome =
        p.run(
            kernels,
            (backend, batch, workspace, sums) -> {
              assertEquals(3, workspace.components());
              p.write(batch, workspace, values);
              return 0;
            });
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < p.rows(); i++) {
        assertEquals(values[k][i], outcome.value(k, i));
      }
    }
  }

  @Test
  void noRowsAndHolesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> kernels.stage(List.of(), RowContext.at(0)));
    assertThrows(IllegalArgumentException.class, () -> new Block(0, new double[][] {{}}, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Block(Block.ROWS + 1, new double[1][Block.ROWS + 1], null));
    Block partial = new Block(3, new double[][] {{1, 2, 3}}, null);
    assertThrows(
        IllegalArgumentException.class,
        () -> kernels.stage(List.of(partial, partial), RowContext.at(0)));
  }

  /**
   * The bits are the same when called again, when compiled by the optimising compiler, and in a
   * fresh machine that only interprets.
   */
  @Test
  @Tag("full")
  void sameBitsColdAndWarm() throws IOException, InterruptedException {
    long cold = interpreted();
    long first = digest(kernels);
    for (int i = 0; i < repeats(); i++) {
      assertEquals(first, digest(kernels), "call " + i);
    }
    try (Kernels others = backend().open()) {
      assertEquals(first, digest(others), "opened again");
    }
    assertEquals(cold, first, "interpreted in a fresh machine, and here");
  }

  /** A hash over the bits of the results of every operation, some 60 kernel calls. */
  private static long digest(Kernels kernels) {
    long hash = 1;
    for (KernelProblem problem : DIGESTED) {
      hash = 31 * hash + problem.digest(kernels);
    }
    return hash;
  }

  /**
   * A hash over the bits of the results of every operation on one problem.
   *
   * @param rows n
   * @param columns d
   * @param components K
   * @return the hash
   */
  protected static long digest(Kernels kernels, int rows, int columns, int components) {
    return KernelProblem.random(rows, columns, components, columns % 2 == 0).digest(kernels);
  }

  private static final List<KernelProblem> DIGESTED =
      List.of(
          KernelProblem.random(9, 1, 2, false),
          KernelProblem.random(300, 2, 3, true),
          KernelProblem.random(77, 3, 2, false),
          KernelProblem.random(50, 4, 2, true),
          KernelProblem.random(41, 6, 3, true),
          KernelProblem.random(600, 10, 2, false),
          KernelProblem.random(31, 8, 1, false),
          KernelProblem.random(37, 26, 2, true));

  private long interpreted() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xint");
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-modules") || argument.startsWith("--enable")) {
        command.add(argument);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(KernelsContract.class.getName());
    command.add(backend().getClass().getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    String[] lines = output.strip().split("\\R");
    return Long.parseLong(lines[lines.length - 1]);
  }

  /**
   * Prints the hash of a backend's results.
   *
   * @param arguments class name of the backend
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Backend backend =
        Class.forName(arguments[0])
            .asSubclass(Backend.class)
            .getDeclaredConstructor()
            .newInstance();
    try (Kernels kernels = backend.open()) {
      System.out.println(digest(kernels));
    }
  }
}
