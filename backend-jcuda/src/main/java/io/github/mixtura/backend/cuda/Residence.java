package io.github.mixtura.backend.cuda;

import static io.github.mixtura.backend.cuda.Driver.check;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.JCudaDriver;

/**
 * Decides which batches are on the device.
 *
 * <p>A batch that fits stays until it is closed. If not all do, the others take turns in two slots:
 * while kernels work on one, the batch that was staged after it is copied to the other. Where a
 * batch lies never changes a result.
 */
final class Residence implements AutoCloseable {
  /** This part of the device's memory is left for partial sums and parameters. */
  private static final int SPARE = 16;

  private final Device device;
  private final Transfer transfer;
  private final List<CudaBatch> batches = new ArrayList<>();
  private final DeviceMemory[] slots = new DeviceMemory[2];
  private final CudaBatch[] guests = new CudaBatch[2];

  Residence(Device device, Transfer transfer) {
    this.device = device;
    this.transfer = transfer;
  }

  void add(CudaBatch batch) {
    batches.add(batch);
  }

  void remove(CudaBatch batch) {
    batches.remove(batch);
    leave(batch);
  }

  /** Brings a batch to the device; kernels started afterwards wait for the copy. */
  DeviceMemory columns(CudaBatch batch) {
    if (batch.memory == null) {
      bring(batch, null);
    }
    check(JCudaDriver.cuStreamWaitEvent(device.compute(), batch.copied, 0), "waiting for a copy");
    return batch.memory;
  }

  /** While kernels work on a batch, copies the next to where it stays or to the free slot. */
  void prefetch(CudaBatch inUse) {
    CudaBatch next = batches.get((batches.indexOf(inUse) + 1) % batches.size());
    boolean free = slots[0] != null && next.length() <= slots[0].length();
    if (next.memory == null && (free || fits(next))) {
      bring(next, inUse);
    }
  }

  private void bring(CudaBatch batch, CudaBatch inUse) {
    DeviceMemory home = fits(batch) ? device.take(batch.length()) : null;
    if (home == null) {
      int slot = slot(batch, inUse);
      if (guests[slot] != null) {
        leave(guests[slot]);
      }
      guests[slot] = batch;
      home = slots[slot];
    }
    batch.memory = home;
    batch.copied = device.event();
    transfer.up(batch::fill, home, 0, batch.length(), device.copies());
    check(JCudaDriver.cuEventRecord(batch.copied, device.copies()), "copying rows");
  }

  /** Whether the batch may stay: all may, or there is room for it beside the slots. */
  private boolean fits(CudaBatch batch) {
    long room = (device.freeBytes() - device.totalBytes() / SPARE) / 8;
    long waiting =
        batches.stream().filter(b -> b.memory == null).mapToLong(CudaBatch::length).sum();
    if (waiting <= room) {
      return true;
    }
    long reserved = slots[0] == null ? 2 * largest() : 0;
    return batch.length() + reserved <= room;
  }

  private long largest() {
    return batches.stream().mapToLong(CudaBatch::length).max().orElse(0);
  }

  private int slot(CudaBatch batch, CudaBatch inUse) {
    if (slots[0] == null || slots[0].length() < batch.length()) {
      closeSlots();
      long length = largest();
      for (int s = 0; s < slots.length; s++) {
        slots[s] =
            take(
                length,
                "rows in turns, "
                    + batch.rows()
                    + " rows × "
                    + batch.columns()
                    + " columns at a time");
      }
    }
    for (int s = 0; s < slots.length; s++) {
      if (guests[s] == null) {
        return s;
      }
    }
    return guests[0] == inUse || guests[0] == before(batch) ? 1 : 0;
  }

  private CudaBatch before(CudaBatch batch) {
    return batches.get((batches.indexOf(batch) + batches.size() - 1) % batches.size());
  }

  /**
   * Takes memory, if need be that of batches that could have stayed.
   *
   * @param what it is for, in words
   * @throws DeviceException if there is not so much
   */
  DeviceMemory take(long length, String what) {
    DeviceMemory taken = device.take(length);
    for (int i = batches.size() - 1; i >= 0 && taken == null; i--) {
      CudaBatch batch = batches.get(i);
      if (batch.memory != null && batch.memory != slots[0] && batch.memory != slots[1]) {
        device.settle();
        leave(batch);
        taken = device.take(length);
      }
    }
    if (taken == null) {
      throw new DeviceException(
          String.format(
              "not enough memory on the GPU for %s: %.1f MiB are needed, %.1f of %.1f MiB are free",
              what,
              mebibytes(8 * length),
              mebibytes(device.freeBytes()),
              mebibytes(device.totalBytes())),
          true);
    }
    return taken;
  }

  private static double mebibytes(long bytes) {
    return bytes / 1048576.0;
  }

  /** Takes a batch off the device; nothing may be at work on it, unless it only leaves a slot. */
  private void leave(CudaBatch batch) {
    if (batch.memory == null) {
      return;
    }
    boolean guest = false;
    for (int s = 0; s < slots.length; s++) {
      if (guests[s] == batch) {
        guests[s] = null;
        guest = true;
      }
    }
    if (!guest) {
      batch.memory.close();
    }
    batch.memory = null;
    device.destroy(batch.copied);
    batch.copied = null;
  }

  private void closeSlots() {
    device.settle();
    for (int s = 0; s < slots.length; s++) {
      if (guests[s] != null) {
        leave(guests[s]);
      }
      if (slots[s] != null) {
        slots[s].close();
        slots[s] = null;
      }
    }
  }

  @Override
  public void close() {
    List.copyOf(batches).forEach(this::remove);
    closeSlots();
  }
}
