package io.github.mixtura.sdp;

/** What is known of a partition's distance from the best one. */
public enum Status {
  /** The relative gap is at most 1e-9 after all error terms: no partition is better. */
  CERTIFIED,
  /** A safe upper bound exists and is larger. */
  GAP,
  /** No bound was computed. */
  UNCERTIFIED
}
