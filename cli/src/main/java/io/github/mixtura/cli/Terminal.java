package io.github.mixtura.cli;

import io.github.mixtura.data.Printable;
import java.io.Console;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;

/**
 * Where a command prints, and whether the user has asked it to stop.
 *
 * @param out results
 * @param err messages, warnings and progress
 * @param interactive whether a person looks at {@code err}, so that progress may be drawn
 * @param cancelled true once the command shall end
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, BooleanSupplier cancelled) {

  /** Tells the user something in one line, such as a note or a warning. */
  void tell(String kind, String text) {
    err.println("mixtura: " + kind + ": " + Printable.of(text));
  }

  /** Whether this process talks to a person. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isInteractive() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console even where nothing is a terminal.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
