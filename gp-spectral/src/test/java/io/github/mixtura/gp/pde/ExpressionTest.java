package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  @ParameterizedTest
  @CsvSource({
    "1+2*3, 7",
    "(1+2)*3, 9",
    "7-2-1, 4",
    "8/4/2, 1",
    "-2^2, -4",
    "2^3^2, 512",
    "2^-1, 0.5",
    "--3, 3",
    "1.5e-3*1e3, 1.5",
    ".5 + 2., 2.5",
    "x, 0.3",
    "y + t, 1.4",
    "X*Y, 0.21",
    "sin(pi/6), 0.5",
    "cos(0)+tan(0)+exp(0)+log(1)+sqrt(4)+tanh(0)+abs(-5), 9",
    "2 * ( x + 1 ) ^ 2, 3.38",
    "'', NaN"
  })
  void computes(String text, double expected) {
    if (Double.isNaN(expected)) {
      assertThrows(IllegalArgumentException.class, () -> Expression.parse(text));
    } else {
      assertEquals(expected, Expression.parse(text).at(0.3, 0.7), 1e-15);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1+", "(1", "1)", "2x", "sin x", "sin()", "foo(1)", "z", "1..2", ".", "1 2", "*3", "x^",
        "sin", "1,5", "x == 1"
      })
  void refuses(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Expression.parse(text)).getMessage();
    assertTrue(message.contains("at character") && message.contains("must have"), message);
  }

  @Test
  void survivesNesting() {
    String deep = "(".repeat(100_000);
    assertThrows(IllegalArgumentException.class, () -> Expression.parse(deep));
    String nested = "(".repeat(4000) + "x" + ")".repeat(4000);
    assertThrows(IllegalArgumentException.class, () -> Expression.parse(nested));
    String signs = "-".repeat(5000) + "x";
    assertThrows(IllegalArgumentException.class, () -> Expression.parse(signs));
    assertEquals(0.3, Expression.parse("(".repeat(50) + "x" + ")".repeat(50)).at(0.3, 0));
  }
}
