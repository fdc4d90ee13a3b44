package io.github.mixtura.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files under a temporary name and renames them when they are whole. */
final class OutputFile {
  private OutputFile() {}

  /** What writes the contents. */
  interface Contents {
    void write(OutputStream out) throws IOException;
  }

  /** Refuses a place that cannot be written to, before any work is done. */
  static void require(String option, Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw new UsageException(option + " " + file + ": is a directory, must be a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new UsageException(option + " " + file + ": there is no folder " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw new UsageException(option + " " + file + ": the folder cannot be written to");
    }
  }

  static void write(Path file, Contents contents) {
    Path temporary =
        file.toAbsolutePath().resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        contents.write(out);
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
    } finally {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The file is no longer there, or its folder is gone: nothing is left behind.
      }
    }
  }
}
