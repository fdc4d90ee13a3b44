package io.github.mixtura.em.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.Reference;
import io.github.mixtura.em.gaussian.GaussianFamily;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selections from the library's own starts against Mclust's, with its own starts. */
class SelectionQualityTest {
  private static Selection select(Observations rows, int largest) {
    return ModelSelection.over(
            GaussianFamily.all(rows.columns()), IntStream.rangeClosed(1, largest).toArray())
        .select(rows);
  }

  private static String name(Cell cell, int dimension) {
    return cell.family().structure(dimension) + "," + cell.components();
  }

  @ParameterizedTest
  @ValueSource(strings = {"faithful", "iris", "diabetes", "geyser", "galaxies"})
  void noWorseThanMclust(String data) {
    JsonNode gold = Reference.read("gaussian/mclust_" + data + ".json");
    Observations rows = Reference.data(gold);
    int d = rows.columns();
    Selection selection = select(rows, gold.get("K").size());
    Cell best = selection.best().orElseThrow();
    JsonNode choice = gold.get("default_choice");
    double peer = -choice.get("bic").asDouble();
    System.out.printf(
        Locale.ROOT,
        "%-9s chosen %-6s BIC %.4f; mclust %s,%d %.4f%n",
        data,
        name(best, d),
        best.fit().bic(),
        choice.get("model").asText(),
        choice.get("K").asInt(),
        peer);
    assertTrue(best.fit().bic() <= peer + 1e-6 * peer, () -> name(best, d) + " " + best.fit());
    for (Cell cell : selection.table()) {
      assertCellNoWorse(cell, gold, d);
    }
  }

  /** VVE apart: the peer does not maximise its likelihood. */
  private static void assertCellNoWorse(Cell cell, JsonNode gold, int d) {
    String structure = cell.family().structure(d);
    JsonNode peer =
        gold.get("models").get(structure).get("default_control_loglik").get(cell.components() - 1);
    if (peer.isNull() || structure.equals("VVE") || cell.status() != CellStatus.OK) {
      return;
    }
    assertTrue(
        cell.fit().logLikelihood() >= peer.asDouble() - 1e-3,
        () -> name(cell, d) + ": " + cell.fit().logLikelihood() + ", mclust " + peer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iris", "diabetes", "wine"})
  void agreementWithTheKnownClasses(String data) throws IOException {
    JsonNode gold = Reference.read("gaussian/quality_ari.json").get("data").get(data);
    Observations rows = Reference.data(gold);
    int d = rows.columns();
    int[] classes = classes(data + ".csv", gold.get("class").get(0).asText());
    Selection selection = select(rows, 4);
    Cell best = selection.best().orElseThrow();
    JsonNode peer = gold.get("mclust_best_bic");
    System.out.printf(
        Locale.ROOT,
        "%-9s chosen %-6s BIC %.3f, adjusted Rand index %.4f; mclust %s,%d %.3f, %.4f;"
            + " mclust at the true K %.4f, k-means %.4f%n",
        data,
        name(best, d),
        best.fit().bic(),
        adjustedRandIndex(best.fit().mixture().labels(rows), classes),
        peer.get("model").asText(),
        peer.get("K").asInt(),
        -peer.get("bic").asDouble(),
        peer.get("ari").asDouble(),
        gold.get("mclust_true_K").get("ari").asDouble(),
        gold.get("kmeans_scaled").get("ari").asDouble());
    assertTrue(best.fit().bic() <= -peer.get("bic").asDouble() * (1 + 1e-6));
  }

  private static int[] classes(String file, String column) throws IOException {
    try (InputStream in = SelectionQualityTest.class.getResourceAsStream("/data/" + file)) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(s -> s.replace("\"", ""))
              .toList();
      int at = List.of(lines.get(0).split(",")).indexOf(column);
      List<String> names = lines.stream().skip(1).map(line -> line.split(",")[at]).toList();
      List<String> distinct = names.stream().distinct().toList();
      return names.stream().mapToInt(distinct::indexOf).toArray();
    }
  }

  /** Hubert &amp; Arabie 1985, doi:10.1007/BF01908075. */
  private static double adjustedRandIndex(int[] a, int[] b) {
    int rows = 1 + IntStream.of(a).max().orElseThrow();
    int columns = 1 + IntStream.of(b).max().orElseThrow();
    long[][] table = new long[rows][columns];
    for (int i = 0; i < a.length; i++) {
      table[a[i]][b[i]]++;
    }
    double both = 0;
    double first = 0;
    double second = 0;
    for (long[] row : table) {
      long sum = 0;
      for (long count : row) {
        both += pairs(count);
        sum += count;
      }
      first += pairs(sum);
    }
    for (int j = 0; j < columns; j++) {
      long sum = 0;
      for (long[] row : table) {
        sum += row[j];
      }
      second += pairs(sum);
    }
    double expected = first * second / pairs(a.length);
    return (both - expected) / (0.5 * (first + second) - expected);
  }

  private static double pairs(long n) {
    return 0.5 * n * (n - 1);
  }

  @Test
  void theIndexIsOneForEqualPartitionsAndZeroOnAverage() {
    assertEquals(1, adjustedRandIndex(new int[] {0, 0, 1, 1}, new int[] {1, 1, 0, 0}), 1e-15);
    // Hubert & Arabie's formula by hand: pairs 0, rows 2, columns 2, of 6: (0 − 2/3) / (2 − 2/3).
    assertEquals(-0.5, adjustedRandIndex(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}), 1e-15);
  }

  @Test
  void theSameTableOnAnyNumberOfThreads() {
    Observations rows = Reference.data("faithful.csv", List.of("eruptions", "waiting"));
    List<GaussianFamily> families = GaussianFamily.all(2).subList(6, 10);
    ModelSelection selection = ModelSelection.over(families, 1, 2, 3);
    List<Double> one = bics(selection, rows, 1);
    assertEquals(one, bics(selection, rows, 2));
    assertEquals(one, bics(selection, rows, 7));
  }

  private static List<Double> bics(ModelSelection selection, Observations rows, int threads) {
    return selection
        .options(EmOptions.defaults().withThreads(threads))
        .select(rows)
        .table()
        .stream()
        .map(Cell::fit)
        .map(MixtureFit::bic)
        .toList();
  }
}
