package io.github.mixtura.cli;

import io.github.mixtura.execution.Progress;
import java.io.PrintStream;

/** One line on a terminal that says where long work stands. Silent for the first half second. */
final class ProgressLine implements AutoCloseable {
  private static final long EVERY_NANOS = 200_000_000;
  private static final int BAR = 16;

  /** A line that wraps cannot be drawn over. */
  private static final int WIDTH = 79;

  private final PrintStream err;
  private final boolean enabled;
  private long next = System.nanoTime() + 500_000_000;
  private boolean drawn;
  private String prefix = "";

  ProgressLine(Terminal terminal, boolean quiet) {
    this.err = terminal.err();
    this.enabled = terminal.interactive() && !quiet;
  }

  /** What is being done, behind a bar where it is known how much of it is. */
  void show(Progress progress) {
    if (!enabled || System.nanoTime() - next < 0) {
      return;
    }
    next = System.nanoTime() + EVERY_NANOS;
    double fraction = progress.fraction();
    String line = (fraction >= 0 ? bar(fraction) : prefix) + progress.text();
    err.print("\r\u001B[K" + line.substring(0, Math.min(WIDTH, line.length())));
    err.flush();
    drawn = true;
  }

  /** How many of several models are done; stands before what is said about the current one. */
  void models(int done, int total) {
    prefix = bar((double) done / total) + done + "/" + total + "; ";
  }

  private static String bar(double fraction) {
    int filled = (int) (BAR * fraction);
    return "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] ";
  }

  @Override
  public void close() {
    if (drawn) {
      err.print("\r\u001B[K");
      err.flush();
    }
  }
}
