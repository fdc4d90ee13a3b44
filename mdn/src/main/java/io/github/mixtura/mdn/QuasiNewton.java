package io.github.mixtura.mdn;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * L-BFGS with ten pairs and a backtracking line search; steps whose value is not a number are
 * shortened like steps that do not descend. Liu &amp; Nocedal 1989, doi:10.1007/BF01589116.
 */
final class QuasiNewton {
  private static final int PAIRS = 10;
  private static final double DESCENT = 1e-4;

  /** A function with its gradient. */
  interface Function {
    double value(double[] x, double[] gradient);
  }

  private record Pair(double[] step, double[] change, double inverse) {}

  private final Function function;
  private final Deque<Pair> pairs = new ArrayDeque<>();

  QuasiNewton(Function function) {
    this.function = function;
  }

  /**
   * Descends from x.
   *
   * @param x the start; the end on return (written)
   * @return iterations made
   */
  int minimise(double[] x, int iterations, BooleanSupplier stop) {
    int n = x.length;
    double[] gradient = new double[n];
    double value = function.value(x, gradient);
    double[] next = new double[n];
    double[] nextGradient = new double[n];
    for (int i = 0; i < iterations; i++) {
      double[] direction = direction(gradient);
      double slope = dot(direction, gradient);
      if (!(slope < 0)) {
        pairs.clear();
        direction = direction(gradient);
        slope = dot(direction, gradient);
      }
      double length = pairs.isEmpty() ? Math.min(1, 0.1 / Math.sqrt(-slope)) : 1;
      double reached = Double.NaN;
      for (int tries = 0; tries < 30 && !stop.getAsBoolean(); tries++) {
        for (int j = 0; j < n; j++) {
          next[j] = x[j] + length * direction[j];
        }
        reached = function.value(next, nextGradient);
        if (reached <= value + DESCENT * length * slope) {
          break;
        }
        reached = Double.NaN;
        length *= 0.4;
      }
      if (Double.isNaN(reached)) {
        return i;
      }
      remember(x, next, gradient, nextGradient);
      System.arraycopy(next, 0, x, 0, n);
      System.arraycopy(nextGradient, 0, gradient, 0, n);
      double gain = value - reached;
      value = reached;
      if (gain < 1e-10 * (1 + Math.abs(value))) {
        return i + 1;
      }
    }
    return iterations;
  }

  private void remember(double[] x, double[] next, double[] gradient, double[] nextGradient) {
    double[] step = new double[x.length];
    double[] change = new double[x.length];
    Arrays.setAll(step, j -> next[j] - x[j]);
    Arrays.setAll(change, j -> nextGradient[j] - gradient[j]);
    double curvature = dot(step, change);
    if (curvature > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change))) {
      pairs.addFirst(new Pair(step, change, 1 / curvature));
      if (pairs.size() > PAIRS) {
        pairs.removeLast();
      }
    }
  }

  private double[] direction(double[] gradient) {
    double[] q = gradient.clone();
    double[] alpha = new double[pairs.size()];
    int i = 0;
    for (Pair pair : pairs) {
      alpha[i] = pair.inverse() * dot(pair.step(), q);
      Lanes.add(q, -alpha[i], pair.change(), q.length);
      i++;
    }
    double scale = 1;
    if (!pairs.isEmpty()) {
      Pair last = pairs.getFirst();
      scale = 1 / (last.inverse() * dot(last.change(), last.change()));
    }
    for (int j = 0; j < q.length; j++) {
      q[j] *= -scale;
    }
    for (Iterator<Pair> it = pairs.descendingIterator(); it.hasNext(); ) {
      Pair pair = it.next();
      i--;
      double beta = pair.inverse() * dot(pair.change(), q);
      Lanes.add(q, -alpha[i] - beta, pair.step(), q.length);
    }
    return q;
  }

  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }
}
