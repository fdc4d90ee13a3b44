package io.github.mixtura.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A covariance as a product of one function per column, with noise. */
final class Factors {

  private Factors() {}

  static void require(List<CovarianceFunction> factors, double noiseVariance) {
    if (factors.isEmpty()) {
      throw new IllegalArgumentException("columns is empty, must be at least one");
    }
    if (!(noiseVariance >= 0) || noiseVariance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "noiseVariance is " + noiseVariance + ", must be finite and not negative");
    }
  }

  static double[] parameters(List<CovarianceFunction> factors, double noiseVariance) {
    double[] all = new double[0];
    for (CovarianceFunction factor : factors) {
      all = SumCovariance.joined(all, factor.parameters());
    }
    return SumCovariance.joined(all, new double[] {Math.log(noiseVariance)});
  }

  static List<CovarianceFunction> withParameters(
      List<CovarianceFunction> factors, double[] parameters) {
    int count = 1;
    for (CovarianceFunction factor : factors) {
      count += factor.parameters().length;
    }
    Checks.parameters(parameters, count);
    List<CovarianceFunction> changed = new ArrayList<>();
    int from = 0;
    for (CovarianceFunction factor : factors) {
      int to = from + factor.parameters().length;
      changed.add(factor.withParameters(Arrays.copyOfRange(parameters, from, to)));
      from = to;
    }
    return changed;
  }

  /** The prior variance of the function. */
  static double variance(List<CovarianceFunction> factors) {
    double product = 1;
    for (CovarianceFunction factor : factors) {
      product *= factor.value(0);
    }
    return product;
  }

  static double covariance(
      List<CovarianceFunction> factors, double[] a, double[] b, double[] value) {
    double product = 1;
    for (int c = 0; c < factors.size(); c++) {
      factors.get(c).evaluate(a[c] - b[c], 0, value);
      product *= value[0];
    }
    return product;
  }

  static double[][] rows(double[] x) {
    double[][] rows = new double[x.length][1];
    for (int i = 0; i < x.length; i++) {
      rows[i][0] = x[i];
    }
    return rows;
  }

  static double[][] copyOfRows(double[][] x, int columns, String name) {
    double[][] rows = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      Checks.length(x[i].length, columns, name + "[" + i + "]");
      rows[i] = Checks.finite(x[i].clone(), name + "[" + i + "]");
    }
    return rows;
  }
}
