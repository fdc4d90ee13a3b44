package io.github.mixtura.gp.pde;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * A pointwise term R(u) added to the linear operator, with its derivative for Newton's method.
 *
 * @param value R
 * @param derivative R′
 */
public record Nonlinearity(DoubleUnaryOperator value, DoubleUnaryOperator derivative) {
  /**
   * Checks that both functions are given.
   *
   * @param value R
   * @param derivative R′
   */
  public Nonlinearity {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(derivative, "derivative");
  }

  /**
   * The reaction term of the Allen–Cahn equation, {@code R(u) = u(u² − 1)}.
   *
   * @return the term
   */
  public static Nonlinearity allenCahn() {
    return new Nonlinearity(u -> u * (u * u - 1), u -> 3 * u * u - 1);
  }
}
