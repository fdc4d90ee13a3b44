package io.github.mixtura.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws how the time of an iteration grows with n, d and K, from the files of {@link CostStudy}.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar io.github.mixtura.benchmarks.CostPlot \
 *     docs/images/cost.png benchmarks/results/cost-java.csv benchmarks/results/cost-vector.csv
 * }</pre>
 */
public final class CostPlot {
  private static final Color[] COLORS = {new Color(0x0072B2), new Color(0xD55E00)};

  private CostPlot() {}

  /**
   * Writes one picture.
   *
   * @param arguments the picture, then result files named {@code …-BACKEND.csv}
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("java.awt.headless", "true");
    List<XYChart> charts = new ArrayList<>();
    String[] studies = {"n", "d", "K"};
    String[] titles = {"d = 2, K = 4", "K = 4", "n = 100 000, d = 4"};
    for (int s = 0; s < studies.length; s++) {
      XYChart chart =
          new XYChartBuilder()
              .width(600)
              .height(480)
              .title(titles[s])
              .xAxisTitle(studies[s])
              .yAxisTitle(studies[s].equals("d") ? "ns per row and component" : "ms per iteration")
              .build();
      chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
      chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
      chart.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
      for (int f = 1; f < arguments.length; f++) {
        addSeries(chart, Path.of(arguments[f]), studies[s], COLORS[f - 1]);
      }
      charts.add(chart);
    }
    BitmapEncoder.saveBitmap(charts, 1, 3, arguments[0], BitmapFormat.PNG);
  }

  private static void addSeries(XYChart chart, Path file, String study, Color color)
      throws IOException {
    Map<Double, List<Double>> points = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(",");
      if (words[0].equals(study)) {
        double n = Double.parseDouble(words[2]);
        double d = Double.parseDouble(words[3]);
        double k = Double.parseDouble(words[4]);
        double x = study.equals("n") ? n : study.equals("d") ? d : k;
        double ns = Double.parseDouble(words[6]);
        points
            .computeIfAbsent(x, key -> new ArrayList<>())
            .add(study.equals("d") ? ns : ns * n * k * 1e-6);
      }
    }
    double[] x = points.keySet().stream().mapToDouble(v -> v).toArray();
    double[] y = points.values().stream().mapToDouble(CostPlot::median).toArray();
    String name = file.getFileName().toString().replaceAll(".*-([a-z]+)\\.csv", "$1");
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(SeriesMarkers.CIRCLE);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
  }
}
