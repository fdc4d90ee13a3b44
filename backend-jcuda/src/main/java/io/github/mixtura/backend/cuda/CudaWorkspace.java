package io.github.mixtura.backend.cuda;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;

/**
 * Values on the device, component after component of as many numbers as the batch's stride. Taken
 * when the first batch is worked on, and as large as the largest so far.
 */
final class CudaWorkspace implements Workspace {
  private final CudaKernels kernels;
  private final int components;
  private final boolean hasAuxiliary;
  private DeviceMemory values;
  private DeviceMemory auxiliary;
  private DeviceMemory logSums;
  private Density pending;
  private boolean closed;

  CudaWorkspace(CudaKernels kernels, int components, boolean hasAuxiliary) {
    this.kernels = kernels;
    this.components = components;
    this.hasAuxiliary = hasAuxiliary;
  }

  CudaKernels kernels() {
    return kernels;
  }

  boolean isClosed() {
    return closed;
  }

  /** Makes room for a batch; what was there is lost if there was too little. */
  void prepare(CudaBatch batch, Residence residence) {
    if (logSums != null && logSums.length() >= batch.stride()) {
      return;
    }
    kernels.settle();
    release();
    long length = components * batch.stride();
    String shape = batch.rows() + " rows × " + components + " components";
    try {
      values = residence.take(length, "responsibilities of " + shape);
      if (hasAuxiliary) {
        auxiliary = residence.take(length, "distances of " + shape);
      }
      logSums = residence.take(batch.stride(), "log-densities of " + batch.rows() + " rows");
    } catch (DeviceException e) {
      release();
      throw e;
    }
  }

  /** Log-densities asked for and not yet computed. */
  void pend(Density density) {
    pending = density;
  }

  /** Hands them over, {@code null} if there are none. */
  Density takePending() {
    Density density = pending;
    pending = null;
    return density;
  }

  DeviceMemory values() {
    return values;
  }

  DeviceMemory auxiliary() {
    return auxiliary;
  }

  DeviceMemory logSums() {
    return logSums;
  }

  @Override
  public int components() {
    return components;
  }

  @Override
  public void read(Batch batch, int component, double[] into) {
    kernels.read(batch, this, component, into);
  }

  @Override
  public void write(Batch batch, int component, double[] from) {
    kernels.write(batch, this, component, from);
  }

  @Override
  public void readLogSums(Batch batch, double[] into) {
    kernels.readLogSums(batch, this, into);
  }

  void release() {
    for (DeviceMemory memory : new DeviceMemory[] {values, auxiliary, logSums}) {
      if (memory != null) {
        memory.close();
      }
    }
    values = null;
    auxiliary = null;
    logSums = null;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kernels.close(this);
    }
  }
}
