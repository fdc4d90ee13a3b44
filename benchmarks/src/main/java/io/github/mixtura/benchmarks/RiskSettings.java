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

/**
 * Settings of the network {@code lstm-mdn} on the days before the test part of {@link
 * RiskComparison}: windows of 800 returns, all later days but the last 500, four series, seeds 1 to
 * 3. The test days are cut off before anything is computed.
 *
 * <p>Printed is the pinball loss, pooled over the series and averaged over the seeds, relative to
 * the better of EWMA and GARCH; the settings with the smallest mean of both levels were taken.
 */
public final class RiskSettings {
  private static final List<String> SERIES = List.of("DAX", "SMI", "CAC", "FTSE");
  private static final double[] ALPHAS = {0.05, 0.01};

  private final List<double[]> returns = new ArrayList<>();
  private final int window;
  private final double[] best;

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
          new Settings(8, 10, 0.003, 0.01, 0.01),
          new Settings(8, 20, 0.003, 0.01, 0.01),
          new Settings(8, 40, 0.003, 0.01, 0.01),
          new Settings(16, 10, 0.003, 0.01, 0.01),
          new Settings(16, 20, 0.003, 0.01, 0.01),
          new Settings(8, 10, 0.01, 0.01, 0.01),
          new Settings(8, 20, 0.01, 0.01, 0.01),
          new Settings(8, 20, 0.003, 0.003, 0.01),
          new Settings(8, 20, 0.003, 0.03, 0.01),
          new Settings(8, 20, 0.003, 0.01, 0.1),
          new Settings(8, 20, 0.003, 0.01, 0.001),
          new Settings(8, 20, 0.003, 0, 0));

  RiskSettings(Path file, int window, int testDays, List<String> series) throws IOException {
    this.window = window;
    for (String name : series) {
      double[] prices = CsvReader.of(file).columns(List.of(name)).read().column(0);
      double[] all = Returns.percent(prices);
      returns.add(Arrays.copyOf(all, all.length - testDays));
    }
    double[] ewma = losses(seed -> Ewma.of(), 1);
    double[] garch = losses(seed -> Garch.normal(), 1);
    best = new double[ALPHAS.length];
    Arrays.setAll(best, l -> Math.min(ewma[l], garch[l]));
  }

  /**
   * Prints a line of comma-separated values for each setting.
   *
   * @param arguments the file of prices
   * @throws IOException if it cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    RiskSettings study = new RiskSettings(Path.of(arguments[0]), 800, 500, SERIES);
    System.out.println("units,lookback,rate,decay,divergence,loss95,loss99,mean,seconds");
    for (Settings settings : GRID) {
      long begin = System.nanoTime();
      double[] ratio = study.ratios(settings, 3);
      System.out.printf(
          Locale.ROOT,
          "%d,%d,%s,%s,%s,%.4f,%.4f,%.4f,%.1f%n",
          settings.units(),
          settings.lookback(),
          settings.rate(),
          settings.decay(),
          settings.divergence(),
          ratio[0],
          ratio[1],
          0.5 * (ratio[0] + ratio[1]),
          1e-9 * (System.nanoTime() - begin));
    }
  }

  double[] ratios(Settings settings, int seeds) {
    double[] loss = losses(settings::model, seeds);
    Arrays.setAll(loss, l -> loss[l] / best[l]);
    return loss;
  }

  /** Pooled pinball loss at each level, mean over the seeds. */
  private double[] losses(LongFunction<RiskModel> model, int seeds) {
    double[] mean = new double[ALPHAS.length];
    for (double[] series : returns) {
      RollingForecast rolling = RollingForecast.of(window, series.length - window);
      for (int seed = 1; seed <= seeds; seed++) {
        Forecasts forecasts = rolling.run(model.apply(seed), series);
        for (int l = 0; l < ALPHAS.length; l++) {
          double[] losses =
              PinballLoss.of(forecasts.returns(), forecasts.quantiles(ALPHAS[l]), ALPHAS[l]);
          mean[l] += Arrays.stream(losses).average().orElseThrow() / seeds / returns.size();
        }
      }
    }
    return mean;
  }
}
