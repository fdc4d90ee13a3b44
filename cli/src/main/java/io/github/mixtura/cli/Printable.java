package io.github.mixtura.cli;

/** Text from files in a form that a terminal shows and does not obey. */
final class Printable {
  private Printable() {}

  /** In one line: what cannot be seen is shown as an escape. */
  static String of(String text) {
    return text.codePoints().allMatch(Printable::isVisible) ? text : escaped(text, false);
  }

  /** The same, but line feeds stay. */
  static String lines(String text) {
    return escaped(text, true);
  }

  private static String escaped(String text, boolean lines) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isVisible(c) || (lines && c == '\n')) {
                result.appendCodePoint(c);
              } else {
                result.append(escape(c));
              }
            });
    return result.toString();
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(c < 0x10000 ? "\\u%04x" : "\\u{%x}", c);
    };
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
