package io.github.mixtura.gp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectralForecastTest {

  static double[] series(String file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SpectralForecastTest.class.getResourceAsStream("/data/" + file),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .skip(1)
          .mapToDouble(line -> Double.parseDouble(line.split(",")[1]))
          .toArray();
    }
  }

  /** The season of the sunspots is eleven years, the fairer of the two choices. */
  @ParameterizedTest
  @CsvSource({"co2.csv, 12, 0.4", "airpassengers.csv, 12, 0.8", "sunspots.csv, 132, 0.9"})
  @Tag("full")
  void theLastFifthIsForecastBetterThanByRepeating(String file, int season, double share)
      throws IOException {
    SeriesForecast forecast = lastFifth(series(file), season, share, 0);
    int components = forecast.mixture().components().size() + forecast.removed().size();
    assertTrue(components >= 5 && components <= 10);
  }

  /** The likelihood has many maxima: which one is found must not decide what is forecast. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 2e-9, 1e-4})
  @Tag("full")
  void otherLastDigitsForecastAsWell(double size) throws IOException {
    lastFifth(series("airpassengers.csv"), 12, 0.8, size);
  }

  private static SeriesForecast lastFifth(double[] values, int season, double share, double size) {
    Fifth fifth = Fifth.of(values, size);
    SeriesForecast forecast = SpectralForecast.of(fifth.seen()).forecast(fifth.held().length);
    double error = forecast.rootMeanSquareError(fifth.held());
    double repeating = fifth.repeating(season);
    assertTrue(error < share * repeating, error + " beside " + repeating);
    double coverage = forecast.coverage(fifth.held());
    assertTrue(coverage >= 0.9, "coverage " + coverage);
    return forecast;
  }

  /** A series without its last fifth, its values changed by up to a share of themselves. */
  record Fifth(double[] values, double[] seen, double[] held) {
    static Fifth of(double[] values, double size) {
      int kept = values.length - values.length / 5;
      double[] seen = Arrays.copyOf(values, kept);
      for (int t = 0; t < kept; t++) {
        seen[t] *= 1 + size * Math.sin(7.0 * t * t);
      }
      return new Fifth(values, seen, Arrays.copyOfRange(values, kept, values.length));
    }

    /** Root mean square error of the forecast that repeats the last season. */
    double repeating(int season) {
      double[] naive =
          SeasonalNaive.forecast(Arrays.copyOf(values, seen.length), season, held.length);
      double sum = 0;
      for (int h = 0; h < held.length; h++) {
        sum += (naive[h] - held[h]) * (naive[h] - held[h]);
      }
      return Math.sqrt(sum / held.length);
    }
  }

  @Test
  void withoutTimeTheStartIsUsedAndNoHessianTaken() throws IOException {
    double[] values = series("sunspots.csv");
    SeriesForecast forecast = SpectralForecast.of(values).withTimeLimit(Duration.ZERO).forecast(5);
    assertTrue(forecast.logEvidence() == Double.NEGATIVE_INFINITY);
    for (int h = 0; h < 5; h++) {
      assertTrue(forecast.lower()[h] < forecast.upper()[h]);
    }
  }

  @Test
  void theRestrictedLikelihoodHasTheRightGradient() {
    double[] y = new double[90];
    for (int t = 0; t < y.length; t++) {
      y[t] = Math.sin(0.5 * t) + 0.02 * t + 0.3 * Math.sin(17.0 * t * t);
    }
    TrendedSeries series = new TrendedSeries(y);
    SpectralMixture mixture = SpectralStart.of(SpectralMixture.Bump.GAUSSIAN, 3, 1, y);
    double[] parameters = mixture.parameters();
    double[] gradient = new double[parameters.length + 1];
    double[] unused = new double[parameters.length + 1];
    series.logLikelihood(mixture, 0.1, gradient);
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    double h = 1e-6;
    for (int p = 0; p < parameters.length; p++) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[p] += h;
      down[p] -= h;
      double difference =
          (series.logLikelihood(mixture.withParameters(up), 0.1, unused)
                  - series.logLikelihood(mixture.withParameters(down), 0.1, unused))
              / (2 * h);
      assertEquals(difference, gradient[p], 1e-6 * largest, "parameter " + p);
    }
    double difference =
        (series.logLikelihood(mixture, 0.1 * Math.exp(h), unused)
                - series.logLikelihood(mixture, 0.1 * Math.exp(-h), unused))
            / (2 * h);
    assertEquals(difference, gradient[parameters.length], 1e-6 * largest);
  }

  @Test
  void aStraightLineGoesOn() {
    double[] values = new double[60];
    for (int t = 0; t < 60; t++) {
      values[t] = 5 - 0.5 * t + 1e-3 * Math.sin(97.0 * t * t);
    }
    SeriesForecast forecast = SpectralForecast.of(values).forecast(10);
    for (int h = 0; h < 10; h++) {
      assertEquals(5 - 0.5 * (60 + h), forecast.median()[h], 0.02);
      assertTrue(forecast.lower()[h] < forecast.upper()[h]);
    }
  }

  @Test
  void aNarrowerLevelIsInsideAWiderOne() throws IOException {
    double[] values = series("airpassengers.csv");
    SpectralForecast forecast = SpectralForecast.of(values).withMaxIterations(20);
    SeriesForecast wide = forecast.forecast(5);
    SeriesForecast narrow = forecast.withLevel(0.5).forecast(5);
    assertArrayEquals(wide.median(), narrow.median());
    for (int h = 0; h < 5; h++) {
      assertTrue(narrow.upper()[h] < wide.upper()[h] && narrow.lower()[h] > wide.lower()[h]);
    }
  }

  @Test
  void badInputIsNamed() throws IOException {
    double[] values = series("airpassengers.csv");
    assertMessage(
        "length of values is 2, must be 3 to 10000", () -> SpectralForecast.of(new double[2]));
    double[] bad = values.clone();
    bad[3] = Double.NaN;
    assertMessage("values[3] is NaN, must be finite", () -> SpectralForecast.of(bad));
    assertMessage(
        "horizon is 0, must be 1 to 10000", () -> SpectralForecast.of(values).forecast(0));
    assertMessage(
        "level is 1.0, must be in (0, 1)", () -> SpectralForecast.of(values).withLevel(1));
    assertThrows(
        CancellationException.class,
        () -> SpectralForecast.of(values).withCancelled(() -> true).forecast(3));
    assertMessage(
        "length of values is 2, must be at least 3",
        () -> SeasonalNaive.forecast(new double[2], 3, 1));
  }

  private static void assertMessage(String message, Runnable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run::run).getMessage());
  }
}
