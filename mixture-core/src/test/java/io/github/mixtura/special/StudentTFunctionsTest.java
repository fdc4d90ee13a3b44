package io.github.mixtura.special;

import static io.github.mixtura.special.ReferencePoint.assertRelative;
import static io.github.mixtura.special.ReferencePoint.assertScaled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The literals keep the 20 digits of their source. */
@SuppressWarnings("FloatingPointLiteralPrecision")
class StudentTFunctionsTest {

  /** t, ν, probability, by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] CDF = {
    {-1e-06, 0.1, 0.49999985190787629086},
    {-3.0, 0.1, 0.37384707698634222141},
    {-1e+100, 0.1, 4.1738031371732123831e-11},
    {-1.0, 1.0, 0.25},
    {-2.5, 3.0, 0.043853323504032773625},
    {-40.0, 5.0, 9.2059810858864771776e-8},
    {-1e+50, 5.0, 9.4901672455623571593e-250},
    {-0.7, 199.9, 0.24237056976152115916},
    {-0.7, 200.1, 0.24237016343492977239},
    {-30.0, 1000.0, 7.6873437220217411056e-142},
    {-2.0, 1000000.0, 0.022750266925659604211},
    {-30.0, 100000000.0, 4.9166821429416324936e-198},
    {-37.0, 10000000000.0, 5.725839886633447464e-300},
    {1.5, 2.5, 0.87608177345685186944},
    {8.0, 30.0, 0.99999999686708876215}
  };

  /** p, ν, quantile, by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] QUANTILE = {
    {1e-20, 0.1, -1.6044257056665295067e+196},
    {0.3, 0.1, -27.170126296735762052},
    {0.01, 0.5, -1028.4910104716218729},
    {0.05, 1.5, -3.705180820096751525},
    {0.4999, 3.0, -0.00027206990911047338186},
    {1e-200, 7.0, -7.488454101432353274e+28},
    {0.025, 30.0, -2.0422724563012382836},
    {1e-06, 300.0, -4.8485143011100249023},
    {1e-100, 10000.0, -21.516974193914982341},
    {0.3, 10000000.0, -0.52440052942325380258},
    {1e-12, 10000000000.0, -7.0344838341793474164}
  };

  @Test
  void agreesWithHighPrecision() {
    for (double[] row : CDF) {
      String what = "t " + row[0] + ", nu " + row[1];
      assertRelative(row[2], StudentTFunctions.cdf(row[0], row[1]), 2e-13, what);
    }
    for (double[] row : QUANTILE) {
      String what = "p " + row[0] + ", nu " + row[1];
      assertRelative(row[2], StudentTFunctions.quantile(row[0], row[1]), 1e-13, what);
    }
  }

  @Test
  void closedFormsForOneAndTwoDegreesOfFreedom() {
    for (double t = 1e-3; t < 1e6; t *= 3) {
      double cauchy = Math.atan(1 / t) / Math.PI;
      assertRelative(cauchy, StudentTFunctions.cdf(-t, 1), 1e-14, "nu 1, t " + t);
      double root = Math.sqrt(2 + t * t);
      double two = 1 / (root * (root + t));
      assertRelative(two, StudentTFunctions.cdf(-t, 2), 1e-14, "nu 2, t " + t);
    }
  }

  @Test
  void fractionAndSeriesMeet() {
    for (double t : new double[] {0.01, 0.5, 1, 3, 10}) {
      double below = Math.log(StudentTFunctions.cdf(-t, 200 * (1 - 1e-12)));
      double above = Math.log(StudentTFunctions.cdf(-t, 200));
      assertEquals(below, above, 1e-12 * (1 + t * t), "t " + t);
    }
    double t = Math.sqrt(300 * Math.expm1(1));
    double below = Math.log(StudentTFunctions.cdf(-t * (1 - 1e-13), 300));
    double above = Math.log(StudentTFunctions.cdf(-t * (1 + 1e-13), 300));
    assertEquals(below, above, 3e-10 * 0.5);
  }

  @Test
  void quantileReturnsTheProbability() {
    double[] probabilities = {1e-300, 1e-30, 1e-5, 0.1, 0.2499, 0.2501, 0.4999, 0.6, 0.99};
    for (double nu : new double[] {0.1, 0.7, 1, 4.5, 60, 199, 201, 1e4, 1e10, 1e19, 1e21}) {
      for (double p : probabilities) {
        double t = StudentTFunctions.quantile(p, nu);
        if (Double.isInfinite(t)) {
          assertTrue(nu < 1 && p < 1e-20, "nu " + nu + ", p " + p);
          continue;
        }
        assertRelative(p, StudentTFunctions.cdf(t, nu), 5e-13, "nu " + nu + ", p " + p);
      }
    }
  }

  @Test
  void hugeDegreesOfFreedomGiveTheNormalLaw() {
    for (double z : new double[] {-30, -5, -0.1, 0.5, 3}) {
      double expected = Normals.cdf(z);
      assertRelative(expected, StudentTFunctions.cdf(z, 9e19), 1e-13, "z " + z);
      assertRelative(expected, StudentTFunctions.cdf(z, Double.POSITIVE_INFINITY), 1e-13, "z " + z);
    }
  }

  @Test
  void endsOfTheDomain() {
    assertEquals(0.5, StudentTFunctions.cdf(0, 1e19));
    assertEquals(0, StudentTFunctions.cdf(Double.NEGATIVE_INFINITY, 3));
    assertEquals(1, StudentTFunctions.cdf(Double.POSITIVE_INFINITY, 300));
    assertTrue(Double.isNaN(StudentTFunctions.cdf(Double.NaN, 3)));
    assertScaled(0, StudentTFunctions.quantile(0.5, 7), 0, 1, "median");
    assertEquals(Double.NEGATIVE_INFINITY, StudentTFunctions.quantile(0, 7));
    assertEquals(Double.POSITIVE_INFINITY, StudentTFunctions.quantile(1, 7));
    assertThrows(IllegalArgumentException.class, () -> StudentTFunctions.cdf(1, 0));
    assertThrows(IllegalArgumentException.class, () -> StudentTFunctions.cdf(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> StudentTFunctions.quantile(1.5, 3));
    assertThrows(IllegalArgumentException.class, () -> StudentTFunctions.quantile(0.5, -3));
  }
}
