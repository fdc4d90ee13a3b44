package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed PTX is that of the sources, and becomes code without spills. */
class PtxTest {
  private static final Path SOURCES = Path.of("src/main/cuda");
  private static final Path PTX =
      Path.of("src/main/resources/io/github/mixtura/backend/cuda/mixtura.ptx");
  private static final Pattern COMPILER = Pattern.compile("// Cuda compilation tools, .*");
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)'[\\s\\S]*?(\\d+) bytes spill stores, "
              + "(\\d+) bytes spill loads[\\s\\S]*?Used (\\d+) registers");

  @Test
  void isOfTheSources() throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.list(SOURCES)) {
      // As bin/ptx: first the .cu, then the .cuh, each by name.
      for (Path file : files.sorted(PtxTest::order).toList()) {
        all.write(Files.readAllBytes(file));
      }
    }
    String hash =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.toByteArray()));
    assertEquals(
        "// Sources: " + hash,
        Files.readAllLines(PTX).get(0),
        "the kernels have changed since the PTX was built: run bin/ptx");
  }

  private static int order(Path a, Path b) {
    int byType = Boolean.compare(a.toString().endsWith("h"), b.toString().endsWith("h"));
    return byType != 0 ? byType : a.compareTo(b);
  }

  @Test
  @Tag("full")
  void isWhatTheCompilerMakes(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(Tools.isThere("nvcc", "--version"), "no nvcc here: the PTX is not built anew");
    Path fresh = folder.resolve("fresh.ptx");
    Tools.Output built = Tools.run(List.of("../bin/ptx", fresh.toString()), Map.of());
    assertEquals(0, built.code(), built.text());
    String committed = Files.readString(PTX);
    assumeTrue(
        compiler(committed).equals(compiler(Files.readString(fresh))),
        "another nvcc than that of the committed PTX");
    assertEquals(code(committed), code(Files.readString(fresh)), "stale PTX: run bin/ptx");
  }

  private static String compiler(String ptx) {
    Matcher matcher = COMPILER.matcher(ptx);
    return matcher.find() ? matcher.group() : "";
  }

  /** Without what the compiler says about itself. */
  private static List<String> code(String ptx) {
    return ptx.lines().filter(line -> !line.startsWith("//")).toList();
  }

  @Test
  void asksForAnOldDriverAndDevice() throws IOException {
    List<String> lines = Files.readAllLines(PTX);
    assertTrue(lines.contains(".version 7.0"));
    assertTrue(lines.contains(".target sm_75"));
    // Contraction is left to the sources.
    assertFalse(lines.stream().anyMatch(line -> line.matches("\\s*(mul|add|sub)\\.f64.*")));
  }

  @Test
  void hasTheArgumentThatJavaWrites() throws IOException {
    Matcher matcher =
        Pattern.compile("\\.param \\.align 8 \\.b8 (\\w+)_param_0\\[(\\d+)]")
            .matcher(Files.readString(PTX));
    int kernels = 0;
    for (; matcher.find(); kernels++) {
      assertEquals(Task.BYTES, Integer.parseInt(matcher.group(2)), matcher.group(1));
    }
    assertEquals(24, kernels);
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 80, 90, 100})
  @Tag("full")
  void becomesCodeWithoutSpills(int capability, @TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(Tools.isThere("ptxas", "--version"), "no ptxas here: the PTX is not assembled");
    Tools.Output output =
        Tools.run(
            List.of(
                "ptxas",
                "-v",
                "-arch=sm_" + capability,
                PTX.toString(),
                "-o",
                folder.resolve("cubin").toString()),
            Map.of());
    assertEquals(0, output.code(), output.text());
    Matcher matcher = KERNEL.matcher(output.text());
    StringBuilder table = new StringBuilder("sm_" + capability + ", registers:");
    int kernels = 0;
    int spilled = 0;
    for (; matcher.find(); kernels++) {
      int bytes = Integer.parseInt(matcher.group(2)) + Integer.parseInt(matcher.group(3));
      spilled += bytes;
      table.append(' ').append(matcher.group(1)).append(' ').append(matcher.group(4));
      if (bytes > 0) {
        table.append(" (").append(bytes).append(" bytes spilled)");
      }
    }
    System.out.println(table + "; bytes spilled: " + spilled);
    assertEquals(24, kernels, output.text());
    assertEquals(0, spilled, table.toString());
  }
}
