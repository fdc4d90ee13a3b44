package io.github.mixtura.gp;

import java.util.List;
import java.util.Objects;

/**
 * Matérn functions of half-integer smoothness ν, z = √(2ν)|d|/ℓ: e^{−z} for ½, (1 + z)e^{−z} for
 * 3/2, (1 + z + z²/3)e^{−z} for 5/2. At lag 0 the derivatives up to order 0, 2 and 4 exist.
 *
 * @param smoothness ν
 * @param lengthScale ℓ, finite and positive
 */
public record Matern(Smoothness smoothness, double lengthScale) implements CovarianceFunction {

  /** The smoothness ν. */
  public enum Smoothness {
    /** ν = ½: continuous paths, the Ornstein–Uhlenbeck process. */
    HALF(Envelope.MATERN_1_2),
    /** ν = 3/2: once differentiable paths. */
    THREE_HALVES(Envelope.MATERN_3_2),
    /** ν = 5/2: twice differentiable paths. */
    FIVE_HALVES(Envelope.MATERN_5_2);

    private final Envelope envelope;

    Smoothness(Envelope envelope) {
      this.envelope = envelope;
    }
  }

  /**
   * Checks the length scale.
   *
   * @param smoothness see the record
   * @param lengthScale see the record
   * @throws IllegalArgumentException if the length scale is not finite and positive
   */
  public Matern {
    Objects.requireNonNull(smoothness, "smoothness");
    Checks.positive(lengthScale, "lengthScale");
  }

  /**
   * The function of a smoothness and a length scale.
   *
   * @param smoothness ν
   * @param lengthScale ℓ
   * @return the function
   * @throws IllegalArgumentException if the length scale is not finite and positive
   */
  public static Matern of(Smoothness smoothness, double lengthScale) {
    return new Matern(smoothness, lengthScale);
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
  public Matern withParameters(double... parameters) {
    return of(smoothness, Math.exp(Checks.parameters(parameters, 1)[0]));
  }

  @Override
  public int differentiability() {
    return smoothness.envelope.differentiability();
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    Jets.requireExists(lag, order, differentiability());
    smoothness.envelope.evaluate(lengthScale, lag, order, values);
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    Jets.requireExists(lag, order, differentiability());
    double[] k = new double[order + 2];
    smoothness.envelope.evaluate(lengthScale, lag, order + 1, k);
    Jets.logScale(lag, k, order, gradients[0]);
  }
}
