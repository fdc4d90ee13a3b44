package io.github.mixtura.em.init;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.execution.RunOptions;
import io.github.mixtura.mixture.Mixing;
import io.github.mixtura.mixture.Mixture;
import io.github.mixtura.mixture.MixtureScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * A sample of rows as points in which Euclidean distance makes sense: columns scaled to unit
 * variance, angles as cosine and sine.
 */
final class Features {
  /** Keeps the groups of degenerate columns apart from singular ones. */
  private static final double RIDGE = 1e-6;

  /** Differences of coordinates between two looks at the clock: about a tenth of a second. */
  private static final long BETWEEN_LOOKS = 100_000_000;

  private final double[][] columns;
  private final double[][] points;
  private final double[] weights;
  private final Encoder encoder;
  private final boolean complete;

  private Features(
      double[][] columns, double[][] points, double[] weights, Encoder encoder, boolean complete) {
    this.columns = columns;
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
      boolean scaled = data.encoding().isEuclidean(j) && variance > 0;
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
    return new Features(points, points, weights, encoder, complete);
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

  /** Some of the points, columns scaled to unit variance among them. */
  Features only(int[] kept) {
    int d = points[0].length;
    double[] share = Arrays.stream(kept).mapToDouble(i -> weights[i]).toArray();
    double total = Arrays.stream(share).sum();
    double[] mean = new double[d];
    double[] variance = new double[d];
    for (int i = 0; i < kept.length; i++) {
      for (int j = 0; j < d; j++) {
        mean[j] += share[i] / total * points[kept[i]][j];
      }
    }
    for (int i = 0; i < kept.length; i++) {
      for (int j = 0; j < d; j++) {
        double step = points[kept[i]][j] - mean[j];
        variance[j] += share[i] / total * step * step;
      }
    }
    double[] centre = encoder.centre().clone();
    double[] scale = encoder.scale().clone();
    for (int j = 0; j < d; j++) {
      boolean scaled = encoder.data().encoding().isEuclidean(j) && variance[j] > 0;
      centre[j] += mean[j] / scale[j];
      scale[j] *= scaled ? 1 / Math.sqrt(variance[j]) : 1;
    }
    Encoder other = new Encoder(encoder.data(), centre, scale, null);
    double[][] left = new double[kept.length][d];
    for (int i = 0; i < kept.length; i++) {
      for (int j = 0; j < d; j++) {
        left[i][j] = (points[kept[i]][j] - mean[j]) * (scale[j] / encoder.scale()[j]);
      }
    }
    return new Features(left, left, share, other, false);
  }

  double[][] points() {
    return points;
  }

  double[] weights() {
    return weights;
  }

  /**
   * Index of the nearest centre for every row of the data; once time is up, of that which is
   * nearest in the coordinate in which the centres differ most.
   */
  int[] nearest(Initializer.Data data, double[][] centres) {
    int[] labels = new int[data.rows().rows()];
    if (complete) {
      int done = label(centres, labels, data.hurry());
      if (done < labels.length) {
        labelAlongWidest(centres, labels, done);
      }
      return labels;
    }
    // The nearest centre c has the largest c·p − ½|c|², which is linear in the encoded row.
    List<Nearest> laws = new ArrayList<>();
    for (double[] centre : centres) {
      double[] coefficients = encoder.coefficients(centre);
      double constant = -0.5 * squaredDistance(centre, new double[centre.length]);
      for (int j = 0; j < coefficients.length; j++) {
        constant -= coefficients[j] * encoder.centre()[j];
      }
      laws.add(new Nearest(data.encoding(), data.rows().columns(), coefficients, constant));
    }
    return labels(Mixture.of(laws, Mixing.constant(uniform(laws.size()))), data);
  }

  /** By one thread: other fits may have the others. */
  private static int[] labels(Mixture<?> mixture, Initializer.Data data) {
    return MixtureScores.of(mixture, RunOptions.defaults().withThreads(1)).labels(data.rows());
  }

  private static double[] uniform(int count) {
    double[] shares = new double[count];
    Arrays.fill(shares, 1.0 / count);
    return shares;
  }

  /** What stands for the density of a centre: highest where the centre is nearest. */
  private record Nearest(Encoding encoding, int dimension, double[] coefficients, double constant)
      implements Component {
    @Override
    public double logDensity(double... x) {
      double[][] columns = new double[x.length][1];
      for (int j = 0; j < x.length; j++) {
        columns[j][0] = x[j];
      }
      double[][] encoded = encoding.encode(columns, 1);
      double sum = constant;
      for (int j = 0; j < coefficients.length; j++) {
        sum += coefficients[j] * encoded[j][0];
      }
      return sum;
    }

    @Override
    public BatchDensity batchDensity(
        List<? extends Component> components, double[] logWeights, Kernels kernels) {
      double[][] coefficients =
          components.stream().map(c -> ((Nearest) c).coefficients).toArray(double[][]::new);
      double[] constants = components.stream().mapToDouble(c -> ((Nearest) c).constant).toArray();
      return (batch, workspace) -> kernels.linear(batch, coefficients, constants, workspace);
    }
  }

  /**
   * Index of the group whose Gaussian density, times its share, is highest for every row.
   *
   * @param labels groups of the points, all used; their covariances are drawn to the pooled one by
   *     as much as d + 1 rows would
   */
  int[] likeliest(Initializer.Data data, int[] labels, int groups) {
    int d = columns[0].length;
    double[] size = new double[groups];
    double[][] means = new double[groups][d];
    for (int i = 0; i < labels.length; i++) {
      size[labels[i]] += weights[i];
      for (int j = 0; j < d; j++) {
        means[labels[i]][j] += weights[i] * columns[i][j];
      }
    }
    double total = Arrays.stream(size).sum();
    for (int k = 0; k < groups; k++) {
      for (int j = 0; j < d; j++) {
        means[k][j] /= size[k];
      }
    }
    double[][] scatters = new double[groups][d * (d + 1) / 2];
    double[] pooled = new double[d * (d + 1) / 2];
    for (int i = 0; i < labels.length; i++) {
      double[] mean = means[labels[i]];
      for (int j = 0, e = 0; j < d; j++) {
        double step = weights[i] * (columns[i][j] - mean[j]);
        for (int l = 0; l <= j; l++, e++) {
          scatters[labels[i]][e] += step * (columns[i][l] - mean[l]);
          pooled[e] += step * (columns[i][l] - mean[l]) / total;
        }
      }
    }
    double prior = (d + 1) * total / labels.length;
    List<Gaussian> laws = new ArrayList<>();
    for (int k = 0; k < groups; k++) {
      double[] covariance = scatters[k];
      for (int j = 0, e = 0; j < d; j++) {
        for (int l = 0; l <= j; l++, e++) {
          double ridge = j == l ? RIDGE : 0;
          covariance[e] =
              ((covariance[e] + prior * pooled[e]) / (size[k] + prior) + ridge)
                  / (encoder.scale()[j] * encoder.scale()[l]);
        }
        means[k][j] = encoder.centre()[j] + means[k][j] / encoder.scale()[j];
      }
      laws.add(Gaussian.of(means[k], Covariance.ofPackedLower(covariance, d)));
    }
    Arrays.setAll(size, k -> size[k] / total);
    return labels(Mixture.of(laws, size), data);
  }

  /**
   * Labels points with their nearest centres until time is up; returns how many were labelled.
   *
   * @param labels written
   */
  int label(double[][] centres, int[] labels, BooleanSupplier hurry) {
    long work = (long) centres.length * points[0].length;
    int most = (int) Math.min(points.length, 1 + BETWEEN_LOOKS / work);
    for (int i = 0; i < points.length; i++) {
      if (i > 0 && i % most == 0 && hurry.getAsBoolean()) {
        return i;
      }
      labels[i] = nearest(points[i], centres);
    }
    return points.length;
  }

  /** Labels points from {@code first} on with the centre whose one coordinate is nearest. */
  private void labelAlongWidest(double[][] centres, int[] labels, int first) {
    int axis = widest(centres);
    int[] order =
        IntStream.range(0, centres.length)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> centres[k][axis]))
            .mapToInt(k -> k)
            .toArray();
    double[] sorted = Arrays.stream(order).mapToDouble(k -> centres[k][axis]).toArray();
    for (int i = first; i < labels.length; i++) {
      double value = points[i][axis];
      int at = Arrays.binarySearch(sorted, value);
      int above = Math.min(at < 0 ? -at - 1 : at, sorted.length - 1);
      int below = Math.max(above - 1, 0);
      labels[i] = order[value - sorted[below] < sorted[above] - value ? below : above];
    }
  }

  /** The coordinate of the largest range. */
  private static int widest(double[][] centres) {
    int widest = 0;
    double most = -1;
    for (int j = 0; j < centres[0].length; j++) {
      int axis = j;
      DoubleSummaryStatistics values =
          Arrays.stream(centres).mapToDouble(c -> c[axis]).summaryStatistics();
      if (values.getMax() - values.getMin() > most) {
        most = values.getMax() - values.getMin();
        widest = j;
      }
    }
    return widest;
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
   * The same rows on uncorrelated axes, each column's length the square root of what it was;
   * directions without variance are left out.
   */
  Features turned() {
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
        double factor = Math.pow((points.length - 1) * variance, -0.25);
        Arrays.setAll(axis, j -> axis[j] * factor);
        axes.add(axis);
      }
    }
    double[][] directions = axes.toArray(double[][]::new);
    double[][] turned =
        Arrays.stream(points).map(p -> Encoder.turn(p, directions)).toArray(double[][]::new);
    return new Features(columns, turned, weights, encoder.turned(directions), complete);
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
