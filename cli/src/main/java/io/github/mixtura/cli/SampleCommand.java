package io.github.mixtura.cli;

import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.mixture.Mixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws from a saved model. */
@Command(
    name = "sample",
    description = "Prints draws from a model, with the component each came from, as CSV.",
    sortOptions = false)
final class SampleCommand implements Callable<Integer> {
  private static final int AT_ONCE = 4096;

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODEL.json", description = "A model saved by fit.")
  private Path modelFile;

  @Option(names = "--rows", paramLabel = "N", required = true, description = "Number of draws.")
  private int rows;

  @Option(names = "--seed", paramLabel = "S", description = "Seed (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--output", paramLabel = "OUT.csv", description = "Where to (standard output).")
  private Path output;

  SampleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (rows < 1) {
      throw new UsageException("rows is " + rows + ", must be at least 1");
    }
    OutputFile.require("--output", output);
    OutputFile.requireOther("--output", output, "MODEL.json", modelFile);
    SavedModel model = DataInput.model(modelFile);
    List<String> header = new ArrayList<>(model.columnNames());
    header.add("component");
    Table.write(output, terminal.out(), header, table -> draw(model, table));
    return ExitCode.DONE;
  }

  private void draw(SavedModel model, Table table) {
    Angles angles = new Angles(model.period());
    SplittableRandom random = new SplittableRandom(seed);
    for (int left = rows; left > 0; left -= AT_ONCE) {
      Outputs.requireGoingOn(terminal.cancelled(), output);
      Mixture.Sample sample = model.mixture().sample(Math.min(left, AT_ONCE), random);
      for (int i = 0; i < sample.rows().length; i++) {
        StringBuilder line = new StringBuilder();
        for (double value : angles.fromRadians(sample.rows()[i])) {
          line.append(value).append(',');
        }
        if (!table.line(line.append(sample.labels()[i] + 1).toString())) {
          return;
        }
      }
    }
  }
}
