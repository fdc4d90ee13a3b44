package io.github.mixtura.em.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.Reference;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianReference;
import io.github.mixtura.em.init.Initializer;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Full fits of t mixtures against a separate EM program, itself checked by direct maximisation, and
 * against MASS 7.3 for one component.
 *
 * <p>Log-likelihood to 1e-6 (1e-3 where a ν is at its bound; more is no error where ν is
 * estimated), ν to 1e-3 relative, other parameters to 1e-4 in units of the components.
 */
class StudentTReferenceTest {
  private static final JsonNode REFERENCE = Reference.read("student/student_t.json");

  @TestFactory
  Stream<DynamicTest> fits() {
    return StreamSupport.stream(REFERENCE.get("cases").spliterator(), false)
        .map(c -> dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode reference) {
    Observations rows = data(reference);
    String mode = reference.get("nu_mode").asText();
    MixtureFit<StudentT> fit = fit(reference, rows);
    boolean bound = reference.get("nu_at_bound").asBoolean();
    double excess = fit.logLikelihood() - reference.get("loglik").asDouble();
    double tolerance = bound ? 1e-3 : 1e-6;
    assertTrue(excess >= -tolerance, () -> "log-likelihood is off by " + excess);
    assertTrue(!mode.equals("fixed") || excess <= tolerance, () -> "off by " + excess);
    assertEquals(reference.get("npar").asInt(), fit.parameterCount());
    List<Double> trace = fit.diagnostics().logLikelihoodTrace();
    Reference.assertMonotone(trace);
    assertTrue(fit.diagnostics().converged(), fit.diagnostics()::toString);
    if (!reference.get("fixed_nu_trace_10").isNull()) {
      Reference.assertTrace(reference.get("fixed_nu_trace_10"), trace, 1e-6, 0);
    }
    assertEquals(
        bound,
        fit.diagnostics().warnings().stream().anyMatch(w -> w.kind() == FitWarning.Kind.AT_BOUND),
        fit.diagnostics().warnings()::toString);
    if (!bound) {
      assertParameters(reference, fit, mode.equals("shared"));
      Reference.assertResponsibilities(
          reference.get("responsibilities"), fit.mixture().responsibilities(rows), 1e-4);
    }
  }

  private static void assertParameters(
      JsonNode reference, MixtureFit<StudentT> fit, boolean shared) {
    for (int k = 0; k < fit.mixture().componentCount(); k++) {
      StudentT component = fit.mixture().component(k);
      assertEquals(reference.get("pro").get(k).asDouble(), fit.mixture().weight(k), 1e-4);
      double nu = reference.get("nu").get(k).asDouble();
      assertEquals(nu, component.degreesOfFreedom(), 1e-3 * nu, "degrees of freedom " + k);
      if (shared) {
        assertEquals(
            fit.mixture().component(0).degreesOfFreedom(), component.degreesOfFreedom(), 0.0);
      }
      GaussianReference.assertEllipse(
          Reference.vector(reference.get("mean").get(k)),
          Reference.matrix(reference.get("scale").get(k)),
          component.mean(),
          component.scale(),
          1e-4,
          "of " + k);
    }
  }

  @Test
  void oneComponentOnTheLineAgreesWithFitdistr() {
    JsonNode peer = REFERENCE.get("k1_peers").get("fitdistr_dax");
    JsonNode reference = reference("t_dax_K1_free");
    MixtureFit<StudentT> fit = fit(reference, data(reference));
    StudentT component = fit.mixture().component(0);
    double scale = peer.get("s").asDouble();
    assertEquals(peer.get("loglik").asDouble(), fit.logLikelihood(), 1e-6);
    assertEquals(peer.get("m").asDouble(), component.mean()[0], 1e-4 * scale);
    assertEquals(scale, Math.sqrt(component.scale().get(0, 0)), 1e-4 * scale);
    double nu = peer.get("df").asDouble();
    assertEquals(nu, component.degreesOfFreedom(), 1e-3 * nu);
  }

  @Test
  void oneComponentOfFixedDegreesAgreesWithCovTrob() {
    JsonNode peer = REFERENCE.get("k1_peers").get("cov_trob_iris_nu4_K1");
    Observations rows = data(reference("t_iris_K3_fixed4"));
    MixtureFit<StudentT> fit =
        MixtureFitter.of(StudentTFamily.of(CovarianceStructure.VVV, DegreesOfFreedom.fixed(4)), 1)
            .options(Reference.tight())
            .fit(rows);
    assertEquals(peer.get("loglik").asDouble(), fit.logLikelihood(), 1e-6);
    GaussianReference.assertEllipse(
        Reference.vector(peer.get("center")),
        Reference.matrix(peer.get("scale")),
        fit.mixture().component(0).mean(),
        fit.mixture().component(0).scale(),
        1e-6,
        "of the one component");
  }

  private static MixtureFit<StudentT> fit(JsonNode reference, Observations rows) {
    double start = reference.get("nu_start").asDouble();
    String mode = reference.get("nu_mode").asText();
    DegreesOfFreedom degrees =
        DegreesOfFreedom.parse(mode.equals("fixed") ? "" + start : mode + ":" + start);
    return MixtureFitter.of(
            StudentTFamily.of(CovarianceStructure.VVV, degrees), reference.get("K").asInt())
        .options(Reference.tight())
        .initializer(Initializer.labels(Reference.labels(reference.get("start_labels"))))
        .fit(rows);
  }

  private static JsonNode reference(String id) {
    return StreamSupport.stream(REFERENCE.get("cases").spliterator(), false)
        .filter(c -> c.get("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Observations data(JsonNode reference) {
    Observations rows = Reference.data(reference);
    if (reference.get("transform").asText().equals("none")) {
      return rows;
    }
    assertEquals("100*diff(log)", reference.get("transform").asText());
    double[][] returns = new double[rows.rows() - 1][rows.columns()];
    for (int i = 0; i < returns.length; i++) {
      for (int j = 0; j < returns[i].length; j++) {
        returns[i][j] = 100 * (Math.log(rows.get(i + 1, j)) - Math.log(rows.get(i, j)));
      }
    }
    return Observations.of(returns);
  }
}
