package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RiskCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path prices;

  @BeforeEach
  void write() throws IOException {
    SplittableRandom random = new SplittableRandom(21);
    StringBuilder text = new StringBuilder("day,A\n");
    double price = 100;
    for (int i = 0; i <= 260; i++) {
      text.append(i).append(',').append(price).append('\n');
      price *= Math.exp(0.01 * random.nextGaussian());
    }
    prices = folder.resolve("prices.csv");
    Files.writeString(prices, text);
  }

  private Cli run(Object... more) {
    Object[] arguments = new Object[8 + more.length];
    System.arraycopy(
        new Object[] {"risk", prices, "--column", "A", "--window", 200, "--test-days", 60},
        0,
        arguments,
        0,
        8);
    System.arraycopy(more, 0, arguments, 8, more.length);
    return Cli.run(arguments);
  }

  @Test
  void everyModelIsTested() throws IOException {
    Path forecasts = folder.resolve("forecasts.csv");
    JsonNode node =
        JSON.readTree(
            run(
                    "--models",
                    "historical,ewma,garch,garch-t,mixture,regime,lstm-mdn,lstm-mdn-3",
                    "--format",
                    "json",
                    "--output",
                    forecasts)
                .succeeded()
                .out());
    assertEquals("mixtura/risk/1", node.get("schema").asText());
    assertEquals(60, node.get("testDays").asInt());
    assertEquals(8, node.get("models").size());
    assertEquals("COMPLETED", node.get("stopReason").asText());
    List<String> lines = Files.readAllLines(forecasts);
    assertEquals(61, lines.size());
    assertTrue(lines.get(0).startsWith("row,return,historical-0.95,historical-0.99,ewma-0.95"));
    String[] last = lines.get(60).split(",");
    assertEquals("261", last[0], "rows of the file count from 1 after the header");
    for (JsonNode model : node.get("models")) {
      assertEquals(
          model.get("model").asText().startsWith("lstm") ? 3 : 60, model.get("refits").asInt());
      assertEquals(60, model.get("days").asInt());
      JsonNode level = model.get("levels").get(0);
      int column = List.of(lines.get(0).split(",")).indexOf(model.get("model").asText() + "-0.95");
      int hits = 0;
      for (String line : lines.subList(1, 61)) {
        String[] cells = line.split(",");
        hits += Double.parseDouble(cells[1]) < Double.parseDouble(cells[column]) ? 1 : 0;
      }
      assertEquals(hits, level.get("hits").asInt());
      assertEquals(3, level.get("expected").asDouble(), 1e-9);
      assertTrue(level.get("pinballLoss").asDouble() > 0);
    }
  }

  @Test
  void theTextNamesTheTests() {
    String text = run("--models", "historical,ewma").succeeded().out();
    assertTrue(text.contains("Kupiec") && text.contains("historical"), text);
  }

  @Test
  void refitDaysAreForNetworksOnly() throws IOException {
    JsonNode models =
        JSON.readTree(
                run("--models", "garch,lstm-mdn-2", "--refit-days", 30, "--format", "json")
                    .succeeded()
                    .out())
            .get("models");
    assertEquals(60, models.get(0).get("refits").asInt());
    assertEquals(2, models.get(1).get("refits").asInt());
  }

  @Test
  void whatWasForecastIsReportedWhenCancelled() throws IOException {
    Path forecasts = folder.resolve("forecasts.csv");
    int[] asked = new int[1];
    Cli cut =
        Cli.run(
            () -> ++asked[0] > 100,
            "risk",
            prices,
            "--column",
            "A",
            "--window",
            200,
            "--test-days",
            60,
            "--models",
            "historical,garch,regime",
            "--output",
            forecasts);
    assertEquals(ExitCode.CANCELLED, cut.code(), cut.err());
    assertTrue(cut.out().contains("historical"), cut.out());
    assertTrue(
        cut.out().contains("warning: garch: 40 of 60 days forecast, it was cancelled"), cut.out());
    assertTrue(cut.out().contains("warning: regime: left out, it was cancelled"), cut.out());
    List<String> lines = Files.readAllLines(forecasts);
    assertEquals("row,return,historical-0.95,historical-0.99,garch-0.95,garch-0.99", lines.get(0));
    assertEquals(6, lines.get(40).split(",", -1).length);
    assertTrue(lines.get(41).endsWith(",,") && !lines.get(40).endsWith(","), lines.get(41));
    JsonNode late =
        JSON.readTree(
            run("--models", "garch", "--time-limit", 0, "--format", "json").succeeded().out());
    assertEquals("TIME_LIMIT", late.get("stopReason").asText());
    assertEquals("garch: left out, the time limit passed", late.get("warnings").get(0).asText());
    assertEquals(0, late.get("models").size());
  }

  @Test
  void aPictureIsSaved() throws IOException {
    Path picture = folder.resolve("risk.png");
    run("--models", "historical,ewma", "--picture", picture).succeeded();
    BufferedImage image = ImageIO.read(picture.toFile());
    assertTrue(image.getWidth() > 800 && image.getHeight() > 500);
    run("--picture", folder.resolve("risk.gif")).failed(2, "risk.gif", ".png or .svg");
    run("--picture", prices).failed(2, "same file");
  }

  @Test
  void badInput() throws IOException {
    run("--models", "magic").failed(2, "magic", "ewma", "lstm-mdn-3");
    run("--models", "garch,garch").failed(2, "different names");
    run("--models", "lstm-mdn", "--refit-days", 0).failed(2, "days is 0, must be at least 1");
    run("--refit-days", "many").failed(2, "--refit-days", "many");
    run("--time-limit", -1).failed(2, "time limit is -1.0");
    run("--levels", "0.4").failed(2, "0.4");
    Cli.run("risk", prices, "--column", "B").failed(2, "B");
    Cli.run("risk", prices, "--column", "A").failed(3, "prices.csv", "'A'");
    List<String> whole = Files.readAllLines(prices);
    for (String wrong : List.of("-5", "0", "NA", "")) {
      List<String> lines = new ArrayList<>(whole);
      lines.set(3, "2," + wrong);
      Files.write(prices, lines);
      run("--models", "ewma").failed(3, "prices.csv", "row 3");
    }
    List<String> words = new ArrayList<>(whole);
    words.set(3, "2,dear");
    Files.write(prices, words);
    run("--models", "ewma").failed(3, "prices.csv", "dear", "line 4");
    Files.write(prices, whole.subList(0, 262 - 1));
    run("--models", "ewma").failed(3, "260 prices, must be at least window + test days + 1 = 261");
  }
}
