package io.github.mixtura.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RiskComparisonTest {
  private static final Path PRICES = Path.of("../examples/eustockmarkets.csv");

  @Test
  void tablesAgreeWithTheRawFigures(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("risk");
    RiskComparison.run(PRICES, out.toString(), 120, 25, List.of("ewma", "garch", "lstm-mdn"));
    List<String[]> raw =
        Files.readAllLines(folder.resolve("risk.csv")).stream().map(l -> l.split(",", -1)).toList();
    assertEquals(1 + 2 * 2 * (2 + 3), raw.size());
    double ewma = mean(raw, "ewma");
    double garch = mean(raw, "garch");
    List<String> table = Files.readAllLines(folder.resolve("risk.md"));
    String[] cells =
        table
            .subList(
                table.indexOf("## DAX and SMI pooled, level 0.95: 3 hits expected"), table.size())
            .stream()
            .filter(line -> line.startsWith("| lstm-mdn |"))
            .findFirst()
            .orElseThrow()
            .split(" *\\| *");
    assertEquals(mean(raw, "lstm-mdn"), Double.parseDouble(cells[4]), 1e-5);
    assertEquals(mean(raw, "lstm-mdn") / Math.min(ewma, garch), Double.parseDouble(cells[5]), 1e-4);
  }

  private static double mean(List<String[]> raw, String model) {
    return raw.stream()
        .filter(row -> row[1].equals(model) && row[3].equals("0.95"))
        .mapToDouble(row -> Double.parseDouble(row[13]))
        .average()
        .orElseThrow();
  }

  @Test
  void settingsSeeNothingOfTheTestDays(@TempDir Path folder) throws IOException {
    RiskSettings.Settings settings = new RiskSettings.Settings(2, 3, 0.01, 0.01, 0.01);
    double[] plain = new RiskSettings(PRICES, 1320, 500, List.of("DAX")).ratios(settings, 1);
    List<String> lines = Files.readAllLines(PRICES);
    for (int i = lines.size() - 500; i < lines.size(); i++) {
      lines.set(i, i + ",1,1,1,1");
    }
    Path altered = Files.write(folder.resolve("altered.csv"), lines);
    double[] other = new RiskSettings(altered, 1320, 500, List.of("DAX")).ratios(settings, 1);
    assertEquals(Arrays.toString(plain), Arrays.toString(other));
    assertEquals(4, plain.length);
    assertTrue(plain[0] > 0.5 && plain[0] < 2, "" + plain[0]);
  }
}
