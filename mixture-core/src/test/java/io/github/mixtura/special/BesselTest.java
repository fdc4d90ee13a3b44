package io.github.mixtura.special;

import static io.github.mixtura.special.ReferencePoint.assertRelative;
import static io.github.mixtura.special.ReferencePoint.assertScaled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The literals keep the 20 digits of their source. */
@SuppressWarnings("FloatingPointLiteralPrecision")
class BesselTest {

  /** κ, log(exp(-κ) I0(κ)), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] LOG_I0_SCALED = {
    {1e-300, -1.0000000000000000251e-300},
    {1e-08, -9.9999999750000002092e-9},
    {0.5, -0.43845028081451869606},
    {1.0, -0.76408564149282135131},
    {5.0, -1.6953182241774665662},
    {19.99, -2.4101362126191278782},
    {20.0, -2.4103895717557257092},
    {50.0, -2.8724244981281954158},
    {1000.0, -4.3726911101305353285},
    {1000000000.0, -11.28057145155287832},
    {1000000000000000.0, -18.188326730660015247}
  };

  /** ν, κ, log I_ν(κ), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] LOG_I = {
    {0.5, 1e-300, -345.61355530175158002},
    {0.25, 3.0, 1.5702311073117739605},
    {10.0, 44.0, 40.047395335885229164},
    {10.0, 44.5, 40.554606502142983382},
    {31.0, 31.0, 13.709270677469416418},
    {49.0, 1000000000.0, 999999988.71942734795},
    {999.0, 1200.0, 799.7263786274417708},
    {4999.0, 10.0, -29537.041191429782056},
    {5000.0, 5000.0, 2658.8490577890479875},
    {5000.0, 1000000000.0, 999999988.70692854844}
  };

  /** ν, κ, log(exp(-κ) I_ν(κ)), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] LOG_I_SCALED = {
    {49.0, 1000000.0, -7.8278941877867577433},
    {0.5, 1000000000000.0, -14.734449091168946846},
    {1.0, 0.5, -1.8552054470253344645}
  };

  /** d, κ, A_d(κ), 1 - A_d(κ), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] RATIO = {
    {2.0, 1e-300, 5.0000000000000001253e-301, 1.0},
    {2.0, 44.9, 0.9888007075311641483, 0.011199292468835851701},
    {2.0, 45.1, 0.98885065838290098619, 0.011149341617099013813},
    {2.5, 7.0, 0.89058026200978479486, 0.10941973799021520514},
    {3.0, 100000000.0, 0.99999999, 1.0e-8},
    {7.0, 44.7, 0.93442087506103479391, 0.065579124938965206091},
    {90.0, 10.0, 0.10980002008843648713, 0.89019997991156351287},
    {90.0, 12.0, 0.13109027415444348055, 0.86890972584555651945},
    {10002.0, 300.0, 0.029967071201406684514, 0.97003292879859331549},
    {10002.0, 30000.0, 0.84711087205153395029, 0.15288912794846604971}
  };

  /** d, 1 - A_d(κ), κ, by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] INVERSE = {
    {2.0, 0.9375, 0.12524493831439259093},
    {2.0, 5e-07, 1000000.2500001875455},
    {3.0, 0.1, 9.9999995877689512322},
    {64.0, 0.25, 108.48198028738092115},
    {100.0, 0.001, 49475.737623612278397},
    {1000.0, 0.5, 666.40015377208825977}
  };

  @Test
  void logI0ScaledAgreesWithHighPrecision() {
    for (double[] row : LOG_I0_SCALED) {
      double scale = row[0] < 1 ? Math.abs(row[1]) : Math.max(1, Math.abs(row[1]));
      assertScaled(row[1], Bessel.logI0Scaled(row[0]), 1e-15, scale, "kappa " + row[0]);
    }
  }

  @Test
  void logIAgreesWithHighPrecision() {
    for (double[] row : LOG_I) {
      double scale = Math.max(row[1], Math.max(row[0], row[0] * Math.abs(Math.log(row[1]))));
      assertScaled(row[2], Bessel.logI(row[0], row[1]), 1e-14, scale, "nu, kappa " + row[0]);
    }
    for (double[] row : LOG_I_SCALED) {
      double scale = Math.max(1, row[0] * Math.abs(Math.log(row[1])));
      assertScaled(row[2], Bessel.logIScaled(row[0], row[1]), 1e-14, scale, "nu " + row[0]);
    }
  }

  @Test
  void logIAgreesWithReferenceFile() {
    for (ReferencePoint point : ReferencePoint.of("log_bessel_i")) {
      double nu = point.argument(0);
      double kappa = point.argument(1);
      assertRelative(point.value(), Bessel.logI(nu, kappa), 1e-14, point.toString());
      double scale = Math.max(kappa, Math.abs(point.value()));
      assertScaled(
          point.value(), kappa + Bessel.logIScaled(nu, kappa), 1e-14, scale, point.toString());
    }
  }

  @Test
  void logIOverPowerDropsThePower() {
    for (double[] row : LOG_I) {
      double power = row[0] * Math.log(row[1]);
      double scale = Math.max(row[0] * Math.log(row[0] + row[1] + 1), Math.abs(power) + row[1]);
      double value = Bessel.logIOverPowerScaled(row[0], row[1]) + power + row[1];
      assertScaled(row[2], value, 1e-14, scale, "nu " + row[0]);
    }
    double atZero = Bessel.logIOverPowerScaled(0.5, 0);
    assertRelative(0.5 * Math.log(2 / Math.PI), atZero, 1e-14, "nu 0.5, kappa 0");
  }

  @Test
  void seriesAndExpansionMeet() {
    for (double nu : new double[] {0, 0.5, 3, 20, 40, 44.9}) {
      double kappa = Math.sqrt(45 * 45 - nu * nu);
      double below = Bessel.logI(nu, kappa * (1 - 1e-9));
      double above = Bessel.logI(nu, kappa * (1 + 1e-9));
      double slope = Bessel.ratio(2 * nu + 2, kappa) + nu / kappa;
      assertEquals(2e-9 * kappa * slope, above - below, 1e-13, "nu " + nu);
    }
  }

  @Test
  void ratioAgreesWithHighPrecision() {
    for (double[] row : RATIO) {
      String what = "d " + row[0] + ", kappa " + row[1];
      assertRelative(row[2], Bessel.ratio(row[0], row[1]), 5e-15, what);
      assertRelative(row[3], Bessel.ratioComplement(row[0], row[1]), 1e-13, what);
    }
  }

  @Test
  void ratioAgreesWithReferenceFile() {
    for (ReferencePoint point : ReferencePoint.of("bessel_ratio_A_d")) {
      double ratio = Bessel.ratio(point.argument(0), point.argument(1));
      assertRelative(point.value(), ratio, 5e-15, point.toString());
    }
  }

  @Test
  void ratioSatisfiesTheRecurrenceOverOrders() {
    for (double kappa : new double[] {0.01, 1, 20, 44, 46, 300, 1e5}) {
      for (double d : new double[] {2, 3, 10.5, 80, 90, 400}) {
        double expected = 1 / (d / kappa + Bessel.ratio(d + 2, kappa));
        assertRelative(expected, Bessel.ratio(d, kappa), 1e-14, "d " + d + ", kappa " + kappa);
      }
    }
  }

  @Test
  void ratioInThreeDimensionsIsLangevin() {
    for (double kappa : new double[] {0.5, 2, 10, 44, 46, 200}) {
      double expected = 1 / Math.tanh(kappa) - 1 / kappa;
      assertRelative(expected, Bessel.ratio(3, kappa), 1e-14, "kappa " + kappa);
    }
  }

  @Test
  void inverseRatioAgreesWithHighPrecision() {
    for (double[] row : INVERSE) {
      String what = "d " + row[0] + ", 1 - r " + row[1];
      assertRelative(row[2], Bessel.inverseRatioOfComplement(row[0], row[1]), 1e-13, what);
      double lost = 1e-13 + row[2] * 1e-16;
      assertRelative(row[2], Bessel.inverseRatio(row[0], 1 - row[1]), 1e-13 + lost, what);
    }
  }

  @Test
  void inverseRatioReturnsToKappa() {
    for (double d : new double[] {2, 2.5, 3, 10, 100, 1000, 10002}) {
      for (double kappa = 1e-300; kappa < 1e300; kappa *= kappa < 1e-4 || kappa > 1e7 ? 1e9 : 1.7) {
        double r = Bessel.ratio(d, kappa);
        double back =
            r < 0.5
                ? Bessel.inverseRatio(d, r)
                : Bessel.inverseRatioOfComplement(d, Bessel.ratioComplement(d, kappa));
        assertRelative(kappa, back, 2e-13, "d " + d);
        if (kappa < 1e6) {
          assertRelative(kappa, Bessel.inverseRatio(d, r), 1e-9, "from r, d " + d);
        }
      }
    }
  }

  @Test
  void endsOfTheDomain() {
    assertEquals(0, Bessel.logI0Scaled(0));
    assertEquals(0, Bessel.logI(0, 0));
    assertEquals(Double.NEGATIVE_INFINITY, Bessel.logI(0.5, 0));
    assertEquals(Double.NEGATIVE_INFINITY, Bessel.logIScaled(3, 0));
    assertEquals(0, Bessel.ratio(2, 0));
    assertEquals(1, Bessel.ratioComplement(7, 0));
    assertEquals(1, Bessel.ratio(5, Double.POSITIVE_INFINITY));
    assertEquals(0, Bessel.ratioComplement(5, Double.POSITIVE_INFINITY));
    assertEquals(0, Bessel.inverseRatio(4, 0));
    assertEquals(0, Bessel.inverseRatioOfComplement(4, 1));
    assertEquals(Double.POSITIVE_INFINITY, Bessel.inverseRatio(2, 1));
    assertEquals(Double.POSITIVE_INFINITY, Bessel.inverseRatio(2, 1 + 1e-15));
    assertEquals(Double.POSITIVE_INFINITY, Bessel.inverseRatioOfComplement(2, 0));
  }

  @Test
  void refusesArgumentsOutsideTheDomain() {
    assertThrows(IllegalArgumentException.class, () -> Bessel.logI0Scaled(-1e-9));
    assertThrows(IllegalArgumentException.class, () -> Bessel.logI(-0.5, 1));
    assertThrows(IllegalArgumentException.class, () -> Bessel.logI(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Bessel.inverseRatio(2, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Bessel.inverseRatio(2, -0.1));
    assertThrows(IllegalArgumentException.class, () -> Bessel.inverseRatioOfComplement(2, 1.1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Bessel.ratio(1.5, 1));
    assertEquals("dimension must be a finite number >= 2.0, got 1.5", e.getMessage());
  }

  @Test
  void normalisesTheVonMisesReferencePoints() {
    for (ReferencePoint point : ReferencePoint.of("von_mises")) {
      double kappa = point.argument(2);
      double sine = Math.sin((point.argument(0) - point.argument(1)) / 2);
      double value = -2 * kappa * sine * sine - Math.log(2 * Math.PI) - Bessel.logI0Scaled(kappa);
      double scale = Math.max(1, Math.max(2 * kappa * sine * sine, Math.abs(point.value())));
      assertScaled(point.value(), value, 2e-15, scale, point.toString());
    }
  }

  @Test
  void normalisesTheVonMisesFisherReferencePoints() {
    for (ReferencePoint point : ReferencePoint.of("vmf")) {
      double d = point.argument(0);
      double kappa = point.argument(1);
      double nu = d / 2 - 1;
      double exponent = kappa * (point.argument(2) - 1);
      double sphere = d / 2 * Math.log(2 * Math.PI);
      double value = exponent - sphere - Bessel.logIOverPowerScaled(nu, kappa);
      double scale = Math.max(sphere, nu * Math.log(nu + kappa + 1));
      assertScaled(point.value(), value, 1e-14, scale, point.toString());
    }
  }

  @Test
  void complementAndRatioAddToOne() {
    for (double kappa : new double[] {0.1, 3, 44.99, 45.01, 1000}) {
      double sum = Bessel.ratio(6, kappa) + Bessel.ratioComplement(6, kappa);
      assertTrue(Math.abs(sum - 1) <= 1e-15, "kappa " + kappa);
    }
  }
}
