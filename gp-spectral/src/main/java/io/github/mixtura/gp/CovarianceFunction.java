package io.github.mixtura.gp;

import java.util.List;

/**
 * A stationary covariance function k of one lag d = x − x′, with derivatives and gradients.
 *
 * <p>Immutable. k is even. Parameters are free real numbers: logarithms of variances, weights,
 * length scales and periods; frequencies, in cycles per unit of x, stand as they are. On inputs
 * with several columns one function per column is multiplied; see {@link GaussianProcess}.
 *
 * <p>Derivatives are exact formulas, accurate to a few units in the last place of the largest term.
 */
public interface CovarianceFunction {
  /** The highest order of derivatives. */
  int HIGHEST_ORDER = 4;

  /**
   * The parameters.
   *
   * @return a new array, in the order of {@link #parameterNames()}
   */
  double[] parameters();

  /**
   * What the parameters are called.
   *
   * @return one name per parameter
   */
  List<String> parameterNames();

  /**
   * The same kind of function with other parameters.
   *
   * @param parameters finite, as many as {@link #parameters()} gives
   * @return the function
   * @throws IllegalArgumentException if the length is wrong or a value is not finite
   */
  CovarianceFunction withParameters(double... parameters);

  /**
   * The highest derivative that exists at lag 0; away from 0 all exist.
   *
   * @return 0 to 4
   */
  int differentiability();

  /**
   * Computes the value and derivatives with respect to the lag.
   *
   * @param lag d
   * @param order of the highest derivative, 0 to 4
   * @param values written: {@code values[j]} is the j-th derivative, j ≤ order
   * @throws IllegalArgumentException if the order is outside 0 to 4, or the lag is 0 and the order
   *     exceeds {@link #differentiability()}
   */
  void evaluate(double lag, int order, double[] values);

  /**
   * Computes the derivatives of {@link #evaluate} with respect to the parameters.
   *
   * @param lag d
   * @param order of the highest derivative with respect to the lag, 0 to 4
   * @param gradients written: {@code gradients[p][j]} is the derivative, with respect to parameter
   *     p, of the j-th derivative
   * @throws IllegalArgumentException as {@link #evaluate}
   */
  void gradient(double lag, int order, double[][] gradients);

  /**
   * The covariance at a lag.
   *
   * @param lag d
   * @return k(d)
   */
  default double value(double lag) {
    double[] values = new double[1];
    evaluate(lag, 0, values);
    return values[0];
  }

  /**
   * One derivative with respect to the lag.
   *
   * @param lag d
   * @param order 0 to 4
   * @return the derivative
   * @throws IllegalArgumentException as {@link #evaluate}
   */
  default double derivative(double lag, int order) {
    Jets.requireOrder(order);
    double[] values = new double[order + 1];
    evaluate(lag, order, values);
    return values[order];
  }

  /**
   * The sum with another function; its parameters follow this function's.
   *
   * @param other summand
   * @return k + other
   */
  default CovarianceFunction plus(CovarianceFunction other) {
    return new SumCovariance(this, other);
  }

  /**
   * The product with another function; its parameters follow this function's.
   *
   * @param other factor
   * @return k · other
   */
  default CovarianceFunction times(CovarianceFunction other) {
    return new ProductCovariance(this, other);
  }

  /**
   * This function times a variance, whose logarithm becomes the first parameter.
   *
   * @param variance finite and positive
   * @return variance · k
   * @throws IllegalArgumentException if the variance is not finite and positive
   */
  default CovarianceFunction scaled(double variance) {
    return new ScaledCovariance(Checks.positive(variance, "variance"), this);
  }
}
