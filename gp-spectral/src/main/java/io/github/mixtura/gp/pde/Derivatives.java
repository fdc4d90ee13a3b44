package io.github.mixtura.gp.pde;

/** Finds derivatives by their orders. */
final class Derivatives {
  private Derivatives() {}

  static Derivative of(int xOrder, int yOrder) {
    for (Derivative derivative : Derivative.values()) {
      if (derivative.order(0) == xOrder && derivative.order(1) == yOrder) {
        return derivative;
      }
    }
    throw new IllegalArgumentException("orders are " + xOrder + ", " + yOrder + ", at most 2");
  }
}
