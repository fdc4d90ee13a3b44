package io.github.mixtura.cli;

/** The command line asks for something there is not. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
