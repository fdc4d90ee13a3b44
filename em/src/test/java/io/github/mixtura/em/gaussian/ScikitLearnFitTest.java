package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.Reference;
import io.github.mixtura.em.init.Initializer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Full fits against scikit-learn 1.2.1 (reg_covar = 0): log-likelihoods to 1e-6, parameters to 1e-4
 * in units of the components.
 */
class ScikitLearnFitTest {
  private static final Map<String, CovarianceStructure> STRUCTURES =
      Map.of(
          "full", CovarianceStructure.VVV,
          "tied", CovarianceStructure.EEE,
          "diag", CovarianceStructure.VVI,
          "spherical", CovarianceStructure.VII);

  @TestFactory
  Stream<DynamicTest> fits() {
    return StreamSupport.stream(
            Reference.read("gaussian/sklearn.json").get("cases").spliterator(), false)
        .map(c -> dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode reference) {
    Observations rows = Reference.data(reference);
    if (reference.get("standardised").asBoolean()) {
      rows = standardised(rows);
    }
    String type = reference.get("covariance_type").asText();
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(STRUCTURES.get(type)), reference.get("K").asInt())
            .options(Reference.tight())
            .initializer(Initializer.labels(Reference.labels(reference.get("start_labels"))))
            .fit(rows);
    assertEquals(reference.get("loglik").asDouble(), fit.logLikelihood(), 1e-6);
    assertEquals(reference.get("npar").asInt(), fit.parameterCount());
    assertEquals(reference.get("bic").asDouble(), fit.bic(), 2e-6, "BIC");
    assertEquals(reference.get("aic").asDouble(), fit.aic(), 2e-6, "AIC");
    Reference.assertTrace(
        reference.get("start_loglik_trace_10"), fit.diagnostics().logLikelihoodTrace(), 1e-6, 0);
    Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
    GaussianReference.assertParameters(
        reference.get("weights"),
        reference.get("means"),
        covariances(type, reference.get("covariances"), rows.columns()),
        fit.mixture(),
        1e-4);
    Reference.assertResponsibilities(
        reference.get("responsibilities"), fit.mixture().responsibilities(rows), 1e-4);
  }

  private static IntFunction<double[][]> covariances(String type, JsonNode node, int d) {
    return switch (type) {
      case "full" -> k -> Reference.matrix(node.get(k));
      case "tied" -> k -> Reference.matrix(node);
      case "diag" -> k -> diagonal(Reference.vector(node.get(k)));
      default ->
          k -> {
            double[] variances = new double[d];
            Arrays.fill(variances, node.get(k).asDouble());
            return diagonal(variances);
          };
    };
  }

  private static double[][] diagonal(double[] values) {
    double[][] matrix = new double[values.length][values.length];
    for (int j = 0; j < values.length; j++) {
      matrix[j][j] = values[j];
    }
    return matrix;
  }

  private static Observations standardised(Observations rows) {
    double[][] x = rows.toArray();
    for (int j = 0; j < rows.columns(); j++) {
      double mean = 0;
      for (double[] row : x) {
        mean += row[j] / x.length;
      }
      double variance = 0;
      for (double[] row : x) {
        variance += (row[j] - mean) * (row[j] - mean) / x.length;
      }
      for (double[] row : x) {
        row[j] = (row[j] - mean) / Math.sqrt(variance);
      }
    }
    return Observations.of(x);
  }
}
