package io.github.mixtura.sdp;

import io.github.mixtura.optimisation.Certification;
import java.util.Locale;

/** Why no more was done for a bound. */
public enum BoundStop {
  /** The partition is proved best: the status is {@link Certification#CERTIFIED}. */
  CERTIFIED,
  /** Nothing was left to be tried, or what was tried last did not improve the bound usefully. */
  STALLED,
  /** As many steps were made as were allowed. */
  STEPS,
  /** The time was over. */
  TIME,
  /** The caller asked for an end. */
  CANCELLED;

  /**
   * The name in documents.
   *
   * @return such as {@code time}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
