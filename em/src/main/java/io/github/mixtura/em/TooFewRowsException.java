package io.github.mixtura.em;

import io.github.mixtura.data.UnusableDataException;

/** There are no more distinct rows than components to put on them. */
public class TooFewRowsException extends UnusableDataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message how many there are, and how many would be needed
   */
  public TooFewRowsException(String message) {
    super(message);
  }
}
