package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import io.github.mixtura.mixture.Mixture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class OtherCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path model() {
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    return model;
  }

  @Test
  void scoresAreLogDensities() {
    Path model = model();
    List<String> lines = Cli.run("score", model, Cli.FAITHFUL).succeeded().out().lines().toList();
    double[] expected =
        SavedModel.read(model).mixture().logDensity(Observations.ofCsv(Cli.FAITHFUL));
    assertEquals("logDensity", lines.get(0));
    assertEquals(expected.length + 1, lines.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], Double.parseDouble(lines.get(i + 1)));
    }
  }

  @Test
  void columnsAreFoundByNameInAnotherOrder() throws IOException {
    Path model = model();
    Path swapped = folder.resolve("swapped.csv");
    StringBuilder text = new StringBuilder("note;waiting;eruptions\n");
    for (String line : Files.readAllLines(Cli.FAITHFUL).subList(1, 273)) {
      String[] fields = line.split(",");
      text.append("x;").append(fields[1]).append(';').append(fields[0]).append('\n');
    }
    Files.writeString(swapped, text);
    for (String command : List.of("score", "predict")) {
      assertEquals(
          Cli.run(command, model, Cli.FAITHFUL).succeeded().out(),
          Cli.run(command, model, swapped).succeeded().out());
    }
  }

  @Test
  void tablesWithoutHeaderAreTakenByPosition() throws IOException {
    Path bare = folder.resolve("bare.csv");
    Files.write(bare, Files.readAllLines(Cli.FAITHFUL).subList(1, 273));
    Path model = folder.resolve("bare.json");
    Cli.run("fit", bare, "--components", 2, "--output", model).succeeded();
    assertEquals(List.of("x1", "x2"), SavedModel.read(model).columnNames());
    assertEquals(273, Cli.run("score", model, bare).succeeded().out().lines().count());
  }

  @Test
  void samplesAreTheLibrarys() {
    Path model = model();
    int rows = 10_000;
    List<String> lines =
        Cli.run("sample", model, "--rows", rows, "--seed", 4).succeeded().out().lines().toList();
    Mixture.Sample expected =
        SavedModel.read(model).mixture().sample(rows, new SplittableRandom(4));
    assertEquals("eruptions,waiting,component", lines.get(0));
    assertEquals(rows + 1, lines.size());
    for (int i = 0; i < rows; i++) {
      assertEquals(
          expected.rows()[i][0] + "," + expected.rows()[i][1] + "," + (expected.labels()[i] + 1),
          lines.get(i + 1));
    }
    assertNotEquals(
        lines.get(1),
        Cli.run("sample", model, "--rows", 1).succeeded().out().lines().toList().get(1));
  }

  @Test
  void aSampleIsFittedByItsOwnModel() throws IOException {
    Path model = model();
    Path sample = folder.resolve("sample.csv");
    Cli.run("sample", model, "--rows", 20_000, "--output", sample).succeeded();
    JsonNode fit =
        JSON.readTree(
            Cli.run(
                    "fit",
                    sample,
                    "--columns",
                    "eruptions,waiting",
                    "--components",
                    2,
                    "--format",
                    "json")
                .succeeded()
                .out());
    JsonNode truth = JSON.readTree(model.toFile());
    for (String place :
        List.of("0/weight", "0/mean/0", "1/mean/0", "0/covariance/0/0", "1/covariance/0/1")) {
      double expected = truth.at("/components/" + place).doubleValue();
      assertEquals(
          expected,
          fit.at("/model/components/" + place).doubleValue(),
          0.05 * Math.abs(expected),
          place);
    }
  }

  @Test
  void selectionHasACellForEveryModelAndTheBest() throws IOException {
    Path model = folder.resolve("best.json");
    Cli run =
        Cli.run(
            "select",
            Cli.FAITHFUL,
            "--components",
            "1:3",
            "--covariance",
            "EEE,VVI,VVV",
            "--format",
            "json",
            "--output",
            model);
    JsonNode document = JSON.readTree(run.succeeded().out());
    assertEquals("mixtura/selection/1", document.get("schema").textValue());
    assertEquals("bic", document.get("criterion").textValue());
    assertEquals(9, document.get("table").size());
    double lowest = Double.POSITIVE_INFINITY;
    for (JsonNode cell : document.get("table")) {
      for (String field :
          List.of(
              "family",
              "components",
              "covarianceStructure",
              "logLikelihood",
              "parameterCount",
              "bic",
              "icl",
              "status",
              "reason")) {
        assertTrue(cell.has(field), field);
      }
      if (cell.get("status").textValue().equals("OK")) {
        lowest = Math.min(lowest, cell.get("bic").doubleValue());
      }
    }
    JsonNode best = document.get("best");
    assertEquals(lowest, best.get("bic").doubleValue());
    // mclust 6.0.0 chooses EEE with three components, BIC -2314.316 at its own tolerance.
    assertEquals("EEE", best.at("/model/covarianceStructure").textValue());
    assertEquals(3, best.at("/model/components").size());
    assertTrue(lowest <= 2314.317, "BIC " + lowest);
    assertEquals(JSON.readTree(model.toFile()), best.get("model"));
  }

  @Test
  void selectionTakesFamiliesCriteriaAndLists() throws IOException {
    Cli run =
        Cli.run(
            "select",
            Cli.FAITHFUL,
            "--components",
            "2,1",
            "--family",
            "gaussian,student-t",
            "--criterion",
            "icl",
            "--covariance",
            "EII",
            "--format",
            "json");
    JsonNode document = JSON.readTree(run.succeeded().out());
    assertEquals("icl", document.get("criterion").textValue());
    assertEquals(4, document.get("table").size());
    String text =
        Cli.run(
                "select",
                Cli.FAITHFUL,
                "--components",
                "1:2",
                "--covariance",
                "all",
                "--columns",
                1)
            .succeeded()
            .out();
    assertTrue(text.lines().anyMatch(line -> line.startsWith("V ")), text);
    assertTrue(text.contains("* chosen"), text);
  }

  @Test
  void failedCellsHaveTheirReason() throws IOException {
    Path few = Files.writeString(folder.resolve("few.csv"), "a,b\n1,2\n2,5\n3,3\n4,1\n");
    JsonNode document =
        JSON.readTree(
            Cli.run("select", few, "--components", "1:6", "--covariance", "EII", "--format", "json")
                .succeeded()
                .out());
    JsonNode cell = document.at("/table/5");
    assertEquals("FAILED", cell.get("status").textValue());
    assertTrue(cell.get("reason").textValue().contains("at least as many rows"), cell.toString());
    assertTrue(cell.get("bic").isNull() && cell.get("logLikelihood").isNull());
  }

  @Test
  void selectionsSayWhyCellsHaveNoFit() throws IOException {
    Path few = Files.writeString(folder.resolve("few.csv"), "a,b\n1,2\n2,5\n3,3\n4,1\n");
    String text =
        Cli.run("select", few, "--components", "1:12", "--covariance", "EII,EEI").succeeded().out();
    List<String> lines = text.lines().toList();
    assertTrue(
        lines.stream().anyMatch(l -> l.startsWith("- EII 6, EEI 6: ") && l.contains("rows")), text);
    assertTrue(lines.stream().allMatch(line -> line.length() < 130), text);
    assertEquals(2, lines.stream().filter(line -> line.startsWith("K ")).count(), text);
    assertEquals(2, lines.stream().filter(line -> line.startsWith("EEI  ")).count(), text);
    String good = Cli.run("select", Cli.FAITHFUL, "--components", "1:2").succeeded().out();
    assertTrue(good.lines().noneMatch(line -> line.startsWith("- ")), good);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1:4 | 1 2 3 4", "3 | 3", "5,1,2 | 1 2 5", "2,1:3 | 1 2 3", " 1 : 2 | 1 2"})
  void rangesOfComponents(String text, String expected) {
    int[] counts = Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertEquals(Arrays.toString(counts), Arrays.toString(SelectCommand.counts(text)));
  }

  @Test
  void backendsAreListed() throws IOException {
    JsonNode list = JSON.readTree(Cli.run("backends", "--format", "json").succeeded().out());
    assertEquals(List.of("vector", "java", "cuda"), list.findValuesAsText("name"));
    assertTrue(list.at("/1/usable").booleanValue() && list.at("/1/reason").isNull());
    // This JVM was not started with the vector module.
    assertTrue(list.at("/0/reason").textValue().contains("--add-modules"), list::toString);
    boolean cuda = list.at("/2/usable").booleanValue();
    assertTrue(cuda || list.at("/2/reason").textValue().contains("driver"), list::toString);
    assertTrue(Cli.run("backends").succeeded().out().contains("cuda"));
  }

  @Test
  void helpAndVersion() {
    assertTrue(Cli.run("--version").succeeded().out().startsWith("mixtura "));
    assertTrue(Cli.run("fit", "--version").succeeded().out().startsWith("mixtura "));
    String help = Cli.run("--help").succeeded().out();
    for (String command :
        List.of("demo", "fit", "select", "predict", "score", "sample", "backends")) {
      assertTrue(help.contains("  " + command + " "), help);
      assertTrue(
          Cli.run(command, "--help").succeeded().out().contains("Usage: mixtura " + command));
    }
  }

  @Test
  void picturesAreSaved() throws Exception {
    Observations data = Observations.ofCsv(Cli.FAITHFUL);
    Selection selection = ModelSelection.over(GaussianFamily.all(2), 1, 2, 3).select(data);
    Plot scatter = Plots.mixture(selection.best().orElseThrow().fit(), data);
    Observations one = Observations.of(data.column(1));
    Selection narrow = ModelSelection.over(GaussianFamily.all(1), 1, 2).select(one);
    Plot histogram = Plots.mixture(narrow.best().orElseThrow().fit(), one);
    for (Plot plot :
        List.of(scatter, histogram, Plots.selection(selection), Plots.selection(narrow))) {
      Path png = plot.save(folder.resolve("a.png"));
      var image = ImageIO.read(png.toFile());
      assertEquals(1800, image.getWidth());
      assertTrue(colours(image) > 50, "an almost empty picture");
      Path svg = plot.save(folder.resolve("a.svg"));
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(withoutDoctype(svg)));
      assertEquals("svg", document.getDocumentElement().getNodeName());
      assertTrue(document.getElementsByTagName("path").getLength() > 10, "labels are outlines");
      if (plot == scatter) {
        int circles = document.getElementsByTagName("circle").getLength();
        assertTrue(circles >= data.rows(), circles + " circles for the rows");
      }
    }
  }

  /** The document type names a file on the network. */
  private static byte[] withoutDoctype(Path svg) throws IOException {
    return Files.readString(svg)
        .replaceFirst("(?s)<!DOCTYPE.*?>", "")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long colours(BufferedImage image) {
    assertNotNull(image);
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }
}
