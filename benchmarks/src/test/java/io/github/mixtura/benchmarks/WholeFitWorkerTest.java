package io.github.mixtura.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFitWorkerTest {
  @Test
  void answersEveryRequest(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("cell.json"),
        "{\"covariance\":\"full\",\"n\":4,\"d\":1,\"K\":1,\"weights\":[1],\"means\":[[0]],"
            + "\"variances\":[[1]]}");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (double x : new double[] {-1, 1, -3, 3}) {
        out.writeLong(Long.reverseBytes(Double.doubleToRawLongBits(x)));
      }
    }
    Files.write(folder.resolve("x.bin"), bytes.toByteArray());
    Path csv = folder.resolve("rows.csv");
    Files.writeString(csv, "class,a\nx,-1\nx,1\ny,-3\ny,3\n");
    String[] answers =
        ask(
            "fit "
                + folder
                + " 1 1e-8 1\n"
                + "select "
                + csv
                + " a 1 1 hierarchical 1e-5\n"
                + "score "
                + folder
                + "\n");
    ObjectMapper json = new ObjectMapper();

    // Mean 0, variance 5: ℓ = −½ · 4 · (log 2π + log 5 + 1).
    double expected = -2 * (Math.log(2 * Math.PI) + Math.log(5) + 1);
    assertEquals(expected, json.readTree(answers[0]).get("logLikelihood").asDouble(), 1e-12);

    JsonNode cells = json.readTree(answers[1]).get("cells");
    assertEquals(2, cells.size(), "equal and unequal variances");
    for (JsonNode cell : cells) {
      assertEquals("OK", cell.get("status").asText());
      assertEquals(expected, cell.get("logLikelihood").asDouble(), 1e-12);
    }

    // Mean 0, variance 1: ℓ = −½ (4 log 2π + 1 + 1 + 9 + 9).
    assertEquals(
        -2 * Math.log(2 * Math.PI) - 10,
        json.readTree(answers[2]).get("logLikelihood").asDouble(),
        1e-12);
  }

  private static String[] ask(String requests) throws IOException {
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      System.setIn(new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8)));
      System.setOut(new PrintStream(answer, true, StandardCharsets.UTF_8));
      WholeFitWorker.main(new String[0]);
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    return answer.toString(StandardCharsets.UTF_8).split("\n");
  }
}
