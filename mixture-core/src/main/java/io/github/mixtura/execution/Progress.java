package io.github.mixtura.execution;

/**
 * Where long work stands. Each kind of work tells more in a record of its own; what all of them
 * have is enough for a line on a terminal.
 */
public interface Progress {
  /**
   * What is being done.
   *
   * @return one short line
   */
  String text();

  /**
   * How much of it is done.
   *
   * @return a part in [0, 1]; NaN where it is not known
   */
  default double fraction() {
    return Double.NaN;
  }

  /**
   * A phase of which only the name is known.
   *
   * @param text one short line
   * @return the progress
   */
  static Progress of(String text) {
    return new Phase(text);
  }

  /**
   * A named phase.
   *
   * @param text one short line
   */
  record Phase(String text) implements Progress {}
}
