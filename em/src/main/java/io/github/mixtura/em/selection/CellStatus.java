package io.github.mixtura.em.selection;

/** How a cell of a selection ended. */
public enum CellStatus {
  /**
   * The fit needed no repair and holds no spike. Whether it ended at a maximum is what its stop
   * reason says; whether rows determine its parameters, what its warnings say.
   */
  OK,
  /**
   * Every start, also those that spare components from rows that stand alone, ended with repairs or
   * a spike; never chosen.
   */
  DEGENERATE,
  /** There is no fit: the data do not allow it, or there was no time. */
  FAILED
}
