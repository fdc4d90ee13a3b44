package io.github.mixtura.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {
  private static final String SERVICE = "META-INF/services/" + Backend.class.getName();

  /** Runs with another context class loader, which may say nothing for ever. */
  private static void with(ClassLoader loader, Runnable work) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          Thread thread = Thread.currentThread();
          ClassLoader before = thread.getContextClassLoader();
          thread.setContextClassLoader(loader);
          try {
            work.run();
          } finally {
            thread.setContextClassLoader(before);
          }
        });
  }

  private static ClassLoader failing(boolean unchecked) {
    return new ClassLoader(BackendsTest.class.getClassLoader()) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        if (unchecked) {
          throw new IllegalStateException("closed");
        }
        throw new IOException("closed");
      }
    };
  }

  @Test
  void aContextLoaderThatFailsDoesNotKeepPlainJavaFromWorking() {
    for (boolean unchecked : new boolean[] {false, true}) {
      with(
          failing(unchecked),
          () -> {
            assertTrue(Backends.probeAll().get("java").usable());
            String reason = Backends.probeAll().get("vector").reason();
            assertTrue(reason.contains("closed"), reason);
            assertTrue(
                Backends.notes().stream().anyMatch(note -> note.contains("closed")),
                Backends.notes()::toString);
            try (Kernels kernels = Backends.open("auto")) {
              assertEquals("java", kernels.backend());
            }
          });
    }
  }

  @Test
  void withoutAContextLoaderThereIsPlainJava() {
    with(null, () -> assertTrue(Backends.probeAll().get("java").usable()));
    assertFalse(Backends.probeAll().get("vector").usable());
    assertTrue(Backends.probeAll().get("vector").reason().contains("class path"));
  }

  /** A backend to be found through one loader only. */
  public static final class Found implements Backend {
    @Override
    public String name() {
      return "found";
    }

    @Override
    public int preference() {
      return -5;
    }

    @Override
    public Probe probe() {
      return Probe.unusable("a test");
    }

    @Override
    public Kernels open() {
      throw new BackendUnavailableException("a test");
    }
  }

  @Test
  void providersThatCannotBeLoadedAreLeftOut(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("services");
    Files.write(
        file,
        List.of("no.such.Backend", "not a name", Found.class.getName()),
        StandardCharsets.UTF_8);
    for (List<String> lines :
        List.of(
            List.of("no.such.Backend", Found.class.getName()),
            List.of("java.lang.String", Found.class.getName(), Found.class.getName()))) {
      Files.write(file, lines, StandardCharsets.UTF_8);
      ClassLoader loader =
          new ClassLoader(BackendsTest.class.getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
              return name.equals(SERVICE)
                  ? Collections.enumeration(List.of(url(file)))
                  : super.getResources(name);
            }
          };
      with(
          loader,
          () -> {
            assertEquals("a test", Backends.probeAll().get("found").reason());
            assertEquals(4, Backends.probeAll().size());
          });
    }
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void missingMultiplyAddIsSeen() throws IOException, InterruptedException {
    assertFalse(notes("-XX:-UseFMA").isEmpty());
    assertEquals(FusedMultiplyAdd.inHardware(), notes("-Xint").isEmpty());
  }

  private static String notes(String option) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                System.getProperty("java.class.path"),
                BackendsTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().filter(line -> line.contains("multiply-add")).findFirst().orElse("");
  }

  /**
   * Prints the notes.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    Backends.notes().forEach(System.out::println);
  }
}
