package io.github.mixtura.execution;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Sums over items, by several threads, with the same bits for any number of them.
 *
 * <p>The items are cut into at most 64 stripes, whose number depends on the items only. Every
 * stripe is summed in order, and stripes are merged along one fixed binary tree. At most threads +
 * log₂(stripes) sums are alive: a thread waits before it opens one more.
 *
 * @param <I> an item
 */
public final class StripedReduction<I> {
  private static final int MOST_STRIPES = 64;

  /**
   * What is summed up.
   *
   * @param <S> itself
   */
  public interface Sums<S> {
    /**
     * Adds another part.
     *
     * @param other of the same shape (read)
     */
    void merge(S other);

    /** Sets everything to zero. */
    void clear();
  }

  /**
   * What is done with one item.
   *
   * @param <I> an item
   * @param <W> a workspace
   * @param <S> the sums
   */
  @FunctionalInterface
  public interface Work<I, W, S> {
    /**
     * Adds an item.
     *
     * @param item (read)
     * @param workspace of this thread (written)
     * @param into (added to)
     */
    void add(I item, W workspace, S into);
  }

  private final List<List<I>> stripes;
  private final Workers workers;
  private final BooleanSupplier stop;

  /**
   * Reductions over items.
   *
   * @param items at least one
   * @param workers the threads
   * @param stop asked before every item; once true a reduction ends without a result
   */
  public StripedReduction(List<? extends I> items, Workers workers, BooleanSupplier stop) {
    this.stripes = new ArrayList<>();
    this.workers = workers;
    this.stop = stop;
    int count = stripes(items.size());
    for (int s = 0; s < count; s++) {
      int from = (int) ((long) s * items.size() / count);
      int to = (int) ((long) (s + 1) * items.size() / count);
      stripes.add(List.copyOf(items.subList(from, to)));
    }
  }

  /**
   * Number of stripes, beyond which threads are of no use.
   *
   * @param items number of items
   * @return at most 64
   */
  public static int stripes(int items) {
    return Math.min(MOST_STRIPES, items);
  }

  /**
   * Sums.
   *
   * @param zero makes sums of nothing
   * @param workspaces for the threads
   * @param work done with every item; safe for use by several threads
   * @param <W> a workspace
   * @param <S> the sums
   * @return the merged sums; {@code null} if it was stopped on the way
   */
  public <W extends AutoCloseable, S extends Sums<S>> S run(
      Supplier<S> zero, Spares<W> workspaces, Work<? super I, ? super W, ? super S> work) {
    int threads = Math.min(workers.threads(), stripes.size());
    Pass<W, S> pass = new Pass<>(zero, workspaces, work, threads);
    workers.forEach(threads, t -> pass.run());
    return pass.result();
  }

  /** A stripe and what it is summed in. */
  private record Opened<S>(int stripe, S sums) {}

  /** One pass: threads take stripes in order and climb the merge tree as far as they can. */
  private final class Pass<W extends AutoCloseable, S extends Sums<S>> {
    private final Supplier<S> zero;
    private final Spares<W> workspaces;
    private final Work<? super I, ? super W, ? super S> work;

    /** {@code tree[level][index]}: finished sums of 2^level stripes that wait for their sibling. */
    private final List<List<S>> tree = new ArrayList<>();

    private final ArrayDeque<S> free = new ArrayDeque<>();
    private int next;
    private int allowed;
    private boolean stopped;

    Pass(
        Supplier<S> zero,
        Spares<W> workspaces,
        Work<? super I, ? super W, ? super S> work,
        int threads) {
      this.zero = zero;
      this.workspaces = workspaces;
      this.work = work;
      int levels = 32 - Integer.numberOfLeadingZeros(stripes.size());
      // The finished stripes of a prefix need at most log₂ sums, and one thread can go on.
      this.allowed = threads + levels - 1;
      for (int level = 0; level <= levels; level++) {
        int size = (stripes.size() >> level) + 1;
        tree.add(new ArrayList<>(Collections.nCopies(size, null)));
      }
    }

    void run() {
      W workspace = workspaces.take();
      boolean whole = false;
      try {
        for (Opened<S> opened = open(); opened != null; opened = open()) {
          for (I item : stripes.get(opened.stripe)) {
            if (stop.getAsBoolean()) {
              stop();
              break;
            }
            work.add(item, workspace, opened.sums);
          }
          finish(opened.stripe, opened.sums);
        }
        whole = true;
      } finally {
        workspaces.giveBack(workspace);
        if (!whole) {
          stop();
        }
      }
    }

    /**
     * Takes the next stripe together with sums for it: a thread that waits for sums holds no
     * stripe, so those it waits for are never waiting for it.
     *
     * @return {@code null} if there is none left or the pass was stopped
     */
    private synchronized Opened<S> open() {
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
        S reused = free.pop();
        reused.clear();
        return new Opened<>(next++, reused);
      }
      allowed--;
      return new Opened<>(next++, zero.get());
    }

    private synchronized void stop() {
      stopped = true;
      notifyAll();
    }

    private synchronized void finish(int stripe, S sums) {
      int level = 0;
      int index = stripe;
      S merged = sums;
      while (true) {
        S sibling = tree.get(level).get(index ^ 1);
        if (sibling == null) {
          tree.get(level).set(index, merged);
          break;
        }
        tree.get(level).set(index ^ 1, null);
        S left = (index & 1) == 0 ? merged : sibling;
        S right = left == merged ? sibling : merged;
        left.merge(right);
        free.push(right);
        merged = left;
        index >>= 1;
        level++;
      }
      notifyAll();
    }

    private synchronized S result() {
      if (stopped) {
        return null;
      }
      // What is left are the subtrees of the binary digits of the number of stripes.
      S total = null;
      for (List<S> level : tree) {
        for (S part : level) {
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
