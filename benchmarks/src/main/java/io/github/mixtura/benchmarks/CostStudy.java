package io.github.mixtura.benchmarks;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitProgress;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * CPU time of one EM iteration on one thread: how it grows with n, d and K, and what Student-t and
 * von Mises iterations cost beside the Gaussian one, alternated in rounds of one run.
 *
 * <pre>{@code
 * java -Xmx8g -cp benchmarks/target/benchmarks.jar io.github.mixtura.benchmarks.CostStudy \
 *     java benchmarks/results/cost-java
 * }</pre>
 *
 * writes {@code cost-java.csv} and {@code cost-java.md}.
 */
public final class CostStudy {
  private static final int ROUNDS = 9;

  private final String backend;

  /** Rows × components × columns that one measurement works through. */
  private final long effort;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int REPEATS = 20_000;

  private final List<String> csv = new ArrayList<>(List.of("study,family,n,d,K,round,ns"));
  private final StringBuilder markdown = new StringBuilder();

  private CostStudy(String backend, long effort) {
    this.backend = backend;
    this.effort = effort;
  }

  /**
   * Runs both studies.
   *
   * @param arguments backend, path of the results without ending, and {@code quick} for tiny data
   * @throws IOException if the results cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    boolean quick = arguments.length > 2 && arguments[2].equals("quick");
    CostStudy study = new CostStudy(arguments[0], quick ? 100_000 : 60_000_000);
    study.vonMises(quick ? 0.001 : 1);
    study.families(quick ? 0.001 : 1);
    study.growth(quick ? 1000 : 10_000_000);
    Files.write(Path.of(arguments[1] + ".csv"), study.csv);
    Files.writeString(Path.of(arguments[1] + ".md"), study.markdown);
    System.out.print(study.markdown);
  }

  /** A family on data of its own kind, started from a random partition. */
  private record Case(String name, Family<?> family, Observations rows, int components) {
    double nanosPerRowAndComponent(String backend, int iterations) {
      return nanos(family, backend, iterations) / rows.rows() / components;
    }

    private <C extends Component> double nanos(Family<C> law, String backend, int iterations) {
      int[] labels = new int[rows.rows()];
      Arrays.setAll(labels, i -> (int) ((i * 2_654_435_761L >>> 7) % components));
      MixtureFitter<C> fitter =
          MixtureFitter.of(law, components).initializer(Initializer.labels(labels));
      long[] ticks = new long[iterations + 2];
      fitter
          .options(
              EmOptions.defaults()
                  .withTolerance(0)
                  .withMaxIterations(iterations + 1)
                  .withThreads(1)
                  .withBackend(backend)
                  .withListener(
                      progress ->
                          ticks[((FitProgress) progress).iteration()] =
                              THREADS.getCurrentThreadCpuTime()))
          .fit(rows);
      if (ticks[iterations + 1] == 0) {
        throw new IllegalStateException(name + " ended before its iterations were made");
      }
      // From the first iteration on: what is done once per fit is left out.
      return (ticks[iterations + 1] - ticks[1]) / (double) iterations;
    }
  }

  private static Observations gaussianRows(int n, int d) {
    SplittableRandom random = new SplittableRandom(n + d);
    Observations.Builder builder = Observations.builder(d);
    double[] row = new double[d];
    for (int i = 0; i < n; i++) {
      Arrays.setAll(row, j -> random.nextGaussian());
      builder.add(row);
    }
    return builder.build();
  }

  private void families(double scale) {
    markdown.append(
        String.format(
            "Backend %s, one thread, CPU ns per row and component, median of %d rounds.%n%n"
                + "A logarithm and a division: of arrays of 256, by Math.log and /.%n%n"
                + "| n, d, K | Gaussian | Student-t, ν fixed | ÷ Gaussian | − Gaussian | a logarithm"
                + " and a division | Student-t, ν free | ÷ Gaussian |%n"
                + "|---|---|---|---|---|---|---|---|%n",
            backend, ROUNDS));
    for (int[] c :
        new int[][] {
          {1_000_000, 1, 5}, {1_000_000, 2, 3}, {200_000, 8, 8}, {100_000, 16, 16}, {50_000, 32, 10}
        }) {
      int n = (int) Math.max(2000, c[0] * scale);
      Observations rows = gaussianRows(n, c[1]);
      double[] elementary = elementary(c);
      double[][] ns =
          measure(
              "families",
              List.of(
                  new Case("gaussian", GaussianFamily.of(CovarianceStructure.VVV), rows, c[2]),
                  new Case("student-fixed", student(DegreesOfFreedom.fixed(5)), rows, c[2]),
                  new Case("student-free", student(DegreesOfFreedom.free()), rows, c[2])));
      markdown.append(
          String.format(
              Locale.ROOT,
              "| %d, %d, %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
              n,
              c[1],
              c[2],
              median(ns[0]),
              median(ns[1]),
              medianRatio(ns[1], ns[0]),
              median(ns[1]) - median(ns[0]),
              median(elementary),
              median(ns[2]),
              medianRatio(ns[2], ns[0])));
    }
  }

  /** First of all, while the compiler has seen no other shapes. */
  private void vonMises(double scale) {
    int n = (int) Math.max(2000, 1_000_000 * scale);
    SplittableRandom random = new SplittableRandom(3);
    Observations angles = Observations.of(random.doubles(n, -Math.PI, Math.PI).toArray());
    double[][] ns =
        measure(
            "families",
            List.of(
                new Case(
                    "gaussian", GaussianFamily.of(CovarianceStructure.VVV), gaussianRows(n, 1), 3),
                new Case("von-mises", VonMisesFamily.of(), angles, 3)));
    markdown.append(
        String.format(
            Locale.ROOT,
            "Backend %s, one thread, CPU ns per row and component, median of %d rounds; in a JVM"
                + " that has fitted nothing else.%n%n"
                + "| n, d, K | Gaussian | von Mises | ÷ Gaussian |%n|---|---|---|---|%n"
                + "| %d, 1, 3 | %.2f | %.2f | %.2f |%n%n",
            backend,
            ROUNDS,
            n,
            median(ns[0]),
            median(ns[1]),
            medianRatio(ns[1], ns[0])));
  }

  /** CPU ns of one logarithm and one division. */
  private double[] elementary(int[] cell) {
    double[] x = new SplittableRandom(1).doubles(256, 1, 10).toArray();
    double[] y = new double[x.length];
    double[] ns = new double[ROUNDS];
    double sink = 0;
    for (int round = -2; round < ROUNDS; round++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < REPEATS; i++) {
        x[i % x.length] += 1e-9;
        logarithms(x, y);
        quotients(x, y);
        sink += y[i % y.length];
      }
      double each = (THREADS.getCurrentThreadCpuTime() - begin) / (double) (REPEATS * x.length);
      if (round >= 0) {
        ns[round] = each;
        csv.add(
            String.format(
                Locale.ROOT,
                "families,logarithm-division,%d,%d,%d,%d,%.4f",
                cell[0],
                cell[1],
                cell[2],
                round,
                each));
      }
    }
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("logarithms of positive numbers are not NaN");
    }
    return ns;
  }

  private static void logarithms(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.log(x[i]);
    }
  }

  private static void quotients(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = y[i] / x[i];
    }
  }

  private static StudentTFamily student(DegreesOfFreedom degreesOfFreedom) {
    return StudentTFamily.of(CovarianceStructure.VVV, degreesOfFreedom);
  }

  private void growth(int largest) {
    markdown.append(String.format("Growth of the Gaussian iteration (VVV), same units.%n%n"));
    IntStream.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000)
        .filter(n -> n <= largest)
        .forEach(n -> growth("n", n, 2, 4));
    IntStream.of(1, 2, 4, 8, 16, 32, 64, 128)
        .forEach(d -> growth("d", Math.min(largest, 4_000_000 / (d * d + 40 * d)), d, 4));
    IntStream.of(1, 2, 4, 8, 16, 32, 64)
        .forEach(k -> growth("K", Math.min(largest, 100_000), 4, k));
  }

  private void growth(String study, int n, int d, int components) {
    int rows = Math.max(n, 4 * components * (d + 1));
    double[][] ns =
        measure(
            study,
            List.of(
                new Case(
                    "gaussian",
                    GaussianFamily.of(CovarianceStructure.VVV),
                    gaussianRows(rows, d),
                    components)));
    markdown.append(
        String.format(
            Locale.ROOT,
            "- %s: n = %d, d = %d, K = %d: %.2f ns, %.4g ms an iteration%n",
            study,
            rows,
            d,
            components,
            median(ns[0]),
            median(ns[0]) * rows * components * 1e-6));
  }

  /** Rounds in which every case has its turn, after two that do not count. */
  private double[][] measure(String study, List<Case> cases) {
    double[][] ns = new double[cases.size()][ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      for (int c = 0; c < ns.length; c++) {
        Case one = cases.get(c);
        long work = (long) one.rows().rows() * one.components() * one.rows().columns();
        int iterations = (int) Math.max(3, Math.min(2000, effort / work));
        double value = one.nanosPerRowAndComponent(backend, iterations);
        if (round >= 0) {
          ns[c][round] = value;
          csv.add(
              String.format(
                  Locale.ROOT,
                  "%s,%s,%d,%d,%d,%d,%.4f",
                  study,
                  one.name(),
                  one.rows().rows(),
                  one.rows().columns(),
                  one.components(),
                  round,
                  value));
        }
      }
    }
    return ns;
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }

  private static double medianRatio(double[] a, double[] b) {
    return median(IntStream.range(0, a.length).mapToDouble(i -> a[i] / b[i]).toArray());
  }
}
