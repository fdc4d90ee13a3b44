package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.distribution.Covariance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One M-step from soft labels against mclust 6.0.0, values at 15 digits.
 *
 * <p>The peer's EVE stops early and its VVE does not maximise, so that both are compared with
 * {@code exact_mstep_own}, a separate program in another language.
 */
class CovarianceEstimatorReferenceTest {

  @ParameterizedTest
  @CsvSource({"iris", "faithful"})
  void firstStepAgreesWithThePeer(String data) throws IOException {
    JsonNode reference = reference(data);
    ScatterCase scatters = scatters(reference, data);
    for (CovarianceStructure structure : CovarianceStructure.values()) {
      JsonNode model = reference.get("models").get(structure.name());
      assertEquals(structure.isIterative(), model.get("inner_iterative").asBoolean());
      boolean peerMaximises =
          structure != CovarianceStructure.EVE && structure != CovarianceStructure.VVE;
      JsonNode source = peerMaximises ? model : model.get("exact_mstep_own");
      double tolerance = structure == CovarianceStructure.VEE ? 2e-8 : 1e-10;
      JsonNode sigma = source.get("after_first_mstep").get("sigma");
      Covariance[] fit = scatters.estimate(structure, null);
      assertClose(sigma, fit, tolerance, data + " " + structure);
      double expected = scatters.objective(covariances(sigma));
      double found = scatters.objective(fit);
      assertTrue(found >= expected - 1e-12 * Math.abs(expected), data + " " + structure);
    }
  }

  @ParameterizedTest
  @CsvSource({"iris, 0.42212734254294426", "faithful, 1.0204650780971771"})
  void proportionalMatricesAgreeWithTheAlternation(String data, double variance)
      throws IOException {
    Covariance[] fit = scatters(reference(data), data).estimate(CovarianceStructure.VEE, null);
    assertEquals(variance, fit[0].get(0, 0), 1e-13 * variance);
  }

  private static void assertClose(JsonNode sigma, Covariance[] fit, double tolerance, String name) {
    for (int k = 0; k < fit.length; k++) {
      int d = fit[k].dimension();
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          double unit =
              Math.sqrt(
                  sigma.get(k).get(i).get(i).asDouble() * sigma.get(k).get(j).get(j).asDouble());
          double expected = sigma.get(k).get(i).get(j).asDouble();
          assertEquals(expected, fit[k].get(i, j), tolerance * unit, name);
        }
      }
    }
  }

  private static Covariance[] covariances(JsonNode sigma) {
    Covariance[] result = new Covariance[sigma.size()];
    for (int k = 0; k < result.length; k++) {
      int d = sigma.get(k).size();
      double[] packed = new double[d * (d + 1) / 2];
      int entry = 0;
      for (int i = 0; i < d; i++) {
        for (int j = 0; j <= i; j++) {
          packed[entry++] = sigma.get(k).get(i).get(j).asDouble();
        }
      }
      result[k] = Covariance.ofPackedLower(packed, d);
    }
    return result;
  }

  /** Soft labels as the reference describes them; means first, then scatters about them. */
  private static ScatterCase scatters(JsonNode reference, String data) throws IOException {
    double[][] rows = rows(data, reference.get("columns"));
    int d = reference.get("d").asInt();
    int count = reference.get("K").asInt();
    double soft = reference.get("soft").asDouble();
    double[] weight = new double[count];
    double[][] scatter = new double[count][d * (d + 1) / 2];
    for (int k = 0; k < count; k++) {
      double[] mean = new double[d];
      double[] z = new double[rows.length];
      for (int row = 0; row < rows.length; row++) {
        boolean own = reference.get("labels").get(row).asInt() == k + 1;
        z[row] = own ? soft : (1 - soft) / (count - 1);
        weight[k] += z[row];
        for (int j = 0; j < d; j++) {
          mean[j] += z[row] * rows[row][j];
        }
      }
      for (int row = 0; row < rows.length; row++) {
        int entry = 0;
        for (int i = 0; i < d; i++) {
          double left = rows[row][i] - mean[i] / weight[k];
          for (int j = 0; j <= i; j++) {
            scatter[k][entry++] += z[row] * left * (rows[row][j] - mean[j] / weight[k]);
          }
        }
      }
    }
    return new ScatterCase(d, weight, scatter, data);
  }

  private static JsonNode reference(String data) throws IOException {
    try (InputStream in = open("/reference/gaussian/mclust_steps_" + data + ".json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static double[][] rows(String data, JsonNode columns) throws IOException {
    List<double[]> rows = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(open("/data/" + data + ".csv"), StandardCharsets.UTF_8))) {
      List<String> header = Arrays.asList(reader.readLine().replace("\"", "").split(","));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] cells = line.split(",");
        double[] row = new double[columns.size()];
        Arrays.setAll(row, j -> Double.parseDouble(cells[header.indexOf(columns.get(j).asText())]));
        rows.add(row);
      }
    }
    return rows.toArray(double[][]::new);
  }

  private static InputStream open(String path) {
    return CovarianceEstimatorReferenceTest.class.getResourceAsStream(path);
  }
}
