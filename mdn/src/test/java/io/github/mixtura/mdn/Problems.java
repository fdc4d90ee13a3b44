package io.github.mixtura.mdn;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Small made-up problems. */
final class Problems {
  private Problems() {}

  /** y = ±(1 + x²/4) + noise, m targets. */
  static Examples branches(int n, int targets, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] x = new double[n][1];
    double[][] y = new double[n][targets];
    for (int i = 0; i < n; i++) {
      x[i][0] = 6 * random.nextDouble() - 3;
      double middle = (random.nextBoolean() ? 1 : -1) * (1 + 0.25 * x[i][0] * x[i][0]);
      Arrays.setAll(y[i], j -> middle + 0.3 * random.nextGaussian());
    }
    return Examples.of(x, y);
  }

  /** A series whose scale follows its past. */
  static Examples series(int n, int window, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] r = new double[n][1];
    double variance = 1;
    for (int t = 0; t < n; t++) {
      r[t][0] = Math.sqrt(variance) * random.nextGaussian();
      variance = 0.1 + 0.2 * r[t][0] * r[t][0] + 0.7 * variance;
    }
    return Examples.forecasts(r, r, window);
  }

  static TrainingOptions brief(int epochs) {
    return TrainingOptions.defaults().withEpochs(epochs).withLearningRate(5e-3);
  }
}
