package io.github.mixtura.backend.vector;

/** Rows in pieces of a full block each: {@code columns[piece][column][row]}. */
final class Rows {
  final double[][][] columns;

  /** Number of pieces in use. */
  int count;

  Rows(int pieces) {
    columns = new double[pieces][][];
    count = pieces;
  }
}
