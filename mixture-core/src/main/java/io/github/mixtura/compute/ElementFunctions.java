package io.github.mixtura.compute;

/**
 * Elementary functions of many numbers at once, in loops that the compiler turns into SIMD code.
 *
 * <p>Each value depends on its own argument only, not on its neighbours or on the number of them,
 * and is made of exact-rounded operations: the bits are the same everywhere. Four to ten times
 * faster than a loop over {@link Math#exp}. An instance holds memory and is for one thread.
 */
public final class ElementFunctions {
  /** Arguments of e^x are brought into ± this. */
  public static final double LARGEST_EXPONENT = 709;

  /** Times the largest argument of {@link #sumOfLogs} it is finite. */
  private static final double LARGE_PRODUCT = 1e100;

  private final double[] zero;
  private final double[] first;
  private final double[] second;
  private final double[] third;

  /**
   * Memory for arrays of some length.
   *
   * @param length greatest number of values in one call, at least 1
   */
  public ElementFunctions(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length is " + length + ", must be at least 1");
    }
    zero = new double[length];
    first = new double[length];
    second = new double[length];
    third = new double[length];
  }

  /**
   * y ← e^x with x brought into ±{@value #LARGEST_EXPONENT}; relative error below 3e-16; 0 at the
   * lower end.
   *
   * @param y n results (written); may be x itself
   * @param x n numbers (read)
   * @param n how many
   */
  public void exp(double[] y, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      y[b] = Math.min(x[b], LARGEST_EXPONENT);
    }
    Loops.exp(y, zero, first, second, n);
  }

  /**
   * Σ log x as logarithms of products, which takes a tenth of the time. Error at most n 1e-16 plus
   * that of the sum.
   *
   * @param x numbers from 1 to 1e200 (read); the result is not a number if one is not
   * @param n how many
   * @return the sum
   */
  public static double sumOfLogs(double[] x, int n) {
    double sum = 0;
    double product = 1;
    for (int b = 0; b < n; b++) {
      product *= x[b];
      if (!(product <= LARGE_PRODUCT)) {
        sum += Math.log(product);
        product = 1;
      }
    }
    return sum + Math.log(product);
  }

  /**
   * y ← log x for positive normal x; error below 1 ulp, or 2e-16 times the result near 1.
   *
   * @param y n results (written), not x
   * @param x n numbers (read)
   * @param n how many
   */
  public void log(double[] y, double[] x, int n) {
    Loops.log(y, x, first, second, n);
  }

  /**
   * y ← 1/(1 + e^−x); relative error below 1e-15 for x above −700.
   *
   * @param y n results (written); may be x itself
   * @param x n numbers (read)
   * @param n how many
   */
  public void logistic(double[] y, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      y[b] = Math.min(-x[b], LARGEST_EXPONENT);
    }
    Loops.exp(y, zero, first, second, n);
    for (int b = 0; b < n; b++) {
      y[b] = 1 / (1 + y[b]);
    }
  }

  /**
   * y ← tanh x; absolute error below 3e-16.
   *
   * @param y n results (written); may be x itself
   * @param x n numbers (read)
   * @param n how many
   */
  public void tanh(double[] y, double[] x, int n) {
    for (int b = 0; b < n; b++) {
      y[b] = Math.min(-2 * x[b], LARGEST_EXPONENT);
    }
    Loops.exp(y, zero, first, second, n);
    for (int b = 0; b < n; b++) {
      double e = y[b];
      y[b] = (1 - e) / (1 + e);
    }
  }

  /**
   * y ← log(1 + e^x); relative error below 1e-15 for x above −700.
   *
   * @param y n results (written), not x
   * @param x n numbers (read)
   * @param n how many
   */
  public void softplus(double[] y, double[] x, int n) {
    double[] e = third;
    for (int b = 0; b < n; b++) {
      e[b] = Math.min(x[b], -x[b]);
    }
    Loops.exp(e, zero, first, second, n);
    for (int b = 0; b < n; b++) {
      zero[b] = 1 + e[b];
    }
    Loops.log(y, zero, first, second, n);
    for (int b = 0; b < n; b++) {
      double u = zero[b];
      y[b] += (e[b] - (u - 1)) / u + Math.max(x[b], 0);
    }
    for (int b = 0; b < n; b++) {
      zero[b] = 0;
    }
  }
}
