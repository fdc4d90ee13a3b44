package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path data;
  private Path truth;

  /** Two groups of 30 rows, ten standard deviations apart. */
  @BeforeEach
  void write() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    data = folder.resolve("data.csv");
    truth = folder.resolve("truth.csv");
    StringBuilder rows = new StringBuilder("a,b\n");
    for (int i = 0; i < 60; i++) {
      rows.append(random.nextGaussian() + (i < 30 ? 0 : 10))
          .append(',')
          .append(random.nextGaussian())
          .append('\n');
    }
    Files.writeString(data, rows);
    Files.writeString(truth, labels(i -> i < 30 ? 5 : 6));
  }

  private static String labels(java.util.function.IntUnaryOperator label) {
    return "label\n"
        + IntStream.range(0, 60)
            .map(label)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private JsonNode json(Object... more) throws IOException {
    Object[] arguments = new Object[6 + more.length];
    System.arraycopy(
        new Object[] {"cluster", data, "--components", 2, "--format", "json"}, 0, arguments, 0, 6);
    System.arraycopy(more, 0, arguments, 6, more.length);
    return JSON.readTree(Cli.run(arguments).succeeded().out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdp", "ila-sdp", "low-rank"})
  void farGroupsAreCertified(String method) throws IOException {
    JsonNode node = json("--method", method);
    assertEquals("mixtura/partition/1", node.get("schema").asText());
    assertEquals(method, node.get("method").asText());
    assertEquals("CERTIFIED", node.get("status").asText(), node.toString());
    assertTrue(node.get("upperBound").asDouble() >= node.get("objective").asDouble());
    assertTrue(node.get("relativeGap").asDouble() <= 1e-9);
    assertEquals(60, node.get("labels").size());
    for (int i = 0; i < 60; i++) {
      assertEquals(i < 30 ? 1 : 2, node.get("labels").get(i).asInt());
    }
    assertEquals(
        method.equals("ila-sdp") ? "labels-given-covariances" : "",
        node.path("certifies").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"em", "k-means", "likelihood"})
  void otherMethodsHaveNoBound(String method) throws IOException {
    JsonNode node = json("--method", method);
    assertEquals("UNCERTIFIED", node.get("status").asText());
    assertTrue(node.get("upperBound").isNull() && node.get("relativeGap").isNull());
    assertEquals(node.get("labels").get(0), node.get("labels").get(29));
  }

  /** From 5 on: any consecutive numbers will do. */
  @ParameterizedTest
  @ValueSource(strings = {"sdp", "ila-sdp"})
  void aPartitionOfTheUserIsCertified(String method) throws IOException {
    JsonNode node = json("--method", method, "--certify", "labels:" + truth);
    assertEquals("CERTIFIED", node.get("status").asText());
    Files.writeString(truth, labels(i -> i < 27 ? 1 : 2));
    JsonNode moved = json("--method", method, "--certify", "labels:" + truth);
    assertEquals("GAP", moved.get("status").asText());
    assertTrue(moved.get("relativeGap").asDouble() > 1e-6);
    JsonNode late = json("--method", method, "--certify", "labels:" + truth, "--time-limit", 0);
    assertEquals("UNCERTIFIED", late.get("status").asText());
    assertEquals(1, late.get("warnings").size());
    assertEquals(2, late.get("labels").get(27).asInt());
  }

  @Test
  void labelsStartEm() throws IOException {
    Path saved = folder.resolve("labels.csv");
    Path document = folder.resolve("partition.json");
    Cli.run(
            "cluster",
            data,
            "--components",
            2,
            "--method",
            "sdp",
            "--labels",
            saved,
            "--output",
            document)
        .succeeded();
    assertEquals(61, Files.readAllLines(saved).size());
    assertEquals("sdp", JSON.readTree(document.toFile()).get("method").asText());
    Cli.run("fit", data, "--components", 2, "--init", "labels:" + saved).succeeded();
    Cli.run("fit", data, "--components", 2, "--init", "ila-sdp").succeeded();
    Cli.run("fit", data, "--components", 2, "--init", "model-based").succeeded();
  }

  @Test
  void theTextSaysWhatIsCertified() {
    String text = Cli.run("cluster", data, "--components", 2).succeeded().out();
    assertTrue(text.contains("CERTIFIED: no partition is better for these covariances"), text);
  }

  @Test
  void scalingMakesUnitsIrrelevant() throws IOException {
    double scaled = json("--method", "sdp", "--scale", "sd").get("objective").asDouble();
    Files.writeString(
        data,
        Files.readAllLines(data).stream()
            .map(
                line ->
                    line.startsWith("a")
                        ? line
                        : 1000 * Double.parseDouble(line.split(",")[0]) + "," + line.split(",")[1])
            .collect(Collectors.joining("\n")));
    double other = json("--method", "sdp", "--scale", "sd").get("objective").asDouble();
    assertEquals(scaled, other, 1e-9 * scaled);
  }

  @Test
  void valuesWithoutARepresentableSquareAreRefusedUnlessScaled() throws IOException {
    for (String unit : new String[] {"e-170", "e170"}) {
      Files.writeString(data, "a\n1" + unit + "\n2" + unit + "\n8" + unit + "\n9" + unit + "\n");
      Cli.run("cluster", data, "--components", 2, "--method", "sdp").failed(3, "square");
      JsonNode node = json("--method", "sdp", "--scale", "sd");
      assertEquals("CERTIFIED", node.get("status").asText());
      assertEquals("[1,1,2,2]", node.get("labels").toString());
    }
  }

  @Test
  void oneGroupAndOnePerRow() throws IOException {
    JsonNode one = JSON.readTree(run("--components", 1, "--method", "sdp"));
    assertEquals("CERTIFIED", one.get("status").asText());
    JsonNode all = JSON.readTree(run("--components", 60, "--method", "sdp"));
    assertEquals("CERTIFIED", all.get("status").asText(), all.toString());
    assertEquals(0, all.get("withinSumOfSquares").asDouble(), 1e-18);
  }

  private String run(Object... more) {
    Object[] arguments = new Object[4 + more.length];
    System.arraycopy(new Object[] {"cluster", data, "--format", "json"}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Cli.run(arguments).succeeded().out();
  }

  @Test
  void badInput() throws IOException {
    Cli.run("cluster", data, "--components", 61).failed(3, "60 rows", "61 groups");
    Cli.run("cluster", data, "--components", 0).failed(2, "components is 0");
    Cli.run("cluster", data, "--components", 2, "--method", "sdpp").failed(2, "ila-sdp", "k-means");
    Cli.run("cluster", data, "--components", 40, "--shrinkage", "off")
        .failed(3, "shrinkage", "fewer components");
    Cli.run(
            "cluster",
            data,
            "--components",
            2,
            "--method",
            "k-means",
            "--certify",
            "labels:" + truth)
        .failed(2, "has no bound");
    Cli.run("cluster", data, "--components", 3, "--method", "sdp", "--certify", "labels:" + truth)
        .failed(3, "label 7 is not used");
    Files.writeString(data, "a,b\n1,2\n1,2\n1,2\n3,4\n");
    Cli.run("cluster", data, "--components", 3, "--method", "sdp").failed(3, "distinct rows, 2");
    Files.writeString(data, "a,b\n1,2\n1,NaN\n1,2\n3,4\n");
    Cli.run("cluster", data, "--components", 2).failed(3, "row 2", "'b'", "missing");
    Files.writeString(data, "a,b\n1,2\n1,3\n1,5\n1,4\n");
    Cli.run("cluster", data, "--components", 2, "--scale", "sd").failed(3, "'a'", "leave it out");
  }

  @Test
  void aTimeLimitOfNothingStillGivesAPartition() throws IOException {
    JsonNode node = json("--time-limit", 0);
    assertEquals("UNCERTIFIED", node.get("status").asText());
    assertEquals(60, node.get("labels").size());
    assertEquals(1, node.get("warnings").size());
  }

  @Test
  void cancelledWorkIsWrittenAndEndsWith130() throws IOException {
    Path saved = folder.resolve("labels.csv");
    Cli cli = Cli.run(() -> true, "cluster", data, "--components", 2, "--labels", saved);
    assertEquals(ExitCode.CANCELLED, cli.code());
    assertEquals(61, Files.readAllLines(saved).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"em", "k-means", "sdp", "low-rank", "ila-sdp", "likelihood"})
  void moreGroupsThanDistinctRowsAreRefused(String method) throws IOException {
    StringBuilder rows = new StringBuilder("x,y\n");
    for (int i = 0; i < 24; i++) {
      rows.append(i % 2).append(',').append(i / 2 % 2).append('\n');
    }
    Path few = Files.writeString(folder.resolve("few.csv"), rows);
    Cli refused = Cli.run("cluster", few, "--components", 5, "--method", method);
    assertEquals(3, refused.code(), refused.err());
    assertTrue(
        refused.err().contains("must be at most the number of distinct rows, 4"), refused.err());
  }

  @Test
  void whatStoppedTheBoundIsSaid() throws IOException {
    JsonNode node = json("--method", "sdp");
    assertEquals("certified", node.get("boundStoppedBy").asText());
    assertTrue(node.get("boundSteps").asInt() > 0);
    JsonNode late = json("--method", "sdp", "--time-limit", 0);
    assertEquals("time", late.get("boundStoppedBy").asText());
    assertEquals(0, late.get("boundSteps").asInt());
    assertTrue(json("--method", "k-means").get("boundStoppedBy").isNull());
  }
}
