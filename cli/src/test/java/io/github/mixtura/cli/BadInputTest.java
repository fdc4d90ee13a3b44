package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.Backends;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of bad input ends with a message and an exit code, or a reported repair. */
class BadInputTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  private Cli fit(String text, Object... more) throws IOException {
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = "fit";
    arguments[1] = file(text);
    arguments[2] = "--components";
    arguments[3] = "2";
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Cli.run(arguments);
  }

  /** Rows of two groups, one line each, from a formula of the row number. */
  private static String rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count).mapToObj(row).collect(Collectors.joining("\n", "a,b\n", "\n"));
  }

  private static double[] noise(int count) {
    SplittableRandom random = new SplittableRandom(11);
    return IntStream.range(0, count)
        .mapToDouble(i -> random.nextGaussian() + 9 * (i % 2))
        .toArray();
  }

  @Test
  void emptyFile() throws IOException {
    fit("").failed(3, "data.csv", "is empty");
    fit("\n\n").failed(3, "data.csv", "is empty");
  }

  @Test
  void headerOnly() throws IOException {
    fit("a,b\n").failed(3, "data.csv", "header line only");
  }

  @Test
  void textInANumericColumn() throws IOException {
    fit("a,b\n1,2\n3,4\n5,six\n").failed(3, "data.csv", "line 4", "column 'b'", "'six'");
  }

  @Test
  void missingValues() throws IOException {
    fit("a,b\n1,2\n3,NA\n5,6\n").failed(3, "data.csv", "row 2", "column 'b'", "missing");
    fit("a,b\n1,2\n3,4\n,6\n").failed(3, "row 3", "column 'a'", "missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Inf", "-Infinity", "1e999"})
  void infiniteValues(String value) throws IOException {
    fit("a,b\n1,2\n3," + value + "\n").failed(3, "line 3", "column 'b'", "finite");
  }

  @Test
  void raggedRow() throws IOException {
    fit("a,b\n1,2\n3\n").failed(3, "line 3", "1 field, must have 2");
  }

  @Test
  void notUtf8() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, "gr\u00f6\u00dfe\n1\n2\n".getBytes(StandardCharsets.ISO_8859_1));
    Cli.run("fit", file, "--components", 1).failed(3, "latin.csv", "UTF-8");
  }

  @Test
  void fewerRowsThanComponents() throws IOException {
    fit("a\n1\n").failed(3, "data.csv", "1 row of", "2 components");
    fit("a,w\n1,1\n2,0\n3,0\n", "--weights-column", "w").failed(3, "1 row of positive weight");
  }

  @Test
  void fewerRowsThanColumns() throws IOException {
    String wide = "a,b,c,d\n1,2,3,5\n4,5,6,1\n7,8,1,2\n";
    fit(wide).failed(3, "data.csv", "3 rows for 4 columns");
    fit(wide, "--covariance", "EEI").succeeded();
  }

  @Test
  void constantColumn() throws IOException {
    fit(rows(20, i -> i * i + ",3")).failed(3, "data.csv", "column 'b'", "constant");
  }

  @Test
  void identicalRows() throws IOException {
    fit(rows(20, i -> "4,3")).failed(3, "data.csv", "all rows are identical");
  }

  @Test
  void duplicatedRowsEndWithAFiniteFit() throws IOException {
    double[] x = noise(10);
    String text = rows(40, i -> x[i % 10] + "," + x[(7 * i + 3) % 10]);
    JsonNode fit = json(fit(text, "--format", "json").succeeded());
    assertTrue(fit.get("logLikelihood").isNumber());
  }

  @Test
  void pointMassIsReported() throws IOException {
    // Half of the rows are one point, on which a component of its own has no maximum.
    double[] x = noise(30);
    String text = rows(30, i -> i % 2 == 0 ? "1,1" : x[i] + "," + x[(i + 7) % 30]);
    Cli run = fit(text, "--format", "json").succeeded();
    JsonNode fit = json(run);
    assertTrue(fit.get("logLikelihood").isNumber());
    assertFalse(fit.get("warnings").isEmpty(), run.out());
    assertTrue(run.err().contains("warning"), run.err());
    fit(text, "--on-degenerate", "fail").failed(3, "data.csv");
  }

  @Test
  void collinearColumns() throws IOException {
    double[] x = noise(40);
    String text = rows(40, i -> x[i] + "," + 2 * x[i]);
    Cli run = fit(text);
    if (run.code() == 0) {
      assertTrue(run.out().contains("Warnings"), run.out());
    } else {
      run.failed(3, "data.csv");
    }
    fit(text, "--covariance", "VVI").succeeded();
  }

  @Test
  void largeOffsetKeepsItsVariance() throws IOException {
    double[] x = noise(200);
    JsonNode near = json(fit(rows(200, i -> x[i] + "," + x[(i + 14) % 200]), "--format", "json"));
    JsonNode far =
        json(
            fit(
                rows(
                    200,
                    i ->
                        String.format(
                            Locale.ROOT, "%.7f,%.7f", 1e8 + x[i], 1e8 + x[(i + 14) % 200])),
                "--format",
                "json"));
    assertEquals(
        near.get("logLikelihood").doubleValue(), far.get("logLikelihood").doubleValue(), 1e-3);
    assertEquals(
        near.at("/model/components/0/covariance/0/1").doubleValue(),
        far.at("/model/components/0/covariance/0/1").doubleValue(),
        1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-300", "1e308", "1e-160", "1e200"})
  void sizesWhoseSquaresCannotBeHeld(String scale) throws IOException {
    double unit = Double.parseDouble(scale);
    Cli run = fit(rows(20, i -> unit * (1 - (i % 7) / 10.0) + "," + i * (i % 3)));
    run.failed(3, "data.csv", "column 'a'");
  }

  @ParameterizedTest
  @CsvSource({"0, at least 1", "-1, at least 1", "two, 'two'", "2.5, '2.5'"})
  void wrongNumbersOfComponents(String components, String message) {
    Cli.run("fit", Cli.FAITHFUL, "--components", components).failed(2, message);
    Cli.run("select", Cli.FAITHFUL, "--components", components).failed(2, "components");
  }

  @Test
  void wrongRanges() {
    for (String text : new String[] {"3:1", "1:2:3", "0:4", "", "1,,2", ":"}) {
      Cli.run("select", Cli.FAITHFUL, "--components", text).failed(2, "components");
    }
  }

  @Test
  void unknownColumns() throws IOException {
    fit("a,b\n1,2\n3,4\n", "--columns", "a,c").failed(2, "'c'", "a, b");
    fit("a,b\n1,2\n3,4\n", "--columns", "3").failed(2, "'3'");
    fit("a,b\n1,2\n3,4\n", "--weights-column", "w").failed(2, "'w'");
  }

  @Test
  void missingFilesAndFolders() {
    Path none = folder.resolve("none.csv");
    Cli.run("fit", none, "--components", 2).failed(3, "none.csv", "no such file");
    Cli.run("fit", folder, "--components", 2).failed(3, "is a directory");
    Cli.run("predict", none, Cli.FAITHFUL).failed(3, "none.csv", "no such file");
    Cli.run("score", folder, Cli.FAITHFUL).failed(3, "is a directory");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", folder).failed(2, "--output");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--labels", none.resolve("x"))
        .failed(2, "none");
  }

  @Test
  void wrongModelFiles() throws IOException {
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    String whole = Files.readString(model);
    for (String command : new String[] {"predict", "score"}) {
      Files.writeString(model, whole.substring(0, whole.length() / 2));
      Cli.run(command, model, Cli.FAITHFUL).failed(3, "model.json", "line", "JSON");
      Files.writeString(model, whole.replace("model/1", "model/7"));
      Cli.run(command, model, Cli.FAITHFUL).failed(3, "$.schema", "later version");
      Files.writeString(model, whole.replace("\"eruptions\"", "\"duration\""));
      Cli.run(command, model, Cli.FAITHFUL).failed(3, "'duration'", "faithful.csv");
      Cli.run(command, Cli.FAITHFUL, Cli.FAITHFUL).failed(3, "faithful.csv", "JSON");
    }
    Files.writeString(model, "");
    Cli.run("sample", model, "--rows", 3).failed(3, "model.json", "is empty");
  }

  @Test
  void aColumnOfTheModelIsNotTakenByNumber() throws IOException {
    Path model = folder.resolve("model.json");
    String text =
        "a,2\n"
            + IntStream.range(0, 9)
                .mapToObj(i -> i % 5 + "," + i * i)
                .collect(Collectors.joining("\n"));
    Cli.run("fit", file(text), "--components", 1, "--output", model).succeeded();
    Cli.run("score", model, file(text.replace("a,2", "a,b"))).failed(3, "'2'");
  }

  @Test
  void fileThatIsTruncatedWhileItIsRead() throws Exception {
    Path file = folder.resolve("large.csv");
    String block = rows(100_000, i -> i % 977 + 0.25 + "," + i % 1009).substring(4);
    Files.writeString(file, "a,b\n" + block.repeat(20));
    long size = Files.size(file);
    Thread cutter =
        new Thread(
            () -> {
              try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                Thread.sleep(40);
                open.setLength(size / 2 + 3);
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    cutter.start();
    Cli run = Cli.run("fit", file, "--components", 1, "--max-iterations", 1);
    cutter.join();
    run.failed(3, "large.csv");
  }

  @Test
  void wrongStarts() throws IOException {
    Path labels = folder.resolve("labels.csv");
    String init = "labels:" + labels;
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", init)
        .failed(3, "labels.csv", "no such");
    Files.writeString(labels, "label\n1\n2\n");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", init)
        .failed(3, "labels.csv", "2 rows", "272");
    Files.writeString(labels, "label\n" + "1\n".repeat(272));
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", init).failed(3, "label 2 of 2");
    Files.writeString(labels, "label\n" + "1\n3\n".repeat(136));
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", init).failed(3, "row 2", "1 to 2");
    Files.writeString(labels, "group\n" + "1\n2\n".repeat(136));
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", init).failed(3, "column 'label'");
    Files.writeString(labels, "r1,r2,r3\n" + "1,0,0\n".repeat(272));
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", "responsibilities:" + labels)
        .failed(3, "3 columns");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", "nearest").failed(2, "'nearest'");
    Cli.run("select", Cli.FAITHFUL, "--components", "1:3", "--init", init).failed(2, "--init");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--covariance | XYZ | EII, VII",
        "--covariance | E | one column",
        "--covariance | all | unknown",
        "--family | poisson | built are gaussian, student-t, von-mises",
        "--family | gaussian,student-t | one each",
        "--degrees-of-freedom | 5 | student-t only",
        "--angle-unit | degrees | von-mises only",
        "--period | 24 | von-mises only",
        "--starts | 0 | starts",
        "--tolerance | -1 | tolerance",
        "--tolerance | NaN | tolerance",
        "--max-iterations | -1 | maxIterations",
        "--threads | 0 | threads",
        "--time-limit | -1 | time limit",
        "--acceleration | fast | squarem",
        "--on-degenerate | pray | reseed, drop, fail or floor",
        "--on-degenerate | floor:2 | floor",
        "--backend | fortran | backend",
        "--format | xml | xml",
        "--seed | x | 'x'",
        "--nonsense | 1 | --nonsense"
      })
  void wrongOptions(String option, String value, String message) {
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, option, value).failed(2, message);
  }

  @Test
  void structuresOfOneColumn() throws IOException {
    String text = "a\n1\n2\n3.5\n7\n8\n9\n";
    fit(text, "--covariance", "EEE").failed(2, "EEE", "one column");
    assertEquals(
        "V", json(fit(text, "--format", "json")).at("/model/covarianceStructure").textValue());
  }

  @Test
  void backendsThatAreNotThere() {
    Map<String, Backend.Probe> probes = Backends.probeAll();
    for (String name : new String[] {"vector", "cuda"}) {
      if (!probes.get(name).usable()) {
        Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--backend", name)
            .failed(4, "java: usable", name + ": " + probes.get(name).reason());
      }
    }
  }

  @Test
  void commandsThatAreMissingOrIncomplete() {
    Cli.run("nonsense").failed(2, "nonsense");
    Cli.run().failed(2, "command");
    Cli.run("fit").failed(2, "--components");
    Cli.run("sample", "m.json").failed(2, "--rows");
    Cli.run("sample", "m.json", "--rows", 0).failed(2, "rows is 0");
  }

  @Test
  void startsOfAnotherPeriod() throws IOException {
    Path model = folder.resolve("model.json");
    Path turtles = Cli.REPOSITORY.resolve("examples/turtles.csv");
    Object[] fit = {
      "fit", turtles, "--components", 2, "--family", "von-mises", "--angle-unit", "degrees"
    };
    Cli.run(with(fit, "--output", model)).succeeded();
    String init = "model:" + model;
    Cli.run(with(fit, "--init", init)).succeeded();
    fit[7] = "radians";
    Cli.run(with(fit, "--init", init)).failed(2, "model.json", "360", "6.28", "--period");
    fit[6] = "--period";
    fit[7] = 180;
    Cli.run(with(fit, "--init", init)).failed(2, "360", "180");
    fit[7] = 360;
    Cli.run(with(fit, "--init", init)).succeeded();
  }

  private static Object[] with(Object[] base, Object... more) {
    return Stream.concat(Arrays.stream(base), Arrays.stream(more)).toArray();
  }

  @Test
  void familiesThatCannotStandTogether() {
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    Object[] select = {"select", Cli.FAITHFUL, "--components", 2, "--family", ""};
    select[5] = "gaussian,student-t";
    Cli.run(with(select, "--init", "model:" + model)).failed(2, "--init", "one --family");
    select[5] = "gaussian,gaussian";
    Cli.run(with(select, "--init", "model:" + model)).succeeded();
    select[5] = "gaussian,von-mises";
    Cli.run(select).failed(2, "von-mises", "circle", "line");
    Cli.run(with(select, "--angle-unit", "degrees")).failed(2, "von-mises", "alone");
  }

  @Test
  void startsAreNotBlamedOnTheData() throws IOException {
    Path start = folder.resolve("start.csv");
    String rows = "1,0\n0,1\n".repeat(135);
    Object[] fit = {"fit", Cli.FAITHFUL, "--components", 2, "--init", "responsibilities:" + start};
    for (String last : new String[] {"0,0\n1,0\n", "-1,2\n1,0\n", "NA,1\n1,0\n"}) {
      Files.writeString(start, "r1,r2\n" + rows + last);
      Cli run = Cli.run(fit);
      run.failed(3, "start.csv", "row 271");
      assertFalse(run.err().contains("faithful.csv"), run.err());
      fit[0] = "select";
      Cli.run(fit).failed(3, "start.csv", "row 271");
      fit[0] = "fit";
    }
    Path weighted = folder.resolve("weighted.csv");
    Files.writeString(weighted, "a,w\n1,1\n2,1\n4,1\n5,1\n9,0\n");
    Files.writeString(start, "label\n1\n1\n1\n1\n2\n");
    Cli.run(
            "fit",
            weighted,
            "--components",
            2,
            "--weights-column",
            "w",
            "--init",
            "labels:" + start)
        .failed(3, "start.csv", "label number 2 of 2");
  }

  @Test
  void columnsOfNumbersDoNotVanish() throws IOException {
    fit("a;b\n1,5;2\n2,5;4\n3,5;3\n").failed(3, "line 2", "'a'", "decimal comma");
    fit("a,b\n1_0,2\n11,4\n12,3\n").failed(3, "line 2", "'a'", "'1_0'");
    fit("a,b,a\n1,2,3\n3,4,1\n5,6,5\n").failed(3, "1 and 3", "'a'");
    String text = "a,name,b\n1,x,2\n2,y,4\n4,x,3\n5,x,9\n7,y,1\n";
    Cli run = fit(text, "--covariance", "EII").succeeded();
    assertEquals("mixtura: note: left out, because they hold text: name", run.err().strip());
    assertEquals("", fit(text, "--covariance", "EII", "--quiet").succeeded().err());
    assertEquals("", fit(text, "--covariance", "EII", "--columns", "a,b").succeeded().err());
    Cli select = Cli.run("select", folder.resolve("data.csv"), "--components", "1");
    assertTrue(select.succeeded().err().contains("name"), select.err());
  }

  @Test
  void blankLinesInOneColumnAreMissing() throws IOException {
    fit("a\n1\n\n3\n4\n").failed(3, "row 2", "'a'", "missing");
    fit("a\n1\n2\n3.5\n7\n8\n9\n\n\n").succeeded();
  }

  @Test
  void emptyFileNames() {
    Cli.run("fit", "", "--components", 2).failed(2, "DATA.csv", "name of the file is empty");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", "").failed(2, "--output", "empty");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--init", "labels:").failed(2, "empty");
    Cli.run("fit", "a\0b", "--components", 2).failed(2, "DATA.csv", "name of a file");
  }

  @Test
  void tracesAreForThoseWhoAskForThem() throws IOException {
    Cli run = fit("a,b\n1,x\n3,4\nq,5\n", "--debug", "--columns", "a,b");
    assertEquals(3, run.code());
    assertTrue(run.err().contains("\tat "), run.err());
  }

  private static JsonNode json(Cli run) throws IOException {
    return new ObjectMapper().readTree(run.out());
  }
}
