package io.github.mixtura.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A covariance function times a variance. */
record ScaledCovariance(double variance, CovarianceFunction shape) implements CovarianceFunction {

  @Override
  public double[] parameters() {
    return SumCovariance.joined(new double[] {Math.log(variance)}, shape.parameters());
  }

  @Override
  public List<String> parameterNames() {
    List<String> names = new ArrayList<>(List.of("log variance"));
    names.addAll(shape.parameterNames());
    return List.copyOf(names);
  }

  @Override
  public CovarianceFunction withParameters(double... parameters) {
    Checks.parameters(parameters, 1 + shape.parameters().length);
    return shape
        .withParameters(Arrays.copyOfRange(parameters, 1, parameters.length))
        .scaled(Math.exp(parameters[0]));
  }

  @Override
  public int differentiability() {
    return shape.differentiability();
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    shape.evaluate(lag, order, values);
    for (int n = 0; n <= order; n++) {
      values[n] *= variance;
    }
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    evaluate(lag, order, gradients[0]);
    double[][] others = Arrays.copyOfRange(gradients, 1, 1 + shape.parameters().length);
    shape.gradient(lag, order, others);
    for (double[] other : others) {
      for (int n = 0; n <= order; n++) {
        other[n] *= variance;
      }
    }
  }
}
