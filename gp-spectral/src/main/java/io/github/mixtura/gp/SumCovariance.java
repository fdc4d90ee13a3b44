package io.github.mixtura.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The sum of two covariance functions. */
record SumCovariance(CovarianceFunction first, CovarianceFunction second)
    implements CovarianceFunction {

  SumCovariance {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "other");
  }

  @Override
  public double[] parameters() {
    return joined(first.parameters(), second.parameters());
  }

  static double[] joined(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @Override
  public List<String> parameterNames() {
    List<String> names = new ArrayList<>(first.parameterNames());
    names.addAll(second.parameterNames());
    return List.copyOf(names);
  }

  @Override
  public CovarianceFunction withParameters(double... parameters) {
    int split = first.parameters().length;
    Checks.parameters(parameters, split + second.parameters().length);
    return new SumCovariance(
        first.withParameters(Arrays.copyOf(parameters, split)),
        second.withParameters(Arrays.copyOfRange(parameters, split, parameters.length)));
  }

  @Override
  public int differentiability() {
    return Math.min(first.differentiability(), second.differentiability());
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    double[] other = new double[order + 1];
    second.evaluate(lag, order, other);
    first.evaluate(lag, order, values);
    for (int n = 0; n <= order; n++) {
      values[n] += other[n];
    }
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    int split = first.parameters().length;
    first.gradient(lag, order, gradients);
    second.gradient(lag, order, Arrays.copyOfRange(gradients, split, gradients.length));
  }
}
