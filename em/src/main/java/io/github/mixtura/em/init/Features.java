package io.github.mixtura.em.init;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * A sample of rows as points in which Euclidean distance makes sense: columns scaled to unit
 * variance, angles as cosine and sine.
 */
final class Features {
  private final double[][] points;
  private final double[] weights;
  private final Encoder encoder;
  private final boolean complete;

  private Features(double[][] points, double[] weights, Encoder encoder, boolean complete) {
    this.points = points;
    this.weights = weights;
    this.encoder = encoder;
    this.complete = complete;
  }

  static Features of(Initializer.Data data, int most, SplittableRandom random) {
    Observations rows = data.rows();
    boolean complete = rows.rows() <= most;
    int[] sample =
        complete ? IntStream.range(0, rows.rows()).toArray() : sample(rows.rows(), most, random);
    double[] centre = data.summary().mean().clone();
    double[] scale = new double[centre.length];
    for (int j = 0; j < scale.length; j++) {
      double variance = data.summary().variance()[j];
      boolean scaled = data.encoding() == Encoding.IDENTITY && variance > 0;
      scale[j] = scaled ? 1 / Math.sqrt(variance) : 1;
    }
    double[][] points = new double[sample.length][];
    double[] weights = new double[sample.length];
    Encoder encoder = new Encoder(data, centre, scale, null);
    for (int i = 0; i < sample.length; i++) {
      points[i] = encoder.point(sample[i]);
      weights[i] = rows.weight(sample[i]);
    }
    // Only ratios of weights matter, and products of very large ones would overflow.
    double largest = Arrays.stream(weights).max().orElse(1);
    Arrays.setAll(weights, i -> weights[i] / largest);
    return new Features(points, weights, encoder, complete);
  }

  /** Distinct indices in rising order (Floyd's algorithm). */
  private static int[] sample(int n, int count, SplittableRandom random) {
    BitSet chosen = new BitSet(n);
    for (int i = n - count; i < n; i++) {
      int candidate = random.nextInt(i + 1);
      chosen.set(chosen.get(candidate) ? i : candidate);
    }
    return chosen.stream().toArray();
  }

  double[][] points() {
    return points;
  }

  double[] weights() {
    return weights;
  }

  /** Index of the nearest centre for every row of the data. */
  int[] nearest(Initializer.Data data, double[][] centres) {
    int[] labels = new int[data.rows().rows()];
    if (complete) {
      Arrays.setAll(labels, i -> nearest(points[i], centres));
      return labels;
    }
    // The nearest centre c has the largest c·p − ½|c|², which is linear in the encoded row.
    double[][] coefficients = new double[centres.length][];
    double[] constants = new double[centres.length];
    for (int k = 0; k < centres.length; k++) {
      coefficients[k] = encoder.coefficients(centres[k]);
      constants[k] = -0.5 * squaredDistance(centres[k], new double[centres[k].length]);
      for (int j = 0; j < coefficients[k].length; j++) {
        constants[k] -= coefficients[k][j] * encoder.centre()[j];
      }
    }
    Kernels kernels = Backends.open(null);
    Workspace workspace = kernels.workspace(encoder.centre().length, centres.length, false);
    for (Batch batch : data.rows().stage(kernels, data.encoding(), centres.length)) {
      kernels.linear(batch, coefficients, constants, workspace);
      double[] best = new double[batch.rows()];
      double[] value = new double[batch.rows()];
      Arrays.fill(best, Double.NEGATIVE_INFINITY);
      for (int k = 0; k < centres.length; k++) {
        workspace.read(batch, k, value);
        for (int i = 0; i < best.length; i++) {
          if (value[i] > best[i]) {
            best[i] = value[i];
            labels[(int) batch.firstRow() + i] = k;
          }
        }
      }
    }
    return labels;
  }

  static int nearest(double[] point, double[][] centres) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < centres.length; k++) {
      double d = squaredDistance(point, centres[k]);
      if (d < least) {
        least = d;
        best = k;
      }
    }
    return best;
  }

  static double squaredDistance(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      double z = x[j] - y[j];
      sum += z * z;
    }
    return sum;
  }

  /**
   * The same rows on uncorrelated axes of unit variance; directions without variance are left out.
   */
  Features whitened() {
    int d = points[0].length;
    DMatrixRMaj spread = covariance(points, weights);
    var eigen = DecompositionFactory_DDRM.eig(d, true, true);
    if (!eigen.decompose(spread)) {
      return this;
    }
    double largest = 0;
    for (int i = 0; i < d; i++) {
      largest = Math.max(largest, eigen.getEigenvalue(i).real);
    }
    List<double[]> axes = new ArrayList<>();
    for (int i = 0; i < d; i++) {
      double variance = eigen.getEigenvalue(i).real;
      if (variance > 1e-12 * largest) {
        double[] axis = eigen.getEigenVector(i).getData().clone();
        Arrays.setAll(axis, j -> axis[j] / Math.sqrt(variance));
        axes.add(axis);
      }
    }
    double[][] directions = axes.toArray(double[][]::new);
    double[][] turned =
        Arrays.stream(points).map(p -> Encoder.turn(p, directions)).toArray(double[][]::new);
    return new Features(turned, weights, encoder.turned(directions), complete);
  }

  private static DMatrixRMaj covariance(double[][] points, double[] weights) {
    int d = points[0].length;
    double total = Arrays.stream(weights).sum();
    double[] mean = new double[d];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < d; j++) {
        mean[j] += weights[i] * points[i][j] / total;
      }
    }
    DMatrixRMaj matrix = new DMatrixRMaj(d, d);
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < d; j++) {
        for (int l = 0; l < d; l++) {
          matrix.add(
              j, l, weights[i] / total * (points[i][j] - mean[j]) * (points[i][l] - mean[l]));
        }
      }
    }
    return matrix;
  }

  /** Turns rows into points; {@code axes} is {@code null} where points stay on the columns. */
  private record Encoder(Initializer.Data data, double[] centre, double[] scale, double[][] axes) {
    /** What c·p takes of each encoded column, apart from a constant. */
    double[] coefficients(double[] c) {
      double[] result = new double[centre.length];
      for (int j = 0; j < result.length; j++) {
        for (int a = 0; axes != null && a < axes.length; a++) {
          result[j] += c[a] * axes[a][j];
        }
        result[j] = (axes == null ? c[j] : result[j]) * scale[j];
      }
      return result;
    }

    Encoder turned(double[][] directions) {
      return new Encoder(data, centre, scale, directions);
    }

    static double[] turn(double[] point, double[][] axes) {
      double[] turned = new double[axes.length];
      for (int a = 0; a < axes.length; a++) {
        for (int j = 0; j < point.length; j++) {
          turned[a] += axes[a][j] * point[j];
        }
      }
      return turned;
    }

    double[] point(int row) {
      Observations rows = data.rows();
      double[][] columns = new double[rows.columns()][1];
      for (int j = 0; j < columns.length; j++) {
        columns[j][0] = rows.get(row, j);
      }
      double[][] encoded = data.encoding().encode(columns, 1);
      double[] point = new double[encoded.length];
      for (int j = 0; j < point.length; j++) {
        point[j] = (encoded[j][0] - centre[j]) * scale[j];
      }
      return axes == null ? point : turn(point, axes);
    }
  }
}
