package io.github.mixtura.benchmarks;

import io.github.mixtura.mdn.Examples;
import io.github.mixtura.mdn.MixtureDensityNetwork;
import io.github.mixtura.mdn.Mlp;
import io.github.mixtura.mdn.NetworkFit;
import io.github.mixtura.mdn.TrainingOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Learns known conditional laws and compares the test log-likelihood with that of the truth.
 *
 * <p>Layers of 32 and 32 tanh units, Adam with batches of 128, step size 0.003 on a cosine over 100
 * epochs, a tenth of the training examples for validation, patience 30; weight decay 0.0003. With a
 * folder as argument the data are written there, for networks of other programs: {@code
 * case-seed.bin} holds, row by row, the inputs and the target of the training and then of the test
 * examples.
 */
public final class DensityStudy {
  private static final int EXAMPLES = 10_000;

  private DensityStudy() {}

  /**
   * Result of one fit; means over the test examples.
   *
   * @param truth log-density of the true law
   * @param network log-density of the network
   * @param fit how it was trained
   */
  record Result(double truth, double network, NetworkFit fit) {
    double gap() {
      return truth - network;
    }
  }

  /**
   * Prints a line of comma-separated values for each case and seed, and the mean gaps.
   *
   * @param arguments a folder for the data; none to write no data
   * @throws IOException if the data cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    System.out.println("case,seed,truth,network,gap,epochs,bestEpoch,seconds");
    for (DensityTruth truth : DensityTruth.values()) {
      double sum = 0;
      for (int seed = 1; seed <= 3; seed++) {
        if (arguments.length > 0) {
          write(truth, seed, Path.of(arguments[0]));
        }
        Result result = run(truth, seed, EXAMPLES, 100);
        sum += result.gap() / 3;
        System.out.printf(
            Locale.ROOT,
            "%s,%d,%.5f,%.5f,%.5f,%d,%d,%.2f%n",
            truth,
            seed,
            result.truth(),
            result.network(),
            result.gap(),
            result.fit().report().epochs(),
            result.fit().report().bestEpoch(),
            result.fit().report().seconds());
      }
      System.out.printf(Locale.ROOT, "%s,mean,,,%.5f,,,%n", truth, sum);
    }
  }

  static Result run(DensityTruth truth, int seed, int n, int epochs) {
    SplittableRandom random = random(truth, seed);
    double[][] x = new double[n][];
    double[] y = new double[n];
    truth.draw(random, x, y);
    double[][] testX = new double[n][];
    double[] testY = new double[n];
    truth.draw(random, testX, testY);
    NetworkFit fit =
        MixtureDensityNetwork.of(Mlp.of(32, 32), truth.family(), truth.components())
            .options(
                TrainingOptions.defaults()
                    .withEpochs(epochs)
                    .withLearningRate(3e-3)
                    .withWeightDecay(3e-4)
                    .withPatience(30)
                    .withSeed(seed))
            .fit(Examples.of(x, y));
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += truth.logDensity(testX[i], testY[i]) / n;
    }
    return new Result(sum, fit.model().meanLogDensity(Examples.of(testX, testY)), fit);
  }

  private static SplittableRandom random(DensityTruth truth, int seed) {
    return new SplittableRandom(1000L * seed + truth.ordinal());
  }

  private static void write(DensityTruth truth, int seed, Path folder) throws IOException {
    SplittableRandom random = random(truth, seed);
    int width = 0;
    ByteBuffer bytes = null;
    for (int part = 0; part < 2; part++) {
      double[][] x = new double[EXAMPLES][];
      double[] y = new double[EXAMPLES];
      truth.draw(random, x, y);
      if (bytes == null) {
        width = x[0].length + 1;
        bytes = ByteBuffer.allocate(2 * EXAMPLES * width * 8).order(ByteOrder.LITTLE_ENDIAN);
      }
      for (int i = 0; i < EXAMPLES; i++) {
        for (double v : x[i]) {
          bytes.putDouble(v);
        }
        bytes.putDouble(y[i]);
      }
    }
    Files.createDirectories(folder);
    Files.write(folder.resolve(truth + "-" + seed + ".bin"), bytes.array());
  }
}
