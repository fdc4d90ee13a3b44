package io.github.mixtura.em;

import io.github.mixtura.execution.StripedReduction;
import java.util.Arrays;

/**
 * The additive sufficient statistics of one pass over the data, as one flat array: K blocks in the
 * family's layout, each beginning with Σr; the family's shared sums; those of the mixing weights;
 * total weight, row count, log-likelihood, classification. Merging is vector addition, so splits
 * and order matter only by rounding.
 *
 * <p>Mutable while it is being accumulated; a family reads it when the pass is over.
 */
public final class Statistics implements StripedReduction.Sums<Statistics> {
  private final int components;
  private final int blockLength;
  private final int sharedLength;
  private final int weightLength;
  private final double[] values;

  /** Total weight, rows, log-likelihood, classification. */
  private static final int TOTALS = 4;

  /**
   * Zero.
   *
   * @param components K
   * @param layout of the family
   * @param weightLength values of the mixing weights
   */
  public Statistics(int components, Layout layout, int weightLength) {
    this(components, layout.block(), layout.shared(), weightLength);
  }

  private Statistics(int components, int blockLength, int sharedLength, int weightLength) {
    this.components = components;
    this.blockLength = blockLength;
    this.sharedLength = sharedLength;
    this.weightLength = weightLength;
    this.values = new double[components * blockLength + sharedLength + weightLength + TOTALS];
  }

  /**
   * A copy.
   *
   * @return independent of this
   */
  public Statistics copy() {
    Statistics copy = new Statistics(components, blockLength, sharedLength, weightLength);
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
   * Where the sums of the mixing weights start.
   *
   * @return index into {@link #values}
   */
  public int weightSums() {
    return shared() + sharedLength;
  }

  /**
   * Records a batch.
   *
   * @param weight its total weight
   * @param rows its number of rows
   * @param logLikelihood its part of ℓ
   */
  public void addBatch(double weight, int rows, double logLikelihood) {
    int at = values.length - TOTALS;
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
    return values[values.length - TOTALS];
  }

  /**
   * Number of rows.
   *
   * @return n
   */
  public long rows() {
    return (long) values[values.length - TOTALS + 1];
  }

  /**
   * Log-likelihood of the mixture the pass was made with.
   *
   * @return Σ w log f(x)
   */
  public double logLikelihood() {
    return values[values.length - TOTALS + 2];
  }

  /**
   * Records how sure the rows of a batch are of their components.
   *
   * @param value Σ w log max r
   */
  public void addClassification(double value) {
    values[values.length - 1] += value;
  }

  /**
   * How sure the rows are of their components, after a {@link Stage#FINAL} pass.
   *
   * @return Σ w log max r
   */
  public double classification() {
    return values[values.length - 1];
  }

  /**
   * The statistics without one component.
   *
   * @param k component from 0
   * @return statistics of the others
   */
  Statistics without(int k) {
    Statistics rest = new Statistics(components - 1, blockLength, sharedLength, weightLength);
    System.arraycopy(values, 0, rest.values, 0, offset(k));
    int from = offset(k + 1);
    System.arraycopy(values, from, rest.values, offset(k), values.length - from);
    return rest;
  }
}
