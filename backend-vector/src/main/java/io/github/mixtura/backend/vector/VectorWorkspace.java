package io.github.mixtura.backend.vector;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Workspace;
import java.util.Arrays;

/** Values of a block in one array, component after component, {@link #STRIDE} apart. */
final class VectorWorkspace implements Workspace {
  /** Not a power of two, so that the same row of all components does not share cache sets. */
  static final int STRIDE = Block.ROWS + 8;

  private final int components;
  private final double[][] values;
  private final double[][] auxiliary;
  private final double[][] logSums;

  /** Accumulators of one component, for summing their lanes. */
  final double[] lanes = new double[10 * Lanes.COUNT];

  /** The columns of one panel of rows, one after the other. */
  final double[] panel;

  private double[] packed = new double[0];

  private double[] accumulators = new double[0];

  /** K zeros (read only). */
  final double[] zeros;

  /** A weight of 1 for every row (read only). */
  final double[] ones = new double[Block.ROWS];

  /** The largest value of every row. */
  final double[] shift = new double[Block.ROWS];

  /** The sum over the components of every row. */
  final double[] total = new double[Block.ROWS];

  /** Products of the sums over components of many rows, lane by lane. */
  final double[] products = new double[Lanes.COUNT];

  /** Sums over components per row of a block. */
  final double[] gradient = new double[Block.ROWS];

  final double[] curvature = new double[Block.ROWS];

  private OuterProducts outerProducts;

  VectorWorkspace(int blocks, int columns, int components, boolean auxiliary) {
    this.components = components;
    this.values = new double[blocks][components * STRIDE];
    this.auxiliary = auxiliary ? new double[blocks][components * STRIDE] : null;
    this.logSums = new double[blocks][Block.ROWS];
    this.panel = new double[(columns + 3) / 4 * 4 * Lanes.PANEL];
    this.zeros = new double[components];
    Arrays.fill(ones, 1);
  }

  /** Values of one block: component k's row b at {@code k · STRIDE + b}. */
  double[] values(int block) {
    return values[block];
  }

  /** Values of all blocks. */
  double[][] values() {
    return values;
  }

  double[] auxiliary(int block) {
    return auxiliary[block];
  }

  double[][] auxiliary() {
    return auxiliary;
  }

  double[] logSums(int block) {
    return logSums[block];
  }

  /** Room for the parameters of all components in the order in which a kernel reads them. */
  double[] packed(int length) {
    if (packed.length < length) {
      packed = new double[length];
    }
    return packed;
  }

  /** So many zeros to add to. */
  double[] accumulators(int length) {
    if (accumulators.length < length) {
      accumulators = new double[length];
    }
    Arrays.fill(accumulators, 0, length, 0);
    return accumulators;
  }

  /** Made when first asked for: it holds K matrices. */
  OuterProducts outerProducts(int columns) {
    if (outerProducts == null) {
      outerProducts = new OuterProducts(columns, components);
    }
    return outerProducts;
  }

  @Override
  public int components() {
    return components;
  }

  @Override
  public void read(Batch batch, int component, double[] into) {
    VectorBatch rows = (VectorBatch) batch;
    for (int i = 0; i < rows.blockCount(); i++) {
      System.arraycopy(values[i], component * STRIDE, into, i * Block.ROWS, rows.rows(i));
    }
  }

  @Override
  public void write(Batch batch, int component, double[] from) {
    VectorBatch rows = (VectorBatch) batch;
    for (int i = 0; i < rows.blockCount(); i++) {
      int at = component * STRIDE;
      int used = rows.rows(i);
      System.arraycopy(from, i * Block.ROWS, values[i], at, used);
      // The filling is a copy of the last row.
      Arrays.fill(values[i], at + used, at + Block.ROWS, values[i][at + used - 1]);
    }
  }

  @Override
  public void readLogSums(Batch batch, double[] into) {
    VectorBatch rows = (VectorBatch) batch;
    for (int i = 0; i < rows.blockCount(); i++) {
      System.arraycopy(logSums[i], 0, into, i * Block.ROWS, rows.rows(i));
    }
  }
}
