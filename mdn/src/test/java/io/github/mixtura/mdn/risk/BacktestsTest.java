package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kupiec's and Christoffersen's tests have their reference values in EuStocksReferenceTest. */
class BacktestsTest {
  private static double[] series(String index, String name) {
    JsonNode values = EuStocks.reference(index).get("series").get(name);
    return StreamSupport.stream(values.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  /** NumPy 2.4.6 (least squares) and SciPy 1.17.1 on the reference forecasts. */
  @ParameterizedTest
  @CsvSource({
    "DAX, 0.01, 30.146674402506154, 3.686317330560049e-05",
    "SMI, 0.01, 65.4520401666307, 3.4878026582451797e-12",
    "DAX, 0.05, 19.464157596712248, 0.0034474975707846226",
    "SMI, 0.05, 7.2814368774507905, 0.2956024761576068",
  })
  void dynamicQuantile(String index, double alpha, double statistic, double pValue) {
    TestResult result =
        DynamicQuantileTest.of(series(index, "returns"), garch(index).quantiles(alpha), alpha);
    assertEquals(statistic, result.statistic(), 1e-9 * statistic);
    assertEquals(pValue, result.pValue(), 1e-8 * pValue);
  }

  /** NumPy 2.4.6 and SciPy 1.17.1: GARCH against historical simulation at 0.99. */
  @ParameterizedTest
  @CsvSource({
    "DAX, -1.1377184428756073, 0.2557840483772677",
    "SMI, -1.247897174110645, 0.21265397177743436",
  })
  void dieboldMariano(String index, double statistic, double pValue) {
    double[] returns = series(index, "returns");
    double[] losses = PinballLoss.of(returns, series(index, "garch_q01"), 0.01);
    double[] others = PinballLoss.of(returns, series(index, "hs1000_q01"), 0.01);
    TestResult result = DieboldMarianoTest.of(losses, others);
    assertEquals(statistic, result.statistic(), 1e-11);
    assertEquals(pValue, result.pValue(), 1e-11);
    assertEquals(-statistic, DieboldMarianoTest.of(others, losses).statistic(), 1e-11);
    assertEquals(new TestResult(0, 1), DieboldMarianoTest.of(losses, losses));
  }

  /** NumPy 2.4.6: the same statistic, p-values by 20 000 simulations of whole days. */
  @ParameterizedTest
  @CsvSource({
    "DAX, 0.01, -2.1419707558661765, 0.0001, 0.0004",
    "SMI, 0.01, -2.858108475708189, 0.0001, 0.0004",
    "DAX, 0.05, -0.5401152640012532, 0.00485, 0.003",
    "SMI, 0.05, -0.6585748137121157, 0.001, 0.0015",
  })
  void acerbiSzekely(String index, double alpha, double z2, double pValue, double tolerance) {
    TestResult result = AcerbiSzekelyTest.of(garch(index), alpha, 10_000, 1);
    assertEquals(z2, result.statistic(), 1e-10);
    assertEquals(pValue, result.pValue(), tolerance);
    assertEquals(result, AcerbiSzekelyTest.of(garch(index), alpha, 10_000, 1));
  }

  private static Forecasts garch(String index) {
    double[] means = series(index, "garch_mean");
    double[] deviations = series(index, "garch_sd");
    List<RiskForecast> daily = new ArrayList<>();
    for (int t = 0; t < means.length; t++) {
      Gaussian law = Gaussian.of(means[t], deviations[t] * deviations[t]);
      daily.add(RiskForecast.of(Mixture.of(List.of(law), 1)));
    }
    return new Forecasts(
        "garch", 1359, series(index, "returns"), daily, 0, List.of(), RiskStop.COMPLETED, 0);
  }

  /** Right forecasts are refused about as often as the level of the test says. */
  @Test
  void keepTheirSizeOnRightForecasts() {
    Random random = new Random(6);
    RiskForecast normal = RiskForecast.of(Mixture.of(List.of(Gaussian.of(0, 1)), 1));
    int[] refused = new int[3];
    int series = 400;
    for (int i = 0; i < series; i++) {
      double[] returns = new double[500];
      double[] quantiles = new double[500];
      boolean[] hits = new boolean[500];
      for (int t = 0; t < 500; t++) {
        double sd = Math.exp(0.5 * Math.sin(0.1 * t));
        quantiles[t] = sd * normal.quantile(0.05);
        returns[t] = sd * random.nextGaussian();
        hits[t] = returns[t] < quantiles[t];
      }
      CoverageTest coverage = CoverageTest.of(hits, 0.05);
      refused[0] += coverage.kupiec().pValue() < 0.05 ? 1 : 0;
      refused[1] += DynamicQuantileTest.of(returns, quantiles, 0.05).pValue() < 0.05 ? 1 : 0;
      if (i < 100) {
        double[] plain = random.doubles(100).map(u -> normal.quantile(Math.max(u, 1e-9))).toArray();
        var daily = java.util.Collections.nCopies(100, normal);
        var forecasts =
            new Forecasts("normal", 0, plain, daily, 0, List.of(), RiskStop.COMPLETED, 0);
        refused[2] += AcerbiSzekelyTest.of(forecasts, 0.05, 500, i).pValue() < 0.1 ? 1 : 0;
      }
    }
    assertEquals(0.05, refused[0] / (double) series, 0.03);
    assertEquals(0.05, refused[1] / (double) series, 0.04);
    assertEquals(0.1, refused[2] / 100.0, 0.08);
  }

  @Test
  void extremeHitsHaveFiniteStatistics() {
    boolean[] none = new boolean[500];
    CoverageTest coverage = CoverageTest.of(none, 0.01);
    assertEquals(-2 * 500 * Math.log(0.99), coverage.kupiec().statistic(), 1e-12);
    assertEquals(new TestResult(0, 1), coverage.independence());
    boolean[] all = new boolean[500];
    Arrays.fill(all, true);
    coverage = CoverageTest.of(all, 0.01);
    assertEquals(-2 * 500 * Math.log(0.01), coverage.kupiec().statistic(), 1e-9);
    assertEquals(0, coverage.independence().statistic(), 0);
    boolean[] last = new boolean[500];
    last[499] = true;
    coverage = CoverageTest.of(last, 0.01);
    assertEquals(1, coverage.hits());
    assertEquals(0, coverage.independence().statistic(), 1e-12);
    assertTrue(coverage.conditional().pValue() > 0);
    double[] quiet = new double[500];
    double[] quantiles = new double[500];
    Arrays.fill(quantiles, -1);
    TestResult dq = DynamicQuantileTest.of(quiet, quantiles, 0.01);
    assertEquals(496 * 0.01 / 0.99, dq.statistic(), 1e-9);
    assertTrue(dq.pValue() > 0 && dq.pValue() < 1);
  }

  @Test
  void shortfallTestDoesNotApplyWithoutLosses() {
    RiskForecast gain = RiskForecast.ofSample(1, 2, 3);
    var forecasts =
        new Forecasts(
            "gain",
            0,
            new double[] {1, 2},
            List.of(gain, gain),
            0,
            List.of(),
            RiskStop.COMPLETED,
            0);
    TestResult result = AcerbiSzekelyTest.of(forecasts, 0.05, 10, 1);
    assertTrue(Double.isNaN(result.statistic()) && Double.isNaN(result.pValue()));
  }

  @Test
  void refuseBadInput() {
    double[] ten = new double[12];
    assertThrows(IllegalArgumentException.class, () -> CoverageTest.of(new boolean[10], 0));
    assertThrows(IllegalArgumentException.class, () -> CoverageTest.of(new boolean[1], 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> DynamicQuantileTest.of(ten, new double[9], 0.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> DynamicQuantileTest.of(new double[9], new double[9], 0.1));
    assertThrows(IllegalArgumentException.class, () -> PinballLoss.of(ten, ten, 1));
    assertThrows(IllegalArgumentException.class, () -> PinballLoss.of(ten, new double[9], 0.1));
    assertThrows(IllegalArgumentException.class, () -> DieboldMarianoTest.of(ten, new double[9]));
  }
}
