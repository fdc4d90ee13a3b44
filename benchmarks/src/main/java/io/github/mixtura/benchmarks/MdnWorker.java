package io.github.mixtura.benchmarks;

import io.github.mixtura.mdn.Body;
import io.github.mixtura.mdn.Examples;
import io.github.mixtura.mdn.Lstm;
import io.github.mixtura.mdn.MixtureDensityNetwork;
import io.github.mixtura.mdn.Mlp;
import io.github.mixtura.mdn.NetworkFit;
import io.github.mixtura.mdn.OutputFamily;
import io.github.mixtura.mdn.TrainingOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Mixtura's side of the comparison of training speed: reads lines {@code case threads epochs} and
 * answers each with a JSON line of samples per second, the median over the epochs but the first.
 *
 * <p>Cases: {@code mlp} is 8 inputs, layers of 64 and 64 tanh units, K = 5, batches of 128; {@code
 * lstm} is one input, a window of 20, 16 units, K = 3, batches of 64. One target, Adam, no
 * validation; the public fitter is used. With a folder as argument the data are written there
 * first, for networks of other programs: {@code case.bin} holds, example by example, the window row
 * by row and the target.
 */
public final class MdnWorker {
  private static final int EXAMPLES = 12_800;

  private MdnWorker() {}

  /**
   * Serves standard input.
   *
   * @param arguments a folder for the data; none to write no data
   * @throws IOException if it cannot be read, or the data cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0) {
      write(Path.of(arguments[0], "mlp.bin"), examples(true));
      write(Path.of(arguments[0], "lstm.bin"), examples(false));
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.trim().split(" ");
      System.out.println(run(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
      System.out.flush();
    }
  }

  static String run(String name, int threads, int epochs) {
    if (!name.equals("mlp") && !name.equals("lstm")) {
      throw new IllegalArgumentException("case is '" + name + "', must be mlp or lstm");
    }
    if (epochs < 2) {
      throw new IllegalArgumentException("epochs is " + epochs + ", must be at least 2");
    }
    boolean mlp = name.equals("mlp");
    Body body = mlp ? Mlp.of(64, 64) : Lstm.of(16);
    List<Long> ticks = new ArrayList<>();
    TrainingOptions options =
        TrainingOptions.defaults()
            .withSchedule(TrainingOptions.Schedule.CONSTANT)
            .withValidationFraction(0)
            .withBatchSize(mlp ? 128 : 64)
            .withThreads(threads)
            .withEpochs(epochs)
            .withListener(progress -> ticks.add(System.nanoTime()));
    NetworkFit fit =
        MixtureDensityNetwork.of(body, OutputFamily.GAUSSIAN_DIAGONAL, mlp ? 5 : 3)
            .options(options)
            .fit(examples(mlp));
    double[] seconds = new double[epochs - 1];
    Arrays.setAll(seconds, i -> (ticks.get(i + 1) - ticks.get(i)) * 1e-9);
    Arrays.sort(seconds);
    return String.format(
        Locale.ROOT,
        "{\"case\": \"%s\", \"threads\": %d, \"samplesPerSecond\": %.1f, \"best\": %.1f, "
            + "\"loss\": %.6f}",
        name,
        threads,
        EXAMPLES / seconds[seconds.length / 2],
        EXAMPLES / seconds[0],
        fit.report().trainingLosses().get(epochs - 1));
  }

  private static Examples examples(boolean mlp) {
    int inputs = mlp ? 8 : 1;
    int window = mlp ? 1 : 20;
    SplittableRandom random = new SplittableRandom(1);
    double[][][] x = new double[EXAMPLES][window][inputs];
    double[][] y = new double[EXAMPLES][1];
    for (int i = 0; i < EXAMPLES; i++) {
      double sum = 0;
      for (double[] row : x[i]) {
        for (int j = 0; j < inputs; j++) {
          row[j] = random.nextGaussian();
          sum += row[j];
        }
      }
      y[i][0] = Math.sin(sum) + (random.nextBoolean() ? 1 : -1) + 0.2 * random.nextGaussian();
    }
    return Examples.ofWindows(x, y);
  }

  private static void write(Path file, Examples examples) throws IOException {
    int width = examples.window() * examples.inputs() + examples.targets();
    ByteBuffer bytes =
        ByteBuffer.allocate(8 * examples.size() * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < examples.size(); i++) {
      for (double[] row : examples.window(i)) {
        Arrays.stream(row).forEach(bytes::putDouble);
      }
      Arrays.stream(examples.target(i)).forEach(bytes::putDouble);
    }
    Files.write(file, bytes.array());
  }
}
