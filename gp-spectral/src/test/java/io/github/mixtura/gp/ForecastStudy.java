package io.github.mixtura.gp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints how well the last fifth of three series, and of parts of them, is forecast, and what
 * values changed by 1e-9 of themselves change. Argument: a file's name, default all.
 */
public final class ForecastStudy {
  private record Span(String file, int season, int from, int to) {}

  private record Score(double share, double coverage) {}

  private ForecastStudy() {}

  private static final List<Span> WHOLE =
      List.of(
          new Span("co2.csv", 12, 0, 468),
          new Span("airpassengers.csv", 12, 0, 144),
          new Span("sunspots.csv", 132, 0, 3177));

  /**
   * Prints two lines for each series.
   *
   * @param arguments files
   * @throws IOException if a file cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    for (Span whole : WHOLE) {
      if (arguments.length == 0 || Arrays.asList(arguments).contains(whole.file)) {
        List<Score> changed = new ArrayList<>();
        for (int digits = 0; digits < 4; digits++) {
          changed.add(score(whole, digits));
        }
        print(whole.file + ", other last digits", changed);
        List<Score> parts = new ArrayList<>();
        for (Span part : parts(whole)) {
          parts.add(score(part, 0));
        }
        print(whole.file + ", parts", parts);
      }
    }
  }

  private static List<Span> parts(Span whole) {
    List<Span> parts = new ArrayList<>();
    if (whole.file.startsWith("air")) {
      for (int to = 60; to <= 132; to += 12) {
        parts.add(new Span(whole.file, whole.season, 0, to));
      }
    } else {
      int length = whole.season == 12 ? 120 : 400;
      int step = whole.season == 12 ? 58 : 463;
      for (int from = 0; from + length <= whole.to; from += step) {
        parts.add(new Span(whole.file, whole.season, from, from + length));
      }
    }
    return parts;
  }

  private static Score score(Span span, int digits) throws IOException {
    double[] values =
        Arrays.copyOfRange(SpectralForecastTest.series(span.file), span.from, span.to);
    SpectralForecastTest.Fifth fifth = SpectralForecastTest.Fifth.of(values, 1e-9 * digits);
    SeriesForecast forecast = SpectralForecast.of(fifth.seen()).forecast(fifth.held().length);
    double error = forecast.rootMeanSquareError(fifth.held());
    double repeating = fifth.repeating(span.season);
    System.out.printf(
        Locale.ROOT,
        "  %s %d..%d: RMSE %.4g, repeating %.4g, coverage %.3f%n",
        span.file,
        span.from,
        span.to,
        error,
        repeating,
        forecast.coverage(fifth.held()));
    return new Score(error / repeating, forecast.coverage(fifth.held()));
  }

  private static void print(String what, List<Score> scores) {
    double[] shares = scores.stream().mapToDouble(Score::share).sorted().toArray();
    double[] covered = scores.stream().mapToDouble(Score::coverage).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%s (%d): RMSE %.2f to %.2f of repeating, mean %.2f; coverage %.3f to %.3f, mean %.3f%n",
        what,
        scores.size(),
        shares[0],
        shares[shares.length - 1],
        Arrays.stream(shares).average().orElseThrow(),
        covered[0],
        covered[covered.length - 1],
        Arrays.stream(covered).average().orElseThrow());
  }
}
