package io.github.mixtura.special;

import static io.github.mixtura.special.ReferencePoint.assertRelative;
import static io.github.mixtura.special.ReferencePoint.assertScaled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The literals keep the 20 digits of their source. */
@SuppressWarnings("FloatingPointLiteralPrecision")
class VonMisesFunctionsTest {

  /** x, κ, probability, by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] CDF = {
    {1.0, 1e-09, 0.65915494322581960249},
    {-2.0, 0.5, 0.11517688991310818671},
    {0.3, 3.0, 0.68802833211521878134},
    {-3.0, 10.0, 3.758536203349275431e-10},
    {-1.0, 30.0, 8.6357615799431409904e-8},
    {0.2, 49.9, 0.9202658792318570031},
    {0.2, 50.1, 0.92068486042941602198},
    {-2.5, 50.1, 6.3136903608618957948e-41},
    {-0.5, 100.0, 3.8728639434023542824e-7},
    {0.05, 1000.0, 0.9430354095568543447},
    {-0.001, 1000000.0, 0.1586552942599301209},
    {-0.02, 100000.0, 1.2707463944825437439e-10},
    {0.004, 1000000.0, 0.999968328334368434}
  };

  @Test
  void agreesWithHighPrecision() {
    for (double[] row : CDF) {
      String what = "x " + row[0] + ", kappa " + row[1];
      assertScaled(row[2], VonMisesFunctions.cdf(row[0], row[1]), 1e-15, 1, what);
    }
  }

  @Test
  void slopeIsTheDensity() {
    double h = 1e-5;
    for (double kappa : new double[] {0, 0.3, 4, 49, 51, 400}) {
      for (double x = -3; x <= 3; x += 0.25) {
        double slope =
            (VonMisesFunctions.cdf(x + h, kappa) - VonMisesFunctions.cdf(x - h, kappa)) / (2 * h);
        double sine = Math.sin(x / 2);
        double logDensity =
            -2 * kappa * sine * sine - Math.log(2 * Math.PI) - Bessel.logI0Scaled(kappa);
        assertEquals(Math.exp(logDensity), slope, 1e-7 * (1 + kappa / 100), "kappa " + kappa);
      }
    }
  }

  @Test
  void concentratedLawIsNormal() {
    double kappa = 1e14;
    for (double z : new double[] {-5, -1, 0.3, 2}) {
      double x = z / Math.sqrt(kappa);
      assertRelative(Normals.cdf(z), VonMisesFunctions.cdf(x, kappa), 1e-12, "z " + z);
    }
  }

  @Test
  void endsOfTheDomain() {
    for (double kappa : new double[] {0, 1, 49, 50, 1e6, 1e300}) {
      assertEquals(0, VonMisesFunctions.cdf(-Math.PI, kappa));
      assertEquals(0.5, VonMisesFunctions.cdf(0, kappa));
      assertEquals(1, VonMisesFunctions.cdf(Math.PI, kappa));
    }
    assertRelative(0.75, VonMisesFunctions.cdf(Math.PI / 2, 0), 1e-15, "uniform");
    assertTrue(VonMisesFunctions.cdf(-3.1415, 30) >= 0);
    assertThrows(IllegalArgumentException.class, () -> VonMisesFunctions.cdf(3.2, 1));
    assertThrows(IllegalArgumentException.class, () -> VonMisesFunctions.cdf(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> VonMisesFunctions.cdf(1, -1));
  }
}
