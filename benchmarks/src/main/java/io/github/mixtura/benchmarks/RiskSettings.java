package io.github.mixtura.benchmarks;

import io.github.mixtura.data.CsvReader;
import io.github.mixtura.mdn.Lstm;
import io.github.mixtura.mdn.TrainingOptions;
import io.github.mixtura.mdn.risk.Ewma;
import io.github.mixtura.mdn.risk.Forecasts;
import io.github.mixtura.mdn.risk.Garch;
import io.github.mixtura.mdn.risk.LstmMixture;
import io.github.mixtura.mdn.risk.PinballLoss;
import io.github.mixtura.mdn.risk.Returns;
import io.github.mixtura.mdn.risk.RiskModel;
import io.github.mixtura.mdn.risk.RollingForecast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Settings of the network {@code lstm-mdn} on the days before the test part of {@link
 * RiskComparison}: windows of 800 returns, all later days but the last 500, four series, seeds 1 to
 * 3. The test days are cut off before anything is computed.
 *
 * <p>Each series is taken as it is, and with the returns after the first window multiplied by a
 * factor that grows from 1 to 3: a market that becomes three times as volatile as any that the
 * network has learnt from. Printed is the pinball loss, pooled over the series and averaged over
 * the seeds, relative to the better of EWMA and GARCH; the settings with the smallest mean over
 * both levels and both kinds of series were taken.
 */
public final class RiskSettings {
  private static final List<String> SERIES = List.of("DAX", "SMI", "CAC", "FTSE");
  private static final double[] ALPHAS = {0.05, 0.01};

  private final List<double[]> plain = new ArrayList<>();
  private final List<double[]> stressed = new ArrayList<>();
  private final int window;

  /**
   * Settings to try.
   *
   * @param units of the LSTM
   * @param lookback days it sees
   * @param rate step size
   * @param decay λ of the weight decay
   * @param divergence λ of the penalty on the mean weights
   */
  record Settings(int units, int lookback, double rate, double decay, double divergence) {
    RiskModel model(long seed) {
      LstmMixture model = LstmMixture.regularised(seed);
      TrainingOptions options =
          model
              .training()
              .withLearningRate(rate)
              .withWeightDecay(decay)
              .withWeightDivergence(divergence);
      return model.network(Lstm.of(units), lookback).training(options);
    }
  }

  private static final List<Settings> GRID =
      List.of(
          new Settings(8, 20, 0.003, 0.003, 0.01),
          new Settings(8, 10, 0.003, 0.003, 0.01),
          new Settings(16, 20, 0.003, 0.003, 0.01),
          new Settings(8, 20, 0.01, 0.003, 0.01),
          new Settings(8, 20, 0.003, 0.001, 0.01),
          new Settings(8, 20, 0.003, 0.01, 0.01),
          new Settings(8, 20, 0.003, 0.003, 0.1),
          new Settings(8, 20, 0.003, 0, 0));

  RiskSettings(Path file, int window, int testDays, List<String> series) throws IOException {
    this.window = window;
    for (String name : series) {
      double[] prices = CsvReader.of(file).columns(List.of(name)).read().column(0);
      double[] all = Returns.percent(prices);
      double[] before = Arrays.copyOf(all, all.length - testDays);
      plain.add(before);
      stressed.add(stressed(before));
    }
  }

  private double[] stressed(double[] returns) {
    double[] result = returns.clone();
    for (int t = window; t < result.length; t++) {
      result[t] *= 1 + 2.0 * (t - window) / (result.length - 1 - window);
    }
    return result;
  }

  /**
   * Prints a line of comma-separated values for each setting.
   *
   * @param arguments the file of prices
   * @throws IOException if it cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    RiskSettings study = new RiskSettings(Path.of(arguments[0]), 800, 500, SERIES);
    System.out.println(
        "units,lookback,rate,decay,divergence,plain95,plain99,stressed95,stressed99,mean");
    for (Settings settings : GRID) {
      double[] ratio = study.ratios(settings, 3);
      System.out.printf(
          Locale.ROOT,
          "%d,%d,%s,%s,%s,%.4f,%.4f,%.4f,%.4f,%.4f%n",
          settings.units(),
          settings.lookback(),
          settings.rate(),
          settings.decay(),
          settings.divergence(),
          ratio[0],
          ratio[1],
          ratio[2],
          ratio[3],
          Arrays.stream(ratio).average().orElseThrow());
    }
  }

  /** Plain at both levels, then stressed at both. */
  double[] ratios(Settings settings, int seeds) {
    return Stream.of(plain, stressed)
        .flatMapToDouble(series -> Arrays.stream(ratios(series, settings, seeds)))
        .toArray();
  }

  private double[] ratios(List<double[]> series, Settings settings, int seeds) {
    double[] loss = losses(series, settings::model, seeds);
    double[] ewma = losses(series, seed -> Ewma.of(), 1);
    double[] garch = losses(series, seed -> Garch.normal(), 1);
    Arrays.setAll(loss, l -> loss[l] / Math.min(ewma[l], garch[l]));
    return loss;
  }

  /** Pooled pinball loss at each level, mean over the seeds. */
  private double[] losses(List<double[]> series, LongFunction<RiskModel> model, int seeds) {
    double[][] each =
        IntStream.range(0, series.size() * seeds)
            .parallel()
            .mapToObj(i -> losses(model.apply(1 + i % seeds), series.get(i / seeds)))
            .toArray(double[][]::new);
    double[] mean = new double[ALPHAS.length];
    for (double[] one : each) {
      Arrays.setAll(mean, l -> mean[l] + one[l] / each.length);
    }
    return mean;
  }

  private double[] losses(RiskModel model, double[] returns) {
    Forecasts forecasts = RollingForecast.of(window, returns.length - window).run(model, returns);
    double[] losses = new double[ALPHAS.length];
    Arrays.setAll(
        losses,
        l ->
            Arrays.stream(
                    PinballLoss.of(forecasts.returns(), forecasts.quantiles(ALPHAS[l]), ALPHAS[l]))
                .average()
                .orElseThrow());
    return losses;
  }
}
