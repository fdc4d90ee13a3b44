package io.github.mixtura.gp.pde;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Formulas in x, y and t (another name of y): numbers, + − * / ^, parentheses, pi and the functions
 * sin, cos, tan, exp, log, sqrt, tanh, abs.
 *
 * <p>{@code ^} binds tighter than a sign on its left and groups from the right: {@code -x^2} is
 * {@code -(x^2)} and {@code 2^3^2} is 512. Nothing may be left out between factors.
 */
public final class Expression {
  private static final int MOST_CHARACTERS = 10_000;
  private static final int MOST_NESTED = 200;

  private final String text;
  private int at;
  private int depth;

  private Expression(String text) {
    this.text = text;
  }

  /**
   * Reads a formula.
   *
   * @param text the formula, at most 10 000 characters
   * @return its function; the value is not finite where the formula is not defined
   * @throws IllegalArgumentException if it is no formula: what was expected, at which character
   */
  public static ScalarField parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "expression has " + text.length() + " characters, must have at most " + MOST_CHARACTERS);
    }
    Expression expression = new Expression(text);
    ScalarField field = expression.sum();
    expression.skipSpaces();
    if (expression.at < text.length()) {
      throw expression.wrong("an operator or the end");
    }
    return field;
  }

  private IllegalArgumentException wrong(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new IllegalArgumentException(
        "expression '"
            + text
            + "' has "
            + found
            + " at character "
            + (at + 1)
            + ", must have "
            + expected
            + " there");
  }

  private void skipSpaces() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean take(char symbol) {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == symbol) {
      at++;
      return true;
    }
    return false;
  }

  private ScalarField sum() {
    if (++depth > MOST_NESTED) {
      throw wrong("at most " + MOST_NESTED + " nested parts");
    }
    ScalarField left = product();
    while (true) {
      ScalarField first = left;
      if (take('+')) {
        ScalarField second = product();
        left = (x, y) -> first.at(x, y) + second.at(x, y);
      } else if (take('-')) {
        ScalarField second = product();
        left = (x, y) -> first.at(x, y) - second.at(x, y);
      } else {
        depth--;
        return left;
      }
    }
  }

  private ScalarField product() {
    ScalarField left = signed();
    while (true) {
      ScalarField first = left;
      if (take('*')) {
        ScalarField second = signed();
        left = (x, y) -> first.at(x, y) * second.at(x, y);
      } else if (take('/')) {
        ScalarField second = signed();
        left = (x, y) -> first.at(x, y) / second.at(x, y);
      } else {
        return left;
      }
    }
  }

  private ScalarField signed() {
    if (++depth > MOST_NESTED) {
      throw wrong("at most " + MOST_NESTED + " nested parts");
    }
    ScalarField result;
    if (take('-')) {
      ScalarField positive = signed();
      result = (x, y) -> -positive.at(x, y);
    } else if (take('+')) {
      result = signed();
    } else {
      result = power();
    }
    depth--;
    return result;
  }

  private ScalarField power() {
    ScalarField base = atom();
    if (!take('^')) {
      return base;
    }
    ScalarField exponent = signed();
    return (x, y) -> Math.pow(base.at(x, y), exponent.at(x, y));
  }

  private ScalarField atom() {
    skipSpaces();
    if (at == text.length()) {
      throw wrong("a number, a name or '('");
    }
    char c = text.charAt(at);
    if (c == '(') {
      at++;
      return closed(sum());
    }
    if (Character.isLetter(c)) {
      return named();
    }
    if (c == '.' || (c >= '0' && c <= '9')) {
      return number();
    }
    throw wrong("a number, a name or '('");
  }

  private ScalarField closed(ScalarField inner) {
    if (!take(')')) {
      throw wrong("')'");
    }
    return inner;
  }

  private ScalarField number() {
    int from = at;
    while (at < text.length() && isDigitOrPoint(text.charAt(at))) {
      at++;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int sign = at + 1;
      if (sign < text.length() && (text.charAt(sign) == '+' || text.charAt(sign) == '-')) {
        sign++;
      }
      if (sign < text.length() && text.charAt(sign) >= '0' && text.charAt(sign) <= '9') {
        at = sign;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
          at++;
        }
      }
    }
    try {
      double value = Double.parseDouble(text.substring(from, at));
      return (x, y) -> value;
    } catch (NumberFormatException e) {
      at = from;
      throw wrong("a number with one decimal point");
    }
  }

  private static boolean isDigitOrPoint(char c) {
    return c == '.' || (c >= '0' && c <= '9');
  }

  private ScalarField named() {
    int from = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    String name = text.substring(from, at).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x" -> (x, y) -> x;
      case "y", "t" -> (x, y) -> y;
      case "pi" -> (x, y) -> Math.PI;
      default -> {
        DoubleUnaryOperator function = function(name);
        if (function == null) {
          at = from;
          throw wrong(
              "x, y, t, pi or one of sin, cos, tan, exp, log, sqrt, tanh, abs instead of '"
                  + name
                  + "'");
        }
        if (!take('(')) {
          throw wrong("'(' after " + name);
        }
        ScalarField inner = closed(sum());
        yield (x, y) -> function.applyAsDouble(inner.at(x, y));
      }
    };
  }

  private static DoubleUnaryOperator function(String name) {
    return switch (name) {
      case "sin" -> Math::sin;
      case "cos" -> Math::cos;
      case "tan" -> Math::tan;
      case "exp" -> Math::exp;
      case "log" -> Math::log;
      case "sqrt" -> Math::sqrt;
      case "tanh" -> Math::tanh;
      case "abs" -> Math::abs;
      default -> null;
    };
  }
}
