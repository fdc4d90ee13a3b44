package io.github.mixtura.cli;

import io.github.mixtura.codec.WholeFile;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.CellStatus;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/** Shows the main job on real data. */
@Command(
    name = "demo",
    description =
        "Clusters the eruptions of Old Faithful: chooses the number of components and the "
            + "covariance structure, says what was found, and draws it in ./mixtura-demo.")
final class DemoCommand implements Callable<Integer> {
  private static final int[] COMPONENTS = IntStream.rangeClosed(1, 9).toArray();
  private static final int TOP = 5;

  private final Terminal terminal;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path folder = Path.of("mixtura-demo");
    makeFolder(folder);
    Observations data = oldFaithful();
    long begin = System.nanoTime();
    Selection selection = select(data);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    Cell best =
        selection
            .best()
            .orElseThrow(() -> new CancellationException("cancelled before a model was chosen"));
    tell(selection, best, data, seconds);
    PrintStream out = terminal.out();
    out.println();
    out.println("Pictures");
    List<Path> files = draw(folder, selection, best.fit(), data);
    files.forEach(file -> out.println("  " + file));
    return terminal.cancelled().getAsBoolean() ? ExitCode.CANCELLED : ExitCode.DONE;
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder.toAbsolutePath()
              + ": cannot be written: the folder for the pictures cannot be made: "
              + (e instanceof FileAlreadyExistsException
                  ? "there is a file of this name"
                  : WholeFile.reason(e)),
          e);
    }
  }

  private static Observations oldFaithful() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                DemoCommand.class.getResourceAsStream("faithful.csv"), StandardCharsets.UTF_8))) {
      List<String> names = List.of(reader.readLine().split(","));
      return Observations.of(
              reader
                  .lines()
                  .map(
                      line ->
                          Arrays.stream(line.split(","))
                              .mapToDouble(Double::parseDouble)
                              .toArray()))
          .withColumnNames(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Selection select(Observations data) {
    try (ProgressLine progress = new ProgressLine(terminal, false)) {
      var families = GaussianFamily.all(data.columns());
      int total = COMPONENTS.length * families.size();
      int[] done = new int[1];
      return ModelSelection.over(families, COMPONENTS)
          .options(
              EmOptions.defaults().withListener(progress::show).withCancelled(terminal.cancelled()))
          .listener(cell -> progress.models(++done[0], total))
          .select(data);
    }
  }

  private void tell(Selection selection, Cell best, Observations data, double seconds) {
    PrintStream out = terminal.out();
    MixtureFit<?> fit = best.fit();
    int dimension = data.columns();
    out.println("Old Faithful geyser, Yellowstone (Azzalini & Bowman 1990)");
    out.printf(
        "%d eruptions: duration (eruptions) and waiting time to the next (waiting), in minutes%n",
        data.rows());
    out.println();
    out.printf(
        Locale.ROOT,
        "Fitted %d Gaussian mixtures, %d to %d components with %d covariance structures, in %.1f s%n",
        selection.table().size(),
        COMPONENTS[0],
        COMPONENTS[COMPONENTS.length - 1],
        selection.table().size() / COMPONENTS.length,
        seconds);
    out.println();
    out.printf("Chosen by BIC: %s%n", FitText.name(fit));
    out.printf(
        Locale.ROOT,
        "  log-likelihood %.4f, %d parameters, BIC %.4f, ICL %.4f%n",
        fit.logLikelihood(),
        fit.parameterCount(),
        fit.bic(),
        fit.icl());
    out.println("  " + FitText.ending(fit.diagnostics()));
    out.print(FitText.components(fit, data, Angles.RADIANS));
    out.print(correlations(fit));
    out.println();
    out.printf("The best %d%n", TOP);
    out.print(SelectionText.best(selection, dimension, TOP).indent(2));
    out.println();
    out.print(SelectionText.table(selection, dimension));
    out.println();
    warnings(selection, fit);
    out.println();
    out.print(reading(selection, fit));
  }

  private static String correlations(MixtureFit<?> fit) {
    StringBuilder text = new StringBuilder("\nCorrelation within components:");
    for (int k = 0; k < fit.mixture().componentCount(); k++) {
      var matrix = ((Gaussian) fit.mixture().component(k)).covariance();
      double correlation = matrix.get(0, 1) / Math.sqrt(matrix.get(0, 0) * matrix.get(1, 1));
      text.append(String.format(Locale.ROOT, " %.3f", correlation));
    }
    return text.append('\n').toString();
  }

  private void warnings(Selection selection, MixtureFit<?> fit) {
    PrintStream out = terminal.out();
    List<FitWarning> own = fit.diagnostics().warnings();
    out.println(
        own.isEmpty() ? "Warnings about the chosen fit: none" : "Warnings about the chosen fit:");
    own.forEach(warning -> out.println("  " + FitText.warning(warning)));
    long degenerate =
        selection.table().stream().filter(cell -> cell.status() == CellStatus.DEGENERATE).count();
    long failed =
        selection.table().stream().filter(cell -> cell.status() == CellStatus.FAILED).count();
    long limited =
        selection.table().stream()
            .filter(cell -> cell.fit() != null && !cell.fit().diagnostics().converged())
            .count();
    out.printf(
        "Of the other fits %d are degenerate, %d failed, %d stopped before converging%n",
        degenerate, failed, limited);
  }

  /** What the numbers say, in words. */
  private static String reading(Selection selection, MixtureFit<?> fit) {
    int count = fit.mixture().componentCount();
    double one = lowest(selection, 1);
    double two = lowest(selection, 2);
    StringBuilder text = new StringBuilder("In words\n");
    for (int k = 0; k < count; k++) {
      double[] mean = ((Gaussian) fit.mixture().component(k)).mean();
      text.append(
          String.format(
              Locale.ROOT,
              "  %2.0f %% of eruptions last about %.1f minutes, and the next comes after about %.0f"
                  + " minutes.%n",
              100 * fit.mixture().weight(k),
              mean[0],
              mean[1]));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "  There is more than one kind of eruption: BIC falls by %.0f from one component to"
                + " two.%n",
            one - two));
    if (count != 2) {
      double gain = two - fit.bic();
      text.append(
          String.format(
              Locale.ROOT,
              "  %d components rather than two lower it by another %.1f, %s evidence: a finer"
                  + " division%n  of a group that is not quite Gaussian.%n",
              count,
              gain,
              gain < 2 ? "weak" : gain < 6 ? "positive" : gain < 10 ? "strong" : "very strong"));
    }
    return text.toString();
  }

  private static double lowest(Selection selection, int components) {
    return selection.table().stream()
        .filter(cell -> cell.components() == components && cell.status() == CellStatus.OK)
        .mapToDouble(cell -> cell.fit().bic())
        .min()
        .orElse(Double.NaN);
  }

  private static List<Path> draw(
      Path folder, Selection selection, MixtureFit<?> fit, Observations data) {
    // No picture is shown on a screen, so none is needed.
    System.setProperty("java.awt.headless", "true");
    Plot clusters =
        Plots.mixture(
            fit,
            data.withColumnNames(
                List.of("duration of the eruption (minutes)", "time to the next (minutes)")));
    Plot curves = Plots.selection(selection);
    return List.of(
        clusters.save(folder.resolve("faithful-clusters.png")),
        clusters.save(folder.resolve("faithful-clusters.svg")),
        curves.save(folder.resolve("faithful-bic.png")),
        curves.save(folder.resolve("faithful-bic.svg")));
  }
}
