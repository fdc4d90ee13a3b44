package io.github.mixtura.cli;

import io.github.mixtura.execution.Progress;
import io.github.mixtura.mdn.risk.RiskProgress;
import java.io.PrintStream;
import java.util.function.Supplier;

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

  void show(Progress progress) {
    draw(() -> prefix + progress.text());
  }

  void show(RiskProgress progress) {
    models(progress.index(), progress.models());
    draw(
        () ->
            prefix + progress.model() + ", test day " + progress.day() + " of " + progress.days());
  }

  /** What is being done. */
  void phase(String name) {
    draw(() -> name);
  }

  /** How many of several models are done; stands before what is said about the current one. */
  void models(int done, int total) {
    int filled = (int) ((long) BAR * done / total);
    prefix = "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + done + "/" + total + "; ";
  }

  private void draw(Supplier<String> text) {
    if (!enabled || System.nanoTime() - next < 0) {
      return;
    }
    next = System.nanoTime() + EVERY_NANOS;
    String line = text.get();
    err.print("\r\u001B[K" + line.substring(0, Math.min(WIDTH, line.length())));
    err.flush();
    drawn = true;
  }

  @Override
  public void close() {
    if (drawn) {
      err.print("\r\u001B[K");
      err.flush();
    }
  }
}
