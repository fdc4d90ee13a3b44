package io.github.mixtura.compute;

import io.github.mixtura.special.Gammas;
import java.util.Arrays;
import java.util.List;

/**
 * The specification of {@link Kernels}: one row, one component and one term at a time, with nothing
 * reused between operations but what the interface says.
 */
public final class ReferenceKernels implements Kernels {

  @Override
  public String backend() {
    return "reference";
  }

  @Override
  public int batchBlocks(int columns, int components) {
    return 1 << 20;
  }

  @Override
  public Batch stage(List<Block> blocks, RowContext context) {
    int count = blocks.stream().mapToInt(Block::rows).sum();
    double[][] row = new double[count][blocks.get(0).columns().length];
    double[] weights = new double[count];
    int i = 0;
    for (Block block : blocks) {
      for (int b = 0; b < block.rows(); b++, i++) {
        for (int j = 0; j < row[i].length; j++) {
          row[i][j] = block.columns()[j][b];
        }
        weights[i] = block.weights() == null ? 1 : block.weights()[b];
      }
    }
    return new RowBatch(row, weights, context);
  }

  private record RowBatch(double[][] row, double[] weights, RowContext context) implements Batch {
    @Override
    public int rows() {
      return row.length;
    }

    @Override
    public int columns() {
      return row[0].length;
    }

    @Override
    public double weight() {
      return Arrays.stream(weights).sum();
    }

    @Override
    public void copyRow(int index, double[] into) {
      System.arraycopy(row[index], 0, into, 0, row[index].length);
    }
  }

  @Override
  public Workspace workspace(int columns, int components, boolean auxiliary) {
    return new Values(components);
  }

  /** {@code value[k][i]} and {@code second[k][i]} of component k and row i. */
  private static final class Values implements Workspace {
    final double[][] value;
    final double[][] second;
    double[] logSum;

    Values(int components) {
      value = new double[components][];
      second = new double[components][];
    }

    @Override
    public int components() {
      return value.length;
    }

    @Override
    public void read(Batch batch, int component, double[] into) {
      System.arraycopy(value[component], 0, into, 0, batch.rows());
    }

    @Override
    public void write(Batch batch, int component, double[] values) {
      value[component] = Arrays.copyOf(values, batch.rows());
      logSum = new double[batch.rows()];
    }

    @Override
    public void readLogSums(Batch batch, double[] into) {
      System.arraycopy(logSum, 0, into, 0, batch.rows());
    }
  }

  /** |A (x − μ)|², A a packed lower triangle or a diagonal. */
  private static double squaredDistance(double[] x, double[] mean, double[] whitening) {
    int d = mean.length;
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double y = 0;
      if (whitening.length == d) {
        y = whitening[i] * (x[i] - mean[i]);
      } else {
        for (int j = 0; j <= i; j++) {
          y += whitening[i * (i + 1) / 2 + j] * (x[j] - mean[j]);
        }
      }
      sum += y * y;
    }
    return sum;
  }

  @Override
  public void gaussian(
      Batch batch, double[][] mean, double[][] whitening, double[] constant, Workspace into) {
    double[][] rows = ((RowBatch) batch).row();
    for (int k = 0; k < mean.length; k++) {
      double[] values = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        values[i] = constant[k] - 0.5 * squaredDistance(rows[i], mean[k], whitening[k]);
      }
      into.write(batch, k, values);
    }
  }

  @Override
  public void student(
      Batch batch,
      double[][] mean,
      double[][] whitening,
      double[] constant,
      double[] degreesOfFreedom,
      Workspace into) {
    double[][] rows = ((RowBatch) batch).row();
    for (int k = 0; k < mean.length; k++) {
      double nu = degreesOfFreedom[k];
      double[] values = new double[rows.length];
      double[] distances = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        distances[i] = squaredDistance(rows[i], mean[k], whitening[k]);
        values[i] = constant[k] - 0.5 * (nu + mean[k].length) * Math.log1p(distances[i] / nu);
      }
      into.write(batch, k, values);
      ((Values) into).second[k] = distances;
    }
  }

  @Override
  public void linear(Batch batch, double[][] coefficients, double[] constant, Workspace into) {
    double[][] rows = ((RowBatch) batch).row();
    for (int k = 0; k < coefficients.length; k++) {
      double[] values = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        double sum = constant[k];
        for (int j = 0; j < rows[i].length; j++) {
          sum += coefficients[k][j] * rows[i][j];
        }
        values[i] = sum;
      }
      into.write(batch, k, values);
    }
  }

  @Override
  public double normalise(Batch batch, Workspace values, boolean rowLogSums) {
    RowBatch rows = (RowBatch) batch;
    Values work = (Values) values;
    double logLikelihood = 0;
    work.logSum = new double[rows.rows()];
    for (int i = 0; i < rows.rows(); i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (double[] value : work.value) {
        max = Math.max(max, value[i]);
      }
      double total = 0;
      for (double[] value : work.value) {
        total += exp(value[i] - max);
      }
      work.logSum[i] = max + Math.log(total);
      logLikelihood += rows.weights()[i] * work.logSum[i];
      for (double[] value : work.value) {
        value[i] = rows.weights()[i] * exp(value[i] - max) / total;
      }
    }
    return logLikelihood;
  }

  private static double exp(double x) {
    return x < -709 ? 0 : Math.exp(x);
  }

  @Override
  public void moments(
      Batch batch,
      double[][] centre,
      Order order,
      Workspace weights,
      double[] into,
      int offset,
      int stride) {
    double[][] rows = ((RowBatch) batch).row();
    for (int k = 0; k < centre.length; k++) {
      for (int i = 0; i < rows.length; i++) {
        double r = ((Values) weights).value[k][i];
        int at = offset + k * stride;
        into[at++] += r;
        for (int j = 0; j < rows[i].length; j++) {
          into[at++] += r * (rows[i][j] - centre[k][j]);
        }
        for (int j = 0; j < rows[i].length && order != Order.FIRST; j++) {
          for (int m = order == Order.FULL ? 0 : j; m <= j; m++) {
            into[at++] += r * (rows[i][j] - centre[k][j]) * (rows[i][m] - centre[k][m]);
          }
        }
      }
    }
  }

  @Override
  public void studentWeights(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride) {
    Values work = (Values) values;
    for (int k = 0; k < degreesOfFreedom.length; k++) {
      double nu = degreesOfFreedom[k];
      for (int i = 0; i < batch.rows(); i++) {
        into[offset + k * stride] += work.value[k][i];
        work.value[k][i] *= (nu + dimension) / (nu + work.second[k][i]);
      }
    }
  }

  @Override
  public void studentDegrees(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride,
      int shared) {
    Values work = (Values) values;
    for (int i = 0; i < batch.rows(); i++) {
      double w = ((RowBatch) batch).weights()[i];
      double score = 0;
      double bend = 0;
      for (int k = 0; k < degreesOfFreedom.length; k++) {
        double r = work.value[k][i] / w;
        double nu = degreesOfFreedom[k];
        double g = firstDerivative(nu, dimension, work.second[k][i]);
        double s = -nu * nu * g;
        double h =
            Math.pow(nu, 4) * secondDerivative(nu, dimension, work.second[k][i])
                + 2 * nu * nu * nu * g;
        into[offset + k * stride] += w * r * s;
        into[offset + k * stride + 1] += w * (r * (h + s * s) - r * s * r * s);
        score += r * s;
        bend += r * (h + s * s);
      }
      into[shared] += w * score;
      into[shared + 1] += w * (bend - score * score);
    }
  }

  /** ∂/∂ν of log f with squared distance t. */
  private static double firstDerivative(double nu, int d, double t) {
    return 0.5
        * (Gammas.digammaDifference(0.5 * nu, 0.5 * d)
            - d / nu
            - Math.log1p(t / nu)
            + (nu + d) * t / (nu * (nu + t)));
  }

  /** ∂²/∂ν² of log f with squared distance t. */
  private static double secondDerivative(double nu, int d, double t) {
    double product = nu * (nu + t);
    return 0.5
        * (0.5 * Gammas.trigammaDifference(0.5 * nu, 0.5 * d)
            + d / (nu * nu)
            + 2 * t / product
            - (nu + d) * t * (2 * nu + t) / (product * product));
  }
}
