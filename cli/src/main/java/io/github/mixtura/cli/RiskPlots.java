package io.github.mixtura.cli;

import io.github.mixtura.mdn.risk.RiskReport;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of risk forecasts. */
public final class RiskPlots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 460;
  private static final Color RETURNS = new Color(0xB8B8B8);

  private RiskPlots() {}

  /**
   * Draws the returns of the test days as bars, the quantiles that the models of a report forecast
   * as lines, and below a mark in the model's colour for each day whose return fell short of it.
   *
   * @param report the report
   * @param level one of its levels, for example 0.99
   * @param models names of the models to draw; all of the report where there is none
   * @return the picture
   * @throws IllegalArgumentException if the report has no such level or model
   */
  public static Plot forecasts(RiskReport report, double level, String... models) {
    String[] names =
        models.length > 0
            ? models
            : report.models().stream().map(RiskReport.Model::name).toArray(String[]::new);
    double[] returns = report.returns();
    String title =
        "returns and minus Value-at-Risk of level " + level + ", a day ahead; marks: days below it";
    XYChart chart = Plots.chart(WIDTH, HEIGHT, title, "row of prices", "return, %");
    bars(chart, report);
    double low = Arrays.stream(returns).min().orElse(0);
    double high = Arrays.stream(returns).max().orElse(0);
    RiskReport.Level[] drawn = new RiskReport.Level[names.length];
    for (int m = 0; m < names.length; m++) {
      drawn[m] = level(report, level, names[m]);
      low = Math.min(low, Arrays.stream(drawn[m].quantiles()).min().orElse(0));
    }
    double step = 0.05 * (high - low);
    for (int m = 0; m < names.length; m++) {
      Color color = Plots.color(m);
      double[] quantiles = drawn[m].quantiles();
      String name = String.format("%s (%d hits)", names[m], drawn[m].coverage().hits());
      XYSeries line = Plots.line(chart, name, rows(report, quantiles.length), quantiles, color);
      line.setLineStyle(new BasicStroke(1.6f));
      line.setShowInLegend(true);
      marks(chart, names[m], report, quantiles, low - (m + 1) * step, color);
    }
    chart.getStyler().setYAxisMin(low - (names.length + 1) * step);
    chart.getStyler().setYAxisMax(high + step);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setXAxisDecimalPattern("0");
    // Values that are equally spaced to the ends would be labelled at odd steps.
    chart.getStyler().setXAxisMin(report.firstReturn() + 2 - 2.5);
    chart.getStyler().setXAxisMax(report.firstReturn() + report.testDays() + 1 + 2.5);
    return new Plot(chart, title);
  }

  private static RiskReport.Level level(RiskReport report, double level, String model) {
    return report.model(model).levels().stream()
        .filter(l -> l.level() == level)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "level is " + level + ", must be one of the report's"));
  }

  /** Rows of the prices, counted from 1; the first has no return. */
  private static double[] rows(RiskReport report, int days) {
    return IntStream.range(0, days).mapToDouble(day -> report.firstReturn() + day + 2).toArray();
  }

  /** One line that goes from zero to each return and back. */
  private static void bars(XYChart chart, RiskReport report) {
    double[] at = rows(report, report.testDays());
    double[] x = new double[3 * at.length];
    double[] y = new double[x.length];
    for (int day = 0; day < at.length; day++) {
      Arrays.fill(x, 3 * day, 3 * day + 3, at[day]);
      y[3 * day + 1] = report.returns()[day];
    }
    XYSeries bars = Plots.line(chart, "return", x, y, RETURNS);
    bars.setLineStyle(new BasicStroke(1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL));
    bars.setShowInLegend(true);
  }

  private static void marks(
      XYChart chart,
      String name,
      RiskReport report,
      double[] quantiles,
      double height,
      Color color) {
    double[] at = rows(report, quantiles.length);
    double[] hits =
        IntStream.range(0, at.length)
            .filter(day -> report.returns()[day] < quantiles[day])
            .mapToDouble(day -> at[day])
            .toArray();
    if (hits.length == 0) {
      return;
    }
    double[] heights = new double[hits.length];
    Arrays.fill(heights, height);
    XYSeries marks = chart.addSeries("hits of " + name, hits, heights);
    marks.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    marks.setMarker(SeriesMarkers.DIAMOND);
    marks.setMarkerColor(color);
    marks.setShowInLegend(false);
  }
}
