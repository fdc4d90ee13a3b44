package io.github.mixtura.em;

/**
 * Which part of a fit a pass belongs to.
 *
 * @param kind what is summed up
 * @param number of the cycle, from 0, of a {@link Kind#CYCLE}; 0 for the others
 */
public record Stage(Kind kind, int number) {
  /** What is summed up. */
  public enum Kind {
    /** First moments of the encoded rows about the components of the pass, under a start. */
    CENTRES,
    /** The family's sums about the components of the pass, under a start. */
    START,
    /** The family's sums under the mixture of the pass. */
    CYCLE,
    /** What reports need of the mixture of the pass; never stopped on the way. */
    FINAL
  }

  /** Where each component begins. */
  public static final Stage CENTRES = new Stage(Kind.CENTRES, 0);

  /** The sums for the first M-step. */
  public static final Stage START = new Stage(Kind.START, 0);

  /** The sums reports need. */
  public static final Stage FINAL = new Stage(Kind.FINAL, 0);

  /**
   * The sums for a part of an iteration.
   *
   * @param number from 0
   * @return the stage
   */
  public static Stage cycle(int number) {
    return new Stage(Kind.CYCLE, number);
  }

  /**
   * Whether a start takes the place of responsibilities.
   *
   * @return true before there is a mixture
   */
  public boolean isStart() {
    return kind == Kind.CENTRES || kind == Kind.START;
  }
}
