package io.github.mixtura.em;

import io.github.mixtura.execution.StripedReduction;
import java.util.Arrays;

/**
 * The additive sufficient statistics of one pass over the data, as one flat array: K blocks in the
 * family's layout, each beginning with Σr; the family's shared sums; total weight, row count,
 * log-likelihood. Merging is vector addition, so splits and order matter only by rounding.
 *
 * <p>Mutable while it is being accumulated; a family reads it when the pass is over.
 */
public final class Statistics implements StripedReduction.Sums<Statistics> {
  private final int components;
  private final int blockLength;
  private final int sharedLength;
  private final double[] values;

  /**
   * Zero.
   *
   * @param components K
   * @param blockLength values per component
   * @param sharedLength values common to all components
   */
  public Statistics(int components, int blockLength, int sharedLength) {
    this.components = components;
    this.blockLength = blockLength;
    this.sharedLength = sharedLength;
    this.values = new double[components * blockLength + sharedLength + 3];
  }

  /**
   * A copy.
   *
   * @return independent of this
   */
  public Statistics copy() {
    Statistics copy = new Statistics(components, blockLength, sharedLength);
    System.arraycopy(values, 0, copy.values, 0, values.length);
    return copy;
  }

  @Override
  public void merge(Statistics other) {
    for (int i = 0; i < values.length; i++) {
      values[i] += other.values[i];
    }
  }

  @Override
  public void clear() {
    Arrays.fill(values, 0);
  }

  /**
   * The flat array.
   *
   * @return live
   */
  public double[] values() {
    return values;
  }

  /**
   * Number of components.
   *
   * @return K
   */
  public int components() {
    return components;
  }

  /**
   * Distance between the blocks of consecutive components.
   *
   * @return values per component
   */
  public int stride() {
    return blockLength;
  }

  /**
   * Where a component's block starts.
   *
   * @param k component from 0
   * @return index into {@link #values}
   */
  public int offset(int k) {
    return k * blockLength;
  }

  /**
   * Where the shared sums start.
   *
   * @return index into {@link #values}
   */
  public int shared() {
    return components * blockLength;
  }

  /**
   * Σr of a component.
   *
   * @param k component from 0
   * @return N_k
   */
  public double weight(int k) {
    return values[offset(k)];
  }

  /**
   * The mixing weights these statistics give.
   *
   * @return N_k divided by their sum
   */
  public double[] mixingWeights() {
    double sum = 0;
    for (int k = 0; k < components; k++) {
      sum += weight(k);
    }
    double[] result = new double[components];
    for (int k = 0; k < components; k++) {
      result[k] = weight(k) / sum;
    }
    return result;
  }

  /**
   * Records a batch.
   *
   * @param weight its total weight
   * @param rows its number of rows
   * @param logLikelihood its part of ℓ
   */
  public void addBatch(double weight, int rows, double logLikelihood) {
    int at = shared() + sharedLength;
    values[at] += weight;
    values[at + 1] += rows;
    values[at + 2] += logLikelihood;
  }

  /**
   * Total weight.
   *
   * @return Σw
   */
  public double totalWeight() {
    return values[values.length - 3];
  }

  /**
   * Number of rows.
   *
   * @return n
   */
  public long rows() {
    return (long) values[values.length - 2];
  }

  /**
   * Log-likelihood of the mixture the pass was made with.
   *
   * @return Σ w log f(x)
   */
  public double logLikelihood() {
    return values[values.length - 1];
  }

  /**
   * The statistics without one component.
   *
   * @param k component from 0
   * @return statistics of the others
   */
  Statistics without(int k) {
    Statistics rest = new Statistics(components - 1, blockLength, sharedLength);
    System.arraycopy(values, 0, rest.values, 0, offset(k));
    int from = offset(k + 1);
    System.arraycopy(values, from, rest.values, offset(k), values.length - from);
    return rest;
  }
}
