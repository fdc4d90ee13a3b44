package io.github.mixtura.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every benchmark runs once on a small cell, in this JVM. */
class BenchmarkSmokeTest {
  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("io\\.github\\.mixtura\\.(benchmarks|sdp)\\..*")
                    .param("cell", "full-500-2-2", "diag-500-3-2")
                    .param("shape", "3-2")
                    .param("size", "16")
                    .param("rows", "60")
                    .param("points", "1024")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .shouldFailOnError(true)
                    .build())
            .run();
    assertEquals(
        43,
        results.size(),
        "two cells: one iteration on 1 and 2 threads, one fit; 7 kernels; narrow angles; dense; 7 of clustering; 6 of regression");
    assertTrue(results.stream().allMatch(r -> r.getPrimaryResult().getScore() > 0));
  }

  @Test
  void costStudyWritesItsTables(@TempDir Path folder) throws IOException {
    CostStudy.main(new String[] {"java", folder.resolve("cost").toString(), "quick"});
    List<String> csv = Files.readAllLines(folder.resolve("cost.csv"));
    assertTrue(csv.size() > 150, () -> csv.size() + " lines");
    assertTrue(Files.readString(folder.resolve("cost.md")).contains("von Mises"));
  }

  @Test
  void workerAnswersWithTheLogLikelihood(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("cell.json"),
        "{\"covariance\":\"full\",\"n\":4,\"d\":1,\"K\":1,\"weights\":[1],\"means\":[[0]],"
            + "\"variances\":[[1]]}");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (double x : new double[] {-1, 1, -3, 3}) {
        out.writeLong(Long.reverseBytes(Double.doubleToRawLongBits(x)));
      }
    }
    Files.write(folder.resolve("x.bin"), bytes.toByteArray());
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      System.setIn(
          new ByteArrayInputStream((folder + " 1 1 java\n").getBytes(StandardCharsets.UTF_8)));
      System.setOut(new PrintStream(answer, true, StandardCharsets.UTF_8));
      IterationWorker.main(new String[0]);
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    // Mean 0, variance 5: ℓ = −½ · 4 · (log 2π + log 5 + 1).
    double expected = -2 * (Math.log(2 * Math.PI) + Math.log(5) + 1);
    String text = answer.toString(StandardCharsets.UTF_8);
    String value = text.replaceAll(".*\"logLikelihood\": ([-0-9.e+]+),.*", "$1").strip();
    assertEquals(expected, Double.parseDouble(value), 1e-12);
  }
}
