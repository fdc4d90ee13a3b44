package io.github.mixtura.em;

import io.github.mixtura.mixture.Mixing;
import java.util.Arrays;

/**
 * Rules for weights that all rows share.
 *
 * @param name as the user types it
 * @param alpha of the Dirichlet prior, 1 for none
 * @param given the weights, {@code null} where they are estimated or equal
 * @param isEstimated whether the rows have a say
 */
record ConstantWeights(String name, double alpha, double[] given, boolean isEstimated)
    implements WeightRule {
  static final WeightRule FREE = new ConstantWeights("free", 1, null, true);
  static final WeightRule EQUAL = new ConstantWeights("equal", 1, null, false);

  static WeightRule fixed(double... weights) {
    if (weights.length == 0 || Arrays.stream(weights).anyMatch(w -> !(w > 0))) {
      throw new IllegalArgumentException(
          "weights are " + Arrays.toString(weights) + ", must be positive");
    }
    double[] shares = Mixing.constant(weights).weights();
    String list = Arrays.toString(shares).replaceAll("[\\[\\] ]", "");
    return new ConstantWeights("fixed:" + list, 1, shares, false);
  }

  static WeightRule dirichlet(double alpha) {
    if (!(alpha >= 1 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", must be finite and at least 1");
    }
    return new ConstantWeights("dirichlet:" + alpha, alpha, null, true);
  }

  @Override
  public Mixing initial(int components) {
    if (given == null) {
      double[] shares = new double[components];
      Arrays.fill(shares, 1.0 / components);
      return Mixing.constant(shares);
    }
    if (given.length != components) {
      throw new IllegalArgumentException(
          "there are "
              + given.length
              + " fixed weights for "
              + components
              + " components, must be as many");
    }
    return Mixing.constant(given);
  }

  @Override
  public Mixing maximize(Statistics statistics, Mixing current) {
    if (!isEstimated) {
      return current;
    }
    double[] sums = new double[statistics.components()];
    double total = 0;
    for (int k = 0; k < sums.length; k++) {
      sums[k] = statistics.weight(k) + (alpha - 1);
      total += sums[k];
    }
    for (int k = 0; k < sums.length; k++) {
      sums[k] /= total;
    }
    return Mixing.constant(sums);
  }

  @Override
  public int parameterCount(int components) {
    return isEstimated ? components - 1 : 0;
  }

  @Override
  public boolean hasPrior() {
    return alpha > 1;
  }

  @Override
  public double logPrior(Mixing mixing) {
    return hasPrior() ? (alpha - 1) * Arrays.stream(mixing.weights()).map(Math::log).sum() : 0;
  }

  @Override
  public boolean keepsOrder() {
    return given != null;
  }

  @Override
  public String toString() {
    return name + " weights";
  }
}
