package io.github.mixtura.gp;

/** Values with their derivatives of orders 0, 1, … in one array. */
final class Jets {
  private static final double[][] BINOMIAL = {
    {1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}, {1, 5, 10, 10, 5, 1}
  };

  private Jets() {}

  static void requireOrder(int order) {
    if (order < 0 || order > CovarianceFunction.HIGHEST_ORDER) {
      throw new IllegalArgumentException(
          "order is " + order + ", must be 0 to " + CovarianceFunction.HIGHEST_ORDER);
    }
  }

  static void requireExists(double lag, int order, int differentiability) {
    requireOrder(order);
    if (lag == 0 && order > differentiability) {
      throw new IllegalArgumentException(
          "order is " + order + ", must be at most " + differentiability + " at lag 0");
    }
  }

  static double binomial(int n, int k) {
    return BINOMIAL[n][k];
  }

  /** Adds scale · (a · b) to c by Leibniz' rule. */
  static void addProduct(double scale, double[] a, double[] b, int order, double[] c) {
    for (int n = 0; n <= order; n++) {
      double sum = 0;
      for (int k = 0; k <= n; k++) {
        sum += BINOMIAL[n][k] * a[k] * b[n - k];
      }
      c[n] += scale * sum;
    }
  }

  /** Of k(d/ℓ) with respect to log ℓ, which is −d k′(d); needs {@code k} to order + 1. */
  static void logScale(double lag, double[] k, int order, double[] out) {
    for (int n = 0; n <= order; n++) {
      out[n] = lag == 0 ? -n * k[n] : -(n * k[n] + lag * k[n + 1]);
    }
  }

  /** cos(ωd) with its derivatives. */
  static void cosine(double omega, double lag, int order, double[] out) {
    double c = Math.cos(omega * lag);
    double s = Math.sin(omega * lag);
    double power = 1;
    for (int n = 0; n <= order; n++) {
      out[n] = power * quarterTurns(c, s, n);
      power *= omega;
    }
  }

  /** The derivative of {@link #cosine} with respect to ω. */
  static void cosineSlope(double omega, double lag, int order, double[] out) {
    double c = Math.cos(omega * lag);
    double s = Math.sin(omega * lag);
    double power = 1;
    double lower = 0;
    for (int n = 0; n <= order; n++) {
      out[n] = n * lower * quarterTurns(c, s, n) + power * lag * quarterTurns(c, s, n + 1);
      lower = power;
      power *= omega;
    }
  }

  /** cos(x + nπ/2) from the cosine and sine of x. */
  private static double quarterTurns(double c, double s, int n) {
    return switch (n & 3) {
      case 0 -> c;
      case 1 -> -s;
      case 2 -> -c;
      default -> s;
    };
  }
}
