package io.github.mixtura.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that take numbered tasks together with the caller. Which thread takes a task is not
 * fixed, so tasks write to places of their own. Waiting threads spin for some microseconds before
 * they sleep: a step of a network or a pass over few rows is not much longer.
 *
 * <p>For one caller at a time; tasks may not call the same workers. Close them when done.
 */
public final class Workers implements AutoCloseable {
  private static final int SPINS = 5000;
  private static final ThreadMXBean TIMES = ManagementFactory.getThreadMXBean();

  private final Thread[] helpers;
  private volatile Job job;
  private volatile boolean closed;

  private Workers(int threads) {
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Thread(this::serve, "mixtura-worker-" + (i + 1));
      helpers[i].setDaemon(true);
      helpers[i].start();
    }
  }

  /**
   * Starts threads.
   *
   * @param threads the caller's among them, at least 1
   * @return the workers
   */
  public static Workers of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
    }
    return new Workers(threads);
  }

  /**
   * Number of threads.
   *
   * @return the caller's among them
   */
  public int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs tasks 0 to count − 1 and returns when all have ended.
   *
   * @param count number of tasks
   * @param task safe for use by several threads
   * @throws RuntimeException the first that a task threw; tasks not begun are then left out
   */
  public void forEach(int count, IntConsumer task) {
    if (helpers.length == 0 || count < 2) {
      for (int i = 0; i < count; i++) {
        task.accept(i);
      }
      return;
    }
    Job current = new Job(task, count, Thread.currentThread());
    job = current;
    for (int i = 0; i < Math.min(helpers.length, count - 1); i++) {
      LockSupport.unpark(helpers[i]);
    }
    current.work();
    current.await();
    job = null;
    if (current.failure instanceof Error error) {
      throw error;
    }
    if (current.failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void serve() {
    Job last = null;
    int idle = 0;
    while (!closed) {
      Job current = job;
      if (current != null && current != last) {
        last = current;
        current.work();
        idle = 0;
      } else if (idle++ < SPINS) {
        Thread.onSpinWait();
      } else {
        last = null;
        LockSupport.park(this);
        idle = 0;
      }
    }
  }

  /** CPU time of the threads beside the caller's, while they live. */
  double helperSeconds() {
    long nanos = 0;
    for (Thread helper : helpers) {
      nanos += Math.max(0, TIMES.getThreadCpuTime(helper.getId()));
    }
    return nanos * 1e-9;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private static final class Job {
    private final IntConsumer task;
    private final int count;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile Throwable failure;

    Job(IntConsumer task, int count, Thread caller) {
      this.task = task;
      this.count = count;
      this.caller = caller;
    }

    void work() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          if (failure == null) {
            task.accept(i);
          }
        } catch (RuntimeException | Error e) {
          fail(e);
        } finally {
          if (ended.incrementAndGet() == count && Thread.currentThread() != caller) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    private synchronized void fail(Throwable reason) {
      failure = failure == null ? reason : failure;
    }

    void await() {
      for (int spins = 0; ended.get() < count; spins++) {
        if (spins < SPINS || Thread.currentThread().isInterrupted()) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
    }
  }
}
