package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.mixtura.distribution.Gaussian;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GeneralisedGaussianTest {
  private static GeneralisedGaussian law(double shape) {
    return GeneralisedGaussian.of(new double[] {0.5}, new double[] {1.3}, new double[] {shape});
  }

  @Test
  void shapeTwoIsGaussianAndShapeOneIsLaplace() {
    Gaussian gaussian = Gaussian.of(0.5, 1.3 * 1.3 / 2);
    for (double x = -4; x < 5; x += 0.7) {
      assertEquals(gaussian.logDensity(x), law(2).logDensity(x), 1e-13);
      assertEquals(gaussian.cdf(x), law(2).cdf(x), 1e-12);
      assertEquals(-Math.abs(x - 0.5) / 1.3 - Math.log(2.6), law(1).logDensity(x), 1e-13);
    }
    assertEquals(1.3 * 1.3 / 2, law(2).covarianceMatrix()[0][0], 1e-13);
    assertEquals(2 * 1.3 * 1.3, law(1).covarianceMatrix()[0][0], 1e-12);
  }

  @Test
  void distributionFunctionIsTheIntegral() {
    for (double shape : new double[] {1, 1.5, 3, 6}) {
      GeneralisedGaussian law = law(shape);
      double sum = 0;
      double h = 1e-4;
      for (double x = -40 + h / 2; x < 1.2; x += h) {
        sum += h * Math.exp(law.logDensity(x));
      }
      assertEquals(sum, law.cdf(1.2), 1e-6);
      for (double p : new double[] {1e-4, 0.3, 0.5, 0.99}) {
        assertEquals(p, law.cdf(law.quantile(p)), 1e-9);
      }
    }
  }

  @Test
  void drawsHaveTheVariance() {
    SplittableRandom random = new SplittableRandom(1);
    GeneralisedGaussian law = law(3);
    double sum = 0;
    for (int i = 0; i < 4000; i++) {
      double d = law.sample(random)[0] - 0.5;
      sum += d * d / 4000;
    }
    assertEquals(law.covarianceMatrix()[0][0], sum, 0.05 * sum);
    assertThrows(IllegalArgumentException.class, () -> law(0));
  }
}
