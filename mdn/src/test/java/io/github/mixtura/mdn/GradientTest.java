package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.execution.Workers;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Analytic gradients against central differences, for every body, head and penalty. */
class GradientTest {
  private static final int EXAMPLES = 83;

  private static Stream<Body> bodies() {
    return Stream.of(
        Mlp.of(),
        Mlp.of(5),
        Mlp.of(9, 4, 6),
        Mlp.of(8, 8).activation(Activation.SILU).residual(true),
        Mlp.of(8, 8, 8).activation(Activation.TANH).residual(true).layerNorm(true),
        Mlp.of(7, 5).activation(Activation.RELU).layerNorm(true),
        Mlp.of(6, 6).activation(Activation.RELU).residual(true),
        Lstm.of(3),
        Lstm.of(3, 2),
        Lstm.of(4, 3));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void everyBody(Body body) {
    check(body, OutputFamily.GAUSSIAN_DIAGONAL, 1, 3, Objective.Penalties.NONE, 11);
    check(body, OutputFamily.GAUSSIAN_DIAGONAL, 2, 2, Objective.Penalties.NONE, 12);
  }

  @ParameterizedTest
  @EnumSource(OutputFamily.class)
  void everyHead(OutputFamily family) {
    for (int targets = 1; targets <= 3; targets++) {
      check(Mlp.of(6), family, targets, 3, Objective.Penalties.NONE, 20 + targets);
      check(Lstm.of(3, 2), family, targets, 2, Objective.Penalties.NONE, 40 + targets);
    }
  }

  @Test
  void everyPenalty() {
    double[] prior = {0.5, 0.3, 0.2};
    for (Objective.Penalties penalties :
        new Objective.Penalties[] {
          new Objective.Penalties(0.3, 0, 0, null),
          new Objective.Penalties(0, 0.7, 0, null),
          new Objective.Penalties(0, 0, 2, prior),
          new Objective.Penalties(0.1, 0.2, 0.5, prior)
        }) {
      for (OutputFamily family : OutputFamily.values()) {
        check(Mlp.of(6), family, 1, 3, penalties, 31);
      }
      check(Lstm.of(3), OutputFamily.GAUSSIAN_FULL, 2, 3, penalties, 32);
    }
  }

  private static void check(
      Body body,
      OutputFamily family,
      int targets,
      int components,
      Objective.Penalties penalties,
      long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Examples examples = examples(random, 2, 3, targets);
    Network network = new Network(new Network.Shape(body, family, 2, 3, targets, components, 1e-3));
    Scaling scaling =
        new Scaling(new double[2], new double[] {1, 1}, new double[targets], ones(targets));
    double[] parameters = new double[network.size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = 0.6 * random.nextGaussian();
    }
    int[] all = new int[EXAMPLES];
    Arrays.setAll(all, i -> i);
    double[] gradient = new double[parameters.length];
    double[] ignored = new double[parameters.length];
    try (Workers workers = Workers.of(1)) {
      Objective objective =
          new Objective(
              network, new Prepared(examples, scaling, network.head().law()), workers, penalties);
      double loss = objective.gradient(parameters, all, 0, EXAMPLES, gradient);
      if (penalties == Objective.Penalties.NONE) {
        assertEquals(loss, objective.loss(parameters, all, 0, EXAMPLES), 0);
      }
      double norm = Math.sqrt(Arrays.stream(gradient).map(v -> v * v).sum());
      assertTrue(norm > 1e-3);
      for (int i = 0; i < parameters.length; i++) {
        double value = parameters[i];
        double step = 1e-4 * Math.max(1e-2, Math.abs(value));
        double[] at = new double[4];
        double[] factors = {1, -1, 2, -2};
        for (int j = 0; j < 4; j++) {
          parameters[i] = value + factors[j] * step;
          at[j] = objective.gradient(parameters, all, 0, EXAMPLES, ignored);
        }
        parameters[i] = value;
        double numeric = (8 * (at[0] - at[1]) - (at[2] - at[3])) / (12 * step);
        double scale = Math.max(Math.abs(gradient[i]), 1e-2 * norm);
        assertEquals(numeric, gradient[i], 1e-6 * scale, body + " " + family + ", parameter " + i);
      }
    }
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Examples examples(SplittableRandom random, int inputs, int window, int targets) {
    double[][][] x = new double[EXAMPLES][window][inputs];
    double[][] y = new double[EXAMPLES][targets];
    for (int i = 0; i < EXAMPLES; i++) {
      for (double[] row : x[i]) {
        Arrays.setAll(row, j -> random.nextGaussian());
      }
      Arrays.setAll(y[i], j -> random.nextGaussian());
    }
    return Examples.ofWindows(x, y);
  }
}
