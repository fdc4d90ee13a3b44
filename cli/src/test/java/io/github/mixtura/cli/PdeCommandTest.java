package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdeCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"P1", "Q2"})
  void examplesAreSolvedAndDrawn(String name) throws IOException {
    Path picture = folder.resolve("u.png");
    JsonNode node =
        JSON.readTree(
            Cli.run("pde", "--example", name, "--format", "json", "--picture", picture)
                .succeeded()
                .out());
    assertEquals("mixtura/pde/1", node.get("schema").asText());
    assertEquals("SOLVED", node.get("status").asText());
    assertTrue(node.get("relativeError").asDouble() < 1e-9, node.toString());
    assertTrue(node.get("frequencies").size() > 1);
    assertTrue(ImageIO.read(picture.toFile()).getWidth() > 100);
  }

  /** u = sin 20x, given by samples of u″ and two boundary values. */
  @Test
  void aProblemFromFiles() throws IOException {
    StringBuilder source = new StringBuilder("x,f\n");
    for (int i = 0; i < 60; i++) {
      double x = i / 59.0;
      source.append(x).append(',').append(-400 * Math.sin(20 * x)).append('\n');
    }
    Files.writeString(folder.resolve("f.csv"), source);
    Files.writeString(folder.resolve("g.csv"), "x,u\n0,0\n1," + Math.sin(20) + "\n");
    Files.writeString(folder.resolve("points.csv"), "x\n0.1\n0.55\n");
    Path problem = folder.resolve("problem.json");
    Files.writeString(
        problem,
        """
        {"equation":"poisson","domain":[[0,1]],"grid":[60],"source":{"file":"f.csv"},
         "boundary":{"file":"g.csv"},"evaluate":{"file":"points.csv"}}
        """);
    Path output = folder.resolve("u.csv");
    Cli.run("pde", problem, "--output", output).succeeded();
    List<String> lines = Files.readAllLines(output);
    assertEquals("x,u,sd", lines.get(0));
    assertEquals(3, lines.size());
    String[] row = lines.get(2).split(",");
    assertEquals(Math.sin(11), Double.parseDouble(row[1]), 1e-8);
    assertTrue(Double.parseDouble(row[2]) >= 0);
  }

  @Test
  void badInput() throws IOException {
    Cli.run("pde").failed(2, "--example");
    Cli.run("pde", "--example", "P9").failed(2, "P9");
    Cli.run("pde", folder.resolve("none.json")).failed(3, "none.json");
    Path problem = folder.resolve("problem.json");
    Files.writeString(problem, "{\"equation\":\"poisson\"");
    Cli.run("pde", problem).failed(3, "line 1");
    Files.writeString(problem, "{\"equation\":\"heat\",\"domain\":[[0,1]],\"grid\":[60]}");
    Cli.run("pde", problem).failed(3, "heat");
  }

  /** What the solver refuses is the file's fault, and the message names it. */
  @Test
  void valuesThatOverflowNameTheFile() throws IOException {
    Path problem = folder.resolve("large.json");
    Files.writeString(
        problem,
        """
        {"equation":"allen-cahn","domain":[[0,1]],"grid":[50],
         "source":{"expression":"1e200*sin(10*x)"},"boundary":{"expression":"0"}}
        """);
    Cli.run("pde", problem).failed(3, "large.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x+", "x*"})
  void formulasMayBeLong(String part) throws IOException {
    Path problem = folder.resolve("long.json");
    Files.writeString(
        problem,
        """
        {"equation":"poisson","domain":[[0,1]],"grid":[50],
         "source":{"expression":"%s"},"boundary":{"expression":"0"}}
        """
            .formatted(part.repeat(4999) + "x"));
    Cli.run("pde", problem, "--quiet").succeeded();
  }
}
