package io.github.mixtura.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.FitProgress;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Mixtura's side of the comparison with other libraries: reads lines {@code folder iterations
 * threads backend} and answers each with a JSON line of seconds per iteration and the
 * log-likelihood reached. Runs the public fitter from the given start with tolerance 0.
 */
public final class IterationWorker {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private IterationWorker() {}

  /**
   * Serves standard input.
   *
   * @param arguments none
   * @throws IOException if a folder cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String folder = "";
    Cell cell = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      if (!words[0].equals(folder)) {
        folder = words[0];
        cell = Cell.read(Path.of(folder));
      }
      System.out.println(
          cell.run(Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[3]));
      System.out.flush();
    }
  }

  /** Data and start. */
  record Cell(Observations rows, GaussianFamily family, Mixture<Gaussian> start) {
    static Cell read(Path folder) throws IOException {
      JsonNode json = new ObjectMapper().readTree(folder.resolve("cell.json").toFile());
      int n = json.get("n").asInt();
      int d = json.get("d").asInt();
      boolean diagonal = json.get("covariance").asText().equals("diag");
      List<Gaussian> components = new ArrayList<>();
      double[] weights = new double[json.get("K").asInt()];
      for (int k = 0; k < weights.length; k++) {
        weights[k] = json.get("weights").get(k).asDouble();
        double[] mean = new double[d];
        double[] variance = new double[d];
        for (int j = 0; j < d; j++) {
          mean[j] = json.get("means").get(k).get(j).asDouble();
          variance[j] = json.get("variances").get(k).get(j).asDouble();
        }
        Covariance spread = Covariance.diagonal(variance);
        components.add(Gaussian.of(mean, diagonal ? spread : Covariance.full(spread.toMatrix())));
      }
      GaussianFamily family =
          GaussianFamily.of(diagonal ? CovarianceStructure.VVI : CovarianceStructure.VVV);
      return new Cell(rows(folder.resolve("x.bin"), n, d), family, Mixture.of(components, weights));
    }

    private static Observations rows(Path file, int n, int d) throws IOException {
      Observations.Builder builder = Observations.builder(d);
      byte[] bytes = new byte[8 * d];
      double[] row = new double[d];
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
        for (int i = 0; i < n; i++) {
          in.readFully(bytes);
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(row);
          builder.add(row);
        }
      }
      return builder.build();
    }

    String run(int iterations, int threads, String backend) {
      long[] ticks = new long[iterations + 1];
      long[] cpuTicks = new long[iterations + 1];
      MixtureFit<Gaussian> fit = fit(iterations, threads, backend, ticks, cpuTicks);
      double fitCpu = fit.diagnostics().cpuSeconds();
      // One thread looks at its own clock; of several, only the fit as a whole is known.
      double cpu = threads == 1 ? (cpuTicks[iterations] - cpuTicks[0]) * 1e-9 : fitCpu;
      return String.format(
          Locale.ROOT,
          "{\"wall\": %.9f, \"cpu\": %.9f, \"fitCpu\": %.9f, \"logLikelihood\": %.17g,"
              + " \"backend\": \"%s\"}",
          (ticks[iterations] - ticks[0]) * 1e-9 / iterations,
          cpu / iterations,
          fitCpu,
          fit.logLikelihood(),
          fit.diagnostics().backend());
    }

    private MixtureFit<Gaussian> fit(
        int iterations, int threads, String backend, long[] ticks, long[] cpuTicks) {
      return MixtureFitter.of(family, start.componentCount())
          .options(
              EmOptions.defaults()
                  .withTolerance(0)
                  .withMaxIterations(iterations)
                  .withThreads(threads)
                  .withBackend(backend)
                  .withListener(
                      progress -> {
                        ticks[((FitProgress) progress).iteration()] = System.nanoTime();
                        cpuTicks[((FitProgress) progress).iteration()] =
                            THREADS.getCurrentThreadCpuTime();
                      }))
          .initializer(Initializer.model(start))
          .fit(rows);
    }
  }
}
