package io.github.mixtura.gp;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The product of two covariance functions. */
record ProductCovariance(CovarianceFunction first, CovarianceFunction second)
    implements CovarianceFunction {

  ProductCovariance {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "other");
  }

  @Override
  public double[] parameters() {
    return SumCovariance.joined(first.parameters(), second.parameters());
  }

  @Override
  public List<String> parameterNames() {
    return new SumCovariance(first, second).parameterNames();
  }

  @Override
  public CovarianceFunction withParameters(double... parameters) {
    int split = first.parameters().length;
    Checks.parameters(parameters, split + second.parameters().length);
    return new ProductCovariance(
        first.withParameters(Arrays.copyOf(parameters, split)),
        second.withParameters(Arrays.copyOfRange(parameters, split, parameters.length)));
  }

  @Override
  public int differentiability() {
    return Math.min(first.differentiability(), second.differentiability());
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    double[] a = new double[order + 1];
    double[] b = new double[order + 1];
    first.evaluate(lag, order, a);
    second.evaluate(lag, order, b);
    Arrays.fill(values, 0, order + 1, 0);
    Jets.addProduct(1, a, b, order, values);
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    int split = first.parameters().length;
    double[] a = new double[order + 1];
    double[] b = new double[order + 1];
    first.evaluate(lag, order, a);
    second.evaluate(lag, order, b);
    first.gradient(lag, order, gradients);
    second.gradient(lag, order, Arrays.copyOfRange(gradients, split, gradients.length));
    double[] product = new double[order + 1];
    for (int p = 0; p < split + second.parameters().length; p++) {
      Arrays.fill(product, 0);
      Jets.addProduct(1, gradients[p], p < split ? b : a, order, product);
      System.arraycopy(product, 0, gradients[p], 0, order + 1);
    }
  }
}
