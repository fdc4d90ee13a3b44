package io.github.mixtura.mdn;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that take numbered tasks together with the caller. Which thread takes a task is not
 * fixed; tasks write to places of their own. Waiting threads spin for some microseconds before they
 * sleep, because one step of training is not much longer.
 */
final class Crew implements AutoCloseable {
  private static final int SPINS = 5000;

  private final Thread[] threads;
  private volatile Job job;
  private volatile boolean closed;

  private static final class Job {
    private final IntConsumer task;
    private final int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(IntConsumer task, int count) {
      this.task = task;
      this.count = count;
    }

    void work() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          task.accept(i);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          done.incrementAndGet();
        }
      }
    }
  }

  Crew(int size) {
    threads = new Thread[size - 1];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(this::serve, "mixtura-network-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** Number of threads, the caller's among them. */
  int size() {
    return threads.length + 1;
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
        LockSupport.parkNanos(this, 1_000_000);
      }
    }
  }

  /** Runs tasks 0 to count − 1 and returns when all are done. */
  void run(int count, IntConsumer task) {
    if (threads.length == 0 || count == 1) {
      for (int i = 0; i < count; i++) {
        task.accept(i);
      }
      return;
    }
    Job current = new Job(task, count);
    job = current;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    current.work();
    while (current.done.get() < count) {
      Thread.onSpinWait();
    }
    if (current.failure != null) {
      throw current.failure instanceof Watch.Stopped stopped
          ? stopped
          : new IllegalStateException(current.failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
