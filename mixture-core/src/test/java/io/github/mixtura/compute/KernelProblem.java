package io.github.mixtura.compute;

import io.github.mixtura.compute.Kernels.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Seeded rows and parameters of one shape, and how to run kernels over all batches of them.
 *
 * @param blocks the rows; the columns of the last block are longer than its rows and end in NaN
 * @param means K × d
 * @param triangles K packed lower triangles
 * @param diagonals K × d
 * @param constants K values
 * @param degreesOfFreedom K values
 */
record KernelProblem(
    List<Block> blocks,
    double[][] means,
    double[][] triangles,
    double[][] diagonals,
    double[] constants,
    double[] degreesOfFreedom) {

  /** What every sum holds before anything is added. */
  static final double INITIAL = 0.125;

  private static final double[] DEGREES = {2.5, 30, 0.5, 7, 1, 4, 100};

  static KernelProblem random(int rows, int columns, int components, boolean weighted) {
    RandomGenerator random = new SplittableRandom(1000L * rows + 10L * columns + components);
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < rows; from += Block.ROWS) {
      int count = Math.min(Block.ROWS, rows - from);
      double[][] values = new double[columns][];
      for (int j = 0; j < columns; j++) {
        values[j] = draws(random, count, 0.5 * j, 1.5);
      }
      double[] weights = weighted ? random.doubles(count, 0.1, 5).toArray() : null;
      blocks.add(new Block(count, values, weights));
    }
    double[][] means = new double[components][];
    double[][] triangles = new double[components][];
    double[][] diagonals = new double[components][];
    for (int k = 0; k < components; k++) {
      means[k] = Arrays.copyOf(draws(random, columns, 0, 2), columns);
      triangles[k] =
          Arrays.copyOf(
              draws(random, columns * (columns + 1) / 2, 0, 0.7), columns * (columns + 1) / 2);
      diagonals[k] = random.doubles(columns, 0.2, 2).toArray();
    }
    return new KernelProblem(
        List.copyOf(blocks),
        means,
        triangles,
        diagonals,
        random.doubles(components, -5, 1).toArray(),
        Arrays.copyOf(DEGREES, components));
  }

  /** Normal numbers; a count that is no full block is followed by three NaN. */
  private static double[] draws(RandomGenerator random, int count, double mean, double deviation) {
    double[] result = new double[count == Block.ROWS ? count : count + 3];
    Arrays.fill(result, Double.NaN);
    for (int i = 0; i < count; i++) {
      result[i] = mean + deviation * random.nextGaussian();
    }
    return result;
  }

  int rows() {
    return blocks.stream().mapToInt(Block::rows).sum();
  }

  int columns() {
    return means[0].length;
  }

  int components() {
    return means.length;
  }

  double x(int row, int column) {
    return blocks.get(row / Block.ROWS).columns()[column][row % Block.ROWS];
  }

  double weight(int row) {
    double[] weights = blocks.get(row / Block.ROWS).weights();
    return weights == null ? 1 : weights[row % Block.ROWS];
  }

  /** |x_ij − μ_kj|. */
  double distance(int row, int column, int component) {
    return Math.abs(x(row, column) - means[component][column]);
  }

  /** Σ_i (Σ_j |a_ij (x_j − μ_j)|)². */
  double distanceMagnitude(int row, int component, double[] whitening) {
    double sum = 0;
    for (int i = 0; i < columns(); i++) {
      double y = 0;
      if (whitening.length == columns()) {
        y = Math.abs(whitening[i]) * distance(row, i, component);
      } else {
        for (int j = 0; j <= i; j++) {
          y += Math.abs(whitening[i * (i + 1) / 2 + j]) * distance(row, j, component);
        }
      }
      sum += y * y;
    }
    return sum;
  }

  /** K × n log-densities with a given spread. */
  double[][] values(double spread) {
    RandomGenerator random = new SplittableRandom(rows() + 7L * components());
    double[][] values = new double[components()][rows()];
    for (double[] row : values) {
      Arrays.setAll(row, i -> spread * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  void write(Batch batch, Workspace workspace, double[][] values) {
    int first = (int) batch.row(0);
    for (int k = 0; k < values.length; k++) {
      workspace.write(batch, k, Arrays.copyOfRange(values[k], first, first + batch.rows()));
    }
  }

  List<Batch> stage(Kernels kernels) {
    int size = Math.max(1, kernels.batchBlocks(columns(), components()));
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < blocks.size(); from += size) {
      int to = (int) Math.min(blocks.size(), (long) from + size);
      batches.add(kernels.stage(blocks.subList(from, to), RowContext.at((long) from * Block.ROWS)));
    }
    return batches;
  }

  /** What is done with one batch. */
  interface Step {
    /** Returns a number that is summed over the batches. */
    double run(Kernels kernels, Batch batch, Workspace workspace, double[] sums);
  }

  /**
   * What a run left behind.
   *
   * @param values K × n values of the workspace
   * @param logSums n values
   * @param sums the accumulated sums
   * @param total the sum of the returned numbers
   */
  record Outcome(double[][] values, double[] logSums, double[] sums, double total) {
    double value(int component, int row) {
      return values[component][row];
    }
  }

  /** One workspace serves all batches, as in a fit. */
  Outcome run(Kernels kernels, Step step) {
    int n = rows();
    double[] sums = new double[10 + components() * (4 + Order.FULL.length(columns()))];
    Arrays.fill(sums, INITIAL);
    double[][] values = new double[components()][n];
    double[] logSums = new double[n];
    double total = 0;
    try (Workspace workspace = kernels.workspace(columns(), components(), true)) {
      for (Batch batch : stage(kernels)) {
        total += step.run(kernels, batch, workspace, sums);
        double[] part = new double[batch.rows()];
        for (int k = 0; k < components(); k++) {
          workspace.read(batch, k, part);
          System.arraycopy(part, 0, values[k], (int) batch.row(0), part.length);
        }
        workspace.readLogSums(batch, part);
        System.arraycopy(part, 0, logSums, (int) batch.row(0), part.length);
        batch.close();
      }
    }
    return new Outcome(values, logSums, sums, total);
  }

  @Override
  public String toString() {
    return rows()
        + " rows, d = "
        + columns()
        + ", K = "
        + components()
        + (blocks.get(0).weights() == null ? "" : ", weighted");
  }

  /** A hash over the bits of the results of every operation. */
  long digest(Kernels kernels) {
    long hash = 1;
    for (double[][] whitening : List.of(triangles, diagonals)) {
      hash =
          hash(
              hash,
              (k, batch, workspace, sums) -> {
                k.gaussian(batch, means, whitening, constants, workspace);
                return normalisedMoments(k, batch, workspace, sums, Order.FULL);
              },
              kernels);
      hash =
          hash(
              hash,
              (k, batch, workspace, sums) -> {
                k.student(batch, means, whitening, constants, degreesOfFreedom, workspace);
                double total = k.normalise(batch, workspace, true);
                k.studentDegrees(
                    batch,
                    columns(),
                    degreesOfFreedom,
                    workspace,
                    sums,
                    2,
                    2,
                    2 + 2 * components());
                k.studentWeights(batch, columns(), degreesOfFreedom, workspace, sums, 1, 1);
                k.moments(
                    batch,
                    means,
                    Order.DIAGONAL,
                    workspace,
                    sums,
                    0,
                    Order.DIAGONAL.length(columns()));
                return total;
              },
              kernels);
    }
    return hash(
        hash,
        (k, batch, workspace, sums) -> {
          k.linear(batch, means, constants, workspace);
          return normalisedMoments(k, batch, workspace, sums, Order.FIRST);
        },
        kernels);
  }

  private double normalisedMoments(
      Kernels kernels, Batch batch, Workspace workspace, double[] sums, Order order) {
    double total = kernels.normalise(batch, workspace, order != Order.FULL);
    kernels.moments(batch, means, order, workspace, sums, 0, order.length(columns()));
    return total;
  }

  private long hash(long start, Step step, Kernels kernels) {
    Outcome outcome = run(kernels, step);
    long hash = 31 * start + Double.doubleToLongBits(outcome.total());
    hash = 31 * hash + Arrays.deepHashCode(outcome.values());
    return 31 * hash + Arrays.hashCode(outcome.sums());
  }
}
