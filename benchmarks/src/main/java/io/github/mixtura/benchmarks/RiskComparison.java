package io.github.mixtura.benchmarks;

import io.github.mixtura.data.CsvReader;
import io.github.mixtura.mdn.risk.CoverageTest;
import io.github.mixtura.mdn.risk.DieboldMarianoTest;
import io.github.mixtura.mdn.risk.PinballLoss;
import io.github.mixtura.mdn.risk.RiskModel;
import io.github.mixtura.mdn.risk.RiskModels;
import io.github.mixtura.mdn.risk.RiskReport;
import io.github.mixtura.mdn.risk.RiskStudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Every risk model on the last days of several series, each series alone and pooled.
 *
 * <p>Networks are run with seeds 1, 2 and 3 and shown as means over them; every seed is in the CSV.
 * Pooled: the days of all series one after another.
 */
public final class RiskComparison {
  private static final double[] LEVELS = {0.95, 0.99};
  private static final int SEEDS = 3;

  private final int window;
  private final int testDays;
  private final List<Run> runs = new ArrayList<>();
  private final List<String> csv = new ArrayList<>();
  private final List<String> markdown = new ArrayList<>();

  /** What a model did on a series with a seed. */
  private record Run(String series, int seed, RiskReport report, RiskReport.Model model) {
    double[] losses(int level) {
      double[] returns = report.returns();
      return PinballLoss.of(returns, model.levels().get(level).quantiles(), 1 - LEVELS[level]);
    }
  }

  private RiskComparison(int window, int testDays) {
    this.window = window;
    this.testDays = testDays;
  }

  /**
   * Compares on the DAX and the SMI with the defaults of {@link RiskStudy}.
   *
   * @param arguments the file of prices, and what the names of the results begin with: {@code .md}
   *     and {@code .csv} are added
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    run(file, arguments[1], 1000, 500, RiskModels.names());
  }

  static void run(Path file, String out, int window, int testDays, List<String> models)
      throws IOException {
    RiskComparison comparison = new RiskComparison(window, testDays);
    List<String> series = List.of("DAX", "SMI");
    for (String name : series) {
      double[] prices = CsvReader.of(file).columns(List.of(name)).read().column(0);
      for (int seed = 1; seed <= SEEDS; seed++) {
        comparison.add(name, seed, models, prices);
      }
    }
    comparison.write(series, models);
    Files.write(Path.of(out + ".csv"), comparison.csv);
    Files.write(Path.of(out + ".md"), comparison.markdown);
    comparison.markdown.forEach(System.out::println);
  }

  private void add(String series, int seed, List<String> names, double[] prices) {
    List<RiskModel> models =
        names.stream()
            .filter(name -> seed == 1 || name.startsWith("lstm"))
            .map(name -> RiskModels.named(name, seed))
            .toList();
    if (models.isEmpty()) {
      return;
    }
    RiskReport report =
        RiskStudy.of(models)
            .withLevels(LEVELS)
            .withWindow(window)
            .withTestDays(testDays)
            .onPrices(prices);
    for (RiskReport.Model model : report.models()) {
      runs.add(new Run(series, seed, report, model));
      System.err.printf(
          Locale.ROOT, "%s %s, seed %d: %.1f s%n", series, model.name(), seed, model.seconds());
      model
          .findings()
          .forEach(f -> System.err.printf("  test day %d: %s%n", f.day() + 1, f.text()));
    }
  }

  private void write(List<String> series, List<String> models) {
    csv.add(
        "series,model,seed,level,days,hits,expected,kupiec,kupiecP,independenceP,conditionalP,dqP,"
            + "acerbiSzekelyP,pinball,dmStatistic,dmP,refits,findings,seconds");
    runs.forEach(this::raw);
    markdown.add(
        String.format(
            Locale.ROOT,
            "Last %d days of %s, windows of %d returns, Java %s; DM against ewma. Networks: means"
                + " over seeds 1 to %d.",
            testDays,
            String.join(" and ", series),
            window,
            Runtime.version().feature(),
            SEEDS));
    for (int l = 0; l < LEVELS.length; l++) {
      for (String name : series) {
        single(name, models, l);
      }
      pooled(series, models, l);
    }
  }

  private void raw(Run run) {
    for (RiskReport.Level level : run.model.levels()) {
      csv.add(
          String.format(
              Locale.ROOT,
              "%s,%s,%d,%s,%d,%d,%.1f,%.5f,%.5f,%.5f,%.5f,%.5f,%.5f,%.7f,%s,%d,%d,%.3f",
              run.series,
              run.model.name(),
              run.seed,
              level.level(),
              run.model.days(),
              level.coverage().hits(),
              level.coverage().expected(),
              level.coverage().kupiec().statistic(),
              level.coverage().kupiec().pValue(),
              level.coverage().independence().pValue(),
              level.coverage().conditional().pValue(),
              level.dynamicQuantile().pValue(),
              level.acerbiSzekely().pValue(),
              level.pinballLoss(),
              level
                  .dieboldMariano()
                  .map(t -> String.format(Locale.ROOT, "%.4f,%.5f", t.statistic(), t.pValue()))
                  .orElse(","),
              run.model.refits(),
              run.model.findings().size(),
              run.model.seconds()));
    }
  }

  private List<Run> runs(String series, String model) {
    return runs.stream()
        .filter(run -> run.series.equals(series) && run.model.name().equals(model))
        .toList();
  }

  private void table(String title, String... columns) {
    markdown.addAll(
        List.of("", "## " + title, "", "| model | " + String.join(" | ", columns) + " |"));
    markdown.add("|---".repeat(columns.length + 1) + "|");
  }

  private void single(String series, List<String> models, int l) {
    double expected =
        runs(series, models.get(0)).get(0).model.levels().get(l).coverage().expected();
    table(
        String.format(Locale.ROOT, "%s, level %s: %.0f hits expected", series, LEVELS[l], expected),
        "hits",
        "Kupiec p",
        "independence p",
        "conditional p",
        "DQ p",
        "Z2 p",
        "pinball",
        "DM p",
        "s");
    for (String name : models) {
      List<Run> mine = runs(series, name);
      markdown.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.5f | %s | %.2f |",
              name,
              hits(mean(mine, l, level -> level.coverage().hits())),
              mean(mine, l, level -> level.coverage().kupiec().pValue()),
              mean(mine, l, level -> level.coverage().independence().pValue()),
              mean(mine, l, level -> level.coverage().conditional().pValue()),
              mean(mine, l, level -> level.dynamicQuantile().pValue()),
              mean(mine, l, level -> level.acerbiSzekely().pValue()),
              mean(mine, l, RiskReport.Level::pinballLoss),
              name.equals("ewma")
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "%.3f",
                      mean(mine, l, level -> level.dieboldMariano().orElseThrow().pValue())),
              mine.stream().mapToDouble(run -> run.model.seconds()).average().orElseThrow()));
    }
  }

  private static String hits(double mean) {
    return mean == Math.rint(mean) ? "" + (int) mean : String.format(Locale.ROOT, "%.1f", mean);
  }

  private static double mean(List<Run> runs, int l, ToDoubleFunction<RiskReport.Level> value) {
    return runs.stream()
        .mapToDouble(run -> value.applyAsDouble(run.model.levels().get(l)))
        .average()
        .orElseThrow();
  }

  private void pooled(List<String> series, List<String> models, int l) {
    double best =
        models.stream()
            .filter(name -> name.equals("ewma") || name.equals("garch"))
            .mapToDouble(name -> Arrays.stream(losses(series, name, 0, l)).average().orElseThrow())
            .min()
            .orElseThrow();
    table(
        String.format(
            Locale.ROOT,
            "%s pooled, level %s: %.0f hits expected",
            String.join(" and ", series),
            LEVELS[l],
            (1 - LEVELS[l]) * testDays * series.size()),
        "hits",
        "Kupiec p",
        "pinball",
        "÷ best of ewma and garch",
        "DM p",
        "s");
    double[] benchmark = losses(series, "ewma", 0, l);
    for (String name : models) {
      int seeds = runs(series.get(0), name).size();
      double hits = 0;
      double kupiec = 0;
      double loss = 0;
      double dm = 0;
      for (int seed = 0; seed < seeds; seed++) {
        CoverageTest coverage = CoverageTest.of(hits(series, name, seed, l), 1 - LEVELS[l]);
        double[] losses = losses(series, name, seed, l);
        hits += (double) coverage.hits() / seeds;
        kupiec += coverage.kupiec().pValue() / seeds;
        loss += Arrays.stream(losses).average().orElseThrow() / seeds;
        dm += DieboldMarianoTest.of(losses, benchmark).pValue() / seeds;
      }
      double seconds =
          runs.stream()
              .filter(run -> run.model.name().equals(name))
              .mapToDouble(run -> run.model.seconds() / seeds)
              .sum();
      markdown.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.3f | %.5f | %.4f | %s | %.2f |",
              name,
              hits(hits),
              kupiec,
              loss,
              loss / best,
              name.equals("ewma") ? "" : String.format(Locale.ROOT, "%.3f", dm),
              seconds));
    }
  }

  private double[] losses(List<String> series, String model, int seed, int l) {
    return series.stream()
        .flatMapToDouble(name -> Arrays.stream(runs(name, model).get(seed).losses(l)))
        .toArray();
  }

  private boolean[] hits(List<String> series, String model, int seed, int l) {
    boolean[] hits = new boolean[series.size() * testDays];
    int at = 0;
    for (String name : series) {
      Run run = runs(name, model).get(seed);
      double[] quantiles = run.model.levels().get(l).quantiles();
      for (int day = 0; day < testDays; day++) {
        hits[at++] = run.report.returns()[day] < quantiles[day];
      }
    }
    return hits;
  }
}
