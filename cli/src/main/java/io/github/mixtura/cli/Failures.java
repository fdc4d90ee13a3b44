package io.github.mixtura.cli;

import io.github.mixtura.compute.BackendUnavailableException;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Printable;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.em.DegenerateComponentException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;

/** Turns what went wrong into a message and an exit code. */
final class Failures {
  private Failures() {}

  static int report(Throwable thrown, Terminal terminal, boolean debug) {
    Throwable failure = root(thrown);
    terminal.err().println("mixtura: " + Printable.of(message(failure)));
    if (debug) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      terminal.err().print(trace);
    }
    return code(failure);
  }

  /** Threads that work for others wrap what stopped them. */
  private static Throwable root(Throwable thrown) {
    return thrown instanceof IllegalStateException && thrown.getCause() != null
        ? root(thrown.getCause())
        : thrown;
  }

  private static String message(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return "out of memory: the Java heap is limited to "
          + Runtime.getRuntime().maxMemory() / (1 << 20)
          + " MiB; raise it, for example with JAVA_TOOL_OPTIONS=-Xmx8g";
    }
    if (failure.getMessage() != null && code(failure) != ExitCode.FAULT) {
      return failure.getMessage();
    }
    return "internal error (" + failure + "); --debug prints where";
  }

  private static int code(Throwable failure) {
    if (failure instanceof UnusableDataException
        || failure instanceof DataFormatException
        || failure instanceof DegenerateComponentException
        || failure instanceof UncheckedIOException) {
      return ExitCode.UNUSABLE;
    }
    if (failure instanceof BackendUnavailableException) {
      return ExitCode.BACKEND;
    }
    if (failure instanceof CancellationException) {
      return ExitCode.CANCELLED;
    }
    if (failure instanceof IllegalArgumentException || failure instanceof UsageException) {
      return ExitCode.USAGE;
    }
    return ExitCode.FAULT;
  }
}
