package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.codec.SavedModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own shows. */
@Timeout(180)
class ProcessTest {
  @TempDir private Path folder;

  @Test
  void demoTellsAndDraws() throws IOException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        Cli.process(List.of(), "demo")
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(0, Cli.wait(process, 150), () -> text(err));
    String text = text(out);
    for (String part :
        List.of(
            "272 eruptions",
            "126 Gaussian mixtures",
            "gaussian EEE, 3 components",
            "-1126.3",
            "2314.",
            "VVV",
            "Warnings about the chosen fit: none")) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
    List<String> paths =
        text.lines()
            .filter(line -> line.matches(" +[^ '\"]+\\.(png|svg)"))
            .map(String::strip)
            .toList();
    assertEquals(4, paths.size(), text);
    for (String path : paths) {
      assertTrue(Files.size(folder.resolve(path)) > 10_000, path);
    }
    assertEquals("", text(err));
  }

  @Test
  void threeLinesInJShellFitPrintAndPlot() throws IOException {
    Path picture = folder.resolve("faithful.png");
    Path input = folder.resolve("input.txt");
    Files.writeString(
        input,
        "var x = Observations.ofCsv(Path.of(\"examples/faithful.csv\"))\n"
            + "var fit = MixtureFitter.of(GaussianFamily.of(VVV), 2).fit(x)\n"
            + "Plots.mixture(fit, x).save(Path.of(\""
            + picture
            + "\"))\n");
    Path out = folder.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(Cli.REPOSITORY.resolve("bin/jshell").toString())
            .directory(Cli.REPOSITORY.toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("MIXTURA_CLASS_PATH", System.getProperty("java.class.path"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertEquals(0, Cli.wait(builder.start(), 120), () -> text(out));
    String text = text(out);
    assertTrue(text.contains("x ==> 272 rows"), text);
    assertTrue(text.contains("gaussian VVV fit, K = 2: log-likelihood -1130.26"), text);
    assertTrue(text.contains("==> " + picture), text);
    assertFalse(text.contains("rror"), text);
    assertTrue(Files.size(picture) > 20_000, "size of the picture");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  @Tag("full")
  void interruptingSavesTheBestModelSoFar(String signal) throws Exception {
    Path model = folder.resolve("model.json");
    Path out = folder.resolve("out.json");
    // A process started in the background may ignore the signal, and its children with it.
    List<String> listening = List.of("env", "--default-signal=" + signal);
    boolean known =
        new ProcessBuilder("env", "--default-signal=" + signal, "true").start().waitFor() == 0;
    Process process =
        Cli.process(
                known ? listening : List.of(),
                "fit",
                Cli.FAITHFUL,
                "--components",
                3,
                "--tolerance",
                0,
                "--max-iterations",
                2_000_000_000,
                "--format",
                "json",
                "--output",
                model)
            .redirectOutput(out.toFile())
            .redirectErrorStream(false)
            .start();
    // Starting up takes less than a second of this; the rest went into iterations.
    Duration enough = Duration.ofSeconds(4);
    while (process.isAlive()
        && process.info().totalCpuDuration().orElse(enough).compareTo(enough) < 0) {
      Thread.sleep(50);
    }
    assertTrue(process.isAlive());
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertEquals(130, Cli.wait(process, 30));
    assertEquals(3, SavedModel.read(model).mixture().componentCount());
    assertTrue(text(out).contains("\"CANCELLED\""), text(out));
    assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptingWhileWaitingForAPipeEndsSoon() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Process process = Cli.process(List.of(), "fit", pipe, "--components", 2).start();
    Thread.sleep(2500);
    assertTrue(process.isAlive());
    long begin = System.nanoTime();
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    assertEquals(130, Cli.wait(process, 30));
    double seconds = 1e-9 * (System.nanoTime() - begin);
    assertTrue(seconds < 5, "ended after " + seconds + " s, 0.3 s and the end of the JVM expected");
    assertEquals(
        "mixtura: cancelled\n",
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void demoWithoutAPlaceForItsPictures() throws IOException {
    Files.writeString(folder.resolve("mixtura-demo"), "a file");
    Path err = folder.resolve("err.txt");
    Process process =
        Cli.process(List.of(), "demo")
            .directory(folder.toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(3, Cli.wait(process, 60), () -> text(err));
    assertTrue(text(err).matches("mixtura: .*mixtura-demo: cannot be written: .*\n"), text(err));
    assertFalse(text(err).contains("Exception"), text(err));
  }

  @Test
  void namesThatTheLocaleCannotHoldAreSaid() throws Exception {
    Path data = folder.resolve("gr\u00f6\u00dfe.csv");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        Cli.process(List.of(), "fit", data, "--components", 2).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("LC_ALL", "C");
    int code = Cli.wait(builder.start(), 60);
    // From Java 18 on some systems hand such names through.
    assertTrue(code == 2 || code == 3, text(err));
    assertTrue(text(err).startsWith("mixtura: "), text(err));
    assertFalse(text(err).contains("Exception"), text(err));
  }

  @Test
  void aReaderThatStopsEarlyIsNoError() throws IOException {
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    Path err = folder.resolve("err.txt");
    Process process =
        Cli.process(List.of(), "sample", model, "--rows", 2_000_000_000)
            .redirectError(err.toFile())
            .start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("eruptions,waiting,component", reader.readLine());
    }
    assertEquals(0, Cli.wait(process, 60));
    assertEquals("", text(err));
  }

  @Test
  void tooLittleMemoryIsSaid() throws IOException {
    Path data = folder.resolve("large.csv");
    Files.writeString(data, "a,b,c,d\n" + "1,2,3,4\n5,6,7,9\n".repeat(600_000));
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        Cli.process(List.of(), "fit", data, "--components", 2)
            .redirectError(err.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.command().add(1, "-Xmx24m");
    assertEquals(1, Cli.wait(builder.start(), 120), () -> text(err));
    assertTrue(text(err).startsWith("mixtura: out of memory"), text(err));
    assertFalse(text(err).contains("\tat "), text(err));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
