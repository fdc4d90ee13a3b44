package io.github.mixtura.backend.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.BackendUnavailableException;
import io.github.mixtura.compute.Backends;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Finding the backend, with the module it needs and without. */
class VectorBackendTest {
  @Test
  void isChosenByItselfWhereTheModuleIsThere() {
    assertEquals(Backend.Probe.USABLE, new VectorBackend().probe());
    assertEquals("vector", Backends.open(null).backend());
    assertEquals("vector", Backends.open("vector").backend());
    assertEquals("java", Backends.open("java").backend());
    assertEquals("vector", Backends.probeAll().keySet().iterator().next());
  }

  @Test
  void saysWhatToTypeWhereTheModuleIsNotThere() throws IOException, InterruptedException {
    assertEquals(
        List.of("java", "start Java with --add-modules jdk.incubator.vector", "refused"),
        withoutModule());
  }

  @Test
  void isFoundWhereTheContextLoaderHidesIt() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      assertEquals(Backend.Probe.USABLE, Backends.probeAll().get("vector"));
      assertEquals("vector", Backends.open(null).backend());
      assertTrue(
          Backends.notes().stream().anyMatch(note -> note.contains("'vector' is hidden")),
          Backends.notes()::toString);
    } finally {
      thread.setContextClassLoader(before);
    }
    assertTrue(Backends.notes().stream().noneMatch(note -> note.contains("hidden")));
  }

  private static List<String> withoutModule() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(VectorBackendTest.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }

  /**
   * Prints the backend chosen, why the vector backend is not usable, and what happens on opening
   * it.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    System.out.println(Backends.open(null).backend());
    VectorBackend backend = new VectorBackend();
    System.out.println(backend.probe().reason());
    BackendUnavailableException refusal =
        assertThrows(BackendUnavailableException.class, backend::open);
    assertTrue(refusal.getMessage().contains(backend.probe().reason()));
    System.out.println("refused");
  }
}
