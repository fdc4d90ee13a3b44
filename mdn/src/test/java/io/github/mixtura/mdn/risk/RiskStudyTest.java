package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.execution.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RiskStudyTest {
  private static final List<RiskModel> ALL =
      RiskModels.names().stream().map(name -> RiskModels.named(name, 1)).toList();

  @Test
  void reportsEveryModelAndLevel() {
    double[] prices = EuStocks.prices("SMI");
    RiskStudy study =
        RiskStudy.of(ALL)
            .withWindow(400)
            .withTestDays(100)
            .withSimulations(500)
            .withLevels(0.9, 0.99);
    RiskReport report = study.onPrices(prices);
    assertFalse(report.toString().contains("[D@"), report.toString());
    assertEquals(RiskModels.names(), report.models().stream().map(RiskReport.Model::name).toList());
    assertEquals(1759, report.firstReturn());
    assertEquals("ewma", report.benchmark());
    for (RiskReport.Model model : report.models()) {
      assertEquals(100, model.days());
      assertEquals(model.name().startsWith("lstm") ? 4 : 100, model.refits());
      assertTrue(model.seconds() > 0);
      for (RiskReport.Level level : model.levels()) {
        for (int t = 0; t < 100; t++) {
          assertTrue(level.tailMeans()[t] < level.quantiles()[t]);
          assertTrue(level.quantiles()[t] < 0);
        }
        assertEquals(model.name().equals("ewma"), level.dieboldMariano().isEmpty());
        assertTrue(level.acerbiSzekely().pValue() > 0 && level.dynamicQuantile().pValue() > 0);
      }
      double[] outer = model.levels().get(1).quantiles();
      double[] inner = model.levels().get(0).quantiles();
      assertTrue(outer[50] < inner[50]);
    }
    RiskReport again = study.onPrices(prices);
    for (int m = 0; m < ALL.size(); m++) {
      RiskReport.Level first = report.models().get(m).levels().get(1);
      RiskReport.Level second = again.models().get(m).levels().get(1);
      assertArrayEquals(first.quantiles(), second.quantiles());
      assertEquals(first.acerbiSzekely(), second.acerbiSzekely());
    }
  }

  @Test
  void comparesWithTheBenchmarkAlsoWhereItIsNotListed() {
    double[] returns = EuStocks.returns("DAX");
    RiskStudy alone =
        RiskStudy.of(HistoricalSimulation.of())
            .withWindow(100)
            .withTestDays(50)
            .withSimulations(10);
    Optional<TestResult> test =
        alone.onReturns(returns).models().get(0).levels().get(0).dieboldMariano();
    Forecasts ewma = RollingForecast.of(100, 50).run(Ewma.of(), returns);
    Forecasts historical = RollingForecast.of(100, 50).run(HistoricalSimulation.of(), returns);
    TestResult expected =
        DieboldMarianoTest.of(
            PinballLoss.of(historical.returns(), historical.quantiles(0.05), 0.05),
            PinballLoss.of(ewma.returns(), ewma.quantiles(0.05), 0.05));
    assertEquals(Optional.of(expected), test);
  }

  /** The second model is cancelled: the first is whole, the second has what it had. */
  @Test
  void reportsWhatWasDoneWhenCancelled() {
    double[] returns = EuStocks.returns("DAX");
    RiskStudy study =
        RiskStudy.of(HistoricalSimulation.of(), Garch.normal(), Garch.studentT())
            .withWindow(100)
            .withTestDays(60)
            .withSimulations(10);
    RiskReport whole = study.onReturns(returns);
    for (int days : new int[] {19, 20, 41}) {
      List<Progress> told = new ArrayList<>();
      RiskOptions options =
          RiskOptions.defaults()
              .withListener(told::add)
              .withCancelled(() -> told.size() == 60 + days);
      RiskReport report = study.withOptions(options).onReturns(returns);
      assertEquals(RiskStop.CANCELLED, report.stopReason());
      assertEquals(days < 20 ? 1 : 2, report.models().size());
      assertEquals(60, report.models().get(0).days());
      assertEquals(
          whole.models().get(0).levels().get(0).coverage(),
          report.models().get(0).levels().get(0).coverage());
      assertEquals(new RiskProgress("garch", 1, 3, days, 60), told.get(59 + days));
      if (days >= 20) {
        RiskReport.Model garch = report.model("garch");
        assertEquals(days, garch.days());
        assertArrayEquals(
            Arrays.copyOf(whole.model("garch").levels().get(1).quantiles(), days),
            garch.levels().get(1).quantiles());
        assertEquals(days * 0.05, garch.levels().get(0).coverage().expected(), 1e-12);
        assertTrue(garch.levels().get(0).dieboldMariano().isPresent());
      }
    }
    RiskReport late =
        study.withOptions(RiskOptions.defaults().withTimeLimit(Duration.ZERO)).onReturns(returns);
    assertEquals(RiskStop.TIME_LIMIT, late.stopReason());
    assertEquals(List.of(), late.models());
    assertEquals(RiskStop.COMPLETED, whole.stopReason());
  }

  @Test
  void refusesBadInput() {
    RiskStudy study = RiskStudy.of(Ewma.of());
    for (double level : new double[] {0.5, 1, 0.01, Double.NaN, -1}) {
      assertMessage("level is " + level, () -> study.withLevels(0.95, level));
    }
    assertMessage("levels", () -> study.withLevels());
    assertMessage("must be different", () -> study.withLevels(0.9, 0.9));
    assertMessage("window is 10", () -> study.withWindow(10));
    assertMessage("testDays is 19", () -> study.withTestDays(19));
    assertMessage("simulations is 0", () -> study.withSimulations(0));
    assertMessage("different names", () -> RiskStudy.of(Ewma.of(), Ewma.of(0.9)));
    assertMessage("models is empty", () -> RiskStudy.of());
    double[] prices = new double[1500];
    Arrays.fill(prices, 1);
    assertMessage(
        "there are 1500 prices, must be at least window + test days + 1 = 1501",
        () -> study.onPrices(prices));
    double[] missing = EuStocks.prices("DAX");
    missing[7] = Double.NaN;
    assertThrows(UnusableDataException.class, () -> study.onPrices(missing));
    assertMessage("price in row 8 is NaN", () -> study.onPrices(missing));
    assertMessage(
        "model is 'garch'",
        () ->
            new RiskReport(60, 20, 0, new double[0], "ewma", List.of(), RiskStop.COMPLETED)
                .model("garch"));
  }

  private static void assertMessage(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
