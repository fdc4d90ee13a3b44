package io.github.mixtura.gp.pde;

/** Partial derivatives up to the second order. */
public enum Derivative {
  /** The function itself, u. */
  NONE(0, 0),
  /** {@code ∂u/∂x}. */
  X(1, 0),
  /** {@code ∂u/∂y}, or the derivative in time. */
  Y(0, 1),
  /** {@code ∂²u/∂x²}. */
  XX(2, 0),
  /** {@code ∂²u/∂x∂y}. */
  XY(1, 1),
  /** {@code ∂²u/∂y²}. */
  YY(0, 2);

  private final int xOrder;
  private final int yOrder;

  Derivative(int xOrder, int yOrder) {
    this.xOrder = xOrder;
    this.yOrder = yOrder;
  }

  /**
   * How often the function is differentiated along an axis.
   *
   * @param axis 0 for x, 1 for y
   * @return 0, 1 or 2
   */
  public int order(int axis) {
    return axis == 0 ? xOrder : yOrder;
  }
}
