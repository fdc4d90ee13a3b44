package io.github.mixtura.benchmarks;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.VonMises;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of each kernel on one batch; {@link #rows} tells how many rows that is. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
  /** Compute backend. */
  @Param("java")
  public String backend;

  /** d-K. */
  @Param({"1-5", "2-3", "8-8", "16-16", "32-10", "128-8"})
  public String shape;

  private Kernels kernels;
  private Batch batch;
  private Workspace workspace;
  private double[][] mean;
  private double[][] whitening;
  private double[][] deviations;
  private double[] constant;
  private double[] degreesOfFreedom;
  private Batch angles;
  private Workspace anglesWorkspace;
  private BatchDensity narrow;
  private double[] sums;
  private int stride;

  /** Draws a batch and parameters. */
  @Setup
  public void draw() {
    int d = Integer.parseInt(shape.split("-")[0]);
    int count = Integer.parseInt(shape.split("-")[1]);
    SplittableRandom random = new SplittableRandom(d);
    kernels = Backends.open(backend);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < kernels.batchBlocks(d, count); i++) {
      double[][] columns = new double[d][Block.ROWS];
      for (double[] column : columns) {
        Arrays.setAll(column, b -> random.nextGaussian());
      }
      blocks.add(new Block(Block.ROWS, columns, null));
    }
    batch = kernels.stage(blocks, RowContext.at(0));
    workspace = kernels.workspace(d, count, true);
    mean = new double[count][d];
    whitening = new double[count][d * (d + 1) / 2];
    deviations = new double[count][d];
    for (int k = 0; k < count; k++) {
      Arrays.setAll(mean[k], j -> 0.3 * random.nextGaussian());
      Arrays.setAll(whitening[k], j -> 0.2 * random.nextGaussian() / Math.sqrt(d));
      Arrays.fill(deviations[k], 1);
    }
    constant = new double[count];
    degreesOfFreedom = new double[count];
    Arrays.fill(degreesOfFreedom, 5);
    stride = Kernels.Order.FULL.length(d);
    sums = new double[count * stride + 2];
    drawAngles(d, count, random);
    gaussian();
  }

  private void drawAngles(int d, int count, SplittableRandom random) {
    List<VonMises> laws = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      double[] kappa = new double[d];
      Arrays.fill(kappa, 1e6);
      laws.add(VonMises.of(random.doubles(d, -3, 3).toArray(), kappa));
    }
    Observations rows =
        Observations.of(
            Stream.generate(() -> random.doubles(d, -3, 3).toArray()).limit(batch.rows()));
    angles = rows.stage(kernels, Encoding.ANGLES, count).get(0);
    anglesWorkspace = kernels.workspace(2 * d, count, false);
    narrow = laws.get(0).batchDensity(laws, constant, kernels);
  }

  /** Gives the backend's memory back. */
  @TearDown
  public void close() {
    kernels.close();
  }

  /**
   * Rows of the batch that is measured.
   *
   * @return number of rows
   */
  int rows() {
    return batch.rows();
  }

  /** Log-densities, full covariances. */
  @Benchmark
  public void gaussian() {
    kernels.gaussian(batch, mean, whitening, constant, workspace);
  }

  /** Log-densities, diagonal covariances. */
  @Benchmark
  public void diagonal() {
    kernels.gaussian(batch, mean, deviations, constant, workspace);
  }

  /** Log-densities of Student's t. */
  @Benchmark
  public void student() {
    kernels.student(batch, mean, whitening, constant, degreesOfFreedom, workspace);
  }

  /** Log-densities linear in the columns, as of von Mises. */
  @Benchmark
  public void linear() {
    kernels.linear(batch, mean, constant, workspace);
  }

  /** Log-densities of von Mises laws with κ above 1e4, from the angles themselves. */
  @Benchmark
  public void narrowAngles() {
    narrow.evaluate(angles, anglesWorkspace);
  }

  /**
   * Log-densities and responsibilities.
   *
   * @return the log-likelihood
   */
  @Benchmark
  public double gaussianAndNormalise() {
    gaussian();
    return kernels.normalise(batch, workspace, false);
  }

  /** Full second moments; the values are whatever the workspace holds. */
  @Benchmark
  public void fullMoments() {
    Arrays.fill(sums, 0);
    kernels.moments(batch, mean, Kernels.Order.FULL, workspace, sums, 0, stride);
  }

  /** Diagonal second moments. */
  @Benchmark
  public void diagonalMoments() {
    Arrays.fill(sums, 0);
    kernels.moments(batch, mean, Kernels.Order.DIAGONAL, workspace, sums, 0, stride);
  }
}
