package io.github.mixtura.backend.cuda;

import io.github.mixtura.compute.BackendUnavailableException;

/**
 * The GPU could not do what was asked of it: not enough memory, or an error of the driver. After an
 * error of the driver the kernels are closed and refuse all further work.
 */
public final class DeviceException extends BackendUnavailableException {
  private static final long serialVersionUID = 1L;

  /** Whether there was only not enough memory. */
  private final boolean outOfMemory;

  DeviceException(String message, boolean outOfMemory) {
    super(message);
    this.outOfMemory = outOfMemory;
  }

  /**
   * Whether the device only lacks memory, and the kernels can be used on.
   *
   * @return false for an error that closed them
   */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }
}
