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
import io.github.mixtura.execution.StopReason;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The first M-step, the first E-step and ten log-likelihoods from a soft partition, against mclust
 * 6.0.0 through the public API.
 *
 * <p>Tolerances: 1e-10 relative. Exceptions where the M-step has no closed form and the peer's
 * inner loop stops early: VEE 2e-8 relative; EVE 1e-3 on the log-likelihood, and 1e-10 against a
 * separate program with an exact M-step, the only reference for VVE.
 */
class MclustStepsTest {

  @TestFactory
  Stream<DynamicTest> steps() {
    return Stream.of("iris", "faithful")
        .flatMap(
            name -> {
              JsonNode reference = Reference.read("gaussian/mclust_steps_" + name + ".json");
              Observations rows = Reference.data(reference);
              return Arrays.stream(CovarianceStructure.values())
                  .map(s -> dynamicTest(name + " " + s, () -> check(reference, rows, s)));
            });
  }

  private static void check(JsonNode reference, Observations rows, CovarianceStructure structure) {
    MixtureFit<Gaussian> first = run(reference, rows, structure, 0);
    MixtureFit<Gaussian> tenth = run(reference, rows, structure, 9);
    assertEquals(10, tenth.diagnostics().logLikelihoodTrace().size());
    Reference.assertMonotone(tenth.diagnostics().logLikelihoodTrace());
    JsonNode peer = reference.get("models").get(structure.name());
    switch (structure) {
      case VVE -> {
        assertStep(peer.get("exact_mstep_own"), first, 1e-10);
        assertTrace(peer.get("exact_mstep_own"), tenth, 0, 1e-10);
      }
      case EVE -> {
        assertStep(peer.get("exact_mstep_own"), first, 1e-10);
        assertTrace(peer.get("exact_mstep_own"), tenth, 0, 1e-10);
        assertTrace(peer, tenth, 1e-3, 0);
      }
      default -> {
        double tolerance = structure == CovarianceStructure.VEE ? 2e-8 : 1e-10;
        assertStep(peer, first, tolerance);
        assertEquals(
            peer.get("loglik_after_first_mstep").asDouble(),
            first.logLikelihood(),
            tolerance * Math.abs(first.logLikelihood()));
        Reference.assertResponsibilities(
            peer.get("estep"), first.mixture().responsibilities(rows), tolerance);
        assertTrace(peer, tenth, 0, tolerance);
      }
    }
  }

  private static void assertStep(JsonNode expected, MixtureFit<Gaussian> fit, double tolerance) {
    JsonNode step = expected.get("after_first_mstep");
    GaussianReference.assertParameters(
        step.get("pro"),
        step.get("mean"),
        GaussianReference.sigmas(step),
        fit.mixture(),
        tolerance);
  }

  private static void assertTrace(
      JsonNode expected, MixtureFit<Gaussian> fit, double absolute, double relative) {
    Reference.assertTrace(
        expected.get("loglik_trace_10"),
        fit.diagnostics().logLikelihoodTrace(),
        absolute,
        relative);
  }

  private static MixtureFit<Gaussian> run(
      JsonNode reference, Observations rows, CovarianceStructure structure, int iterations) {
    int components = reference.get("K").asInt();
    double soft = reference.get("soft").asDouble();
    int[] labels = Reference.labels(reference.get("labels"));
    double[][] start = new double[labels.length][components];
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(start[i], (1 - soft) / (components - 1));
      start[i][labels[i]] = soft;
    }
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(structure), components)
            .options(Reference.tight().withTolerance(0).withMaxIterations(iterations))
            .initializer(Initializer.responsibilities(start))
            .fit(rows);
    assertEquals(iterations, fit.diagnostics().iterations());
    assertEquals(StopReason.MAX_ITERATIONS, fit.diagnostics().stopReason());
    return fit;
  }
}
