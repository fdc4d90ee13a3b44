package io.github.mixtura.benchmarks;

import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
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

/** Time of a whole fit with default options: five k-means starts, each to tolerance 1e-8. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx4g")
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class FitBenchmark {
  /** covariance-n-d-K. */
  @Param({
    "full-300-2-3",
    "full-1000000-1-5",
    "full-1000000-2-3",
    "full-200000-8-8",
    "full-100000-16-16",
    "full-50000-32-10",
    "full-20000-128-8",
    "diag-1000000-16-32"
  })
  public String cell;

  /** Compute backend. */
  @Param("java")
  public String backend;

  private SyntheticRows data;

  /** Draws the data. */
  @Setup(Level.Trial)
  public void draw() {
    data = SyntheticRows.of(cell);
  }

  /**
   * One fit.
   *
   * @return the fit
   */
  @Benchmark
  public MixtureFit<Gaussian> fit() {
    return MixtureFitter.of(
            GaussianFamily.of(
                data.isDiagonal() ? CovarianceStructure.VVI : CovarianceStructure.VVV),
            data.start().componentCount())
        .options(EmOptions.defaults().withBackend(backend))
        .fit(data.rows());
  }
}
