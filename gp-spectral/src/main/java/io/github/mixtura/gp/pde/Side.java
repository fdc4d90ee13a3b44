package io.github.mixtura.gp.pde;

/** The ends of the axes of a domain. */
public enum Side {
  /** Least x. */
  LEFT(0, false),
  /** Greatest x. */
  RIGHT(0, true),
  /** Least y, or the initial time. */
  BOTTOM(1, false),
  /** Greatest y, or the final time. */
  TOP(1, true);

  private final int axis;
  private final boolean upper;

  Side(int axis, boolean upper) {
    this.axis = axis;
    this.upper = upper;
  }

  /**
   * The axis that ends here.
   *
   * @return 0 for x, 1 for y
   */
  public int axis() {
    return axis;
  }

  /**
   * Whether it is the upper end of its axis.
   *
   * @return true for {@link #RIGHT} and {@link #TOP}
   */
  public boolean isUpper() {
    return upper;
  }
}
