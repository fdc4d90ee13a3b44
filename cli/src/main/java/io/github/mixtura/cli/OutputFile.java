package io.github.mixtura.cli;

import io.github.mixtura.data.DataFormatException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files under a temporary name and renames them when they are whole. Symbolic links stay,
 * and what they lead to is written; pipes and devices are written to as they are.
 */
final class OutputFile {
  private static final int MOST_LINKS = 40;

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
    if (Files.isDirectory(file)) {
      throw new UsageException(option + " " + file + ": is a directory, must be a file");
    }
    if (isSpecial(file)) {
      return;
    }
    Path folder = target(file).getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException(option + " " + file + ": there is no folder " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw new DataFormatException(
          option + " " + file + ": cannot be written: no permission to write to its folder");
    }
  }

  /** Refuses an output that is another file of the command line too. */
  static void requireOther(String option, Path file, String otherName, Path other) {
    if (file == null || other == null || isSpecial(file) || isSpecial(other)) {
      return;
    }
    boolean same;
    try {
      same =
          Files.exists(file) && Files.exists(other)
              ? Files.isSameFile(file, other)
              : target(file).equals(target(other));
    } catch (IOException e) {
      same = target(file).equals(target(other));
    }
    if (same) {
      throw new UsageException(
          option + " " + file + ": is the same file as " + otherName + ", must be another");
    }
  }

  static void write(Path file, Contents contents) {
    try {
      if (isSpecial(file)) {
        write(file, contents, StandardOpenOption.WRITE);
        return;
      }
      Path target = target(file);
      Path temporary = target.resolveSibling(".mixtura-" + UUID.randomUUID());
      try {
        write(temporary, contents, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        remove(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + reason(e), e);
    }
  }

  private static void write(Path file, Contents contents, OpenOption... options)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, options))) {
      contents.write(out);
    }
  }

  private static void remove(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The file is no longer there, or its folder is gone: nothing is left behind.
    }
  }

  /** A pipe, a device or the like, which cannot be replaced. */
  private static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  /** Where symbolic links lead, also where there is nothing yet. */
  private static Path target(Path file) {
    Path target = file.toAbsolutePath();
    try {
      for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(target); i++) {
        target = target.resolveSibling(Files.readSymbolicLink(target));
      }
      Path folder = target.getParent();
      return folder == null ? target : folder.toRealPath().resolve(target.getFileName());
    } catch (IOException e) {
      return target;
    }
  }

  /** Why, in words. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return e.getMessage();
  }
}
