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
    return message == null ? null : Printable.of(message);
  }
}
