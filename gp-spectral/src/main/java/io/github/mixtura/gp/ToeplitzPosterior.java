package io.github.mixtura.gp;

/**
 * A Gaussian process given observations at equal distances. Immutable; the log determinant and the
 * inverse's first column are computed when first asked for.
 */
public final class ToeplitzPosterior {
  private static final double RESIDUAL = 1e-10;
  private static final int MOST_STEPS = 1000;

  private final ToeplitzProcess process;
  private final double start;
  private final double step;
  private final double[] y;
  private final double[] column;
  private final Toeplitz matrix;
  private final double[] weights;
  private final double relativeResidual;
  private final int iterations;
  private double[] firstColumn;
  private LogDeterminant logDeterminant;

  ToeplitzPosterior(ToeplitzProcess process, double start, double step, double[] y) {
    this.process = process;
    this.start = start;
    this.step = step;
    this.y = y;
    this.column = column(process.covariance(), step, y.length);
    column[0] += process.noiseVariance();
    this.matrix = new Toeplitz(column, process.noiseVariance() / 2);
    if (y.length <= ToeplitzProcess.EXACT_UP_TO) {
      Levinson exact = Levinson.solve(column, y);
      if (exact == null) {
        throw new IllegalArgumentException(
            "covariance matrix is not positive definite, noiseVariance must be larger than "
                + process.noiseVariance());
      }
      this.weights = exact.solution(0);
      this.firstColumn = exact.firstColumn();
      this.logDeterminant = new LogDeterminant(exact.logDeterminant(), 0, 0);
      this.relativeResidual = residual(weights);
      this.iterations = 0;
    } else {
      Toeplitz.Solution solution = solve(y);
      this.weights = solution.x();
      this.relativeResidual = solution.relativeResidual();
      this.iterations = solution.iterations();
    }
  }

  static double[] column(CovarianceFunction covariance, double step, int n) {
    double[] column = new double[n];
    double[] value = new double[1];
    for (int i = 0; i < n; i++) {
      covariance.evaluate(i * step, 0, value);
      column[i] = value[0];
    }
    return column;
  }

  private Toeplitz.Solution solve(double[] right) {
    return matrix.solve(right, RESIDUAL, MOST_STEPS, process.cancelled());
  }

  private double residual(double[] x) {
    double[] product = matrix.multiply(x);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += (product[i] - y[i]) * (product[i] - y[i]);
    }
    double norm = Toeplitz.dot(y, y);
    return norm == 0 ? 0 : Math.sqrt(sum / norm);
  }

  /**
   * The prior.
   *
   * @return as it was given
   */
  public ToeplitzProcess process() {
    return process;
  }

  /**
   * The relative residual ‖(K + σ²I)α − y‖/‖y‖ of the solution behind the mean.
   *
   * @return above 1e-10 only if conjugate gradients did not converge in 1000 steps, or Levinson's
   *     recursion lost digits
   */
  public double relativeResidual() {
    return relativeResidual;
  }

  /**
   * The steps of conjugate gradients behind the mean.
   *
   * @return 0 if the recursion was exact
   */
  public int iterations() {
    return iterations;
  }

  /**
   * The posterior mean of the function at the observed points; O(n).
   *
   * @return n means
   */
  public double[] fitted() {
    double[] fitted = y.clone();
    for (int i = 0; i < fitted.length; i++) {
      fitted[i] -= process.noiseVariance() * weights[i];
    }
    return fitted;
  }

  private double[] cross(double point) {
    double[] cross = new double[y.length];
    double[] value = new double[1];
    for (int i = 0; i < cross.length; i++) {
      process.covariance().evaluate(point - (start + i * step), 0, value);
      cross[i] = value[0];
    }
    return cross;
  }

  /**
   * The posterior mean of the function; O(n) per point.
   *
   * @param points finite; anywhere
   * @return one mean per point
   * @throws IllegalArgumentException if a value is not finite
   */
  public double[] mean(double... points) {
    Checks.finite(points, "points");
    double[] means = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      means[i] = Toeplitz.dot(cross(points[i]), weights);
    }
    return means;
  }

  /**
   * The posterior variance of the function; one linear system by conjugate gradients per point. An
   * observation has the noise variance on top.
   *
   * @param points finite; anywhere
   * @return one variance per point; negative results are set to 0
   * @throws IllegalArgumentException if a value is not finite
   */
  public double[] variance(double... points) {
    Checks.finite(points, "points");
    double prior = process.covariance().value(0);
    double[] variances = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      double[] cross = cross(points[i]);
      variances[i] = Math.max(0, prior - solve(cross).energy(cross));
    }
    return variances;
  }

  /**
   * log|K + σ²I|, exact up to 20 000 points and estimated above.
   *
   * @return with its standard error
   */
  public synchronized LogDeterminant logDeterminant() {
    if (logDeterminant == null) {
      logDeterminant =
          StochasticLanczos.logDeterminant(
              matrix, process.probes(), process.seed(), process.cancelled());
    }
    return logDeterminant;
  }

  /**
   * The log marginal likelihood; see {@link GaussianPosterior#logMarginalLikelihood()}. Its
   * standard error is half that of {@link #logDeterminant()}.
   *
   * @return natural logarithm
   */
  public double logMarginalLikelihood() {
    return -0.5
        * (Toeplitz.dot(y, weights) + logDeterminant().value() + y.length * Math.log(2 * Math.PI));
  }

  /**
   * The derivatives of {@link #logMarginalLikelihood()}, not estimated at any n: the trace of (K +
   * σ²I)⁻¹dK is a sum over lags with weights from the first column of the inverse. O(n log n + np)
   * after that column.
   *
   * @return in the order of {@link ToeplitzProcess#parameters()}
   */
  public double[] logMarginalLikelihoodGradient() {
    double[] lagWeights = lagWeights();
    CovarianceFunction covariance = process.covariance();
    double[] gradient = new double[covariance.parameters().length + 1];
    double[][] slopes = new double[gradient.length - 1][1];
    for (int l = 0; l < lagWeights.length; l++) {
      covariance.gradient(l * step, 0, slopes);
      for (int p = 0; p < slopes.length; p++) {
        gradient[p] += lagWeights[l] * slopes[p][0];
      }
    }
    gradient[gradient.length - 1] = process.noiseVariance() * lagWeights[0];
    return gradient;
  }

  /** The derivatives of the log marginal likelihood with respect to the covariance at each lag. */
  private double[] lagWeights() {
    double[] sums = Toeplitz.diagonalSums(inverseColumn());
    double[] products = Toeplitz.correlations(weights, weights);
    for (int l = 0; l < sums.length; l++) {
      sums[l] = 0.5 * ((l == 0 ? 1 : 2) * products[l] - sums[l]);
    }
    return sums;
  }

  private synchronized double[] inverseColumn() {
    if (firstColumn == null) {
      double[] first = new double[y.length];
      first[0] = 1;
      firstColumn = solve(first).x();
    }
    return firstColumn;
  }
}
