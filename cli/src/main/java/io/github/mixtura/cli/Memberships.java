package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;
import io.github.mixtura.mixture.Mixture;
import java.util.stream.IntStream;

/** Goes through the responsibilities of many rows without holding them all. */
final class Memberships {
  private static final int AT_ONCE = 1 << 14;

  private Memberships() {}

  /** Sees one row. */
  interface Visitor {
    /** Returns whether to go on; {@code label} counts from 0. */
    boolean visit(int label, double[] responsibilities);
  }

  static void visit(Mixture<?> mixture, Observations observations, Visitor visitor) {
    for (int from = 0; from < observations.rows(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, observations.rows());
      Observations part =
          observations.rows() <= AT_ONCE
              ? observations
              : observations.select(IntStream.range(from, to).toArray());
      for (double[] row : mixture.responsibilities(part)) {
        if (!visitor.visit(largest(row), row)) {
          return;
        }
      }
    }
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
