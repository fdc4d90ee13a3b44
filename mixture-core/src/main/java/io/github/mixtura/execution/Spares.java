package io.github.mixtura.execution;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Workspaces that threads take and give back; no more are made than are in use at once.
 *
 * @param <W> the workspace
 */
public final class Spares<W extends AutoCloseable> implements AutoCloseable {
  private final Supplier<? extends W> source;
  private final ArrayDeque<W> free = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param source makes one; safe for use by several threads
   */
  public Spares(Supplier<? extends W> source) {
    this.source = source;
  }

  W take() {
    synchronized (free) {
      W one = free.poll();
      if (one != null) {
        return one;
      }
    }
    return source.get();
  }

  void giveBack(W one) {
    synchronized (free) {
      free.push(one);
    }
  }

  /** Closes those that were given back. */
  @Override
  public void close() {
    for (W one : free) {
      try {
        one.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    free.clear();
  }
}
