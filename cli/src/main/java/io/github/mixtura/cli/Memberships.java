package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;
import io.github.mixtura.mixture.Mixture;
import java.util.stream.IntStream;

/** Goes through the responsibilities of many rows without holding them all. */
final class Memberships {
  private static final int AT_ONCE = 1 << 14;

  private static final double[] NONE = {};

  private Memberships() {}

  /** Sees one row. */
  interface Visitor {
    /**
     * Returns whether to go on; {@code label} counts from 0 and is −1, with no responsibilities,
     * where a value of the row is missing.
     */
    boolean visit(int label, double[] responsibilities);
  }

  static void visit(Mixture<?> mixture, Observations observations, Visitor visitor) {
    for (int from = 0; from < observations.rows(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, observations.rows());
      int[] complete = complete(observations, from, to);
      double[][] known = {};
      if (complete.length > 0) {
        known =
            mixture.responsibilities(
                complete.length == observations.rows()
                    ? observations
                    : observations.select(complete));
      }
      for (int i = from, at = 0; i < to; i++) {
        boolean missing = at == complete.length || complete[at] != i;
        double[] row = missing ? NONE : known[at++];
        if (!visitor.visit(missing ? -1 : largest(row), row)) {
          return;
        }
      }
    }
  }

  /** Those of some rows that have no missing value. */
  static int[] complete(Observations observations, int from, int to) {
    IntStream rows = IntStream.range(from, to);
    return (observations.hasMissing() ? rows.filter(i -> isComplete(observations, i)) : rows)
        .toArray();
  }

  private static boolean isComplete(Observations observations, int row) {
    for (int j = 0; j < observations.columns(); j++) {
      if (Double.isNaN(observations.get(row, j))) {
        return false;
      }
    }
    return true;
  }

  /** The first of the largest. */
  private static int largest(double[] row) {
    int best = 0;
    for (int k = 1; k < row.length; k++) {
      if (row[k] > row[best]) {
        best = k;
      }
    }
    return best;
  }
}
