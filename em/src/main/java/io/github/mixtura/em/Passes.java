package io.github.mixtura.em;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Runs work over all batches on several threads and merges the statistics.
 *
 * <p>The batches are cut into at most 64 stripes, whose number depends on the batches only. Every
 * stripe is summed in order, and stripes are merged along one fixed binary tree, so the bits do not
 * depend on the number of threads. At most threads + log₂(stripes) statistics are alive: a thread
 * waits before it opens one more.
 */
final class Passes implements AutoCloseable {
  private static final int MOST_STRIPES = 64;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** What is done with one batch. */
  interface BatchWork {
    void run(Batch batch, Workspace workspace, Statistics into);
  }

  private final List<List<Batch>> stripes;
  private final int threads;
  private final ExecutorService executor;
  private final BooleanSupplier stop;
  private final Thread owner = Thread.currentThread();
  private final long ownerBegin;
  private final AtomicLong helperNanos = new AtomicLong();
  private final ArrayDeque<Workspace> workspaces = new ArrayDeque<>();
  private Supplier<Workspace> workspaceSource;
  private int workspaceComponents;

  Passes(List<Batch> batches, int threads, BooleanSupplier stop) {
    this(batches, threads, stop, threadCpuNanos());
  }

  /**
   * Passes of a fit.
   *
   * @param cpuBegin CPU time of this thread when the fit began
   */
  Passes(List<Batch> batches, int threads, BooleanSupplier stop, long cpuBegin) {
    this.ownerBegin = cpuBegin;
    this.stripes = stripes(batches);
    this.threads = Math.min(threads, stripes.size());
    this.stop = stop;
    this.executor =
        this.threads == 1
            ? null
            : Executors.newFixedThreadPool(
                this.threads - 1,
                task -> {
                  Thread thread = new Thread(task, "mixtura-em");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  private static List<List<Batch>> stripes(List<Batch> batches) {
    int count = Math.min(MOST_STRIPES, batches.size());
    List<List<Batch>> result = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      int from = (int) ((long) s * batches.size() / count);
      int to = (int) ((long) (s + 1) * batches.size() / count);
      result.add(List.copyOf(batches.subList(from, to)));
    }
    return result;
  }

  /** Work is for so many components from now on. */
  void workspaces(int components, Supplier<Workspace> source) {
    if (workspaceComponents != components) {
      closeWorkspaces();
      workspaceSource = source;
      workspaceComponents = components;
    }
  }

  private void closeWorkspaces() {
    workspaces.forEach(Workspace::close);
    workspaces.clear();
  }

  static long threadCpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** CPU time of the thread that made this, since the fit began, and of its helpers. */
  double cpuSeconds() {
    return (THREADS.getCurrentThreadCpuTime() - ownerBegin + helperNanos.get()) * 1e-9;
  }

  /**
   * Runs one pass.
   *
   * @return the merged statistics, or {@code null} if it was stopped on the way
   */
  Statistics run(Supplier<Statistics> zero, BatchWork work) {
    Pass pass = new Pass(zero, work);
    if (executor == null) {
      pass.run();
    } else {
      List<Future<?>> helpers = new ArrayList<>();
      for (int t = 1; t < threads; t++) {
        helpers.add(executor.submit(pass));
      }
      pass.run();
      helpers.forEach(Passes::await);
    }
    return pass.result();
  }

  private static void await(Future<?> helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Workspace takeWorkspace() {
    synchronized (workspaces) {
      Workspace free = workspaces.poll();
      if (free != null) {
        return free;
      }
    }
    return workspaceSource.get();
  }

  private void giveBack(Workspace workspace) {
    synchronized (workspaces) {
      workspaces.push(workspace);
    }
  }

  @Override
  public void close() {
    if (executor != null) {
      executor.shutdown();
    }
    closeWorkspaces();
  }

  /** A stripe and what it is summed in. */
  private record Opened(int stripe, Statistics sums) {}

  /** One pass: threads take stripes in order and climb the merge tree as far as they can. */
  private final class Pass implements Runnable {
    private final Supplier<Statistics> zero;
    private final BatchWork work;

    /** {@code tree[level][index]}: finished sums of 2^level stripes that wait for their sibling. */
    private final Statistics[][] tree;

    private final ArrayDeque<Statistics> free = new ArrayDeque<>();
    private int next;
    private int allowed;
    private boolean stopped;
    private Throwable failure;

    Pass(Supplier<Statistics> zero, BatchWork work) {
      this.zero = zero;
      this.work = work;
      int levels = 32 - Integer.numberOfLeadingZeros(stripes.size());
      // The finished stripes of a prefix need at most log₂ statistics, and one thread can go on.
      this.allowed = threads + levels - 1;
      this.tree = new Statistics[levels + 1][];
      for (int level = 0; level <= levels; level++) {
        tree[level] = new Statistics[(stripes.size() >> level) + 1];
      }
    }

    @Override
    public void run() {
      boolean helper = Thread.currentThread() != owner;
      long begin = helper ? THREADS.getCurrentThreadCpuTime() : 0;
      Workspace workspace = takeWorkspace();
      try {
        for (Opened opened = open(); opened != null; opened = open()) {
          for (Batch batch : stripes.get(opened.stripe)) {
            if (stop.getAsBoolean()) {
              fail(null);
              break;
            }
            work.run(batch, workspace, opened.sums);
          }
          finish(opened.stripe, opened.sums);
        }
      } catch (RuntimeException | Error e) {
        fail(e);
      } finally {
        giveBack(workspace);
        if (helper) {
          helperNanos.addAndGet(THREADS.getCurrentThreadCpuTime() - begin);
        }
      }
    }

    /**
     * Takes the next stripe together with statistics to sum it in: a thread that waits for
     * statistics holds no stripe, so those it waits for are never waiting for it.
     *
     * @return {@code null} if there is none left or the pass was stopped
     */
    private synchronized Opened open() {
      while (next < stripes.size() && free.isEmpty() && allowed == 0 && !stopped) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          stopped = true;
        }
      }
      if (stopped || next == stripes.size()) {
        return null;
      }
      if (!free.isEmpty()) {
        Statistics reused = free.pop();
        reused.clear();
        return new Opened(next++, reused);
      }
      allowed--;
      return new Opened(next++, zero.get());
    }

    private synchronized void fail(Throwable reason) {
      stopped = true;
      failure = failure == null ? reason : failure;
      notifyAll();
    }

    private synchronized void finish(int stripe, Statistics sums) {
      int level = 0;
      int index = stripe;
      Statistics merged = sums;
      while (true) {
        Statistics sibling = tree[level][index ^ 1];
        if (sibling == null) {
          tree[level][index] = merged;
          break;
        }
        tree[level][index ^ 1] = null;
        Statistics left = (index & 1) == 0 ? merged : sibling;
        Statistics right = left == merged ? sibling : merged;
        left.merge(right);
        free.push(right);
        merged = left;
        index >>= 1;
        level++;
      }
      notifyAll();
    }

    private synchronized Statistics result() {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      if (stopped) {
        return null;
      }
      // What is left are the subtrees of the binary digits of the number of stripes.
      Statistics total = null;
      for (Statistics[] level : tree) {
        for (Statistics part : level) {
          if (part != null) {
            if (total != null) {
              part.merge(total);
            }
            total = part;
          }
        }
      }
      return total;
    }
  }
}
