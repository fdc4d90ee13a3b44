package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.CellStatus;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import io.github.mixtura.execution.StopReason;
import io.github.mixtura.mixture.Mixture;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@link StopReason}, {@link FitWarning.Kind} and {@link CellStatus} promise, on random
 * problems.
 */
class StatusPromisesTest {
  private final Map<StopReason, Integer> met = new EnumMap<>(StopReason.class);

  @Test
  void statusesHoldOnSomeProblems() {
    problems(1, 150);
    assertTrue(met.size() >= 4, met::toString);
  }

  @Test
  @Tag("full")
  void statusesHoldOnManyProblems() {
    problems(1000, 4000);
  }

  private void problems(int seed, int count) {
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(seed + i);
      Family<?> family = family(random);
      Observations rows = rows(random, 1 + random.nextInt(3));
      check(family, rows, random, "problem " + (seed + i) + ", " + family + ", " + rows);
    }
  }

  private static Family<?> family(SplittableRandom random) {
    CovarianceStructure[] all = CovarianceStructure.values();
    CovarianceStructure structure = all[random.nextInt(all.length)];
    return switch (random.nextInt(5)) {
      case 0 -> VonMisesFamily.of();
      case 1 -> StudentTFamily.of(structure, DegreesOfFreedom.free());
      default -> GaussianFamily.of(structure);
    };
  }

  /** Groups with ties, outliers and offsets now and then, and weights of any unit. */
  private static Observations rows(SplittableRandom random, int columns) {
    int n = 4 + random.nextInt(90);
    double[][] x = new double[n][columns];
    double offset = random.nextInt(4) == 0 ? 1e5 : 0;
    double grid = random.nextInt(4) == 0 ? 1 : 1e-6;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < columns; j++) {
        double value = random.nextGaussian() * (1 + j) + 4 * random.nextInt(2);
        x[i][j] = offset + Math.rint(value / grid) * grid;
      }
    }
    if (random.nextInt(4) == 0) {
      x[0][0] += 1e4;
    }
    Observations rows = Observations.of(x);
    if (random.nextInt(3) > 0) {
      return rows;
    }
    double unit = Math.pow(10, random.nextInt(13) - 6);
    return rows.withWeights(
        IntStream.range(0, n).mapToDouble(i -> unit * (0.2 + random.nextDouble())).toArray());
  }

  private <C extends Component> void check(
      Family<C> family, Observations rows, SplittableRandom random, String where) {
    int components = 1 + random.nextInt(4);
    int asked = random.nextInt(6);
    AtomicInteger steps = new AtomicInteger();
    EmOptions options =
        EmOptions.defaults()
            .withThreads(1)
            .withStarts(2)
            .withSeed(random.nextLong())
            .withTolerance(Math.pow(10, -4 - random.nextInt(6)))
            .withMaxIterations(asked == 0 ? random.nextInt(4) : 300)
            .withAcceleration(random.nextBoolean() ? Acceleration.NONE : Acceleration.SQUAREM)
            .withTimeLimit(asked == 1 ? Duration.ofNanos(1) : null)
            .withListener(progress -> steps.incrementAndGet())
            .withCancelled(() -> asked == 2 && steps.get() >= 5)
            .withOnDegenerate(
                asked == 3
                    ? DegeneracyPolicy.floor(1e-3)
                    : asked == 4 ? DegeneracyPolicy.drop() : DegeneracyPolicy.reseed());
    MixtureFit<C> fit;
    try {
      fit = MixtureFitter.of(family, components).options(options).fit(rows);
    } catch (UnusableDataException e) {
      // A refusal is a sentence without numbers of the machine's own.
      assertTrue(e.getMessage().length() > 20, where);
      return;
    }
    met.merge(fit.diagnostics().stopReason(), 1, Integer::sum);
    assertFit(fit, rows, where);
    assertStopped(fit, options, family, rows, where);
  }

  private static void assertFit(MixtureFit<?> fit, Observations rows, String where) {
    Diagnostics diagnostics = fit.diagnostics();
    List<Double> trace = diagnostics.logLikelihoodTrace();
    assertEquals(diagnostics.iterations() + 1, trace.size(), where);
    assertEquals(fit.logLikelihood(), trace.get(trace.size() - 1), where);
    assertEquals(
        fit.logLikelihood(), diagnostics.startLogLikelihoods().get(diagnostics.bestStart()), where);
    double sum = 0;
    double size = 0;
    for (int i = 0; i < rows.rows(); i++) {
      double l = rows.weight(i) * fit.mixture().logDensity(rows.row(i));
      sum += l;
      size += Math.abs(l);
    }
    double unit = fit.totalWeight() / fit.rows();
    assertEquals(sum, fit.logLikelihood(), 1e-7 * (unit + size), where);
    assertTrue(Double.isFinite(fit.bic()) && Double.isFinite(fit.icl()), where);
    boolean repaired = false;
    for (FitWarning w : diagnostics.warnings()) {
      assertTrue(w.component() >= -1 && w.component() < fit.mixture().componentCount(), where);
      assertTrue(w.iteration() >= 0, where);
      repaired |= w.isDegeneracy();
    }
    assertEquals(
        repaired || diagnostics.stopReason() == StopReason.DEGENERATE,
        diagnostics.isDegenerate(),
        where);
    if (!diagnostics.isDegenerate()) {
      // No repair: no step lowers the log-likelihood by more than rounding and the tolerance say.
      for (int i = 1; i < trace.size(); i++) {
        assertTrue(
            trace.get(i) >= trace.get(i - 1) - 1e-4 * (unit + Math.abs(trace.get(i))), where);
      }
      assertSpread(fit.mixture(), where);
    }
  }

  /** A fit that is not called degenerate has spreads that double precision resolves. */
  private static void assertSpread(Mixture<?> mixture, String where) {
    for (Component component : mixture.components()) {
      double[] mean =
          component instanceof Gaussian g
              ? g.mean()
              : component instanceof StudentT t ? t.mean() : new double[0];
      for (int j = 0; j < mean.length; j++) {
        Covariance spread =
            component instanceof Gaussian g ? g.covariance() : ((StudentT) component).scale();
        double resolved = Math.ulp(mean[j]);
        assertTrue(spread.get(j, j) > resolved * resolved, where);
      }
    }
  }

  private static <C extends Component> void assertStopped(
      MixtureFit<C> fit, EmOptions options, Family<C> family, Observations rows, String where) {
    Diagnostics diagnostics = fit.diagnostics();
    double unit = fit.totalWeight() / fit.rows();
    switch (diagnostics.stopReason()) {
      case TOLERANCE -> {
        assertTrue(diagnostics.converged(), where);
        assertTrue(diagnostics.iterations() <= options.maxIterations(), where);
        if (options.onDegenerate().action() == DegeneracyPolicy.Action.FLOOR) {
          return;
        }
        // One more plain step gains next to nothing.
        MixtureFit<C> more =
            MixtureFitter.of(family, fit.mixture().componentCount())
                .options(
                    options
                        .withTolerance(0)
                        .withMaxIterations(1)
                        .withCancelled(() -> false)
                        .withAcceleration(Acceleration.NONE))
                .initializer(Initializer.model(fit.mixture()))
                .fit(rows);
        boolean plain =
            more.diagnostics().iterations() == 1
                && more.diagnostics().warnings().stream()
                    .noneMatch(w -> w.kind() == FitWarning.Kind.RESEEDED);
        double gain = more.logLikelihood() - fit.logLikelihood();
        double allowed = 3 * options.tolerance() * (unit + Math.abs(fit.logLikelihood()));
        assertTrue(
            !plain || Math.abs(gain) <= allowed, () -> where + ": gain " + gain + " > " + allowed);
      }
      case MAX_ITERATIONS -> assertEquals(options.maxIterations(), diagnostics.iterations(), where);
      case TIME_LIMIT -> assertNotNull(options.run().timeLimit(), where);
      case CANCELLED -> assertTrue(options.run().cancelled().getAsBoolean(), where);
      case STALLED ->
          assertTrue(
              diagnostics.warnings().stream()
                  .anyMatch(w -> w.kind() == FitWarning.Kind.LIKELIHOOD_FELL),
              where);
      case DEGENERATE ->
          assertTrue(
              diagnostics.warnings().stream()
                  .anyMatch(w -> w.kind() == FitWarning.Kind.START_FAILED),
              where);
    }
  }

  @Test
  void cellsAreWhatTheySay() {
    for (int seed = 1; seed <= 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Observations rows = rows(random, 1 + seed % 2);
      List<GaussianFamily> families =
          seed % 2 == 0
              ? GaussianFamily.all(1)
              : List.of(
                  GaussianFamily.of(CovarianceStructure.EII),
                  GaussianFamily.of(CovarianceStructure.VVI),
                  GaussianFamily.of(CovarianceStructure.VVV));
      Selection selection =
          ModelSelection.over(families, 1, 2, 3)
              .options(EmOptions.defaults().withThreads(2).withStarts(2))
              .select(rows);
      double lowest = Double.POSITIVE_INFINITY;
      for (Cell cell : selection.table()) {
        String where = "seed " + seed + ": " + cell;
        switch (cell.status()) {
          case OK -> {
            assertNull(cell.reason(), where);
            assertTrue(!cell.fit().diagnostics().isDegenerate(), where);
            assertFit(cell.fit(), rows, where);
            lowest = Math.min(lowest, cell.fit().bic());
          }
          case DEGENERATE -> {
            assertTrue(cell.fit().diagnostics().isDegenerate(), where);
            assertNotNull(cell.reason(), where);
          }
          case FAILED -> {
            assertNull(cell.fit(), where);
            assertNotNull(cell.reason(), where);
          }
        }
        if (cell.reason() != null) {
          assertTrue(!cell.reason().matches(".*\\d[.]\\d.*"), where);
        }
      }
      if (selection.best().isPresent()) {
        assertEquals(lowest, selection.best().get().fit().bic());
        assertEquals(CellStatus.OK, selection.best().get().status());
      } else {
        assertTrue(Arrays.stream(new double[] {lowest}).allMatch(Double::isInfinite));
      }
    }
  }
}
