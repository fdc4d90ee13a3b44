package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.execution.Workers;
import io.github.mixtura.mixture.Mixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MixtureDensityNetworkTest {

  @ParameterizedTest
  @EnumSource(OutputFamily.class)
  void beginsWithTheMixtureOfEm(OutputFamily family) {
    for (int targets = 1; targets <= 2; targets++) {
      NetworkFit fit =
          MixtureDensityNetwork.of(Mlp.of(16, 16), family, 2)
              .options(Problems.brief(0))
              .fit(Problems.branches(600, targets, 3));
      assertEquals(fit.report().startLoss(), fit.report().firstLoss(), 1e-3);
      assertTrue(fit.report().warnings().isEmpty(), fit.report().warnings().toString());
    }
  }

  @Test
  void beginsWithTheMixtureOfEmWhereTailsAreHeavy() {
    SplittableRandom random = new SplittableRandom(8);
    double[][] x = new double[800][1];
    double[] y = new double[800];
    for (int i = 0; i < y.length; i++) {
      x[i][0] = random.nextGaussian();
      y[i] = Math.tan(Math.PI * (random.nextDouble() - 0.5));
    }
    TrainingReport report =
        MixtureDensityNetwork.of(Mlp.of(16), OutputFamily.STUDENT_T, 1)
            .scaleFloor(1e-5)
            .options(Problems.brief(0))
            .fit(Examples.of(x, y))
            .report();
    assertEquals(report.startLoss(), report.firstLoss(), 1e-3);
  }

  @Test
  void atMeanInputsIsWhatEmFitsToTheTargets() {
    Examples examples = Problems.branches(500, 1, 4);
    double[] y = new double[500];
    for (int i = 0; i < y.length; i++) {
      y[i] = examples.target(i)[0];
    }
    Mixture<Gaussian> em =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.parse("V", 1)), 2)
            .options(EmOptions.defaults().withTolerance(1e-10))
            .fit(Observations.of(y))
            .mixture();
    ConditionalMixture model =
        MixtureDensityNetwork.of(Lstm.of(4), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(Problems.brief(0).withValidationFraction(0))
            .fit(examples)
            .model();
    for (double point = -3; point <= 3; point += 0.5) {
      assertEquals(em.logDensity(point), model.atMeanInputs().logDensity(point), 1e-3);
    }
  }

  /** Every kind of layer. */
  private static final List<Body> BODIES =
      List.of(
          Mlp.of(),
          Mlp.of(7, 7).residual(true).activation(Activation.SILU),
          Mlp.of(6, 5).layerNorm(true).activation(Activation.RELU),
          Lstm.of(4),
          Lstm.of(3, 2));

  static Stream<Arguments> headsAndBodies() {
    return Stream.of(OutputFamily.values())
        .flatMap(family -> BODIES.stream().map(body -> Arguments.of(family, body)));
  }

  @ParameterizedTest
  @MethodSource("headsAndBodies")
  void manyThreadsGiveTheBitsOfOne(OutputFamily family, Body body) {
    Examples examples = Problems.series(700, 5, 7);
    double[] one = null;
    for (int threads : new int[] {1, 2, 5}) {
      double[] parameters =
          MixtureDensityNetwork.of(body, family, 2)
              .options(
                  Problems.brief(2)
                      .withThreads(threads)
                      .withBatchSize(200)
                      .withWeightDivergence(0.1)
                      .withWeightDecay(0.01)
                      .withEntropy(0.01)
                      .withPolish(2))
              .fit(examples)
              .model()
              .parameters();
      one = one == null ? parameters : one;
      assertArrayEquals(one, parameters);
    }
  }

  @ParameterizedTest
  @MethodSource("headsAndBodies")
  void savedAndLoadedForecastsTheSameBits(OutputFamily family, Body body, @TempDir Path folder) {
    Examples examples = Problems.series(300, 4, 5);
    ConditionalMixture model =
        MixtureDensityNetwork.of(body, family, 2).options(Problems.brief(2)).fit(examples).model();
    Path file = folder.resolve("network.json");
    model.write(file);
    ConditionalMixture loaded = ConditionalMixture.read(file);
    assertArrayEquals(model.logDensity(examples), loaded.logDensity(examples));
    assertEquals(
        model.at(examples.window(17)).components(), loaded.at(examples.window(17)).components());
    assertEquals(model.toString(), loaded.toString());
  }

  @ParameterizedTest
  @MethodSource("headsAndBodies")
  void manyAtOnceAreThoseOneByOne(OutputFamily family, Body body) {
    Examples examples = Problems.branches(200, 3, 6);
    ConditionalMixture model =
        MixtureDensityNetwork.of(body, family, 3).options(Problems.brief(3)).fit(examples).model();
    List<Mixture<? extends Component>> all = model.at(examples);
    double[] densities = model.logDensity(examples);
    for (int i = 0; i < examples.size(); i++) {
      Mixture<? extends Component> one = model.at(examples.window(i));
      assertArrayEquals(one.weights(), all.get(i).weights());
      assertEquals(one.components(), all.get(i).components());
      double expected = one.logDensity(examples.target(i));
      assertEquals(expected, densities[i], 1e-9 * (1 + Math.abs(expected)));
    }
  }

  @Test
  void learnsTwoBranches() {
    Examples test = Problems.branches(2000, 1, 9);
    NetworkFit fit =
        MixtureDensityNetwork.of(Mlp.of(24, 24), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(Problems.brief(40).withPolish(20).withStarts(2))
            .fit(Problems.branches(2000, 1, 8));
    double truth = 0;
    for (int i = 0; i < test.size(); i++) {
      double x = test.window(i)[0][0];
      double middle = 1 + 0.25 * x * x;
      truth +=
          Mixture.of(List.of(Gaussian.of(middle, 0.09), Gaussian.of(-middle, 0.09)), 0.5, 0.5)
              .logDensity(test.target(i));
    }
    assertEquals(truth / test.size(), fit.model().meanLogDensity(test), 0.04);
    assertEquals(2, fit.report().startLosses().size());
    assertEquals(
        -fit.report().validationLosses().stream().mapToDouble(v -> v).min().orElseThrow(),
        -fit.report().startLosses().get(fit.report().bestStart()),
        0.02);
  }

  @Test
  void forecastsTheScaleOfASeriesBetterThanOneMixture() {
    Examples all = Problems.series(3000, 10, 1);
    NetworkFit fit =
        MixtureDensityNetwork.of(Lstm.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 1)
            .options(Problems.brief(30).withPatience(10))
            .fit(all.range(0, 2000));
    assertTrue(fit.report().validationExamples() == 200);
    double network = fit.model().meanLogDensity(all.range(2000, all.size()));
    Mixture<? extends Component> plain = fit.model().atMeanInputs();
    assertTrue(network > -fit.report().startLoss() - 0.2, plain.toString());
    assertTrue(
        fit.report().validationLosses().get(fit.report().bestEpoch() - 1)
            < fit.report().validationLosses().get(0));
  }

  @Test
  void penaltiesMoveTheWeights() {
    Examples examples = Problems.branches(800, 1, 2);
    double[] gap = new double[2];
    for (int i = 0; i < 2; i++) {
      ConditionalMixture model =
          MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 3)
              .options(Problems.brief(20).withWeightDivergence(i == 0 ? 0 : 50))
              .fit(examples)
              .model();
      double[] mean = new double[3];
      for (Mixture<? extends Component> law : model.at(examples)) {
        for (int k = 0; k < 3; k++) {
          mean[k] += law.weight(k) / examples.size();
        }
      }
      double[] start =
          MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 3)
              .options(Problems.brief(0))
              .fit(examples)
              .model()
              .atMeanInputs()
              .weights();
      for (int k = 0; k < 3; k++) {
        gap[i] += Math.abs(mean[k] - start[k]);
      }
    }
    assertTrue(gap[1] < 0.02, "gap " + gap[1]);
    assertTrue(gap[1] < gap[0], gap[0] + " without, " + gap[1] + " with");
  }

  @Test
  void theMeanOfTheStepsIsBetterThanTheLastOfThem() {
    Examples test = Problems.branches(2000, 1, 99);
    double[] reached = new double[2];
    for (int seed = 1; seed <= 3; seed++) {
      for (int i = 0; i < 2; i++) {
        reached[i] +=
            MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 2)
                .options(
                    Problems.brief(60)
                        .withSchedule(TrainingOptions.Schedule.CONSTANT)
                        .withLearningRate(0.03)
                        .withBatchSize(16)
                        .withValidationFraction(0)
                        .withAveraging(i == 0 ? 0 : 0.99)
                        .withSeed(seed))
                .fit(Problems.branches(500, 1, seed))
                .model()
                .meanLogDensity(test);
      }
    }
    assertTrue(reached[1] > reached[0], reached[0] + " the last, " + reached[1] + " the mean");
  }

  @Test
  void schedulesAndOptimizersTrain() {
    Examples examples = Problems.branches(400, 1, 2);
    for (TrainingOptions.Schedule schedule : TrainingOptions.Schedule.values()) {
      for (TrainingOptions.Optimizer optimizer : TrainingOptions.Optimizer.values()) {
        TrainingReport report =
            MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 2)
                .options(
                    Problems.brief(15)
                        .withSchedule(schedule)
                        .withOptimizer(optimizer)
                        .withWeightDecay(1e-3)
                        .withWarmupSteps(5)
                        .withPatience(4))
                .fit(examples)
                .report();
        assertTrue(report.trainingLosses().get(report.epochs() - 1) < report.firstLoss());
      }
    }
  }

  @Test
  void stopsWhenAsked() {
    Examples examples = Problems.branches(500, 1, 1);
    MixtureDensityNetwork network =
        MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 2);
    int[] epochs = new int[1];
    TrainingReport cancelled =
        network
            .options(
                Problems.brief(1000)
                    .withListener(progress -> epochs[0] = ((TrainingProgress) progress).epoch())
                    .withCancelled(() -> epochs[0] >= 3))
            .fit(examples)
            .report();
    assertEquals(TrainingStop.CANCELLED, cancelled.stopReason());
    assertEquals(3, cancelled.epochs());
    TrainingReport late =
        network
            .options(
                Problems.brief(1_000_000)
                    .withPatience(1_000_000)
                    .withTimeLimit(Duration.ofMillis(200)))
            .fit(examples)
            .report();
    assertEquals(TrainingStop.TIME_LIMIT, late.stopReason());
    assertTrue(late.seconds() < 5);
  }

  @Test
  void continuesFromATrainedNetwork() {
    Examples examples = Problems.branches(500, 1, 1);
    MixtureDensityNetwork network =
        MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 2);
    ConditionalMixture first = network.options(Problems.brief(60)).fit(examples).model();
    NetworkFit same = network.startingFrom(first).options(Problems.brief(0)).fit(examples);
    assertArrayEquals(first.parameters(), same.model().parameters());
    NetworkFit next = network.startingFrom(first).options(Problems.brief(3)).fit(examples);
    assertFalse(next.report().trainingLosses().isEmpty());
    assertTrue(next.report().firstLoss() < next.report().startLoss() - 0.1);
    assertNotEquals(first.meanLogDensity(examples), Double.NaN);
  }

  /** EM orders components by weight; the penalty must compare those of the network's order. */
  @Test
  void theWeightsOfAWarmStartKeepTheirComponents() {
    MixtureDensityNetwork network =
        MixtureDensityNetwork.of(Mlp.of(4), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(Problems.brief(100).withValidationFraction(0).withWeightDivergence(5));
    Examples more = groups(0.8);
    ConditionalMixture first = network.fit(more).model();
    Examples less = groups(0.2);
    NetworkFit next = network.startingFrom(first).fit(less);
    assertEquals(
        next.report().startLoss(), -next.model().meanLogDensity(less), 0.02, "EM's likelihood");
  }

  /** Targets around −3 with a probability and else around 3, whatever the input. */
  private static Examples groups(double probability) {
    SplittableRandom random = new SplittableRandom(5);
    double[][] x = new double[500][1];
    double[] y = new double[500];
    for (int i = 0; i < y.length; i++) {
      x[i][0] = random.nextGaussian();
      y[i] = (random.nextDouble() < probability ? -3 : 3) + random.nextGaussian();
    }
    return Examples.of(x, y);
  }

  @Test
  void scalesAreUndone() {
    Examples examples = Problems.branches(300, 1, 12);
    double[][] x = new double[300][1];
    double[][] y = new double[300][1];
    for (int i = 0; i < 300; i++) {
      x[i][0] = 1e4 + 0x1p10 * examples.window(i)[0][0];
      y[i][0] = 0x1p-20 * examples.target(i)[0];
    }
    MixtureDensityNetwork network =
        MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(Problems.brief(2));
    double plain = network.fit(examples).model().meanLogDensity(examples);
    Examples scaled = Examples.of(x, y);
    double other = network.fit(scaled).model().meanLogDensity(scaled);
    assertEquals(plain + 20 * Math.log(2), other, 1e-6);
  }

  @Test
  void stepsThatCannotBeTakenAreCountedAndEndTraining() {
    Examples examples = Problems.branches(300, 1, 5);
    Network network =
        new Network(new Network.Shape(Mlp.of(3), OutputFamily.GAUSSIAN_DIAGONAL, 1, 1, 1, 2, 1e-3));
    double[] one = {1};
    Scaling broken = new Scaling(new double[1], one, new double[] {Double.NaN}, one);
    double[] first = new double[network.size()];
    Arrays.fill(first, 0.1);
    try (Workers workers = Workers.of(1)) {
      Objective objective =
          new Objective(
              network,
              new Prepared(examples, broken, network.head().law()),
              workers,
              Objective.Penalties.NONE);
      Training training =
          new Training(
              Problems.brief(1000),
              new Training.Part(objective, ConditionalMixture.indices(300)),
              null,
              network.weightMask(),
              0,
              () -> null,
              0);
      training.run(first, new SplittableRandom(1));
      assertEquals(TrainingStop.DIVERGED, training.reason());
      assertEquals(50, training.rejected());
      assertEquals(0, training.steps());
      assertArrayEquals(first, training.best());
    }
  }
}
