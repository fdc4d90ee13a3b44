package io.github.mixtura.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Prints text, and knows why it could not. */
final class Output extends PrintStream {
  private static final Path STANDARD = Path.of("/proc/self/fd/1");

  private final Target target;
  private final boolean standard;

  private Output(Target target, boolean standard) {
    super(new BufferedOutputStream(target, 1 << 16), false, StandardCharsets.UTF_8);
    this.target = target;
    this.standard = standard;
  }

  static Output to(OutputStream out) {
    return new Output(new Target(out), false);
  }

  /** For what is this process's standard output. */
  static Output toStandard(OutputStream out) {
    return new Output(new Target(out), true);
  }

  /** Sends on what is printed; returns what has kept it from being written, if anything. */
  Optional<IOException> failure() {
    if (!checkError()) {
      return Optional.empty();
    }
    return Optional.of(target.failure == null ? new IOException("unknown reason") : target.failure);
  }

  /** Whether it failed because nobody reads it any more. */
  boolean isClosedPipe(IOException why) {
    if (String.valueOf(why.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
      return true;
    }
    try {
      // The message may be in the user's language.
      return standard
          && Files.isSymbolicLink(STANDARD)
          && Files.readSymbolicLink(STANDARD).toString().matches("(pipe|socket):.*");
    } catch (IOException e) {
      return false;
    }
  }

  /** Remembers the first failure. */
  private static final class Target extends OutputStream {
    private final OutputStream out;
    private IOException failure;

    Target(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
