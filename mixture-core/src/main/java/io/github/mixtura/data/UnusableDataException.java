package io.github.mixtura.data;

/** The data are well-formed, but no model of the kind asked for can be fitted to them. */
public class UnusableDataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was found, and what would be needed
   */
  public UnusableDataException(String message) {
    super(message);
  }
}
