package io.github.mixtura.data;

/**
 * A file that cannot be used: says which, where, and what was expected. The message is one line:
 * what a file holds of line breaks, control characters and other characters that cannot be seen is
 * shown as an escape, such as {@code \n}.
 */
public class DataFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message file, line and column where they apply, and what was expected
   */
  public DataFormatException(String message) {
    super(visible(message));
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message file, line and column where they apply, and what was expected
   * @param cause what went wrong below
   */
  public DataFormatException(String message, Throwable cause) {
    super(visible(message), cause);
  }

  private static String visible(String message) {
    if (message == null || message.codePoints().allMatch(DataFormatException::isVisible)) {
      return message;
    }
    StringBuilder text = new StringBuilder();
    message
        .codePoints()
        .forEach(
            c -> {
              if (isVisible(c)) {
                text.appendCodePoint(c);
              } else {
                text.append(escape(c));
              }
            });
    return text.toString();
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
