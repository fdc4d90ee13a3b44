package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.execution.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RollingForecastTest {
  static List<String> models() {
    return RiskModels.names();
  }

  /** Alters all prices from a test day on: forecasts up to that day stay, bit for bit. */
  @ParameterizedTest
  @MethodSource("models")
  void looksAtNothingFromTheDayOn(String name) {
    double[] prices = Arrays.copyOf(EuStocks.prices("DAX"), 341);
    RollingForecast rolling = RollingForecast.of(300, 40);
    Forecasts plain = rolling.run(RiskModels.named(name, 1), Returns.percent(prices));
    for (int day : new int[] {0, 1, 17, 39}) {
      double[] altered = prices.clone();
      for (int i = 301 + day; i < altered.length; i++) {
        altered[i] = 50 + 400 * (i % 3);
      }
      Forecasts other = rolling.run(RiskModels.named(name, 1), Returns.percent(altered));
      for (double p : new double[] {0.01, 0.05}) {
        double[] before = Arrays.copyOf(plain.quantiles(p), day + 1);
        assertArrayEquals(before, Arrays.copyOf(other.quantiles(p), day + 1));
        assertArrayEquals(
            Arrays.copyOf(plain.tailMeans(p), day + 1), Arrays.copyOf(other.tailMeans(p), day + 1));
        if (day < 39) {
          assertNotEquals(plain.quantiles(p)[39], other.quantiles(p)[39]);
        }
      }
    }
  }

  @Test
  void showsWindowsThatEndTheDayBeforeAndKeepsTheSchedule() {
    List<Double> refitEnds = new ArrayList<>();
    List<Double> forecastEnds = new ArrayList<>();
    RiskModel spy =
        new RiskModel() {
          @Override
          public String name() {
            return "spy";
          }

          @Override
          public Forecaster start() {
            return new Forecaster() {
              @Override
              public List<String> refit(double[] window) {
                assertEquals(60, window.length);
                refitEnds.add(window[59]);
                return List.of("seen");
              }

              @Override
              public RiskForecast forecast(double[] window) {
                assertEquals(60, window.length);
                forecastEnds.add(window[59]);
                return RiskForecast.ofSample(window);
              }
            };
          }
        };
    double[] returns = new double[100];
    Arrays.setAll(returns, i -> i);
    Forecasts forecasts = RollingForecast.of(60, 10).run(spy.refittedEvery(4), returns);
    assertEquals(List.of(89.0, 93.0, 97.0), refitEnds);
    assertEquals(List.of(89.0, 90.0, 91.0, 92.0, 93.0, 94.0, 95.0, 96.0, 97.0, 98.0), forecastEnds);
    assertEquals(3, forecasts.refits());
    assertEquals("spy", forecasts.model());
    assertEquals(90, forecasts.firstReturn());
    assertEquals(new Forecasts.Finding(4, "seen"), forecasts.findings().get(1));
    assertEquals(90.0, forecasts.returns()[0]);
  }

  @Test
  void forecastsMoveBetweenRefits() {
    double[] returns = EuStocks.returns("SMI");
    for (RiskModel model : List.of(Garch.normal(), RegimeSwitching.of())) {
      Forecasts forecasts = RollingForecast.of(400, 10).run(model.refittedEvery(10), returns);
      assertEquals(1, forecasts.refits());
      assertNotEquals(forecasts.quantiles(0.01)[0], forecasts.quantiles(0.01)[5]);
    }
  }

  @Test
  void endsEarlyWithWhatItHas() {
    double[] returns = EuStocks.returns("DAX");
    List<Progress> told = new ArrayList<>();
    RiskOptions options =
        RiskOptions.defaults().withListener(told::add).withCancelled(() -> told.size() == 7);
    Forecasts whole = RollingForecast.of(100, 20).run(Garch.normal(), returns);
    Forecasts some = RollingForecast.of(100, 20).options(options).run(Garch.normal(), returns);
    assertEquals(RiskStop.COMPLETED, whole.stopReason());
    assertEquals(RiskStop.CANCELLED, some.stopReason());
    assertEquals(new RiskProgress("garch", 0, 1, 7, 20), told.get(6));
    assertEquals("model 1/1, garch, test day 7/20", told.get(6).text());
    assertEquals(0.35, told.get(6).fraction(), 0);
    assertArrayEquals(Arrays.copyOf(whole.quantiles(0.01), 7), some.quantiles(0.01));
    assertArrayEquals(Arrays.copyOf(whole.returns(), 7), some.returns());
    assertEquals(whole.firstReturn(), some.firstReturn());
    RiskOptions late = RiskOptions.defaults().withTimeLimit(Duration.ZERO);
    Forecasts none = RollingForecast.of(100, 20).options(late).run(Garch.normal(), returns);
    assertEquals(RiskStop.TIME_LIMIT, none.stopReason());
    assertEquals(0, none.daily().size());
    RiskOptions endless = RiskOptions.defaults().withTimeLimit(Duration.ofSeconds(Long.MAX_VALUE));
    Forecasts all = RollingForecast.of(100, 20).options(endless).run(Ewma.of(), returns);
    assertEquals(RiskStop.COMPLETED, all.stopReason());
    assertMessage(
        "timeLimit is PT-1S", () -> RiskOptions.defaults().withTimeLimit(Duration.ofSeconds(-1)));
  }

  @Test
  void refusesBadInput() {
    assertMessage("window is 49, must be at least 50", () -> RollingForecast.of(49, 10));
    assertMessage("testDays is 0, must be at least 1", () -> RollingForecast.of(50, 0));
    RollingForecast rolling = RollingForecast.of(50, 10);
    assertMessage(
        "window + test days = 50 + 10 = 60", () -> rolling.run(Ewma.of(), new double[59]));
    double[] returns = new double[60];
    returns[4] = Double.NaN;
    assertMessage("return in row 5 is NaN", () -> rolling.run(Ewma.of(), returns));
    assertMessage("days is 0", () -> Ewma.of().refittedEvery(0));
    assertMessage("decay is 1.0", () -> Ewma.of(1));
    assertMessage("model is 'gaarch'", () -> RiskModels.named("gaarch", 1));
    assertMessage("price in row 3 is NaN", () -> Returns.percent(1, 2, Double.NaN, 3));
    assertMessage("price in row 2 is 0.0, must be positive", () -> Returns.percent(1, 0));
    assertMessage("price in row 1 is -1.0", () -> Returns.percent(-1, 2));
    assertMessage("there are 1 prices", () -> Returns.percent(1));
  }

  @Test
  void namesModelAndDayOfAConstantWindow() {
    double[] returns = new double[70];
    returns[2] = 1;
    for (String name : List.of("garch", "garch-t", "mixture", "regime")) {
      UnusableDataException e =
          assertThrows(
              UnusableDataException.class,
              () -> RollingForecast.of(60, 10).run(RiskModels.named(name, 1), returns));
      assertTrue(e.getMessage().startsWith(name + ", test day "), e.getMessage());
      assertTrue(e.getMessage().contains("all 60 returns of the window are 0.0"), e.getMessage());
    }
    assertMessage(
        "ewma, test day 4: all 60 returns of the window are 0",
        () -> RollingForecast.of(60, 10).run(Ewma.of(), returns));
    assertEquals(
        0, RollingForecast.of(60, 10).run(HistoricalSimulation.of(), returns).quantiles(0.01)[9]);
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("full")
  void forecastsAreNumbersOnStrangeSeries(String name) {
    Random random = new Random(12);
    for (int draw = 0; draw < 60; draw++) {
      int kind = draw % 6;
      double scale = Math.pow(10, random.nextInt(17) - 8);
      double[] returns = new double[72];
      for (int t = 0; t < returns.length; t++) {
        double z = random.nextGaussian();
        returns[t] =
            scale
                * switch (kind) {
                  case 0 -> random.nextInt(5) == 0 ? z : 0;
                  case 1 -> t == 65 ? 1e6 : z;
                  case 2 -> random.nextInt(3) - 1;
                  case 3 -> 1 + 1e-12 * z;
                  case 4 -> z * Math.pow(10, -t / 8.0);
                  default -> z / random.nextDouble();
                };
      }
      Forecasts forecasts;
      try {
        forecasts = RollingForecast.of(60, 12).run(RiskModels.named(name, 1), returns);
      } catch (UnusableDataException e) {
        throw new AssertionError(name + ", draw " + draw + ": " + e.getMessage(), e);
      }
      for (RiskForecast forecast : forecasts.daily()) {
        double q = forecast.quantile(0.01);
        double mean = forecast.tailMean(0.01);
        assertTrue(Double.isFinite(q) && mean <= q + 1e-12 * Math.abs(q), "draw " + draw);
        assertTrue(Double.isFinite(mean), "draw " + draw);
      }
    }
  }

  private static void assertMessage(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
