package io.github.mixtura.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Accuracy of the loops' own exp and log; the literals keep the 20 digits of their source. */
@SuppressWarnings("FloatingPointLiteralPrecision")
class LoopsTest {
  private static final int RANDOM = 4000;

  /** x, e^x, by mpmath 1.2.1 with 40 digits. */
  private static final String[][] EXP = {
    {"-0.1", "0.90483741803595956814"},
    {"-0.34657359027997264", "0.7071067811865475326"},
    {"-1.0", "0.3678794411714423216"},
    {"-7.25", "0.00071017438884254906358"},
    {"-33.3", "3.4513877443742162818e-15"},
    {"-100.0", "3.720075976020835963e-44"},
    {"-345.678", "7.4808696014012251628e-151"},
    {"-707.9", "3.6554113896150083483e-308"}
  };

  /** x, log x, by mpmath 1.2.1 with 40 digits. */
  private static final String[][] LOG = {
    {"1e-300", "-690.77552789821370518"},
    {"0.1", "-2.3025850929940456285"},
    {"0.7071067811865475", "-0.34657359027997274336"},
    {"0.99", "-0.010050335853501450155"},
    {"1.0000001", "9.9999995058387045178e-8"},
    {"1.4142135623730951", "0.34657359027997272307"},
    {"3.0", "1.0986122886681096914"},
    {"7.0", "1.9459101490553133051"},
    {"1e10", "23.02585092994045684"},
    {"1e300", "690.77552789821370526"}
  };

  /** x, log(1 + x), by mpmath 1.2.1 with 40 digits. */
  private static final String[][] LOG_ONE_PLUS = {
    {"1e-300", "1.0000000000000000251e-300"},
    {"1e-17", "1.0000000000000000665e-17"},
    {"1e-10", "9.9999999995000003644e-11"},
    {"0.001", "0.00099950033308353318761"},
    {"0.41421356237309503", "0.34657359027997264456"},
    {"1.0", "0.69314718055994530942"},
    {"12.5", "2.6026896854443837648"},
    {"1e16", "36.841361487904731044"},
    {"1e300", "690.77552789821370526"}
  };

  private static double[] exp(double[] x, double[] shift) {
    double[] out = x.clone();
    Loops.exp(out, shift, new double[x.length], new double[x.length], x.length);
    return out;
  }

  private static double[] log(double[] x) {
    double[] out = new double[x.length];
    Loops.log(out, x, new double[x.length], new double[x.length], x.length);
    return out;
  }

  private static double[] logOnePlus(double[] x, double scale) {
    int n = x.length;
    double[] out = new double[n];
    Loops.logOnePlus(out, x, scale, new double[n], new double[n], new double[n], n);
    return out;
  }

  private static double[] arguments(String[][] table) {
    return Arrays.stream(table).mapToDouble(row -> Double.parseDouble(row[0])).toArray();
  }

  private static void assertTable(String[][] table, double[] actual, double tolerance) {
    for (int i = 0; i < table.length; i++) {
      double error = Precise.relativeError(actual[i], new BigDecimal(table[i][1]));
      assertTrue(error < tolerance, table[i][0] + ": relative error " + error);
    }
  }

  /** The largest relative error is below the bound, and not absurdly far below it. */
  private static void assertLargest(double[] errors, double[] x, double bound) {
    double largest = 0;
    double where = Double.NaN;
    for (int i = 0; i < errors.length; i++) {
      if (errors[i] > largest) {
        largest = errors[i];
        where = x[i];
      }
    }
    assertTrue(largest < bound, "relative error " + largest + " at " + where);
    assertTrue(largest > 1e-17, "no rounding at all: the reference is not independent");
  }

  @Test
  void highPrecisionReferenceAgreesWithMpmath() {
    for (String[] row : EXP) {
      BigDecimal value = Precise.exp(new BigDecimal(Double.parseDouble(row[0])));
      assertTrue(
          new BigDecimal(row[1])
                  .divide(value, MathContext.DECIMAL128)
                  .subtract(BigDecimal.ONE)
                  .abs()
                  .doubleValue()
              < 1e-19,
          row[0]);
    }
    for (String[] row : LOG) {
      BigDecimal value = Precise.log(new BigDecimal(Double.parseDouble(row[0])));
      double scale = Math.max(1e-30, value.abs().doubleValue());
      assertEquals(0, value.subtract(new BigDecimal(row[1])).doubleValue() / scale, 1e-19, row[0]);
    }
  }

  @Test
  void literals() {
    assertTable(EXP, exp(arguments(EXP), new double[EXP.length]), 3e-16);
    assertTable(LOG, log(arguments(LOG)), 3e-16);
    assertTable(LOG_ONE_PLUS, logOnePlus(arguments(LOG_ONE_PLUS), 1), 4e-16);
  }

  @Test
  void expIsAccurateWhereItIsNormal() {
    SplittableRandom random = new SplittableRandom(11);
    double[] x =
        DoubleStream.concat(
                DoubleStream.concat(random.doubles(RANDOM, -708, 0), random.doubles(RANDOM, -2, 0)),
                DoubleStream.iterate(-0.34657359027997264, v -> v > -708, v -> v - Math.log(2)))
            .toArray();
    double[] value = exp(x, new double[x.length]);
    double[] errors = new double[x.length];
    Arrays.setAll(errors, i -> Precise.relativeError(value[i], Precise.exp(new BigDecimal(x[i]))));
    assertLargest(errors, x, 3e-16);
  }

  @Test
  void expTakesTheShiftOff() {
    double[] x = {1e300, 5, -1e300, 1234.5, -3};
    double[] shift = {1e300, 7, 1e300, 1240, -3};
    double[] value = exp(x, shift);
    assertEquals(1, value[0]);
    assertEquals(Math.exp(-2), value[1], 1e-16);
    assertEquals(0, value[2]);
    assertEquals(Math.exp(-5.5), value[3], 1e-17);
    assertEquals(1, value[4]);
  }

  @Test
  void expEndsInExactZero() {
    double[] x = {
      -0.0,
      -Double.MIN_VALUE,
      -1e-300,
      -708,
      -709.0000001,
      -710,
      -745,
      -1e4,
      -1e300,
      -Double.MAX_VALUE,
      Double.NEGATIVE_INFINITY
    };
    double[] value = exp(x, new double[x.length]);
    assertEquals(1, value[0]);
    assertEquals(1, value[1]);
    assertEquals(1, value[2]);
    assertTrue(value[3] > 3e-308);
    for (int i = 4; i < x.length; i++) {
      assertEquals(0.0, value[i], 0.0, "exp " + x[i]);
    }
    double[] between = random(-709, -708, 1000, 3);
    for (double v : exp(between, new double[between.length])) {
      assertTrue(v >= 0 && v <= Math.exp(-708) * (1 + 1e-15), "value " + v);
    }
  }

  private static double[] random(double low, double high, int count, long seed) {
    return new SplittableRandom(seed).doubles(count, low, high).toArray();
  }

  @Test
  @Tag("full")
  void logIsAccurateForAllNormalNumbers() {
    SplittableRandom random = new SplittableRandom(12);
    double[] wide =
        random
            .doubles(RANDOM, -1021, 1023)
            .map(e -> Math.scalb(1 + random.nextDouble(), (int) e))
            .toArray();
    double[] edges = {
      Double.MIN_NORMAL,
      Double.MAX_VALUE,
      1,
      2,
      0.5,
      Math.sqrt(0.5),
      Math.nextDown(Math.sqrt(0.5)),
      Math.nextUp(Math.sqrt(0.5)),
      Math.sqrt(2),
      Math.nextDown(1.0),
      Math.nextUp(1.0),
      1e-300,
      1e300
    };
    double[] x =
        Stream.of(
                wide,
                random(0.5, 2, RANDOM, 13),
                random(1 - 1e-6, 1 + 1e-6, RANDOM, 14),
                random(1, 7, RANDOM, 15),
                edges)
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double[] before = x.clone();
    double[] value = log(x);
    for (int i = 0; i < x.length; i++) {
      BigDecimal exact = Precise.log(new BigDecimal(x[i]));
      double error = new BigDecimal(value[i]).subtract(exact).abs().doubleValue();
      double bound = Math.max(Math.ulp(exact.doubleValue()), 2e-16 * Math.abs(exact.doubleValue()));
      assertTrue(error <= bound, "log " + x[i] + ": error " + error / bound + " of the bound");
    }
    assertArrayEquals(before, x);
    assertEquals(0, value[x.length - edges.length + 2]);
  }

  @Test
  @Tag("full")
  void logOnePlusIsAccurateFromTinyToHuge() {
    SplittableRandom random = new SplittableRandom(16);
    for (double scale : new double[] {1, 1 / 3.0, 1e-8, 4}) {
      double[] x =
          random
              .doubles(RANDOM, -300, 300)
              .map(e -> Math.pow(10, e) * (1 + random.nextDouble()))
              .toArray();
      x[0] = 0;
      double[] value = logOnePlus(x, scale);
      assertEquals(0, value[0]);
      double[] errors = new double[x.length];
      for (int i = 1; i < x.length; i++) {
        errors[i] = Precise.relativeError(value[i], logOnePlus(new BigDecimal(x[i]), scale));
      }
      assertLargest(errors, x, 4e-16);
      double[] middle = random.doubles(RANDOM, 0, 4 / scale).toArray();
      double[] inMiddle = logOnePlus(middle, scale);
      double[] middleErrors = new double[middle.length];
      Arrays.setAll(
          middleErrors,
          i -> Precise.relativeError(inMiddle[i], logOnePlus(new BigDecimal(middle[i]), scale)));
      assertLargest(middleErrors, middle, 4e-16);
    }
  }

  private static BigDecimal logOnePlus(BigDecimal x, double scale) {
    BigDecimal t = x.multiply(new BigDecimal(scale));
    if (t.doubleValue() < 1e-25) {
      return t.subtract(t.multiply(t).divide(BigDecimal.valueOf(2)));
    }
    return Precise.log(BigDecimal.ONE.add(t));
  }

  @Test
  void sumsAreExactForSmallIntegersAtEveryLength() {
    double[] t = new double[300];
    Arrays.setAll(t, i -> i + 1);
    for (int n = 0; n <= t.length; n++) {
      assertEquals(0.5 * n * (n + 1), Loops.sum(t, n), "n " + n);
    }
  }
}
