package io.github.mixtura.sdp;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Wall time, CPU time of the whole process, and the most heap that was in use. */
final class StudyClock {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Map<String, Time> phases = new LinkedHashMap<>();
  private String current;
  private long wallBegin;
  private long cpuBegin;

  /**
   * Seconds.
   *
   * @param wall elapsed
   * @param cpu of all threads, compilers and collectors included
   */
  record Time(double wall, double cpu) {
    Time plus(Time other) {
      return new Time(wall + other.wall, cpu + other.cpu);
    }
  }

  /** Ends the phase before and begins one; null only ends. */
  void enter(String phase) {
    long wall = System.nanoTime();
    long cpu = SYSTEM.getProcessCpuTime();
    if (current != null) {
      Time time = new Time((wall - wallBegin) * 1e-9, (cpu - cpuBegin) * 1e-9);
      phases.merge(current, time, Time::plus);
    }
    current = phase;
    wallBegin = System.nanoTime();
    cpuBegin = SYSTEM.getProcessCpuTime();
  }

  <T> T during(String phase, Supplier<T> work) {
    enter(phase);
    T result = work.get();
    enter(null);
    return result;
  }

  Time of(String phase) {
    return phases.getOrDefault(phase, new Time(0, 0));
  }

  Time total() {
    return phases.values().stream().reduce(new Time(0, 0), Time::plus);
  }

  /** Collects garbage and forgets the peak. */
  static void resetPeak() {
    System.gc();
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
  }

  /** Sum of the peaks of the heap's pools in MB, garbage included. */
  static double peakMegabytes() {
    double bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        bytes += pool.getPeakUsage().getUsed();
      }
    }
    return bytes / 1e6;
  }
}
