package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as other programs write them answer the question that was asked, or say why not. */
class TablesOfOthersTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  private static String groups(String header, String row) {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int i = 1; i <= 40; i++) {
      double a = (i % 2 == 0 ? 9 : 20) + random.nextGaussian();
      double b = (i % 2 == 0 ? 1100 : 1800) + 30 * random.nextGaussian();
      text.append(
              row.replace("I", "" + i)
                  .replace("A", String.valueOf((float) a))
                  .replace("B", String.valueOf((float) b)))
          .append('\n');
    }
    return text.toString();
  }

  private static JsonNode json(Cli run) throws IOException {
    return new ObjectMapper().readTree(run.succeeded().out());
  }

  private JsonNode fit(String text) throws IOException {
    return json(Cli.run("fit", file(text), "--components", 2, "--starts", 2, "--format", "json"));
  }

  @Test
  void theSameTableInOtherFormsHasTheSameFit() throws IOException {
    double plain = fit(groups("a,b", "A,B")).get("logLikelihood").asDouble();
    for (String[] form :
        new String[][] {
          {"\"\",\"a\",\"b\"", "\"I\",A,B"},
          {",a,b", "I,A,B"},
          {"Unnamed: 0,a,b", "I,A,B"},
          {"a b", "A  B"},
          {"# exported\na,b", "A,B"},
          {"a,b,name", "A,B,xI"},
          {"\"a\" \"b\"", "\"I\" A B"}
        }) {
      JsonNode found = fit(groups(form[0], form[1]));
      assertEquals(plain, found.get("logLikelihood").asDouble(), 1e-9, form[0]);
      assertEquals(List.of("a", "b"), names(found), form[0]);
    }
    byte[] wide = groups("a\tb", "A\tB").getBytes(StandardCharsets.UTF_16);
    Path file = Files.write(folder.resolve("wide.txt"), wide);
    JsonNode found =
        json(Cli.run("fit", file, "--components", 2, "--starts", 2, "--format", "json"));
    assertEquals(plain, found.get("logLikelihood").asDouble(), 1e-9);
  }

  private static List<String> names(JsonNode fit) {
    JsonNode names = fit.get("model").get("columns");
    return IntStream.range(0, names.size()).mapToObj(j -> names.get(j).asText()).toList();
  }

  @Test
  void whatWasLeftOutIsInTheResult() throws IOException {
    String text = groups(",a,b,name", "I,A,B,xI");
    Cli run = Cli.run("fit", file(text), "--components", 2, "--starts", 1, "--format", "json");
    JsonNode warnings = json(run).get("warnings");
    assertEquals("DATA", warnings.get(0).get("kind").asText());
    assertTrue(warnings.toString().contains("row names: column 1"), warnings.toString());
    assertTrue(warnings.toString().contains("hold text: name"), warnings.toString());
    assertEquals(2, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("note: left out, because they hold text: name"), run.err());
    Cli shown = Cli.run("fit", file(text), "--components", 2, "--starts", 1, "--quiet");
    assertEquals("", shown.succeeded().err());
    assertTrue(shown.out().contains("data: left out, because they hold text: name"), shown.out());
    Object[] cluster = {"cluster", file(text), "--components", 2, "--method", "k-means"};
    assertTrue(Cli.run(cluster).succeeded().out().contains("hold text: name"));
    Object[] select = {"select", file(text), "--components", 2, "--format", "json"};
    assertTrue(json(Cli.run(select)).get("best").get("warnings").toString().contains("name"));
  }

  @Test
  void numbersWithSignsAreRefused() throws IOException {
    for (String[] form :
        new String[][] {{"B%", "'%'"}, {"$B", "'$'"}, {"\"1,000.5\"", "','"}, {"B kg", "'kg'"}}) {
      String text = groups("a,b", "A," + form[0]);
      Cli.run("fit", file(text), "--components", 2)
          .failed(3, "data.csv", "line 2", "column 'b'", form[1]);
    }
  }

  @Test
  void missingValuesAreNamedByTheirLines() throws IOException {
    String text = "a,b\n1,2\n\n3,n/a\n4,5\n#N/A,7\n";
    Cli.run("fit", file(text), "--components", 1)
        .failed(3, "data.csv", "line 4 (row 2)", "'b'", "missing", "lines 4, 6");
  }

  @Test
  void rowsWithGapsDoNotCostTheOthers() throws IOException {
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    Path whole = Files.writeString(folder.resolve("whole.csv"), "eruptions,waiting\n2,50\n4,80\n");
    Path gaps =
        Files.writeString(
            folder.resolve("gaps.csv"), "eruptions,waiting\n2,50\n3,NA\n\n,1\n4,80\n");
    for (String command : List.of("predict", "score")) {
      List<String> expected = Cli.run(command, model, whole).succeeded().out().lines().toList();
      Cli run = Cli.run(command, model, gaps).succeeded();
      List<String> lines = run.out().lines().toList();
      assertEquals(5, lines.size());
      assertEquals(expected.get(1), lines.get(1));
      assertEquals(expected.get(2), lines.get(4));
      assertTrue(lines.get(2).matches("NA(,NA,NA)?"), run.out());
      assertEquals(lines.get(2), lines.get(3));
      assertTrue(run.err().contains("line 3 (row 2)"), run.err());
      assertTrue(run.err().contains("lines 3, 5"), run.err());
    }
    Path none = Files.writeString(folder.resolve("none.csv"), "eruptions,waiting\n,50\n");
    assertEquals("logDensity\nNA\n", Cli.run("score", model, none).succeeded().out());
  }

  @Test
  void anglesInAnotherUnitAreSuspected() throws IOException {
    StringBuilder degrees = new StringBuilder("direction\n");
    StringBuilder radians = new StringBuilder("direction\n");
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 30; i++) {
      double angle = 60 + 200 * (i % 2) + 10 * random.nextGaussian();
      degrees.append(angle).append('\n');
      radians.append(Math.toRadians(angle)).append('\n');
    }
    Object[] fit = {
      "fit",
      file(degrees.toString()),
      "--components",
      2,
      "--family",
      "von-mises",
      "--format",
      "json",
      "--starts",
      1,
      "--angle-unit",
      "radians"
    };
    Cli wrong = Cli.run(fit);
    assertTrue(wrong.err().contains("are no radians"), wrong.err());
    assertEquals(1, wrong.err().lines().count(), wrong.err());
    JsonNode warning = json(wrong).get("warnings").get(0);
    assertTrue(warning.get("remedy").asText().contains("no radians"), warning.toString());
    fit[11] = "degrees";
    Cli right = Cli.run(fit);
    assertEquals("", right.err());
    double found = json(right).get("logLikelihood").asDouble();
    fit[11] = "hours";
    assertTrue(Cli.run(fit).succeeded().err().contains("beyond a full turn of 24.0"));
    fit[1] = file(radians.toString());
    fit[11] = "radians";
    Cli same = Cli.run(fit);
    assertEquals("", same.err());
    assertEquals(found, json(same).get("logLikelihood").asDouble(), 1e-8);
    fit[11] = "degrees";
    assertTrue(Cli.run(fit).succeeded().err().contains("are they radians?"));
  }

  @Test
  void pricesRunForwards() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    String[] rows = new String[90];
    double price = 100;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = String.format("2023-%02d-%02d,%s\n", 1 + i / 28, 1 + i % 28, price);
      price *= Math.exp(0.01 * random.nextGaussian());
    }
    String forwards = "Date,Close\n" + String.join("", rows);
    Object[] risk = {
      "risk",
      file(forwards),
      "--column",
      "Close",
      "--window",
      60,
      "--test-days",
      20,
      "--models",
      "historical"
    };
    Cli.run(risk).succeeded();
    Collections.reverse(Arrays.asList(rows));
    file("Date,Close\n" + String.join("", rows));
    Cli.run(risk).failed(3, "data.csv", "'Date'", "line 2", "line 91", "newest first");
    file(forwards.replaceFirst("2023-01-05,[0-9.]+", "2023-01-05,NA"));
    Cli.run(risk).failed(3, "line 6", "row 5", "missing");
    risk[5] = Integer.MAX_VALUE;
    file(forwards);
    Cli.run(risk).failed(3, "90 prices", "2147483668");
    risk[5] = 60;
    Object[] refit = Arrays.copyOf(risk, risk.length + 2);
    refit[refit.length - 2] = "--refit-days";
    refit[refit.length - 1] = -5;
    Cli.run(refit).failed(2, "refit days is -5");
    refit[refit.length - 1] = 5;
    Cli.run(refit).failed(2, "--refit-days", "networks");
  }

  @Test
  void optionsThatAMethodDoesNotUseAreRefused() {
    Object[] cluster = {
      "cluster", Cli.FAITHFUL, "--components", 2, "--method", "k-means", "--covariance", "tied"
    };
    Cli.run(cluster).failed(2, "--covariance", "ila-sdp", "k-means");
    cluster[6] = "--shrinkage";
    cluster[7] = "off";
    Cli.run(cluster).failed(2, "--shrinkage", "k-means");
  }

  @Test
  void controlCharactersAreShownAndNotObeyed() throws IOException {
    String escape = "\u001b[31m";
    Cli fit = Cli.run("fit", file(groups(escape + "a,b", "A,B")), "--components", 2, "--starts", 1);
    assertFalse(fit.succeeded().out().contains("\u001b"), fit.out());
    assertTrue(fit.out().contains("\\u001b[31ma"), fit.out());
    Cli.run("fit", file("a,b\n1,2\n3,\"x\n" + escape + "y\"\n"), "--components", 1)
        .failed(3, "line 3", "x\\n\\u001b[31my");
    Cli.run("fit", file("a,b\n1,2\n3,4\n"), "--components", 1, "--columns", escape)
        .failed(2, "\\u001b[31m");
  }
}
