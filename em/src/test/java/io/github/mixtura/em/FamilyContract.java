package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every family promises. An implementation's test extends this and says what to fit.
 *
 * @param <C> the law
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FamilyContract<C extends Component> {
  private static final int COLUMNS = 3;
  private static final int COMPONENTS = 3;

  /** The families to test; names are shown in reports. */
  protected abstract Stream<Named<Family<C>>> families();

  /** Components that overlap a little and obey the family's constraints, weights falling. */
  protected abstract Mixture<C> truth(Family<C> family, int columns, int components);

  /** Free parameters of the components, from a table that is not the family's. */
  protected abstract int parameterCount(Family<C> family, int columns, int components);

  /** Fails unless the constraints hold, and nothing that is free is tied. */
  protected abstract void assertConstraints(Family<C> family, Mixture<C> mixture);

  /** Largest difference of a parameter in units of the expected component. */
  protected abstract double distance(C expected, C found);

  /** How far estimates from 20 000 rows may be from the truth, in those units. */
  protected abstract double recovery(Family<C> family);

  /** Blocks and shared sums of a pass, by scalar loops over log-densities. */
  protected abstract double[] sumsByHand(
      Family<C> family, Mixture<C> mixture, double[][] rows, double[] weights);

  /** How well the sums by hand are known, relative to the number of rows. */
  protected abstract double[] handTolerance(Family<C> family, int length);

  /** A map of the sample space that takes mixtures of the family to mixtures of the family. */
  protected abstract Symmetry symmetry(Family<C> family, int columns);

  /**
   * A map of the sample space.
   *
   * @param map of a row to a new row
   * @param logDeterminant log of the factor by which volumes grow
   */
  public record Symmetry(UnaryOperator<double[]> map, double logDeterminant) {}

  private static EmOptions steps(int count) {
    return EmOptions.defaults()
        .withTolerance(0)
        .withMaxIterations(count)
        .withThreads(1)
        .withOnDegenerate(DegeneracyPolicy.fail());
  }

  private Mixture.Sample sample(Family<C> family, int columns, int rows, long seed) {
    return truth(family, columns, COMPONENTS).sample(rows, new SplittableRandom(seed));
  }

  private MixtureFit<C> fit(
      Family<C> family, Observations rows, EmOptions options, int components, int... labels) {
    return MixtureFitter.of(family, components)
        .options(options)
        .initializer(Initializer.labels(labels))
        .fit(rows);
  }

  private void assertNear(Mixture<C> expected, Mixture<C> found, double tolerance) {
    assertEquals(expected.componentCount(), found.componentCount());
    for (int k = 0; k < expected.componentCount(); k++) {
      assertEquals(expected.weight(k), found.weight(k), tolerance, "weight " + k);
      double distance = distance(expected.component(k), found.component(k));
      int component = k;
      assertTrue(
          distance <= tolerance,
          () -> "component " + component + " is off by " + distance + ": " + found);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void traceIsMonotoneAndComplete(Family<C> family) {
    for (int seed = 1; seed <= 4; seed++) {
      int components = 2 + seed % 2;
      double[][] rows = sample(family, 1 + seed % 3, 300, seed).rows();
      SplittableRandom random = new SplittableRandom(100 + seed);
      int[] labels =
          IntStream.range(0, rows.length)
              .map(i -> i < components ? i : random.nextInt(components))
              .toArray();
      MixtureFit<C> fit = fit(family, Observations.of(rows), steps(60), components, labels);
      assertEquals(60, fit.diagnostics().iterations());
      assertEquals(61, fit.diagnostics().logLikelihoodTrace().size());
      assertEquals(fit.logLikelihood(), fit.diagnostics().logLikelihoodTrace().get(60));
      Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void simulatedParametersAreRecovered(Family<C> family) {
    Mixture<C> truth = truth(family, COLUMNS, COMPONENTS);
    Observations rows = Observations.of(sample(family, COLUMNS, 20_000, 7).rows());
    MixtureFit<C> fit =
        MixtureFitter.of(family, COMPONENTS).options(EmOptions.defaults().withStarts(2)).fit(rows);
    assertTrue(fit.diagnostics().converged(), fit.diagnostics()::toString);
    assertFalse(fit.diagnostics().isDegenerate(), fit.diagnostics()::toString);
    assertNear(truth, fit.mixture(), recovery(family));
  }

  @ParameterizedTest
  @MethodSource("families")
  void constraintsHoldOnTheFit(Family<C> family) {
    for (int columns : new int[] {2, COLUMNS}) {
      Mixture.Sample sample = sample(family, columns, 400, 8);
      assertConstraints(
          family,
          fit(family, Observations.of(sample.rows()), steps(20), COMPONENTS, sample.labels())
              .mixture());
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void parametersAreCounted(Family<C> family) {
    for (int columns : new int[] {1, 2, 3, 5}) {
      for (int components : new int[] {1, 2, 4}) {
        assertEquals(
            parameterCount(family, columns, components),
            family.parameterCount(columns, components),
            columns + " columns, " + components + " components");
      }
    }
    Mixture.Sample sample = sample(family, 2, 200, 9);
    assertEquals(
        parameterCount(family, 2, COMPONENTS) + COMPONENTS - 1,
        fit(family, Observations.of(sample.rows()), steps(1), COMPONENTS, sample.labels())
            .parameterCount());
  }

  @ParameterizedTest
  @MethodSource("families")
  void orderOfRowsAndLabelsDoesNotMatter(Family<C> family) {
    Mixture.Sample sample = sample(family, COLUMNS, 1000, 10);
    int n = sample.rows().length;
    int[] order = {2, 0, 1};
    double[][] rows = new double[n][];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      int from = (int) ((7L * i + 3) % n);
      rows[i] = sample.rows()[from];
      labels[i] = order[sample.labels()[from]];
    }
    Mixture<C> plain =
        fit(family, Observations.of(sample.rows()), steps(20), COMPONENTS, sample.labels())
            .mixture();
    Mixture<C> permuted =
        fit(family, Observations.of(rows), steps(20), COMPONENTS, labels).mixture();
    assertNear(plain, permuted.reordered(order), 1e-8);
  }

  @ParameterizedTest
  @MethodSource("families")
  void weightThreeIsTheRowThreeTimes(Family<C> family) {
    Mixture.Sample sample = sample(family, COLUMNS, 600, 11);
    double[] weights = new double[sample.rows().length];
    List<double[]> repeated = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + i % 3;
      for (int copy = 0; copy < weights[i]; copy++) {
        repeated.add(sample.rows()[i]);
        labels.add(sample.labels()[i]);
      }
    }
    MixtureFit<C> weighted =
        fit(
            family,
            Observations.of(sample.rows()).withWeights(weights),
            steps(20),
            COMPONENTS,
            sample.labels());
    MixtureFit<C> copied =
        fit(
            family,
            Observations.of(repeated.toArray(double[][]::new)),
            steps(20),
            COMPONENTS,
            labels.stream().mapToInt(label -> label).toArray());
    assertNear(copied.mixture(), weighted.mixture(), 1e-9);
    double size = Math.abs(copied.logLikelihood());
    assertEquals(copied.logLikelihood(), weighted.logLikelihood(), 1e-11 * size);
    assertEquals(copied.bic(), weighted.bic(), 1e-10 * size);
    assertEquals(copied.icl(), weighted.icl(), 1e-10 * size);
    assertEquals(1200, weighted.totalWeight(), 1e-9);
    assertEquals(600, weighted.rows());
  }

  @ParameterizedTest
  @MethodSource("families")
  void weightZeroIsAbsence(Family<C> family) {
    Mixture.Sample sample = sample(family, COLUMNS, 900, 12);
    double[] weights = new double[sample.rows().length];
    Arrays.setAll(weights, i -> i % 4 == 1 ? 0 : 1);
    double[][] present =
        IntStream.range(0, weights.length)
            .filter(i -> weights[i] > 0)
            .mapToObj(i -> sample.rows()[i])
            .toArray(double[][]::new);
    // Own starts on both sides: the rows left out have no part in them either. One start and a
    // fixed
    // number of steps, because weights change how ℓ is rounded, though not the responsibilities.
    MixtureFitter<C> fitter =
        MixtureFitter.of(family, COMPONENTS).options(steps(30).withStarts(1).withThreads(2));
    MixtureFit<C> weighted = fitter.fit(Observations.of(sample.rows()).withWeights(weights));
    MixtureFit<C> absent = fitter.fit(Observations.of(present));
    double[] ones = new double[present.length];
    Arrays.fill(ones, 1);
    MixtureFit<C> counted = fitter.fit(Observations.of(present).withWeights(ones));
    assertEquals(absent.mixture(), weighted.mixture());
    assertEquals(absent.bic(), weighted.bic(), 1e-12 * Math.abs(absent.bic()));
    assertEquals(absent.rows(), weighted.rows());
    assertEquals(counted.mixture(), weighted.mixture());
    assertEquals(
        counted.diagnostics().logLikelihoodTrace(), weighted.diagnostics().logLikelihoodTrace());
    assertEquals(counted.bic(), weighted.bic());
  }

  @ParameterizedTest
  @MethodSource("families")
  void bitsDoNotDependOnTheNumberOfThreads(Family<C> family) {
    Mixture.Sample sample = sample(family, COLUMNS, 30_000, 13);
    double[] weights = new double[sample.rows().length];
    Arrays.setAll(weights, i -> 0.25 + 1.0 / (1 + i % 11));
    Observations plain = Observations.of(sample.rows());
    for (Observations rows : List.of(plain, plain.withWeights(weights))) {
      MixtureFit<C> one = fit(family, rows, steps(5), COMPONENTS, sample.labels());
      for (int threads : new int[] {2, 7}) {
        MixtureFit<C> several =
            fit(family, rows, steps(5).withThreads(threads), COMPONENTS, sample.labels());
        assertEquals(one.mixture(), several.mixture());
        assertEquals(
            one.diagnostics().logLikelihoodTrace(), several.diagnostics().logLikelihoodTrace());
        assertEquals(one.icl(), several.icl());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void logLikelihoodIsThatOfTheReturnedMixture(Family<C> family) {
    Mixture.Sample sample = sample(family, COLUMNS, 700, 14);
    double[] weights = new double[sample.rows().length];
    Arrays.setAll(weights, i -> 0.5 + i % 5);
    MixtureFit<C> fit =
        fit(
            family,
            Observations.of(sample.rows()).withWeights(weights),
            steps(10),
            COMPONENTS,
            sample.labels());
    double sum = 0;
    double classification = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * fit.mixture().logDensity(sample.rows()[i]);
      double[] r = fit.mixture().responsibilities(sample.rows()[i]);
      classification += weights[i] * Math.log(Arrays.stream(r).max().orElseThrow());
    }
    assertEquals(sum, fit.logLikelihood(), 1e-10 * Math.abs(sum));
    assertEquals(classification, fit.classificationLogWeight(), 1e-9 * Math.abs(sum));
    List<Double> trace = fit.diagnostics().logLikelihoodTrace();
    assertEquals(fit.logLikelihood(), trace.get(trace.size() - 1));
  }

  @ParameterizedTest
  @MethodSource("families")
  void fitsFollowTheSymmetriesOfTheFamily(Family<C> family) {
    for (int columns : new int[] {1, 2, COLUMNS}) {
      Mixture.Sample sample = sample(family, columns, 500, 15);
      Symmetry symmetry = symmetry(family, columns);
      double[][] mapped = Arrays.stream(sample.rows()).map(symmetry.map()).toArray(double[][]::new);
      MixtureFit<C> before =
          fit(family, Observations.of(sample.rows()), steps(15), COMPONENTS, sample.labels());
      MixtureFit<C> after =
          fit(family, Observations.of(mapped), steps(15), COMPONENTS, sample.labels());
      for (int i = 0; i < mapped.length; i++) {
        assertEquals(
            before.mixture().logDensity(sample.rows()[i]),
            after.mixture().logDensity(mapped[i]) + symmetry.logDeterminant(),
            1e-7,
            columns + " columns, row " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void oneComponentAndOneColumnWork(Family<C> family) {
    for (int columns : new int[] {1, 2}) {
      for (int components : new int[] {1, 2}) {
        Observations rows = Observations.of(sample(family, columns, 300, 16).rows());
        MixtureFit<C> fit =
            MixtureFitter.of(family, components)
                .options(EmOptions.defaults().withMaxIterations(3000).withStarts(1))
                .fit(rows);
        assertTrue(fit.diagnostics().converged(), fit.diagnostics()::toString);
        assertEquals(columns, fit.mixture().dimension());
        assertEquals(components, fit.mixture().componentCount());
        assertTrue(components > 1 || fit.mixture().weight(0) == 1);
        double uphill = fit.diagnostics().logLikelihoodTrace().get(0);
        assertTrue(fit.logLikelihood() >= uphill - 1e-9 * Math.abs(uphill));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void stepEqualsScalarLoops(Family<C> family) {
    for (int columns : new int[] {1, COLUMNS}) {
      // Three blocks, the last one odd.
      double[][] rows = sample(family, columns, 2 * 256 + 37, 17).rows();
      double[] weights = new double[rows.length];
      Arrays.setAll(weights, i -> 0.5 + (i % 7) * 0.3);
      Mixture<C> mixture = truth(family, columns, COMPONENTS);
      Observations weighted = Observations.of(rows).withWeights(weights);
      Statistics found = pass(family, mixture, weighted, 0);
      for (int cycle = 1; cycle < family.cycles(); cycle++) {
        addOtherSums(found, pass(family, mixture, weighted, cycle));
      }
      double logLikelihood = 0;
      for (int i = 0; i < rows.length; i++) {
        logLikelihood += weights[i] * mixture.logDensity(rows[i]);
      }
      assertEquals(
          logLikelihood, found.logLikelihood(), 1e-12 * rows.length * Math.abs(logLikelihood));
      assertEquals(Arrays.stream(weights).sum(), found.totalWeight(), 1e-10);
      assertEquals(rows.length, found.rows());
      double[] expected = sumsByHand(family, mixture, rows, weights);
      double[] tolerance = handTolerance(family, found.stride());
      assertEquals(expected.length + 4, found.values().length);
      for (int i = 0; i < expected.length; i++) {
        boolean block = i < found.shared();
        int place = block ? i % found.stride() : 1 + i - found.shared();
        assertEquals(
            expected[i],
            found.values()[i],
            tolerance[place] * rows.length,
            "value " + place + (block ? " of component " + i / found.stride() : " shared"));
      }
    }
  }

  /** Every cycle fills entries of its own; Σw, n and ℓ are the same in all. */
  private static void addOtherSums(Statistics into, Statistics cycle) {
    for (int i = 0; i < into.values().length - 4; i++) {
      assertTrue(into.values()[i] == 0 || cycle.values()[i] == 0, "entry " + i + " of two cycles");
      into.values()[i] += cycle.values()[i];
    }
    assertEquals(into.logLikelihood(), cycle.logLikelihood());
  }

  private Statistics pass(Family<C> family, Mixture<C> mixture, Observations rows, int cycle) {
    try (Kernels kernels = Backends.open("java");
        Rows staged = InMemoryRows.of(rows, family.encoding(), kernels, mixture.componentCount())) {
      return staged.pass(
          new Pass<>(family, mixture, WeightRule.free(), null, null, Stage.cycle(cycle)));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  @SuppressWarnings("unchecked")
  void movingTheCentresOfTheSumsChangesNothing(Family<C> family) {
    double[][] rows = sample(family, COLUMNS, 400, 18).rows();
    Mixture<C> here = truth(family, COLUMNS, COMPONENTS);
    Statistics about = pass(family, here, Observations.of(rows), 0);
    Statistics moved = about.copy();
    try {
      Mixture<C> there = step(family, pass(family, here, Observations.of(rows), 0), here);
      ((Accelerable<C>) family).recentre(moved, here.components(), there.components());
      assertNear(step(family, about, here), step(family, moved, there), 1e-9);
    } catch (Family.Degeneracy e) {
      throw new AssertionError(e);
    }
  }

  private Mixture<C> step(Family<C> family, Statistics sums, Mixture<C> current)
      throws Family.Degeneracy {
    return Mixture.of(
        family.maximize(sums, current.components(), Stage.cycle(0), () -> false),
        WeightRule.free().maximize(sums, current.mixing()));
  }

  @ParameterizedTest
  @MethodSource("families")
  void accelerationIsMonotoneAndEndsAtTheSameOptimum(Family<C> family) {
    Mixture.Sample sample = sample(family, 2, 500, 19);
    Observations rows = Observations.of(sample.rows());
    EmOptions options = steps(5000).withTolerance(1e-13);
    MixtureFit<C> plain = fit(family, rows, options, COMPONENTS, sample.labels());
    MixtureFit<C> fast =
        fit(
            family,
            rows,
            options.withAcceleration(Acceleration.SQUAREM),
            COMPONENTS,
            sample.labels());
    assertTrue(plain.diagnostics().converged(), plain.diagnostics()::toString);
    assertTrue(fast.diagnostics().converged(), fast.diagnostics()::toString);
    Reference.assertMonotone(fast.diagnostics().logLikelihoodTrace());
    assertEquals(plain.logLikelihood(), fast.logLikelihood(), 1e-6);
    assertEquals(
        fast.diagnostics().iterations() + 1, fast.diagnostics().logLikelihoodTrace().size());
    assertTrue(
        fast.diagnostics().iterations() <= plain.diagnostics().iterations() + 3,
        () -> fast.diagnostics().iterations() + " > " + plain.diagnostics().iterations());
    assertConstraints(family, fast.mixture());
  }
}
