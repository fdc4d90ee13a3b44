package io.github.mixtura.cli;

import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.Observations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Log-densities of rows under a saved model. */
@Command(
    name = "score",
    description =
        "Prints for each row of a table its log-density, as CSV; for angles per radian, whatever "
            + "their unit. -Infinity is a row so far away that its density is below all numbers.",
    sortOptions = false)
final class ScoreCommand implements Runnable {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODEL.json", description = "A model saved by fit.")
  private Path modelFile;

  @Parameters(
      index = "1",
      paramLabel = "DATA.csv",
      description = "The table; columns are found by the model's names.")
  private Path dataFile;

  @Option(names = "--output", paramLabel = "OUT.csv", description = "Where to (standard output).")
  private Path output;

  ScoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    OutputFile.require("--output", output);
    OutputFile.requireOther("--output", output, "MODEL.json", modelFile);
    OutputFile.requireOther("--output", output, "DATA.csv", dataFile);
    SavedModel model = DataInput.model(modelFile);
    double[] logDensities = logDensities(model, DataInput.read(dataFile, model, terminal));
    Table.write(
        output,
        terminal.out(),
        List.of("logDensity"),
        table -> {
          for (double value : logDensities) {
            Outputs.requireGoingOn(terminal.cancelled(), output);
            if (!table.line(Double.isNaN(value) ? Outputs.MISSING : Double.toString(value))) {
              return;
            }
          }
        });
  }

  /** NaN for rows with missing values. */
  private static double[] logDensities(SavedModel model, Observations rows) {
    int[] complete = Memberships.complete(rows, 0, rows.rows());
    if (complete.length == rows.rows()) {
      return model.mixture().logDensity(rows);
    }
    double[] result = new double[rows.rows()];
    Arrays.fill(result, Double.NaN);
    if (complete.length > 0) {
      double[] known = model.mixture().logDensity(rows.select(complete));
      for (int i = 0; i < known.length; i++) {
        result[complete[i]] = known[i];
      }
    }
    return result;
  }
}
