package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import io.github.mixtura.execution.StopReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MixtureFitterTest {
  private static final Observations FAITHFUL = Reference.data("faithful.csv", List.of());

  private static MixtureFitter<Gaussian> gaussian(CovarianceStructure structure, int components) {
    return MixtureFitter.of(GaussianFamily.of(structure), components);
  }

  private static EmOptions options() {
    return EmOptions.defaults().withThreads(1);
  }

  @Test
  void theSeedDecidesAndReproduces() {
    MixtureFitter<Gaussian> fitter =
        gaussian(CovarianceStructure.VVV, 4).initializer(Initializer.random());
    EmOptions few = options().withMaxIterations(3).withStarts(4);
    MixtureFit<Gaussian> one = fitter.options(few.withSeed(1)).fit(FAITHFUL);
    MixtureFit<Gaussian> again = fitter.options(few.withSeed(1)).fit(FAITHFUL);
    MixtureFit<Gaussian> two = fitter.options(few.withSeed(2)).fit(FAITHFUL);
    assertEquals(one.mixture(), again.mixture());
    assertEquals(
        one.diagnostics().startLogLikelihoods(), again.diagnostics().startLogLikelihoods());
    assertEquals(4, new HashSet<>(one.diagnostics().startLogLikelihoods()).size());
    assertNotEquals(
        one.diagnostics().startLogLikelihoods(), two.diagnostics().startLogLikelihoods());
  }

  @Test
  void moreStartsBeginWithTheSameOnes() {
    MixtureFitter<Gaussian> fitter =
        gaussian(CovarianceStructure.VVI, 4).initializer(Initializer.random());
    EmOptions few = options().withMaxIterations(3);
    List<Double> three =
        fitter.options(few.withStarts(3)).fit(FAITHFUL).diagnostics().startLogLikelihoods();
    List<Double> six =
        fitter.options(few.withStarts(6)).fit(FAITHFUL).diagnostics().startLogLikelihoods();
    assertEquals(three, six.subList(0, 3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theBestStartIsKept(long seed) {
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.EEI, 5)
            .initializer(Initializer.random())
            .options(options().withStarts(8).withSeed(seed).withMaxIterations(10))
            .fit(FAITHFUL);
    List<Double> found = fit.diagnostics().startLogLikelihoods();
    assertEquals(8, found.size());
    assertEquals(found.get(fit.diagnostics().bestStart()), fit.logLikelihood());
    assertFalse(fit.diagnostics().isDegenerate());
    double best = found.stream().mapToDouble(v -> v).max().orElseThrow();
    assertEquals(best, fit.logLikelihood(), "no start is better than the one returned");
  }

  @Test
  void givenStartsAreMadeOnceAndKeepTheirOrder() {
    int[] labels = new int[FAITHFUL.rows()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = FAITHFUL.get(i, 0) < 3 ? 0 : 1;
    }
    MixtureFit<Gaussian> given =
        gaussian(CovarianceStructure.VVV, 2)
            .initializer(Initializer.labels(labels))
            .options(options().withStarts(7))
            .fit(FAITHFUL);
    assertEquals(1, given.diagnostics().startLogLikelihoods().size());
    assertTrue(given.mixture().weight(0) < given.mixture().weight(1));
    MixtureFit<Gaussian> own =
        gaussian(CovarianceStructure.VVV, 2).options(options()).fit(FAITHFUL);
    assertEquals(5, own.diagnostics().startLogLikelihoods().size());
    assertTrue(own.mixture().weight(0) > own.mixture().weight(1), "by falling weight");
    assertEquals(given.logLikelihood(), own.logLikelihood(), 1e-4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 150})
  void toleranceZeroMakesExactlyTheIterationsAskedFor(int iterations) {
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 2)
            .options(options().withTolerance(0).withMaxIterations(iterations).withStarts(1))
            .fit(FAITHFUL);
    assertEquals(iterations, fit.diagnostics().iterations());
    assertEquals(iterations + 1, fit.diagnostics().logLikelihoodTrace().size());
    assertEquals(StopReason.MAX_ITERATIONS, fit.diagnostics().stopReason());
    assertFalse(fit.diagnostics().converged());
  }

  @Test
  void aModelIsReturnedAsItIsAfterNoIterations() {
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 3).options(options()).fit(FAITHFUL);
    MixtureFit<Gaussian> same =
        gaussian(CovarianceStructure.VVV, 3)
            .initializer(Initializer.model(fit.mixture()))
            .options(options().withMaxIterations(0))
            .fit(FAITHFUL);
    assertEquals(fit.mixture(), same.mixture());
    assertEquals(fit.logLikelihood(), same.logLikelihood());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void noTimeStillGivesTheFirstMixture(int threads) {
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 3)
            .options(options().withThreads(threads).withTimeLimit(Duration.ZERO))
            .fit(FAITHFUL);
    assertEquals(StopReason.TIME_LIMIT, fit.diagnostics().stopReason());
    assertEquals(0, fit.diagnostics().iterations());
    assertEquals(1, fit.diagnostics().startLogLikelihoods().size());
    assertTrue(Double.isFinite(fit.logLikelihood()));
  }

  @Test
  void littleTimeGivesTheBestSoFar() {
    long begin = System.nanoTime();
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 3)
            .options(
                options()
                    .withTolerance(0)
                    .withMaxIterations(Integer.MAX_VALUE)
                    .withTimeLimit(Duration.ofMillis(150)))
            .fit(FAITHFUL);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    assertEquals(StopReason.TIME_LIMIT, fit.diagnostics().stopReason());
    assertTrue(seconds < 5, seconds + " s");
    assertTrue(fit.diagnostics().iterations() > 0);
    Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
  }

  @Test
  void aLongTimeLimitIsNone() {
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 2)
            .options(options().withTimeLimit(Duration.ofSeconds(Long.MAX_VALUE)))
            .fit(FAITHFUL);
    assertTrue(fit.diagnostics().converged());
  }

  @Test
  void cancellingAtOnceIsAnException() {
    assertThrows(
        CancellationException.class,
        () ->
            gaussian(CovarianceStructure.VVV, 2)
                .options(options().withCancelled(() -> true))
                .fit(FAITHFUL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void cancellingLaterGivesTheBestSoFar(int threads) {
    AtomicInteger passes = new AtomicInteger();
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 3)
            .options(
                options()
                    .withThreads(threads)
                    .withTolerance(0)
                    .withMaxIterations(Integer.MAX_VALUE)
                    .withListener(progress -> passes.incrementAndGet())
                    .withCancelled(() -> passes.get() >= 20))
            .fit(FAITHFUL);
    assertEquals(StopReason.CANCELLED, fit.diagnostics().stopReason());
    assertEquals(19, fit.diagnostics().iterations());
    assertFalse(fit.diagnostics().converged());
  }

  @Test
  void cancellingInALaterStartKeepsTheEarlierOnes() {
    AtomicInteger start = new AtomicInteger();
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 2)
            .options(
                options()
                    .withStarts(5)
                    .withListener(progress -> start.set(((FitProgress) progress).start()))
                    .withCancelled(() -> start.get() == 2))
            .fit(FAITHFUL);
    assertEquals(StopReason.CANCELLED, fit.diagnostics().stopReason());
    assertEquals(3, fit.diagnostics().startLogLikelihoods().size());
    assertTrue(fit.diagnostics().bestStart() < 2);
  }

  @Test
  void theListenerSeesEveryIterationOfEveryStart() {
    List<FitProgress> seen = new ArrayList<>();
    Thread fitting = Thread.currentThread();
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 3)
            .options(
                options()
                    .withThreads(2)
                    .withStarts(2)
                    .withListener(
                        progress -> {
                          assertEquals(fitting, Thread.currentThread());
                          seen.add((FitProgress) progress);
                        }))
            .fit(FAITHFUL);
    List<FitProgress> kept =
        seen.stream().filter(p -> p.start() == fit.diagnostics().bestStart()).toList();
    assertEquals(
        fit.diagnostics().logLikelihoodTrace(),
        kept.stream().map(FitProgress::logLikelihood).toList());
    for (int i = 0; i < kept.size(); i++) {
      assertEquals(i, kept.get(i).iteration());
      assertEquals(2, kept.get(i).starts());
      assertEquals(1000, kept.get(i).maxIterations());
    }
    assertEquals(2, seen.stream().map(FitProgress::start).distinct().count());
  }

  @Test
  void diagnosticsSayWhatRan() {
    MixtureFit<Gaussian> fit =
        gaussian(CovarianceStructure.VVV, 2)
            .options(options().withThreads(2).withBackend("java"))
            .fit(FAITHFUL);
    assertEquals("java", fit.diagnostics().backend());
    assertEquals(2, fit.diagnostics().threads());
    assertTrue(fit.diagnostics().seconds() > 0);
    assertTrue(fit.diagnostics().cpuSeconds() > 0);
    assertEquals(FAITHFUL.columnNames(), fit.columnNames());
    assertEquals(272, fit.rows());
    double n = Math.log(272);
    assertEquals(-2 * fit.logLikelihood() + 11 * n, fit.bic(), 1e-9);
    assertEquals(-2 * fit.logLikelihood() + 22, fit.aic(), 1e-9);
    assertTrue(fit.icl() >= fit.bic());
    assertTrue(fit.toString().contains("VVV") && fit.toString().contains("BIC"), fit::toString);
  }

  @Test
  void wrongArgumentsAreRefused() {
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.VVV);
    for (int components : new int[] {0, -3}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> MixtureFitter.of(family, components))
              .getMessage();
      assertTrue(message.contains("components is " + components), message);
    }
    assertThrows(NullPointerException.class, () -> MixtureFitter.of((GaussianFamily) null, 1));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    MixtureFitter.of(family, 1)
                        .options(options().withBackend("abacus"))
                        .fit(FAITHFUL))
            .getMessage();
    assertTrue(message.contains("abacus") && message.contains("java"), message);
  }

  @ParameterizedTest
  @EnumSource
  void accelerationHelpsOnSlowGaussianFits(CovarianceStructure structure) {
    JsonNode reference = Reference.read("gaussian/mclust_faithful.json");
    int[] labels = Reference.labels(reference.get("start_labels").get("3"));
    double saved =
        assertFaster(
            MixtureFitter.of(GaussianFamily.of(structure), 3)
                .initializer(Initializer.labels(labels)),
            Reference.data(reference));
    if (structure == CovarianceStructure.VVV) {
      assertTrue(saved > 0.5, "saved only " + saved + " of the iterations");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t_faithful_K2_fixed5", "t_iris_K3_shared", "t_diabetes_K3_fixed8"})
  void accelerationHelpsOnStudentFits(String id) {
    for (JsonNode reference : Reference.read("student/student_t.json").get("cases")) {
      if (reference.get("id").asText().equals(id)) {
        DegreesOfFreedom degrees =
            reference.get("nu_mode").asText().equals("fixed")
                ? DegreesOfFreedom.fixed(reference.get("nu_start").asDouble())
                : DegreesOfFreedom.shared();
        assertFaster(
            MixtureFitter.of(
                    StudentTFamily.of(CovarianceStructure.VVV, degrees), reference.get("K").asInt())
                .initializer(Initializer.labels(Reference.labels(reference.get("start_labels")))),
            Reference.data(reference));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vm_turtles_K2", "vm_icu_K2", "vm_wind_K3"})
  void accelerationHelpsOnCircularFits(String id) {
    for (JsonNode reference : Reference.read("directional/von_mises.json").get("cases")) {
      if (reference.get("id").asText().equals(id)) {
        double[][] x = Reference.data(reference).toArray();
        for (double[] row : x) {
          row[0] *= reference.get("radians_per_unit").asDouble();
        }
        assertFaster(
            MixtureFitter.of(VonMisesFamily.of(), reference.get("K").asInt())
                .initializer(Initializer.labels(Reference.labels(reference.get("start_labels")))),
            Observations.of(x));
      }
    }
  }

  /** Part of the iterations saved. */
  private static <C extends Component> double assertFaster(
      MixtureFitter<C> fitter, Observations rows) {
    MixtureFit<C> plain = fitter.options(Reference.tight()).fit(rows);
    MixtureFit<C> fast =
        fitter.options(Reference.tight().withAcceleration(Acceleration.SQUAREM)).fit(rows);
    Reference.assertMonotone(fast.diagnostics().logLikelihoodTrace());
    assertTrue(fast.diagnostics().converged(), fast.diagnostics()::toString);
    assertEquals(plain.logLikelihood(), fast.logLikelihood(), 1e-6);
    int before = plain.diagnostics().iterations();
    int after = fast.diagnostics().iterations();
    assertTrue(after < before || before < 20, after + " iterations, plain " + before);
    return 1 - after / (double) before;
  }

  @Test
  void aModelStartIsBroughtUnderTheFamilysConstraints() {
    Observations rows = Reference.data("faithful.csv", List.of("eruptions", "waiting"));
    MixtureFit<Gaussian> free =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 2).fit(rows);
    MixtureFit<Gaussian> spheres =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.EII), 2)
            .initializer(Initializer.model(free.mixture()))
            .fit(rows);
    assertTrue(spheres.diagnostics().converged(), spheres::toString);
    assertEquals(-1709.681372, spheres.logLikelihood(), 1e-3, "mclust's EII, K = 2");
    for (Gaussian component : spheres.mixture().components()) {
      assertEquals(0, component.covariance().get(1, 0));
      assertEquals(
          spheres.mixture().component(0).covariance().get(0, 0),
          component.covariance().get(1, 1),
          1e-9);
    }
  }

  @Test
  void compactGroupsFarApartAreNoSpikes() {
    SplittableRandom random = new SplittableRandom(11);
    double[] values = new double[300];
    for (int i = 0; i < values.length; i++) {
      values[i] = 5000.0 * (i % 3) + random.nextGaussian();
    }
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.EII), 3)
            .fit(Observations.of(values));
    assertFalse(fit.diagnostics().isDegenerate(), fit.diagnostics()::toString);
    assertEquals(1, fit.mixture().component(0).covariance().get(0, 0), 0.2);
  }
}
