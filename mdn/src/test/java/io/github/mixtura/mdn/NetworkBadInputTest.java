package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class NetworkBadInputTest {
  private static void refused(String message, Executable call) {
    String found = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(found.contains(message), found);
  }

  private static final MixtureDensityNetwork NETWORK =
      MixtureDensityNetwork.of(Mlp.of(4), OutputFamily.GAUSSIAN_DIAGONAL, 2)
          .options(Problems.brief(2));

  @Test
  void missingValuesNameTheRow() {
    double[][] x = {{1}, {2}, {Double.NaN}};
    double[][] y = {{1}, {Double.POSITIVE_INFINITY}, {3}};
    refused("inputs: row 2, column 0 is NaN", () -> Examples.of(x, new double[] {1, 2, 3}));
    refused(
        "targets: row 1, column 0 is Infinity",
        () -> Examples.of(new double[][] {{1}, {2}, {3}}, y));
    refused("3 rows of inputs and 2 of targets", () -> Examples.of(x, new double[2]));
    refused(
        "row 1 has 2 values, must have 1",
        () -> Examples.of(new double[][] {{1}, {2, 3}}, new double[2]));
  }

  @Test
  void windowsNeedMoreRows() {
    refused(
        "window is 5, must be at least 1 and below the number of rows, 5",
        () -> Examples.forecasts(new double[5][1], new double[5][1], 5));
    double[][] missing = {{1}, {2}, {Double.NaN}, {4}};
    refused(
        "features: row 2, column 0 is NaN", () -> Examples.forecasts(missing, new double[4][1], 2));
    refused(
        "targets: row 2, column 0 is NaN", () -> Examples.forecasts(new double[4][1], missing, 2));
  }

  @Test
  void constantColumnsAreReportedAndHarmless() {
    double[][] x = new double[40][2];
    double[] y = new double[40];
    for (int i = 0; i < 40; i++) {
      x[i][0] = i % 7;
      x[i][1] = 5;
      y[i] = i % 3;
    }
    NetworkFit fit = NETWORK.fit(Examples.of(x, y));
    assertTrue(
        fit.report().warnings().contains("input 1 is constant, 5.0, in the training part"),
        fit.report().warnings().toString());
  }

  @Test
  void validationMustNotComeBeforeTraining() {
    Examples all = Problems.series(200, 3, 1);
    refused("the future would leak", () -> NETWORK.fit(all.range(100, 197), all.range(0, 100)));
    refused("the future would leak", () -> NETWORK.fit(all.range(0, 101), all.range(100, 197)));
    assertEquals("197 examples: 1 inputs, windows of 3, 1 targets, in time order", all.toString());
    assertEquals(
        97, NETWORK.fit(all.range(0, 100), all.range(100, 197)).report().validationExamples());
    refused("greater than the one before", () -> all.range(0, 2).withTimes(2, 1));
  }

  @Test
  void aForecastSeesNothingOfItsOwnDay() {
    double[][] r = new double[30][1];
    for (int i = 0; i < 30; i++) {
      r[i][0] = i;
    }
    Examples examples = Examples.forecasts(r, r, 4);
    for (int i = 0; i < examples.size(); i++) {
      assertEquals(examples.target(i)[0] - 1, examples.window(i)[3][0]);
      assertEquals(examples.target(i)[0] - 4, examples.window(i)[0][0]);
    }
  }

  @Test
  void optionsHaveRanges() {
    TrainingOptions options = TrainingOptions.defaults();
    refused("learningRate is 0.0, must be above 0", () -> options.withLearningRate(0));
    refused("learningRate is 1.0E9, must be", () -> options.withLearningRate(1e9));
    refused("learningRate is NaN", () -> options.withLearningRate(Double.NaN));
    refused("averaging is 1.0", () -> options.withAveraging(1));
    refused("batchSize is 0", () -> options.withBatchSize(0));
    refused("validationFraction is 0.9", () -> options.withValidationFraction(0.9));
    refused("components is 0", () -> MixtureDensityNetwork.of(Mlp.of(), OutputFamily.STUDENT_T, 0));
    refused("width is 0", () -> Mlp.of(3, 0));
    refused("layers is 0", () -> Lstm.of(3, 0));
    refused("scaleFloor is 1.0", () -> NETWORK.scaleFloor(1));
  }

  /** The largest step size that is allowed ruins every step; what was good before is kept. */
  @Test
  void stepsThatAreTooLongEndWithTheBestSoFar() {
    Examples examples = Problems.branches(200, 1, 3);
    for (Body body : List.of(Mlp.of(16, 16), Lstm.of(8, 2))) {
      NetworkFit fit =
          MixtureDensityNetwork.of(body, OutputFamily.GAUSSIAN_FULL, 3)
              .options(Problems.brief(30).withLearningRate(1).withClipNorm(1e9))
              .fit(examples);
      TrainingReport report = fit.report();
      assertTrue(report.epochs() > 0 || report.stopReason() == TrainingStop.DIVERGED);
      double loss = -fit.model().meanLogDensity(examples);
      assertTrue(loss <= report.firstLoss() + 0.2, "no worse than the start: " + loss);
      for (double parameter : fit.model().parameters()) {
        assertTrue(Double.isFinite(parameter));
      }
    }
  }

  @Test
  void otherSizesAreRefused(@TempDir Path folder) throws IOException {
    ConditionalMixture model = NETWORK.fit(Problems.branches(50, 1, 1)).model();
    refused("x has 2 values, must have 1 × 1", () -> model.at(1, 2));
    refused("x[0] is NaN", () -> model.at(Double.NaN));
    refused("examples have", () -> model.logDensity(Problems.branches(20, 2, 1)));
    refused("examples have", () -> NETWORK.startingFrom(model).fit(Problems.series(50, 3, 1)));
    refused(
        "must be a network of",
        () ->
            MixtureDensityNetwork.of(Mlp.of(5), OutputFamily.GAUSSIAN_DIAGONAL, 2)
                .startingFrom(model));
    Map<String, Object> map = new LinkedHashMap<>(model.toMap());
    map.put("components", 3);
    wrong("parameters has 38 values, must have 53", map);
    map.put("components", 2);
    map.put("targetScale", List.of(-1));
    wrong("targetScale is [-1], must hold positive numbers", map);
    map.remove("targetScale");
    wrong("targetScale is missing", map);
    map.put("schema", "mixtura/network/9");
    wrong("schema is mixtura/network/9, must be mixtura/network/1", map);
    Path file = folder.resolve("cut.json");
    model.write(file);
    Files.writeString(file, Files.readString(file).substring(0, 200));
    String message =
        assertThrows(DataFormatException.class, () -> ConditionalMixture.read(file)).getMessage();
    assertTrue(message.contains("is not valid JSON"), message);
  }

  private static void wrong(String message, Map<String, Object> map) {
    String found =
        assertThrows(DataFormatException.class, () -> ConditionalMixture.fromMap(map, "file"))
            .getMessage();
    assertTrue(found.contains(message), found);
  }

  /** Sizes whose product does not fit into an int, or into memory, in a file of a few bytes. */
  @Test
  void sizesAreComputedWithoutOverflow() {
    ConditionalMixture model = NETWORK.fit(Problems.branches(50, 1, 1)).model();
    Map<String, Object> map = new LinkedHashMap<>(model.toMap());
    map.put("window", 1 << 29);
    wrong("parameters has 38 values, must have 2147483682", map);
    map.put("window", 1_000_000_000);
    map.put("components", 1_000_000_000);
    wrong("parameters has 38 values, must have", map);
    map.put("window", 1);
    wrong("parameters has 38 values, must have", map);
    map.put("components", 2);
    double[] large = (double[]) map.get("parameters");
    map.put("parameters", new double[] {Double.NaN});
    wrong("must hold finite numbers only, which entry 1 is not", map);
    map.put("parameters", large);
    map.put("targetScale", new double[] {1e-300});
    wrong("targetScale is", map);
    ConditionalMixture recurrent =
        MixtureDensityNetwork.of(Lstm.of(4), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(Problems.brief(1))
            .fit(Problems.branches(50, 1, 1))
            .model();
    Map<String, Object> endless = new LinkedHashMap<>(recurrent.toMap());
    endless.put("window", 1_000_000_000);
    wrong("GB of memory", endless);
    refused(
        "parameters, must have at most 2147483647",
        () ->
            MixtureDensityNetwork.of(
                    Mlp.of(IntStream.generate(() -> 4096).limit(200).toArray()),
                    OutputFamily.GAUSSIAN_DIAGONAL,
                    2)
                .fit(Problems.branches(50, 1, 1)));
  }

  /** Units do not matter; what no variance can hold is refused, and never is there a NaN. */
  @Test
  void unitsOfAnySize() {
    for (OutputFamily family : OutputFamily.values()) {
      double expected = Double.NaN;
      for (double unit : new double[] {1, 0x1p-480, 0x1p-300, 0x1p300, 0x1p490}) {
        double[][] x = new double[60][1];
        double[] y = new double[60];
        for (int i = 0; i < 60; i++) {
          x[i][0] = unit * (i % 11);
          y[i] = (family.angles() ? 1 : unit) * Math.sin(i);
        }
        Examples examples = Examples.of(x, y);
        ConditionalMixture model =
            MixtureDensityNetwork.of(Mlp.of(3), family, 2)
                .options(Problems.brief(3))
                .fit(examples)
                .model();
        double found = model.meanLogDensity(examples) + (family.angles() ? 0 : Math.log(unit));
        expected = unit == 1 ? found : expected;
        assertEquals(expected, found, 1e-9 * (1 + Math.abs(expected)), family + " " + unit);
        double far = model.at(unit * 1e5).logDensity(y[0]);
        assertTrue(!Double.isNaN(far), family + " " + unit);
      }
    }
    double[] tiny = {1e-200, 2e-200, 4e-200};
    refused(
        "target 0 has the standard deviation",
        () -> NETWORK.fit(Examples.of(new double[3][1], tiny)));
  }

  @Test
  void inputsFarOutsideAreRefused() {
    Examples examples = Problems.branches(50, 1, 1);
    ConditionalMixture model =
        MixtureDensityNetwork.of(Mlp.of(), OutputFamily.GAUSSIAN_DIAGONAL, 2)
            .options(Problems.brief(2))
            .fit(examples)
            .model();
    refused("x[0] is Infinity", () -> model.at(1e308 * 10));
    refused(
        "example 0 has no log-density",
        () -> model.logDensity(Examples.of(new double[][] {{1e150}}, new double[] {0})));
  }
}
