package io.github.mixtura.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.JavaBackend;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Log-densities against {@code reference/logdensity.json}: mpmath with 60 digits, tolerance 1e-12
 * relative, or relative to the largest term where terms cancel.
 *
 * <p>There the scale of {@code normal} and of {@code student_t} is the standard deviation σ; the
 * factories take σ².
 */
class LogDensityReferenceTest {
  private static final double TOLERANCE = 1e-12;

  private interface Factory {
    Component law(JsonNode point);
  }

  private interface LargestTerm {
    double of(JsonNode point, double value);
  }

  private static void check(String function, int points, Factory factory, LargestTerm largest)
      throws IOException {
    JsonNode rows;
    try (InputStream in =
        LogDensityReferenceTest.class.getResourceAsStream("/reference/logdensity.json")) {
      rows = new ObjectMapper().readTree(in).at("/functions/" + function + "/points");
    }
    assertEquals(points, rows.size(), "points of " + function);
    for (JsonNode point : rows) {
      double expected = Double.parseDouble(point.get(point.size() - 1).asText());
      double x = point.get(0).asDouble();
      double tolerance = TOLERANCE * largest.of(point, expected);
      Component law = factory.law(point);
      assertEquals(expected, law.logDensity(x), tolerance, function + " at " + point);
      double bulk = bulk(law, x);
      // δ² of a row that is 1e200 scales out overflows in a batch; it comes back as NaN or −∞,
      // and a mixture takes such rows one by one.
      if (Math.abs(x) < 1e150) {
        assertEquals(expected, bulk, tolerance, "in a batch: " + function + " at " + point);
      } else {
        assertTrue(!Double.isFinite(bulk), "in a batch: " + bulk);
      }
    }
  }

  private static double bulk(Component law, double x) {
    Kernels kernels = new JavaBackend().open();
    Batch batch = Observations.of(new double[] {x}).stage(kernels, law.encoding(), 1).get(0);
    Workspace workspace = kernels.workspace(law.encoding().columns(1), 1, law.needsAuxiliary());
    law.batchDensity(List.of(law), new double[1], kernels).evaluate(batch, workspace);
    double[] value = new double[1];
    workspace.read(batch, 0, value);
    return value[0];
  }

  @Test
  void normal() throws IOException {
    check(
        "normal",
        7,
        p -> Gaussian.of(p.get(1).asDouble(), Math.pow(p.get(2).asDouble(), 2)),
        (p, value) -> Math.abs(value));
  }

  @Test
  void studentT() throws IOException {
    check(
        "student_t",
        8,
        p ->
            StudentT.of(p.get(1).asDouble(), Math.pow(p.get(2).asDouble(), 2), p.get(3).asDouble()),
        (p, value) -> Math.abs(value));
  }

  @Test
  void vonMises() throws IOException {
    check(
        "von_mises",
        11,
        p -> VonMises.of(p.get(1).asDouble(), p.get(2).asDouble()),
        (p, value) -> Math.max(Math.abs(value), p.get(2).asDouble()));
  }
}
