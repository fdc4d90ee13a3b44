package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** A Gaussian process given observations, by a Cholesky factor. Immutable. */
public final class GaussianPosterior {
  private final GaussianProcess process;
  private final double[][] x;
  private final double[] y;
  private final DMatrixRMaj factor;
  private final DMatrixRMaj weights;
  private final double jitter;

  GaussianPosterior(
      GaussianProcess process, double[][] x, double[] y, DMatrixRMaj factor, double jitter) {
    this.process = process;
    this.x = x;
    this.y = y;
    this.factor = factor;
    this.jitter = jitter;
    DMatrixRMaj right = new DMatrixRMaj(y.length, 1);
    System.arraycopy(y, 0, right.data, 0, y.length);
    this.weights = Dense.solveCholesky(factor, right);
  }

  /**
   * The prior.
   *
   * @return as it was given
   */
  public GaussianProcess process() {
    return process;
  }

  /**
   * What was added to the diagonal to make it positive definite.
   *
   * @return 0 if nothing
   */
  public double jitter() {
    return jitter;
  }

  /**
   * The posterior mean of the function of one column.
   *
   * @param points finite
   * @return one mean per point
   * @throws IllegalArgumentException if the process has several columns or a value is not finite
   */
  public double[] mean(double[] points) {
    return mean(Factors.rows(points));
  }

  /**
   * The posterior mean of the function, k∗ᵀ(K + σ²I)⁻¹y; O(n) per point.
   *
   * @param points rows of as many columns as the process has, finite
   * @return one mean per row
   * @throws IllegalArgumentException if a shape is wrong or a value is not finite
   */
  public double[] mean(double[][] points) {
    return Dense.multiply(cross(points), weights).data;
  }

  /**
   * The posterior variance of the function of one column.
   *
   * @param points finite
   * @return one variance per point
   * @throws IllegalArgumentException if the process has several columns or a value is not finite
   */
  public double[] variance(double[] points) {
    return variance(Factors.rows(points));
  }

  /**
   * The posterior variance of the function, k∗∗ − k∗ᵀ(K + σ²I)⁻¹k∗; O(n²) per point. An observation
   * has the noise variance on top. Absolute errors are of the order of ε times the prior variance;
   * negative results are set to 0.
   *
   * @param points rows of as many columns as the process has, finite
   * @return one variance per row
   * @throws IllegalArgumentException if a shape is wrong or a value is not finite
   */
  public double[] variance(double[][] points) {
    DMatrixRMaj cross = cross(points);
    DMatrixRMaj right = new DMatrixRMaj(cross.numCols, cross.numRows);
    for (int i = 0; i < cross.numRows; i++) {
      for (int j = 0; j < cross.numCols; j++) {
        right.data[j * cross.numRows + i] = cross.data[i * cross.numCols + j];
      }
    }
    DMatrixRMaj white = Dense.solveLower(factor, right);
    double prior = Factors.variance(process.columns());
    double[] explained = new double[points.length];
    for (int j = 0; j < white.numRows; j++) {
      for (int i = 0; i < points.length; i++) {
        double value = white.data[j * points.length + i];
        explained[i] += value * value;
      }
    }
    for (int i = 0; i < points.length; i++) {
      explained[i] = Math.max(0, prior - explained[i]);
    }
    return explained;
  }

  private DMatrixRMaj cross(double[][] points) {
    List<CovarianceFunction> columns = process.columns();
    double[][] rows = Factors.copyOfRows(points, columns.size(), "points");
    DMatrixRMaj cross = new DMatrixRMaj(rows.length, x.length);
    double[] value = new double[1];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < x.length; j++) {
        cross.data[i * x.length + j] = Factors.covariance(columns, rows[i], x[j], value);
      }
    }
    return cross;
  }

  /**
   * The log marginal likelihood −½yᵀ(K + σ²I)⁻¹y − ½log|K + σ²I| − (n/2) log 2π.
   *
   * @return natural logarithm
   */
  public double logMarginalLikelihood() {
    double fit = 0;
    double logRoot = 0;
    for (int i = 0; i < y.length; i++) {
      fit += y[i] * weights.data[i];
      logRoot += Math.log(factor.unsafe_get(i, i));
    }
    return -0.5 * fit - logRoot - 0.5 * y.length * Math.log(2 * Math.PI);
  }

  /**
   * The derivatives of {@link #logMarginalLikelihood()}; O(n³ + n²p) time.
   *
   * @return in the order of {@link GaussianProcess#parameters()}
   */
  public double[] logMarginalLikelihoodGradient() {
    int n = y.length;
    List<CovarianceFunction> columns = process.columns();
    double[] gradient = new double[process.parameters().length];
    DMatrixRMaj identity = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      identity.data[i * (n + 1)] = 1;
    }
    DMatrixRMaj inverse = Dense.solveCholesky(factor, identity);
    double[][][] slopes = new double[columns.size()][][];
    for (int c = 0; c < slopes.length; c++) {
      slopes[c] = new double[columns.get(c).parameters().length][1];
    }
    double[] values = new double[columns.size()];
    double[] value = new double[1];
    double noise = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double weight = weights.data[i] * weights.data[j] - inverse.data[i * n + j];
        if (i == j) {
          weight /= 2;
          noise += weight;
        }
        for (int c = 0; c < values.length; c++) {
          columns.get(c).evaluate(x[i][c] - x[j][c], 0, value);
          values[c] = value[0];
          columns.get(c).gradient(x[i][c] - x[j][c], 0, slopes[c]);
        }
        add(weight, values, slopes, gradient);
      }
    }
    gradient[gradient.length - 1] = noise * process.noiseVariance();
    return gradient;
  }

  private static void add(double weight, double[] values, double[][][] slopes, double[] gradient) {
    int p = 0;
    for (int c = 0; c < values.length; c++) {
      double others = weight;
      for (int other = 0; other < values.length; other++) {
        others *= other == c ? 1 : values[other];
      }
      for (double[] slope : slopes[c]) {
        gradient[p++] += others * slope[0];
      }
    }
  }
}
