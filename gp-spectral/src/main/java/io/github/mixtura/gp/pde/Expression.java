package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * Formulas in x, y and t (another name of y): numbers, + − * / ^, parentheses, pi and the functions
 * sin, cos, tan, exp, log, sqrt, tanh, abs.
 *
 * <p>{@code ^} binds tighter than a sign on its left and groups from the right: {@code -x^2} is
 * {@code -(x^2)} and {@code 2^3^2} is 512. Nothing may be left out between factors. Sums and
 * products may have any number of parts, which are taken from the left; parentheses, functions,
 * signs and powers may lie 200 deep in each other.
 */
public final class Expression {
  private static final int MOST_CHARACTERS = 10_000;
  private static final int MOST_NESTED = 200;

  /** Characters of the formula that a message shows on each side of what is wrong. */
  private static final int SHOWN = 40;

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
   * @return its function, which has the same value in every call, not finite where the formula is
   *     not defined; its {@code toString} is a formula of the same values
   * @throws IllegalArgumentException if it is no formula, or has a number beyond the range of
   *     double precision: what was expected, at which character
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
    int from = Math.max(0, at - SHOWN);
    int to = Math.min(text.length(), at + SHOWN);
    String found =
        at < text.length()
            ? "'" + plain(Character.toString(text.codePointAt(at))) + "'"
            : "the end";
    return new IllegalArgumentException(
        "expression '"
            + (from > 0 ? "…" : "")
            + plain(text.substring(from, to))
            + (to < text.length() ? "…" : "")
            + "' has "
            + found
            + " at character "
            + (at + 1)
            + ", must have "
            + expected
            + " there");
  }

  /** A text in one line: characters that cannot be seen become a replacement character. */
  private static String plain(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints().forEach(c -> result.appendCodePoint(isVisible(c) ? c : '\uFFFD'));
    return result.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
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

  private void deeper() {
    if (++depth > MOST_NESTED) {
      throw wrong("at most " + MOST_NESTED + " nested parts");
    }
  }

  private ScalarField sum() {
    deeper();
    ScalarField result = chain('+', '-', this::product);
    depth--;
    return result;
  }

  private ScalarField product() {
    return chain('*', '/', this::signed);
  }

  /** Parts joined by two operators of one rank. */
  private ScalarField chain(char operator, char inverse, Supplier<ScalarField> part) {
    List<ScalarField> parts = new ArrayList<>();
    BitSet inverted = new BitSet();
    parts.add(part.get());
    while (true) {
      if (take(inverse)) {
        inverted.set(parts.size());
      } else if (!take(operator)) {
        return parts.size() == 1
            ? parts.get(0)
            : new Chain(operator, inverse, parts.toArray(ScalarField[]::new), inverted);
      }
      parts.add(part.get());
    }
  }

  private ScalarField signed() {
    deeper();
    ScalarField result;
    if (take('-')) {
      result = new Minus(signed());
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
    return take('^') ? new Power(base, signed()) : base;
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
    if (c == '.' || isDigit(c)) {
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
    boolean zero = true;
    while (at < text.length() && (text.charAt(at) == '.' || isDigit(text.charAt(at)))) {
      zero &= text.charAt(at) == '.' || text.charAt(at) == '0';
      at++;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int sign = at + 1;
      if (sign < text.length() && (text.charAt(sign) == '+' || text.charAt(sign) == '-')) {
        sign++;
      }
      if (sign < text.length() && isDigit(text.charAt(sign))) {
        at = sign;
        while (at < text.length() && isDigit(text.charAt(at))) {
          at++;
        }
      }
    }
    double value;
    try {
      value = Double.parseDouble(text.substring(from, at));
    } catch (NumberFormatException e) {
      at = from;
      throw wrong("a number with one decimal point");
    }
    if (Double.isInfinite(value) || (value == 0 && !zero)) {
      at = from;
      throw wrong("0 or a number from 4.9e-324 to 1.79e308");
    }
    return new Constant(value);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private ScalarField named() {
    int from = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    String name = text.substring(from, at).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x" -> Coordinate.X;
      case "y", "t" -> Coordinate.Y;
      case "pi" -> Pi.PI;
      default -> call(name, from);
    };
  }

  private ScalarField call(String name, int from) {
    DoubleUnaryOperator function = function(name);
    if (function == null) {
      at = from;
      throw wrong("x, y, t, pi or one of sin, cos, tan, exp, log, sqrt, tanh, abs");
    }
    if (!take('(')) {
      throw wrong("'(' after " + name);
    }
    return new Call(name, function, closed(sum()));
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

  private enum Coordinate implements ScalarField {
    X,
    Y;

    @Override
    public double at(double x, double y) {
      return this == X ? x : y;
    }

    @Override
    public String toString() {
      return this == X ? "x" : "y";
    }
  }

  private enum Pi implements ScalarField {
    PI;

    @Override
    public double at(double x, double y) {
      return Math.PI;
    }

    @Override
    public String toString() {
      return "pi";
    }
  }

  private record Constant(double value) implements ScalarField {
    @Override
    public double at(double x, double y) {
      return value;
    }

    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  private record Call(String name, DoubleUnaryOperator function, ScalarField inner)
      implements ScalarField {
    @Override
    public double at(double x, double y) {
      return function.applyAsDouble(inner.at(x, y));
    }

    @Override
    public String toString() {
      return name + "(" + inner + ")";
    }
  }

  private record Minus(ScalarField inner) implements ScalarField {
    @Override
    public double at(double x, double y) {
      return -inner.at(x, y);
    }

    @Override
    public String toString() {
      return "-" + (inner instanceof Chain ? "(" + inner + ")" : inner);
    }
  }

  private record Power(ScalarField base, ScalarField exponent) implements ScalarField {
    @Override
    public double at(double x, double y) {
      return Math.pow(base.at(x, y), exponent.at(x, y));
    }

    @Override
    public String toString() {
      boolean atom = !(base instanceof Chain || base instanceof Minus || base instanceof Power);
      return (atom ? base : "(" + base + ")")
          + "^"
          + (exponent instanceof Chain ? "(" + exponent + ")" : exponent);
    }
  }

  /** A sum or a product, computed from the left in a loop, whatever its length. */
  private static final class Chain implements ScalarField {
    private final char operator;
    private final char inverse;
    private final ScalarField[] parts;
    private final boolean[] inverted;

    Chain(char operator, char inverse, ScalarField[] parts, BitSet inverted) {
      this.operator = operator;
      this.inverse = inverse;
      this.parts = parts;
      this.inverted = new boolean[parts.length];
      inverted.stream().forEach(i -> this.inverted[i] = true);
    }

    @Override
    public double at(double x, double y) {
      double value = parts[0].at(x, y);
      for (int i = 1; i < parts.length; i++) {
        double next = parts[i].at(x, y);
        if (operator == '+') {
          value = inverted[i] ? value - next : value + next;
        } else {
          value = inverted[i] ? value / next : value * next;
        }
      }
      return value;
    }

    /** Whether a part needs parentheses: a sum does, and a product within a product. */
    private boolean isLoose(ScalarField part) {
      return part instanceof Chain chain && (operator == '*' || chain.operator == '+');
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < parts.length; i++) {
        text.append(i == 0 ? "" : String.valueOf(inverted[i] ? inverse : operator));
        text.append(isLoose(parts[i]) ? "(" + parts[i] + ")" : parts[i]);
      }
      return text.toString();
    }
  }
}
