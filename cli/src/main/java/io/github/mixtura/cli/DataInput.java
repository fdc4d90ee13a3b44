package io.github.mixtura.cli;

import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.em.DegenerateComponentException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The table to fit. */
final class DataInput {
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
    return CsvReader.of(file)
        .columns(columns.stream().map(String::strip).toList())
        .weightsColumn(weightsColumn)
        .onLeftOut(
            names -> {
              if (!quiet) {
                terminal
                    .err()
                    .println(
                        "mixtura: note: left out, because they hold text: "
                            + String.join(", ", names));
              }
            })
        .read();
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

  /** The columns of a model, found by their names. */
  static Observations read(Path file, SavedModel model) {
    List<String> names = model.columnNames();
    Observations observations;
    try {
      observations = CsvReader.of(file).columns(names).read();
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
    try {
      requireComplete(observations);
    } catch (UnusableDataException e) {
      throw new DataFormatException(file + ": " + e.getMessage(), e);
    }
    return new Angles(model.period()).toRadians(observations);
  }

  private static void requireComplete(Observations observations) {
    if (!observations.hasMissing()) {
      return;
    }
    for (int i = 0; i < observations.rows(); i++) {
      for (int j = 0; j < observations.columns(); j++) {
        if (Double.isNaN(observations.get(i, j))) {
          throw new UnusableDataException(
              "row "
                  + (i + 1)
                  + ", column '"
                  + observations.columnNames().get(j)
                  + "': the value is missing, and missing values cannot be taken; "
                  + "remove such rows or fill them in");
        }
      }
    }
  }
}
