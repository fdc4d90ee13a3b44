package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.Reference;
import io.github.mixtura.mixture.Mixture;
import java.util.function.IntFunction;

/** Comparison of elliptical parameters in the units of the components. */
public final class GaussianReference {
  private GaussianReference() {}

  /**
   * Weights absolutely, means relative to the component's standard deviations, covariances relative
   * to √(s_ii s_jj), all by the expected values.
   */
  public static void assertParameters(
      JsonNode weights,
      JsonNode means,
      IntFunction<double[][]> sigma,
      Mixture<Gaussian> mixture,
      double tolerance) {
    for (int k = 0; k < mixture.componentCount(); k++) {
      Gaussian component = mixture.component(k);
      assertEquals(weights.get(k).asDouble(), mixture.weight(k), tolerance, "weight " + k);
      double[] mean =
          means.get(k).isArray()
              ? Reference.vector(means.get(k))
              : new double[] {means.get(k).asDouble()};
      assertEllipse(
          mean, sigma.apply(k), component.mean(), component.covariance(), tolerance, "of " + k);
    }
  }

  public static void assertEllipse(
      double[] mean,
      double[][] sigma,
      double[] foundMean,
      Covariance found,
      double tolerance,
      String what) {
    assertEquals(mean.length, foundMean.length);
    for (int i = 0; i < mean.length; i++) {
      double deviation = Math.sqrt(sigma[i][i]);
      assertEquals(mean[i], foundMean[i], tolerance * deviation, "mean " + i + " " + what);
      for (int j = 0; j <= i; j++) {
        assertEquals(
            sigma[i][j],
            found.get(i, j),
            tolerance * deviation * Math.sqrt(sigma[j][j]),
            "covariance " + i + ", " + j + " " + what);
      }
    }
  }

  /** Spread of component k in the peer's shapes: matrices, or variances in one dimension. */
  public static IntFunction<double[][]> sigmas(JsonNode fit) {
    return k ->
        fit.has("sigma")
            ? Reference.matrix(fit.get("sigma").get(k))
            : new double[][] {{fit.get("variance").get(k).asDouble()}};
  }
}
