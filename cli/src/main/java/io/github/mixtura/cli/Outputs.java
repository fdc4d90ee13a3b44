package io.github.mixtura.cli;

import io.github.mixtura.codec.WholeFile;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.mixture.Mixture;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Option;

/** Where a fit goes. */
final class Outputs {
  /** What stands for a result that a row with missing values has not. */
  static final String MISSING = "NA";

  @Option(names = "--output", paramLabel = "MODEL.json", description = "Save the model.")
  private Path output;

  @Option(
      names = "--labels",
      paramLabel = "OUT.csv",
      description = "Save label and responsibilities of every row.")
  private Path labels;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (text).")
  private Format format = Format.TEXT;

  Format format() {
    return format;
  }

  void check(Path data, Path start) {
    OutputFile.require("--output", output);
    OutputFile.require("--labels", labels);
    OutputFile.requireOther("--labels", labels, "--output", output);
    OutputFile.requireOther("--output", output, "DATA.csv", data);
    OutputFile.requireOther("--labels", labels, "DATA.csv", data);
    OutputFile.requireOther("--output", output, "that of --init", start);
    OutputFile.requireOther("--labels", labels, "that of --init", start);
  }

  /** Saves what was asked for. */
  void save(MixtureFit<?> fit, Observations observations, Angles angles) {
    if (output != null) {
      FitDocument.model(fit, angles).write(output);
    }
    if (labels != null) {
      writeLabels(fit.mixture(), observations, labels, null, () -> false);
    }
  }

  /** Labels from 1 and responsibilities; NA where a value of a row is missing. */
  static void writeLabels(
      Mixture<?> mixture,
      Observations observations,
      Path file,
      PrintStream standardOutput,
      BooleanSupplier cancelled) {
    int components = mixture.componentCount();
    List<String> header = new ArrayList<>(List.of("label"));
    for (int k = 1; k <= components; k++) {
      header.add("r" + k);
    }
    String missing = MISSING + ("," + MISSING).repeat(components);
    Table.write(
        file,
        standardOutput,
        header,
        table ->
            Memberships.visit(
                mixture,
                observations,
                (label, responsibilities) -> {
                  requireGoingOn(cancelled, file);
                  if (label < 0) {
                    return table.line(missing);
                  }
                  StringBuilder line = new StringBuilder();
                  line.append(label + 1);
                  for (double r : responsibilities) {
                    line.append(',').append(r);
                  }
                  return table.line(line.toString());
                }));
  }

  /**
   * Ends a command that writes rows and has been cancelled, before a file is replaced by a part.
   */
  static void requireGoingOn(BooleanSupplier cancelled, Path file) {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException(
          file == null || WholeFile.isSpecial(file)
              ? "cancelled, not all rows are written"
              : "cancelled, " + file + " is not written");
    }
  }
}
