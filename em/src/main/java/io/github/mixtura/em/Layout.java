package io.github.mixtura.em;

/**
 * What one pass sums up, and what it needs for that.
 *
 * @param block values per component, the first Σr
 * @param shared values common to all components
 * @param auxiliary whether a second value per row and component is needed, as by Student's t
 */
public record Layout(int block, int shared, boolean auxiliary) {
  /**
   * Sums of each component alone.
   *
   * @param block values per component, the first Σr
   */
  public Layout(int block) {
    this(block, 0, false);
  }
}
