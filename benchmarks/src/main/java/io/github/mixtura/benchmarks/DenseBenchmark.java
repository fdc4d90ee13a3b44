package io.github.mixtura.benchmarks;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;
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
import org.openjdk.jmh.annotations.Warmup;

/** Time of dense products and factorisations of square matrices, beside EJML's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class DenseBenchmark {
  /** What is computed; {@code solve} has as many right-hand sides as rows. */
  @Param public Operation op;

  /** Rows and columns. */
  @Param({"4", "16", "64", "128", "256", "512", "1000"})
  public int size;

  private DMatrixRMaj a;
  private DMatrixRMaj b;
  private DMatrixRMaj positive;
  private DMatrixRMaj factor;
  private LinearSolverDense<DMatrixRMaj> solver;

  /** The operations. */
  public enum Operation {
    /** AB. */
    MULTIPLY,
    /** AᵀB. */
    TRANS_A,
    /** ABᵀ. */
    TRANS_B,
    /** AᵀA. */
    CROSS,
    /** AAᵀ. */
    OUTER,
    /** Cholesky factor. */
    CHOLESKY,
    /** Solution with a given factor. */
    SOLVE,
    /** Eigenvalues and eigenvectors. */
    EIGEN
  }

  /** Draws the matrices. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(size);
    a = new DMatrixRMaj(size, size);
    b = new DMatrixRMaj(size, size);
    Arrays.setAll(a.data, i -> random.nextDouble(-1, 1));
    Arrays.setAll(b.data, i -> random.nextDouble(-1, 1));
    positive = Dense.outerProduct(a);
    for (int i = 0; i < size; i++) {
      positive.add(i, i, 1);
    }
    factor = Dense.cholesky(positive).orElseThrow();
    solver = LinearSolverFactory_DDRM.chol(size);
    if (!solver.setA(positive.copy())) {
      throw new IllegalStateException("the matrix is positive definite");
    }
  }

  /**
   * This library.
   *
   * @return the result
   */
  @Benchmark
  public Object dense() {
    return switch (op) {
      case MULTIPLY -> Dense.multiply(a, b);
      case TRANS_A -> Dense.multiplyTransA(a, b);
      case TRANS_B -> Dense.multiplyTransB(a, b);
      case CROSS -> Dense.crossProduct(a);
      case OUTER -> Dense.outerProduct(a);
      case CHOLESKY -> Dense.cholesky(positive);
      case SOLVE -> Dense.solveCholesky(factor, b);
      case EIGEN -> Dense.symmetricEigen(positive);
    };
  }

  /**
   * EJML, with new results like this library.
   *
   * @return the result
   */
  @Benchmark
  public Object ejml() {
    DMatrixRMaj c = new DMatrixRMaj(size, size);
    switch (op) {
      case MULTIPLY -> CommonOps_DDRM.mult(a, b, c);
      case TRANS_A -> CommonOps_DDRM.multTransA(a, b, c);
      case TRANS_B -> CommonOps_DDRM.multTransB(a, b, c);
      case CROSS -> CommonOps_DDRM.multInner(a, c);
      case OUTER -> CommonOps_DDRM.multOuter(a, c);
      case CHOLESKY -> {
        CholeskyDecomposition_F64<DMatrixRMaj> cholesky =
            DecompositionFactory_DDRM.chol(size, true);
        c.setTo(positive);
        return cholesky.decompose(c) ? cholesky.getT(null) : null;
      }
      case SOLVE -> solver.solve(b, c);
      case EIGEN -> {
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
        c.setTo(positive);
        return eigen.decompose(c) ? eigen : null;
      }
    }
    return c;
  }
}
