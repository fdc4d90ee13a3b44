package io.github.mixtura.em;

import java.util.Locale;

/**
 * What to do when a component degenerates: its weight N_k falls below 1e-8 of the mean weight of a
 * row; its covariance cannot be factorised or has a reciprocal condition below 1e-13; or its
 * spread, in a column or another direction, is below 8 units in the last place of its mean, or in a
 * column below 1e-13 of the data's.
 *
 * @param action what to do
 * @param floor for {@link Action#FLOOR}: variance added, relative to that of the data
 */
public record DegeneracyPolicy(Action action, double floor) {
  /** Kinds of policies. */
  public enum Action {
    /** Throw {@link DegenerateComponentException}. */
    FAIL,
    /** Remove the component. */
    DROP,
    /** Put the component at a random row with the spread of the data; at most ten times a start. */
    RESEED,
    /** Add a fraction of the data's variances to the component's. */
    FLOOR
  }

  /**
   * Checks the floor.
   *
   * @param action see the record
   * @param floor see the record
   */
  public DegeneracyPolicy {
    if (action == Action.FLOOR && !(floor > 0 && floor <= 1)) {
      throw new IllegalArgumentException("floor is " + floor + ", must be in (0, 1]");
    }
  }

  /**
   * Throws.
   *
   * @return the policy
   */
  public static DegeneracyPolicy fail() {
    return new DegeneracyPolicy(Action.FAIL, 0);
  }

  /**
   * Removes the component.
   *
   * @return the policy
   */
  public static DegeneracyPolicy drop() {
    return new DegeneracyPolicy(Action.DROP, 0);
  }

  /**
   * Places the component anew.
   *
   * @return the policy
   */
  public static DegeneracyPolicy reseed() {
    return new DegeneracyPolicy(Action.RESEED, 0);
  }

  /**
   * Raises the spread.
   *
   * @param floor fraction of the data's variance, in (0, 1]
   * @return the policy
   */
  public static DegeneracyPolicy floor(double floor) {
    return new DegeneracyPolicy(Action.FLOOR, floor);
  }

  /**
   * Reads a policy.
   *
   * @param text {@code fail}, {@code drop}, {@code reseed} or {@code floor:VALUE}
   * @return the policy
   * @throws IllegalArgumentException if it is none of these
   */
  public static DegeneracyPolicy parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("floor:")) {
      try {
        return floor(Double.parseDouble(lower.substring(6)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "floor is '" + text.substring(6) + "', must be a number", e);
      }
    }
    return switch (lower) {
      case "fail" -> fail();
      case "drop" -> drop();
      case "reseed" -> reseed();
      default ->
          throw new IllegalArgumentException(
              "degeneracy policy is '" + text + "', must be reseed, drop, fail or floor:VALUE");
    };
  }
}
