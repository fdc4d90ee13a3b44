package io.github.mixtura.cli;

import io.github.mixtura.codec.WholeFile;
import io.github.mixtura.data.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that results go to, checked before any work is done; {@link WholeFile} writes them. */
final class OutputFile {
  private OutputFile() {}

  /** Refuses a place that cannot be written to. */
  static void require(String option, Path file) {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw new UsageException(option + " " + file + ": is a directory, must be a file");
    }
    if (WholeFile.isSpecial(file)) {
      return;
    }
    try {
      Path target = WholeFile.target(file);
      Path folder = target.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new UsageException(option + " " + file + ": there is no folder " + folder);
      }
      WholeFile.requireWritable(target);
      if (!Files.isWritable(folder)) {
        throw new DataFormatException(
            option + " " + file + ": cannot be written: no permission to write to its folder");
      }
    } catch (IOException e) {
      throw new DataFormatException(
          option + " " + file + ": cannot be written: " + WholeFile.reason(e), e);
    }
  }

  /** Refuses an output that is another file of the command line too. */
  static void requireOther(String option, Path file, String otherName, Path other) {
    if (file == null || other == null || WholeFile.isSpecial(file) || WholeFile.isSpecial(other)) {
      return;
    }
    boolean same;
    try {
      same =
          Files.exists(file) && Files.exists(other)
              ? Files.isSameFile(file, other)
              : WholeFile.target(file).equals(WholeFile.target(other));
    } catch (IOException e) {
      same = file.toAbsolutePath().equals(other.toAbsolutePath());
    }
    if (same) {
      throw new UsageException(
          option + " " + file + ": is the same file as " + otherName + ", must be another");
    }
  }

  /** Writes, and can be told to end while a pipe without a reader holds it up. */
  static void write(Path file, WholeFile.Contents contents) {
    if (WholeFile.isSpecial(file)) {
      Waiting.during(() -> WholeFile.write(file, contents));
    } else {
      WholeFile.write(file, contents);
    }
  }
}
