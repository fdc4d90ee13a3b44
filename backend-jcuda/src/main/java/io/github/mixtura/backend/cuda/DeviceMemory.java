package io.github.mixtura.backend.cuda;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/** Numbers on the device. */
final class DeviceMemory implements AutoCloseable {
  private final Device device;
  private final Address address;
  private final long length;
  private boolean closed;

  /** A device pointer whose number can be written into a {@link Task}. */
  static final class Address extends CUdeviceptr {
    long number() {
      return getNativePointer();
    }
  }

  DeviceMemory(Device device, Address address, long length) {
    this.device = device;
    this.address = address;
    this.length = length;
  }

  /** How many numbers. */
  long length() {
    return length;
  }

  long address() {
    if (closed) {
      throw new IllegalStateException("memory of the GPU is used after it was given back");
    }
    return address.number();
  }

  CUdeviceptr at(long index) {
    return address.withByteOffset(8 * index);
  }

  /** Gives the memory back; a driver that has failed takes it with the context. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.forget(this);
      JCudaDriver.cuMemFree(address);
    }
  }
}
