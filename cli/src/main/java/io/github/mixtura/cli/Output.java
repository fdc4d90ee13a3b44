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
  private final Target target;

  private Output(Target target) {
    super(new BufferedOutputStream(target, 1 << 16), false, StandardCharsets.UTF_8);
    this.target = target;
  }

  static Output to(OutputStream out) {
    return new Output(new Target(out));
  }

  /** Sends on what is printed; returns what has kept it from being written, if anything. */
  Optional<IOException> failure() {
    if (!checkError()) {
      return Optional.empty();
    }
    return Optional.of(target.failure == null ? new IOException("unknown reason") : target.failure);
  }

  /** Whether standard output failed because nobody reads it any more. */
  static boolean isClosedPipe(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("pipe")) {
      return true;
    }
    try {
      // The message may be in the user's language.
      Path where = Path.of("/proc/self/fd/1");
      return Files.isSymbolicLink(where)
          && Files.readSymbolicLink(where).toString().matches("(pipe|socket):.*");
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
