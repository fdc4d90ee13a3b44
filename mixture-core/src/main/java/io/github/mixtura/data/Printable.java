package io.github.mixtura.data;

/**
 * Text from files in a form that a terminal shows and does not obey: control and format characters,
 * line and paragraph separators and lone surrogates become escapes such as {@code \n} or {@code
 * \u005cu001b}.
 */
public final class Printable {
  private Printable() {}

  /**
   * Text in one line.
   *
   * @param text any text
   * @return the text, what cannot be seen in it as escapes
   */
  public static String of(String text) {
    return text.codePoints().allMatch(Printable::isVisible) ? text : escaped(text, false);
  }

  /**
   * Text whose line feeds stay.
   *
   * @param text any text
   * @return the text, what else cannot be seen in it as escapes
   */
  public static String lines(String text) {
    return escaped(text, true);
  }

  /**
   * A JSON document, whose line feeds stay.
   *
   * @param document as it may be written to a file
   * @return the same document, what cannot be seen in it as escapes of JSON
   */
  public static String json(String document) {
    if (document.codePoints().allMatch(c -> isVisible(c) || c == '\n')) {
      return document;
    }
    StringBuilder result = new StringBuilder();
    document
        .codePoints()
        .forEach(
            c -> {
              if (isVisible(c) || c == '\n' || c == '\r') {
                result.appendCodePoint(c);
              } else {
                for (char unit : Character.toChars(c)) {
                  result.append(String.format("\\u%04x", (int) unit));
                }
              }
            });
    return result.toString();
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
