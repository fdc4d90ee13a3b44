package io.github.mixtura.gp;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * A Gaussian process of mean zero on points of one column at equal distances; regression in O(n)
 * memory.
 *
 * <p>Up to 20 000 points everything is exact by Levinson's recursion, O(n²) time. Above, linear
 * systems are solved by conjugate gradients preconditioned with the nearest circulant matrix to a
 * relative residual of 1e-10, O(n log n) per step, and the log determinant is estimated by
 * stochastic Lanczos quadrature, with its standard error. Gradients need no estimate: they follow
 * from the first column of the inverse. Immutable.
 */
public final class ToeplitzProcess {
  /** The largest number of points of the exact recursion. */
  public static final int EXACT_UP_TO = 20_000;

  private static final double UNEVEN = 1e-4;

  private final CovarianceFunction covariance;
  private final double noiseVariance;
  private final int probes;
  private final long seed;
  private final BooleanSupplier cancelled;

  private ToeplitzProcess(
      CovarianceFunction covariance,
      double noiseVariance,
      int probes,
      long seed,
      BooleanSupplier cancelled) {
    this.covariance = covariance;
    this.noiseVariance = noiseVariance;
    this.probes = probes;
    this.seed = seed;
    this.cancelled = cancelled;
  }

  /**
   * A process with 10 probes of the log determinant and seed 1.
   *
   * @param covariance of the function
   * @param noiseVariance of each observation, finite and positive
   * @return the process
   * @throws IllegalArgumentException if the variance is outside its range
   */
  public static ToeplitzProcess of(CovarianceFunction covariance, double noiseVariance) {
    Objects.requireNonNull(covariance, "covariance");
    Checks.positive(noiseVariance, "noiseVariance");
    return new ToeplitzProcess(covariance, noiseVariance, 10, 1, () -> false);
  }

  /**
   * Changes the number of random vectors of an estimated log determinant.
   *
   * @param value at least 2
   * @return changed copy
   * @throws IllegalArgumentException if it is less than 2
   */
  public ToeplitzProcess withProbes(int value) {
    Checks.atLeast(value, 2, "probes");
    return new ToeplitzProcess(covariance, noiseVariance, value, seed, cancelled);
  }

  /**
   * Changes the seed of the random vectors.
   *
   * @param value any number
   * @return changed copy
   */
  public ToeplitzProcess withSeed(long value) {
    return new ToeplitzProcess(covariance, noiseVariance, probes, value, cancelled);
  }

  /**
   * Changes who is asked, at every step above 20 000 points, whether to go on.
   *
   * @param value true once a computation shall end with a {@link
   *     java.util.concurrent.CancellationException}
   * @return changed copy
   */
  public ToeplitzProcess withCancelled(BooleanSupplier value) {
    return new ToeplitzProcess(
        covariance, noiseVariance, probes, seed, Objects.requireNonNull(value, "cancelled"));
  }

  /**
   * The covariance of the function.
   *
   * @return as it was given
   */
  public CovarianceFunction covariance() {
    return covariance;
  }

  /**
   * The variance of the noise.
   *
   * @return of each observation
   */
  public double noiseVariance() {
    return noiseVariance;
  }

  int probes() {
    return probes;
  }

  long seed() {
    return seed;
  }

  BooleanSupplier cancelled() {
    return cancelled;
  }

  /**
   * The parameters of the covariance, then the logarithm of the noise variance.
   *
   * @return a new array
   */
  public double[] parameters() {
    return SumCovariance.joined(covariance.parameters(), new double[] {Math.log(noiseVariance)});
  }

  /**
   * The process with other parameters.
   *
   * @param parameters as {@link #parameters()} gives them
   * @return the process
   * @throws IllegalArgumentException if the length is wrong or a value is not finite
   */
  public ToeplitzProcess withParameters(double... parameters) {
    int count = covariance.parameters().length;
    Checks.parameters(parameters, count + 1);
    return new ToeplitzProcess(
        covariance.withParameters(Arrays.copyOf(parameters, count)),
        Checks.positive(Math.exp(parameters[count]), "noiseVariance"),
        probes,
        seed,
        cancelled);
  }

  /**
   * Conditions on observations at points that must be at equal distances.
   *
   * @param x n ≥ 2 ascending inputs, each within 1e-4 steps of its place
   * @param y n observations, finite; copied
   * @return the posterior
   * @throws IllegalArgumentException if a shape is wrong, a value is not finite, or the distances
   *     differ
   */
  public ToeplitzPosterior fit(double[] x, double[] y) {
    Checks.atLeast(x.length, 2, "number of points of x");
    Checks.finite(x, "x");
    int n = x.length;
    double step = (x[n - 1] - x[0]) / (n - 1);
    if (!(step > 0)) {
      throw new IllegalArgumentException(
          "x goes from " + x[0] + " to " + x[n - 1] + ", must ascend");
    }
    for (int i = 0; i < n; i++) {
      double place = x[0] + step * i;
      if (!(Math.abs(x[i] - place) <= UNEVEN * step)) {
        throw new IllegalArgumentException(
            "x["
                + i
                + "] is "
                + x[i]
                + ", must be "
                + place
                + " for equal distances; use GaussianProcess or GridProcess for other points");
      }
    }
    return fit(x[0], step, y);
  }

  /**
   * Conditions on observations at start, start + step, ….
   *
   * @param start finite
   * @param step finite and positive
   * @param y n ≥ 1 observations, finite; copied
   * @return the posterior
   * @throws IllegalArgumentException if a value is outside its range, or the matrix is not positive
   *     definite in double precision
   */
  public ToeplitzPosterior fit(double start, double step, double[] y) {
    Checks.finite(start, "start");
    Checks.positive(step, "step");
    Checks.atLeast(y.length, 1, "length of y");
    Checks.finite(y, "y");
    return new ToeplitzPosterior(this, start, step, y.clone());
  }

  @Override
  public String toString() {
    return "ToeplitzProcess[" + covariance + ", noise variance " + noiseVariance + "]";
  }
}
