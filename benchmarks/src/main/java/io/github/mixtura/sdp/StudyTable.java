package io.github.mixtura.sdp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Results of a study: quantities of each draw, and their median and largest value over the draws.
 */
final class StudyTable {
  /** Number of a draw that warms the JVM up; it is shown and not counted. */
  static final int WARM_UP = 0;

  private final String study;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String cell, int draw, Map<String, Object> values) {}

  StudyTable(String study) {
    this.study = study;
  }

  /**
   * Adds what was found for a draw, and prints it.
   *
   * @param values numbers or words by name, the same names for all draws
   */
  void add(String cell, int draw, Map<String, Object> values) {
    rows.add(new Row(cell, draw, new LinkedHashMap<>(values)));
    System.out.println(study + " " + cell + " draw " + draw + ": " + values);
  }

  /** One line for each draw and quantity: study, cell, draw, quantity, value. */
  List<String> csv() {
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      row.values.forEach(
          (name, value) ->
              lines.add(
                  String.join(
                      ",", study, quoted(row.cell), "" + row.draw, name, quoted("" + value))));
    }
    return lines;
  }

  private static String quoted(String text) {
    return text.contains(",") ? '"' + text + '"' : text;
  }

  String markdown() {
    List<String> lines = new ArrayList<>();
    List<String> names = List.copyOf(rows.get(0).values.keySet());
    lines.add("| cell | draw | " + String.join(" | ", names) + " |");
    lines.add("|---".repeat(names.size() + 2) + "|");
    Map<String, List<Row>> cells = new LinkedHashMap<>();
    for (Row row : rows) {
      cells.computeIfAbsent(row.cell, cell -> new ArrayList<>()).add(row);
    }
    cells.forEach(
        (cell, draws) -> {
          for (Row row : draws) {
            String draw = row.draw == WARM_UP ? "warm-up" : "" + row.draw;
            List<String> values = names.stream().map(name -> text(row.values.get(name))).toList();
            lines.add("| " + cell + " | " + draw + " | " + String.join(" | ", values) + " |");
          }
          List<Row> counted = draws.stream().filter(row -> row.draw != WARM_UP).toList();
          if (counted.size() > 1) {
            lines.add(summary(cell, "**median**", names, counted, 0.5));
            lines.add(summary(cell, "**largest**", names, counted, 1));
          }
        });
    return String.join("\n", lines) + "\n";
  }

  private static String summary(
      String cell, String title, List<String> names, List<Row> counted, double quantile) {
    List<String> values = new ArrayList<>();
    for (String name : names) {
      List<Object> column = counted.stream().map(row -> row.values.get(name)).toList();
      if (column.get(0) instanceof Number) {
        double[] sorted =
            column.stream().mapToDouble(value -> ((Number) value).doubleValue()).sorted().toArray();
        values.add(text(quantile == 1 ? sorted[sorted.length - 1] : median(sorted)));
      } else {
        values.add(quantile == 1 ? "" : counts(column));
      }
    }
    return "| " + cell + " | " + title + " | " + String.join(" | ", values) + " |";
  }

  private static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static String counts(List<Object> words) {
    Map<String, Integer> counts = new TreeMap<>();
    words.forEach(word -> counts.merge("" + word, 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((word, count) -> parts.add(count + " " + word));
    return String.join(", ", parts);
  }

  private static String text(Object value) {
    if (value instanceof Integer || !(value instanceof Number number)) {
      return "" + value;
    }
    double x = number.doubleValue();
    if (x == Math.rint(x) && Math.abs(x) < 1e6) {
      return "" + Math.round(x);
    }
    boolean plain = Math.abs(x) >= 0.001 && Math.abs(x) < 1e6;
    return plain
        ? trimmed(String.format(Locale.ROOT, "%.3g", x), x)
        : String.format(Locale.ROOT, "%.1e", x);
  }

  private static String trimmed(String text, double x) {
    return text.contains("e") || Math.abs(x) >= 1000 ? Math.round(x) + "" : text;
  }
}
