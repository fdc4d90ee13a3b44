package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One thousand random small problems, with constant inputs, constant targets, outliers of 1e6
 * scales and fewer examples than components among them: no result may hold a value that is not
 * finite. A failing problem's seed is printed.
 */
class NeverNanTest {
  private static final int PROBLEMS = 1000;

  private long rejected;
  private long clipped;

  @Test
  @Tag("full")
  void everyResultIsFinite() {
    List<String> failures = new ArrayList<>();
    for (long seed = 1; seed <= PROBLEMS; seed++) {
      String failure;
      try {
        failure = run(seed);
      } catch (RuntimeException e) {
        failure = e.toString();
      }
      if (failure != null) {
        failures.add("seed " + seed + ": " + failure);
      }
    }
    System.out.println(
        "never NaN: seeds 1 to "
            + PROBLEMS
            + ", "
            + failures.size()
            + " failures "
            + failures
            + ", "
            + clipped
            + " steps clipped, "
            + rejected
            + " rejected");
    assertEquals(List.of(), failures);
  }

  private String run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 1 + random.nextInt(random.nextBoolean() ? 6 : 40);
    int inputs = 1 + random.nextInt(3);
    int targets = 1 + random.nextInt(2);
    int window = 1 + random.nextInt(3);
    int components = 1 + random.nextInt(5);
    OutputFamily family = OutputFamily.values()[random.nextInt(OutputFamily.values().length)];
    Examples examples = examples(random, n, window, inputs, targets);
    NetworkFit fit =
        MixtureDensityNetwork.of(body(random), family, components)
            .scaleFloor(random.nextBoolean() ? 1e-3 : 1e-6)
            .options(
                TrainingOptions.defaults()
                    .withEpochs(4)
                    .withBatchSize(1 + random.nextInt(20))
                    .withLearningRate(Math.pow(10, -4 * random.nextDouble()))
                    .withWeightDivergence(random.nextInt(3) == 0 ? 1 : 0)
                    .withEntropy(random.nextInt(3) == 0 ? 0.1 : 0)
                    .withPolish(random.nextInt(4) == 0 ? 5 : 0)
                    .withSeed(seed))
            .fit(examples);
    rejected += fit.report().rejectedSteps();
    clipped += fit.report().clippedSteps();
    for (double v : fit.model().parameters()) {
      if (!Double.isFinite(v)) {
        return "a parameter is " + v;
      }
    }
    for (double v : fit.model().logDensity(examples)) {
      if (!Double.isFinite(v)) {
        return "a log-density is " + v;
      }
    }
    for (int i = 0; i < Math.min(3, n); i++) {
      double direct = fit.model().at(examples.window(i)).logDensity(examples.target(i));
      if (Double.isNaN(direct)) {
        return "the mixture's log-density is " + direct;
      }
    }
    return null;
  }

  private static Body body(SplittableRandom random) {
    Activation activation = Activation.values()[random.nextInt(3)];
    return switch (random.nextInt(4)) {
      case 0 -> Lstm.of(1 + random.nextInt(4), 1 + random.nextInt(2));
      case 1 -> Mlp.of();
      case 2 -> Mlp.of(4, 4).activation(activation).residual(true).layerNorm(random.nextBoolean());
      default -> Mlp.of(1 + random.nextInt(8)).activation(activation);
    };
  }

  private static Examples examples(
      SplittableRandom random, int n, int window, int inputs, int targets) {
    int kind = random.nextInt(6);
    double[][][] x = new double[n][window][inputs];
    double[][] y = new double[n][targets];
    double unit = Math.pow(10, 12 * random.nextDouble() - 6);
    for (int i = 0; i < n; i++) {
      for (double[] row : x[i]) {
        Arrays.setAll(row, j -> kind == 0 || kind == 2 ? 3.5 : unit * random.nextGaussian());
      }
      Arrays.setAll(
          y[i],
          j -> kind == 1 || kind == 2 ? -7 * unit : unit * Math.rint(3 * random.nextGaussian()));
      if (kind >= 4 && i % 7 == 0) {
        y[i][0] += 1e6 * unit * random.nextGaussian();
        x[i][0][0] *= 1e6;
      }
    }
    return Examples.ofWindows(x, y);
  }
}
