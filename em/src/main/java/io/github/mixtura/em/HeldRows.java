package io.github.mixtura.em;

import io.github.mixtura.compute.RowContext;
import io.github.mixtura.data.Observations;
import java.util.Arrays;

/**
 * Evidence that some rows come from one component for sure.
 *
 * @param labels component of each row, −1 where it is not known
 * @param components K
 */
record HeldRows(int[] labels, int components) implements Observations.ContextSource {
  @Override
  public RowContext of(int first, int count) {
    double[][] evidence = new double[components][count];
    boolean isKnown = false;
    for (int i = 0; i < count; i++) {
      int label = labels[first + i];
      isKnown |= label >= 0;
      for (int k = 0; label >= 0 && k < components; k++) {
        evidence[k][i] = k == label ? 0 : Double.NEGATIVE_INFINITY;
      }
    }
    return RowContext.at(first).withEvidence(isKnown ? evidence : null);
  }

  @Override
  public String toString() {
    long known = Arrays.stream(labels).filter(label -> label >= 0).count();
    return known + " of " + labels.length + " rows held";
  }
}
