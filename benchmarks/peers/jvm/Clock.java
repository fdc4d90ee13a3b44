import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Wall time, and CPU time of all Java threads: compiler and collector threads are not in it. */
final class Clock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private long wall;
  private long cpu;

  void start() {
    cpu = threads();
    wall = System.nanoTime();
  }

  void stop() {
    wall = System.nanoTime() - wall;
    cpu = threads() - cpu;
  }

  /** Takes the time of another span off this one. */
  void minus(Clock other) {
    wall -= other.wall;
    cpu -= other.cpu;
  }

  double wall() {
    return wall * 1e-9;
  }

  double cpu() {
    return cpu * 1e-9;
  }

  private static long threads() {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      sum += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return sum;
  }
}
