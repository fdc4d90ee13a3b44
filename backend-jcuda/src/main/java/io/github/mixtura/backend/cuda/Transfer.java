package io.github.mixtura.backend.cuda;

import static io.github.mixtura.backend.cuda.Driver.check;

import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies between Java arrays and the device through pinned memory: two buffers up, so that one is
 * filled while the other is copied, and one down.
 */
final class Transfer implements AutoCloseable {
  /** Numbers a pinned buffer holds: 4 MiB, a fifth of a millisecond of copying. */
  private static final int LENGTH = 1 << 19;

  private final Device device;
  private final Pinned[] up;
  private final Pinned down;
  private int next;

  /** Writes numbers {@code from} to {@code from + count} of what is to be copied. */
  interface Source {
    void fill(DoubleBuffer into, long from, int count);
  }

  private static final class Pinned {
    private final Pointer pointer = new Pointer();
    private final DoubleBuffer numbers;
    private final CUevent copied;

    Pinned(Device device) {
      check(JCudaDriver.cuMemAllocHost(pointer, 8L * LENGTH), "pinning memory");
      numbers =
          pointer.getByteBuffer(0, 8L * LENGTH).order(ByteOrder.nativeOrder()).asDoubleBuffer();
      copied = device.event();
    }
  }

  Transfer(Device device) {
    this.device = device;
    this.up = new Pinned[] {new Pinned(device), new Pinned(device)};
    this.down = new Pinned(device);
  }

  /** Copies up in order of the stream; returns before the copy is done. */
  void up(Source source, DeviceMemory to, long at, long count, CUstream stream) {
    for (long from = 0; from < count; from += LENGTH) {
      int part = (int) Math.min(LENGTH, count - from);
      Pinned buffer = up[next];
      next ^= 1;
      check(JCudaDriver.cuEventSynchronize(buffer.copied), "copying to the device");
      buffer.numbers.clear();
      source.fill(buffer.numbers, from, part);
      check(
          JCudaDriver.cuMemcpyHtoDAsync(to.at(at + from), buffer.pointer, 8L * part, stream),
          "copying to the device");
      check(JCudaDriver.cuEventRecord(buffer.copied, stream), "copying to the device");
    }
  }

  /** Copies an array up in order of the compute stream. */
  void up(double[] values, int count, DeviceMemory to, long at) {
    up((into, from, part) -> into.put(values, (int) from, part), to, at, count, device.compute());
  }

  /** Copies down what the compute stream has made by then, and waits for it. */
  void down(DeviceMemory from, long at, double[] into, int count) {
    for (int done = 0; done < count; done += LENGTH) {
      int part = Math.min(LENGTH, count - done);
      check(
          JCudaDriver.cuMemcpyDtoHAsync(
              down.pointer, from.at(at + done), 8L * part, device.compute()),
          "copying from the device");
      device.finish();
      down.numbers.clear();
      down.numbers.get(into, done, part);
    }
  }

  /** Gives the pinned memory back, when no copy is under way. */
  @Override
  public void close() {
    for (Pinned buffer : new Pinned[] {up[0], up[1], down}) {
      device.destroy(buffer.copied);
      JCudaDriver.cuMemFreeHost(buffer.pointer);
    }
  }
}
