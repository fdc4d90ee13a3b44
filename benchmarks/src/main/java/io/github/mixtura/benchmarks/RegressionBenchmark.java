package io.github.mixtura.benchmarks;

import io.github.mixtura.gp.GridPosterior;
import io.github.mixtura.gp.GridProcess;
import io.github.mixtura.gp.LogDeterminant;
import io.github.mixtura.gp.SpectralMixture;
import io.github.mixtura.gp.SpectralMixture.Bump;
import io.github.mixtura.gp.SpectralMixture.Component;
import io.github.mixtura.gp.SquaredExponential;
import io.github.mixtura.gp.ToeplitzPosterior;
import io.github.mixtura.gp.ToeplitzProcess;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of GP regressions of a million values, in a heap of 1 GB: a series by
 * circulant-preconditioned conjugate gradients, and a grid of 1000 × 1000 by Kronecker products.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class RegressionBenchmark {
  private static final double NOISE = 0.09;

  /** Length of the series, and number of points of the square grid. */
  @Param("1000000")
  public int points;

  private int side;
  private double[] series;
  private double[] grid;
  private double[][] axes;
  private ToeplitzProcess toeplitz;
  private GridProcess kronecker;
  private ToeplitzPosterior posterior;

  /** Draws waves with noise. */
  @Setup(Level.Trial)
  public void draw() {
    SplittableRandom random = new SplittableRandom(1);
    side = (int) Math.round(Math.sqrt(points));
    series = new double[points];
    grid = new double[side * side];
    for (int i = 0; i < side * side; i++) {
      series[i] = Math.sin(0.01 * i) + 0.3 * random.nextGaussian();
      double x = i / side / (double) side;
      double y = i % side / (double) side;
      grid[i] = Math.sin(20 * x) * Math.sin(30 * y) + 0.3 * random.nextGaussian();
    }
    axes = new double[2][side];
    for (double[] axis : axes) {
      Arrays.setAll(axis, i -> i / (double) side);
    }
    toeplitz =
        ToeplitzProcess.of(
            SpectralMixture.of(
                Bump.GAUSSIAN, List.of(new Component(1, 50, 0), new Component(0.5, 300, 0.0016))),
            NOISE);
    kronecker =
        GridProcess.of(List.of(SquaredExponential.of(0.1), SquaredExponential.of(0.1)), NOISE);
    posterior = toeplitz.fit(0, 1, series);
  }

  /**
   * Conditions on the series.
   *
   * @return the posterior mean at all points
   */
  @Benchmark
  public double[] toeplitzMean() {
    return toeplitz.fit(0, 1, series).fitted();
  }

  /**
   * Estimates the log determinant by ten probes.
   *
   * @return the estimate and its standard error
   */
  @Benchmark
  public LogDeterminant toeplitzLogDeterminant() {
    return toeplitz.fit(0, 1, series).logDeterminant();
  }

  /**
   * Computes the gradient of the likelihood, conditioning included.
   *
   * @return the gradient
   */
  @Benchmark
  public double[] toeplitzGradient() {
    return toeplitz.fit(0, 1, series).logMarginalLikelihoodGradient();
  }

  /**
   * Computes the variance at one point.
   *
   * @return the variance
   */
  @Benchmark
  public double[] toeplitzVariance() {
    return posterior.variance(points / 2 + 0.5);
  }

  /**
   * Conditions on the grid.
   *
   * @return the posterior mean at all points
   */
  @Benchmark
  public double[] kroneckerMean() {
    return kronecker.fit(axes, grid).fitted();
  }

  /**
   * Computes the gradient of the likelihood on the grid, conditioning included.
   *
   * @return the gradient
   */
  @Benchmark
  public double[] kroneckerGradient() {
    GridPosterior fitted = kronecker.fit(axes, grid);
    return fitted.logMarginalLikelihoodGradient();
  }
}
