package io.github.mixtura.backend.cuda;

import static io.github.mixtura.backend.cuda.Driver.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The first device of the driver with the kernels loaded: its primary context, two streams, and the
 * memory taken from it. Closing gives everything back.
 */
final class Device implements AutoCloseable {
  /** PTX is for this compute capability; the driver compiles it for the device and keeps that. */
  private static final int OLDEST_CAPABILITY = 75;

  private static final String PTX = "mixtura.ptx";
  private static final int NON_BLOCKING = 1;
  private static final int DISABLE_TIMING = 2;

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUmodule module = new CUmodule();
  private final CUstream compute = new CUstream();
  private final CUstream copies = new CUstream();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final Set<DeviceMemory> memory = new LinkedHashSet<>();
  private final Set<CUevent> events = new LinkedHashSet<>();
  private final long total;
  private boolean moduleLoaded;
  private int streams;

  private Device() {
    check(JCudaDriver.cuInit(0), "starting the driver");
    int[] count = new int[1];
    check(JCudaDriver.cuDeviceGetCount(count), "counting devices");
    if (count[0] == 0) {
      throw new DeviceException("the driver shows no device", false);
    }
    check(JCudaDriver.cuDeviceGet(device, 0), "opening the device");
    int capability =
        10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    if (capability < OLDEST_CAPABILITY) {
      throw new DeviceException(
          name()
              + " has compute capability "
              + capability / 10.0
              + ", must be at least "
              + OLDEST_CAPABILITY / 10.0,
          false);
    }
    long[] bytes = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(bytes, device), "asking for the memory");
    total = bytes[0];
  }

  /**
   * Opens the device.
   *
   * @throws DeviceException if there is none or it cannot run the kernels
   * @throws LinkageError if there is no driver
   */
  static Device open() {
    Driver.load();
    Device opened = new Device();
    check(
        JCudaDriver.cuDevicePrimaryCtxRetain(opened.context, opened.device), "starting the device");
    try {
      opened.start();
      return opened;
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private void start() {
    use();
    check(
        JCudaDriver.cuModuleLoadDataEx(module, Pointer.to(ptx()), 0, new int[0], new Pointer()),
        "loading the kernels");
    moduleLoaded = true;
    for (CUstream stream : List.of(compute, copies)) {
      check(JCudaDriver.cuStreamCreate(stream, NON_BLOCKING), "creating a stream");
      streams++;
    }
  }

  /** The kernels, ended by a zero as the driver wants them. */
  private static byte[] ptx() {
    try (InputStream in = Device.class.getResourceAsStream(PTX)) {
      byte[] text = in.readAllBytes();
      return Arrays.copyOf(text, text.length + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int attribute(int attribute) {
    int[] value = new int[1];
    check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "asking the device");
    return value[0];
  }

  String name() {
    byte[] name = new byte[256];
    check(JCudaDriver.cuDeviceGetName(name, name.length, device), "asking for the device's name");
    return new String(name, StandardCharsets.UTF_8).split("\0", 2)[0];
  }

  /** Makes the device that of this thread. */
  void use() {
    check(JCudaDriver.cuCtxSetCurrent(context), "using the device");
  }

  /** Bytes of the device, whoever holds them. */
  long totalBytes() {
    return total;
  }

  long freeBytes() {
    long[] free = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, new long[1]), "asking for free memory");
    return free[0];
  }

  /** Takes memory; {@code null} if there is not so much. */
  DeviceMemory take(long length) {
    DeviceMemory.Address address = new DeviceMemory.Address();
    int result = JCudaDriver.cuMemAlloc(address, 8 * length);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      return null;
    }
    check(result, "taking memory");
    DeviceMemory taken = new DeviceMemory(this, address, length);
    memory.add(taken);
    return taken;
  }

  void forget(DeviceMemory given) {
    memory.remove(given);
  }

  CUevent event() {
    CUevent event = new CUevent();
    check(JCudaDriver.cuEventCreate(event, DISABLE_TIMING), "creating an event");
    events.add(event);
    return event;
  }

  void destroy(CUevent event) {
    if (events.remove(event)) {
      JCudaDriver.cuEventDestroy(event);
    }
  }

  /** Where kernels run, with the copies they need and make. */
  CUstream compute() {
    return compute;
  }

  /** Where rows are copied while kernels run. */
  CUstream copies() {
    return copies;
  }

  /** Starts a kernel. */
  void launch(String kernel, long blocksX, long blocksY, int threads, int sharedBytes, Task task) {
    CUfunction function = functions.get(kernel);
    if (function == null) {
      function = new CUfunction();
      check(JCudaDriver.cuModuleGetFunction(function, module, kernel), "finding kernel " + kernel);
      functions.put(kernel, function);
    }
    check(
        JCudaDriver.cuLaunchKernel(
            function,
            Math.toIntExact(blocksX),
            Math.toIntExact(blocksY),
            1,
            threads,
            1,
            1,
            sharedBytes,
            compute,
            Pointer.to(Pointer.to(task.members())),
            null),
        "starting kernel " + kernel);
  }

  /** Waits for the kernels and copies of the compute stream. */
  void finish() {
    check(JCudaDriver.cuStreamSynchronize(compute), "running the kernels");
  }

  /** Waits for both streams, whatever became of them. */
  void settle() {
    for (CUstream stream : List.of(compute, copies).subList(0, streams)) {
      JCudaDriver.cuStreamSynchronize(stream);
    }
  }

  /** Gives back everything; codes are not looked at, as there is nothing left to be done. */
  @Override
  public void close() {
    JCudaDriver.cuCtxSetCurrent(context);
    settle();
    List.copyOf(memory).forEach(DeviceMemory::close);
    List.copyOf(events).forEach(this::destroy);
    if (moduleLoaded) {
      JCudaDriver.cuModuleUnload(module);
    }
    for (CUstream stream : List.of(compute, copies).subList(0, streams)) {
      JCudaDriver.cuStreamDestroy(stream);
    }
    JCudaDriver.cuDevicePrimaryCtxRelease(device);
  }
}
