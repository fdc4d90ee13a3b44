package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.gp.SeriesForecast;
import io.github.mixtura.gp.SpectralForecast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small inputs on which users of mixture software come to grief. The numbers come from numpy, scipy
 * and closed forms; {@code plain.csv} is the healthy twin of the table files.
 */
class PainsCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/pains").toAbsolutePath();
  private static final double PLAIN = -464.5725;
  private static final double DIGITS = 1e-4;

  @TempDir private Path folder;

  private static Path file(String name) {
    return CASES.resolve(name);
  }

  private static Cli run(String command, String file, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(command, file(file)));
    arguments.addAll(Arrays.asList(more));
    return Cli.run(arguments.toArray());
  }

  private static JsonNode json(String command, String file, Object... more) throws IOException {
    List<Object> arguments = new ArrayList<>(Arrays.asList(more));
    arguments.addAll(List.of("--format", "json"));
    return new ObjectMapper().readTree(run(command, file, arguments.toArray()).succeeded().out());
  }

  /** Two components on both columns of a twin of plain.csv. */
  private static Cli assertPlain(String file, Object... more) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("--components", 2));
    arguments.addAll(Arrays.asList(more));
    JsonNode fit = json("fit", file, arguments.toArray());
    assertEquals(PLAIN, fit.get("logLikelihood").asDouble(), DIGITS, file);
    return run("fit", file, arguments.toArray()).succeeded();
  }

  @Test
  void tinyWeightsAreAChangeOfUnit() throws IOException {
    // The reference is the maximum; at the default tolerance EM stops before it, with any weights.
    JsonNode tiny =
        json(
            "fit",
            "weights_tiny.csv",
            "--components",
            2,
            "--weights-column",
            "w",
            "--tolerance",
            1e-13);
    assertEquals(1e-9 * -294.20785, tiny.get("logLikelihood").asDouble(), 1e-9 * DIGITS);
    List<Double> means = new ArrayList<>();
    tiny.get("model").get("components").forEach(c -> means.add(c.get("mean").get(0).asDouble()));
    means.sort(null);
    assertEquals(0.056516, means.get(0), DIGITS);
    assertEquals(2.747896, means.get(1), DIGITS);
  }

  @Test
  void weightsThatSumToOneAreSaid() throws IOException {
    Object[] how = {"--components", "1:6", "--covariance", "E,V", "--weights-column", "w"};
    JsonNode selection = json("select", "weights_sum_one.csv", how);
    String warnings = selection.toString();
    Cli text = run("select", "weights_sum_one.csv", how).succeeded();
    boolean one = selection.get("best").get("model").get("components").size() == 1;
    assertTrue(one || warnings.contains("weight"), warnings);
    assertTrue(one || (text.out() + text.err()).contains("BIC"), text.out() + text.err());
  }

  @Test
  void linesAreContinued() throws IOException {
    assertContinued("line_up.csv", 151, 3);
    assertContinued("line_down.csv", 50, -3);
  }

  private static void assertContinued(String name, double first, double step) throws IOException {
    SeriesForecast forecast =
        SpectralForecast.of(CsvReader.of(file(name)).read().column(0)).forecast(6);
    assertFalse(forecast.toString().contains("[D@"), forecast.toString());
    double[] median = forecast.median();
    double[] lower = forecast.lower();
    double[] upper = forecast.upper();
    for (int i = 0; i < median.length; i++) {
      double truth = first + step * i;
      assertEquals(truth, median[i], 0.1, name);
      assertTrue(lower[i] <= truth + 1e-6 && upper[i] >= truth - 1e-6, name + " " + i);
    }
  }

  @Test
  void oneOutlierDoesNotTakeAllStarts() throws IOException {
    assertOutlier("outlier_pair.csv", -655.3364, 1359.0, "2019");
    assertOutlier("outlier_sentinel.csv", -634.4468, 1317.2, "999");
  }

  private static void assertOutlier(String name, double best, double bic, String value)
      throws IOException {
    Cli fit = run("fit", name, "--components", 2, "--format", "json");
    if (fit.code() == ExitCode.DONE) {
      JsonNode result = new ObjectMapper().readTree(fit.out());
      double reached = result.get("logLikelihood").asDouble();
      assertTrue(reached >= best - 20 && reached <= best + 0.01, name + " ended at " + reached);
    } else {
      fit.failed(ExitCode.UNUSABLE, "line 2", value);
    }
    JsonNode selection = json("select", name, "--components", "1:4");
    assertNotEquals(1, selection.get("best").get("model").get("components").size(), name);
    assertTrue(selection.get("best").get("bic").asDouble() <= bic + 0.05, name);
  }

  @Test
  void rowNumbersAreNoData() throws IOException {
    Cli run = run("fit", "row_numbers.csv", "--components", 2, "--format", "json").succeeded();
    double reached = new ObjectMapper().readTree(run.out()).get("logLikelihood").asDouble();
    assertTrue(
        Math.abs(reached - PLAIN) < DIGITS || run.err().contains("1, 2, 3"),
        reached + " " + run.err());
  }

  @Test
  void numbersWithSeparatorsAreReadOrRefused() throws IOException {
    Cli run = run("fit", "thousands.csv", "--components", 2);
    if (run.code() == ExitCode.UNUSABLE) {
      run.failed(ExitCode.UNUSABLE, "line 2", "'b'", "separator");
    } else {
      assertPlain("thousands.csv");
    }
  }

  @Test
  void percentagesAreReadOrRefused() throws IOException {
    Cli run = run("fit", "percent.csv", "--components", 2);
    if (run.code() == ExitCode.UNUSABLE) {
      run.failed(ExitCode.UNUSABLE, "line 2", "%");
    } else {
      assertPlain("percent.csv");
    }
  }

  @Test
  void columnsBetweenSpaces() throws IOException {
    Cli run = run("fit", "spaces.txt", "--components", 2);
    if (run.code() == ExitCode.UNUSABLE) {
      run.failed(ExitCode.UNUSABLE, "one column", "separator");
    } else {
      assertPlain("spaces.txt");
    }
  }

  @Test
  void excelsUnicodeText() throws IOException {
    Cli run = run("fit", "utf16.csv", "--components", 2);
    if (run.code() == ExitCode.UNUSABLE) {
      run.failed(ExitCode.UNUSABLE, "UTF-16");
    } else {
      assertPlain("utf16.csv");
    }
  }

  @Test
  void aTitleAboveTheHeader() throws IOException {
    Cli run = run("fit", "comment.csv", "--components", 2);
    if (run.code() == ExitCode.UNUSABLE) {
      run.failed(ExitCode.UNUSABLE, "line 1", "header");
    } else {
      assertPlain("comment.csv");
    }
  }

  @Test
  void spellingsOfMissingValues() {
    Cli run = run("fit", "missing_tokens.csv", "--components", 2);
    run.failed(ExitCode.UNUSABLE, "missing", "7");
    assertTrue(run.err().contains("11") && run.err().contains("14"), run.err());
  }

  @Test
  void oneGapDoesNotCostTheOtherRows() {
    Path model = folder.resolve("m.json");
    run("fit", "plain.csv", "--components", 2, "--output", model).succeeded();
    Cli predict = Cli.run("predict", model, file("predict_missing.csv"));
    if (predict.code() == ExitCode.UNUSABLE) {
      predict.failed(ExitCode.UNUSABLE, "line 3");
      return;
    }
    List<String> lines = predict.succeeded().out().lines().toList();
    assertEquals(4, lines.size(), predict.out());
    assertTrue(lines.get(1).matches("[12],.*") && lines.get(3).matches("[12],.*"), predict.out());
    assertTrue(lines.get(2).matches("(NA|)(,(NA|))*"), predict.out());
    assertTrue(predict.err().contains("line 3"), predict.err());
  }

  @Test
  void degreesAreNoRadians() throws IOException {
    Cli radians = run("fit", "degrees.csv", "--components", 3, "--family", "von-mises");
    assertTrue(
        radians.succeeded().err().contains("309") && radians.err().contains("radians"),
        radians.err());
    JsonNode fit =
        json(
            "fit",
            "degrees.csv",
            "--components",
            3,
            "--family",
            "von-mises",
            "--angle-unit",
            "degrees");
    assertEquals(-160.9392, fit.get("logLikelihood").asDouble(), DIGITS);
  }

  @Test
  void moreComponentsThanDistinctRows() {
    for (String[] how : new String[][] {{"fit"}, {"cluster", "--method", "em"}, {"cluster"}}) {
      List<Object> arguments = new ArrayList<>(List.of(how[0], file("distinct4.csv")));
      arguments.addAll(List.of(how).subList(1, how.length));
      arguments.addAll(List.of("--components", 5));
      Cli.run(arguments.toArray()).failed(ExitCode.UNUSABLE, "distinct rows", "4", "5");
    }
  }

  @Test
  void anglesCloseTogether() throws IOException {
    Cli run =
        run(
            "fit",
            "angles_narrow.csv",
            "--components",
            1,
            "--family",
            "von-mises",
            "--format",
            "json");
    JsonNode fit = new ObjectMapper().readTree(run.succeeded().out());
    JsonNode law = fit.get("model").get("components").get(0);
    assertEquals(1.0512e12, law.get("concentration").get(0).asDouble(), 1e8);
    assertEquals(993.72, fit.get("logLikelihood").asDouble(), 0.005);
  }

  @Test
  void pricesNewestFirst() {
    Object[] how = {
      "--column", "Close", "--window", 100, "--test-days", 60, "--models", "historical,ewma"
    };
    Cli newest = run("risk", "prices_newest_first.csv", how);
    Cli oldest = run("risk", "prices_oldest_first.csv", how).succeeded();
    assertEquals("", oldest.err());
    assertTrue(
        newest.out().equals(oldest.out())
            || newest.err().contains("newest")
            || newest.code() == ExitCode.UNUSABLE,
        newest.out() + newest.err());
  }

  @Test
  void farOutTheWiderComponentOwnsEveryRow() throws IOException {
    Cli predict = run("predict", "far.json", file("far.csv")).succeeded();
    List<String> lines = predict.out().lines().toList();
    assertEquals(4, lines.size(), predict.out());
    for (String line : lines.subList(1, 4)) {
      String[] cells = line.split(",");
      assertEquals("2", cells[0], predict.out());
      assertEquals(0, Double.parseDouble(cells[1]), 0, predict.out());
      assertEquals(1, Double.parseDouble(cells[2]), 0, predict.out());
    }
  }

  @Test
  void moreParametersThanRowsAreSaid() throws IOException {
    Object[] how = {"--components", "1:3", "--covariance", "all"};
    JsonNode best = json("select", "more_parameters.csv", how).get("best");
    if (best.get("model").get("components").size() != 2) {
      String warnings = best.get("warnings").toString();
      assertTrue(warnings.contains("parameters") && warnings.contains("14"), warnings);
      Cli text = run("select", "more_parameters.csv", how).succeeded();
      assertTrue((text.out() + text.err()).contains("parameters for"), text.out());
    }
  }

  @Test
  void labelsComeAtOnce() throws IOException {
    JsonNode partition = json("cluster", "overlap.csv", "--components", 3);
    assertEquals(334, partition.get("labels").size());
    assertTrue(partition.hasNonNull("boundStoppedBy"), partition.toString());
  }
}
