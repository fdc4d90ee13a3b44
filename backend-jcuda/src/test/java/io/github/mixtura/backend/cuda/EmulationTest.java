package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the tests that need a device on an emulated driver, which g++ builds from the real kernels.
 * That is no GPU: it shows that arithmetic, index maths, barriers and the use of the driver are
 * right, and nothing about speed. Each run is a Java process that finds the emulated driver first.
 */
class EmulationTest {
  private static final Path SOURCES = Path.of("src/test/native");
  private static Path library;

  @TempDir private Path temporary;

  @BeforeAll
  static void build(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(
        Tools.isThere("g++", "--version"),
        "no g++ here: the CUDA kernels are not run on the emulated driver");
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "JCuda's natives are for x86-64");
    library = folder.resolve("libcuda.so.1");
    Tools.Output built =
        Tools.run(
            List.of(
                "g++",
                "-std=c++17",
                "-O2",
                "-march=native",
                // Only the fused products that the sources ask for, as nvcc is told.
                "-ffp-contract=off",
                "-fPIC",
                "-shared",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-Wno-unknown-pragmas",
                "-Wl,-soname,libcuda.so.1",
                "-o",
                library.toString(),
                SOURCES.resolve("driver.cpp").toString(),
                SOURCES.resolve("threads.cpp").toString(),
                SOURCES.resolve("kernels.cpp").toString(),
                "-ldl"),
            Map.of());
    assertEquals(0, built.code(), built.text());
  }

  /** Both at once, as each keeps one core busy: about half of the work each. */
  @Test
  @Tag("full")
  void contractAndFitsHold() throws IOException, InterruptedException {
    Process contract = start(1, "CudaKernelsTest", "!momentsOfEveryOrder");
    Process others =
        start(
            1,
            "CudaKernelsTest#momentsOfEveryOrder",
            "CudaFitTest",
            "CudaMemoryTest",
            "EmulatedFaultsTest");
    String second = new String(others.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String first = new String(contract.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.print(first + second);
    assertEquals(0, contract.waitFor(), first);
    assertEquals(0, others.waitFor(), second);
    for (String text : new String[] {first, second}) {
      assertTrue(text.contains("Device: emulated device"), text);
      assertTrue(text.contains(" 0 failed, 0 skipped"), text);
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(
          List.of(),
          left.filter(path -> !path.getFileName().toString().startsWith("hsperf")).toList(),
          "JCuda's library is in a folder of its own and gone");
    }
  }

  @Test
  void aDriverWithoutADeviceIsSaid() throws IOException, InterruptedException {
    Process process = start(0);
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(4, process.waitFor(), text);
    assertTrue(text.contains("CUDA_ERROR_NO_DEVICE"), text);
    assertFalse(text.contains("Exception"), text);
  }

  private Process start(int devices, String... tests) throws IOException {
    List<String> command = new ArrayList<>(Tools.java());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Xmx1g");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DeviceTests.class.getName());
    command.addAll(List.of(tests));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", library.getParent().toString());
    builder.environment().put("EMULATED_DEVICES", Integer.toString(devices));
    return builder.start();
  }
}
