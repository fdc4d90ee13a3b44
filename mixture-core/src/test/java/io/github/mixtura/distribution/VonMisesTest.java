package io.github.mixtura.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VonMisesTest extends ComponentContract<VonMises> {

  @Override
  protected List<VonMises> laws() {
    return List.of(
        VonMises.of(0, 0),
        VonMises.of(0.3, 0.1),
        VonMises.of(-2, 5),
        VonMises.of(Math.PI, 5),
        VonMises.of(3.1, 700),
        VonMises.of(-1, 700),
        VonMises.of(0.5, 1e6),
        VonMises.of(new double[] {0.5, -1}, new double[] {0, 5}),
        VonMises.of(new double[] {Math.PI, 2}, new double[] {3, 0.1}),
        VonMises.of(new double[] {0.5, -1}, new double[] {700, 1e6}));
  }

  @Override
  protected double[] support() {
    return new double[] {-Math.PI, Math.PI};
  }

  @Override
  protected double largestTerm(VonMises law, double[] row) {
    return 1 + Math.abs(law.logDensity(row)) + Arrays.stream(law.concentration()).sum();
  }

  @Override
  protected double spread(VonMises law, int column) {
    return Math.min(1.5, 1 / Math.sqrt(law.concentration()[column]));
  }

  @Test
  void anglesGoRound() {
    VonMises law = VonMises.of(3, 2);
    for (double x = -3; x < 3; x += 0.5) {
      for (int turns = -3; turns <= 3; turns++) {
        double shifted = x + 2 * Math.PI * turns;
        assertEquals(law.logDensity(x), law.logDensity(shifted), 1e-13);
        double turned = VonMises.of(3 + 2 * Math.PI * turns, 2).logDensity(x);
        assertEquals(law.logDensity(x), turned, 1e-13);
      }
    }
    VonMises end = VonMises.of(Math.PI, 50);
    assertEquals(end.logDensity(Math.PI - 0.01), end.logDensity(-Math.PI + 0.01), 1e-13);
    assertEquals(Math.PI, VonMises.of(-Math.PI, 1).meanDirection()[0]);
    assertEquals(VonMises.of(Math.PI, 1), VonMises.of(-Math.PI, 1));
    for (double mu : new double[] {4, -4, 100, -1e6}) {
      double wrapped = VonMises.of(mu, 1).meanDirection()[0];
      assertTrue(wrapped > -Math.PI && wrapped <= Math.PI);
      assertEquals(Math.cos(mu), Math.cos(wrapped), 1e-9);
    }
  }

  @Test
  void samplesStayInTheSupport() {
    for (VonMises law : laws()) {
      SplittableRandom random = new SplittableRandom(41);
      for (int i = 0; i < 2000; i++) {
        for (double x : law.sample(random)) {
          assertTrue(x > -Math.PI && x <= Math.PI, x + " of " + law);
        }
      }
    }
  }

  @Test
  void zeroConcentrationIsUniform() {
    VonMises law = VonMises.of(1, 0);
    for (double x = -3; x <= 3; x += 0.75) {
      assertEquals(-Math.log(2 * Math.PI), law.logDensity(x), 1e-15);
      assertEquals((x + Math.PI) / (2 * Math.PI), law.cdf(x), 1e-15);
      assertEquals(x, law.quantile((x + Math.PI) / (2 * Math.PI)), 1e-14);
    }
  }

  @Test
  void productOfIndependentAngles() {
    VonMises law = VonMises.of(new double[] {1, -2}, new double[] {3, 40});
    double first = VonMises.of(1, 3).logDensity(0.2);
    double second = VonMises.of(-2, 40).logDensity(-1.9);
    assertEquals(first + second, law.logDensity(0.2, -1.9), 1e-14);
  }

  @Test
  void refusals() {
    assertThrows(IllegalArgumentException.class, () -> VonMises.of(0, -1e-300));
    assertThrows(IllegalArgumentException.class, () -> VonMises.of(0, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> VonMises.of(0, Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> VonMises.of(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> VonMises.of(new double[0], new double[0]));
    assertThrows(IllegalArgumentException.class, () -> VonMises.of(new double[2], new double[1]));
  }

  @Test
  void parametersAreCopied() {
    double[] mu = {1};
    double[] kappa = {2};
    VonMises law = VonMises.of(mu, kappa);
    mu[0] = 9;
    kappa[0] = 9;
    law.meanDirection()[0] = 9;
    law.concentration()[0] = 9;
    assertArrayEquals(new double[] {1}, law.meanDirection());
    assertArrayEquals(new double[] {2}, law.concentration());
  }
}
