package io.github.mixtura.cli;

import io.github.mixtura.codec.LawEntry;
import io.github.mixtura.codec.Laws;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.CellStatus;
import io.github.mixtura.em.selection.Selection;
import io.github.mixtura.mixture.Mixture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of fits and selections. */
public final class Plots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 620;
  private static final int CURVE_POINTS = 401;

  /** Okabe and Ito's colours, which are told apart by colour-blind people too. */
  private static final Color[] COLORS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x555555)
  };

  private Plots() {}

  /**
   * Draws a fit and its data: for one column a histogram with the densities, else the first two
   * columns as a scatter plot.
   *
   * @param fit the fit
   * @param observations the rows it was made from
   * @return the picture
   */
  public static Plot mixture(MixtureFit<?> fit, Observations observations) {
    return fit.mixture().dimension() == 1
        ? histogram(fit, observations)
        : mixture(fit, observations, 0, 1);
  }

  /**
   * Draws two columns of the data as a scatter plot, coloured by the most probable component, with
   * the components' centres and their ellipses at 1 and 2 standard deviations (of the scale matrix
   * for Student's t; none for angles).
   *
   * @param fit the fit
   * @param observations the rows it was made from
   * @param horizontal index from 0 of the column along x
   * @param vertical index from 0 of the column along y
   * @return the picture
   */
  public static Plot mixture(
      MixtureFit<?> fit, Observations observations, int horizontal, int vertical) {
    String title = FitText.name(fit) + (hasMatrix(fit) ? "; ellipses at 1 and 2 sd" : "");
    XYChart chart =
        chart(
            title,
            observations.columnNames().get(horizontal),
            observations.columnNames().get(vertical));
    int[] labels = fit.mixture().labels(observations);
    double[] x = observations.column(horizontal);
    double[] y = observations.column(vertical);
    for (int k = 0; k < fit.mixture().componentCount(); k++) {
      points(chart, k, fit.mixture().weight(k), x, y, labels);
    }
    for (int k = 0; k < fit.mixture().componentCount(); k++) {
      outline(chart, k, fit.mixture().component(k), horizontal, vertical);
    }
    legend(chart, fit.mixture().componentCount());
    return new Plot(chart, title);
  }

  /** A row below for a few entries, else a column at the side. */
  private static void legend(XYChart chart, int entries) {
    boolean few = entries <= 4;
    XYStyler styler = chart.getStyler();
    styler.setLegendPosition(few ? Styler.LegendPosition.OutsideS : Styler.LegendPosition.OutsideE);
    styler.setLegendLayout(few ? Styler.LegendLayout.Horizontal : Styler.LegendLayout.Vertical);
  }

  private static boolean hasMatrix(MixtureFit<?> fit) {
    Component first = fit.mixture().component(0);
    return Laws.of(first).map(entry -> entry.describe(first).matrix() != null).orElse(false);
  }

  private static void points(
      XYChart chart, int k, double weight, double[] x, double[] y, int[] labels) {
    int[] rows = IntStream.range(0, labels.length).filter(i -> labels[i] == k).toArray();
    if (rows.length == 0) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            String.format(Locale.ROOT, "component %d (weight %.3f)", k + 1, weight),
            Arrays.stream(rows).mapToDouble(i -> x[i]).toArray(),
            Arrays.stream(rows).mapToDouble(i -> y[i]).toArray());
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    Color color = color(k);
    series.setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 130));
  }

  private static void outline(
      XYChart chart, int k, Component component, int horizontal, int vertical) {
    LawEntry<Component> law = Laws.of(component).orElse(null);
    if (law == null) {
      return;
    }
    double[] centre = law.describe(component).columns().get(0).values();
    int number = 0;
    for (double[][] curve : law.outline(component, horizontal, vertical)) {
      number++;
      line(chart, "outline " + number + " of " + (k + 1), curve[0], curve[1], color(k).darker())
          .setLineStyle(stroke(number == 1 ? 2.2f : 1.3f, false));
    }
    XYSeries middle =
        chart.addSeries(
            "centre of " + (k + 1),
            new double[] {centre[horizontal]},
            new double[] {centre[vertical]});
    middle.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    middle.setMarker(SeriesMarkers.CROSS);
    middle.setMarkerColor(Color.BLACK);
    middle.setShowInLegend(false);
  }

  private static Plot histogram(MixtureFit<?> fit, Observations observations) {
    String title = FitText.name(fit);
    XYChart chart = chart(title, observations.columnNames().get(0), "density");
    double[] values = observations.column(0);
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    int bins = (int) Math.max(10, Math.min(60, 2 * Math.cbrt(values.length) * 1.5));
    double width = (high - low) / bins;
    double[] heights = new double[bins];
    for (int i = 0; i < values.length; i++) {
      int bin = (int) Math.min(bins - 1, (values[i] - low) / width);
      heights[bin] += observations.weight(i) / (observations.totalWeight() * width);
    }
    double[] x = new double[4 * bins];
    double[] y = new double[4 * bins];
    for (int b = 0; b < bins; b++) {
      for (int corner = 0; corner < 4; corner++) {
        x[4 * b + corner] = low + (b + corner / 2) * width;
        y[4 * b + corner] = corner == 1 || corner == 2 ? heights[b] : 0;
      }
    }
    XYSeries bars = line(chart, "data", x, y, new Color(0xBBBBBB));
    bars.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
    bars.setFillColor(new Color(0xDDDDDD));
    bars.setShowInLegend(true);
    Mixture<?> mixture = fit.mixture();
    curve(chart, "mixture", low, high, v -> Math.exp(mixture.logDensity(v)), new Color(0x333333))
        .setLineStyle(stroke(4f, false));
    for (int k = 0; k < mixture.componentCount(); k++) {
      Component component = mixture.component(k);
      double weight = mixture.weight(k);
      String name = String.format(Locale.ROOT, "component %d (weight %.3f)", k + 1, weight);
      curve(chart, name, low, high, v -> weight * Math.exp(component.logDensity(v)), color(k))
          .setLineStyle(stroke(1.8f, false));
    }
    chart
        .getStyler()
        .setYAxisTickLabelsFormattingFunction(
            v -> new BigDecimal(v, new MathContext(6)).stripTrailingZeros().toString());
    chart.getStyler().setXAxisDecimalPattern("#0.######");
    chart.getStyler().setYAxisMin(0.0);
    legend(chart, mixture.componentCount() + 1);
    return new Plot(chart, title);
  }

  private static XYSeries curve(
      XYChart chart,
      String name,
      double low,
      double high,
      DoubleUnaryOperator density,
      Color color) {
    double margin = 0.05 * (high - low);
    double[] x =
        IntStream.range(0, CURVE_POINTS)
            .mapToDouble(i -> low - margin + (high - low + 2 * margin) * i / (CURVE_POINTS - 1))
            .toArray();
    XYSeries series = line(chart, name, x, Arrays.stream(x).map(density).toArray(), color);
    series.setShowInLegend(true);
    return series;
  }

  /**
   * Draws the criterion over the number of components, one curve per family and structure; cells
   * that are not OK are left out, the chosen one is marked. Colours stand for shape and
   * orientation; curves of variable volume are dashed.
   *
   * @param selection the selection
   * @return the picture
   */
  public static Plot selection(Selection selection) {
    String criterion = selection.criterion().name();
    double limit = limit(selection);
    Map<String, List<Cell>> curves = new LinkedHashMap<>();
    boolean several =
        selection.table().stream().map(cell -> cell.family().name()).distinct().count() > 1;
    for (Cell cell : selection.table()) {
      curves.computeIfAbsent(name(cell, several), name -> new ArrayList<>()).add(cell);
    }
    List<String> hidden = new ArrayList<>();
    curves.forEach(
        (name, cells) -> {
          if (cells.stream().noneMatch(cell -> value(selection, cell) <= limit)) {
            hidden.add(name);
          }
        });
    String title =
        criterion
            + " by model (lower is better"
            + (hidden.isEmpty() ? ")" : "; far above: " + String.join(", ", hidden) + ")");
    XYChart chart = chart(title, "components", criterion);
    Map<String, Color> colors = new LinkedHashMap<>();
    curves.forEach(
        (name, cells) -> {
          String structure = name.substring(name.lastIndexOf(' ') + 1);
          boolean named = structure.matches("[EVI]|[EVI]{3}");
          String kind = named ? structure.substring(1) : structure;
          Color color = colors.computeIfAbsent(kind, key -> color(colors.size()));
          if (!hidden.contains(name)) {
            XYSeries series =
                line(
                    chart,
                    name,
                    cells.stream().mapToDouble(Cell::components).toArray(),
                    cells.stream().mapToDouble(cell -> value(selection, cell)).toArray(),
                    color);
            series.setShowInLegend(true);
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setLineStyle(stroke(1.6f, named && structure.startsWith("V")));
          }
        });
    selection.best().ifPresent(best -> mark(chart, selection, best, several));
    chart.getStyler().setYAxisMax(limit);
    legend(chart, Integer.MAX_VALUE);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setYAxisDecimalPattern("#0.##");
    return new Plot(chart, title);
  }

  /** The criterion where the cell is OK, else NaN, which leaves a gap. */
  private static double value(Selection selection, Cell cell) {
    return cell.status() == CellStatus.OK ? selection.criterion().of(cell.fit()) : Double.NaN;
  }

  private static String name(Cell cell, boolean several) {
    int dimension = cell.fit() == null ? 2 : cell.fit().mixture().dimension();
    String label = SelectionText.label(cell, dimension);
    return several && !label.equals(cell.family().name())
        ? cell.family().name() + " " + label
        : label;
  }

  private static void mark(XYChart chart, Selection selection, Cell best, boolean several) {
    XYSeries chosen =
        chart.addSeries(
            "chosen: " + name(best, several) + ", " + best.components(),
            new double[] {best.components()},
            new double[] {selection.criterion().of(best.fit())});
    chosen.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chosen.setMarker(SeriesMarkers.DIAMOND);
    chosen.setMarkerColor(Color.BLACK);
  }

  /** Upper end of the axis: hopeless models would press the others into one line. */
  private static double limit(Selection selection) {
    double[] values =
        selection.table().stream()
            .mapToDouble(cell -> value(selection, cell))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (values.length == 0) {
      return 1;
    }
    double spread = values[values.length * 2 / 3] - values[0];
    return Math.min(values[values.length - 1], values[0] + 1.5 * spread)
        + 1e-9 * Math.abs(values[0]);
  }

  static Color color(int k) {
    return COLORS[k % COLORS.length];
  }

  private static BasicStroke stroke(float width, boolean dashed) {
    return new BasicStroke(
        width,
        BasicStroke.CAP_BUTT,
        BasicStroke.JOIN_ROUND,
        1f,
        dashed ? new float[] {6f, 4f} : null,
        0f);
  }

  /** The area between two curves. */
  static void band(XYChart chart, double[] x, double[] lower, double[] upper) {
    double[] around = new double[2 * x.length];
    double[] along = new double[2 * x.length];
    for (int i = 0; i < x.length; i++) {
      along[i] = x[i];
      around[i] = upper[i];
      along[2 * x.length - 1 - i] = x[i];
      around[2 * x.length - 1 - i] = lower[i];
    }
    XYSeries series = chart.addSeries("band", along, around);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setMarker(SeriesMarkers.NONE);
    series.setFillColor(new Color(0x33, 0x66, 0xAC, 0x33));
    series.setLineColor(new Color(0, 0, 0, 0));
    series.setShowInLegend(false);
  }

  static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color color) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setShowInLegend(false);
    return series;
  }

  static XYChart chart(String title, String xTitle, String yTitle) {
    return chart(WIDTH, HEIGHT, title, xTitle, yTitle);
  }

  static XYChart chart(int width, int height, String title, String xTitle, String yTitle) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    XYStyler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(new Color(0xE4E4E4));
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    styler.setChartTitleBoxVisible(false);
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setLegendBorderColor(Color.WHITE);
    styler.setMarkerSize(7);
    styler.setChartPadding(12);
    styler.setSeriesMarkers(new Marker[] {SeriesMarkers.CIRCLE});
    styler.setSeriesColors(COLORS);
    styler.setLocale(Locale.ROOT);
    return chart;
  }
}
