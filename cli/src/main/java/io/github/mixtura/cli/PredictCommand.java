package io.github.mixtura.cli;

import io.github.mixtura.codec.SavedModel;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Labels rows with a saved model. */
@Command(
    name = "predict",
    description =
        "Prints for each row of a table its most probable component, from 1, and the probability "
            + "of each component, as CSV.",
    sortOptions = false)
final class PredictCommand implements Runnable {
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

  PredictCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    OutputFile.require("--output", output);
    OutputFile.requireOther("--output", output, "MODEL.json", modelFile);
    OutputFile.requireOther("--output", output, "DATA.csv", dataFile);
    SavedModel model = DataInput.model(modelFile);
    Outputs.writeLabels(
        model.mixture(),
        DataInput.read(dataFile, model, terminal),
        output,
        terminal.out(),
        terminal.cancelled());
  }
}
