package io.github.mixtura.em.student;

import java.util.Locale;

/**
 * How the degrees of freedom ν of Student-t components are treated.
 *
 * @param mode estimated per component, estimated jointly, or fixed
 * @param start the starting value, or the fixed one
 */
public record DegreesOfFreedom(Mode mode, double start) {
  /** Smallest estimated ν (excluded). */
  public static final double SMALLEST = 0.1;

  /** Largest estimated ν; a fit that ends there is practically normal. */
  public static final double LARGEST = 1e4;

  /** Kinds of treatment. */
  public enum Mode {
    /** One ν per component. */
    FREE,
    /** One ν for all components. */
    SHARED,
    /** Given. */
    FIXED
  }

  /**
   * Checks the value.
   *
   * @param mode see the record
   * @param start see the record
   */
  public DegreesOfFreedom {
    if (mode == Mode.FIXED && !(start > 0 && start < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "degrees of freedom is " + start + ", must be positive and finite");
    }
    if (mode != Mode.FIXED && !(start > SMALLEST && start <= LARGEST)) {
      throw new IllegalArgumentException(
          "starting degrees of freedom is "
              + start
              + ", must be in ("
              + SMALLEST
              + ", "
              + LARGEST
              + "]");
    }
  }

  /**
   * One per component, starting at 10.
   *
   * @return the treatment
   */
  public static DegreesOfFreedom free() {
    return new DegreesOfFreedom(Mode.FREE, 10);
  }

  /**
   * One for all, starting at 10.
   *
   * @return the treatment
   */
  public static DegreesOfFreedom shared() {
    return new DegreesOfFreedom(Mode.SHARED, 10);
  }

  /**
   * Given.
   *
   * @param value ν in (0.1, 1e4]
   * @return the treatment
   */
  public static DegreesOfFreedom fixed(double value) {
    return new DegreesOfFreedom(Mode.FIXED, value);
  }

  /**
   * Reads a treatment.
   *
   * @param text {@code free}, {@code free:START}, {@code shared}, {@code shared:START} or a number
   * @return the treatment
   * @throws IllegalArgumentException if it is none of these
   */
  public static DegreesOfFreedom parse(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
    try {
      double start = parts.length == 2 ? Double.parseDouble(parts[1]) : 10;
      return switch (parts[0]) {
        case "free" -> new DegreesOfFreedom(Mode.FREE, start);
        case "shared" -> new DegreesOfFreedom(Mode.SHARED, start);
        default -> fixed(Double.parseDouble(text));
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "degrees of freedom is '" + text + "', must be free[:START], shared[:START] or a number",
          e);
    }
  }
}
