package io.github.mixtura.em.directional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.Reference;
import io.github.mixtura.em.init.Initializer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Full fits of circular and toroidal mixtures against a separate EM program, itself checked by
 * direct maximisation; mean directions also against circular 0.4-95. Its κ comes from an
 * approximation that is off by up to 0.8 %, so {@code kappa}, an exact root, is compared.
 *
 * <p>Log-likelihood to 1e-7 per radian (1e-5 for the flat arrival times), parameters to 1e-5, after
 * as many steps where over 1000 were taken.
 */
class VonMisesReferenceTest {

  @TestFactory
  Stream<DynamicTest> fits() {
    return StreamSupport.stream(
            Reference.read("directional/von_mises.json").get("cases").spliterator(), false)
        .map(c -> dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode reference) {
    Observations rows = radians(reference);
    MixtureFit<VonMises> fit = fit(reference, rows, Reference.tight());
    double tolerance = reference.get("id").asText().startsWith("vm_icu") ? 1e-5 : 1e-7;
    assertEquals(reference.get("loglik").asDouble(), fit.logLikelihood(), tolerance);
    assertEquals(reference.get("npar").asInt(), fit.parameterCount());
    assertEquals(-reference.get("bic").asDouble(), fit.bic(), 2 * tolerance, "BIC");
    Reference.assertTrace(
        reference.get("loglik_trace_10"), fit.diagnostics().logLikelihoodTrace(), tolerance, 0);
    Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
    assertTrue(fit.diagnostics().converged(), fit.diagnostics()::toString);
    assertParameters(reference, afterAsManySteps(reference, rows, fit));
    Reference.assertResponsibilities(
        reference.get("responsibilities"), fit.mixture().responsibilities(rows), 1e-5);
  }

  /** On a flat likelihood the parameters say little unless the number of steps is the same. */
  private static MixtureFit<VonMises> afterAsManySteps(
      JsonNode reference, Observations rows, MixtureFit<VonMises> converged) {
    int iterations = reference.get("iterations").asInt();
    return iterations <= 1000
        ? converged
        : fit(reference, rows, Reference.tight().withTolerance(0).withMaxIterations(iterations));
  }

  private static MixtureFit<VonMises> fit(
      JsonNode reference, Observations rows, EmOptions options) {
    return MixtureFitter.of(VonMisesFamily.of(), reference.get("K").asInt())
        .options(options)
        .initializer(Initializer.labels(Reference.labels(reference.get("start_labels"))))
        .fit(rows);
  }

  private static void assertParameters(JsonNode reference, MixtureFit<VonMises> fit) {
    for (int j = 0; j < fit.mixture().dimension(); j++) {
      for (int k = 0; k < fit.mixture().componentCount(); k++) {
        VonMises component = fit.mixture().component(k);
        double mu = reference.get("mu").get(j).get(k).asDouble();
        double kappa = reference.get("kappa").get(j).get(k).asDouble();
        assertEquals(mu, component.meanDirection()[j], 1e-5, "direction " + j + ", " + k);
        assertEquals(
            kappa, component.concentration()[j], 1e-5 * kappa, "concentration " + j + ", " + k);
        assertEquals(reference.get("pro").get(k).asDouble(), fit.mixture().weight(k), 1e-5);
      }
      JsonNode peer = reference.get("peer_mle");
      if (!peer.isNull()) {
        assertEquals(
            peer.get(j).get("mu").asDouble(), fit.mixture().component(0).meanDirection()[j], 1e-13);
      }
    }
  }

  private static Observations radians(JsonNode reference) {
    double unit = reference.get("radians_per_unit").asDouble();
    double[][] x = Reference.data(reference).toArray();
    for (double[] row : x) {
      for (int j = 0; j < row.length; j++) {
        row[j] *= unit;
      }
    }
    return Observations.of(x);
  }
}
