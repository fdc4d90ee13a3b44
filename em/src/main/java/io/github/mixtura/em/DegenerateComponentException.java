package io.github.mixtura.em;

/** A component degenerated under {@link DegeneracyPolicy#fail()}. */
public class DegenerateComponentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Index from 0. */
  private final int component;

  /**
   * Creates the exception.
   *
   * @param component index from 0
   * @param message what was found
   */
  public DegenerateComponentException(int component, String message) {
    super(message);
    this.component = component;
  }

  /**
   * Which component.
   *
   * @return index from 0
   */
  public int component() {
    return component;
  }
}
