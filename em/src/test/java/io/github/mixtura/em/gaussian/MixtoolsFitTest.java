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
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Mixtures on the line, started from given parameters, against mixtools 2.0.0 (normalmixEM):
 * log-likelihoods to 1e-6, parameters to 1e-4 in units of the components.
 */
class MixtoolsFitTest {

  @TestFactory
  Stream<DynamicTest> fits() {
    return StreamSupport.stream(
            Reference.read("gaussian/normal_univariate_mixtools.json").get("cases").spliterator(),
            false)
        .map(c -> dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode reference) {
    Observations rows = Reference.data(reference);
    boolean equal = reference.get("equal_variance").asBoolean();
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(
                GaussianFamily.of(CovarianceStructure.parse(equal ? "E" : "V", 1)),
                reference.get("K").asInt())
            .options(Reference.tight())
            .initializer(Initializer.model(start(reference.get("start"))))
            .fit(rows);
    List<Double> trace = fit.diagnostics().logLikelihoodTrace();
    assertEquals(reference.get("start_loglik").asDouble(), trace.get(0), 1e-6);
    Reference.assertMonotone(trace);
    assertEquals(reference.get("loglik").asDouble(), fit.logLikelihood(), 1e-6);
    assertEquals(reference.get("npar").asInt(), fit.parameterCount());
    assertEquals(-reference.get("bic").asDouble(), fit.bic(), 2e-6, "BIC");
    double[] sigma = Reference.vector(reference.get("sigma"));
    GaussianReference.assertParameters(
        reference.get("lambda"),
        reference.get("mu"),
        k -> new double[][] {{sigma[k] * sigma[k]}},
        fit.mixture(),
        1e-4);
    Reference.assertResponsibilities(
        reference.get("responsibilities"), fit.mixture().responsibilities(rows), 1e-4);
  }

  private static Mixture<Gaussian> start(JsonNode start) {
    List<Gaussian> components = new ArrayList<>();
    for (int k = 0; k < start.get("mu").size(); k++) {
      double sigma = start.get("sigma").get(k).asDouble();
      components.add(Gaussian.of(start.get("mu").get(k).asDouble(), sigma * sigma));
    }
    return Mixture.of(components, Reference.vector(start.get("lambda")));
  }
}
