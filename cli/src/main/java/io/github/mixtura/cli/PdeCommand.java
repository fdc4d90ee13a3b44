package io.github.mixtura.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.execution.Progress;
import io.github.mixtura.gp.pde.PdeExample;
import io.github.mixtura.gp.pde.PdeExamples;
import io.github.mixtura.gp.pde.PdeProblem;
import io.github.mixtura.gp.pde.PdeProblemFile;
import io.github.mixtura.gp.pde.PdeSolution;
import io.github.mixtura.gp.pde.PdeSolver;
import io.github.mixtura.gp.pde.SpectralLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Solves a partial differential equation by a spectral-mixture Gaussian process. */
@Command(
    name = "pde",
    description = "Solves a partial differential equation of high frequency on a grid.",
    sortOptions = false)
final class PdeCommand implements Callable<Integer> {
  private static final int MOST_LINES = 12;

  private final Terminal terminal;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROBLEM.json",
      description = "The problem; docs/pde.md describes the file.")
  private Path file;

  @Option(
      names = "--example",
      paramLabel = "NAME",
      description =
          "A built-in problem with a known solution: P1 to P5, P4W, P5W, A1 to A3, Q1, Q2, V1, CHIRP"
              + " or PACKET.")
  private String example;

  @Option(
      names = "--output",
      paramLabel = "OUT.csv",
      description = "Save the points with u and its standard deviation.")
  private Path output;

  @Option(
      names = "--picture",
      paramLabel = "OUT.png",
      description = "Save a picture of the solution, or of solution and error for an example.")
  private Path picture;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Return the best solution found by then (none).")
  private Double timeLimit;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (text).")
  private Format format = Format.TEXT;

  @Option(names = "--quiet", description = "No progress and no warnings on standard error.")
  private boolean quiet;

  PdeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if ((file == null) == (example == null)) {
      throw new UsageException("give either PROBLEM.json or --example NAME");
    }
    OutputFile.require("--output", output);
    OutputFile.require("--picture", picture);
    OutputFile.requireOther("--output", output, "--picture", picture);
    OutputFile.requireOther("--output", output, "PROBLEM.json", file);
    Duration limit = TimeLimit.of(timeLimit);
    PdeExample known = example == null ? null : PdeExamples.of(example);
    PdeProblemFile.Contents contents =
        known == null ? DataInput.reading(file, () -> PdeProblemFile.read(file)) : null;
    PdeProblem problem = known == null ? contents.problem() : known.problem();
    double[][] points = known == null ? contents.points() : known.evaluationPoints();
    PdeSolution solution = solve(problem, limit);
    OptionalDouble error =
        known == null ? OptionalDouble.empty() : OptionalDouble.of(known.relativeError(solution));
    if (output != null) {
      write(solution, points);
    }
    if (picture != null) {
      PdePlots.solution(solution, known).save(picture);
    }
    if (format == Format.JSON) {
      FitDocument.print(json(solution, error), terminal.out());
      if (!quiet) {
        solution.warnings().forEach(w -> terminal.err().println("mixtura: warning: " + w));
      }
    } else {
      terminal.out().print(text(known, solution, error));
    }
    return terminal.cancelled().getAsBoolean() ? ExitCode.CANCELLED : ExitCode.DONE;
  }

  private PdeSolution solve(PdeProblem problem, Duration limit) {
    try (ProgressLine progress = new ProgressLine(terminal, quiet)) {
      return PdeSolver.of(problem)
          .timeLimit(limit)
          .cancelled(terminal.cancelled())
          .onPhase(phase -> progress.show(Progress.of(phase)))
          .solve();
    } catch (IllegalArgumentException e) {
      // What the solver refuses is in the file.
      throw file == null ? e : new DataFormatException(file + ": " + e.getMessage(), e);
    }
  }

  private void write(PdeSolution solution, double[][] points) {
    double[] values = solution.values(points);
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new DataFormatException(
          (file == null ? example : file)
              + ": the solution is too large or too small for double precision, must be in units"
              + " that make it of the size of 1");
    }
    Optional<double[]> deviations = solution.standardDeviations(points);
    List<String> header = new ArrayList<>(List.of("x", "y").subList(0, points[0].length));
    header.add("u");
    header.add("sd");
    Table.write(
        output,
        null,
        header,
        table -> {
          for (int i = 0; i < points.length; i++) {
            StringBuilder line = new StringBuilder();
            for (double coordinate : points[i]) {
              line.append(coordinate).append(',');
            }
            line.append(values[i]).append(',');
            if (deviations.isPresent()) {
              line.append(deviations.get()[i]);
            }
            table.line(line.toString());
          }
        });
  }

  private static ObjectNode json(PdeSolution solution, OptionalDouble error) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema", "mixtura/pde/1");
    ArrayNode frequencies = root.putArray("frequencies");
    for (SpectralLine line : solution.frequencies()) {
      ObjectNode node = frequencies.addObject();
      node.put("axis", line.axis() + 1);
      node.put("frequency", line.frequency());
      node.put("weight", line.weight());
    }
    put(root, "residual", OptionalDouble.of(solution.residual()));
    put(root, "logEvidence", solution.logEvidence());
    put(root, "noise", solution.noise());
    put(root, "midpointResidual", solution.midpointResidual());
    root.put("features", solution.features());
    root.put("nyquistWarning", solution.nyquistWarning());
    root.put("status", solution.status().name());
    if (error.isPresent()) {
      put(root, "relativeError", error);
    }
    root.put("seconds", solution.seconds());
    ArrayNode warnings = root.putArray("warnings");
    solution.warnings().forEach(warnings::add);
    return root;
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }

  private static String text(PdeExample known, PdeSolution solution, OptionalDouble error) {
    StringBuilder text = new StringBuilder();
    if (known != null) {
      text.append(String.format(Locale.ROOT, "%s: %s%n", known.name(), known.description()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s in %.3g s, relative residual %.3g, %d features%n",
            solution.status(),
            solution.seconds(),
            solution.residual(),
            solution.features()));
    if (error.isPresent()) {
      text.append(
          String.format(
              Locale.ROOT,
              "relative error against the exact solution: %.3g%n",
              error.getAsDouble()));
    }
    if (solution.noise().isPresent()) {
      text.append(
          String.format(
              Locale.ROOT, "noise of the source: %.3g%n", solution.noise().getAsDouble()));
    }
    List<SpectralLine> lines = solution.frequencies();
    text.append("frequencies, cycles per unit (weight):").append(System.lineSeparator());
    for (SpectralLine line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %s %.6f (%.3g)%n",
              line.axis() == 0 ? "x" : "y",
              line.frequency(),
              line.weight()));
    }
    if (lines.size() > MOST_LINES) {
      text.append(String.format(Locale.ROOT, "  and %d more%n", lines.size() - MOST_LINES));
    }
    for (String warning : solution.warnings()) {
      text.append("warning: ").append(warning).append(System.lineSeparator());
    }
    return text.toString();
  }
}
