package io.github.mixtura.benchmarks;

import io.github.mixtura.data.Observations;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.sdp.CovarianceModel;
import io.github.mixtura.sdp.Method;
import io.github.mixtura.sdp.Partition;
import io.github.mixtura.sdp.SdpClustering;
import io.github.mixtura.sdp.ShrinkageEm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Adjusted Rand index, gap and status of every clustering method on published data with known
 * classes, the number of groups being that of the classes.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar io.github.mixtura.benchmarks.RealDataStudy \
 *     benchmarks/data RESULT.md
 * }</pre>
 */
public final class RealDataStudy {
  private static final long SEED = 1;

  private static final String LEGEND =
      """
      # Clustering of published data with known classes

      K is the number of classes; scaled columns have standard deviation 1. The objective is maximised: \
      minus the within-group (k-means) or the between-group (sdp) sum of squares, minus twice the \
      classification log-likelihood but for a constant (ila-sdp). The relative gap is that of a proven \
      bound: over the objective for sdp, over n·p for ila-sdp, and there for the covariances of the \
      returned groups. CERTIFIED says that no labels have a larger objective, not that they are the \
      classes. em: VVV, 10 k-means starts.

      """;

  private RealDataStudy() {}

  /** What a method says. */
  private record Answer(int[] labels, double objective, double relativeGap, String status) {
    static Answer of(int[] labels) {
      return new Answer(labels, Double.NaN, Double.NaN, "UNCERTIFIED");
    }
  }

  /** A way to cluster. */
  private interface Rival {
    Answer cluster(Observations rows, int components);
  }

  private static Map<String, Rival> methods() {
    Map<String, Rival> methods = new LinkedHashMap<>();
    methods.put("k-means", (rows, k) -> cluster(SdpClustering.of(Method.K_MEANS, k), rows));
    methods.put("sdp", (rows, k) -> cluster(SdpClustering.of(Method.SDP, k), rows));
    methods.put("em", RealDataStudy::em);
    methods.put(
        "em, shrinkage",
        (rows, k) -> Answer.of(ShrinkageEm.fit(rows, k, CovarianceModel.FULL, SEED).labels()));
    for (CovarianceModel model : CovarianceModel.values()) {
      methods.put(
          "ila-sdp, " + model.name().toLowerCase(Locale.ROOT),
          (rows, k) -> cluster(SdpClustering.of(Method.ILA_SDP, k).covariance(model), rows));
    }
    return methods;
  }

  private static Answer cluster(SdpClustering clustering, Observations rows) {
    Partition partition = clustering.seed(SEED).cluster(rows);
    return new Answer(
        partition.labels(),
        partition.objective(),
        partition.relativeGap().orElse(Double.NaN),
        partition.status().name());
  }

  /** As {@code mixtura cluster --method em}: VVV, reseed policy, 10 k-means starts. */
  private static Answer em(Observations rows, int components) {
    return Answer.of(
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), components)
            .options(EmOptions.defaults().withStarts(10).withSeed(SEED))
            .fit(rows)
            .mixture()
            .labels(rows));
  }

  /**
   * Runs the study.
   *
   * @param arguments folder of the data, and the file to write
   * @throws IOException if data cannot be read or the result not be written
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<String> none = List.of();
    List<LabelledData> sets =
        List.of(
            LabelledData.read(folder.resolve("iris.csv"), List.of("Species"), none),
            LabelledData.read(folder.resolve("wine.csv"), List.of("target"), none).scaled(),
            LabelledData.read(folder.resolve("banknote.csv"), List.of("Status"), none),
            LabelledData.read(folder.resolve("crabs.csv"), List.of("sp", "sex"), List.of("index")),
            LabelledData.read(folder.resolve("breast_cancer.csv"), List.of("target"), none)
                .scaled(),
            LabelledData.read(folder.resolve("digits.csv"), List.of("target"), none)
                .principalComponents(20));
    StringBuilder table = new StringBuilder(LEGEND);
    for (LabelledData data : sets) {
      table.append(
          String.format(
              "## %s: n = %d, p = %d, K = %d%n%n"
                  + "| method | adjusted Rand index | objective | relative gap | status | seconds"
                  + " |%n|---|---|---|---|---|---|%n",
              data.name(), data.rows().length, data.rows()[0].length, data.components()));
      Observations rows = data.observations();
      methods().forEach((name, rival) -> table.append(line(name, rival, rows, data)));
      table.append('\n');
    }
    Files.writeString(Path.of(arguments[1]), table);
    System.out.print(table);
  }

  private static String line(String name, Rival rival, Observations rows, LabelledData data) {
    long begin = System.nanoTime();
    Answer answer;
    try {
      answer = rival.cluster(rows, data.components());
    } catch (IllegalArgumentException e) {
      return String.format("| %s | refused: %s | | | | |%n", name, e.getMessage());
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %s | %s | %s | %.2f |%n",
        name,
        LabelAgreement.adjustedRandIndex(data.labels(), answer.labels()),
        Double.isNaN(answer.objective())
            ? "–"
            : String.format(Locale.ROOT, "%.6g", answer.objective()),
        Double.isNaN(answer.relativeGap())
            ? "–"
            : String.format(Locale.ROOT, "%.2e", answer.relativeGap()),
        answer.status(),
        seconds);
  }
}
