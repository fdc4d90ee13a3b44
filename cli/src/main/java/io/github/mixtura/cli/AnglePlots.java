package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;
import io.github.mixtura.mixture.Mixture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of laws of pairs of angles. */
public final class AnglePlots {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 780;
  private static final int CELLS = 240;
  private static final double[] SHARES = {0.95, 0.8, 0.5};
  private static final Color[] LIGHT_TO_DARK = {
    new Color(0x9ECAE1), new Color(0x4292C6), new Color(0x08519C)
  };

  private AnglePlots() {}

  /**
   * Draws pairs of angles as points, and around them the borders of the smallest regions that hold
   * half, 80 % and 95 % of a mixture's probability; for backbone torsions φ and ψ this is a
   * Ramachandran plot. Axes are in degrees, −180 to 180.
   *
   * @param mixture of two angles in radians, such as one of von Mises components
   * @param angles rows of two angles in radians
   * @return the picture
   * @throws IllegalArgumentException if mixture or data have not two columns
   */
  public static Plot density(Mixture<?> mixture, Observations angles) {
    if (mixture.dimension() != 2 || angles.columns() != 2) {
      throw new IllegalArgumentException(
          "mixture has "
              + mixture.dimension()
              + " columns and the data have "
              + angles.columns()
              + ", must both have 2");
    }
    String title = angles.rows() + " pairs of angles and where a mixture expects them";
    List<String> names = angles.columnNames();
    XYChart chart =
        Plots.chart(WIDTH, HEIGHT, title, names.get(0) + ", degrees", names.get(1) + ", degrees");
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setXAxisMin(-180.0).setXAxisMax(180.0);
    chart.getStyler().setYAxisMin(-180.0).setYAxisMax(180.0);
    chart.getStyler().setXAxisTickMarkSpacingHint(90).setYAxisTickMarkSpacingHint(90);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setYAxisDecimalPattern("0");
    double[][] log = grid(mixture);
    double[] levels = levels(log);
    for (int l = 0; l < levels.length; l++) {
      List<double[]> points = contour(log, levels[l]);
      XYSeries border =
          Plots.line(
              chart,
              String.format(Locale.ROOT, "%.0f %% of the mixture", 100 * SHARES[l]),
              points.stream().mapToDouble(p -> p[0]).toArray(),
              points.stream().mapToDouble(p -> p[1]).toArray(),
              LIGHT_TO_DARK[l]);
      border.setLineStyle(new BasicStroke(2.2f));
      border.setShowInLegend(true);
    }
    XYSeries data = chart.addSeries("data", degrees(angles.column(0)), degrees(angles.column(1)));
    data.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    data.setMarker(SeriesMarkers.CIRCLE);
    data.setMarkerColor(new Color(0xD5, 0x5E, 0x00, 170));
    return new Plot(chart, title);
  }

  private static double[] degrees(double[] radians) {
    return Arrays.stream(radians)
        .map(v -> Math.toDegrees(Math.IEEEremainder(v, 2 * Math.PI)))
        .toArray();
  }

  private static double angle(int i) {
    return -180 + 360.0 * i / CELLS;
  }

  private static double[][] grid(Mixture<?> mixture) {
    double[][] log = new double[CELLS + 1][CELLS + 1];
    for (int i = 0; i <= CELLS; i++) {
      for (int j = 0; j <= CELLS; j++) {
        log[i][j] = mixture.logDensity(Math.toRadians(angle(i)), Math.toRadians(angle(j)));
      }
    }
    return log;
  }

  /** Log-densities above which the shares of the probability lie. */
  private static double[] levels(double[][] log) {
    double[] sorted = new double[CELLS * CELLS];
    for (int i = 0; i < CELLS; i++) {
      System.arraycopy(log[i], 0, sorted, i * CELLS, CELLS);
    }
    Arrays.sort(sorted);
    double total = Arrays.stream(sorted).map(Math::exp).sum();
    double[] levels = new double[SHARES.length];
    double sum = 0;
    int next = sorted.length - 1;
    for (int l = SHARES.length - 1; l >= 0; l--) {
      while (sum < SHARES[l] * total && next >= 0) {
        sum += Math.exp(sorted[next--]);
      }
      levels[l] = sorted[next + 1];
    }
    return levels;
  }

  /** Pieces of the border between higher and lower values, with gaps between them. */
  private static List<double[]> contour(double[][] log, double level) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < CELLS; i++) {
      for (int j = 0; j < CELLS; j++) {
        triangle(log, level, points, i, j, i + 1, j, i + 1, j + 1);
        triangle(log, level, points, i, j, i, j + 1, i + 1, j + 1);
      }
    }
    return points;
  }

  private static void triangle(
      double[][] log, double level, List<double[]> points, int... corners) {
    List<double[]> ends = new ArrayList<>();
    for (int side = 0; side < 3; side++) {
      int i = corners[2 * side];
      int j = corners[2 * side + 1];
      int k = corners[(2 * side + 2) % 6];
      int l = corners[(2 * side + 3) % 6];
      double from = log[i][j] - level;
      double to = log[k][l] - level;
      if (from < 0 != to < 0) {
        double share = from / (from - to);
        ends.add(
            new double[] {
              angle(i) + share * (angle(k) - angle(i)), angle(j) + share * (angle(l) - angle(j))
            });
      }
    }
    if (ends.size() == 2) {
      points.addAll(ends);
      points.add(new double[] {ends.get(1)[0], Double.NaN});
    }
  }
}
