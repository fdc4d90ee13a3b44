package io.github.mixtura.dense;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Products, factorisations and eigenvalues of dense matrices on one thread.
 *
 * <p>Small or narrow products, and Cholesky factors of at most 64 rows, are EJML's; everything else
 * is computed by blocks with loops that the compiler vectorises. Which way is taken depends on the
 * shapes only, and the blocks use fused multiply-add in a fixed order. {@code docs/dense.md} gives
 * the measurements behind the choice.
 *
 * <p>Arguments are never changed and results are always new matrices. Null arguments throw {@link
 * NullPointerException}; shapes that do not fit throw {@link IllegalArgumentException}.
 */
public final class Dense {
  /** Fewer columns of the result leave too little for a loop along them. */
  private static final int FEWEST_COLUMNS = 12;

  /** Fewer rows, or terms of each sum, do not pay for copying panels. */
  private static final int FEWEST_ROWS = 4;

  private Dense() {}

  /**
   * Eigenvalues and orthonormal eigenvectors, {@code A = V diag(values) Vᵀ}.
   *
   * @param values n eigenvalues in ascending order; the record's own array
   * @param vectors n × n, column j belongs to {@code values[j]}; the record's own matrix
   */
  public record Eigen(double[] values, DMatrixRMaj vectors) {
    @Override
    public String toString() {
      return "Eigen(values " + Arrays.toString(values) + ", vectors " + vectors + ")";
    }
  }

  /**
   * Multiplies two matrices, {@code AB}.
   *
   * @param a m × k
   * @param b k × n
   * @return m × n
   * @throws IllegalArgumentException if the columns of {@code a} are not as many as the rows of
   *     {@code b}
   */
  public static DMatrixRMaj multiply(DMatrixRMaj a, DMatrixRMaj b) {
    return multiply(a, b, () -> false);
  }

  /**
   * As {@link #multiply(DMatrixRMaj, DMatrixRMaj)}.
   *
   * @param a m × k
   * @param b k × n
   * @param stop asked before each 128 terms of 256 columns
   * @return m × n
   * @throws IllegalArgumentException if the columns of {@code a} are not as many as the rows of
   *     {@code b}
   * @throws CancellationException once {@code stop} is true
   */
  public static DMatrixRMaj multiply(DMatrixRMaj a, DMatrixRMaj b, BooleanSupplier stop) {
    requireSame("a.numCols", a.numCols, "b.numRows", b.numRows);
    DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.numCols);
    if (isSmall(a.numRows, a.numCols, b.numCols)) {
      CommonOps_DDRM.mult(a, b, c);
    } else {
      Products.add(1, Slice.of(a), Slice.of(b), Slice.of(c), false, stop);
    }
    return c;
  }

  /**
   * Multiplies with the transpose of the first matrix, {@code AᵀB}.
   *
   * @param a k × m
   * @param b k × n
   * @return m × n
   * @throws IllegalArgumentException if the matrices have different numbers of rows
   */
  public static DMatrixRMaj multiplyTransA(DMatrixRMaj a, DMatrixRMaj b) {
    requireSame("a.numRows", a.numRows, "b.numRows", b.numRows);
    DMatrixRMaj c = new DMatrixRMaj(a.numCols, b.numCols);
    if (isSmall(a.numCols, a.numRows, b.numCols)) {
      CommonOps_DDRM.multTransA(a, b, c);
    } else {
      Products.add(1, Slice.of(a).transposed(), Slice.of(b), Slice.of(c), false);
    }
    return c;
  }

  /**
   * Multiplies with the transpose of the second matrix, {@code ABᵀ}.
   *
   * @param a m × k
   * @param b n × k
   * @return m × n
   * @throws IllegalArgumentException if the matrices have different numbers of columns
   */
  public static DMatrixRMaj multiplyTransB(DMatrixRMaj a, DMatrixRMaj b) {
    return multiplyTransB(a, b, () -> false);
  }

  /**
   * As {@link #multiplyTransB(DMatrixRMaj, DMatrixRMaj)}.
   *
   * @param a m × k
   * @param b n × k
   * @param stop asked before each 128 terms of 256 columns
   * @return m × n
   * @throws IllegalArgumentException if the matrices have different numbers of columns
   * @throws CancellationException once {@code stop} is true
   */
  public static DMatrixRMaj multiplyTransB(DMatrixRMaj a, DMatrixRMaj b, BooleanSupplier stop) {
    requireSame("a.numCols", a.numCols, "b.numCols", b.numCols);
    DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.numRows);
    if (isSmall(a.numRows, a.numCols, b.numRows)) {
      CommonOps_DDRM.multTransB(a, b, c);
    } else {
      Products.add(1, Slice.of(a), Slice.of(b).transposed(), Slice.of(c), false, stop);
    }
    return c;
  }

  /**
   * Multiplies the transpose of a matrix with the matrix, {@code AᵀA}; half the work of a product.
   *
   * @param a k × n
   * @return n × n, exactly symmetric
   */
  public static DMatrixRMaj crossProduct(DMatrixRMaj a) {
    return crossProduct(a, () -> false);
  }

  /**
   * As {@link #crossProduct(DMatrixRMaj)}.
   *
   * @param a k × n
   * @param stop asked before each 128 terms of 256 columns
   * @return n × n, exactly symmetric
   * @throws CancellationException once {@code stop} is true
   */
  public static DMatrixRMaj crossProduct(DMatrixRMaj a, BooleanSupplier stop) {
    DMatrixRMaj c = new DMatrixRMaj(a.numCols, a.numCols);
    if (isSmall(a.numCols, a.numRows, a.numCols / 2)) {
      CommonOps_DDRM.multInner(a, c);
    } else {
      Products.add(1, Slice.of(a).transposed(), Slice.of(a), Slice.of(c), true, stop);
      mirror(c);
    }
    return c;
  }

  /**
   * Multiplies a matrix with its transpose, {@code AAᵀ}; half the work of a product.
   *
   * @param a n × k
   * @return n × n, exactly symmetric
   */
  public static DMatrixRMaj outerProduct(DMatrixRMaj a) {
    DMatrixRMaj c = new DMatrixRMaj(a.numRows, a.numRows);
    if (isSmall(a.numRows, a.numCols, a.numRows / 2)) {
      CommonOps_DDRM.multOuter(a, c);
    } else {
      Products.add(1, Slice.of(a), Slice.of(a).transposed(), Slice.of(c), true);
      mirror(c);
    }
    return c;
  }

  private static void mirror(DMatrixRMaj c) {
    int n = c.numRows;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        c.data[j * n + i] = c.data[i * n + j];
      }
    }
  }

  /**
   * Factorises a symmetric positive definite matrix, {@code A = LLᵀ}.
   *
   * @param a n × n; only its lower triangle is read
   * @return L, lower triangular with a positive diagonal and zeros above it; empty if {@code a} is
   *     not positive definite in double precision or not finite
   * @throws IllegalArgumentException if {@code a} is not square
   */
  public static Optional<DMatrixRMaj> cholesky(DMatrixRMaj a) {
    requireSame("a.numRows", a.numRows, "a.numCols", a.numCols);
    DMatrixRMaj factor = a.copy();
    return Triangles.factorise(factor) ? Optional.of(factor) : Optional.empty();
  }

  /**
   * Solves {@code LLᵀX = B} for X.
   *
   * @param lower n × n as {@link #cholesky} gives it; only its lower triangle is read
   * @param b n × r
   * @return X, n × r; not finite if the diagonal of {@code lower} has a zero
   * @throws IllegalArgumentException if {@code lower} is not square or has not as many rows as
   *     {@code b}
   */
  public static DMatrixRMaj solveCholesky(DMatrixRMaj lower, DMatrixRMaj b) {
    DMatrixRMaj x = solveLower(lower, b);
    Triangles.solveUpper(Slice.of(lower).transposed(), Slice.of(x));
    return x;
  }

  /**
   * Solves {@code LX = B} for X; with L a Cholesky factor this whitens the columns of B.
   *
   * @param lower n × n; only its lower triangle is read
   * @param b n × r
   * @return X, n × r; not finite if the diagonal of {@code lower} has a zero
   * @throws IllegalArgumentException if {@code lower} is not square or has not as many rows as
   *     {@code b}
   */
  public static DMatrixRMaj solveLower(DMatrixRMaj lower, DMatrixRMaj b) {
    requireSame("lower.numRows", lower.numRows, "lower.numCols", lower.numCols);
    requireSame("lower.numRows", lower.numRows, "b.numRows", b.numRows);
    DMatrixRMaj x = b.copy();
    Triangles.solveLower(Slice.of(lower), Slice.of(x));
    return x;
  }

  /**
   * Computes all eigenvalues and eigenvectors of a symmetric matrix.
   *
   * <p>Householder reduction to tridiagonal form and QL steps with implicit shifts (Dubrulle,
   * Martin and Wilkinson 1968, doi:10.1007/BF02165404). Errors of the eigenvalues, and {@code AV −
   * V diag(values)}, are of the order of n·ε·‖A‖: small eigenvalues are not relatively accurate.
   * About 8n³ operations. The sign of each vector is arbitrary, but the same at every call.
   *
   * @param a n × n; only its lower triangle is read
   * @return eigenvalues ascending, with their vectors
   * @throws IllegalArgumentException if {@code a} is not square or not finite
   */
  public static Eigen symmetricEigen(DMatrixRMaj a) {
    return symmetricEigen(a, () -> false);
  }

  /**
   * As {@link #symmetricEigen(DMatrixRMaj)}.
   *
   * @param a n × n; only its lower triangle is read
   * @param stop asked before each reflection and each strip of rotations, O(n²) operations
   * @return eigenvalues ascending, with their vectors
   * @throws IllegalArgumentException if {@code a} is not square or not finite
   * @throws CancellationException once {@code stop} is true
   */
  public static Eigen symmetricEigen(DMatrixRMaj a, BooleanSupplier stop) {
    requireSame("a.numRows", a.numRows, "a.numCols", a.numCols);
    int n = a.numRows;
    if (n == 0) {
      return new Eigen(new double[0], new DMatrixRMaj(0, 0));
    }
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double value = a.unsafe_get(i, j);
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException(
              "a[" + i + "][" + j + "] = " + value + ", must be finite");
        }
        largest = Math.max(largest, Math.abs(value));
      }
    }
    // Powers of two: scaling and back are exact, and neither leaves the range of doubles.
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    double[][] rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        rows[i][j] = rows[j][i] = Math.scalb(a.unsafe_get(i, j), -exponent);
      }
    }
    Tridiagonal eigen = new Tridiagonal(rows, stop);
    double[] found = eigen.values();
    Integer[] order = new Integer[n];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, Comparator.comparingDouble(j -> found[j]));
    double[] values = new double[n];
    Arrays.setAll(values, j -> Math.scalb(found[order[j]], exponent));
    DMatrixRMaj vectors = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        vectors.unsafe_set(i, j, eigen.component(i, order[j]));
      }
    }
    return new Eigen(values, vectors);
  }

  static void check(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new CancellationException("stopped before it was computed");
    }
  }

  private static boolean isSmall(int rows, int inner, int columns) {
    return columns < FEWEST_COLUMNS || rows < FEWEST_ROWS || inner < FEWEST_ROWS;
  }

  private static void requireSame(String one, int value, String other, int wanted) {
    if (value != wanted) {
      throw new IllegalArgumentException(
          one + " = " + value + ", must be " + other + " = " + wanted);
    }
  }
}
