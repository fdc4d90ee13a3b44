package io.github.mixtura.distribution;

/** A matrix that must be positive definite is not, to working precision. */
public class NotPositiveDefiniteException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was found
   */
  public NotPositiveDefiniteException(String message) {
    super(message);
  }
}
