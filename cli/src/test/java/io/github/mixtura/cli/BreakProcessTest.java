package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mixtura.codec.SavedModel;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inputs that broke something once and need a process of their own, devices of Linux or another
 * JVM. Times are printed, not asserted, but where waiting was the fault.
 */
@Tag("full")
@Timeout(300)
class BreakProcessTest {
  private static final Path CASES = Path.of("src/test/resources/cases/break").toAbsolutePath();
  private static final int INTERRUPTED = 130;

  @TempDir private Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(
        System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux"),
        "needs the devices, signals and pipes of Linux");
  }

  private record Ended(int code, String out, String err, double seconds) {
    void inASentence(int expected, String... parts) {
      assertEquals(expected, code, err);
      List<String> lines =
          err.lines().filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS")).toList();
      assertEquals(1, lines.size(), err);
      assertFalse(err.contains("internal error") || err.contains("Exception"), err);
      for (String part : parts) {
        assertTrue(err.contains(part), () -> "'" + part + "' is not in: " + err);
      }
    }
  }

  /** Listens to signals, also where the tests were started in the background. */
  private static List<String> listening() {
    return List.of("env", "--default-signal=INT");
  }

  private ProcessBuilder builder(List<String> java, Object... arguments) {
    ProcessBuilder builder = Cli.process(listening(), arguments);
    List<String> command = new ArrayList<>(builder.command());
    command.addAll(listening().size() + 1, java);
    return builder
        .command(command)
        .directory(folder.toFile())
        .redirectOutput(folder.resolve("out.txt").toFile())
        .redirectError(folder.resolve("err.txt").toFile());
  }

  private Ended end(Process process, long begin) throws IOException {
    int code = Cli.wait(process, 240);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    System.out.printf(Locale.ROOT, "%s %.1f s%n", process.info(), seconds);
    Path out = folder.resolve("out.txt");
    return new Ended(
        code,
        Files.exists(out) ? Files.readString(out) : "",
        Files.readString(folder.resolve("err.txt")),
        seconds);
  }

  private Ended run(List<String> java, Object... arguments) throws IOException {
    long begin = System.nanoTime();
    return end(builder(java, arguments).start(), begin);
  }

  private Ended interrupted(Process process, int afterSeconds) throws Exception {
    assertFalse(process.waitFor(afterSeconds, TimeUnit.SECONDS), "still running");
    long begin = System.nanoTime();
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    return end(process, begin);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> !name.equals("out.txt") && !name.equals("err.txt"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"score", "predict", "sample"})
  void standardOutputThatCannotBeWritten(String command) throws IOException {
    Object[] arguments =
        command.equals("sample")
            ? new Object[] {command, CASES.resolve("gaussian.json"), "--rows", 10}
            : new Object[] {command, CASES.resolve("gaussian.json"), Cli.FAITHFUL};
    long begin = System.nanoTime();
    ProcessBuilder full = builder(List.of(), arguments).redirectOutput(new File("/dev/full"));
    Ended ended = end(full.start(), begin);
    assertNotEquals(0, ended.code);
    ended.inASentence(ended.code, "standard output");
  }

  @Test
  void closedPipesAreSilent() throws Exception {
    Process process =
        builder(List.of(), "sample", CASES.resolve("gaussian.json"), "--rows", 2_000_000_000)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      assertTrue(reader.readLine() != null);
    }
    Cli.wait(process, 60);
    assertEquals("", Files.readString(folder.resolve("err.txt")));
  }

  @Test
  void cancelledSamplesReplaceNothing() throws Exception {
    Path old = folder.resolve("old.csv");
    Files.writeString(old, "whole\n1\n");
    Process process =
        builder(
                List.of(),
                "sample",
                CASES.resolve("gaussian.json"),
                "--rows",
                2_000_000_000,
                "--output",
                "old.csv")
            .start();
    Ended ended = interrupted(process, 4);
    assertEquals(INTERRUPTED, ended.code);
    assertEquals("whole\n1\n", Files.readString(old));
    assertTrue(files().stream().noneMatch(name -> name.endsWith(".tmp")), files().toString());
  }

  @Test
  void pipesThatNobodyWrites() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", "f").directory(folder.toFile()).start().waitFor());
    Ended ended = interrupted(builder(List.of(), "fit", "f", "--components", 2).start(), 3);
    assertEquals(INTERRUPTED, ended.code);
    // A second is what the person at the keyboard was promised; the rest is a busy machine.
    assertTrue(ended.seconds < 5, ended.seconds + " s after the interrupt");
  }

  @Test
  void moreStartsThanAnybodyWaitsFor() throws IOException {
    Ended ended =
        run(
            List.of("-Xmx256m"),
            "fit",
            Cli.FAITHFUL,
            "--components",
            2,
            "--starts",
            Integer.MAX_VALUE,
            "--time-limit",
            1);
    assertTrue(ended.code == 0 || ended.code == ExitCode.USAGE, ended.err);
    assertFalse(ended.err.contains("memory"), ended.err);
  }

  @Test
  void memoryAskedForByAFewBytes() throws IOException {
    run(List.of("-Xmx1g"), "pde", CASES.resolve("grid-1e8.json"))
        .inASentence(ExitCode.UNUSABLE, "grid-1e8.json", "GB");
  }

  @Test
  void processorsWithoutFusedMultiplication() throws IOException {
    Object[] fit = {"fit", Cli.FAITHFUL, "--components", 2, "--starts", 1, "--format", "json"};
    Ended without = run(List.of("-XX:-UseFMA"), fit);
    assertEquals(0, without.code, without.err);
    assertTrue(without.err.toLowerCase(Locale.ROOT).contains("fused multiply"), without.err);
    Ended listed = run(List.of("-XX:-UseFMA"), "backends");
    assertTrue(
        (listed.out + listed.err).toLowerCase(Locale.ROOT).contains("fused multiply"),
        listed.out + listed.err);
    Ended with = run(List.of(), fit);
    assertEquals(model(with.out), model(without.out));
  }

  /** What a fit says of the mixture. */
  private static String model(String json) {
    return json.substring(json.indexOf("\"components\""), json.indexOf("\"rows\""));
  }

  @Test
  void picturesOnAFullDisk() throws Exception {
    Path full = Files.createDirectory(folder.resolve("full"));
    boolean mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", full.toString())
                .start()
                .waitFor()
            == 0;
    assumeTrue(mounted, "a small file system cannot be mounted here");
    try {
      run(List.of(), "pde", "--example", "P1", "--quiet", "--picture", full.resolve("x.png"))
          .inASentence(ExitCode.UNUSABLE, "x.png");
      try (Stream<Path> left = Files.list(full)) {
        assertEquals(List.of(), left.toList());
      }
    } finally {
      new ProcessBuilder("umount", full.toString()).start().waitFor();
    }
  }

  @Test
  void temporaryFilesOfAKilledProcessDoNotStay() throws Exception {
    Process process =
        builder(
                List.of(),
                "sample",
                CASES.resolve("gaussian.json"),
                "--rows",
                2_000_000_000,
                "--output",
                "s.csv")
            .start();
    assertFalse(process.waitFor(4, TimeUnit.SECONDS));
    new ProcessBuilder("kill", "-KILL", Long.toString(process.pid())).start().waitFor();
    Cli.wait(process, 30);
    Ended again =
        run(List.of(), "sample", CASES.resolve("gaussian.json"), "--rows", 3, "--output", "s.csv");
    assertEquals(0, again.code, again.err);
    assertEquals(List.of("s.csv"), files());
    assertEquals(4, Files.readAllLines(folder.resolve("s.csv")).size());
  }

  @Test
  void modelsAreWholeAfterAnInterrupt() throws Exception {
    Path model = folder.resolve("m.json");
    Process process =
        builder(
                List.of(),
                Stream.concat(
                        Stream.of("fit", Cli.FAITHFUL, "--components", "3", "--tolerance", "0"),
                        Arrays.stream(
                            new String[] {"--max-iterations", "2000000000", "--output", "m.json"}))
                    .toArray())
            .start();
    assertEquals(INTERRUPTED, interrupted(process, 4).code);
    assertEquals(3, SavedModel.read(model).mixture().componentCount());
    assertEquals(List.of("m.json"), files());
  }
}
