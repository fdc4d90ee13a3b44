package io.github.mixtura.gp;

/** An even function g(d/ℓ) with g(0) = 1, differentiable to one order more than the public ones. */
enum Envelope {
  GAUSSIAN(CovarianceFunction.HIGHEST_ORDER, 0, 0, 0),
  MATERN_1_2(0, 1, 0, 0),
  MATERN_3_2(2, Math.sqrt(3), 1, 0),
  MATERN_5_2(4, Math.sqrt(5), 1, 1.0 / 3);

  private final int differentiability;
  private final double rate;
  private final double first;
  private final double second;

  /** Matérn forms are (1 + first · z + second · z²)e^{−z} with z = rate · |d|/ℓ. */
  Envelope(int differentiability, double rate, double first, double second) {
    this.differentiability = differentiability;
    this.rate = rate;
    this.first = first;
    this.second = second;
  }

  int differentiability() {
    return differentiability;
  }

  /** Writes derivatives of orders 0 to {@code order} ≤ 5; at lag 0 those that do not exist as 0. */
  void evaluate(double length, double lag, int order, double[] out) {
    if (this == GAUSSIAN) {
      double twiceA = 1 / (length * length);
      out[0] = Math.exp(-0.5 * lag * lag * twiceA);
      for (int n = 0; n < order; n++) {
        out[n + 1] = -twiceA * (lag * out[n] + (n == 0 ? 0 : n * out[n - 1]));
      }
      return;
    }
    double s = rate / length;
    double z = s * Math.abs(lag);
    double decay = Math.exp(-z);
    double power = lag < 0 ? -s : s;
    double factor = 1;
    double a = 1;
    double b = first;
    double c = second;
    for (int n = 0; n <= order; n++) {
      boolean none = lag == 0 && ((n & 1) == 1 || n > differentiability);
      out[n] = none ? 0 : factor * (a + z * (b + z * c)) * decay;
      factor *= power;
      a = b - a;
      b = 2 * c - b;
      c = -c;
    }
  }
}
