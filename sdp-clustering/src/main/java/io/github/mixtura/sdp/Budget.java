package io.github.mixtura.sdp;

import java.util.function.Supplier;

/**
 * Counts the steps of a bound. A step that the time ends counts for nothing and leaves nothing
 * behind, so that the result is a function of the number of steps made.
 */
final class Budget {
  private final int most;
  private int made;

  Budget(int most) {
    this.most = most;
  }

  static Budget unlimited() {
    return new Budget(Integer.MAX_VALUE);
  }

  int made() {
    return made;
  }

  boolean isSpent() {
    return made >= most;
  }

  /** The result of a step, or {@code otherwise} if the run was over before it was done. */
  <T> T step(Run run, Supplier<T> work, T otherwise) {
    if (run.isOver()) {
      return otherwise;
    }
    T result = run.unlessOver(work, otherwise);
    if (run.isOver()) {
      return otherwise;
    }
    made++;
    return result;
  }
}
