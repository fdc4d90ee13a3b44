package io.github.mixtura.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.JavaBackend;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Component} must do. Samples are seeded; statistical bounds are five standard
 * errors.
 *
 * @param <C> the law
 */
public abstract class ComponentContract<C extends Component> {
  private static final int DRAWS = 40_000;
  private static final int BOXES = 16;
  private static final int FEWEST_HITS = 200;

  /** Laws to test, all different, of one column and more; equal ones at each call. */
  protected abstract List<C> laws();

  /** Left and right end of the support of every column. */
  protected double[] support() {
    return new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
  }

  /** The largest of the terms that are added up to the log-density of a row. */
  protected double largestTerm(C law, double[] row) {
    return Math.max(1, Math.abs(law.logDensity(row)));
  }

  /** About the distance over which the density of a column changes much. */
  protected double spread(C law, int column) {
    double[] sorted = sorted(law, column);
    return sorted[3 * sorted.length / 4] - sorted[sorted.length / 4];
  }

  private double[] sorted(C law, int column) {
    return Arrays.stream(draws(law, 1001, 5)).mapToDouble(x -> x[column]).sorted().toArray();
  }

  private double centre(C law, int column) {
    return sorted(law, column)[500];
  }

  private static double[][] draws(Component law, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, count)
        .mapToObj(i -> ((Sampled) law).sample(random))
        .toArray(double[][]::new);
  }

  private Quadrature rule(C law, int column, double step) {
    double middle = centre(law, column);
    return Quadrature.of(support()[0], middle, support()[1], spread(law, column), step);
  }

  @Test
  void densityIntegratesToOne() {
    for (C law : laws()) {
      if (law.dimension() == 1) {
        double mass = rule(law, 0, 1.0 / 1024).integral(x -> Math.exp(law.logDensity(x)));
        assertEquals(1, mass, 1e-10, law.toString());
      } else if (law.dimension() == 2) {
        Quadrature first = rule(law, 0, 1.0 / 32);
        Quadrature second = rule(law, 1, 1.0 / 32);
        double mass = first.integral(second, x -> Math.exp(law.logDensity(x)));
        assertEquals(1, mass, 1e-7, law.toString());
      }
    }
  }

  /**
   * The mean of 1/f over the draws inside a box, counting 0 for the others, estimates the box's
   * volume: a test of the density where the draws fall.
   */
  @Test
  void samplesFollowTheDensity() {
    for (C law : laws()) {
      double[][] draws = draws(law, DRAWS, 6);
      if (law.dimension() > 2) {
        shrunkLawAgrees(law, draws);
        continue;
      }
      int used = 0;
      for (double[] middle : draws(law, BOXES, 7)) {
        used += boxAgrees(law, draws, middle) ? 1 : 0;
      }
      assertTrue(used >= BOXES / 4, used + " boxes only for " + law);
    }
  }

  /**
   * With more columns boxes are almost empty. The law shrunk about its centre has the density g(x)
   * = f(m + (x − m)/s)/s^d, and the mean of g/f over the draws is 1.
   */
  private void shrunkLawAgrees(C law, double[][] draws) {
    int d = law.dimension();
    double[] middle = new double[d];
    Arrays.setAll(middle, j -> centre(law, j));
    for (double s : new double[] {0.6, 0.75, 0.9}) {
      double sum = 0;
      double squares = 0;
      double[] outer = new double[d];
      for (double[] x : draws) {
        Arrays.setAll(outer, j -> middle[j] + (x[j] - middle[j]) / s);
        double v = Math.exp(law.logDensity(outer) - law.logDensity(x) - d * Math.log(s));
        sum += v;
        squares += v * v;
      }
      double mean = sum / draws.length;
      double error = Math.sqrt((squares / draws.length - mean * mean) / draws.length);
      assertEquals(1, mean, 5 * error, "draws against the law shrunk by " + s + ", " + law);
      assertTrue(error < 0.05, "standard error " + error);
    }
  }

  private boolean boxAgrees(C law, double[][] draws, double[] middle) {
    int d = middle.length;
    double[] low = new double[d];
    double[] high = new double[d];
    double logVolume = 0;
    for (int j = 0; j < d; j++) {
      low[j] = Math.max(support()[0], middle[j] - 0.5 * spread(law, j));
      high[j] = Math.min(support()[1], middle[j] + 0.5 * spread(law, j));
      logVolume += Math.log(high[j] - low[j]);
    }
    double sum = 0;
    double squares = 0;
    int hits = 0;
    for (double[] x : draws) {
      if (IntStream.range(0, d).allMatch(j -> low[j] <= x[j] && x[j] <= high[j])) {
        double v = Math.exp(-law.logDensity(x) - logVolume);
        sum += v;
        squares += v * v;
        hits++;
      }
    }
    if (hits < FEWEST_HITS) {
      return false;
    }
    double mean = sum / draws.length;
    double error = Math.sqrt((squares / draws.length - mean * mean) / draws.length);
    assertEquals(1, mean, 5 * error, "draws in a box at " + Arrays.toString(middle) + " of " + law);
    return true;
  }

  @Test
  void sampleMeanIsTheExpectation() {
    for (C law : laws()) {
      if (!(law instanceof Moments moments) || !finite(moments.covarianceMatrix())) {
        continue;
      }
      double[][] draws = draws(law, DRAWS, 8);
      for (int j = 0; j < law.dimension(); j++) {
        int column = j;
        double mean = Arrays.stream(draws).mapToDouble(x -> x[column]).average().orElseThrow();
        double error = Math.sqrt(moments.covarianceMatrix()[j][j] / DRAWS);
        assertEquals(moments.expectation()[j], mean, 5 * error, law.toString());
      }
    }
  }

  private static boolean finite(double[][] matrix) {
    return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  @Test
  void sameSeedSameDraws() {
    for (C law : laws()) {
      assertTrue(Arrays.deepEquals(draws(law, 50, 9), draws(law, 50, 9)), law.toString());
    }
  }

  @Test
  void manyRowsAtOnceGiveTheSameAsOneRow() {
    List<C> all = laws();
    for (int d : all.stream().mapToInt(Component::dimension).distinct().toArray()) {
      List<C> same = all.stream().filter(law -> law.dimension() == d).toList();
      List<double[]> rows = new ArrayList<>();
      for (C law : same) {
        rows.addAll(List.of(draws(law, 150, 10)));
        double[] far = new double[d];
        Arrays.setAll(far, j -> centre(law, j) + 30 * spread(law, j));
        rows.add(far);
      }
      double[] logWeights = new SplittableRandom(11).doubles(same.size(), -3, 0).toArray();
      double[][] values = bulk(same, logWeights, rows);
      for (int k = 0; k < same.size(); k++) {
        for (int i = 0; i < rows.size(); i++) {
          double expected = logWeights[k] + same.get(k).logDensity(rows.get(i));
          assertEquals(
              expected,
              values[k][i],
              1e-12 * largestTerm(same.get(k), rows.get(i)),
              same.get(k) + " at " + Arrays.toString(rows.get(i)));
        }
      }
    }
  }

  private double[][] bulk(List<C> same, double[] logWeights, List<double[]> rows) {
    Kernels kernels = new JavaBackend().open();
    Component first = same.get(0);
    int columns = first.encoding().columns(first.dimension());
    Workspace workspace = kernels.workspace(columns, same.size(), first.needsAuxiliary());
    BatchDensity density = first.batchDensity(same, logWeights, kernels);
    double[][] values = new double[same.size()][rows.size()];
    for (Batch batch :
        Observations.of(rows.stream()).stage(kernels, first.encoding(), same.size())) {
      density.evaluate(batch, workspace);
      double[] part = new double[batch.rows()];
      for (int k = 0; k < same.size(); k++) {
        workspace.read(batch, k, part);
        System.arraycopy(part, 0, values[k], (int) batch.row(0), part.length);
      }
    }
    return values;
  }

  @Test
  void rowsOfAnotherLengthAreRefused() {
    for (C law : laws()) {
      for (int length : new int[] {0, law.dimension() - 1, law.dimension() + 1}) {
        assertThrows(
            IllegalArgumentException.class,
            () -> law.logDensity(new double[length]),
            law::toString);
      }
      assertEquals(law.dimension(), ((Sampled) law).sample(new SplittableRandom(1)).length);
    }
  }

  @Test
  void equalLawsAreEqual() {
    List<C> first = laws();
    List<C> second = laws();
    for (int a = 0; a < first.size(); a++) {
      assertEquals(first.get(a), second.get(a));
      assertEquals(first.get(a).hashCode(), second.get(a).hashCode());
      assertEquals(first.get(a).toString(), second.get(a).toString());
      assertNotEquals(first.get(a), new Object());
      for (int b = 0; b < a; b++) {
        assertNotEquals(first.get(a), first.get(b));
      }
    }
  }

  @Test
  void distributionFunctionAndQuantile() {
    double[] probabilities = {1e-12, 1e-6, 0.01, 0.3, 0.5, 0.500001, 0.9, 0.999, 1 - 1e-6};
    for (C law : laws()) {
      if (!(law instanceof Univariate univariate)) {
        continue;
      }
      if (law.dimension() > 1) {
        assertThrows(IllegalStateException.class, () -> univariate.cdf(0));
        assertThrows(IllegalStateException.class, () -> univariate.quantile(0.5));
        assertThrows(IllegalStateException.class, () -> univariate.survival(0));
        assertThrows(IllegalStateException.class, () -> univariate.upperQuantile(0.5));
        continue;
      }
      checkUpperTail(law, univariate, probabilities);
      assertEquals(0, univariate.cdf(Double.NEGATIVE_INFINITY));
      assertEquals(1, univariate.cdf(Double.POSITIVE_INFINITY));
      assertEquals(support()[0], univariate.quantile(0));
      assertEquals(support()[1], univariate.quantile(1));
      for (double p : new double[] {-1e-300, 1.0000001, Double.NaN}) {
        assertThrows(IllegalArgumentException.class, () -> univariate.quantile(p));
      }
      double previous = Double.NEGATIVE_INFINITY;
      for (double p : probabilities) {
        double x = univariate.quantile(p);
        assertTrue(x > previous, "quantile at " + p + " of " + law);
        previous = x;
        double spacing = 4 * Math.exp(law.logDensity(x)) * Math.ulp(x);
        assertEquals(p, univariate.cdf(x), 1e-13 + spacing, "p " + p + " of " + law);
      }
    }
  }

  private void checkUpperTail(C law, Univariate univariate, double[] probabilities) {
    assertEquals(1, univariate.survival(Double.NEGATIVE_INFINITY));
    assertEquals(0, univariate.survival(Double.POSITIVE_INFINITY));
    assertEquals(support()[1], univariate.upperQuantile(0));
    assertEquals(support()[0], univariate.upperQuantile(1));
    for (double p : new double[] {-1e-300, 1.0000001, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> univariate.upperQuantile(p));
    }
    for (double p : probabilities) {
      double x = univariate.upperQuantile(p);
      double spacing = 4 * Math.exp(law.logDensity(x)) * Math.ulp(x);
      assertEquals(p, univariate.survival(x), 1e-13 + spacing, "p " + p + " of " + law);
      assertEquals(1, univariate.survival(x) + univariate.cdf(x), 2e-15, "at " + x + " of " + law);
    }
  }

  @Test
  void ratioIsTheDifferenceOfLogDensities() {
    List<C> all = laws();
    for (C law : all) {
      for (C other : all) {
        if (other.dimension() != law.dimension()) {
          continue;
        }
        for (double[] x : draws(law, 20, 13)) {
          double expected = law.logDensity(x) - other.logDensity(x);
          double scale = Math.max(largestTerm(law, x), largestTerm(other, x));
          String what = law + " over " + other + " at " + Arrays.toString(x);
          assertEquals(expected, law.logRatio(other, x), 1e-12 * scale, what);
          assertEquals(-law.logRatio(other, x), other.logRatio(law, x), 1e-12 * scale, what);
        }
      }
    }
  }

  @Test
  void derivativeOfTheDistributionFunctionIsTheDensity() {
    for (C law : laws()) {
      if (law.dimension() > 1 || !(law instanceof Univariate univariate)) {
        continue;
      }
      double h = 1e-4 * spread(law, 0);
      double peak = Math.exp(law.logDensity(univariate.quantile(0.5)));
      for (double p = 0.02; p < 1; p += 0.04) {
        double x = univariate.quantile(p);
        double slope = (univariate.cdf(x + h) - univariate.cdf(x - h)) / (2 * h);
        double density = Math.exp(law.logDensity(x));
        assertEquals(density, slope, 1e-6 * Math.max(peak, density), "p " + p + " of " + law);
      }
    }
  }

  @Test
  void marginalTimesConditionalIsTheDensity() {
    for (C law : laws()) {
      int d = law.dimension();
      if (d == 1 || !(law instanceof Conditional<?> conditional)) {
        continue;
      }
      for (int[] given : new int[][] {{0}, {d - 1}, {d - 1, 0}, {1, 0, d - 2}}) {
        if (Arrays.stream(given).distinct().count() == given.length && given.length < d) {
          checkConditional(law, conditional, given);
        }
      }
      checkRefusals(conditional, d);
    }
  }

  private void checkConditional(C law, Conditional<?> conditional, int[] given) {
    int[] rest =
        IntStream.range(0, law.dimension())
            .filter(j -> Arrays.stream(given).noneMatch(g -> g == j))
            .toArray();
    int[] order = IntStream.concat(Arrays.stream(given), Arrays.stream(rest)).toArray();
    for (double[] x : draws(law, 30, 12)) {
      double whole = law.logDensity(x);
      double[] known = pick(x, given);
      double first = conditional.marginal(given).logDensity(known);
      double second = conditional.conditional(given, known).logDensity(pick(x, rest));
      double scale = Math.max(largestTerm(law, x), Math.abs(first) + Math.abs(second));
      String what = "given " + Arrays.toString(given) + " of " + law;
      assertEquals(whole, first + second, 1e-12 * scale, what);
      double permuted = conditional.marginal(order).logDensity(pick(x, order));
      assertEquals(whole, permuted, 1e-12 * scale, what);
    }
  }

  private static double[] pick(double[] x, int[] columns) {
    return Arrays.stream(columns).mapToDouble(j -> x[j]).toArray();
  }

  private static void checkRefusals(Conditional<?> law, int d) {
    int[] all = IntStream.range(0, d).toArray();
    for (int[] wrong : new int[][] {{}, {0, 0}, {-1}, {d}}) {
      assertThrows(IllegalArgumentException.class, () -> law.marginal(wrong));
      double[] values = new double[wrong.length];
      assertThrows(IllegalArgumentException.class, () -> law.conditional(wrong, values));
    }
    assertThrows(IllegalArgumentException.class, () -> law.conditional(all, new double[d]));
    assertThrows(
        IllegalArgumentException.class, () -> law.conditional(new int[] {0}, new double[2]));
  }
}
