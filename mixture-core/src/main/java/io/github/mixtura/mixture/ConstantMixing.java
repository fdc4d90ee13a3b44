package io.github.mixtura.mixture;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;
import java.util.Arrays;

/** The same weights for all rows. */
record ConstantMixing(double[] shares) implements Mixing {
  static ConstantMixing of(double... weights) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (!(weights[k] >= 0 && weights[k] <= 1 + 1e-6)) {
        throw new IllegalArgumentException(
            "weight " + (k + 1) + " is " + weights[k] + ", must be in [0, 1]");
      }
      sum += weights[k];
    }
    if (!(Math.abs(sum - 1) <= 1e-6)) {
      throw new IllegalArgumentException("weights sum to " + sum + ", must sum to 1");
    }
    // A sum that only rounding keeps from 1 stays, so that a saved mixture is read back as it was.
    double total = Math.abs(sum - 1) <= weights.length * 0x1p-52 ? 1 : sum;
    double[] shares = new double[weights.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = weights[k] / total;
    }
    return new ConstantMixing(shares);
  }

  @Override
  public int components() {
    return shares.length;
  }

  @Override
  public double[] weights() {
    return shares.clone();
  }

  @Override
  public void add(Batch batch, Workspace workspace) {
    for (int k = 0; k < shares.length; k++) {
      double[] values = new double[batch.rows()];
      Arrays.fill(values, Math.log(shares[k]));
      workspace.add(batch, k, values);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConstantMixing that && Arrays.equals(shares, that.shares);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shares);
  }

  @Override
  public String toString() {
    return Arrays.toString(shares);
  }
}
