package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small tables on which users come to grief, fitted and selected by command. */
class FitCasesTest {
  private static final Path CASES = Cli.REPOSITORY.resolve("em/src/test/resources/data/cases");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static Path file(String name) {
    return CASES.resolve(name + ".csv");
  }

  private static JsonNode json(Cli run) throws IOException {
    return JSON.readTree(run.succeeded().out());
  }

  @Test
  void tinyWeightsChangeNothingButTheUnit() throws IOException {
    JsonNode plain =
        json(
            Cli.run(
                "fit",
                file("weights_tiny"),
                "--components",
                2,
                "--columns",
                "y",
                "--format",
                "json"));
    JsonNode tiny =
        json(
            Cli.run(
                "fit",
                file("weights_tiny"),
                "--components",
                2,
                "--weights-column",
                "w",
                "--format",
                "json"));
    assertEquals(plain.get("iterations"), tiny.get("iterations"));
    assertEquals(plain.get("stopReason"), tiny.get("stopReason"));
    for (int k = 0; k < 2; k++) {
      String mean = "/model/components/" + k + "/mean/0";
      assertEquals(plain.at(mean).doubleValue(), tiny.at(mean).doubleValue(), 1e-9);
    }
    double l = plain.get("logLikelihood").doubleValue();
    assertEquals(1e-9 * l, tiny.get("logLikelihood").doubleValue(), 1e-18);
    assertEquals("LOW_WEIGHT", tiny.at("/warnings/0/kind").textValue());
    String text =
        Cli.run("fit", file("weights_tiny"), "--components", 2, "--weights-column", "w")
            .succeeded()
            .out();
    assertTrue(text.contains("Log-likelihood -2.942079e-07"), text);
  }

  @Test
  void weightsThatSumToOneAreWarnedOf() {
    Cli run =
        Cli.run(
            "select",
            file("weights_sum_one"),
            "--components",
            "1:3",
            "--covariance",
            "E,V",
            "--weights-column",
            "w");
    assertTrue(run.succeeded().out().contains("weights of 160 rows sum to 1"), run.out());
  }

  @Test
  void aWeightThatHidesAllOthersIsNamed() {
    Cli.run("fit", file("weights-1e300"), "--weights-column", "w", "--components", 2)
        .failed(3, "weight of row 1 is 1.0E300");
  }

  @ParameterizedTest
  @CsvSource({"outlier_pair, -655.3364, 1359.0", "outlier_sentinel, -634.4468, 1317.2"})
  void anOutlierTakesNoComponent(String name, double logLikelihood, double bic) throws IOException {
    JsonNode fit = json(Cli.run("fit", file(name), "--components", 2, "--format", "json"));
    assertEquals(logLikelihood, fit.get("logLikelihood").doubleValue(), 1e-3);
    assertEquals(0, fit.get("warnings").size());
    JsonNode selection =
        json(Cli.run("select", file(name), "--components", "1:4", "--format", "json"));
    assertEquals(bic, selection.at("/table/1/bic").doubleValue(), 0.1);
    assertTrue(selection.at("/best/model/components").size() >= 2);
  }

  @Test
  void moreComponentsThanDistinctRowsAreRefusedEverywhere() {
    String found = "4 distinct rows for 5 components";
    Cli.run("fit", file("distinct4"), "--components", 5).failed(3, "distinct4.csv", found);
    Cli.run("cluster", file("distinct4"), "--components", 5, "--method", "em")
        .failed(3, "distinct rows, 4");
    Cli.run("select", file("distinct4"), "--components", "5,6", "--covariance", "all")
        .failed(3, found);
    // Four components on four rows have their maximum where each sits on one.
    String each = "4 distinct rows for 4 components";
    Cli.run("fit", file("distinct4"), "--components", 4).failed(3, each, "fewer", "floor");
    Cli.run("select", file("distinct4"), "--components", 4, "--covariance", "all").failed(3, each);
    Cli floored =
        Cli.run("fit", file("distinct4"), "--components", 5, "--on-degenerate", "floor:1e-3");
    assertTrue(floored.succeeded().out().contains("floored: "), floored.out());
  }

  @Test
  void modelsThatRowsCannotDetermineAreWarnedOf() throws IOException {
    Object[] arguments = {"fit", file("more_parameters"), "--components", 3, "--covariance", "VEV"};
    String text = Cli.run(arguments).succeeded().out();
    assertTrue(text.contains("too few rows: the model has 73 free parameters for 14 rows"), text);
    List<Object> more = new ArrayList<>(List.of(arguments));
    more.addAll(List.of("--format", "json"));
    Cli run = Cli.run(more.toArray());
    List<String> kinds = json(run).get("warnings").findValuesAsText("kind");
    assertTrue(kinds.contains("TOO_FEW_ROWS"), kinds::toString);
    assertTrue(run.err().contains("73 free parameters"), run.err());
    Cli chosen = Cli.run("select", file("more_parameters"), "--components", 2);
    assertTrue(
        chosen.code() == 3 || chosen.out().contains("too few rows: the model has 55"),
        chosen.out());
  }

  @Test
  void directionsArePrintedInTheRangeTheyCameIn() throws IOException {
    String text =
        Cli.run(
                "fit",
                file("degrees"),
                "--components",
                3,
                "--family",
                "von-mises",
                "--angle-unit",
                "degrees")
            .succeeded()
            .out();
    assertTrue(text.contains("284.311"), text);
    assertFalse(text.contains("-75.") || text.contains("-1.32"), text);
    // Written from −180 to 180, and from 300 to 420.
    for (int from : new int[] {-90, 300}) {
      Path table =
          Files.writeString(
              folder.resolve("from" + from + ".csv"),
              IntStream.range(0, 40)
                  .mapToObj(i -> "" + (from + (i % 2 == 0 ? i / 2 : 100 + i / 2)))
                  .collect(Collectors.joining("\n", "a\n", "\n")));
      String other =
          Cli.run(
                  "fit",
                  table,
                  "--components",
                  2,
                  "--family",
                  "von-mises",
                  "--angle-unit",
                  "degrees")
              .succeeded()
              .out();
      String low = from == -90 ? " -8" : " 309.";
      String high = from == -90 ? " 19." : " 40";
      assertTrue(other.contains(low) && other.contains(high), other);
    }
  }

  @Test
  void anyNumberOfStartsFitsInMemory() throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "fit",
                Cli.FAITHFUL,
                "--components",
                2,
                "--init",
                "k-means",
                "--starts",
                Integer.MAX_VALUE,
                "--time-limit",
                1,
                "--format",
                "json"));
    ProcessBuilder builder = Cli.process(List.of(), arguments.toArray());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Xmx256m");
    Path out = folder.resolve("out.json");
    Process process =
        builder
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    assertEquals(0, Cli.wait(process, 60), () -> read(folder.resolve("err.txt")));
    String found = JSON.readTree(out.toFile()).get("stopReason").textValue();
    assertEquals("TIME_LIMIT", found);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
