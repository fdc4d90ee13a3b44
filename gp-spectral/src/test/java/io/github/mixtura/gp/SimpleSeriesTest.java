package io.github.mixtura.gp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Series that a glance tells how to go on with. */
class SimpleSeriesTest {
  private static final int HORIZON = 8;

  /** A series of the reference file. */
  record Case(String id, double error, double cover, double[] values, double[] held) {
    @Override
    public String toString() {
      return id;
    }
  }

  private static Stream<Case> cases() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SimpleSeriesTest.class.getResourceAsStream("series.txt"),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> parsed(line.split(" ")))
          .toList()
          .stream();
    }
  }

  private static Case parsed(String[] fields) {
    int count = Integer.parseInt(fields[3]);
    double[] all = Arrays.stream(fields).skip(4).mapToDouble(Double::parseDouble).toArray();
    return new Case(
        fields[0],
        fields[1].equals("-") ? Double.POSITIVE_INFINITY : Double.parseDouble(fields[1]),
        fields[2].equals("-") ? 0 : Double.parseDouble(fields[2]),
        Arrays.copyOf(all, count),
        Arrays.copyOfRange(all, count, all.length));
  }

  /** Formulas without noise or gaps: quick, as nothing is left to learn. */
  private static Stream<Case> exact() throws IOException {
    return cases().filter(c -> c.error <= 1e-3 || c.id.equals("step"));
  }

  /** All others but the one with gaps, and counts, whose band is not yet one of counts. */
  private static Stream<Case> others() throws IOException {
    return cases()
        .filter(c -> !(c.error <= 1e-3 || c.id.equals("step")))
        .filter(c -> !c.id.equals("season_gap") && !c.id.equals("counts_low"));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void exactSeriesGoOn(Case c) {
    check(c);
  }

  @Tag("full")
  @ParameterizedTest
  @MethodSource("others")
  void seriesOfTheReferenceFile(Case c) {
    check(c);
  }

  private static void check(Case c) {
    SeriesForecast forecast = SpectralForecast.of(c.values).forecast(c.held.length);
    double error = forecast.rootMeanSquareError(c.held) / range(c.values);
    assertTrue(error <= c.error, "error " + error + " of the range");
    assertTrue(forecast.coverage(c.held) >= c.cover, "coverage " + forecast.coverage(c.held));
    requireOrdered(forecast);
  }

  private static double range(double[] values) {
    double range =
        Arrays.stream(values).max().orElseThrow() - Arrays.stream(values).min().orElseThrow();
    return range > 0 ? range : Math.max(1, Math.abs(values[0]));
  }

  private static void requireOrdered(SeriesForecast forecast) {
    assertTrue(Double.isFinite(forecast.logEvidence()));
    assertTrue(forecast.noiseVariance() > 0);
    assertTrue(forecast.terms().get(0).equals("level"));
    for (int h = 0; h < forecast.median().length; h++) {
      assertTrue(forecast.lower()[h] <= forecast.median()[h]);
      assertTrue(forecast.median()[h] <= forecast.upper()[h]);
      assertTrue(Double.isFinite(forecast.upper()[h]) && Double.isFinite(forecast.lower()[h]));
      assertTrue(!forecast.logarithm() || forecast.lower()[h] >= 0);
    }
  }

  private static double[] values(IntToDoubleFunction series, int from, int to) {
    double[] values = new double[to - from];
    Arrays.setAll(values, i -> series.applyAsDouble(from + i));
    return values;
  }

  /**
   * Forecasts the series after {@code n} values and requires an error below a share of the range.
   */
  private static SeriesForecast requireGoesOn(IntToDoubleFunction series, int n, double share) {
    double[] seen = values(series, 0, n);
    double[] held = values(series, n, n + HORIZON);
    SeriesForecast forecast = SpectralForecast.of(seen).forecast(HORIZON);
    requireOrdered(forecast);
    for (int h = 0; h < HORIZON; h++) {
      assertEquals(held[h], forecast.median()[h], share * range(seen), "step " + h);
      assertTrue(forecast.lower()[h] <= held[h] && held[h] <= forecast.upper()[h], "step " + h);
    }
    return forecast;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 7, 12, 13, 20, 39, 50, 150})
  void linesOfAnyLengthGoOn(int n) {
    SeriesForecast up = requireGoesOn(i -> 3 * i + 1, n, 1e-11);
    assertEquals("[level, slope]", up.terms().toString());
    requireGoesOn(i -> 200 - 3 * i, n, 1e-11);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-310, 1e-200, 1e-12, 1, 1e12, 1e200, 1e305})
  void unitsChangeNothing(double unit) {
    requireGoesOn(i -> unit * (3 * i + 1), 60, 1e-9);
    requireGoesOn(i -> unit * (i % 7), 60, 1e-9);
    requireGoesOn(i -> unit, 20, 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e6, 1e9, 1e12})
  void offsetsCostOnlyTheirRounding(double offset) {
    double rounding = 1e-9 + Math.ulp(offset);
    requireGoesOn(i -> offset + 3 * i, 60, rounding);
    requireGoesOn(i -> offset + Math.sin(2 * Math.PI * i / 12), 60, 4 * rounding);
  }

  @Test
  void constantsHaveTheNoiseFloorAsBand() {
    SeriesForecast forecast =
        SpectralForecast.of(new double[] {5, 5, 5}).withLevel(0.5).forecast(3);
    assertEquals(5, forecast.median()[2]);
    assertEquals(5e-12, Math.sqrt(forecast.noiseVariance()), 1e-25);
    assertTrue(forecast.upper()[2] > 5 && forecast.upper()[2] < 5 + 1e-10);
    SeriesForecast zero = SpectralForecast.of(new double[40]).forecast(3);
    assertEquals(0, zero.median()[2]);
    assertEquals(0, zero.upper()[2], 1e-300);
  }

  private static Stream<IntToDoubleFunction> shapes() {
    return Stream.of(
        i -> Math.pow(1.05, i),
        i -> Math.pow(1.2, i),
        i -> -Math.pow(1.05, i),
        i -> Math.pow(0.9, i),
        i -> 10 + Math.pow(0.9, i),
        i -> i * i,
        i -> i % 2 == 0 ? 1 : -1,
        i -> i % 3 == 0 ? 1 : 0,
        i -> i * 37 % 12 % 11,
        i -> i % 7 + 0.5 * i,
        i -> Math.abs(i % 20 - 10),
        i -> Math.rint(0.1 * i),
        i -> i < 40 ? 0 : 1,
        i -> i < 75 ? 3 : 10,
        i -> (i < 40 ? 0 : 5) + Math.sin(i),
        i -> i == 30 ? 100 : 5,
        i -> i == 30 ? 1000 : i,
        i -> 0.1 * i + Math.sin(2 * Math.PI * i / 9.3),
        i -> Math.sin(i) + 2 * Math.sin(0.37 * i + 1),
        i -> Math.exp(0.03 * i) + Math.cos(i),
        i -> Math.sin(2 * Math.PI * i / 200));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void simpleShapesGoOn(IntToDoubleFunction shape) {
    requireGoesOn(shape, 80, 1e-9);
  }

  @Test
  void aFunctionThatIsNoSumOfTermsIsInItsBand() {
    requireGoesOn(Math::sqrt, 60, 1e-3);
    requireGoesOn(i -> Math.log(1 + i), 60, 1e-3);
  }

  @Test
  void aChangeAtTheLastValueMayBeOneOrTheOther() {
    double[] values = new double[60];
    values[59] = 4;
    SeriesForecast forecast = SpectralForecast.of(values).forecast(2);
    assertTrue(forecast.lower()[1] <= 0 && forecast.upper()[1] >= 4);
    assertTrue(forecast.upper()[1] < 20);
  }

  @Test
  void noiseOfAnySizeIsFoundAndCovered() {
    requireProportional(80, new double[] {1e-10, 1e-6, 1e-2}, 1);
  }

  @Tag("full")
  @Test
  void noiseOfAnySizeIsFoundAndCoveredInManySeries() {
    requireProportional(100, new double[] {1e-12, 1e-9, 1e-7, 1e-5, 1e-3, 1e-2, 0.1, 1}, 12);
  }

  /** Errors no more than ten times the noise, or half the range, and 88 to 99.5 % in the band. */
  private static void requireProportional(int n, double[] sizes, int draws) {
    int inside = 0;
    int all = 0;
    for (double size : sizes) {
      for (int draw = 0; draw < draws; draw++) {
        for (int form = 0; form < 5; form++) {
          SplittableRandom random = new SplittableRandom(100L * draw + form);
          int kind = form;
          double[] values =
              values(i -> form(kind, i) + size * random.nextGaussian(), 0, n + HORIZON);
          double[] seen = Arrays.copyOf(values, n);
          SeriesForecast forecast = SpectralForecast.of(seen).forecast(HORIZON);
          requireOrdered(forecast);
          double spread = range(values(i -> form(kind, i), 0, n));
          for (int h = 0; h < HORIZON; h++) {
            double error = Math.abs(forecast.median()[h] - values[n + h]);
            assertTrue(
                error <= 10 * size + 1e-10 * spread,
                "form " + form + ", noise " + size + ", error " + error);
            inside +=
                values[n + h] >= forecast.lower()[h] && values[n + h] <= forecast.upper()[h]
                    ? 1
                    : 0;
            all++;
          }
        }
      }
    }
    double cover = (double) inside / all;
    assertTrue(cover >= 0.88 && cover <= 0.999, "coverage " + cover);
  }

  private static double form(int kind, int i) {
    return switch (kind) {
      case 0 -> 5;
      case 1 -> 3 * i + 1;
      case 2 -> 10 + 2 * Math.sin(2 * Math.PI * i / 12);
      case 3 -> Math.exp(0.05 * i);
      default -> (i < 50 ? 0 : 6) + 0.1 * i;
    };
  }

  @Test
  void shiftsAndFactorsCommuteWithTheForecast() {
    SplittableRandom random = new SplittableRandom(5);
    double[] y = values(i -> 0.1 * i + Math.sin(0.9 * i) + 0.01 * random.nextGaussian(), 0, 90);
    Arrays.setAll(y, i -> y[i] - 4);
    SeriesForecast plain = SpectralForecast.of(y).forecast(HORIZON);
    for (double[] map : new double[][] {{0, -1}, {-50, 1e-9}, {-1e4, 3}, {0, 1e150}}) {
      double[] mapped = Arrays.stream(y).map(v -> map[0] + map[1] * v).toArray();
      SeriesForecast other = SpectralForecast.of(mapped).forecast(HORIZON);
      for (int h = 0; h < HORIZON; h++) {
        double half = plain.upper()[h] - plain.median()[h];
        assertEquals(plain.median()[h], (other.median()[h] - map[0]) / map[1], 1e-3 * half);
        double size = (other.upper()[h] - other.median()[h]) / Math.abs(map[1]);
        assertEquals(half, size, 1e-3 * half);
      }
    }
  }

  @Test
  void bandsOfNoiseWidenWithTheLevelAndTheHorizon() {
    SplittableRandom random = new SplittableRandom(6);
    double[] y = values(i -> 2 * i + random.nextGaussian(), 0, 100);
    double[] before = new double[10];
    for (double level : new double[] {0.01, 0.5, 0.8, 0.95, 0.999}) {
      SeriesForecast forecast = SpectralForecast.of(y).withLevel(level).forecast(10);
      requireOrdered(forecast);
      for (int h = 0; h < 10; h++) {
        double width = forecast.upper()[h] - forecast.lower()[h];
        assertTrue(width > before[h]);
        assertTrue(width >= (1 - 1e-12) * (forecast.upper()[0] - forecast.lower()[0]));
        before[h] = width;
      }
    }
  }

  @Tag("full")
  @Test
  void nothingExplodes() {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int n = 3 + seed;
      double drift = seed % 3 - 1;
      double[] y = new double[n];
      for (int i = 1; i < n; i++) {
        y[i] = (seed % 2 == 0 ? y[i - 1] : 0) + drift * 0.3 + random.nextGaussian();
      }
      SeriesForecast forecast = SpectralForecast.of(y).forecast(n);
      requireOrdered(forecast);
      for (int h = 0; h < n; h++) {
        assertTrue(Math.abs(forecast.median()[h] - y[n - 1]) <= 5 * range(y), "seed " + seed);
      }
    }
  }

  @Test
  void whatIsNoNumberIsNamedByItsPlace() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] values = {1, 2, 3, bad, 5};
      String message =
          assertThrows(IllegalArgumentException.class, () -> SpectralForecast.of(values))
              .getMessage();
      assertEquals("values[3] is " + bad + ", must be finite", message);
    }
  }
}
