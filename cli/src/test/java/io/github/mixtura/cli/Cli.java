package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs commands and keeps what they printed. */
record Cli(int code, String out, String err) {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  static final Path FAITHFUL = REPOSITORY.resolve("examples/faithful.csv");

  static Cli run(Object... arguments) {
    return run(() -> false, arguments);
  }

  static Cli run(BooleanSupplier cancelled, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] text = new String[arguments.length];
    for (int i = 0; i < text.length; i++) {
      text[i] = arguments[i].toString();
    }
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream printErrors = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code = Main.run(new Terminal(print, printErrors, false, cancelled), text);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A process of its own: the command line, or what stands before it. */
  static ProcessBuilder process(List<String> before, Object... arguments) {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.awt.headless=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command);
  }

  static int wait(Process process, int seconds) throws IOException {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("not finished after " + seconds + " s");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return process.exitValue();
  }

  /** Ended with a code and one message that holds all of some texts, and no trace. */
  void failed(int expected, String... parts) {
    assertEquals(expected, code, () -> "exit code; standard error: " + err);
    assertEquals("", out, "standard output");
    assertTrue(err.startsWith("mixtura: "), err);
    assertFalse(err.contains("\tat ") || err.contains("Exception"), err);
    for (String part : parts) {
      assertTrue(err.contains(part), () -> "'" + part + "' is not in: " + err);
    }
    if (expected == ExitCode.UNUSABLE) {
      assertEquals(1, err.lines().count(), err);
    }
  }

  Cli succeeded() {
    assertEquals(ExitCode.DONE, code, () -> "exit code; standard error: " + err);
    return this;
  }
}
