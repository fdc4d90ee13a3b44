package io.github.mixtura.em.init;

import java.util.function.BooleanSupplier;

/** Time was up before a tree was grown. */
final class TooLate extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private TooLate() {
    super("time is up", null, false, false);
  }

  static void check(BooleanSupplier hurry) {
    if (hurry.getAsBoolean()) {
      throw new TooLate();
    }
  }
}
