package io.github.mixtura.data;

/** A file that cannot be used: says which, where, and what was expected. */
public class DataFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message file, line and column where they apply, and what was expected
   */
  public DataFormatException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message file, line and column where they apply, and what was expected
   * @param cause what went wrong below
   */
  public DataFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
