package io.github.mixtura.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.FitProgress;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Mixtura's side of the comparisons of whole jobs. Answers each line with a JSON line:
 *
 * <ul>
 *   <li>{@code fit FOLDER SEED TOLERANCE THREADS}: a full-covariance mixture of as many components
 *       as the folder's cell has, from one k-means start, from a {@code double[][]} on;
 *   <li>{@code select FILE COLUMNS MOST THREADS STARTS TOLERANCE}: every structure with 1 to MOST
 *       components, on the named columns of a CSV file; STARTS is {@code default} or {@code
 *       hierarchical};
 *   <li>{@code score FOLDER}: the log-densities of the folder's rows under its start.
 * </ul>
 *
 * <p>The backend is that of the system property {@code mixtura.backend}. Reading files is not
 * timed.
 */
public final class WholeFitWorker {
  private static final double NANO = 1e-9;

  private String folder = "";
  private IterationWorker.Cell cell;

  private WholeFitWorker() {}

  /**
   * Serves standard input.
   *
   * @param arguments none
   * @throws IOException if a file cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ObjectMapper json = new ObjectMapper();
    WholeFitWorker worker = new WholeFitWorker();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(json.writeValueAsString(worker.answer(line.split(" "))));
      System.out.flush();
    }
  }

  private Map<String, Object> answer(String[] words) throws IOException {
    return switch (words[0]) {
      case "fit" ->
          fit(
              cell(words[1]),
              Long.parseLong(words[2]),
              Double.parseDouble(words[3]),
              Integer.parseInt(words[4]));
      case "select" ->
          select(
              CsvReader.of(Path.of(words[1])).columns(List.of(words[2].split(","))).read(),
              Integer.parseInt(words[3]),
              EmOptions.defaults()
                  .withThreads(Integer.parseInt(words[4]))
                  .withTolerance(Double.parseDouble(words[6])),
              words[5].equals("hierarchical"));
      case "score" -> score(cell(words[1]));
      default ->
          throw new IllegalArgumentException(
              "request is '" + words[0] + "', must be fit, select or score");
    };
  }

  private IterationWorker.Cell cell(String name) throws IOException {
    if (!name.equals(folder)) {
      cell = IterationWorker.Cell.read(Path.of(name));
      folder = name;
    }
    return cell;
  }

  private static Map<String, Object> fit(
      IterationWorker.Cell cell, long seed, double tolerance, int threads) {
    double[][] rows = cell.rows().toArray();
    List<double[]> trace = new ArrayList<>();
    long begin = System.nanoTime();
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), cell.start().componentCount())
            .options(
                EmOptions.defaults()
                    .withStarts(1)
                    .withSeed(seed)
                    .withTolerance(tolerance)
                    .withThreads(threads)
                    .withListener(
                        progress ->
                            trace.add(
                                new double[] {
                                  (System.nanoTime() - begin) * NANO,
                                  ((FitProgress) progress).logLikelihood()
                                })))
            .fit(Observations.of(rows));
    double wall = (System.nanoTime() - begin) * NANO;
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("wall", wall);
    answer.put("cpu", fit.diagnostics().cpuSeconds());
    answer.put("logLikelihood", fit.logLikelihood());
    answer.put("iterations", fit.diagnostics().iterations());
    answer.put("stop", fit.diagnostics().stopReason());
    answer.put("backend", fit.diagnostics().backend());
    answer.put("trace", trace);
    return answer;
  }

  private static Map<String, Object> select(
      Observations rows, int most, EmOptions options, boolean hierarchical) {
    ModelSelection asked =
        ModelSelection.over(
                GaussianFamily.all(rows.columns()), IntStream.rangeClosed(1, most).toArray())
            .options(options);
    long begin = System.nanoTime();
    Selection selection =
        (hierarchical ? asked.initializer(Initializer.modelBased()) : asked).select(rows);
    double wall = (System.nanoTime() - begin) * NANO;
    List<Map<String, Object>> cells = new ArrayList<>();
    for (Cell each : selection.table()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("structure", each.family().structure(rows.columns()));
      line.put("K", each.components());
      line.put("status", each.status());
      line.put("logLikelihood", each.fit() == null ? null : each.fit().logLikelihood());
      line.put("bic", each.fit() == null ? null : each.fit().bic());
      line.put("reason", each.reason());
      cells.add(line);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("wall", wall);
    answer.put(
        "best",
        selection
            .best()
            .map(c -> c.family().structure(rows.columns()) + "," + c.components())
            .orElse(null));
    answer.put("cells", cells);
    return answer;
  }

  private static Map<String, Object> score(IterationWorker.Cell cell) {
    long begin = System.nanoTime();
    double[] values = cell.start().logDensity(cell.rows());
    double wall = (System.nanoTime() - begin) * NANO;
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return Map.of("wall", wall, "logLikelihood", sum);
  }
}
