package io.github.mixtura.mdn.risk;

import java.util.Arrays;

/**
 * Minimises a smooth function of a few variables by BFGS steps with a line search that brackets the
 * weak Wolfe conditions (Lewis &amp; Overton 2013, doi:10.1007/s10107-012-0514-2).
 */
final class QuasiNewton {
  private static final double SUFFICIENT = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final double LONGEST = 2;
  private static final int LINE_STEPS = 40;

  private QuasiNewton() {}

  /** A function with its gradient. */
  interface Objective {
    /**
     * Evaluates.
     *
     * @param x the point (read)
     * @param gradient its gradient there (written)
     * @return the value; infinite or NaN where there is none
     */
    double value(double[] x, double[] gradient);
  }

  /**
   * Where it ended.
   *
   * @param x the best point
   * @param value there
   * @param iterations steps made
   * @param converged whether the gain still predicted is below the tolerance
   */
  record Outcome(double[] x, double value, int iterations, boolean converged) {}

  /**
   * Minimises.
   *
   * @param objective the function
   * @param start a point where it is finite (read)
   * @param inverseHessian a guess of the inverse Hessian, positive definite (overwritten)
   * @param tolerance ends once ½ gᵀHg is below
   * @param maxIterations greatest number of steps
   */
  static Outcome minimise(
      Objective objective,
      double[] start,
      double[][] inverseHessian,
      double tolerance,
      int maxIterations) {
    int n = start.length;
    double[] x = start.clone();
    double[] gradient = new double[n];
    double value = objective.value(x, gradient);
    double[] trial = new double[n];
    double[] trialGradient = new double[n];
    for (int iteration = 0; iteration < maxIterations; iteration++) {
      double[] step = times(inverseHessian, gradient);
      double slope = -dot(step, gradient);
      if (!(slope < 0)) {
        resetTo(inverseHessian, 1e-3);
        step = times(inverseHessian, gradient);
        slope = -dot(step, gradient);
      }
      if (-0.5 * slope <= tolerance) {
        return new Outcome(x, value, iteration, true);
      }
      double longest = Arrays.stream(step).map(Math::abs).max().orElseThrow();
      double length = longest > LONGEST ? LONGEST / longest : 1;
      double low = 0;
      double high = Double.POSITIVE_INFINITY;
      double trialValue = Double.NaN;
      boolean lower = false;
      for (int i = 0; i < LINE_STEPS; i++) {
        for (int j = 0; j < n; j++) {
          trial[j] = x[j] - length * step[j];
        }
        trialValue = objective.value(trial, trialGradient);
        lower = trialValue <= value + SUFFICIENT * length * slope;
        if (!lower) {
          high = length;
        } else if (-dot(trialGradient, step) < CURVATURE * slope) {
          low = length;
        } else {
          break;
        }
        length = high < Double.POSITIVE_INFINITY ? 0.5 * (low + high) : 2 * length;
      }
      if (!lower) {
        return new Outcome(x, value, iteration, false);
      }
      update(inverseHessian, x, trial, gradient, trialGradient);
      System.arraycopy(trial, 0, x, 0, n);
      System.arraycopy(trialGradient, 0, gradient, 0, n);
      value = trialValue;
    }
    return new Outcome(x, value, maxIterations, false);
  }

  /** H ← (I − ρsyᵀ) H (I − ρysᵀ) + ρssᵀ, left as it is where the curvature is not positive. */
  private static void update(
      double[][] h, double[] x, double[] next, double[] gradient, double[] nextGradient) {
    int n = x.length;
    double[] s = new double[n];
    double[] y = new double[n];
    for (int j = 0; j < n; j++) {
      s[j] = next[j] - x[j];
      y[j] = nextGradient[j] - gradient[j];
    }
    double curvature = dot(s, y);
    if (!(curvature > 0)) {
      return;
    }
    double[] hy = times(h, y);
    double factor = (1 + dot(y, hy) / curvature) / curvature;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        h[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
      }
    }
  }

  private static void resetTo(double[][] h, double diagonal) {
    for (int i = 0; i < h.length; i++) {
      Arrays.fill(h[i], 0);
      h[i][i] = diagonal;
    }
  }

  private static double[] times(double[][] matrix, double[] vector) {
    return Arrays.stream(matrix).mapToDouble(row -> dot(row, vector)).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
