package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rolling forecasts of DAX and SMI against values computed in R, GARCH there checked with fGarch
 * 4022.89. Historical simulation: hits exact, quantiles to 1e-12. GARCH: quantiles to 1e-3 are
 * allowed, 2e-5 are held; hits ±1 are allowed, equal hits are held.
 */
class EuStocksReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "DAX, 250",
    "DAX, 500",
    "DAX, 1000",
    "SMI, 250",
    "SMI, 500",
    "SMI, 1000",
  })
  void historicalSimulation(String index, int window) {
    check(index, window, HistoricalSimulation.of(), "historical_" + window, 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DAX", "SMI"})
  void movingAverage(String index) {
    check(index, 1000, Ewma.of(), "ewma94_1000", 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DAX", "SMI"})
  void garch(String index) {
    Forecasts forecasts = check(index, 1000, Garch.normal(), "garch11_normal_1000", 2e-5);
    assertEquals(List.of(), forecasts.findings());
    JsonNode series = EuStocks.reference(index).get("series");
    assertClose(series.get("garch_q01"), forecasts.quantiles(0.01), 2e-5);
    assertClose(series.get("returns"), forecasts.returns(), 1e-12);
    double[] means =
        forecasts.daily().stream().mapToDouble(f -> f.mixture().orElseThrow().mean()[0]).toArray();
    assertClose(series.get("garch_mean"), means, 2e-5);
    double[] deviations =
        forecasts.daily().stream()
            .mapToDouble(f -> Math.sqrt(f.mixture().orElseThrow().covarianceMatrix()[0][0]))
            .toArray();
    assertClose(series.get("garch_sd"), deviations, 2e-5);
  }

  /** Runs a model and compares quantiles, hits, losses and coverage tests at both levels. */
  private static Forecasts check(
      String index, int window, RiskModel model, String entry, double tolerance) {
    double[] returns = EuStocks.returns(index);
    Forecasts forecasts = RollingForecast.of(window, 500).run(model, returns);
    JsonNode reference = EuStocks.reference(index);
    assertEquals(reference.get("n_returns").asInt(), returns.length);
    assertEquals(reference.get("first_test_return_index").asInt(), forecasts.firstReturn() + 1);
    RiskReport.Model judged =
        RiskStudy.of(model)
            .withWindow(window)
            .withSimulations(1)
            .onReturns(returns)
            .model(model.name());
    for (RiskReport.Level level : judged.levels()) {
      String name = level.level() == 0.99 ? "VaR99" : "VaR95";
      JsonNode expected = reference.get("backtests").get(entry).get(name);
      double[] quantiles = level.quantiles();
      assertClose(expected.get("first_five"), Arrays.copyOf(quantiles, 5), tolerance);
      assertEquals(expected.get("last").asDouble(), quantiles[499], tolerance);
      assertEquals(expected.get("sum").asDouble(), Arrays.stream(quantiles).sum(), 500 * tolerance);
      assertEquals(expected.get("hits").asInt(), level.coverage().hits());
      assertEquals(expected.get("expected").asDouble(), level.coverage().expected(), 1e-12);
      List<Integer> days = new ArrayList<>();
      for (int t = 0; t < 500; t++) {
        if (forecasts.returns()[t] < quantiles[t]) {
          days.add(t + 1);
        }
      }
      List<Integer> expectedDays = new ArrayList<>();
      expected.get("hit_days").forEach(day -> expectedDays.add(day.asInt()));
      assertEquals(expectedDays, days);
      assertEquals(expected.get("pinball_mean").asDouble(), level.pinballLoss(), tolerance);
      CoverageTest coverage = level.coverage();
      assertTest(expected, "kupiec", coverage.kupiec());
      assertTest(expected, "christoffersen_ind", coverage.independence());
      assertTest(expected, "christoffersen_cc", coverage.conditional());
    }
    return forecasts;
  }

  private static void assertTest(JsonNode expected, String name, TestResult actual) {
    assertEquals(expected.get(name + "_lr").asDouble(), actual.statistic(), 1e-10);
    double p = expected.get(name + "_p").asDouble();
    assertEquals(p, actual.pValue(), 1e-9 * p);
  }

  private static void assertClose(JsonNode expected, double[] actual, double tolerance) {
    assertEquals(expected.size(), actual.length);
    for (int t = 0; t < actual.length; t++) {
      double gap = Math.abs(expected.get(t).asDouble() - actual[t]);
      assertTrue(gap <= tolerance, "entry " + t + " is off by " + gap);
    }
  }
}
