package io.github.mixtura.cli;

import io.github.mixtura.data.Printable;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.CellStatus;
import io.github.mixtura.em.selection.Criterion;
import io.github.mixtura.em.selection.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Selections as tables, for people. */
final class SelectionText {
  /** Numbers of components side by side. */
  private static final int AT_ONCE = 9;

  private static final int MOST_REASONS = 10;
  private static final int MOST_CELLS = 4;
  private static final int WIDTH = 120;

  private SelectionText() {}

  static String label(Cell cell, int dimension) {
    String structure = cell.family().structure(dimension);
    return structure == null ? cell.family().name() : structure;
  }

  /** One row per family and structure, one column per number of components. */
  static String table(Selection selection, int dimension) {
    Criterion criterion = selection.criterion();
    List<Integer> counts = selection.table().stream().map(Cell::components).distinct().toList();
    List<String> families =
        selection.table().stream().map(cell -> cell.family().name()).distinct().toList();
    Cell best = selection.best().orElse(null);
    StringBuilder text = new StringBuilder();
    text.append(criterion.name()).append(" by number of components (lower is better)\n");
    boolean several = families.size() > 1;
    for (int from = 0; from < counts.size(); from += AT_ONCE) {
      List<Integer> shown = counts.subList(from, Math.min(from + AT_ONCE, counts.size()));
      text.append(from == 0 ? "" : "\n").append(String.format("%-16s", "K"));
      shown.forEach(k -> text.append(String.format("%11d ", k)));
      trim(text).append('\n');
      for (String row : rows(selection, dimension, several)) {
        text.append(String.format("%-16s", row));
        for (Cell cell : selection.table()) {
          if (row(cell, dimension, several).equals(row) && shown.contains(cell.components())) {
            text.append(value(cell, criterion, cell.equals(best)));
          }
        }
        trim(text).append('\n');
      }
    }
    text.append("* chosen");
    if (selection.table().stream().anyMatch(cell -> cell.status() == CellStatus.DEGENERATE)) {
      text.append("   ~ degenerate (repaired, or a spike of the likelihood), never chosen");
    }
    if (selection.table().stream().anyMatch(cell -> cell.status() == CellStatus.FAILED)) {
      text.append("   - no fit");
    }
    return text.append('\n').toString();
  }

  /** The reason that most cells have, or the first of those. */
  static String mainReason(Selection selection) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    selection.table().forEach(cell -> counts.merge(cell.reason(), 1, Integer::sum));
    String main = selection.table().get(0).reason();
    for (Map.Entry<String, Integer> reason : counts.entrySet()) {
      main = reason.getValue() > counts.get(main) ? reason.getKey() : main;
    }
    return main;
  }

  /** Why cells are degenerate or failed, those of one reason together; empty if none is. */
  static String reasons(Selection selection, int dimension) {
    boolean several =
        selection.table().stream().map(cell -> cell.family().name()).distinct().count() > 1;
    Map<String, List<String>> cells = new LinkedHashMap<>();
    for (Cell cell : selection.table()) {
      if (cell.status() != CellStatus.OK) {
        char mark = cell.status() == CellStatus.DEGENERATE ? '~' : '-';
        cells
            .computeIfAbsent(mark + " " + Printable.of(cell.reason()), reason -> new ArrayList<>())
            .add(row(cell, dimension, several) + " " + cell.components());
      }
    }
    StringBuilder text = new StringBuilder();
    cells.entrySet().stream()
        .limit(MOST_REASONS)
        .forEach(entry -> text.append(reason(entry.getKey(), entry.getValue())));
    if (cells.size() > MOST_REASONS) {
      text.append(
          String.format(
              "  and %d more reasons, which --format json lists%n", cells.size() - MOST_REASONS));
    }
    return text.toString();
  }

  private static String reason(String markAndReason, List<String> cells) {
    String where = String.join(", ", cells.subList(0, Math.min(MOST_CELLS, cells.size())));
    if (cells.size() > MOST_CELLS) {
      where += " and " + (cells.size() - MOST_CELLS) + " more";
    }
    String line = markAndReason.charAt(0) + " " + where + ": " + markAndReason.substring(2);
    return (line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...") + "\n";
  }

  private static StringBuilder trim(StringBuilder text) {
    while (text.charAt(text.length() - 1) == ' ') {
      text.setLength(text.length() - 1);
    }
    return text;
  }

  private static Set<String> rows(Selection selection, int dimension, boolean several) {
    Set<String> rows = new LinkedHashSet<>();
    selection.table().forEach(cell -> rows.add(row(cell, dimension, several)));
    return rows;
  }

  private static String row(Cell cell, int dimension, boolean several) {
    String label = label(cell, dimension);
    return several && !label.equals(cell.family().name())
        ? cell.family().name() + " " + label
        : label;
  }

  private static String value(Cell cell, Criterion criterion, boolean chosen) {
    if (cell.status() == CellStatus.FAILED) {
      return String.format("%11s ", "-");
    }
    char mark = chosen ? '*' : cell.status() == CellStatus.DEGENERATE ? '~' : ' ';
    return String.format(Locale.ROOT, "%11.2f%c", criterion.of(cell.fit()), mark);
  }

  /** The best few models with what they have and how much worse they are. */
  static String best(Selection selection, int dimension, int most) {
    Criterion criterion = selection.criterion();
    List<Cell> ranked = new ArrayList<>(selection.table());
    ranked.removeIf(cell -> cell.status() != CellStatus.OK);
    ranked.sort(Comparator.comparingDouble(cell -> criterion.of(cell.fit())));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-10s %3s %16s %11s %11s %11s%n",
            "model", "K", "log-likelihood", "parameters", criterion, "difference"));
    for (Cell cell : ranked.subList(0, Math.min(most, ranked.size()))) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-10s %3d %16.4f %11d %11.2f %11.2f%n",
              label(cell, dimension),
              cell.components(),
              cell.fit().logLikelihood(),
              cell.fit().parameterCount(),
              criterion.of(cell.fit()),
              criterion.of(cell.fit()) - criterion.of(ranked.get(0).fit())));
    }
    return text.toString();
  }
}
