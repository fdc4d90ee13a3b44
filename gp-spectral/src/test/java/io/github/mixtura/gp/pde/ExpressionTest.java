package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
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
        "1+",
        "(1",
        "1)",
        "2x",
        "sin x",
        "sin()",
        "foo(1)",
        "z",
        "1..2",
        ".",
        "1 2",
        "*3",
        "x^",
        "sin",
        "1,5",
        "x == 1",
        "1e999",
        "1e-999",
        "\u0661",
        "x\u00d72",
        "sin\u0000(x)",
        "x\n\u001b[31m",
        "\ud83d\ude00"
      })
  void refuses(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Expression.parse(text)).getMessage();
    assertTrue(message.contains("at character") && message.contains("must have"), message);
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    assertTrue(message.length() < 300, message);
  }

  /** As long as a formula may be: the stack has nothing to do with it. */
  @ParameterizedTest
  @ValueSource(strings = {"+", "-", "*", "/"})
  void survivesLength(String operator) {
    String text = ("x" + operator).repeat(4999) + "x";
    double expected = 0.9999;
    for (int i = 0; i < 4999; i++) {
      expected =
          switch (operator) {
            case "+" -> expected + 0.9999;
            case "-" -> expected - 0.9999;
            case "*" -> expected * 0.9999;
            default -> expected / 0.9999;
          };
    }
    ScalarField field = Expression.parse(text);
    assertEquals(expected, field.at(0.9999, 0));
    assertEquals(text, field.toString());
  }

  /** Every kind of nesting, as deep as it may be and one deeper. */
  @ParameterizedTest
  @CsvSource({"(, )", "sin(, )", "-, ''", "+, ''", "2^, ''", "1+(, )", "1*(2-, )", "x^(, )"})
  void survivesEveryNesting(String before, String after) {
    int accepted = 0;
    for (int depth = 1; depth <= 300; depth++) {
      String text = before.repeat(depth) + "x" + after.repeat(depth);
      try {
        ScalarField field = Expression.parse(text);
        assertEquals(field.at(0.3, 0), Expression.parse(field.toString()).at(0.3, 0));
        accepted = depth;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().contains("nested"), e.getMessage());
        assertEquals(depth - 1, accepted < 60 ? -1 : accepted, "no depth above is accepted");
        return;
      }
    }
  }

  /** Random formulas: the value is that of the tree they were written from, bit by bit. */
  @Test
  void isTheFunctionThatWasWritten() {
    SplittableRandom random = new SplittableRandom(16);
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      DoubleBinaryOperator tree = tree(random, 5, text, 0);
      ScalarField field = Expression.parse(text.toString());
      ScalarField again = Expression.parse(field.toString());
      assertEquals(field.toString(), again.toString());
      for (int j = 0; j < 5; j++) {
        double x = 4 * random.nextDouble() - 2;
        double y = 4 * random.nextDouble() - 2;
        assertEquals(tree.applyAsDouble(x, y), field.at(x, y), text.toString());
        assertEquals(field.at(x, y), again.at(x, y), text.toString());
      }
    }
  }

  /**
   * Writes a formula and gives its function.
   *
   * @param rank 0 where a sum may stand, 1 a product, 2 a sign, 3 an atom only
   */
  private static DoubleBinaryOperator tree(
      SplittableRandom random, int depth, StringBuilder text, int rank) {
    int kind = depth == 0 ? random.nextInt(4) : random.nextInt(12);
    text.append(" ".repeat(random.nextInt(2)));
    switch (kind) {
      case 0 -> {
        text.append("x");
        return (x, y) -> x;
      }
      case 1 -> {
        text.append(random.nextBoolean() ? "y" : "T");
        return (x, y) -> y;
      }
      case 2 -> {
        double value = Double.parseDouble(Float.toString(100 * (float) random.nextDouble()));
        text.append(value);
        return (x, y) -> value;
      }
      case 3 -> {
        text.append("pi");
        return (x, y) -> Math.PI;
      }
      case 4, 5, 6, 7 -> {
        boolean sum = kind < 6;
        boolean direct = kind % 2 == 0;
        boolean parentheses = rank > (sum ? 0 : 1);
        text.append(parentheses ? "(" : "");
        // On the left a chain of the same rank needs no parentheses, on the right it does.
        DoubleBinaryOperator left = tree(random, depth - 1, text, sum ? 0 : 1);
        text.append(sum ? direct ? "+" : "-" : direct ? "*" : "/");
        DoubleBinaryOperator right = tree(random, depth - 1, text, sum ? 1 : 2);
        text.append(parentheses ? ")" : "");
        return sum
            ? direct
                ? (x, y) -> left.applyAsDouble(x, y) + right.applyAsDouble(x, y)
                : (x, y) -> left.applyAsDouble(x, y) - right.applyAsDouble(x, y)
            : direct
                ? (x, y) -> left.applyAsDouble(x, y) * right.applyAsDouble(x, y)
                : (x, y) -> left.applyAsDouble(x, y) / right.applyAsDouble(x, y);
      }
      case 8 -> {
        boolean parentheses = rank > 2;
        text.append(parentheses ? "(-" : "-");
        DoubleBinaryOperator inner = tree(random, depth - 1, text, 2);
        text.append(parentheses ? ")" : "");
        return (x, y) -> -inner.applyAsDouble(x, y);
      }
      case 9 -> {
        boolean parentheses = rank > 2;
        text.append(parentheses ? "(" : "");
        DoubleBinaryOperator base = tree(random, depth - 1, text, 3);
        text.append("^");
        DoubleBinaryOperator exponent = tree(random, depth - 1, text, 2);
        text.append(parentheses ? ")" : "");
        return (x, y) -> Math.pow(base.applyAsDouble(x, y), exponent.applyAsDouble(x, y));
      }
      default -> {
        String[] names = {"sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "abs"};
        String name = names[random.nextInt(names.length)];
        text.append(name).append('(');
        DoubleBinaryOperator inner = tree(random, depth - 1, text, 0);
        text.append(')');
        return switch (name) {
          case "sin" -> (x, y) -> Math.sin(inner.applyAsDouble(x, y));
          case "cos" -> (x, y) -> Math.cos(inner.applyAsDouble(x, y));
          case "tan" -> (x, y) -> Math.tan(inner.applyAsDouble(x, y));
          case "exp" -> (x, y) -> Math.exp(inner.applyAsDouble(x, y));
          case "log" -> (x, y) -> Math.log(inner.applyAsDouble(x, y));
          case "sqrt" -> (x, y) -> Math.sqrt(inner.applyAsDouble(x, y));
          case "tanh" -> (x, y) -> Math.tanh(inner.applyAsDouble(x, y));
          default -> (x, y) -> Math.abs(inner.applyAsDouble(x, y));
        };
      }
    }
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
