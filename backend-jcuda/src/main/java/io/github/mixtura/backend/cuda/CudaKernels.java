package io.github.mixtura.backend.cuda;

import io.github.mixtura.backend.cuda.Grid.Tiles;
import io.github.mixtura.backend.cuda.Task.Field;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.BlockBatch;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.special.Gammas;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import jcuda.CudaException;

/**
 * The kernels on one device. Per call parameters go up and sums come down; rows and values stay.
 *
 * <p>One thread at a time: what a second one would gain is gained by copying the next batch while
 * the kernels work on this one.
 */
final class CudaKernels implements Kernels {
  /** A batch's rows, twice, and its workspace may take this part of the device's memory. */
  private static final int BATCH_SHARE = 4;

  private static final int MOST_BLOCKS = 1 << 22;
  private static final int SIDE = 4;

  private final Device device;
  private final Transfer transfer;
  private final Residence residence;
  private final Task task = new Task();
  private final Sums sums;
  private final Set<CudaWorkspace> workspaces = new LinkedHashSet<>();
  private DeviceException failure;
  private boolean closed;

  CudaKernels(Device device) {
    this.device = device;
    try {
      this.transfer = new Transfer(device);
    } catch (RuntimeException | Error e) {
      device.close();
      throw e;
    }
    this.residence = new Residence(device, transfer);
    this.sums = new Sums(device, transfer, residence, task);
  }

  @Override
  public String backend() {
    return "cuda";
  }

  @Override
  public int threads() {
    return 1;
  }

  /** {@inheritDoc} By the device's memory, not by what is free of it. */
  @Override
  public int batchBlocks(int columns, int components) {
    long rowBytes = 8 * (2 * (columns + 1L) + 2L * components + 1);
    long blocks = device.totalBytes() / BATCH_SHARE / rowBytes / Block.ROWS;
    return (int) Math.max(1, Math.min(MOST_BLOCKS, blocks));
  }

  @Override
  public synchronized Batch stage(List<Block> blocks, RowContext context) {
    requireOpen();
    CudaBatch batch = new CudaBatch(this, BlockBatch.of(blocks, context));
    residence.add(batch);
    return batch;
  }

  @Override
  public synchronized Workspace workspace(int columns, int components, boolean auxiliary) {
    requireOpen();
    CudaWorkspace workspace = new CudaWorkspace(this, components, auxiliary);
    workspaces.add(workspace);
    return workspace;
  }

  @Override
  public void gaussian(
      Batch batch, double[][] mean, double[][] whitening, double[] constant, Workspace into) {
    pend(batch, into, Density.elliptical(mean, whitening, constant, null));
  }

  @Override
  public void student(
      Batch batch,
      double[][] mean,
      double[][] whitening,
      double[] constant,
      double[] degreesOfFreedom,
      Workspace into) {
    pend(batch, into, Density.elliptical(mean, whitening, constant, degreesOfFreedom));
  }

  @Override
  public void linear(Batch batch, double[][] coefficients, double[] constant, Workspace into) {
    pend(batch, into, Density.linear(coefficients, constant));
  }

  private synchronized void pend(Batch batch, Workspace into, Density density) {
    requireOpen();
    mine(batch);
    mine(into).pend(density);
  }

  @Override
  public double normalise(Batch batch, Workspace values, boolean rowLogSums) {
    return onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          CudaWorkspace work = mine(values);
          Density density = describe(rows, work);
          task.set(Field.LOG_SUMS, rowLogSums ? work.logSums() : null);
          int blocks = Grid.expectationBlocks(rows.rows());
          sums.prepare(blocks, 1);
          if (density == null) {
            Density.given(device, task, rows.rows(), work.components());
          } else {
            launch(density, rows, work, true);
          }
          sums.add();
          residence.prefetch(rows);
          return sums.fetch()[0];
        });
  }

  @Override
  public void moments(
      Batch batch,
      double[][] centre,
      Order order,
      Workspace weights,
      double[] into,
      int offset,
      int stride) {
    onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          CudaWorkspace work = mine(weights);
          compute(rows, work);
          int d = rows.columns();
          int count = centre.length;
          int length = order.length(d);
          double[] centres = new double[Math.multiplyExact(count, d)];
          for (int k = 0; k < count; k++) {
            System.arraycopy(centre[k], 0, centres, k * d, d);
          }
          describe(rows, work);
          sums.upload(centres);
          if (order == Order.FULL && d > SIDE) {
            tiles(rows, count, length);
          } else {
            rowWise(rows, order, count, length);
          }
          sums.addTo(count, length, into, offset, stride);
          return null;
        });
  }

  private void tiles(CudaBatch rows, int count, int length) {
    Tiles tiles = Tiles.of(rows.columns(), count);
    sums.slices(rows.rows(), tiles.blocks(), Math.multiplyExact(count, length));
    task.set(Field.GROUP, tiles.group())
        .set(Field.CHUNK, tiles.chunk())
        .set(Field.ROW_GROUPS, tiles.rowGroups());
    sums.run("momentsTiles", tiles.blocks(), Grid.TILE_THREADS, tiles.sharedBytes());
  }

  private void rowWise(CudaBatch rows, Order order, int count, int length) {
    int d = rows.columns();
    long blocks = (count + SIDE - 1L) / SIDE;
    String name = "momentsSmall" + d;
    if (order != Order.FULL) {
      blocks *= (d + SIDE - 1) / SIDE;
      name = order == Order.FIRST ? "momentsFirst" : "momentsDiagonal";
    }
    sums.slices(rows.rows(), blocks, Math.multiplyExact(count, length));
    sums.run(name, blocks, Grid.ROW_THREADS, Grid.SUM_BYTES);
  }

  @Override
  public void studentWeights(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride) {
    onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          CudaWorkspace work = mine(values);
          compute(rows, work);
          int count = degreesOfFreedom.length;
          describe(rows, work);
          sums.upload(degreesOfFreedom);
          task.set(Field.DIMENSION, dimension);
          sums.slices(rows.rows(), count, count);
          sums.run("studentWeights", count, Grid.ROW_THREADS, 8 * Grid.ROW_THREADS);
          sums.addTo(count, 1, into, offset, stride);
          return null;
        });
  }

  @Override
  public void studentDegrees(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride,
      int shared) {
    onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          CudaWorkspace work = mine(values);
          compute(rows, work);
          int count = degreesOfFreedom.length;
          describe(rows, work);
          sums.upload(derivativeConstants(degreesOfFreedom, dimension));
          task.set(Field.DIMENSION, dimension);
          sums.slices(rows.rows(), count + 1, 2 * (count + 1));
          sums.run("studentDegrees", count + 1, Grid.ROW_THREADS, 8 * Grid.ROW_THREADS);
          double[] found = sums.addTo(count, 2, into, offset, stride);
          into[shared] += found[2 * count];
          into[shared + 1] += found[2 * count + 1];
          return null;
        });
  }

  /** ν and the parts of the two derivatives in ν that do not depend on the row, per component. */
  private static double[] derivativeConstants(double[] degreesOfFreedom, int dimension) {
    double[] packed = new double[3 * degreesOfFreedom.length];
    for (int k = 0; k < degreesOfFreedom.length; k++) {
      double nu = degreesOfFreedom[k];
      double half = 0.5 * nu;
      double delta = 0.5 * dimension;
      packed[3 * k] = nu;
      packed[3 * k + 1] = 0.5 * (Gammas.digammaDifference(half, delta) - dimension / nu);
      packed[3 * k + 2] =
          0.5 * (0.5 * Gammas.trigammaDifference(half, delta) + dimension / (nu * nu));
    }
    return packed;
  }

  void read(Batch batch, CudaWorkspace work, int component, double[] into) {
    onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          compute(rows, mine(work));
          work.prepare(rows, residence);
          transfer.down(work.values(), component * rows.stride(), into, rows.rows());
          return null;
        });
  }

  void write(Batch batch, CudaWorkspace work, int component, double[] from) {
    onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          compute(rows, mine(work));
          work.prepare(rows, residence);
          transfer.up(from, rows.rows(), work.values(), component * rows.stride());
          return null;
        });
  }

  void readLogSums(Batch batch, CudaWorkspace work, double[] into) {
    onDevice(
        () -> {
          CudaBatch rows = mine(batch);
          mine(work).prepare(rows, residence);
          transfer.down(work.logSums(), 0, into, rows.rows());
          return null;
        });
  }

  /** Waits until nothing uses memory any more, before some is given back. */
  void settle() {
    device.settle();
  }

  /** Computes log-densities that are still to be computed, and nothing more. */
  private void compute(CudaBatch rows, CudaWorkspace work) {
    Density density = describe(rows, work);
    if (density != null) {
      sums.prepare(Grid.expectationBlocks(rows.rows()), 1);
      launch(density, rows, work, false);
      // The next batch may be copied to where these rows are.
      device.finish();
    }
  }

  private void launch(Density density, CudaBatch rows, CudaWorkspace work, boolean normalise) {
    sums.upload(density.parameters());
    density.launch(device, task, rows.rows(), rows.columns(), work.components(), normalise);
  }

  /** Describes rows and workspace in the task; hands over what is still to be computed. */
  private Density describe(CudaBatch rows, CudaWorkspace work) {
    work.prepare(rows, residence);
    long columns = residence.columns(rows).address();
    long weight = columns + 8L * rows.columns() * rows.stride();
    task.set(Field.X, columns)
        .set(Field.WEIGHT, rows.isWeighted() ? weight : 0)
        .set(Field.VALUES, work.values())
        .set(Field.AUXILIARY, work.auxiliary())
        .set(Field.LOG_SUMS, 0)
        .set(Field.STRIDE, rows.stride())
        .set(Field.ROWS, rows.rows())
        .set(Field.COLUMNS, rows.columns())
        .set(Field.COMPONENTS, work.components());
    return work.takePending();
  }

  private CudaBatch mine(Batch batch) {
    if (!(batch instanceof CudaBatch rows) || rows.kernels() != this) {
      throw new IllegalArgumentException("batch was not staged by these kernels");
    }
    if (rows.isClosed()) {
      throw new IllegalStateException("batch is closed");
    }
    return rows;
  }

  private CudaWorkspace mine(Workspace workspace) {
    if (!(workspace instanceof CudaWorkspace work) || work.kernels() != this) {
      throw new IllegalArgumentException("workspace was not made by these kernels");
    }
    if (work.isClosed()) {
      throw new IllegalStateException("workspace is closed");
    }
    return work;
  }

  private void requireOpen() {
    if (failure != null) {
      throw new IllegalStateException(
          "the cuda backend was closed by an error: " + failure.getMessage(), failure);
    }
    if (closed) {
      throw new IllegalStateException("the kernels of the cuda backend are closed");
    }
  }

  private synchronized <T> T onDevice(Supplier<T> work) {
    requireOpen();
    try {
      device.use();
      return work.get();
    } catch (DeviceException e) {
      if (!e.isOutOfMemory()) {
        fail(e);
      }
      throw e;
    } catch (CudaException e) {
      // Thrown where somebody has told JCuda to.
      DeviceException failed = new DeviceException("the driver failed: " + e.getMessage(), false);
      failed.initCause(e);
      fail(failed);
      throw failed;
    }
  }

  /** An error of the driver spoils the context: no number that comes after it can be trusted. */
  private void fail(DeviceException e) {
    close();
    failure = e;
  }

  synchronized void close(CudaBatch batch) {
    if (!closed) {
      device.use();
      device.settle();
      residence.remove(batch);
    }
  }

  synchronized void close(CudaWorkspace workspace) {
    if (!closed && workspaces.remove(workspace)) {
      device.use();
      device.settle();
      workspace.release();
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      device.use();
    } catch (DeviceException e) {
      // A failed context: the driver frees its memory when it is let go of.
    }
    workspaces.clear();
    device.settle();
    residence.close();
    transfer.close();
    device.close();
  }
}
