package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.codec.WholeFile;
import io.github.mixtura.data.Observations;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where results may go, and what is not to be replaced by them. */
@DisabledOnOs(OS.WINDOWS)
class OutputFileTest {
  @TempDir private Path folder;

  private Path pipe(String name) throws Exception {
    Path pipe = folder.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(), "mkfifo");
    return pipe;
  }

  private static CompletableFuture<String> reading(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Files.readString(pipe);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @Timeout(30)
  void pipesAreWrittenToAndStay() throws Exception {
    Path model = pipe("model");
    Path labels = pipe("labels");
    CompletableFuture<String> modelText = reading(model);
    CompletableFuture<String> labelsText = reading(labels);
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model, "--labels", labels)
        .succeeded();
    Path copy = folder.resolve("copy.json");
    Files.writeString(copy, modelText.get(10, TimeUnit.SECONDS));
    assertEquals(2, SavedModel.read(copy).mixture().componentCount());
    assertEquals(273, labelsText.get(10, TimeUnit.SECONDS).lines().count());
    for (Path pipe : List.of(model, labels)) {
      assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe), pipe + " is a pipe no more");
    }
    assertEquals(List.of("copy.json", "labels", "model"), names());
  }

  @Test
  void symbolicLinksStayAndTheirTargetsAreWritten() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path model = inner.resolve("model.json");
    Path labels = inner.resolve("labels.csv");
    Files.writeString(labels, "before");
    Path modelLink = Files.createSymbolicLink(folder.resolve("m"), Path.of("inner/model.json"));
    Path first = Files.createSymbolicLink(inner.resolve("l"), Path.of("labels.csv"));
    Path labelsLink = Files.createSymbolicLink(folder.resolve("l"), first);
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", modelLink, "--labels", labelsLink)
        .succeeded();
    for (Path link : List.of(modelLink, first, labelsLink)) {
      assertTrue(Files.isSymbolicLink(link), link + " is a link no more");
    }
    assertTrue(Files.isRegularFile(model, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.isRegularFile(labels, LinkOption.NOFOLLOW_LINKS));
    assertEquals(2, SavedModel.read(model).mixture().componentCount());
    assertEquals(272, Observations.ofCsv(labels).rows());
    assertEquals(List.of("inner", "l", "m"), names());
  }

  @Test
  void noFileIsWrittenTwiceOrReadAndWritten() throws IOException {
    Path data = folder.resolve("data.csv");
    Files.copy(Cli.FAITHFUL, data);
    byte[] before = Files.readAllBytes(data);
    Path link = Files.createSymbolicLink(folder.resolve("link"), data);
    Path folderLink = Files.createSymbolicLink(folder.resolve("folder"), folder);
    Path fresh = folder.resolve("new");
    Path freshAgain = folderLink.resolve("new");
    Object[] fit = {"fit", data, "--components", 2, "--output", "", "--labels", ""};
    Path[][] same = {{fresh, fresh}, {fresh, freshAgain}, {fresh, data}, {link, fresh}};
    for (Path[] outputs : same) {
      fit[5] = outputs[0];
      fit[7] = outputs[1];
      Cli.run(fit).failed(2, "same file");
    }
    assertFalse(Files.exists(fresh));

    Path model = folder.resolve("model.json");
    Path labels = folder.resolve("labels.csv");
    Cli.run("fit", data, "--components", 2, "--output", model, "--labels", labels).succeeded();
    for (String init : List.of("labels:" + labels, "model:" + model)) {
      Path start = Path.of(init.substring(init.indexOf(':') + 1));
      Cli.run("fit", data, "--components", 2, "--init", init, "--labels", start)
          .failed(2, "--init", "same file");
      Cli.run("select", data, "--components", 2, "--init", init, "--output", start)
          .failed(2, "--init", "same file");
    }
    for (String command : List.of("predict", "score")) {
      Cli.run(command, model, data, "--output", link).failed(2, "DATA.csv");
      Cli.run(command, model, data, "--output", model).failed(2, "MODEL.json");
    }
    Cli.run("sample", model, "--rows", 2, "--output", model).failed(2, "MODEL.json");
    assertEquals(2, SavedModel.read(model).mixture().componentCount());
    assertArrayEquals(before, Files.readAllBytes(data));
  }

  @Test
  void placesThatCannotBeWrittenAreNamed() throws IOException {
    Path model = folder.resolve("model.json");
    Path tooLong = folder.resolve("x".repeat(300));
    Object[] fit = {"fit", Cli.FAITHFUL, "--components", 2, "--output", tooLong};
    Cli.run(fit).failed(3, "xxx", "cannot be written");
    fit[4] = "--labels";
    Cli.run(fit).failed(3, "xxx", "cannot be written");
    assertEquals(List.of(), names());
    Path nearlyTooLong = folder.resolve("x".repeat(250));
    fit[5] = nearlyTooLong;
    Cli.run(fit).succeeded();
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model.resolve("x"))
        .failed(2, "no folder");
  }

  @Test
  void permissionsStayAndReadOnlyFilesToo() throws IOException {
    Path model = folder.resolve("model.json");
    Object[] fit = {"fit", Cli.FAITHFUL, "--components", 2, "--starts", 1, "--output", model};
    for (String mode : List.of("rw-------", "rw-r-----", "-w-------")) {
      Files.deleteIfExists(model);
      Files.writeString(model, "before");
      Files.setPosixFilePermissions(model, PosixFilePermissions.fromString(mode));
      Cli.run(fit).succeeded();
      assertTrue(Files.size(model) > 100);
      assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(model)));
    }
    Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("r--r--r--"));
    Cli.run(fit).failed(3, "model.json", "read-only");
    assertEquals(List.of("model.json"), names());
  }

  @Test
  void loopsOfLinksAreRefused() throws IOException {
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", loop).failed(3, "loop");
    assertTrue(Files.isSymbolicLink(loop));
    assertThrows(UncheckedIOException.class, () -> WholeFile.write(loop, out -> out.write(1)));
  }

  @Test
  void aCancelledCommandLeavesTheOldFile() throws IOException {
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    Path old = Files.writeString(folder.resolve("old.csv"), "before");
    for (Object[] command :
        new Object[][] {
          {"sample", model, "--rows", 100_000, "--output", old},
          {"predict", model, Cli.FAITHFUL, "--output", old},
          {"score", model, Cli.FAITHFUL, "--output", old}
        }) {
      int[] asked = new int[1];
      Cli run = Cli.run(() -> ++asked[0] > 3, command);
      assertEquals(ExitCode.CANCELLED, run.code(), run.err());
      assertTrue(run.err().contains("old.csv is not written"), run.err());
      assertEquals("before", Files.readString(old));
    }
    assertEquals(List.of("model.json", "old.csv"), names());
  }

  @Test
  void filesOfKilledProcessesAreRemovedAndThoseInUseAreNot() throws IOException {
    Path stale = Files.writeString(folder.resolve(".mixtura-" + UUID.randomUUID()), "part");
    Path other = Files.writeString(folder.resolve(".mixtura-mine"), "no temporary file");
    Path outer = folder.resolve("outer.txt");
    WholeFile.write(
        outer,
        out -> {
          out.write('a');
          WholeFile.write(folder.resolve("inner.txt"), inner -> inner.write('b'));
          out.write('c');
        });
    assertEquals("ac", Files.readString(outer));
    assertFalse(Files.exists(stale));
    assertTrue(Files.exists(other));
    assertEquals(List.of(".mixtura-mine", "inner.txt", "outer.txt"), names());
  }

  @Test
  void whatFailsInTheMiddleLeavesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class,
            () ->
                WholeFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("no room");
                    }));
    assertTrue(e.getMessage().contains("no room"), e.getMessage());
    assertEquals("before", Files.readString(file));
    assertEquals(List.of("file"), names());
  }

  @Test
  void aFullDeviceIsSaid() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");
    Path model = folder.resolve("model.json");
    Cli.run("fit", Cli.FAITHFUL, "--components", 2, "--output", model).succeeded();
    for (Object[] command :
        new Object[][] {
          {"sample", model, "--rows", 10},
          {"sample", model, "--rows", 2_000_000_000},
          {"predict", model, Cli.FAITHFUL},
          {"score", model, Cli.FAITHFUL},
          {"fit", Cli.FAITHFUL, "--components", 1},
          {"backends"},
          {"--help"}
        }) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      String[] words = Arrays.stream(command).map(Object::toString).toArray(String[]::new);
      try (OutputStream full = new FileOutputStream("/dev/full")) {
        PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertEquals(
            3, Main.run(new Terminal(Output.to(full), print, false, () -> false), words), words[0]);
      }
      String text = err.toString(StandardCharsets.UTF_8);
      assertTrue(text.matches("mixtura: standard output cannot be written: [^\n]+\n"), text);
    }
    Cli.run("sample", model, "--rows", 10, "--output", "/dev/full").failed(3, "/dev/full");
  }
}
