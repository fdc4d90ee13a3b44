package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.mdn.ConditionalMixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that broke something once, as far as they need no process of their own. */
class BreakCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/break").toAbsolutePath();
  private static final Path EXAMPLES = Cli.REPOSITORY.resolve("examples");

  @TempDir private Path folder;

  private static Cli run(String command, String file, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(command, CASES.resolve(file)));
    arguments.addAll(Arrays.asList(more));
    return Cli.run(arguments.toArray());
  }

  /** Ended with a code, in one sentence that names nothing of the inside. */
  private static void assertSentence(Cli run, int code, String... parts) {
    run.failed(code, parts);
    String sentence = run.err().lines().findFirst().orElseThrow();
    assertFalse(sentence.contains("internal error") || sentence.contains("java."), sentence);
    assertTrue(run.err().chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)), run.err());
  }

  private void assertNothingLeft(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          Stream.of(names).sorted().toList(),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void modesOfFilesAreKept() throws IOException {
    Path model = folder.resolve("m.json");
    Files.createFile(model);
    Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("rw-------"));
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(model)));
    assertEquals(2, SavedModel.read(model).mixture().componentCount());
    assertNothingLeft("m.json");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void filesThatMayNotBeWrittenAreKept() throws IOException {
    Path model = folder.resolve("m.json");
    Files.writeString(model, "mine");
    Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("r--r--r--"));
    Cli run = Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model);
    assertEquals("r--r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(model)));
    if (run.code() != ExitCode.DONE) {
      assertSentence(run, ExitCode.UNUSABLE, "m.json");
      assertEquals("mine", Files.readString(model));
    }
    assertNothingLeft("m.json");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLoopOfLinksIsNoPlaceForAModel() throws IOException {
    Path loop = folder.resolve("lp");
    Files.createSymbolicLink(loop, Path.of("lp"));
    Cli run = Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", loop);
    assertTrue(run.code() == ExitCode.USAGE || run.code() == ExitCode.UNUSABLE, run.err());
    assertTrue(run.err().contains("lp"), run.err());
    assertTrue(Files.isSymbolicLink(loop));
    assertNothingLeft("lp");
  }

  /** Sixty digits, for the covariances of the group and of the best of all labellings. */
  @ParameterizedTest
  @CsvSource({
    "one-group.csv, 1, 149.26419352283032407",
    "two-groups.csv, 2, 243.000400564316093",
    "two-groups-far.csv, 2, 150.707585479550566"
  })
  void boundsOfNearlySingularGroups(String file, int components, double best) throws IOException {
    Cli run =
        run("cluster", file, "--components", components, "--shrinkage", "off", "--format", "json");
    if (run.code() == ExitCode.UNUSABLE) {
      assertSentence(run, ExitCode.UNUSABLE, "group");
    } else {
      double bound = new ObjectMapper().readTree(run.out()).get("upperBound").asDouble();
      assertTrue(bound >= best, file + ": " + bound + " is below " + best);
    }
  }

  @Test
  void concentrationsBeyondWhatAnAngleHolds() {
    Cli run = run("score", "kappa-1e16.json", CASES.resolve("near2.csv"));
    if (run.code() == ExitCode.UNUSABLE) {
      assertSentence(run, ExitCode.UNUSABLE, "kappa-1e16.json", "concentration");
    } else {
      double value = Double.parseDouble(run.succeeded().out().lines().toList().get(1));
      assertEquals(17.00174221682516, value, 17e-12);
    }
    assertThrows(
        IllegalArgumentException.class, () -> VonMises.of(new double[] {2}, new double[] {1e16}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"score", "predict"})
  void concentrationsBeyondAllBounds(String command) {
    Cli run = run(command, "kappa-1e308.json", EXAMPLES.resolve("turtles.csv"));
    if (run.code() == ExitCode.UNUSABLE) {
      assertSentence(run, ExitCode.UNUSABLE, "kappa-1e308.json", "concentration");
    } else {
      String out = run.succeeded().out();
      assertFalse(out.contains("NaN") || out.contains("Infinity"), out);
    }
  }

  @Test
  void degreesOfFreedomBeyondAllBounds() {
    Cli run = run("score", "nu-1e308.json", Cli.FAITHFUL);
    if (run.code() == ExitCode.UNUSABLE) {
      assertSentence(run, ExitCode.UNUSABLE, "nu-1e308.json", "degreesOfFreedom");
    } else {
      double value = Double.parseDouble(run.succeeded().out().lines().toList().get(1));
      assertEquals(-4.6406748889, value, 5e-10);
    }
  }

  @Test
  void fieldsOutOfRangeAreNamedWithTheirFile() {
    assertSentence(
        run("score", "nu-5e-324.json", Cli.FAITHFUL),
        ExitCode.UNUSABLE,
        "nu-5e-324.json",
        "degreesOfFreedom");
    for (String name : List.of("period-1e300.json", "period-1e-308.json")) {
      assertSentence(
          run("score", name, EXAMPLES.resolve("turtles.csv")), ExitCode.UNUSABLE, name, "$.period");
    }
  }

  @Test
  void longFormulas() {
    run("pde", "sum-4999.json", "--quiet").succeeded();
    Cli product = run("pde", "product-4999.json", "--quiet");
    if (product.code() != ExitCode.DONE) {
      assertSentence(product, ExitCode.UNUSABLE, "product-4999.json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"speed-1e150.json", "speed-1e-308.json"})
  void speedsBeyondAllBounds(String name) {
    Cli run = run("pde", name);
    if (run.code() == ExitCode.DONE) {
      assertTrue(run.out().matches("(?s)[A-Z_]+ in .*"), run.out());
    } else {
      assertSentence(run, ExitCode.UNUSABLE, name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"source-1e155.json", "domain-1e-200.json"})
  void scalesOfEquations(String name) throws IOException {
    Path output = folder.resolve("u.csv");
    Cli run = run("pde", name, "--output", output);
    if (run.code() == ExitCode.DONE) {
      assertRight(name, Files.readAllLines(output));
      assertNothingLeft("u.csv");
    } else {
      assertSentence(run, ExitCode.UNUSABLE, name);
      assertNothingLeft();
    }
  }

  /** u″ = c sin 10x with u = 0 at both ends, here and wherever sin 10x is 10x to all digits. */
  private static void assertRight(String name, List<String> lines) {
    double end = name.startsWith("domain") ? 1e-200 : 1;
    double scale = name.startsWith("domain") ? 1 : 1e155;
    double largest = 0;
    double error = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      double x = Double.parseDouble(cells[0]);
      double truth =
          end == 1
              ? scale * (x * Math.sin(10) - Math.sin(10 * x)) / 100
              : 10 * x * (x * x - end * end) / 6;
      largest = Math.max(largest, Math.abs(truth));
      error = Math.max(error, Math.abs(truth - Double.parseDouble(cells[1])));
    }
    assertTrue(error <= 1e-6 * largest, name + ": " + error + " of " + largest);
  }

  @Test
  void valuesThatOverflowNameTheirFile() {
    assertSentence(run("pde", "allen-cahn-1e200.json"), ExitCode.UNUSABLE, "allen-cahn-1e200.json");
  }

  @Test
  void noTimeAtAll() {
    Cli run = Cli.run("pde", "--example", "P1", "--time-limit", 0).succeeded();
    assertTrue(run.out().contains("TIME_LIMIT"), run.out());
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--time-limit", 0).succeeded();
  }

  @Test
  void gridsThatNoMemoryHolds() {
    assertSentence(run("pde", "grid-1e8.json"), ExitCode.UNUSABLE, "grid-1e8.json", "GB");
  }

  @Test
  void numbersOfParametersThatWrapAround() {
    assertThrows(
        DataFormatException.class,
        () -> ConditionalMixture.read(CASES.resolve("network-window-2e29.json")));
  }

  @Test
  void controlCharactersStayOffTheTerminal() {
    assertSentence(run("fit", "newline-in-cell.csv", "--components", 1), ExitCode.UNUSABLE, "\\n");
    Cli escape = run("fit", "escape-in-name.csv", "--components", 2);
    assertFalse((escape.out() + escape.err()).contains("\u001b"), escape.out() + escape.err());
    assertTrue(escape.succeeded().out().contains("[31mred"), escape.out());
  }

  @Test
  void controlCharactersOfJsonAreEscapes() throws IOException {
    // CSI in one character, a change of direction, and one that is to be seen.
    String name = "\u009b31m\u202ered \ud83d\ude00";
    Path data = folder.resolve("names.csv");
    Files.writeString(data, name + ",b\n1,2\n2,3\n3,1\n5,5\n8,2\n");
    String out = Cli.run("fit", data, "--components", 1, "--format", "json").succeeded().out();
    assertTrue(out.contains("\\u009b31m\\u202ered \ud83d\ude00"), out);
    assertEquals(name, new ObjectMapper().readTree(out).at("/model/columns/0").asText(), out);
  }

  @Test
  void weightsBeyondAllBounds() {
    Cli run = run("fit", "weights-1e300.csv", "--weights-column", "w", "--components", 2);
    assertSentence(run, ExitCode.UNUSABLE, "weight", "row 1");
    assertFalse(run.err().contains("variance"), run.err());
  }

  @Test
  void optionsOutOfRange() {
    Cli.run(
            "risk",
            EXAMPLES.resolve("eustockmarkets.csv"),
            "--column",
            "DAX",
            "--models",
            "ewma",
            "--test-days",
            5,
            "--refit-days",
            -5)
        .failed(ExitCode.USAGE, "refit days", "-5");
  }
}
