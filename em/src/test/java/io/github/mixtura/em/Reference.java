package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.Observations;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Gold values, the data they belong to, and how they are compared. */
public final class Reference {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Reference() {}

  /** How gold fits are made: plain EM to 1e-13, and no repair in silence. */
  public static EmOptions tight() {
    return EmOptions.defaults()
        .withTolerance(1e-13)
        .withMaxIterations(20_000)
        .withThreads(1)
        .withOnDegenerate(DegeneracyPolicy.fail());
  }

  /** A file below {@code reference/}. */
  public static JsonNode read(String path) {
    try (InputStream in = Reference.class.getResourceAsStream("/reference/" + path)) {
      return JSON.readTree(Objects.requireNonNull(in, path));
    } catch (IOException e) {
      throw new IllegalStateException(path, e);
    }
  }

  /** The columns of the data file that a reference names. */
  public static Observations data(JsonNode reference) {
    List<String> columns = new ArrayList<>();
    if (reference.has("column")) {
      columns.add(reference.get("column").asText());
    } else {
      reference.get("columns").forEach(name -> columns.add(name.asText()));
    }
    return data(reference.get("data").asText(), columns);
  }

  /** Columns of a file below {@code data/}; all numeric ones if none is named. */
  public static Observations data(String file, List<String> columns) {
    try {
      Path path =
          Path.of(
              Objects.requireNonNull(Reference.class.getResource("/data/" + file), file).toURI());
      return CsvReader.of(path).columns(columns).read();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(file, e);
    }
  }

  /** Labels from 0. */
  public static int[] labels(JsonNode fromOne) {
    return IntStream.range(0, fromOne.size()).map(i -> fromOne.get(i).asInt() - 1).toArray();
  }

  public static double[] vector(JsonNode node) {
    return IntStream.range(0, node.size()).mapToDouble(i -> node.get(i).asDouble()).toArray();
  }

  public static double[][] matrix(JsonNode node) {
    return IntStream.range(0, node.size())
        .mapToObj(i -> vector(node.get(i)))
        .toArray(double[][]::new);
  }

  /** First values of a trace, each to {@code absolute + relative · |expected|}. */
  public static void assertTrace(
      JsonNode expected, List<Double> trace, double absolute, double relative) {
    for (int i = 0; i < Math.min(expected.size(), trace.size()); i++) {
      double value = expected.get(i).asDouble();
      assertEquals(
          value,
          trace.get(i),
          absolute + relative * Math.abs(value),
          "log-likelihood after " + i + " iterations");
    }
  }

  /**
   * Responsibilities against their recorded digest.
   *
   * @param tolerance of one responsibility; sums of n are held to n times that
   */
  public static void assertResponsibilities(JsonNode expected, double[][] r, double tolerance) {
    double[][] first = matrix(expected.get("first_rows"));
    for (int i = 0; i < first.length; i++) {
      for (int k = 0; k < first[i].length; k++) {
        assertEquals(first[i][k], r[i][k], tolerance, "r[" + i + "][" + k + "]");
      }
    }
    double[] columns = new double[r[0].length];
    double squares = 0;
    double entropy = 0;
    double checksum = 0;
    for (int i = 0; i < r.length; i++) {
      for (int k = 0; k < columns.length; k++) {
        columns[k] += r[i][k];
        squares += r[i][k] * r[i][k];
        entropy -= r[i][k] > 0 ? r[i][k] * Math.log(r[i][k]) : 0;
        checksum += r[i][k] * ((7 * (i + 1) + 13 * (k + 1)) % 101) / 101;
      }
    }
    double slack = r.length * tolerance;
    for (int k = 0; k < columns.length; k++) {
      assertEquals(expected.get("col_sums").get(k).asDouble(), columns[k], slack, "N_" + k);
    }
    assertEquals(expected.get("sum_squares").asDouble(), squares, slack, "sum of squares");
    if (expected.has("entropy")) {
      assertEquals(expected.get("entropy").asDouble(), entropy, slack, "entropy");
    }
    assertEquals(
        expected.get("weighted_checksum").asDouble(), checksum, slack, "weighted checksum");
  }

  /** No step lowers the log-likelihood by more than rounding. */
  public static void assertMonotone(List<Double> trace) {
    for (int i = 1; i < trace.size(); i++) {
      double before = trace.get(i - 1);
      double slack = 1e-10 * (1 + Math.abs(before));
      if (!(trace.get(i) >= before - slack)) {
        throw new AssertionError(
            "log-likelihood fell from " + before + " to " + trace.get(i) + " in step " + i);
      }
    }
  }
}
