package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitCommandTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @TempDir private Path folder;

  private static Cli fit(Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("fit", Cli.FAITHFUL, "--components", 2));
    arguments.addAll(Arrays.asList(more));
    return Cli.run(arguments.toArray());
  }

  private static JsonNode json(Cli run) throws IOException {
    return JSON.readTree(run.succeeded().out());
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void jsonHasTheFieldsOfTheContract() throws IOException {
    JsonNode fit = json(fit("--format", "json"));
    assertEquals(
        List.of(
            "schema",
            "model",
            "rows",
            "totalWeight",
            "logLikelihood",
            "parameterCount",
            "bic",
            "aic",
            "icl",
            "stopReason",
            "iterations",
            "logLikelihoodTrace",
            "starts",
            "bestStart",
            "warnings",
            "backend",
            "threads",
            "seconds",
            "cpuSeconds"),
        fields(fit));
    assertEquals(
        List.of("schema", "family", "covarianceStructure", "dimension", "columns", "components"),
        fields(fit.get("model")));
    assertEquals("mixtura/fit/1", fit.get("schema").textValue());
    assertEquals(272, fit.get("rows").intValue());
    JsonNode trace = fit.get("logLikelihoodTrace");
    assertEquals(fit.get("iterations").intValue() + 1, trace.size());
    assertEquals(fit.get("logLikelihood"), trace.get(trace.size() - 1));
  }

  @Test
  void fitsTheKnownMixtureOfOldFaithful() throws IOException {
    // mclust 6.0.0, Mclust(faithful, G = 2, modelNames = "VVV"): -1130.264, BIC -2322.192.
    JsonNode fit = json(fit("--format", "json", "--tolerance", "1e-12"));
    assertEquals(-1130.264, fit.get("logLikelihood").doubleValue(), 1e-3);
    assertEquals(2322.192, fit.get("bic").doubleValue(), 2e-3);
    assertEquals(11, fit.get("parameterCount").intValue());
    assertEquals("TOLERANCE", fit.get("stopReason").textValue());
  }

  @Test
  void sameAsTheLibrary() throws IOException {
    Path model = folder.resolve("model.json");
    JsonNode json = json(fit("--format", "json", "--covariance", "VVE", "--output", model));
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVE), 2)
            .fit(Observations.ofCsv(Cli.FAITHFUL));
    assertEquals(fit.logLikelihood(), json.get("logLikelihood").doubleValue());
    assertEquals(fit.icl(), json.get("icl").doubleValue());
    assertEquals(fit.mixture(), SavedModel.read(model).mixture());
    assertEquals(JSON.readTree(model.toFile()), json.get("model"));
  }

  @Test
  void sameSeedSameBytesWhateverTheThreads() throws IOException {
    String[] models = new String[3];
    for (int t = 0; t < 3; t++) {
      Path file = folder.resolve("model" + t + ".json");
      fit("--threads", new int[] {1, 2, 7}[t], "--seed", 5, "--output", file).succeeded();
      models[t] = Files.readString(file);
    }
    assertEquals(models[0], models[1]);
    assertEquals(models[0], models[2]);
  }

  @Test
  void toleranceZeroRunsEveryIteration() throws IOException {
    JsonNode fit =
        json(fit("--tolerance", 0, "--max-iterations", 123, "--starts", 1, "--format", "json"));
    assertEquals(123, fit.get("iterations").intValue());
    assertEquals("MAX_ITERATIONS", fit.get("stopReason").textValue());
  }

  @Test
  void textSaysWhatWasFitted() {
    String text = fit().succeeded().out();
    for (String part :
        List.of(
            "gaussian VVV, 2 components",
            "272 rows",
            "-1130.26",
            "2322.19",
            "TOLERANCE",
            "Component 2: weight 0.3559, 97 rows",
            "eruptions",
            "waiting")) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
    assertEquals("", fit().err());
  }

  @Test
  void labelsAreThoseOfPredict() throws IOException {
    Path model = folder.resolve("model.json");
    Path labels = folder.resolve("labels.csv");
    fit("--output", model, "--labels", labels).succeeded();
    String predicted = Cli.run("predict", model, Cli.FAITHFUL).succeeded().out();
    assertEquals(Files.readString(labels), predicted);
    assertTrue(predicted.startsWith("label,r1,r2\n1,0.99"), predicted.substring(0, 30));
    Path again = folder.resolve("again.csv");
    assertEquals("", Cli.run("predict", model, Cli.FAITHFUL, "--output", again).succeeded().out());
    assertEquals(predicted, Files.readString(again));

    Observations data = Observations.ofCsv(Cli.FAITHFUL);
    Mixture<?> mixture = SavedModel.read(model).mixture();
    Observations table = Observations.ofCsv(labels);
    int[] expected = mixture.labels(data);
    double[][] responsibilities = mixture.responsibilities(data);
    for (int i = 0; i < data.rows(); i++) {
      assertEquals(expected[i] + 1, table.get(i, 0));
      assertEquals(responsibilities[i][1], table.get(i, 2));
    }
  }

  @Test
  void aFitGoesOnFromItsLabelsResponsibilitiesAndModel() throws IOException {
    Path model = folder.resolve("model.json");
    Path labels = folder.resolve("labels.csv");
    JsonNode first =
        json(
            fit("--tolerance", "1e-12", "--output", model, "--labels", labels, "--format", "json"));
    double best = first.get("logLikelihood").doubleValue();
    for (String start :
        List.of("labels:" + labels, "responsibilities:" + labels, "model:" + model)) {
      JsonNode next = json(fit("--tolerance", "1e-12", "--init", start, "--format", "json"));
      assertEquals(best, next.get("logLikelihood").doubleValue(), 1e-6, start);
      assertEquals(1, next.get("starts").intValue(), start);
    }
    JsonNode soft =
        json(
            fit("--init", "responsibilities:" + labels, "--max-iterations", 0, "--format", "json"));
    assertEquals(best, soft.get("logLikelihood").doubleValue(), 1e-7);
    JsonNode same =
        json(fit("--init", "model:" + model, "--max-iterations", 0, "--format", "json"));
    assertEquals(first.get("model"), same.get("model"));
    Cli.run("fit", Cli.FAITHFUL, "--components", 3, "--init", "model:" + model)
        .failed(3, "model.json", "components 2");
    fit("--columns", "waiting,eruptions", "--init", "model:" + model).failed(3, "columns");
    fit("--family", "student-t", "--init", "model:" + model).failed(3, "family gaussian");
  }

  @Test
  void theOrderOfGivenLabelsIsKept() throws IOException {
    Observations data = Observations.ofCsv(Cli.FAITHFUL);
    Path labels = folder.resolve("labels.csv");
    String text =
        IntStream.range(0, data.rows())
            .mapToObj(i -> data.get(i, 0) < 3 ? "1" : "2")
            .collect(Collectors.joining("\n", "label\n", "\n"));
    Files.writeString(labels, text);
    JsonNode given = json(fit("--init", "labels:" + labels, "--format", "json"));
    assertEquals(2.04, given.at("/model/components/0/mean/0").doubleValue(), 0.01);
    JsonNode sorted = json(fit("--format", "json"));
    assertEquals(4.29, sorted.at("/model/components/0/mean/0").doubleValue(), 0.01);
  }

  @Test
  void weightsCountAsRepeatedRows() throws IOException {
    List<String> lines = Files.readAllLines(Cli.FAITHFUL);
    StringBuilder weighted = new StringBuilder("w," + lines.get(0) + "\n");
    StringBuilder repeated = new StringBuilder(lines.get(0) + "\n");
    for (int i = 1; i < lines.size(); i++) {
      int weight = i % 4;
      weighted.append(weight).append(',').append(lines.get(i)).append('\n');
      repeated.append((lines.get(i) + "\n").repeat(weight));
    }
    Path a = Files.writeString(folder.resolve("a.csv"), weighted);
    Path b = Files.writeString(folder.resolve("b.csv"), repeated);
    JsonNode one =
        json(
            Cli.run(
                "fit",
                a,
                "--components",
                2,
                "--weights-column",
                "w",
                "--tolerance",
                "1e-13",
                "--format",
                "json"));
    JsonNode two =
        json(Cli.run("fit", b, "--components", 2, "--tolerance", "1e-13", "--format", "json"));
    assertEquals(408, one.get("totalWeight").doubleValue());
    assertEquals(204, one.get("rows").intValue());
    assertEquals(
        two.get("logLikelihood").doubleValue(), one.get("logLikelihood").doubleValue(), 1e-6);
    assertEquals(two.get("bic").doubleValue(), one.get("bic").doubleValue(), 1e-6);
  }

  @Test
  void columnsArePickedByNameAndNumber() throws IOException {
    JsonNode byName = json(fit("--columns", "waiting", "--format", "json"));
    JsonNode byNumber = json(fit("--columns", 2, "--format", "json"));
    assertEquals("waiting", byName.at("/model/columns/0").textValue());
    assertEquals("V", byName.at("/model/covarianceStructure").textValue());
    assertEquals(byName.get("model"), byNumber.get("model"));
    assertTrue(byName.at("/model/components/0/covariance/0/0").isNumber());
  }

  @Test
  void anglesAreInTheUnitOfTheUser() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    Mixture<VonMises> law = Mixture.of(List.of(VonMises.of(3, 8), VonMises.of(0.5, 20)), 0.6, 0.4);
    double[][] rows = law.sample(300, random).rows();
    Path radians = table("radians", rows, 1);
    Path degrees = table("degrees", rows, 180 / Math.PI);
    Path hours = table("hours", rows, 12 / Math.PI);
    Object[] base = {
      "fit", radians, "--components", 2, "--family", "von-mises", "--format", "json"
    };
    JsonNode inRadians = json(Cli.run(base));
    base[1] = degrees;
    JsonNode inDegrees = json(Cli.run(with(base, "--angle-unit", "degrees")));
    base[1] = hours;
    Path model = folder.resolve("hours.json");
    JsonNode inHours = json(Cli.run(with(base, "--period", 24, "--output", model)));
    for (JsonNode other : List.of(inDegrees, inHours)) {
      assertEquals(
          inRadians.get("logLikelihood").doubleValue(),
          other.get("logLikelihood").doubleValue(),
          1e-8);
      assertEquals(
          inRadians.at("/model/components/0/meanDirection/0").doubleValue(),
          other.at("/model/components/0/meanDirection/0").doubleValue(),
          1e-9);
    }
    assertEquals(24, inHours.at("/model/period").doubleValue());
    assertFalse(inRadians.get("model").has("period"));

    double[] scores =
        Observations.of(rows).rows() == 300
            ? SavedModel.read(model).mixture().logDensity(Observations.of(rows))
            : null;
    double[] printed =
        Cli.run("score", model, hours)
            .succeeded()
            .out()
            .lines()
            .skip(1)
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertArrayEquals(scores, printed, 1e-9);
    double[] draws =
        Cli.run("sample", model, "--rows", 500)
            .succeeded()
            .out()
            .lines()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.split(",")[0]))
            .toArray();
    assertTrue(Arrays.stream(draws).allMatch(v -> v > -12 && v <= 12));
    assertTrue(Arrays.stream(draws).anyMatch(v -> Math.abs(v) > 4));
  }

  private static Object[] with(Object[] base, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList(base));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  private Path table(String name, double[][] rows, double factor) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".csv"),
        Arrays.stream(rows)
            .map(row -> String.format(Locale.ROOT, "%.15g", row[0] * factor))
            .collect(Collectors.joining("\n", name + "\n", "\n")));
  }

  @Test
  void studentTWithSharedDegreesOfFreedom() throws IOException {
    JsonNode fit =
        json(fit("--family", "student-t", "--degrees-of-freedom", "shared", "--format", "json"));
    assertEquals(12, fit.get("parameterCount").intValue());
    assertEquals(
        fit.at("/model/components/0/degreesOfFreedom"),
        fit.at("/model/components/1/degreesOfFreedom"));
    assertEquals(
        List.of("weight", "mean", "scale", "degreesOfFreedom"),
        fields(fit.at("/model/components/0")));
  }

  @Test
  void cancellingSavesTheBestSoFar() throws IOException {
    Path model = folder.resolve("model.json");
    AtomicInteger asked = new AtomicInteger();
    Cli run =
        Cli.run(
            () -> asked.incrementAndGet() > 200,
            "fit",
            Cli.FAITHFUL,
            "--components",
            4,
            "--tolerance",
            0,
            "--max-iterations",
            1_000_000_000,
            "--format",
            "json",
            "--output",
            model);
    assertEquals(130, run.code(), run.err());
    JsonNode fit = JSON.readTree(run.out());
    assertEquals("CANCELLED", fit.get("stopReason").textValue());
    double saved =
        Arrays.stream(SavedModel.read(model).mixture().logDensity(Observations.ofCsv(Cli.FAITHFUL)))
            .sum();
    assertEquals(saved, fit.get("logLikelihood").doubleValue(), 1e-7);
    Cli none = Cli.run(() -> true, "fit", Cli.FAITHFUL, "--components", 2);
    none.failed(130, "cancelled");
  }

  @Test
  void theTimeLimitIsNoError() throws IOException {
    JsonNode fit =
        json(
            fit(
                "--tolerance",
                0,
                "--max-iterations",
                1_000_000_000,
                "--time-limit",
                0.05,
                "--format",
                "json"));
    assertEquals("TIME_LIMIT", fit.get("stopReason").textValue());
  }

  @Test
  void warningsAreInTheDocumentAndOnStandardError() throws IOException {
    // Half of the rows are one point, on which a component of its own has no maximum.
    Path data =
        Files.writeString(
            folder.resolve("spike.csv"),
            IntStream.range(0, 20)
                .mapToObj(i -> "1,1\n" + i * i / 9.0 + "," + (i * 7) % 20 + "\n")
                .collect(Collectors.joining()));
    Object[] arguments = {"fit", data, "--components", 2, "--format", "json"};
    Cli run = Cli.run(arguments);
    JsonNode warning = json(run).at("/warnings/0");
    assertEquals(List.of("component", "iteration", "kind", "remedy"), fields(warning));
    assertTrue(warning.get("component").intValue() >= 1, run.out());
    assertTrue(run.err().startsWith("mixtura: warning: component "), run.err());
    assertEquals("", Cli.run(with(arguments, "--quiet")).err());
  }
}
