package io.github.mixtura.gp;

import java.util.List;

/**
 * The cosine k(d) = cos(2πμd): one exact line of the spectrum. Alone its matrices have rank two.
 *
 * @param frequency μ in cycles per unit, finite
 */
public record Cosine(double frequency) implements CovarianceFunction {

  /**
   * Checks the frequency.
   *
   * @param frequency see the record
   * @throws IllegalArgumentException if it is not finite
   */
  public Cosine {
    Checks.finite(frequency, "frequency");
  }

  /**
   * The function of a frequency.
   *
   * @param frequency μ in cycles per unit
   * @return the function
   * @throws IllegalArgumentException if it is not finite
   */
  public static Cosine of(double frequency) {
    return new Cosine(frequency);
  }

  @Override
  public double[] parameters() {
    return new double[] {frequency};
  }

  @Override
  public List<String> parameterNames() {
    return List.of("frequency");
  }

  @Override
  public Cosine withParameters(double... parameters) {
    return of(Checks.parameters(parameters, 1)[0]);
  }

  @Override
  public int differentiability() {
    return HIGHEST_ORDER;
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    Jets.requireOrder(order);
    Jets.cosine(2 * Math.PI * frequency, lag, order, values);
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    Jets.requireOrder(order);
    double[] out = gradients[0];
    Jets.cosineSlope(2 * Math.PI * frequency, lag, order, out);
    for (int n = 0; n <= order; n++) {
      out[n] *= 2 * Math.PI;
    }
  }
}
