package io.github.mixtura.cli;

import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.AngleUnits;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.em.DegenerateComponentException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The table to fit. */
final class DataInput {
  private static final int MOST_LINES = 10;

  @Parameters(index = "0", paramLabel = "DATA.csv", description = "The table.")
  private Path file;

  @Option(
      names = "--columns",
      paramLabel = "A,B",
      split = ",",
      description =
          "Columns by name or by number from 1 over all columns of the file (all numeric ones).")
  private List<String> columns = new ArrayList<>();

  @Option(
      names = "--weights-column",
      paramLabel = "NAME",
      description = "Column of row weights (none).")
  private String weightsColumn;

  Path file() {
    return file;
  }

  private Observations read(Terminal terminal, boolean quiet) {
    CsvReader reader =
        CsvReader.of(file)
            .columns(columns.stream().map(String::strip).toList())
            .weightsColumn(weightsColumn);
    Observations observations = Waiting.during(reader::read);
    if (!quiet) {
      observations.notes().forEach(note -> terminal.tell("note", note));
    }
    return observations;
  }

  /** Says which file data that cannot be fitted are from. */
  <T> T using(Terminal terminal, boolean quiet, Function<Observations, T> work) {
    Observations observations = read(terminal, quiet);
    try {
      requireComplete(observations);
      return work.apply(observations);
    } catch (UnusableDataException e) {
      throw new DataFormatException(file + ": " + e.getMessage(), e);
    } catch (DegenerateComponentException e) {
      throw new DataFormatException(
          file + ": component " + (e.component() + 1) + " degenerated: " + e.getMessage(), e);
    }
  }

  /** The columns of a model, found by their names; rows may have missing values. */
  static Observations read(Path file, SavedModel model, Terminal terminal) {
    List<String> names = model.columnNames();
    Observations observations;
    try {
      observations = Waiting.during(() -> CsvReader.of(file).columns(names).read());
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(
          e.getMessage() + "; the model's columns are " + String.join(", ", names), e);
    }
    for (int j = 0; j < names.size(); j++) {
      String found = observations.columnNames().get(j);
      if (!found.equals(names.get(j))) {
        throw new DataFormatException(
            "column '" + names.get(j) + "' of the model is not in " + file);
      }
    }
    Angles angles = new Angles(model.period());
    if (model.family().equals(FamilyChoice.VON_MISES)) {
      AngleUnits.suspicion(observations, angles.turn())
          .ifPresent(text -> terminal.tell("warning", file + ": " + text));
    }
    if (observations.hasMissing()) {
      terminal.tell(
          "warning", file + ": " + missing(observations) + "; the results of such rows are NA");
    }
    return angles.toRadians(observations);
  }

  /** A model, which may come through a pipe. */
  static SavedModel model(Path file) {
    return reading(file, () -> SavedModel.read(file));
  }

  /** Reads a file that describes something: whatever is wrong then is wrong in the file. */
  static <T> T reading(Path file, Supplier<T> work) {
    try {
      return Waiting.during(work);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file + ": " + e.getMessage(), e);
    }
  }

  private static void requireComplete(Observations observations) {
    if (observations.hasMissing()) {
      throw new UnusableDataException(
          missing(observations)
              + ", and missing values cannot be taken; remove such rows or fill them in");
    }
  }

  /** The first missing value and the lines of all rows that have one. */
  private static String missing(Observations observations) {
    String first = null;
    List<Long> lines = new ArrayList<>();
    for (int i = 0; i < observations.rows(); i++) {
      for (int j = 0; j < observations.columns(); j++) {
        if (Double.isNaN(observations.get(i, j))) {
          long line = observations.line(i).orElse(i + 1);
          first =
              first == null
                  ? "line "
                      + line
                      + " (row "
                      + (i + 1)
                      + "), column '"
                      + observations.columnNames().get(j)
                      + "': the value is missing"
                  : first;
          lines.add(line);
          break;
        }
      }
    }
    if (lines.size() == 1) {
      return first;
    }
    String shown =
        lines.stream().limit(MOST_LINES).map(String::valueOf).collect(Collectors.joining(", "));
    return first
        + " (rows with missing values: "
        + lines.size()
        + ", lines "
        + shown
        + (lines.size() > MOST_LINES ? ", …" : "")
        + ")";
  }
}
