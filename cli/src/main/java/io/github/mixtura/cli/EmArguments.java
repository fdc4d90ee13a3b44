package io.github.mixtura.cli;

import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.compute.Backends;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.em.Acceleration;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.sdp.Method;
import io.github.mixtura.sdp.Partition;
import io.github.mixtura.sdp.SdpClustering;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How to run EM and where it starts. */
final class EmArguments {
  private static final EmOptions DEFAULTS = EmOptions.defaults();

  @Option(
      names = "--init",
      paramLabel = "START",
      description =
          "k-means, random, hierarchical, model-based, ila-sdp, labels:FILE, "
              + "responsibilities:FILE or model:FILE "
              + "(k-means; select: several, the best kept).")
  private String init;

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "Number of starts (5; 1 for labels, responsibilities and model).")
  private int starts = DEFAULTS.starts();

  @Option(names = "--seed", paramLabel = "S", description = "Seed (${DEFAULT-VALUE}).")
  private long seed = DEFAULTS.run().seed();

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      description =
          "Stop when |change| <= T (1 + |log-likelihood|), 1 being the mean weight of a row "
              + "(${DEFAULT-VALUE}).")
  private double tolerance = DEFAULTS.tolerance();

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "Most iterations (${DEFAULT-VALUE}).")
  private int maxIterations = DEFAULTS.maxIterations();

  @Option(names = "--acceleration", paramLabel = "NAME", description = "none or squarem (none).")
  private String acceleration = "none";

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Return the best model found by then (none).")
  private Double timeLimit;

  @Option(
      names = "--on-degenerate",
      paramLabel = "POLICY",
      description = "reseed, drop, fail or floor:V (${DEFAULT-VALUE}).")
  private String onDegenerate = "reseed";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "auto, java, vector or cuda (${DEFAULT-VALUE}).")
  private String backend = DEFAULTS.run().backend();

  @Option(names = "--threads", paramLabel = "N", description = "Threads (all cores).")
  private int threads = DEFAULTS.run().threads();

  @Option(names = "--quiet", description = "No progress and no warnings on standard error.")
  private boolean quiet;

  boolean quiet() {
    return quiet;
  }

  /** The options; refuses wrong values and backends before any file is read. */
  EmOptions options(Terminal terminal) {
    EmOptions options =
        DEFAULTS
            .withTolerance(tolerance)
            .withMaxIterations(maxIterations)
            .withStarts(starts)
            .withSeed(seed)
            .withThreads(threads)
            .withBackend(backend)
            .withTimeLimit(TimeLimit.of(timeLimit))
            .withAcceleration(acceleration())
            .withOnDegenerate(DegeneracyPolicy.parse(onDegenerate))
            .withCancelled(terminal.cancelled());
    Backends.open(backend).close();
    return options;
  }

  private Acceleration acceleration() {
    return switch (acceleration.toLowerCase(Locale.ROOT)) {
      case "none" -> Acceleration.NONE;
      case "squarem" -> Acceleration.SQUAREM;
      default ->
          throw new UsageException(
              "acceleration is '" + acceleration + "', must be none or squarem");
    };
  }

  boolean hasInitializer() {
    return init != null;
  }

  /** Whether the start is for one number of components only. */
  boolean startsFromFile() {
    return init != null && init.contains(":");
  }

  boolean startsFromModel() {
    return startsFromFile() && kind().equals("model");
  }

  /** The file to start from; {@code null} for none. */
  Path startFile() {
    try {
      return startsFromFile() ? Main.path(init.substring(init.indexOf(':') + 1)) : null;
    } catch (TypeConversionException e) {
      throw new UsageException("--init " + init + ": " + e.getMessage());
    }
  }

  private String kind() {
    int colon = init.indexOf(':');
    return (colon < 0 ? init : init.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  /** Where to start; reads the file it names. */
  Initializer initializer(String family, Angles angles, int components, Observations observations) {
    if (init == null) {
      return Initializer.kMeans();
    }
    if (!startsFromFile()) {
      return switch (kind()) {
        case "k-means" -> Initializer.kMeans();
        case "random" -> Initializer.random();
        case "hierarchical" -> Initializer.hierarchical();
        case "model-based" -> Initializer.modelBased();
        case "ila-sdp" -> ilaSdp(components, observations);
        default -> throw unknown(init);
      };
    }
    Path file = startFile();
    return switch (kind()) {
      case "labels" -> new FromFile(file, labels(file, components, observations.rows()));
      case "responsibilities" ->
          new FromFile(file, responsibilities(file, components, observations.rows()));
      case "model" -> model(file, family, angles, components, observations.columnNames());
      default -> throw unknown(init);
    };
  }

  /** A start that names its file when it cannot be used. */
  private record FromFile(Path file, Initializer start) implements Initializer {
    @Override
    public Start start(Data data, int components, SplittableRandom random) {
      try {
        return start.start(data, components, random);
      } catch (UnusableDataException e) {
        throw new DataFormatException(file + ": " + e.getMessage(), e);
      }
    }

    @Override
    public boolean isDeterministic() {
      return start.isDeterministic();
    }

    @Override
    public boolean keepsOrder() {
      return start.keepsOrder();
    }
  }

  private static UsageException unknown(String text) {
    return new UsageException(
        "init is '"
            + text
            + "', must be k-means, random, hierarchical, model-based, ila-sdp, labels:FILE, "
            + "responsibilities:FILE or model:FILE");
  }

  /** The labels of iLA-SDP on columns of unit variance, as for the other starts. */
  private Initializer ilaSdp(int components, Observations observations) {
    Partition partition =
        SdpClustering.of(Method.ILA_SDP, components)
            .seed(seed)
            .threads(threads)
            .timeLimit(TimeLimit.of(timeLimit))
            .cluster(ClusterCommand.scaled(observations));
    return Initializer.labels(partition.labels());
  }

  private static Initializer labels(Path file, int components, int rows) {
    Observations table;
    try {
      table = Waiting.during(() -> CsvReader.of(file).columns(List.of("label")).read());
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file + ": must have a column 'label'", e);
    }
    requireRows(file, table, rows);
    int[] labels = new int[rows];
    boolean[] used = new boolean[components];
    for (int i = 0; i < rows; i++) {
      double value = table.get(i, 0);
      if (!(value >= 1 && value <= components && value == Math.rint(value))) {
        throw new DataFormatException(
            file
                + ": label of row "
                + (i + 1)
                + " is "
                + value
                + ", must be a whole number from 1 to "
                + components);
      }
      labels[i] = (int) value - 1;
      used[labels[i]] = true;
    }
    for (int k = 0; k < components; k++) {
      if (!used[k]) {
        throw new DataFormatException(
            file + ": label " + (k + 1) + " of " + components + " is not used by any row");
      }
    }
    return Initializer.labels(labels);
  }

  private static Initializer responsibilities(Path file, int components, int rows) {
    Observations table = Waiting.during(() -> Observations.ofCsv(file));
    int[] columns =
        IntStream.range(0, table.columns())
            .filter(j -> table.columns() == 1 || !table.columnNames().get(j).equals("label"))
            .toArray();
    requireRows(file, table, rows);
    if (columns.length != components) {
      throw new DataFormatException(
          file
              + ": has "
              + columns.length
              + (columns.length == 1 ? " column" : " columns")
              + ", must have one per component: "
              + components);
    }
    return Initializer.responsibilities(
        IntStream.range(0, rows)
            .mapToObj(i -> IntStream.of(columns).mapToDouble(j -> table.get(i, j)).toArray())
            .toArray(double[][]::new));
  }

  private static void requireRows(Path file, Observations table, int rows) {
    if (table.rows() != rows) {
      throw new DataFormatException(
          file
              + ": has "
              + table.rows()
              + (table.rows() == 1 ? " row" : " rows")
              + ", must have one per row of the data: "
              + rows);
    }
  }

  private static Initializer model(
      Path file, String family, Angles angles, int components, List<String> columnNames) {
    SavedModel model = DataInput.model(file);
    requireSame(file, "family", model.family(), family);
    requireSame(file, "columns", model.columnNames(), columnNames);
    requireSame(file, "components", model.mixture().componentCount(), components);
    double period = new Angles(model.period()).turn();
    if (period != angles.turn()) {
      throw new UsageException(
          "--init "
              + file
              + ": a full turn of the model is "
              + period
              + " and that of the fit "
              + angles.turn()
              + ", must be the same: see --angle-unit and --period");
    }
    return Initializer.model(model.mixture());
  }

  private static void requireSame(Path file, String what, Object found, Object wanted) {
    if (!found.equals(wanted)) {
      throw new DataFormatException(
          file + ": the model has " + what + " " + found + ", must have " + wanted);
    }
  }
}
