package io.github.mixtura.em;

/** How EM steps are combined. */
public enum Acceleration {
  /** Plain EM. */
  NONE,
  /**
   * Squared extrapolation (Varadhan &amp; Roland 2008, doi:10.1111/j.1467-9469.2007.00585.x) of the
   * sufficient statistics; a step that would lower the log-likelihood is not taken.
   */
  SQUAREM
}
