package io.github.mixtura.cli;

import io.github.mixtura.gp.pde.Grid;
import io.github.mixtura.gp.pde.PdeExample;
import io.github.mixtura.gp.pde.PdeSolution;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;

/** Pictures of solutions of partial differential equations. */
public final class PdePlots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 620;
  private static final int CURVE_POINTS = 1201;
  private static final int CELLS = 120;
  private static final Color[] COLD_TO_WARM = {
    new Color(0x2166AC), new Color(0x67A9CF), Color.WHITE, new Color(0xEF8A62), new Color(0xB2182B)
  };

  private PdePlots() {}

  /**
   * Draws a solution: a curve with twice its standard deviation in one dimension, a heat map in
   * two.
   *
   * @param solution the solution
   * @return the picture
   */
  public static Plot solution(PdeSolution solution) {
    return solution(solution, null);
  }

  /**
   * Draws a solution, and its error where the exact solution is known: in one dimension log10
   * |error| along x, in two a heat map of it.
   *
   * @param solution the solution
   * @param example the problem with its exact solution; {@code null} to draw the solution
   * @return the picture
   */
  public static Plot solution(PdeSolution solution, PdeExample example) {
    return solution.problem().grid().dimension() == 1
        ? curve(solution, example)
        : map(solution, example);
  }

  private static Plot curve(PdeSolution solution, PdeExample example) {
    Grid grid = solution.problem().grid();
    double[] x = coordinates(grid, 0, CURVE_POINTS);
    double[][] points = Arrays.stream(x).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    double[] u = solution.values(points);
    String title = example == null ? "solution" : example.name() + ": " + example.description();
    XYChart chart = Plots.chart(title, "x", "u");
    Optional<double[]> deviations = solution.standardDeviations(points);
    if (deviations.isPresent() && solution.free().isEmpty()) {
      double[] sd = deviations.get();
      Plots.band(
          chart,
          x,
          IntStream.range(0, x.length).mapToDouble(i -> u[i] - 2 * sd[i]).toArray(),
          IntStream.range(0, x.length).mapToDouble(i -> u[i] + 2 * sd[i]).toArray());
    }
    Plots.line(chart, "u", x, u, new Color(0x2166AC));
    if (example != null) {
      chart.setTitle(
          String.format(
              Locale.ROOT, "%s; relative error %.1e", title, example.relativeError(solution)));
    }
    return new Plot(chart, title);
  }

  private static Plot map(PdeSolution solution, PdeExample example) {
    Grid grid = solution.problem().grid();
    double[] x = coordinates(grid, 0, CELLS);
    double[] y = coordinates(grid, 1, CELLS);
    double[][] points = new double[x.length * y.length][];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {x[i / y.length], y[i % y.length]};
    }
    double[] u = solution.values(points);
    String title = "solution";
    if (example != null) {
      title =
          String.format(
              Locale.ROOT,
              "%s: log10 of the error, %.1e relative",
              example.name(),
              example.relativeError(solution));
      for (int i = 0; i < u.length; i++) {
        double error = Math.abs(u[i] - example.solution().at(points[i][0], points[i][1]));
        u[i] = Math.log10(Math.max(error, 1e-17));
      }
    }
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("x")
            .yAxisTitle("y")
            .build();
    chart.getStyler().setRangeColors(COLD_TO_WARM);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    chart.getStyler().setXAxisMaxLabelCount(8);
    chart
        .getStyler()
        .setHeatMapDecimalValueFormatter(value -> String.format(Locale.ROOT, "%.3g", value));
    Number[][] values = new Number[x.length][y.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        values[i][j] = u[i * y.length + j];
      }
    }
    chart.addSeries("u", labels(x), labels(y), cells(values));
    return new Plot(chart, title);
  }

  private static List<Number[]> cells(Number[][] values) {
    List<Number[]> cells = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        cells.add(new Number[] {i, j, values[i][j]});
      }
    }
    return cells;
  }

  private static List<String> labels(double[] values) {
    return Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.2f", v)).toList();
  }

  private static double[] coordinates(Grid grid, int axis, int count) {
    return IntStream.range(0, count)
        .mapToDouble(
            i ->
                i == count - 1
                    ? grid.upper(axis)
                    : grid.lower(axis) + i * grid.length(axis) / (count - 1))
        .toArray();
  }
}
