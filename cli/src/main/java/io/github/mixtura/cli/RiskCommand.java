package io.github.mixtura.cli;

import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.mdn.risk.LstmMixture;
import io.github.mixtura.mdn.risk.RiskModel;
import io.github.mixtura.mdn.risk.RiskModels;
import io.github.mixtura.mdn.risk.RiskOptions;
import io.github.mixtura.mdn.risk.RiskReport;
import io.github.mixtura.mdn.risk.RiskStop;
import io.github.mixtura.mdn.risk.RiskStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rolling Value-at-Risk forecasts and their backtests. */
@Command(
    name = "risk",
    description = "Forecasts Value-at-Risk day by day and tests the forecasts.",
    sortOptions = false)
final class RiskCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "PRICES.csv",
      description = "Prices, one row a day, oldest first.")
  private Path file;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      required = true,
      description = "Column of prices, by name or number.")
  private String column;

  @Option(
      names = "--models",
      paramLabel = "A,B",
      split = ",",
      description =
          "historical, ewma, garch, garch-t, mixture, regime, lstm-mdn, lstm-mdn-2 and lstm-mdn-3"
              + " (historical,ewma,garch,garch-t,mixture,lstm-mdn).")
  private List<String> models =
      List.of("historical", "ewma", "garch", "garch-t", "mixture", "lstm-mdn");

  @Option(
      names = "--levels",
      paramLabel = "A,B",
      split = ",",
      description = "Levels between 0.5 and 1 (0.95,0.99).")
  private double[] levels = {0.95, 0.99};

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Returns that a forecast is made from (${DEFAULT-VALUE}).")
  private int window = 1000;

  @Option(
      names = "--test-days",
      paramLabel = "N",
      description = "Last days, that are forecast (${DEFAULT-VALUE}).")
  private int testDays = 500;

  @Option(
      names = "--refit-days",
      paramLabel = "N",
      description = "Days from one re-fit of the networks to the next (25); others: every day.")
  private Integer refitDays;

  @Option(names = "--seed", paramLabel = "S", description = "Seed (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--output",
      paramLabel = "OUT.csv",
      description = "Save row, return and the quantile of every model and level.")
  private Path output;

  @Option(
      names = "--picture",
      paramLabel = "OUT.png",
      description = "Save a picture of the returns and the quantiles of the highest level.")
  private Path picture;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Report what is forecast by then (none).")
  private Double timeLimit;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (text).")
  private Format format = Format.TEXT;

  @Option(names = "--quiet", description = "No progress and no warnings on standard error.")
  private boolean quiet;

  RiskCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    OutputFile.require("--output", output);
    OutputFile.requireOther("--output", output, "PRICES.csv", file);
    OutputFile.require("--picture", picture);
    OutputFile.requireOther("--picture", picture, "PRICES.csv", file);
    OutputFile.requireOther("--output", output, "--picture", picture);
    List<String> names = models.stream().map(String::strip).toList();
    requireRefits(names);
    RiskStudy study =
        RiskStudy.of(names.stream().map(this::model).toList())
            .withLevels(levels)
            .withWindow(window)
            .withTestDays(testDays)
            .withSeed(seed);
    RiskOptions options =
        RiskOptions.defaults()
            .withTimeLimit(TimeLimit.of(timeLimit))
            .withCancelled(terminal.cancelled());
    CsvReader reader = CsvReader.of(file).columns(List.of(column.strip())).timeOrdered();
    Observations prices = Waiting.during(reader::read);
    if (!quiet) {
      prices.notes().forEach(note -> terminal.tell("note", note));
    }
    requirePrices(prices);
    RiskReport report;
    try (ProgressLine progress = new ProgressLine(terminal, quiet)) {
      report = study.withOptions(options.withListener(progress::show)).onPrices(prices.column(0));
    } catch (UnusableDataException e) {
      throw new DataFormatException(file + ": column '" + column + "': " + e.getMessage(), e);
    }
    if (output != null) {
      write(report);
    }
    if (picture != null) {
      double highest = Arrays.stream(levels).max().orElseThrow();
      RiskPlots.forecasts(report, highest).save(picture);
    }
    if (format == Format.JSON) {
      FitDocument.print(RiskDocument.json(report, column, names, prices.notes()), terminal.out());
    } else {
      terminal.out().print(RiskDocument.text(report, column, levels, names, prices.notes()));
    }
    return report.stopReason() == RiskStop.CANCELLED ? ExitCode.CANCELLED : ExitCode.DONE;
  }

  /** Says in which line a price is missing or not positive. */
  private void requirePrices(Observations prices) {
    for (int i = 0; i < prices.rows(); i++) {
      double price = prices.get(i, 0);
      if (!(price > 0)) {
        throw new DataFormatException(
            file
                + ", line "
                + prices.line(i).orElse(i + 1)
                + ", column '"
                + column
                + "': price in row "
                + (i + 1)
                + (Double.isNaN(price) ? " is missing" : " is " + price)
                + ", must be positive and finite");
      }
    }
  }

  private void requireRefits(List<String> names) {
    if (refitDays == null) {
      return;
    }
    if (refitDays < 1) {
      throw new UsageException("refit days is " + refitDays + ", must be at least 1");
    }
    if (names.stream().map(this::named).noneMatch(LstmMixture.class::isInstance)) {
      throw new UsageException(
          "--refit-days is for the networks lstm-mdn, lstm-mdn-2 and lstm-mdn-3, and --models names"
              + " none of them");
    }
  }

  private RiskModel named(String name) {
    return RiskModels.named(name, seed);
  }

  private RiskModel model(String name) {
    RiskModel model = named(name);
    return refitDays != null && model instanceof LstmMixture
        ? model.refittedEvery(refitDays)
        : model;
  }

  private void write(RiskReport report) {
    List<String> header = new ArrayList<>(List.of("row", "return"));
    for (RiskReport.Model model : report.models()) {
      for (RiskReport.Level level : model.levels()) {
        header.add(model.name() + "-" + level.level());
      }
    }
    Table.write(
        output,
        null,
        header,
        table -> {
          for (int day = 0; day < report.testDays(); day++) {
            // The first price has no return.
            StringBuilder line = new StringBuilder();
            line.append(report.firstReturn() + day + 2).append(',').append(report.returns()[day]);
            for (RiskReport.Model model : report.models()) {
              for (RiskReport.Level level : model.levels()) {
                line.append(',');
                if (day < model.days()) {
                  line.append(level.quantiles()[day]);
                }
              }
            }
            table.line(line.toString());
          }
        });
  }
}
