package io.github.mixtura.em.selection;

/** How a cell of a selection ended. */
public enum Status {
  /** A plain maximum of the likelihood, as far as can be told. */
  OK,
  /** The fit holds a spike or needed repairs; never chosen. */
  DEGENERATE,
  /** There is no fit. */
  FAILED
}
