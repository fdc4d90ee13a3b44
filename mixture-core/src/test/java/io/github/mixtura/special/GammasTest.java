package io.github.mixtura.special;

import static io.github.mixtura.special.ReferencePoint.assertRelative;
import static io.github.mixtura.special.ReferencePoint.assertScaled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The literals keep the 20 digits of their source. */
@SuppressWarnings("FloatingPointLiteralPrecision")
class GammasTest {

  /** x, log Γ(x), ψ(x), ψ'(x), by mpmath 1.2.1 with 40 digits or more. */
  private static final double[][] VALUES = {
    {1e-300, 690.77552789821370518, -9.9999999999999997494e+299, Double.POSITIVE_INFINITY},
    {1e-05, 11.512919692895825626, -100000.57719921567289, 10000000001.64490839},
    {0.1, 2.252712651734205902, -10.423754940411076232, 101.4332991507927477},
    {0.75, 0.20328095143129537148, -1.0858608797864721696, 2.5418796476716064984},
    {1.0000001, -5.772155829918507097e-8, -0.57721550040813810031, 1.6449338264368781339},
    {1.25, -0.098271836421813161464, -0.22745353337626540809, 1.1973291545071107393},
    {1.4616321449683625, -0.1214862905358496081, 1.2245374622004069031e-16, 0.96767224544762105837},
    {1.5, -0.12078223763524522235, 0.036489973978576520559, 0.93480220054467930942},
    {2.0000001, 4.2278436665324979232e-8, 0.4227843995918716981, 0.64493402643684834039},
    {9.999, 12.799575780077413715, 2.2516474172057353142, 0.10517738667672886215},
    {10.0, 12.801827480081469611, 2.2517525890667211076, 0.10516633568168574612},
    {33.5, 83.302425502950053443, 3.496545816722825239, 0.030300712174923452982},
    {1000000.0, 12815504.56914761166, 13.815510057964190771, 1.0000005000001666667e-6},
    {1000000000000000.0, 33538776394910668.91, 34.53877639491068476, 1.0000000000000005e-15},
    {1e+300, 6.8977552789821374147e+302, 690.77552789821370526, 9.999999999999999475e-301}
  };

  /**
   * a, δ, and the differences of log Γ, ψ and ψ' between a + δ and a, by mpmath 1.2.1 with 40
   * digits or more.
   */
  private static final double[][] DIFFERENCES = {
    {0.05, 0.5, -2.4888483449406047732, 18.76188574065769543, -397.33151808105915897},
    {1.0, 1e-12, -5.7721566490071038196e-13, 1.6449340668470243465e-12, -2.4041138063159415527e-12},
    {2.5, 40.0, 115.61538759994161096, 3.0345365958548504299, -0.46654935685617844951},
    {30.0, -29.5, -70.684674024243308923, -5.347948158706948356, 4.9009071401869393652},
    {12.0, 0.001, 0.0024427051296544349747, 0.000086898099487418561348, -7.5465503791967935488e-6},
    {100000.0, 3.0, 34.53880639466068826, 0.000029999700004999910002, -2.9999400014999640008e-10},
    {500000000000.0, 0.5, 13.468936967684051449, 1.0000000000005e-12, -2.000000000002e-24},
    {500000000000.0, 50.0, 1346.8936967708801449, 9.99999999951e-11, -1.999999999804e-22},
    {
      1000000000000000.0,
      0.5,
      17.269388197455342505,
      5.00000000000000125e-16,
      -5.0000000000000025e-31
    },
    {
      1000000000000000.0,
      100000000000000.0,
      3458718837275825.8244,
      0.095310179804324905498,
      -9.0909090909090995868e-17
    },
    {0.001, 1000.0, 5898.3201515794932569, 1007.4828281279587579, -1000001.6415326966617},
    {1e-10, 1e-13, -0.00099950033314125472723, 9990009.9900099895857, -199700399500599285.04}
  };

  @Test
  void valuesAgreeWithHighPrecision() {
    for (double[] row : VALUES) {
      String what = "x " + row[0];
      assertRelative(row[1], Gammas.logGamma(row[0]), 2e-15, what);
      assertRelative(row[2], Gammas.digamma(row[0]), 3e-15, what);
      assertRelative(row[3], Gammas.trigamma(row[0]), 2e-15, what);
    }
  }

  @Test
  void digammaAgreesWithReferenceFile() {
    for (ReferencePoint point : ReferencePoint.of("digamma")) {
      assertRelative(point.value(), Gammas.digamma(point.argument(0)), 1e-14, point.toString());
    }
  }

  @Test
  void differencesAgreeWithHighPrecision() {
    for (double[] row : DIFFERENCES) {
      String what = "a " + row[0] + ", delta " + row[1];
      assertRelative(row[2], Gammas.logGammaRatio(row[0], row[1]), 1e-14, what);
      assertRelative(row[3], Gammas.digammaDifference(row[0], row[1]), 1e-14, what);
      assertRelative(row[4], Gammas.trigammaDifference(row[0], row[1]), 1e-14, what);
    }
  }

  @Test
  void differencesAreThoseOfTheValues() {
    for (double a = 0.013; a < 60; a *= 1.9) {
      for (double delta : new double[] {-a / 2, 0.7, 3, 35}) {
        String what = "a " + a + ", delta " + delta;
        double b = a + delta;
        assertEquals(
            Gammas.logGamma(b) - Gammas.logGamma(a), Gammas.logGammaRatio(a, delta), 2e-13, what);
        double difference = Gammas.digamma(b) - Gammas.digamma(a);
        assertScaled(difference, Gammas.digammaDifference(a, delta), 1e-14, 10 + 1 / a, what);
        double curvature = Gammas.trigamma(b) - Gammas.trigamma(a);
        double scale = 10 + 4 / (a * a);
        assertScaled(curvature, Gammas.trigammaDifference(a, delta), 1e-14, scale, what);
      }
    }
  }

  @Test
  void digammaChangesSignAtItsRoot() {
    assertTrue(Gammas.digamma(1.4616321449683622) < 0);
    assertTrue(Gammas.digamma(1.4616321449683624) > 0);
  }

  @Test
  void normalisesTheStudentReferencePoints() {
    for (ReferencePoint point : ReferencePoint.of("student_t")) {
      double nu = point.argument(3);
      double z = (point.argument(0) - point.argument(1)) / point.argument(2);
      double square = z / nu * z;
      double logs =
          Double.isInfinite(square) ? 2 * Math.log(Math.abs(z)) - Math.log(nu) : Math.log1p(square);
      double value =
          Gammas.logGammaRatio(nu / 2, 0.5)
              - 0.5 * Math.log(Math.PI * nu)
              - Math.log(point.argument(2))
              - 0.5 * (nu + 1) * logs;
      assertRelative(point.value(), value, 1e-14, point.toString());
    }
  }

  @Test
  void endsOfTheDomain() {
    assertEquals(Double.POSITIVE_INFINITY, Gammas.logGamma(Double.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, Gammas.digamma(Double.POSITIVE_INFINITY));
    assertEquals(0, Gammas.trigamma(Double.POSITIVE_INFINITY));
    assertEquals(Double.NEGATIVE_INFINITY, Gammas.digamma(Double.MIN_VALUE));
    assertEquals(0, Gammas.logGammaRatio(3, 0));
    assertEquals(0, Gammas.digammaDifference(0.3, 0));
    assertEquals(0, Gammas.trigammaDifference(1e9, 0));
    assertThrows(IllegalArgumentException.class, () -> Gammas.logGamma(0));
    assertThrows(IllegalArgumentException.class, () -> Gammas.digamma(-1));
    assertThrows(IllegalArgumentException.class, () -> Gammas.trigamma(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Gammas.logGammaRatio(1, -1));
    assertThrows(IllegalArgumentException.class, () -> Gammas.digammaDifference(0, 1));
    assertThrows(IllegalArgumentException.class, () -> Gammas.trigammaDifference(1, Double.NaN));
  }
}
