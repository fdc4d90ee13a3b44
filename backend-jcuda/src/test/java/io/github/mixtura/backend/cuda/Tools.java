package io.github.mixtura.backend.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Other programs, for tests. */
final class Tools {
  private Tools() {}

  /**
   * What a program left.
   *
   * @param code its exit code
   * @param text what it printed, errors too
   */
  record Output(int code, String text) {}

  static boolean isThere(String... command) throws InterruptedException {
    try {
      return run(List.of(command), Map.of()).code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  static Output run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }

  /** This Java. */
  static List<String> java() {
    return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString());
  }
}
