package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.mdn.Lstm;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LstmMixtureTest {
  private static final double[] DAX = Arrays.copyOf(EuStocks.returns("DAX"), 400);

  private static LstmMixture quick(LstmMixture model) {
    return model.network(Lstm.of(4), 5).training(model.training().withEpochs(5));
  }

  private static Forecasts run(RiskModel model, double... returns) {
    return RollingForecast.of(200, 60).run(model, returns);
  }

  @Test
  void aSeedGivesTheSameBits() {
    double[] first = run(quick(LstmMixture.regularised(1)), DAX).quantiles(0.01);
    assertArrayEquals(first, run(quick(LstmMixture.regularised(1)), DAX).quantiles(0.01));
    assertFalse(Arrays.equals(first, run(quick(LstmMixture.regularised(2)), DAX).quantiles(0.01)));
  }

  @Test
  void forecastsEveryDayAndRefitsEvery25() {
    Forecasts forecasts = run(quick(LstmMixture.plain(3, 1)), DAX);
    assertEquals("lstm-mdn-3", forecasts.model());
    assertEquals(3, forecasts.refits());
    assertEquals(3, forecasts.daily().get(0).mixture().orElseThrow().componentCount());
    double[] quantiles = forecasts.quantiles(0.01);
    for (int day = 1; day < 60; day++) {
      assertNotEquals(quantiles[day - 1], quantiles[day]);
      assertTrue(quantiles[day] < 0);
    }
    assertEquals(6, run(quick(LstmMixture.plain(2, 1)).refittedEvery(10), DAX).refits());
  }

  /** Percent or fractions: the forecasts are the same in other units. */
  @Test
  void unitsPlayNoPart() {
    double[] scaled = Arrays.stream(DAX).map(r -> r / 128).toArray();
    double[] first = run(quick(LstmMixture.regularised(1)), DAX).quantiles(0.01);
    double[] second = run(quick(LstmMixture.regularised(1)), scaled).quantiles(0.01);
    for (int day = 0; day < first.length; day++) {
      assertEquals(first[day], 128 * second[day], 1e-13 * -first[day]);
    }
  }

  /** With no epochs, what is left is scaling and EM: the last fifth of a window is in neither. */
  @Test
  void validationIsNotLearntFrom() {
    LstmMixture model = LstmMixture.plain(2, 1);
    LstmMixture untrained = model.training(model.training().withEpochs(0));
    double[] window = Arrays.copyOf(DAX, 300);
    double[] altered = window.clone();
    double[] early = window.clone();
    for (int i = 240; i < 300; i++) {
      altered[i] = 3 * window[i] + 1;
    }
    early[239] += 1;
    double[] other = Arrays.copyOfRange(DAX, 100, 400);
    double expected = afterRefit(untrained, window, other);
    assertEquals(expected, afterRefit(untrained, altered, other));
    assertNotEquals(expected, afterRefit(untrained, early, other));
  }

  private static double afterRefit(RiskModel model, double[] window, double[] forecast) {
    Forecaster forecaster = model.start();
    forecaster.refit(window);
    return forecaster.forecast(forecast).quantile(0.01);
  }

  @Test
  void thePenaltiesAreOnInTheRegularisedModelOnly() {
    assertEquals("lstm-mdn", LstmMixture.regularised(1).name());
    assertTrue(LstmMixture.regularised(1).training().weightDecay() > 0);
    assertTrue(LstmMixture.regularised(1).training().weightDivergence() > 0);
    assertEquals(0, LstmMixture.plain(2, 1).training().weightDecay());
    assertEquals(0, LstmMixture.plain(2, 1).training().weightDivergence());
  }

  @Test
  void timeLimitEndsTrainingNotForecasting() {
    LstmMixture model = LstmMixture.plain(2, 1);
    Forecasts forecasts = run(model.training(model.training().withTimeLimit(Duration.ZERO)), DAX);
    assertEquals(RiskStop.COMPLETED, forecasts.stopReason());
    assertEquals(60, forecasts.daily().size());
    assertTrue(
        forecasts.findings().stream()
            .anyMatch(
                f -> f.text().startsWith("the time limit of 0 s passed: the best parameters")),
        forecasts.findings().toString());
    Forecasts.Finding last = forecasts.findings().get(forecasts.findings().size() - 1);
    assertEquals(new Forecasts.Finding(50, "not re-fitted: the time limit had passed"), last);
    for (double q : forecasts.quantiles(0.01)) {
      assertTrue(q < 0 && q > -30, "" + q);
    }
  }

  @Test
  void aComponentOnTheZerosOfHolidaysIsReported() {
    Random random = new Random(3);
    double[] returns = new double[260];
    Arrays.setAll(returns, i -> i % 3 == 0 ? 0 : random.nextGaussian());
    LstmMixture model = LstmMixture.plain(2, 1).network(Lstm.of(4), 5);
    Forecasts forecasts = run(model, returns);
    assertTrue(
        forecasts.findings().stream().anyMatch(f -> f.text().contains("floor of its scale")),
        forecasts.findings().toString());
    for (double q : forecasts.quantiles(0.01)) {
      assertTrue(q < 0 && q > -30, "" + q);
    }
  }

  @Test
  void refusesBadInput() {
    assertMessage("components is 0", () -> LstmMixture.plain(0, 1));
    assertMessage("days is 0", () -> LstmMixture.plain(2, 1).network(Lstm.of(2), 0));
    assertMessage(
        "the window has 60 returns, must have at least 74",
        () ->
            LstmMixture.plain(2, 1)
                .network(Lstm.of(2), 48)
                .start()
                .refit(new Random(1).doubles(60).toArray()));
    assertThrows(IllegalStateException.class, () -> LstmMixture.plain(2, 1).start().forecast(DAX));
  }

  private static void assertMessage(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
