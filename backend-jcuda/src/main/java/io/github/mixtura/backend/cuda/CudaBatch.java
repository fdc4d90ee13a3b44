package io.github.mixtura.backend.cuda;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.BlockBatch;
import io.github.mixtura.compute.RowContext;
import java.nio.DoubleBuffer;
import jcuda.driver.CUevent;

/**
 * Rows in Java's memory and, when they are worked on, on the device: column after column of {@link
 * #stride()} numbers, then the weights if there are any.
 */
final class CudaBatch implements Batch {
  private final CudaKernels kernels;
  private final BlockBatch rows;
  private final boolean weighted;
  private boolean closed;

  /** Where the rows are on the device; {@code null} if nowhere. Kept by {@link Residence}. */
  DeviceMemory memory;

  /** Recorded after the copy to there. */
  CUevent copied;

  CudaBatch(CudaKernels kernels, BlockBatch rows) {
    this.kernels = kernels;
    this.rows = rows;
    boolean found = false;
    for (int i = 0; i < rows.blockCount(); i++) {
      found |= rows.block(i).weights() != null;
    }
    this.weighted = found;
  }

  CudaKernels kernels() {
    return kernels;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isWeighted() {
    return weighted;
  }

  /** Distance between columns. */
  long stride() {
    return Grid.stride(rows());
  }

  /** Numbers on the device. */
  long length() {
    return (columns() + (weighted ? 1 : 0)) * stride();
  }

  /** Writes a part of what is on the device; zeros behind the last row. */
  void fill(DoubleBuffer into, long from, int count) {
    long end = from + count;
    for (long at = from; at < end; ) {
      int column = (int) (at / stride());
      int row = (int) (at % stride());
      int part = (int) Math.min(end - at, (row < rows() ? rows() : stride()) - row);
      if (row < rows()) {
        part = Math.min(part, Block.ROWS - row % Block.ROWS);
        double[] values = values(rows.block(row / Block.ROWS), column);
        if (values == null) {
          put(into, 1, part);
        } else {
          into.put(values, row % Block.ROWS, part);
        }
      } else {
        put(into, 0, part);
      }
      at += part;
    }
  }

  private double[] values(Block block, int column) {
    return column < columns() ? block.columns()[column] : block.weights();
  }

  private static void put(DoubleBuffer into, double value, int count) {
    for (int i = 0; i < count; i++) {
      into.put(value);
    }
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public int columns() {
    return rows.columns();
  }

  @Override
  public RowContext context() {
    return rows.context();
  }

  @Override
  public double weight() {
    return rows.weight();
  }

  @Override
  public void copyRow(int row, double[] into) {
    rows.copyRow(row, into);
  }

  @Override
  public void copyOriginal(int column, double[] into) {
    rows.copyOriginal(column, into);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kernels.close(this);
    }
  }
}
