package io.github.mixtura.cli;

/** What the process ends with. */
final class ExitCode {
  static final int DONE = 0;

  /** A fault of the program or the machine, not of the input. */
  static final int FAULT = 1;

  static final int USAGE = 2;
  static final int UNUSABLE = 3;
  static final int BACKEND = 4;
  static final int CANCELLED = 130;

  private ExitCode() {}
}
