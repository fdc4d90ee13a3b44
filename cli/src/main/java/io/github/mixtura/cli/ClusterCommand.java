package io.github.mixtura.cli;

import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.TooFewRowsException;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.execution.Progress;
import io.github.mixtura.sdp.CovarianceModel;
import io.github.mixtura.sdp.Method;
import io.github.mixtura.sdp.Partition;
import io.github.mixtura.sdp.SdpClustering;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Partitions a table, with a certified bound. */
@Command(
    name = "cluster",
    description = "Partitions a table into groups, with a bound on how much better any other is.",
    sortOptions = false)
final class ClusterCommand implements Callable<Integer> {
  private static final String EM = "em";

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  /** Whether shrinkage is used. */
  enum Switch {
    ON,
    OFF
  }

  /** How columns are scaled. */
  enum Scale {
    NONE,
    SD
  }

  @Option(names = "--components", paramLabel = "K", required = true, description = "Groups.")
  private int components;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description =
          "ila-sdp, sdp, low-rank, likelihood, em or k-means (ila-sdp). Bounds: ila-sdp, sdp, "
              + "low-rank.")
  private String method = Method.ILA_SDP.label();

  @Option(names = "--seed", paramLabel = "S", description = "Seed (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--starts", paramLabel = "N", description = "K-means starts (10).")
  private int starts = 10;

  @Option(
      names = "--covariance",
      paramLabel = "MODEL",
      description = "Of ila-sdp and likelihood: full, tied, diagonal or isotropic (full).")
  private CovarianceModel covariance = CovarianceModel.FULL;

  @Option(
      names = "--shrinkage",
      paramLabel = "on|off",
      description = "Draw covariances of small groups to the pooled one (on).")
  private Switch shrinkage = Switch.ON;

  @Option(
      names = "--scale",
      paramLabel = "none|sd",
      description = "Divide columns by their standard deviation, n - 1 (none).")
  private Scale scale = Scale.NONE;

  @Option(
      names = "--certify",
      paramLabel = "labels:FILE",
      description = "Do not search: bound this partition, for ila-sdp with its own covariances.")
  private String certify;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description =
          "Return the best partition found by then, with what is proven (no limit for the search,"
              + " 10 for the bound).")
  private Double timeLimit;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--labels", paramLabel = "OUT.csv", description = "Save the labels.")
  private Path labels;

  @Option(names = "--output", paramLabel = "FILE.json", description = "Save the JSON document.")
  private Path output;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (text).")
  private Format format = Format.TEXT;

  @Option(names = "--quiet", description = "No notes on standard error.")
  private boolean quiet;

  @Mixin private DataInput input;

  ClusterCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (components < 1) {
      throw new UsageException("components is " + components + ", must be at least 1");
    }
    Method asked = method();
    requireUse(asked);
    Path given = given(asked);
    OutputFile.require("--labels", labels);
    OutputFile.require("--output", output);
    OutputFile.requireOther("--labels", labels, "--output", output);
    for (Path read : given == null ? List.of(input.file()) : List.of(input.file(), given)) {
      OutputFile.requireOther("--labels", labels, read.toString(), read);
      OutputFile.requireOther("--output", output, read.toString(), read);
    }
    SdpClustering clustering =
        asked == null
            ? null
            : limited(
                SdpClustering.of(asked, components)
                    .covariance(covariance)
                    .shrinkage(shrinkage == Switch.ON)
                    .seed(seed)
                    .starts(starts)
                    .threads(threads)
                    .cancelled(terminal.cancelled()));
    EmOptions em =
        EmOptions.defaults()
            .withStarts(starts)
            .withSeed(seed)
            .withThreads(threads)
            .withTimeLimit(TimeLimit.of(timeLimit))
            .withCancelled(terminal.cancelled());
    return input.using(
        terminal,
        quiet,
        rows -> {
          Observations data = scale == Scale.SD ? scaled(rows) : rows;
          if (asked == null) {
            return show(em(data, em));
          }
          Partition partition;
          try (ProgressLine progress = new ProgressLine(terminal, quiet)) {
            SdpClustering shown = clustering.listener(phase -> progress.show(Progress.of(phase)));
            partition =
                given == null
                    ? shown.cluster(data)
                    : shown.certify(data, labels(given, data.rows()));
          }
          return show(PartitionDocument.of(partition).withNotes(rows.notes()));
        });
  }

  /** Refuses options that the method would not use. */
  private void requireUse(Method asked) {
    for (String option : List.of("--covariance", "--shrinkage")) {
      if (asked != Method.ILA_SDP
          && asked != Method.LIKELIHOOD
          && spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageException(
            option + " applies to the methods ila-sdp and likelihood, not to " + method);
      }
    }
  }

  private SdpClustering limited(SdpClustering clustering) {
    return timeLimit == null ? clustering : clustering.timeLimit(TimeLimit.of(timeLimit));
  }

  /** The method; {@code null} for EM. */
  private Method method() {
    String name = method.toLowerCase(Locale.ROOT);
    if (name.equals(EM)) {
      return null;
    }
    return Arrays.stream(Method.values())
        .filter(m -> m.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "method is '"
                        + method
                        + "', must be em or one of "
                        + Arrays.stream(Method.values())
                            .map(Method::label)
                            .collect(Collectors.joining(", "))));
  }

  /** The file of the partition to certify; {@code null} for none. */
  private Path given(Method asked) {
    if (certify == null) {
      return null;
    }
    if (asked != Method.SDP && asked != Method.ILA_SDP) {
      throw new UsageException(
          "--certify goes with --method sdp or ila-sdp: " + method + " has no bound");
    }
    if (!certify.startsWith("labels:")) {
      throw new UsageException("certify is '" + certify + "', must be labels:FILE");
    }
    return Main.path(certify.substring("labels:".length()));
  }

  /** Labels from 0, of any K consecutive numbers. */
  private int[] labels(Path file, int rows) {
    Observations table;
    try {
      table = Waiting.during(() -> CsvReader.of(file).columns(List.of("label")).read());
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file + ": must have a column 'label'", e);
    }
    if (table.rows() != rows) {
      throw new DataFormatException(
          file
              + ": has "
              + table.rows()
              + (table.rows() == 1 ? " row" : " rows")
              + ", must have one per row of the data: "
              + rows);
    }
    double[] values = table.column(0);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < rows; i++) {
      if (values[i] != Math.rint(values[i]) || Math.abs(values[i]) > Integer.MAX_VALUE) {
        throw new DataFormatException(
            file + ": label of row " + (i + 1) + " is " + values[i] + ", must be a whole number");
      }
      least = Math.min(least, values[i]);
    }
    int[] found = new int[rows];
    boolean[] used = new boolean[components];
    for (int i = 0; i < rows; i++) {
      double label = values[i] - least;
      if (label >= components) {
        throw new DataFormatException(
            file
                + ": label of row "
                + (i + 1)
                + " is "
                + (long) values[i]
                + ", must be from "
                + (long) least
                + " to "
                + (long) (least + components - 1)
                + " for --components "
                + components);
      }
      found[i] = (int) label;
      used[found[i]] = true;
    }
    for (int k = 0; k < components; k++) {
      if (!used[k]) {
        throw new DataFormatException(
            file
                + ": label "
                + (long) (least + k)
                + " is not used by any row, must be for --components "
                + components);
      }
    }
    return found;
  }

  /** Columns divided by their standard deviation, n − 1. */
  static Observations scaled(Observations rows) {
    double[] deviations = new double[rows.columns()];
    for (int j = 0; j < rows.columns(); j++) {
      deviations[j] = deviation(rows.column(j));
      if (!(deviations[j] > 0) || Double.isInfinite(deviations[j])) {
        throw new UnusableDataException(
            "column '"
                + rows.columnNames().get(j)
                + "' has standard deviation "
                + deviations[j]
                + ", must be positive to be scaled by: leave it out");
      }
    }
    return rows.withValues((column, value) -> value / deviations[column]);
  }

  /** Of the values over the largest distance from the mean, whose squares are representable. */
  private static double deviation(double[] values) {
    int n = values.length;
    double mean = Arrays.stream(values).map(value -> value / n).sum();
    double largest = Arrays.stream(values).map(value -> Math.abs(value - mean)).max().orElse(0);
    double squares = 0;
    for (double value : values) {
      double step = (value - mean) / largest;
      squares += step * step;
    }
    return largest == 0 ? 0 : largest * Math.sqrt(squares / (n - 1));
  }

  private PartitionDocument em(Observations data, EmOptions options) {
    // Whatever the method, a group needs a row of its own.
    SdpClustering.of(Method.K_MEANS, components).requireEnoughRows(data);
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.VVV);
    MixtureFitter<Gaussian> fitter =
        MixtureFitter.of(family, components).initializer(Initializer.kMeans());
    MixtureFit<Gaussian> fit;
    try {
      fit = fitter.options(options).fit(data);
    } catch (TooFewRowsException e) {
      throw e;
    } catch (UnusableDataException e) {
      fit = fitter.options(options.withOnDegenerate(DegeneracyPolicy.floor(1e-6))).fit(data);
    }
    requireRows(fit.mixture().labels(data));
    return PartitionDocument.of(
        fit, data, fit.diagnostics().warnings().stream().map(FitText::warning).toList());
  }

  /** A component that is nowhere the likeliest leaves an empty group, which is no result. */
  private void requireRows(int[] labels) {
    boolean[] used = new boolean[components];
    for (int label : labels) {
      used[label] = true;
    }
    int groups = (int) IntStream.range(0, components).filter(k -> used[k]).count();
    if (groups < components) {
      throw new UnusableDataException(
          "em leaves "
              + (components - groups)
              + " of the "
              + components
              + " groups without a row, must have one in each: ask for fewer components, or choose"
              + " --method ila-sdp or k-means");
    }
  }

  private int show(PartitionDocument document) {
    if (output != null) {
      document.write(output);
    }
    if (labels != null) {
      Table.write(
          labels,
          null,
          List.of("label"),
          table -> Arrays.stream(document.labels()).forEach(l -> table.line("" + (l + 1))));
    }
    if (format == Format.JSON) {
      document.print(terminal.out());
      if (!quiet) {
        document.warnings().stream()
            .filter(w -> !w.startsWith(FitText.DATA))
            .forEach(w -> terminal.tell("warning", w));
      }
    } else {
      terminal.out().print(document.text());
    }
    return terminal.cancelled().getAsBoolean() ? ExitCode.CANCELLED : ExitCode.DONE;
  }
}
