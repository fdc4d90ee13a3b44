package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.execution.RunOptions;
import io.github.mixtura.execution.Workers;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link TrainingStop} promises, on random small problems, and how soon training stops. */
class TrainingStopTest {
  private static final int PROBLEMS = 300;

  @Test
  void everyStopKeepsItsPromise() {
    Map<TrainingStop, Integer> seen = new EnumMap<>(TrainingStop.class);
    for (long seed = 1; seed <= PROBLEMS; seed++) {
      TrainingStop stop = problem(seed);
      seen.merge(stop, 1, Integer::sum);
    }
    System.out.println("stops of " + PROBLEMS + " random networks: " + seen);
    assertTrue(seen.getOrDefault(TrainingStop.EPOCHS, 0) > 20, seen::toString);
    assertTrue(seen.getOrDefault(TrainingStop.EARLY_STOPPING, 0) > 20, seen::toString);
    assertTrue(seen.getOrDefault(TrainingStop.CANCELLED, 0) > 20, seen::toString);
  }

  private static TrainingStop problem(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Examples training = examples(random, 5 + random.nextInt(60));
    Examples validation = random.nextInt(3) == 0 ? null : examples(random, 5 + random.nextInt(20));
    int most = random.nextInt(4) == 0 ? 1 + random.nextInt(500) : Integer.MAX_VALUE;
    int[] asked = new int[1];
    TrainingOptions options =
        TrainingOptions.defaults()
            .withSeed(seed)
            .withEpochs(1 + random.nextInt(30))
            .withBatchSize(1 + random.nextInt(40))
            .withPatience(1 + random.nextInt(5))
            .withStarts(1 + random.nextInt(2))
            .withLearningRate(Math.pow(10, -3 * random.nextDouble()))
            .withAveraging(random.nextBoolean() ? 0.99 : 0)
            .withPolish(random.nextInt(3) == 0 ? 10 : 0)
            .withValidationFraction(validation == null ? 0 : 0.1)
            .withCancelled(() -> ++asked[0] > most);
    OutputFamily family = OutputFamily.values()[random.nextInt(OutputFamily.values().length)];
    Body body = random.nextBoolean() ? Mlp.of(1 + random.nextInt(6)) : Lstm.of(2);
    MixtureDensityNetwork network =
        MixtureDensityNetwork.of(body, family, 1 + random.nextInt(3)).options(options);
    NetworkFit fit = validation == null ? network.fit(training) : network.fit(training, validation);
    TrainingReport report = fit.report();
    String where = "seed " + seed + ": " + report;
    assertTrue(report.trainingLosses().size() == report.epochs(), where);
    assertTrue(report.bestEpoch() <= report.epochs() && report.epochs() <= options.epochs(), where);
    assertNoWorseThanTheStart(fit, training, validation, where);
    switch (report.stopReason()) {
      case EPOCHS -> {
        assertEquals(options.epochs(), report.epochs(), where);
        assertEquals(options.starts(), report.startLosses().size(), where);
      }
      case EARLY_STOPPING -> {
        List<Double> losses = report.validationLosses();
        int patience = options.patience();
        assertEquals(report.epochs(), report.bestEpoch() + patience, where);
        double before =
            report.bestEpoch() == 0 ? losses.get(0) : losses.get(report.bestEpoch() - 1);
        List<Double> last = losses.subList(losses.size() - patience, losses.size());
        assertTrue(report.bestEpoch() == 0 || Collections.min(last) >= before, where);
      }
      case CANCELLED -> assertTrue(asked[0] > most, where);
      case DIVERGED -> assertTrue(report.rejectedSteps() >= 50, where);
      default -> throw new AssertionError(where);
    }
    return report.stopReason();
  }

  /** The loss is computed anew, from the network that came back. */
  private static void assertNoWorseThanTheStart(
      NetworkFit fit, Examples training, Examples validation, String where) {
    TrainingReport report = fit.report();
    Examples judge = validation == null ? training : validation;
    double loss = -fit.model().meanLogDensity(judge);
    double kept = report.startLosses().get(report.bestStart());
    boolean cut = report.stopReason() == TrainingStop.CANCELLED;
    if (cut && validation == null) {
      return;
    }
    if (Double.isFinite(kept)) {
      assertEquals(kept, loss, 1e-9 * (1 + Math.abs(loss)), where);
      assertEquals(Collections.min(report.startLosses()), kept, where);
    } else {
      assertEquals(TrainingStop.CANCELLED, report.stopReason(), where);
      assertEquals(0, report.bestEpoch(), where);
    }
    if (validation == null && Double.isFinite(kept)) {
      assertTrue(loss <= report.firstLoss() + 1e-9 * (1 + Math.abs(loss)), where);
    }
    if (validation != null && !report.validationLosses().isEmpty()) {
      double least = Collections.min(report.validationLosses());
      assertTrue(loss <= least + 1e-9 * (1 + Math.abs(loss)), where);
    }
  }

  private static Examples examples(SplittableRandom random, int n) {
    double[][] x = new double[n][2];
    double[][] y = new double[n][1];
    for (int i = 0; i < n; i++) {
      x[i][0] = random.nextGaussian();
      x[i][1] = random.nextGaussian();
      y[i][0] = Math.sin(2 * x[i][0]) + 0.3 * random.nextGaussian();
    }
    return Examples.of(x, y);
  }

  /** Inside the first pass over the examples, which one batch is: asked after every stripe. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void stopsInTheMidstOfAPass(int threads) {
    Examples examples = Problems.branches(20_000, 1, 1);
    for (Body body : List.of(Mlp.of(8), Lstm.of(4))) {
      int[] asked = new int[1];
      boolean[] fitted = new boolean[1];
      TrainingReport report =
          MixtureDensityNetwork.of(body, OutputFamily.GAUSSIAN_DIAGONAL, 2)
              .options(
                  TrainingOptions.defaults()
                      .withThreads(threads)
                      .withBatchSize(1_000_000)
                      .withCancelled(
                          () -> {
                            fitted[0] |=
                                StackWalker.getInstance()
                                    .walk(
                                        s ->
                                            s.anyMatch(
                                                f -> f.getClassName().endsWith("Objective")));
                            return fitted[0] && ++asked[0] > 10;
                          }))
              .fit(examples)
              .report();
      assertEquals(TrainingStop.CANCELLED, report.stopReason());
      assertEquals(0, report.epochs());
      assertTrue(Double.isNaN(report.firstLoss()));
      assertEquals(11, asked[0], "asked once more and never again");
    }
  }

  /** Within one stripe of a large network, after some milliseconds of work. */
  @Test
  void stopsInTheMidstOfAStripe() {
    SplittableRandom random = new SplittableRandom(3);
    double[][][] windows = new double[64][200][3];
    double[][] targets = new double[64][1];
    for (int i = 0; i < 64; i++) {
      for (double[] row : windows[i]) {
        row[0] = random.nextGaussian();
      }
      targets[i][0] = random.nextGaussian();
    }
    for (Body body : List.of(Lstm.of(64, 2), Mlp.of(600, 600))) {
      int[] asked = new int[1];
      Network network =
          new Network(new Network.Shape(body, OutputFamily.GAUSSIAN_DIAGONAL, 3, 200, 1, 2, 1e-3));
      Watch watch = new Watch(RunOptions.defaults().withCancelled(() -> ++asked[0] > 3));
      try (Workers workers = Workers.of(1)) {
        double[] one = {1, 1, 1};
        Scaling scaling = new Scaling(new double[3], one, new double[1], new double[] {1});
        Examples examples = Examples.ofWindows(windows, targets);
        Objective objective =
            new Objective(
                network,
                new Prepared(examples, scaling, network.head().law()),
                workers,
                Objective.Penalties.NONE,
                watch);
        double[] parameters = new double[network.size()];
        assertThrows(
            Watch.Stopped.class,
            () ->
                objective.gradient(
                    parameters, ConditionalMixture.indices(64), 0, 64, parameters.clone()));
        assertEquals(TrainingStop.CANCELLED, watch.reason());
      }
    }
    assertNull(Watch.NONE.passed());
  }

  @Test
  void aLimitOfZeroGivesTheStart() {
    Examples examples = Problems.branches(500, 1, 1);
    NetworkFit fit =
        MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(TrainingOptions.defaults().withTimeLimit(Duration.ZERO))
            .fit(examples);
    assertEquals(TrainingStop.TIME_LIMIT, fit.report().stopReason());
    assertEquals(0, fit.report().epochs());
    assertEquals(List.of(), fit.report().warnings());
    assertTrue(Double.isFinite(fit.model().meanLogDensity(examples)));
    assertFalse(Double.isNaN(fit.model().at(0.5).logDensity(0.5)));
  }

  /** Memory of one stripe or of sixteen: the same bits. */
  @Test
  void threadsGiveTheSameBits() {
    Examples examples = Problems.branches(1500, 1, 2);
    double[][] parameters = new double[2][];
    for (int i = 0; i < 2; i++) {
      parameters[i] =
          MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.STUDENT_T, 2)
              .options(Problems.brief(3).withBatchSize(700).withPolish(3).withThreads(1 + 2 * i))
              .fit(examples)
              .model()
              .parameters();
    }
    assertArrayEquals(parameters[0], parameters[1]);
  }
}
