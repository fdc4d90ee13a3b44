package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * A Gaussian process of mean zero, observed with independent Gaussian noise; exact regression.
 *
 * <p>The covariance of two rows x and x′ is the product over the columns of k_c(x_c − x′_c). A
 * column that never changes contributes the constant k_c(0). Immutable.
 *
 * <pre>{@code
 * GaussianPosterior posterior =
 *     GaussianProcess.of(SquaredExponential.of(0.3).scaled(2.0), 0.01).fit(x, y);
 * double[] mean = posterior.mean(points);
 * double[] variance = posterior.variance(points);
 * }</pre>
 */
public final class GaussianProcess {
  private static final double FIRST_JITTER = 1e-15;
  private static final double LARGEST_JITTER = 1e-6;

  private final List<CovarianceFunction> columns;
  private final double noiseVariance;

  private GaussianProcess(List<CovarianceFunction> columns, double noiseVariance) {
    this.columns = columns;
    this.noiseVariance = noiseVariance;
  }

  /**
   * A process on one column.
   *
   * @param covariance of the function
   * @param noiseVariance of each observation, finite and not negative
   * @return the process
   * @throws IllegalArgumentException if the variance is outside its range
   */
  public static GaussianProcess of(CovarianceFunction covariance, double noiseVariance) {
    return of(List.of(covariance), noiseVariance);
  }

  /**
   * A process on several columns.
   *
   * @param columns the factor of every column, one or more
   * @param noiseVariance of each observation, finite and not negative
   * @return the process
   * @throws IllegalArgumentException if there is no column or the variance is outside its range
   */
  public static GaussianProcess of(List<CovarianceFunction> columns, double noiseVariance) {
    Factors.require(columns, noiseVariance);
    return new GaussianProcess(List.copyOf(columns), noiseVariance);
  }

  /**
   * The factors of the covariance.
   *
   * @return one per column
   */
  public List<CovarianceFunction> columns() {
    return columns;
  }

  /**
   * The variance of the noise.
   *
   * @return of each observation
   */
  public double noiseVariance() {
    return noiseVariance;
  }

  /**
   * The parameters of every column, then the logarithm of the noise variance.
   *
   * @return a new array
   */
  public double[] parameters() {
    return Factors.parameters(columns, noiseVariance);
  }

  /**
   * The process with other parameters.
   *
   * @param parameters as {@link #parameters()} gives them
   * @return the process
   * @throws IllegalArgumentException if the length is wrong or a value is not finite
   */
  public GaussianProcess withParameters(double... parameters) {
    return of(
        Factors.withParameters(columns, parameters), Math.exp(parameters[parameters.length - 1]));
  }

  /**
   * Conditions on observations of a function of one column.
   *
   * @param x n ≥ 1 inputs, finite; copied
   * @param y n observations, finite; copied
   * @return the posterior
   * @throws IllegalArgumentException as {@link #fit(double[][], double[])}
   */
  public GaussianPosterior fit(double[] x, double[] y) {
    return fit(Factors.rows(x), y);
  }

  /**
   * Conditions on observations by a Cholesky factor; O(n³) time, O(n²) memory.
   *
   * <p>If the matrix is not positive definite in double precision, the smallest of 1e-15, 1e-14, …,
   * 1e-6 times the prior variance that makes it so is added to its diagonal, and the posterior
   * tells.
   *
   * @param x n ≥ 1 rows of as many columns as there are factors, finite; copied
   * @param y n observations, finite; copied
   * @return the posterior
   * @throws IllegalArgumentException if a shape is wrong, a value is not finite, or the matrix is
   *     not positive definite with the largest addition
   */
  public GaussianPosterior fit(double[][] x, double[] y) {
    double[][] rows = Factors.copyOfRows(x, columns.size(), "x");
    Checks.atLeast(rows.length, 1, "number of rows of x");
    Checks.length(y.length, rows.length, "y");
    Checks.finite(y, "y");
    DMatrixRMaj k = matrix(rows);
    double variance = Factors.variance(columns);
    double jitter = 0;
    Optional<DMatrixRMaj> factor = Dense.cholesky(k);
    while (factor.isEmpty()) {
      double next = jitter == 0 ? FIRST_JITTER * variance : 10 * jitter;
      if (!(next <= LARGEST_JITTER * 1.01 * variance)) {
        throw new IllegalArgumentException(
            "covariance matrix is not positive definite, noiseVariance must be larger than "
                + noiseVariance);
      }
      for (int i = 0; i < rows.length; i++) {
        k.data[i * (rows.length + 1)] += next - jitter;
      }
      jitter = next;
      factor = Dense.cholesky(k);
    }
    return new GaussianPosterior(this, rows, y.clone(), factor.get(), jitter);
  }

  private DMatrixRMaj matrix(double[][] x) {
    int n = x.length;
    DMatrixRMaj k = new DMatrixRMaj(n, n);
    double[] value = new double[1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double product = Factors.covariance(columns, x[i], x[j], value);
        k.data[i * n + j] = product;
        k.data[j * n + i] = product;
      }
      k.data[i * n + i] += noiseVariance;
    }
    return k;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianProcess that
        && columns.equals(that.columns)
        && noiseVariance == that.noiseVariance;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parameters());
  }

  @Override
  public String toString() {
    return "GaussianProcess[" + columns + ", noise variance " + noiseVariance + "]";
  }
}
