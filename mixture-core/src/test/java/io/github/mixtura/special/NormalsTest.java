package io.github.mixtura.special;

import static io.github.mixtura.special.ReferencePoint.assertRelative;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The literals keep the 20 digits of their source. */
@SuppressWarnings("FloatingPointLiteralPrecision")
class NormalsTest {

  /** z, Φ(z), log Φ(z), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] CDF = {
    {-37.0, 5.7255712225245768227e-300, -689.0305855768905936},
    {-20.3, 6.4292444676983463386e-92, -209.97697152524203459},
    {-5.0, 2.8665157187919391167e-7, -15.064998393988725736},
    {-1.7, 0.044565462758543043664, -3.1107960975524813963},
    {-0.3, 0.38208857781104736693, -0.96210281816885065666},
    {-1e-09, 0.4999999996010577196, -0.69314718135782987054},
    {1e-09, 0.5000000003989422804, -0.69314717976206074893},
    {0.4, 0.65542174161032417491, -0.42247637022777605495},
    {2.0, 0.9772498680518207928, -0.023012909328963488465},
    {6.1, 0.99999999946965767371, -5.3034232643551564406e-10},
    {37.0, 1.0, -5.7255712225245768227e-300}
  };

  /** z, log Φ(z), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] FAR_LOG_CDF = {
    {-1000.0, -500007.82669481218431},
    {-1000000.0, -500000000014.73444909},
    {-100000000.0, -5000000000000019.3396}
  };

  /** p, quantile, by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] QUANTILE = {
    {5e-324, -38.467405617144346251},
    {1e-300, -37.047096299361199237},
    {1e-20, -9.2623400897984075796},
    {0.01, -2.3263478740408410931},
    {0.2499, -0.67480447011060998732},
    {0.2501, -0.67417509707465893733},
    {0.4999999999, -2.5066284820303539022e-10},
    {0.6, 0.25334710313579974132},
    {0.975, 1.9599639845400538556},
    {0.9999999999999999, 8.2095361516013868556}
  };

  @Test
  void agreesWithHighPrecision() {
    for (double[] row : CDF) {
      assertRelative(row[1], Normals.cdf(row[0]), 1e-15, "z " + row[0]);
      assertRelative(row[2], Normals.logCdf(row[0]), 1e-15, "z " + row[0]);
    }
    for (double[] row : FAR_LOG_CDF) {
      assertRelative(row[1], Normals.logCdf(row[0]), 1e-15, "z " + row[0]);
    }
    for (double[] row : QUANTILE) {
      assertRelative(row[1], Normals.quantile(row[0]), 1e-15, "p " + row[0]);
    }
  }

  @Test
  void agreesWithReferenceFile() {
    for (ReferencePoint point : ReferencePoint.of("normal_log_cdf")) {
      assertRelative(point.value(), Normals.logCdf(point.argument(0)), 1e-15, point.toString());
    }
    for (ReferencePoint point : ReferencePoint.of("normal")) {
      double sd = point.argument(2);
      double z = (point.argument(0) - point.argument(1)) / sd;
      double value = Normals.logDensity(z) - Math.log(sd);
      assertRelative(point.value(), value, 1e-14, point.toString());
    }
  }

  @Test
  void quantileReturnsTheProbability() {
    for (double z = -37; z <= 5; z += 0.37) {
      double expected = Normals.cdf(z);
      double tolerance = 2e-15 * (1 + z * z);
      assertRelative(expected, Normals.cdf(Normals.quantile(expected)), tolerance, "z " + z);
    }
  }

  @Test
  void cdfIsSymmetricAndMonotone() {
    double previous = 0;
    for (double z = -38; z <= 6; z += 0.01) {
      double value = Normals.cdf(z);
      assertTrue(value > previous, "z " + z);
      assertEquals(1, value + Normals.cdf(-z), 3e-16, "z " + z);
      previous = value;
    }
  }

  @Test
  void endsOfTheDomain() {
    assertEquals(0, Normals.cdf(Double.NEGATIVE_INFINITY));
    assertEquals(1, Normals.cdf(Double.POSITIVE_INFINITY));
    assertEquals(Double.NEGATIVE_INFINITY, Normals.logCdf(Double.NEGATIVE_INFINITY));
    assertEquals(0, Normals.logCdf(Double.POSITIVE_INFINITY), 0);
    assertTrue(Double.isNaN(Normals.cdf(Double.NaN)));
    assertTrue(Double.isNaN(Normals.logCdf(Double.NaN)));
    assertEquals(Double.NEGATIVE_INFINITY, Normals.quantile(0));
    assertEquals(Double.POSITIVE_INFINITY, Normals.quantile(1));
    assertEquals(0, Normals.quantile(0.5));
    assertThrows(IllegalArgumentException.class, () -> Normals.quantile(-0.1));
    assertThrows(IllegalArgumentException.class, () -> Normals.quantile(1.1));
    assertThrows(IllegalArgumentException.class, () -> Normals.quantile(Double.NaN));
  }
}
