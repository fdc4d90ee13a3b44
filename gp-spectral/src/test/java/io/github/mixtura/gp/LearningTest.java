package io.github.mixtura.gp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.gp.SpectralMixture.Bump;
import io.github.mixtura.gp.SpectralMixture.Component;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LearningTest {

  private static double[] waves(int n, double noise) {
    SplittableRandom random = new SplittableRandom(2);
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] =
          2 * Math.sin(2 * Math.PI * 0.11 * i)
              + Math.cos(2 * Math.PI * 0.31 * i)
              + noise * random.nextGaussian();
    }
    return y;
  }

  private static double[] places(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i;
    }
    return x;
  }

  private static List<Component> heaviest(SpectralMixture mixture) {
    return mixture.components().stream()
        .sorted(Comparator.comparingDouble(Component::weight).reversed())
        .limit(2)
        .toList();
  }

  @Test
  void theStartFindsTheLines() {
    SpectralMixture start = SpectralStart.of(Bump.GAUSSIAN, 3, 0.5, waves(400, 0.2));
    List<Component> lines = heaviest(start);
    // A step of ½ doubles frequencies in cycles per unit; the resolution is 1/200.
    assertEquals(0.22, lines.get(0).frequency(), 0.004);
    assertEquals(0.62, lines.get(1).frequency(), 0.004);
    assertEquals(2, lines.get(0).weight(), 0.2);
    assertEquals(0.5, lines.get(1).weight(), 0.1);
    assertEquals(2.54, start.value(0), 0.1);
  }

  @Test
  void thePeriodogramSumsToTheVariance() {
    double[] y = waves(101, 0.5);
    SpectralStart.Periodogram periodogram = SpectralStart.periodogram(1, y);
    double mean = 0;
    for (double value : y) {
      mean += value / 101;
    }
    double square = 0;
    for (double value : y) {
      square += (value - mean) * (value - mean);
    }
    double sum = 0;
    for (double power : periodogram.power()) {
      sum += 2 * power;
    }
    assertEquals(square, sum, 1e-9 * square);
    assertEquals(11.0 / 101, periodogram.frequencies()[10], 1e-15);
  }

  @Test
  void learningRaisesTheLikelihoodToAStationaryPoint() {
    double[] y = waves(200, 0.3);
    double[] x = places(200);
    ToeplitzProcess start = ToeplitzProcess.of(SpectralStart.of(Bump.GAUSSIAN, 2, 1, y), 0.5);
    AtomicInteger evaluations = new AtomicInteger();
    Learner.Learned<ToeplitzProcess> learned =
        Learner.defaults()
            .withListener(progress -> evaluations.set(progress.evaluations()))
            .learn(start, x, y);
    assertEquals(Learner.Status.CONVERGED, learned.status());
    assertTrue(learned.logMarginalLikelihood() > start.fit(x, y).logMarginalLikelihood() + 10);
    assertTrue(evaluations.get() >= learned.iterations());
    assertEquals(0.09, learned.process().noiseVariance(), 0.03);
    List<Component> lines = heaviest((SpectralMixture) learned.process().covariance());
    assertEquals(0.11, lines.get(0).frequency(), 2e-4);
    assertEquals(0.31, lines.get(1).frequency(), 2e-4);
    for (double slope : learned.process().fit(x, y).logMarginalLikelihoodGradient()) {
      assertEquals(0, slope, 1);
    }
    Learner.Learned<GaussianProcess> dense =
        Learner.defaults()
            .learn(GaussianProcess.of(start.covariance(), start.noiseVariance()), x, y);
    assertEquals(learned.logMarginalLikelihood(), dense.logMarginalLikelihood(), 1e-3);
  }

  @Test
  void theJeffreysTermPrunesWhatIsNotNeeded() {
    double[] y = waves(150, 0.3);
    double[] x = places(150);
    SpectralMixture comb = SpectralMixture.comb(Bump.GAUSSIAN, 10, 0.45, 100);
    Learner.Learned<ToeplitzProcess> learned =
        Learner.defaults()
            .withJeffreys(1e-10)
            .withMaxIterations(400)
            .learn(ToeplitzProcess.of(comb, 0.1), x, y);
    SpectralMixture.Pruned pruned = ((SpectralMixture) learned.process().covariance()).pruned(1e-4);
    assertTrue(pruned.mixture().components().size() <= 4, pruned.toString());
    assertEquals(10, pruned.mixture().components().size() + pruned.removed().size());
    for (double line : new double[] {0.11, 0.31}) {
      assertTrue(
          pruned.mixture().components().stream()
              .anyMatch(c -> Math.abs(Math.abs(c.frequency()) - line) < 1e-3),
          pruned.toString());
    }
  }

  @Test
  void aGridIsLearnedToo() {
    double[][] axes = {places(12), places(9)};
    double[] y = waves(108, 0.1);
    GridProcess start =
        GridProcess.of(List.of(SquaredExponential.of(2).scaled(1), SquaredExponential.of(2)), 0.5);
    Learner.Learned<GridProcess> learned = Learner.defaults().learn(start, axes, y);
    assertTrue(learned.logMarginalLikelihood() > start.fit(axes, y).logMarginalLikelihood() + 1);
  }

  @Test
  void timeAndCancellationEndLearning() {
    double[] y = waves(100, 0.3);
    ToeplitzProcess start = ToeplitzProcess.of(SquaredExponential.of(3).scaled(1), 0.5);
    Learner learner = Learner.defaults();
    assertEquals(
        Learner.Status.TIME_LIMIT,
        learner.withTimeLimit(Duration.ZERO).learn(start, places(100), y).status());
    assertEquals(
        Learner.Status.CANCELLED,
        learner.withCancelled(() -> true).learn(start, places(100), y).status());
    assertEquals(
        Learner.Status.MAX_ITERATIONS,
        learner.withMaxIterations(1).learn(start, places(100), y).status());
  }

  /** Without noise the likelihood rises without end: the status must not say that it does not. */
  @Test
  void exactObservationsEndAtTheLimitOfTheNoise() {
    double[] x = places(60);
    for (double unit : new double[] {1e-6, 1, 1e6}) {
      double[] y = new double[60];
      for (int i = 0; i < 60; i++) {
        y[i] = unit * Math.sin(0.3 * i);
      }
      CovarianceFunction start = SquaredExponential.of(5).scaled(unit * unit);
      double noise = 0.1 * unit * unit;
      Learner.Learned<ToeplitzProcess> series =
          Learner.defaults().learn(ToeplitzProcess.of(start, noise), x, y);
      Learner.Learned<GaussianProcess> dense =
          Learner.defaults().learn(GaussianProcess.of(start, noise), x, y);
      assertEquals(Learner.Status.AT_LIMIT, series.status());
      assertEquals(Learner.Status.AT_LIMIT, dense.status());
      assertTrue(Double.isFinite(series.logMarginalLikelihood()));
      assertTrue(series.process().fit(x, y).relativeResidual() <= 1e-6);
      assertEquals(0, dense.process().fit(x, y).jitter());
      assertEquals(
          unit * Math.sin(0.3 * 30.5), series.process().fit(x, y).mean(30.5)[0], 1e-4 * unit);
      assertEquals(
          unit * Math.sin(0.3 * 30.5),
          dense.process().fit(x, y).mean(new double[] {30.5})[0],
          1e-4 * unit);
    }
  }

  /** What CONVERGED promises: no parameter changed a little makes the observations likelier. */
  @Test
  void convergedIsALocalMaximum() {
    for (int seed = 0; seed < 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int n = 30 + 5 * seed;
      double noise = Math.pow(10, -random.nextInt(4));
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        y[i] = Math.sin(0.1 * (1 + seed) * i) + noise * random.nextGaussian();
      }
      ToeplitzProcess start = ToeplitzProcess.of(SquaredExponential.of(4).scaled(1), 0.1);
      Learner.Learned<ToeplitzProcess> learned = Learner.defaults().learn(start, places(n), y);
      assertTrue(
          learned.logMarginalLikelihood() >= start.fit(places(n), y).logMarginalLikelihood());
      assertEquals(
          learned.process().fit(places(n), y).logMarginalLikelihood(),
          learned.logMarginalLikelihood(),
          1e-9 * Math.abs(learned.logMarginalLikelihood()));
      if (learned.status() == Learner.Status.CONVERGED) {
        double[] parameters = learned.process().parameters();
        for (int p = 0; p < parameters.length; p++) {
          for (double step : new double[] {-0.05, 0.05}) {
            double[] moved = parameters.clone();
            moved[p] += step;
            double there =
                learned.process().withParameters(moved).fit(places(n), y).logMarginalLikelihood();
            assertTrue(there <= learned.logMarginalLikelihood() + 1e-4, "seed " + seed);
          }
        }
      }
    }
  }

  @Test
  void theStartHasTheUnitOfTheValues() {
    double[] y = waves(120, 0.2);
    SpectralMixture plain = SpectralStart.of(Bump.GAUSSIAN, 3, 1, y);
    double[] tiny = y.clone();
    double unit = Math.scalb(1.0, -500);
    for (int i = 0; i < y.length; i++) {
      tiny[i] *= unit;
    }
    SpectralMixture scaled = SpectralStart.of(Bump.GAUSSIAN, 3, 1, tiny);
    for (int q = 0; q < 3; q++) {
      Component one = plain.components().get(q);
      Component other = scaled.components().get(q);
      assertEquals(one.frequency(), other.frequency(), 1e-9);
      assertEquals(one.weight(), other.weight() / unit / unit, 1e-9 * one.weight());
    }
  }

  @Test
  void badInputIsNamed() {
    assertThrows(
        IllegalArgumentException.class,
        () -> SpectralStart.of(Bump.GAUSSIAN, 3, 1, new double[] {1, 2, 3, 4}));
    assertThrows(IllegalArgumentException.class, () -> SpectralStart.periodogram(1, new double[3]));
    double[] bad = waves(50, 0.1);
    bad[7] = Double.NaN;
    assertThrows(IllegalArgumentException.class, () -> SpectralStart.of(Bump.GAUSSIAN, 3, 1, bad));
    ToeplitzProcess start = ToeplitzProcess.of(SquaredExponential.of(3), 0.5);
    assertThrows(
        IllegalArgumentException.class, () -> Learner.defaults().learn(start, places(50), bad));
    assertEquals(1e-12, SpectralStart.of(Bump.GAUSSIAN, 3, 1, new double[50]).value(0), 1e-20);
  }
}
