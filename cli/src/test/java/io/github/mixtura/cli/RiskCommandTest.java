package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
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
                    "historical,ewma,garch,garch-t,mixture,regime",
                    "--format",
                    "json",
                    "--output",
                    forecasts)
                .succeeded()
                .out());
    assertEquals("mixtura/risk/1", node.get("schema").asText());
    assertEquals(60, node.get("testDays").asInt());
    assertEquals(6, node.get("models").size());
    List<String> lines = Files.readAllLines(forecasts);
    assertEquals(61, lines.size());
    assertTrue(lines.get(0).startsWith("row,return,historical-0.95,historical-0.99,ewma-0.95"));
    String[] last = lines.get(60).split(",");
    assertEquals("261", last[0], "rows of the file count from 1 after the header");
    for (JsonNode model : node.get("models")) {
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
  void badInput() throws IOException {
    run("--models", "magic").failed(2, "magic", "ewma");
    run("--levels", "0.4").failed(2, "0.4");
    Cli.run("risk", prices, "--column", "B").failed(2, "B");
    Cli.run("risk", prices, "--column", "A").failed(3, "prices.csv", "'A'");
    List<String> lines = Files.readAllLines(prices);
    lines.set(2, "1,-5");
    Files.write(prices, lines);
    run().failed(3, "-5", "2");
  }
}
