package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;

/**
 * The turn of the circle in which angles of a table are written, to print directions in it too.
 *
 * @param turn a full turn in the data's unit
 * @param first where the turn of each column begins; a column beyond them has −turn / 2
 */
record AngleRange(double turn, double[] first) {
  /** From half a turn below 0 to half a turn above, as models hold directions. */
  static AngleRange ofModels(Angles angles) {
    return new AngleRange(angles.turn(), new double[0]);
  }

  /** From 0 or from minus half a turn where a column's values allow that, else from its least. */
  static AngleRange of(Observations observations, Angles angles) {
    double turn = angles.turn();
    double[] first = new double[observations.columns()];
    for (int j = 0; j < first.length; j++) {
      double least = Double.POSITIVE_INFINITY;
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < observations.rows(); i++) {
        least = Math.min(least, observations.get(i, j));
        largest = Math.max(largest, observations.get(i, j));
      }
      if (least >= 0 && largest <= turn) {
        first[j] = 0;
      } else if (least >= -turn / 2 && largest <= turn / 2) {
        first[j] = -turn / 2;
      } else {
        first[j] = least;
      }
    }
    return new AngleRange(turn, first);
  }

  /** The same direction in the range of a column. */
  double bring(double angle, int column) {
    double from = column < first.length ? first[column] : -turn / 2;
    double turns = Math.floor((angle - from) / turn);
    return turns == 0 ? angle : angle - turns * turn;
  }
}
