package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.mixture.Mixture;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a fit goes. */
final class Outputs {
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
      writeLabels(fit.mixture(), observations, labels, null);
    }
  }

  /** Labels from 1 and responsibilities. */
  static void writeLabels(
      Mixture<?> mixture, Observations observations, Path file, PrintStream standardOutput) {
    List<String> header = new ArrayList<>(List.of("label"));
    for (int k = 1; k <= mixture.componentCount(); k++) {
      header.add("r" + k);
    }
    Table.write(
        file,
        standardOutput,
        header,
        table ->
            Memberships.visit(
                mixture,
                observations,
                (label, responsibilities) -> {
                  StringBuilder line = new StringBuilder();
                  line.append(label + 1);
                  for (double r : responsibilities) {
                    line.append(',').append(r);
                  }
                  return table.line(line.toString());
                }));
  }
}
