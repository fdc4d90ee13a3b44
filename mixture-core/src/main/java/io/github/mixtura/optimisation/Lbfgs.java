package io.github.mixtura.optimisation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * Limited-memory BFGS with a strong Wolfe line search (Nocedal &amp; Wright 2006, algorithms 7.5,
 * 3.5 and 3.6, doi:10.1007/978-0-387-40065-5), minimising. Memory is O(n); where the objective is
 * not finite a step is shortened.
 */
public final class Lbfgs {
  private static final int MEMORY = 12;
  private static final double SUFFICIENT = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int MOST_TRIALS = 25;

  private final int maxIterations;
  private final double tolerance;
  private final BooleanSupplier stop;

  /** What is minimised. */
  @FunctionalInterface
  public interface Objective {
    /**
     * Computes value and gradient.
     *
     * @param point read
     * @param gradient written
     * @return the value; not finite where the objective does not exist, the gradient then being
     *     ignored
     */
    double evaluate(double[] point, double[] gradient);
  }

  /**
   * Where it ended.
   *
   * @param point the best point
   * @param value there
   * @param iterations steps taken
   * @param converged whether no descent of relative size above the tolerance is left
   * @param stopped whether the caller stopped it
   */
  public record Minimum(
      double[] point, double value, int iterations, boolean converged, boolean stopped) {
    @Override
    public String toString() {
      return "Minimum("
          + value
          + " at "
          + Arrays.toString(point)
          + (converged
              ? ", converged after "
              : stopped ? ", stopped after " : ", not converged after ")
          + iterations
          + (iterations == 1 ? " iteration)" : " iterations)");
    }
  }

  private record Pair(double[] step, double[] change, double inverse) {}

  private record Trial(double length, double value, double slope, double[] x, double[] gradient) {}

  /**
   * A minimiser.
   *
   * @param maxIterations most steps
   * @param tolerance it has converged once two steps in a row lower the value by less than
   *     tolerance · (1 + |value|), or no step lowers it
   * @param stop asked before every evaluation
   */
  public Lbfgs(int maxIterations, double tolerance, BooleanSupplier stop) {
    this.maxIterations = maxIterations;
    this.tolerance = tolerance;
    this.stop = stop;
  }

  /**
   * Minimises.
   *
   * @param objective what
   * @param start where from; its value must be finite
   * @return the minimum
   */
  public Minimum minimise(Objective objective, double[] start) {
    double[] x = start.clone();
    double[] gradient = new double[x.length];
    double value = objective.evaluate(x, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    int small = 0;
    int iteration = 0;
    while (iteration < maxIterations && Double.isFinite(value)) {
      if (stop.getAsBoolean()) {
        return new Minimum(x, value, iteration, false, true);
      }
      double[] direction = direction(gradient, pairs);
      double slope = dot(gradient, direction);
      if (!(slope < 0)) {
        pairs.clear();
        direction = direction(gradient, pairs);
        slope = dot(gradient, direction);
        if (!(slope < 0)) {
          return new Minimum(x, value, iteration, true, false);
        }
      }
      double largest = 0;
      for (double d : direction) {
        largest = Math.max(largest, Math.abs(d));
      }
      double first = pairs.isEmpty() ? Math.min(1, 0.1 / largest) : Math.min(1, 2 / largest);
      Trial from = new Trial(0, value, slope, x, gradient);
      Trial found = search(objective, from, direction, first);
      if (found == null) {
        if (pairs.isEmpty()) {
          return new Minimum(x, value, iteration, true, false);
        }
        pairs.clear();
        continue;
      }
      remember(pairs, from, found);
      small = value - found.value <= tolerance * (1 + Math.abs(value)) ? small + 1 : 0;
      x = found.x;
      gradient = found.gradient;
      value = found.value;
      iteration++;
      if (small == 2) {
        return new Minimum(x, value, iteration, true, false);
      }
    }
    return new Minimum(x, value, iteration, false, false);
  }

  private static void remember(Deque<Pair> pairs, Trial from, Trial to) {
    int n = from.x.length;
    double[] step = new double[n];
    double[] change = new double[n];
    for (int i = 0; i < n; i++) {
      step[i] = to.x[i] - from.x[i];
      change[i] = to.gradient[i] - from.gradient[i];
    }
    double curvature = dot(step, change);
    if (curvature > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change))) {
      if (pairs.size() == MEMORY) {
        pairs.removeFirst();
      }
      pairs.addLast(new Pair(step, change, 1 / curvature));
    }
  }

  private static double[] direction(double[] gradient, Deque<Pair> pairs) {
    double[] q = gradient.clone();
    double[] factors = new double[pairs.size()];
    int i = pairs.size();
    for (var back = pairs.descendingIterator(); back.hasNext(); ) {
      Pair pair = back.next();
      i--;
      factors[i] = pair.inverse * dot(pair.step, q);
      add(-factors[i], pair.change, q);
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      double scale = 1 / (last.inverse * dot(last.change, last.change));
      Arrays.setAll(q, j -> scale * q[j]);
    }
    for (Pair pair : pairs) {
      double back = pair.inverse * dot(pair.change, q);
      add(factors[i++] - back, pair.step, q);
    }
    Arrays.setAll(q, j -> -q[j]);
    return q;
  }

  private Trial search(Objective objective, Trial from, double[] direction, double first) {
    Trial low = from;
    Trial high = null;
    double length = first;
    for (int trial = 0; trial < MOST_TRIALS && !stop.getAsBoolean(); trial++) {
      Trial next = at(objective, from, direction, length);
      boolean tooHigh =
          !Double.isFinite(next.value)
              || next.value > from.value + SUFFICIENT * length * from.slope
              || (low.length > 0 && next.value >= low.value);
      if (tooHigh) {
        high = next;
      } else if (Math.abs(next.slope) <= -CURVATURE * from.slope) {
        return next;
      } else {
        if (high == null ? next.slope > 0 : next.slope * (high.length - low.length) >= 0) {
          high = low;
        }
        low = next;
      }
      length = high == null ? 2 * length : between(low, high);
    }
    return low.length > 0 ? low : null;
  }

  /** The minimiser of a quadratic through both ends, kept off them. */
  private static double between(Trial low, Trial high) {
    double width = high.length - low.length;
    double length = low.length + width / 2;
    if (Double.isFinite(high.value)) {
      double bend = high.value - low.value - low.slope * width;
      if (bend > 0) {
        length = low.length - low.slope * width * width / (2 * bend);
      }
      double least = Math.min(low.length, high.length) + 0.1 * Math.abs(width);
      double most = Math.max(low.length, high.length) - 0.1 * Math.abs(width);
      length = Math.max(least, Math.min(most, length));
    } else {
      length = low.length + 0.1 * width;
    }
    return length;
  }

  private static Trial at(Objective objective, Trial from, double[] direction, double length) {
    double[] x = from.x.clone();
    add(length, direction, x);
    double[] gradient = new double[x.length];
    double value = objective.evaluate(x, gradient);
    return new Trial(length, value, dot(gradient, direction), x, gradient);
  }

  private static void add(double factor, double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      b[i] += factor * a[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
