package io.github.mixtura.distribution;

import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * A double-exponential rule on an interval, the line or a half-line, split at an inner point where
 * the nodes accumulate. H. Takahasi and M. Mori, doi:10.2977/prims/1195192451.
 */
record Quadrature(double[] nodes, double[] weights) {

  /**
   * The rule.
   *
   * @param low left end, or −∞
   * @param middle an inner point near which the mass lies
   * @param high right end, or ∞
   * @param scale how far the mass reaches from there; of use on infinite sides only
   * @param step of the trapezoidal rule after the substitution
   */
  static Quadrature of(double low, double middle, double high, double scale, double step) {
    int count = (int) Math.ceil(4.7 / step);
    int side = 2 * count + 1;
    double[] nodes = new double[2 * side];
    double[] weights = new double[2 * side];
    for (int i = -count; i <= count; i++) {
      place(nodes, weights, i + count, i * step, middle, low, scale, step);
      place(nodes, weights, side + i + count, i * step, middle, high, scale, step);
    }
    return new Quadrature(nodes, weights);
  }

  private static void place(
      double[] nodes,
      double[] weights,
      int at,
      double t,
      double from,
      double to,
      double scale,
      double step) {
    double u = Math.PI * Math.sinh(t);
    double du = Math.PI * Math.cosh(t) * step;
    if (Double.isInfinite(to)) {
      double z = scale * Math.exp(0.5 * u);
      nodes[at] = from + Math.signum(to) * z;
      weights[at] = 0.5 * z * du;
    } else {
      double q = 1 / (1 + Math.exp(-u));
      nodes[at] = u < 0 ? from + (to - from) * q : to - (to - from) / (1 + Math.exp(u));
      weights[at] = Math.abs(to - from) * q / (1 + Math.exp(u)) * du;
    }
  }

  double integral(DoubleUnaryOperator f) {
    double sum = 0;
    for (int i = 0; i < nodes.length; i++) {
      sum += weights[i] == 0 ? 0 : weights[i] * f.applyAsDouble(nodes[i]);
    }
    return sum;
  }

  double integral(Quadrature second, ToDoubleFunction<double[]> f) {
    double[] x = new double[2];
    return integral(
        x0 -> {
          x[0] = x0;
          return second.integral(
              x1 -> {
                x[1] = x1;
                return f.applyAsDouble(x);
              });
        });
  }
}
