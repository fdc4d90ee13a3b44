package io.github.mixtura.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Writes CSV, row by row. */
final class Table {
  private static final int CHECK_EVERY = 4096;

  private final PrintStream out;
  private long lines;

  private Table(PrintStream out) {
    this.out = out;
  }

  /** What adds the rows. */
  interface Rows {
    void addTo(Table table);
  }

  /** To a file, or to standard output where there is none. */
  static void write(Path file, PrintStream standardOutput, List<String> header, Rows rows) {
    if (file == null) {
      new Table(standardOutput).all(header, rows);
      return;
    }
    OutputFile.write(
        file,
        stream -> {
          Output print = Output.to(stream);
          new Table(print).all(header, rows);
          IOException failure = print.failure().orElse(null);
          if (failure != null) {
            throw failure;
          }
        });
  }

  private void all(List<String> header, Rows rows) {
    out.print(String.join(",", header.stream().map(Table::quoted).toList()) + "\n");
    rows.addTo(this);
    out.flush();
  }

  private static String quoted(String name) {
    return name.matches("[^,;\t\"\r\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Adds a line; returns whether anybody still reads. */
  boolean line(String text) {
    out.print(text);
    out.print('\n');
    return ++lines % CHECK_EVERY != 0 || !out.checkError();
  }
}
