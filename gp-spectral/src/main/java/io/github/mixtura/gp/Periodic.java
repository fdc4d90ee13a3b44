package io.github.mixtura.gp;

import java.util.Arrays;
import java.util.List;

/**
 * The periodic function k(d) = exp(−2 sin²(πd/p)/ℓ²) (MacKay 1998).
 *
 * @param period p, finite and positive
 * @param lengthScale ℓ, relative to one turn of 2 radians; finite and positive
 */
public record Periodic(double period, double lengthScale) implements CovarianceFunction {

  /**
   * Checks the parameters.
   *
   * @param period see the record
   * @param lengthScale see the record
   * @throws IllegalArgumentException if one is not finite and positive
   */
  public Periodic {
    Checks.positive(period, "period");
    Checks.positive(lengthScale, "lengthScale");
  }

  /**
   * The function of a period and a length scale.
   *
   * @param period p
   * @param lengthScale ℓ
   * @return the function
   * @throws IllegalArgumentException if one is not finite and positive
   */
  public static Periodic of(double period, double lengthScale) {
    return new Periodic(period, lengthScale);
  }

  @Override
  public double[] parameters() {
    return new double[] {Math.log(period), Math.log(lengthScale)};
  }

  @Override
  public List<String> parameterNames() {
    return List.of("log period", "log length scale");
  }

  @Override
  public Periodic withParameters(double... parameters) {
    Checks.parameters(parameters, 2);
    return of(Math.exp(parameters[0]), Math.exp(parameters[1]));
  }

  @Override
  public int differentiability() {
    return HIGHEST_ORDER;
  }

  /** The exponent (cos(2πd/p) − 1)/ℓ² with derivatives. */
  private double[] exponent(double lag, int order) {
    double[] s = new double[order + 1];
    Jets.cosine(2 * Math.PI / period, lag, order, s);
    double half = Math.sin(Math.PI * lag / period);
    s[0] = -2 * half * half;
    for (int n = 0; n <= order; n++) {
      s[n] /= lengthScale * lengthScale;
    }
    return s;
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    Jets.requireOrder(order);
    exponential(exponent(lag, order), order, values);
  }

  private static void exponential(double[] s, int order, double[] e) {
    e[0] = Math.exp(s[0]);
    for (int n = 0; n < order; n++) {
      e[n + 1] = 0;
      for (int k = 0; k <= n; k++) {
        e[n + 1] += Jets.binomial(n, k) * s[k + 1] * e[n - k];
      }
    }
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    Jets.requireOrder(order);
    double[] s = exponent(lag, order + 1);
    double[] e = new double[order + 1];
    exponential(s, order, e);
    double[] slope = new double[order + 1];
    Jets.logScale(lag, s, order, slope);
    Arrays.fill(gradients[0], 0, order + 1, 0);
    Arrays.fill(gradients[1], 0, order + 1, 0);
    Jets.addProduct(1, e, slope, order, gradients[0]);
    Jets.addProduct(-2, e, s, order, gradients[1]);
  }
}
