package io.github.mixtura.benchmarks;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.FitProgress;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceEstimate;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.mixture.Mixture;
import io.github.mixtura.sdp.CovarianceModel;
import io.github.mixtura.sdp.Method;
import io.github.mixtura.sdp.Partition;
import io.github.mixtura.sdp.SdpClustering;
import io.github.mixtura.sdp.ShrinkageEm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;

/**
 * Share of misplaced rows of iLA-SDP beside k-means and EM in several guises, on groups of
 * different covariances, 20 seeds per setting.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar io.github.mixtura.benchmarks.IlaStudy \
 *     measure FOLDER RESULT.csv [DRAWS [FIRST_SEED]]
 * /usr/bin/python3 benchmarks/peers/ila_tables.py FOLDER RESULT.csv
 * java -cp benchmarks/target/benchmarks.jar io.github.mixtura.benchmarks.IlaStudy \
 *     table RESULT.csv RESULT.md
 * }</pre>
 *
 * {@code FOLDER} receives the data and the starts of EM, from which scikit-learn fits the same; its
 * rows are added to {@code RESULT.csv}.
 */
public final class IlaStudy {
  private static final int STARTS = 10;

  static final List<KnownGroups.Setting> SETTINGS =
      List.of(
          KnownGroups.Setting.rotated("A", 200, 4, 4, 0.1, 10, 1, 1, 1),
          KnownGroups.Setting.spheres("B", 200, 4, 3, 0.4, 1, 3),
          KnownGroups.Setting.rotated("C", 200, 10, 5, 0.1, 10, 1, 1, 1, 1),
          KnownGroups.Setting.rotated("D", 200, 20, 6, 0.2, 5, 1, 1, 1, 1),
          KnownGroups.Setting.rotated("F", 120, 20, 5, 0.1, 10, 1, 1, 1, 1),
          KnownGroups.Setting.rotated("H", 200, 20, 5, 0.05, 20, 1, 1, 1, 1),
          KnownGroups.Setting.rotated("I", 240, 30, 6, 0.05, 20, 1, 1, 1, 1),
          KnownGroups.Setting.rotated("J", 240, 8, 5, 0.05, 10, 1, 1, 2, 2, 3, 3),
          KnownGroups.Setting.rotated("L", 300, 12, 3, 0.01, 10, 1, 1, 1));

  /**
   * A column of the table.
   *
   * @param method its name in the raw results
   * @param title what the table calls it
   * @param kind what is said to win where it does; {@code null} if it takes no part
   */
  private record Column(String method, String title, String kind) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("k-means", "K-means", "K-means"),
          new Column("em-k-means", "EM, 10 K-means", "EM"),
          new Column("sklearn-k-means", "scikit-learn, same starts", "EM"),
          new Column("sklearn-own", "scikit-learn, own K-means", "EM"),
          new Column("em-random", "EM, 10 random", "EM"),
          new Column("sklearn-random", "scikit-learn, same starts", "EM"),
          new Column("em-clean", "EM, 10 K-means, clean first", "EM"),
          new Column("em-shrinkage", "EM, same shrinkage", "shrinkage EM"),
          new Column("em-shrinkage-all", "EM, same shrinkage, more starts", "shrinkage EM"),
          new Column("ila-sdp", "iLA-SDP", "iLA-SDP"),
          new Column("oracle", "true covariances", null));

  private static final String LEGEND =
      """
      # iLA-SDP beside K-means and EM

      Share of rows in the wrong group under the best numbering of groups: mean ± standard error of \
      the data sets of every setting, seeds SEEDS. Group k is normal about separation · e_k with variances \
      spaced geometrically along axes rotated at random for each group (B: spheres).

      - **EM, 10 K-means / 10 random**: VVV, 1e-6 added to every variance in every step, the start of \
      the highest likelihood; K-means on the columns as they are, or the nearest of K random rows.
      - **scikit-learn, same starts**: `GaussianMixture` begun at the same partitions, with \
      `reg_covar=1e-6`; **own K-means**: `n_init=10`.
      - **EM, 10 K-means, clean first**: `MixtureFitter` with `floor:1e-6` from the same partitions; \
      it prefers fits without spikes and repairs to likelier ones with them.
      - **EM, same shrinkage**: the covariances of every M-step shrunk as iLA-SDP's, from K-means and \
      Ward's tree; **more starts**: from all partitions that iLA-SDP's search begins with.
      - **iLA-SDP**: full covariances, shrinkage on. **Certified**: data sets whose labels were proved \
      optimal for their covariances; not jointly with them.
      - **True covariances**: labels and means in turn from the truth, under the generator's covariances.

      """;

  private final Path folder;
  private final List<String> csv =
      new ArrayList<>(List.of("set,seed,method,error,seconds,status,relativeGap"));

  private IlaStudy(Path folder) {
    this.folder = folder;
  }

  /**
   * Measures, or makes the table.
   *
   * @param arguments {@code measure FOLDER RESULT.csv [DRAWS [FIRST_SEED]]} or {@code table
   *     RESULT.csv RESULT.md}
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("table")) {
      String table = table(Files.readAllLines(Path.of(arguments[1])));
      Files.writeString(Path.of(arguments[2]), table);
      System.out.print(table);
      return;
    }
    IlaStudy study = new IlaStudy(Files.createDirectories(Path.of(arguments[1])));
    int draws = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 20;
    int first = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 1;
    // Rounds that do not count, for the times.
    for (int seed = 1001; seed <= 1003; seed++) {
      study.measure(SETTINGS.get(3), seed);
    }
    study.csv.subList(1, study.csv.size()).clear();
    for (KnownGroups.Setting setting : SETTINGS) {
      for (int seed = first; seed < first + draws; seed++) {
        study.measure(setting, seed);
      }
    }
    Files.write(Path.of(arguments[2]), study.csv);
  }

  /** Labels with how sure they are. */
  private record Answer(int[] labels, String status, double relativeGap) {
    static Answer of(int[] labels) {
      return new Answer(labels, "", Double.NaN);
    }
  }

  /** A rival on one data set. */
  private interface Rival {
    Answer labels();
  }

  private void measure(KnownGroups.Setting setting, long seed) throws IOException {
    KnownGroups groups = setting.draw(seed);
    Observations rows = Observations.of(groups.rows());
    int components = setting.components();
    List<int[]> kMeans = starts(Initializer.kMeans(), rows, components, seed);
    List<int[]> random = starts(Initializer.random(), rows, components, seed);
    write(setting.name() + "-" + seed, groups, kMeans, random);
    Map<String, Rival> methods = new LinkedHashMap<>();
    methods.put("k-means", () -> cluster(Method.K_MEANS, rows, components, seed));
    methods.put("em-k-means", () -> Answer.of(likeliest(rows, kMeans, components)));
    methods.put("em-random", () -> Answer.of(likeliest(rows, random, components)));
    methods.put("em-clean", () -> Answer.of(clean(rows, kMeans, components)));
    methods.put(
        "em-shrinkage",
        () -> Answer.of(ShrinkageEm.fit(rows, components, CovarianceModel.FULL, seed).labels()));
    methods.put(
        "em-shrinkage-all",
        () ->
            Answer.of(
                ShrinkageEm.fitFromAllStarts(rows, components, CovarianceModel.FULL, seed)
                    .labels()));
    methods.put("ila-sdp", () -> cluster(Method.ILA_SDP, rows, components, seed));
    methods.put("oracle", () -> Answer.of(oracle(groups)));
    methods.forEach(
        (name, method) -> {
          long begin = System.nanoTime();
          Answer answer = method.labels();
          double seconds = (System.nanoTime() - begin) * 1e-9;
          csv.add(
              String.format(
                  Locale.ROOT,
                  "%s,%d,%s,%.6f,%.4f,%s,%s",
                  setting.name(),
                  seed,
                  name,
                  LabelAgreement.error(groups.labels(), answer.labels()),
                  seconds,
                  answer.status(),
                  Double.isNaN(answer.relativeGap()) ? "" : answer.relativeGap()));
        });
  }

  private static Answer cluster(Method method, Observations rows, int components, long seed) {
    Partition partition = SdpClustering.of(method, components).seed(seed).threads(1).cluster(rows);
    return new Answer(
        partition.labels(), partition.status().name(), partition.relativeGap().orElse(Double.NaN));
  }

  /** Partitions from an initialiser, the columns as they are. */
  static List<int[]> starts(Initializer initializer, Observations rows, int components, long seed) {
    int n = rows.rows();
    double[] ones = new double[rows.columns()];
    Arrays.fill(ones, 1);
    // Initialisers scale by the summary's variances.
    DataSummary unscaled = new DataSummary(n, n, new double[ones.length], ones, null);
    Initializer.Data data =
        new Initializer.Data(rows, Encoding.IDENTITY, unscaled, IntStream.range(0, n).toArray(), n);
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> starts = new ArrayList<>();
    while (starts.size() < STARTS) {
      Start start = initializer.start(data, components, random.split());
      int[] labels = ((Start.Partition) start).labels();
      if (Arrays.stream(labels).distinct().count() == components) {
        starts.add(labels);
      }
    }
    return starts;
  }

  /** EM with 1e-6 added to every variance in every step; the start of the highest likelihood. */
  private static int[] likeliest(Observations rows, List<int[]> starts, int components) {
    return starts.stream()
        .map(labels -> ridged(rows, labels, components))
        .max(Comparator.comparingDouble(MixtureFit::logLikelihood))
        .orElseThrow()
        .mixture()
        .labels(rows);
  }

  /** As scikit-learn's {@code reg_covar}: a constant is added to the variances in every M-step. */
  private record Ridge(double constant) implements CovarianceEstimate {
    @Override
    public Covariance[] estimate(
        CovarianceStructure structure,
        int dimension,
        double[] weights,
        double[][] scatters,
        List<Covariance> current,
        BooleanSupplier hurry) {
      double[][] ridged = Arrays.stream(scatters).map(double[]::clone).toArray(double[][]::new);
      for (int k = 0; k < weights.length; k++) {
        for (int j = 0; j < dimension; j++) {
          // The diagonal of the packed lower triangle.
          ridged[k][j * (j + 3) / 2] += constant * weights[k];
        }
      }
      return MAXIMUM_LIKELIHOOD.estimate(structure, dimension, weights, ridged, current, hurry);
    }

    @Override
    public boolean isRegular() {
      return true;
    }

    @Override
    public boolean isMaximum() {
      return false;
    }
  }

  private static MixtureFit<Gaussian> ridged(Observations rows, int[] labels, int components) {
    double[] last = {Double.NaN, Double.NaN};
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.VVV);
    return MixtureFitter.of(family.withEstimate(new Ridge(1e-6)), components)
        .initializer(Initializer.labels(labels))
        .options(
            EmOptions.defaults()
                .withTolerance(0)
                .withMaxIterations(1000)
                .withThreads(1)
                .withListener(
                    progress -> {
                      last[0] = last[1];
                      last[1] = ((FitProgress) progress).logLikelihood();
                    })
                .withCancelled(() -> Math.abs(last[1] - last[0]) < 1e-8 * rows.rows()))
        .fit(rows);
  }

  /** What the library does on its own: fits without repairs and spikes come first. */
  private static int[] clean(Observations rows, List<int[]> starts, int components) {
    return MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), components)
        .initializer(starts.stream().map(Initializer::labels).toArray(Initializer[]::new))
        .options(EmOptions.defaults().withOnDegenerate(DegeneracyPolicy.floor(1e-6)))
        .fit(rows)
        .mixture()
        .labels(rows);
  }

  /** Labels and means in turn from the truth, under the true covariances, until they stay. */
  private static int[] oracle(KnownGroups groups) {
    int[] labels = groups.labels();
    int components = groups.covariances().length;
    Observations rows = Observations.of(groups.rows());
    double[] equal = new double[components];
    Arrays.fill(equal, 1.0 / components);
    for (int pass = 0; pass < 100; pass++) {
      List<Gaussian> laws = new ArrayList<>();
      for (int k = 0; k < components; k++) {
        laws.add(
            Gaussian.of(
                mean(groups.rows(), labels, k),
                Covariance.full(new DMatrixRMaj(groups.covariances()[k]))));
      }
      int[] next = Mixture.of(laws, equal).labels(rows);
      if (Arrays.equals(next, labels)) {
        break;
      }
      labels = next;
    }
    return labels;
  }

  private static double[] mean(double[][] rows, int[] labels, int group) {
    double[] sum = new double[rows[0].length];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      if (labels[i] == group) {
        count++;
        for (int j = 0; j < sum.length; j++) {
          sum[j] += rows[i][j];
        }
      }
    }
    double size = count;
    return Arrays.stream(sum).map(s -> s / size).toArray();
  }

  private void write(String name, KnownGroups groups, List<int[]> kMeans, List<int[]> random)
      throws IOException {
    List<String> data = new ArrayList<>();
    List<String> starts = new ArrayList<>();
    for (int i = 0; i < groups.labels().length; i++) {
      int row = i;
      data.add(
          groups.labels()[i]
              + ","
              + Arrays.stream(groups.rows()[i])
                  .mapToObj(Double::toString)
                  .collect(Collectors.joining(",")));
      List<int[]> all = new ArrayList<>(kMeans);
      all.addAll(random);
      starts.add(all.stream().map(labels -> "" + labels[row]).collect(Collectors.joining(",")));
    }
    Files.write(folder.resolve(name + ".csv"), data);
    Files.write(folder.resolve(name + "-starts.csv"), starts);
  }

  private record Summary(double mean, double standardError) {
    static Summary of(double[] values) {
      int n = values.length;
      double mean = Arrays.stream(values).average().orElse(Double.NaN);
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      return new Summary(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }
  }

  private record Cell(Summary error, double seconds, int certified, int count) {
    static Cell of(List<String[]> lines) {
      return new Cell(
          Summary.of(lines.stream().mapToDouble(line -> Double.parseDouble(line[3])).toArray()),
          lines.stream().mapToDouble(line -> Double.parseDouble(line[4])).average().orElse(0),
          (int) lines.stream().filter(line -> line[5].equals("CERTIFIED")).count(),
          lines.size());
    }
  }

  private static String table(List<String> csv) {
    Map<String, Map<String, List<String[]>>> lines = new LinkedHashMap<>();
    csv.stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .forEach(
            line ->
                lines
                    .computeIfAbsent(line[0], s -> new LinkedHashMap<>())
                    .computeIfAbsent(line[2], m -> new ArrayList<>())
                    .add(line));
    List<Column> columns =
        COLUMNS.stream()
            .filter(c -> lines.values().stream().anyMatch(row -> row.containsKey(c.method())))
            .toList();
    StringBuilder errors = new StringBuilder("| set | n, p, K |");
    columns.forEach(c -> errors.append(' ').append(c.title()).append(" |"));
    errors.append(" certified | wins |\n|---|---|").append("---|".repeat(columns.size() + 2));
    StringBuilder times = new StringBuilder("\n\nSeconds per data set, one thread:\n\n| set |");
    columns.forEach(c -> times.append(' ').append(c.title()).append(" |"));
    times.append("\n|---|").append("---|".repeat(columns.size()));
    StringBuilder margins =
        new StringBuilder(
            "\n\niLA-SDP's error less that of EM, on the same data:\n\n| set | 10 K-means | clean first |"
                + " same shrinkage | same shrinkage, more starts |\n|---|---|---|---|---|");
    for (KnownGroups.Setting setting : SETTINGS) {
      Map<String, List<String[]>> found = lines.getOrDefault(setting.name(), Map.of());
      if (found.isEmpty()) {
        continue;
      }
      Map<Column, Cell> cells = new LinkedHashMap<>();
      columns.forEach(c -> cells.put(c, Cell.of(found.getOrDefault(c.method(), List.of()))));
      row(setting, cells, errors);
      times.append("\n| ").append(setting.name()).append(" |");
      cells.values().forEach(c -> times.append(String.format(Locale.ROOT, " %.3f |", c.seconds())));
      margins.append(
          Stream.of("em-k-means", "em-clean", "em-shrinkage", "em-shrinkage-all")
              .map(rival -> margin(found, rival))
              .collect(Collectors.joining(" | ", "\n| " + setting.name() + " | ", " |")));
    }
    List<Integer> seeds =
        csv.stream().skip(1).map(line -> Integer.valueOf(line.split(",")[1])).distinct().toList();
    String range = seeds.get(0) + " to " + seeds.get(seeds.size() - 1);
    return LEGEND.replace("SEEDS", range) + errors + margins + times.append('\n');
  }

  /** Mean difference of the errors on the same data, with its standard error. */
  private static String margin(Map<String, List<String[]>> found, String rival) {
    List<String[]> own = found.getOrDefault("ila-sdp", List.of());
    List<String[]> others = found.getOrDefault(rival, List.of());
    double[] differences =
        IntStream.range(0, Math.min(own.size(), others.size()))
            .mapToDouble(
                i -> Double.parseDouble(own.get(i)[3]) - Double.parseDouble(others.get(i)[3]))
            .toArray();
    Summary summary = Summary.of(differences);
    return String.format(Locale.ROOT, "%+.4f ± %.4f", summary.mean(), summary.standardError());
  }

  private static void row(
      KnownGroups.Setting setting, Map<Column, Cell> cells, StringBuilder errors) {
    double least =
        cells.entrySet().stream()
            .filter(e -> e.getKey().kind() != null)
            .mapToDouble(e -> e.getValue().error().mean())
            .filter(mean -> !Double.isNaN(mean))
            .min()
            .orElse(0);
    String best = String.format(Locale.ROOT, "%.4f", least);
    Set<String> winners = new LinkedHashSet<>();
    errors.append(
        String.format(
            "%n| %s | %d, %d, %d |",
            setting.name(), setting.rows(), setting.dimension(), setting.components()));
    Cell ila = Cell.of(List.of());
    for (Map.Entry<Column, Cell> entry : cells.entrySet()) {
      Column column = entry.getKey();
      Cell cell = entry.getValue();
      String mean = String.format(Locale.ROOT, "%.4f", cell.error().mean());
      boolean wins = column.kind() != null && mean.equals(best);
      if (wins) {
        winners.add(column.kind());
      }
      errors.append(
          String.format(
              Locale.ROOT,
              wins ? " **%s** ± %.4f |" : " %s ± %.4f |",
              mean,
              cell.error().standardError()));
      ila = column.method().equals("ila-sdp") ? cell : ila;
    }
    errors.append(
        String.format(
            " %d of %d | %s |", ila.certified(), ila.count(), String.join(" = ", winners)));
  }
}
