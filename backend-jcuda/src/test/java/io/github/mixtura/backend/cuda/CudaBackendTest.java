package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.BackendUnavailableException;
import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Kernels;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without a driver, without JCuda: everything else goes on, and the reason is said. */
class CudaBackendTest {
  @Test
  void isNeverChosenByItself() {
    assertTrue(new CudaBackend().preference() < 0);
    try (Kernels kernels = Backends.open("auto")) {
      assertEquals("java", kernels.backend());
    }
  }

  @Test
  void saysThatThereIsNoDriver() {
    CudaBackend backend = new CudaBackend();
    Backend.Probe probe = backend.probe();
    assumeFalse(probe.usable(), "there is a driver here");
    assertTrue(probe.reason().contains("driver"), probe.reason());
    assertFalse(probe.reason().contains("\n"), probe.reason());
    assertSame(probe, new CudaBackend().probe(), "looked for once");
    assertTrue(
        assertThrows(BackendUnavailableException.class, backend::open)
            .getMessage()
            .contains(probe.reason()));
    assertTrue(
        assertThrows(BackendUnavailableException.class, () -> Backends.open("cuda"))
            .getMessage()
            .contains("cuda: " + probe.reason()));
    assertEquals(probe, Backends.probeAll().get("cuda"));
  }

  @Test
  void saysThatJcudaIsNotThere() throws IOException, InterruptedException {
    List<String> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!new File(entry).getName().startsWith("jcuda")) {
        classPath.add(entry);
      }
    }
    List<String> command = new ArrayList<>(Tools.java());
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.add(CudaBackendTest.class.getName());
    Tools.Output output = Tools.run(command, Map.of());
    assertEquals(0, output.code(), output.text());
    assertEquals("java, JCuda (org.jcuda:jcuda) is not on the class path", output.text().strip());
  }

  /**
   * Prints the backend chosen, and why this one is not usable.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    try (Kernels kernels = Backends.open("auto")) {
      System.out.println(kernels.backend() + ", " + Backends.probeAll().get("cuda").reason());
    }
  }
}
