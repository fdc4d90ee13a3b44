package io.github.mixtura.sdp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ejml.data.DMatrixRMaj;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of certificates and of steps of the solvers against n, on one thread.
 *
 * <p>A step is a run that is stopped after some, divided by their number: start and rounding are
 * shared among them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SdpBenchmark {
  private static final int LOW_RANK_STEPS = 100;
  private static final int ADMM_STEPS = 10;

  /** Problems with labels of few moved rows: p = 20, K = 4, and p = 4, K = 3. */
  private static final class Problems {
    private final PengWei spheres;
    private final int[] labels;
    private final Adjusted rotated;
    private final int[] rotatedLabels;

    Problems(int n) {
      SdpDraw draw = SdpDraw.balanced(n, 20, 4, 2, 1);
      spheres = draw.problem();
      labels = draw.labels();
      SdpDraw other = SdpDraw.rotated(n, 4, 3, 10, 0.1, 10, 1);
      rotatedLabels = other.labels();
      Points points = Points.of(other.rows());
      DMatrixRMaj[] covariances =
          GroupCovariances.of(
              points, rotatedLabels, 3, new CovarianceRule(CovarianceModel.FULL, true), Run.FREE);
      rotated = Adjusted.of(points, covariances);
    }
  }

  /** For what is at most quadratic in n. */
  @State(Scope.Thread)
  public static class Many {
    /** n. */
    @Param({"200", "500", "1000", "2000"})
    public int rows;

    private Problems problems;

    /** Draws the data. */
    @Setup
    public void draw() {
      problems = new Problems(rows);
    }
  }

  /** For what is cubic in n. */
  @State(Scope.Thread)
  public static class Few {
    /** n. */
    @Param({"100", "200", "500"})
    public int rows;

    private Problems problems;

    /** Draws the data. */
    @Setup
    public void draw() {
      problems = new Problems(rows);
    }
  }

  /** One thread, until the sign to stop was looked at so many times: once per step. */
  private static Run steps(int count) {
    AtomicInteger looks = new AtomicInteger();
    return new Run(1, () -> looks.getAndIncrement() >= count);
  }

  /**
   * The rank-1 bound of SDP-relaxed K-means.
   *
   * @param many the data
   * @return the bound
   */
  @Benchmark
  public Object rankOneCertificate(Many many) {
    return PengWeiCertificate.rankOne(many.problems.spheres, many.problems.labels, Run.FREE);
  }

  /**
   * The entrywise bound of SDP-relaxed K-means.
   *
   * @param many the data
   * @return the bound
   */
  @Benchmark
  public Object entrywiseCertificate(Many many) {
    return PengWeiCertificate.entrywise(many.problems.spheres, many.problems.labels, Run.FREE);
  }

  /**
   * The bound of LA-SDP.
   *
   * @param many the data
   * @return the bound
   */
  @Benchmark
  public Object adjustedCertificate(Many many) {
    return AdjustedCertificate.of(many.problems.rotated, many.problems.rotatedLabels, Run.FREE);
  }

  /**
   * A step of the low-rank solver of SDP-relaxed K-means.
   *
   * @param many the data
   * @return where it ended
   */
  @Benchmark
  @OperationsPerInvocation(LOW_RANK_STEPS)
  public Object lowRankStep(Many many) {
    return PengWeiLowRank.solve(many.problems.spheres, null, 1, steps(LOW_RANK_STEPS));
  }

  /**
   * A step of the low-rank solver of LA-SDP.
   *
   * @param many the data
   * @return where it ended
   */
  @Benchmark
  @OperationsPerInvocation(LOW_RANK_STEPS)
  public Object adjustedLowRankStep(Many many) {
    int[] start = new int[many.rows];
    for (int i = 0; i < start.length; i++) {
      start[i] = i / 2 % 3;
    }
    return AdjustedLowRank.solve(many.problems.rotated, start, 1, steps(LOW_RANK_STEPS));
  }

  /**
   * A step of ADMM for SDP-relaxed K-means.
   *
   * @param few the data
   * @return where it ended
   */
  @Benchmark
  @OperationsPerInvocation(ADMM_STEPS)
  public Object admmStep(Few few) {
    return PengWeiAdmm.solve(few.problems.spheres, steps(ADMM_STEPS));
  }

  /**
   * A step of ADMM for LA-SDP.
   *
   * @param few the data
   * @return where it ended
   */
  @Benchmark
  @OperationsPerInvocation(ADMM_STEPS)
  public Object adjustedAdmmStep(Few few) {
    return AdjustedAdmm.solve(few.problems.rotated, 0, ADMM_STEPS, Run.FREE);
  }
}
