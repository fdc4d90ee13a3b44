package io.github.mixtura.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.special.AngleFunctions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Laws and mixtures at the ends of the range of doubles, against {@code reference/extremes.json}:
 * 25 digits by mpmath, with the script that made them beside it.
 */
class ExtremesTest {
  private static final JsonNode REFERENCE = read();

  private static JsonNode read() {
    try (InputStream in = ExtremesTest.class.getResourceAsStream("/reference/extremes.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Relative closeness, or to a few of the smallest numbers. */
  private static void check(String name, double tolerance, ToDoubleFunction<double[]> function) {
    check(name, tolerance, 0, function);
  }

  /** |found − expected| ≤ tolerance (unit + |expected|) at every point. */
  private static void check(
      String name, double tolerance, double unit, ToDoubleFunction<double[]> function) {
    JsonNode points = REFERENCE.at("/functions/" + name);
    assertFalse(points.isEmpty(), name);
    List<String> wrong = new ArrayList<>();
    for (JsonNode point : points) {
      double[] arguments = new double[point.size() - 1];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = point.get(i).doubleValue();
      }
      double expected = Double.parseDouble(point.get(arguments.length).asText());
      double found = function.applyAsDouble(arguments);
      boolean close =
          found == expected
              || Math.abs(found - expected) <= tolerance * (unit + Math.abs(expected));
      if (!close) {
        wrong.add(point + ": " + found);
      }
    }
    assertTrue(
        wrong.isEmpty(),
        () -> name + ", " + wrong.size() + " of " + points.size() + " wrong: " + wrong);
  }

  private static double[] batch(Component law, double x) {
    Mixture<Component> alone = Mixture.of(List.of(law), 1);
    return alone.logDensity(Observations.of(new double[] {x}));
  }

  @Test
  void gaussian() {
    // Rounding z = (x − μ)/σ moves the tail by z² times that rounding, up to 1e-13.
    check("gaussianSurvival", 4e-13, a -> Gaussian.of(a[0], a[1]).survival(a[2]));
    check("gaussianCdf", 4e-13, a -> Gaussian.of(a[0], a[1]).cdf(a[2]));
    check("gaussianUpperQuantile", 1e-14, a -> Gaussian.of(a[0], a[1]).upperQuantile(a[2]));
  }

  @Test
  void studentTails() {
    check("studentSurvival", 1e-12, a -> StudentT.of(a[0], a[1], a[2]).survival(a[3]));
    check("studentCdf", 1e-12, a -> StudentT.of(a[0], a[1], a[2]).cdf(a[3]));
    check("studentUpperQuantile", 1e-12, a -> StudentT.of(a[0], a[1], a[2]).upperQuantile(a[3]));
    check("studentUpperQuantile", 1e-12, a -> -StudentT.of(a[0], a[1], a[2]).quantile(a[3]));
  }

  @Test
  void studentLogDensity() {
    check("studentLogDensity", 1e-13, 1, a -> StudentT.of(a[0], a[1], a[2]).logDensity(a[3]));
    check("studentLogDensity", 1e-12, 1, a -> batch(StudentT.of(a[0], a[1], a[2]), a[3])[0]);
  }

  @Test
  void vonMises() {
    check("angleDifference", 4e-16, a -> AngleFunctions.difference(a[0], a[1]));
    check("vonMisesLogDensity", 1e-14, 1, a -> VonMises.of(a[0], a[1]).logDensity(a[2]));
    check("vonMisesSurvival", 1e-15, 1, a -> VonMises.of(a[0], a[1]).survival(a[2]));
  }

  @Test
  void vonMisesLogDensityOfBatches() {
    check(
        "vonMisesLogDensity",
        1e-12,
        1,
        a -> a[1] > 1e4 ? batch(VonMises.of(a[0], a[1]), a[2])[0] : expected(a));
    check("vonMisesLogDensity", 4e-12, 1, a -> batch(VonMises.of(a[0], a[1]), a[2])[0]);
  }

  private static double expected(double[] a) {
    return VonMises.of(a[0], a[1]).logDensity(a[2]);
  }

  private static Map.Entry<String, Mixture<Component>> mixture(String name) {
    List<Component> components = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (JsonNode part : REFERENCE.at("/mixtures").get(name)) {
      double mean = part.get(1).doubleValue();
      double spread = part.get(2).doubleValue();
      weights.add(part.get(0).doubleValue());
      components.add(
          name.endsWith("angles")
              ? VonMises.of(mean, spread)
              : part.size() == 3
                  ? Gaussian.of(mean, spread)
                  : StudentT.of(mean, spread, part.get(3).doubleValue()));
    }
    return Map.entry(
        name, Mixture.of(components, weights.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  private static List<Map.Entry<String, Mixture<Component>>> mixtures(boolean far) {
    List<Map.Entry<String, Mixture<Component>>> result = new ArrayList<>();
    for (Iterator<String> names = REFERENCE.at("/mixtures").fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (name.startsWith("responsibility.") == far) {
        result.add(mixture(name));
      }
    }
    return result;
  }

  @Test
  void tailsOfMixtures() {
    for (Map.Entry<String, Mixture<Component>> entry : mixtures(false)) {
      Mixture<Component> mixture = entry.getValue();
      check("mixtureSurvival." + entry.getKey(), 1e-12, a -> mixture.survival(a[0]));
      check("mixtureUpperQuantile." + entry.getKey(), 1e-12, a -> mixture.upperQuantile(a[0]));
    }
  }

  @Test
  void responsibilitiesFarOut() {
    for (Map.Entry<String, Mixture<Component>> entry : mixtures(true)) {
      Mixture<Component> mixture = entry.getValue();
      check(entry.getKey(), 1e-9, 1e-3, a -> mixture.responsibilities(a[0])[(int) a[1]]);
      check(
          entry.getKey(),
          1e-9,
          1e-3,
          a -> mixture.responsibilities(Observations.of(new double[] {a[0]}))[0][(int) a[1]]);
    }
  }

  /**
   * Two directions in the plane: far along an axis both components share, the other one decides.
   */
  @Test
  void responsibilitiesFarOutInThePlane() {
    for (double far : new double[] {1e17, 1e155, -1e300}) {
      Mixture<Gaussian> mixture =
          Mixture.of(
              List.of(
                  Gaussian.of(new double[] {0, 0}, Covariance.diagonal(1, 2)),
                  Gaussian.of(new double[] {0, 0}, Covariance.diagonal(1, 3))),
              0.5,
              0.5);
      double[] expected = mixture.responsibilities(0, 0.3);
      double[] found = mixture.responsibilities(far, 0.3);
      assertEquals(expected[0], found[0], 1e-12);
      assertEquals(1, mixture.label(0.3, far));
    }
  }
}
