package io.github.mixtura.gp;

import java.util.List;

/**
 * The squared exponential k(d) = exp(−d²/(2ℓ²)); infinitely differentiable.
 *
 * @param lengthScale ℓ, finite and positive
 */
public record SquaredExponential(double lengthScale) implements CovarianceFunction {

  /**
   * Checks the length scale.
   *
   * @param lengthScale see the record
   * @throws IllegalArgumentException if it is not finite and positive
   */
  public SquaredExponential {
    Checks.positive(lengthScale, "lengthScale");
  }

  /**
   * The function of a length scale.
   *
   * @param lengthScale ℓ
   * @return the function
   * @throws IllegalArgumentException if it is not finite and positive
   */
  public static SquaredExponential of(double lengthScale) {
    return new SquaredExponential(lengthScale);
  }

  @Override
  public double[] parameters() {
    return new double[] {Math.log(lengthScale)};
  }

  @Override
  public List<String> parameterNames() {
    return List.of("log length scale");
  }

  @Override
  public SquaredExponential withParameters(double... parameters) {
    return of(Math.exp(Checks.parameters(parameters, 1)[0]));
  }

  @Override
  public int differentiability() {
    return HIGHEST_ORDER;
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    Jets.requireOrder(order);
    Envelope.GAUSSIAN.evaluate(lengthScale, lag, order, values);
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    Jets.requireOrder(order);
    double[] k = new double[order + 2];
    Envelope.GAUSSIAN.evaluate(lengthScale, lag, order + 1, k);
    Jets.logScale(lag, k, order, gradients[0]);
  }
}
