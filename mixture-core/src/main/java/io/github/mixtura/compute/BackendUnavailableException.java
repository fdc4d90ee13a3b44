package io.github.mixtura.compute;

/** A backend was asked for by name and cannot be used here. */
public class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message lists every backend and its reason
   */
  public BackendUnavailableException(String message) {
    super(message);
  }
}
