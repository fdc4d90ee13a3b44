package io.github.mixtura.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.mdn.risk.Forecasts;
import io.github.mixtura.mdn.risk.RiskModel;
import io.github.mixtura.mdn.risk.RiskModels;
import io.github.mixtura.mdn.risk.RiskReport;
import io.github.mixtura.mdn.risk.RiskStudy;
import io.github.mixtura.mdn.risk.TestResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  @Parameters(index = "0", paramLabel = "PRICES.csv", description = "Prices, one row a day.")
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
          "historical, ewma, garch, garch-t, mixture and regime (historical,ewma,garch,garch-t,"
              + "mixture).")
  private List<String> models = List.of("historical", "ewma", "garch", "garch-t", "mixture");

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

  @Option(names = "--seed", paramLabel = "S", description = "Seed (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--output",
      paramLabel = "OUT.csv",
      description = "Save row, return and the quantile of every model and level.")
  private Path output;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (text).")
  private Format format = Format.TEXT;

  RiskCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    OutputFile.require("--output", output);
    OutputFile.requireOther("--output", output, "PRICES.csv", file);
    List<RiskModel> asked = new ArrayList<>();
    for (String name : models) {
      asked.add(RiskModels.named(name.strip(), seed));
    }
    RiskStudy study =
        RiskStudy.of(asked)
            .withLevels(levels)
            .withWindow(window)
            .withTestDays(testDays)
            .withSeed(seed);
    Observations prices = CsvReader.of(file).columns(List.of(column.strip())).read();
    RiskReport report;
    try {
      report = study.onPrices(prices.column(0));
    } catch (UnusableDataException e) {
      throw new DataFormatException(file + ": column '" + column + "': " + e.getMessage(), e);
    }
    if (output != null) {
      write(report);
    }
    if (format == Format.JSON) {
      FitDocument.print(json(report), terminal.out());
    } else {
      terminal.out().print(text(report));
    }
    return ExitCode.DONE;
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
                line.append(',').append(level.quantiles()[day]);
              }
            }
            table.line(line.toString());
          }
        });
  }

  private ObjectNode json(RiskReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema", "mixtura/risk/1");
    root.put("column", column);
    root.put("testDays", report.testDays());
    root.put("window", report.window());
    root.put("benchmark", report.benchmark());
    ArrayNode array = root.putArray("models");
    for (RiskReport.Model model : report.models()) {
      ObjectNode node = array.addObject();
      node.put("model", model.name());
      ArrayNode each = node.putArray("levels");
      for (RiskReport.Level level : model.levels()) {
        ObjectNode one = each.addObject();
        one.put("level", level.level());
        one.put("hits", level.coverage().hits());
        put(one, "expected", level.coverage().expected());
        put(one, "kupiec", level.coverage().kupiec());
        put(one, "christoffersenIndependence", level.coverage().independence());
        put(one, "conditionalCoverage", level.coverage().conditional());
        put(one, "dq", level.dynamicQuantile());
        put(one, "acerbiSzekely", level.acerbiSzekely());
        put(one, "pinballLoss", level.pinballLoss());
        put(one, "dieboldMariano", level.dieboldMariano().orElse(null));
      }
      ArrayNode findings = node.putArray("warnings");
      for (Forecasts.Finding finding : model.findings()) {
        findings.add("test day " + (finding.day() + 1) + ": " + finding.text());
      }
      node.put("refits", model.refits());
      node.put("seconds", model.seconds());
    }
    return root;
  }

  private static void put(ObjectNode node, String name, TestResult result) {
    if (result == null) {
      node.putNull(name);
      return;
    }
    ObjectNode test = node.putObject(name);
    put(test, "statistic", result.statistic());
    put(test, "pValue", result.pValue());
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private String text(RiskReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d days forecast one day ahead from the %d returns before%n",
            column,
            report.testDays(),
            report.window()));
    for (int l = 0; l < levels.length; l++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nlevel %s, p-values of the tests%n  %-12s %5s %9s %8s %8s %8s %8s %8s %9s %8s%n",
              levels[l],
              "model",
              "hits",
              "expected",
              "Kupiec",
              "indep.",
              "cond.",
              "DQ",
              "ES (Z2)",
              "pinball",
              "DM"));
      for (RiskReport.Model model : report.models()) {
        RiskReport.Level level = model.levels().get(l);
        text.append(
            String.format(
                Locale.ROOT,
                "  %-12s %5d %9.1f %8.4f %8.4f %8.4f %8.4f %8.4f %9.5f %8s%n",
                model.name(),
                level.coverage().hits(),
                level.coverage().expected(),
                level.coverage().kupiec().pValue(),
                level.coverage().independence().pValue(),
                level.coverage().conditional().pValue(),
                level.dynamicQuantile().pValue(),
                level.acerbiSzekely().pValue(),
                level.pinballLoss(),
                level
                    .dieboldMariano()
                    .map(dm -> String.format(Locale.ROOT, "%.4f", dm.pValue()))
                    .orElse("-")));
      }
    }
    text.append(
        String.format(
            "%nDM: Diebold-Mariano test of the pinball loss against %s.%n", report.benchmark()));
    for (RiskReport.Model model : report.models()) {
      for (Forecasts.Finding finding : model.findings()) {
        text.append(
            String.format(
                "warning: %s, test day %d: %s%n", model.name(), finding.day() + 1, finding.text()));
      }
    }
    return text.toString();
  }
}
