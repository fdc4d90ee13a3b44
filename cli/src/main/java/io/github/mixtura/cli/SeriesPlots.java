package io.github.mixtura.cli;

import io.github.mixtura.gp.SeriesForecast;
import java.awt.Color;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** Pictures of series and what is forecast of them. */
public final class SeriesPlots {
  private SeriesPlots() {}

  /**
   * Draws a series, the median of a forecast of its last values, and the forecast's band.
   *
   * @param values the whole series, held-out values last
   * @param forecast made from the values before them
   * @return the picture
   */
  public static Plot forecast(double[] values, SeriesForecast forecast) {
    int held = forecast.median().length;
    int known = values.length - held;
    if (known < 1) {
      throw new IllegalArgumentException(
          "forecast has " + held + " values, must have fewer than the series: " + values.length);
    }
    String title = "forecast of the last " + held + " values, with its band";
    XYChart chart = Plots.chart(title, "time", "value");
    double[] later = IntStream.range(known, values.length).asDoubleStream().toArray();
    Plots.band(chart, later, forecast.lower(), forecast.upper());
    Plots.line(
        chart,
        "series",
        IntStream.range(0, values.length).asDoubleStream().toArray(),
        Arrays.copyOf(values, values.length),
        new Color(0x404040));
    Plots.line(chart, "forecast", later, forecast.median(), new Color(0xB2182B));
    return new Plot(chart, title);
  }
}
