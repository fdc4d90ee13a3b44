package io.github.mixtura.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;

/**
 * A symmetric positive definite d × d matrix Σ, full or diagonal, with its Cholesky factor.
 *
 * <p>A diagonal one holds d numbers only. A full one is factorised after scaling to unit diagonal,
 * so columns of very different units do no harm: Σ = S C S with S² the diagonal and C = L Lᵀ.
 * Matrices whose scaled form C has a reciprocal 1-norm condition below {@value #SMALLEST_CONDITION}
 * are refused.
 */
public final class Covariance {
  /** Reciprocal condition below which a matrix counts as singular. */
  public static final double SMALLEST_CONDITION = 1e-13;

  private final int dimension;
  private final boolean diagonal;

  /** Packed lower triangle, or the diagonal. */
  private final double[] values;

  /** Packed lower Cholesky factor S L, or the square roots of the diagonal. */
  private final double[] factor;

  /** Packed lower triangle of (S L)⁻¹, or the reciprocals of the square roots. */
  private final double[] whitening;

  private final double logDeterminant;

  private Covariance(
      int dimension, boolean diagonal, double[] values, double[] factor, double[] whitening) {
    this.dimension = dimension;
    this.diagonal = diagonal;
    this.values = values;
    this.factor = factor;
    this.whitening = whitening;
    double log = 0;
    for (int i = 0; i < dimension; i++) {
      log += Math.log(factor[diagonal ? i : packedIndex(i, i)]);
    }
    this.logDeterminant = 2 * log;
  }

  /**
   * A full matrix.
   *
   * @param matrix symmetric d × d; the lower triangle is read, the upper must agree to 1e-8
   *     relative
   * @return the covariance
   * @throws NotPositiveDefiniteException if it is singular or indefinite to working precision
   * @throws IllegalArgumentException if it is not square, not symmetric or not finite
   */
  public static Covariance full(DMatrixRMaj matrix) {
    Objects.requireNonNull(matrix, "matrix");
    int d = matrix.numRows;
    if (d < 1 || matrix.numCols != d) {
      throw new IllegalArgumentException(
          "covariance is " + d + " × " + matrix.numCols + ", must be square with at least one row");
    }
    double[] packed = new double[d * (d + 1) / 2];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double lower = matrix.get(i, j);
        double bound = 1e-8 * Math.sqrt(Math.abs(matrix.get(i, i)) * Math.abs(matrix.get(j, j)));
        if (Math.abs(lower - matrix.get(j, i)) > bound) {
          throw new IllegalArgumentException(
              "covariance is not symmetric: entry ("
                  + i
                  + ", "
                  + j
                  + ") is "
                  + lower
                  + ", entry ("
                  + j
                  + ", "
                  + i
                  + ") is "
                  + matrix.get(j, i));
        }
        packed[packedIndex(i, j)] = lower;
      }
    }
    return ofPackedLower(packed, d);
  }

  /**
   * A full matrix from its lower triangle.
   *
   * @param packed (0,0), (1,0), (1,1), (2,0), …: d(d+1)/2 values (read)
   * @param dimension d
   * @return the covariance
   * @throws NotPositiveDefiniteException if it is singular or indefinite to working precision
   * @throws IllegalArgumentException if the length is wrong or a value is not finite
   */
  public static Covariance ofPackedLower(double[] packed, int dimension) {
    if (dimension < 1 || packed.length != dimension * (dimension + 1L) / 2) {
      throw new IllegalArgumentException(
          "packed has " + packed.length + " values, must have d(d+1)/2 for d = " + dimension);
    }
    double[] values = packed.clone();
    requireFinite(values);
    double[] deviation = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      deviation[i] = deviation(values[packedIndex(i, i)], i);
    }
    double[] factor = correlation(values, deviation);
    double norm = norm(factor, dimension);
    cholesky(factor, dimension);
    double[] inverse = invertLower(factor, dimension);
    double condition = 1 / (norm * inverseNorm(inverse, dimension));
    if (!(condition >= SMALLEST_CONDITION)) {
      throw new NotPositiveDefiniteException(
          "covariance is singular: its reciprocal condition (scaled to unit diagonal) is "
              + condition
              + ", must be at least "
              + SMALLEST_CONDITION);
    }
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j <= i; j++) {
        factor[packedIndex(i, j)] *= deviation[i];
        inverse[packedIndex(i, j)] /= deviation[j];
      }
    }
    return new Covariance(dimension, false, values, factor, inverse);
  }

  /**
   * A diagonal matrix.
   *
   * @param variances d positive values (read)
   * @return the covariance
   * @throws NotPositiveDefiniteException if a variance is not positive, or its square root or
   *     reciprocal is not representable
   */
  public static Covariance diagonal(double... variances) {
    if (variances.length == 0) {
      throw new IllegalArgumentException("variances is empty, must have one value per column");
    }
    double[] values = variances.clone();
    requireFinite(values);
    double[] factor = new double[values.length];
    double[] whitening = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      factor[i] = deviation(values[i], i);
      whitening[i] = 1 / factor[i];
    }
    return new Covariance(values.length, true, values, factor, whitening);
  }

  private static void requireFinite(double[] values) {
    for (double v : values) {
      if (!Double.isFinite(v)) {
        throw new NotPositiveDefiniteException(
            "covariance has the entry " + v + ", must be finite");
      }
    }
  }

  private static double deviation(double variance, int i) {
    if (!(variance >= Double.MIN_NORMAL)) {
      throw new NotPositiveDefiniteException(
          "variance of column " + (i + 1) + " is " + variance + ", must be positive");
    }
    return Math.sqrt(variance);
  }

  /** Index of entry (i, j), j ≤ i, in a packed lower triangle. */
  private static int packedIndex(int i, int j) {
    return i * (i + 1) / 2 + j;
  }

  private static double[] correlation(double[] values, double[] deviation) {
    double[] c = new double[values.length];
    for (int i = 0; i < deviation.length; i++) {
      for (int j = 0; j < i; j++) {
        c[packedIndex(i, j)] = values[packedIndex(i, j)] / deviation[i] / deviation[j];
      }
      c[packedIndex(i, i)] = 1;
    }
    return c;
  }

  private static double norm(double[] symmetric, int d) {
    double[] sums = new double[d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double v = Math.abs(symmetric[packedIndex(i, j)]);
        sums[i] += v;
        if (j < i) {
          sums[j] += v;
        }
      }
    }
    double largest = 0;
    for (double sum : sums) {
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /** Replaces the lower triangle by its Cholesky factor. */
  private static void cholesky(double[] a, int d) {
    for (int i = 0; i < d; i++) {
      int rowI = packedIndex(i, 0);
      for (int j = 0; j <= i; j++) {
        int rowJ = packedIndex(j, 0);
        double sum = a[rowI + j];
        for (int m = 0; m < j; m++) {
          sum -= a[rowI + m] * a[rowJ + m];
        }
        if (j < i) {
          a[rowI + j] = sum / a[rowJ + j];
        } else if (sum > 0) {
          a[rowI + i] = Math.sqrt(sum);
        } else {
          throw new NotPositiveDefiniteException(
              "covariance is not positive definite: pivot "
                  + (i + 1)
                  + " of "
                  + d
                  + " is "
                  + sum
                  + " after scaling to unit diagonal");
        }
      }
    }
  }

  private static double[] invertLower(double[] l, int d) {
    double[] inverse = new double[l.length];
    for (int i = 0; i < d; i++) {
      int row = packedIndex(i, 0);
      double reciprocal = 1 / l[row + i];
      int m = 0;
      for (; m + 3 < i; m += 4) {
        subtractFour(l, row + m, inverse, row, m);
      }
      for (; m < i; m++) {
        double v = l[row + m];
        int rowM = packedIndex(m, 0);
        for (int j = 0; j <= m; j++) {
          inverse[row + j] -= v * inverse[rowM + j];
        }
      }
      for (int j = 0; j < i; j++) {
        inverse[row + j] *= reciprocal;
      }
      inverse[row + i] = reciprocal;
    }
    return inverse;
  }

  /** Takes rows m … m+3 times the numbers at {@code at} from a row: one pass instead of four. */
  private static void subtractFour(double[] l, int at, double[] inverse, int row, int m) {
    double v0 = l[at];
    double v1 = l[at + 1];
    double v2 = l[at + 2];
    double v3 = l[at + 3];
    int row0 = packedIndex(m, 0);
    int row1 = packedIndex(m + 1, 0);
    int row2 = packedIndex(m + 2, 0);
    int row3 = packedIndex(m + 3, 0);
    for (int j = 0; j <= m; j++) {
      inverse[row + j] -=
          (v0 * inverse[row0 + j] + v1 * inverse[row1 + j])
              + (v2 * inverse[row2 + j] + v3 * inverse[row3 + j]);
    }
    inverse[row + m + 1] -=
        v1 * inverse[row1 + m + 1] + v2 * inverse[row2 + m + 1] + v3 * inverse[row3 + m + 1];
    inverse[row + m + 2] -= v2 * inverse[row2 + m + 2] + v3 * inverse[row3 + m + 2];
    inverse[row + m + 3] -= v3 * inverse[row3 + m + 3];
  }

  /** 1-norm of (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹. */
  private static double inverseNorm(double[] inverse, int d) {
    double[] c = new double[inverse.length];
    for (int i = 0; i < d; i++) {
      int at = packedIndex(i, 0);
      int m = i;
      for (; m + 3 < d; m += 4) {
        int row0 = packedIndex(m, 0);
        int row1 = packedIndex(m + 1, 0);
        int row2 = packedIndex(m + 2, 0);
        int row3 = packedIndex(m + 3, 0);
        double v0 = inverse[row0 + i];
        double v1 = inverse[row1 + i];
        double v2 = inverse[row2 + i];
        double v3 = inverse[row3 + i];
        for (int j = 0; j <= i; j++) {
          c[at + j] +=
              (v0 * inverse[row0 + j] + v1 * inverse[row1 + j])
                  + (v2 * inverse[row2 + j] + v3 * inverse[row3 + j]);
        }
      }
      for (; m < d; m++) {
        int row = packedIndex(m, 0);
        double v = inverse[row + i];
        for (int j = 0; j <= i; j++) {
          c[at + j] += v * inverse[row + j];
        }
      }
    }
    return norm(c, d);
  }

  /**
   * Number of rows and columns.
   *
   * @return d
   */
  public int dimension() {
    return dimension;
  }

  /**
   * Whether only the diagonal is held.
   *
   * @return true for a matrix made by {@link #diagonal}
   */
  public boolean isDiagonal() {
    return diagonal;
  }

  /**
   * One entry.
   *
   * @param i row from 0
   * @param j column from 0
   * @return Σ_ij
   */
  public double get(int i, int j) {
    if (diagonal) {
      return i == j ? values[i] : 0;
    }
    return values[packedIndex(Math.max(i, j), Math.min(i, j))];
  }

  /**
   * The diagonal.
   *
   * @return d variances
   */
  public double[] variances() {
    double[] result = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      result[i] = get(i, i);
    }
    return result;
  }

  /**
   * The whole matrix.
   *
   * @return a new d × d matrix
   */
  public DMatrixRMaj toMatrix() {
    DMatrixRMaj matrix = new DMatrixRMaj(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        matrix.set(i, j, get(i, j));
      }
    }
    return matrix;
  }

  /**
   * Natural logarithm of the determinant.
   *
   * @return log |Σ|
   */
  public double logDeterminant() {
    return logDeterminant;
  }

  /**
   * The matrix A with AᵀA = Σ⁻¹ that makes A (x − μ) uncorrelated with unit variances.
   *
   * @return packed lower triangle of the inverse Cholesky factor; d values if {@link #isDiagonal}
   */
  public double[] whitening() {
    return whitening.clone();
  }

  /** The whitening as a packed lower triangle, also of a diagonal matrix. */
  double[] lowerWhitening() {
    if (!diagonal) {
      return whitening;
    }
    double[] packed = new double[dimension * (dimension + 1) / 2];
    for (int i = 0; i < dimension; i++) {
      packed[packedIndex(i, i)] = whitening[i];
    }
    return packed;
  }

  /** The whitenings of several matrices, all diagonal or all packed triangles. */
  static double[][] whitenings(List<Covariance> matrices) {
    boolean diagonal = matrices.stream().allMatch(m -> m.diagonal);
    return matrices.stream()
        .map(m -> diagonal ? m.whitening() : m.lowerWhitening().clone())
        .toArray(double[][]::new);
  }

  /**
   * Squared Mahalanobis length zᵀ Σ⁻¹ z.
   *
   * @param z d values (read)
   * @return δ² ≥ 0; ∞ where it overflows
   */
  public double squaredDistance(double[] z) {
    double sum = sumOfSquares(z);
    if (sum < Double.POSITIVE_INFINITY) {
      return sum;
    }
    // Terms that overflow may cancel.
    int down = Math.min(Distances.exponent(z, 0), Double.MAX_EXPONENT) + 2;
    int flat = Distances.exponent(whitening, 0);
    double scaled = sumOfSquares(Distances.scaled(z, -down - flat));
    return scaled < Double.POSITIVE_INFINITY
        ? Math.scalb(Math.scalb(Math.scalb(scaled, down + flat), down), flat)
        : Double.POSITIVE_INFINITY;
  }

  private double sumOfSquares(double[] z) {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      double y = 0;
      if (diagonal) {
        y = whitening[i] * z[i];
      } else {
        int row = packedIndex(i, 0);
        for (int j = 0; j <= i; j++) {
          y += whitening[row + j] * z[j];
        }
      }
      sum += y * y;
    }
    return sum;
  }

  /**
   * The product of the Cholesky factor with a vector: colours uncorrelated values.
   *
   * @param z d values (read)
   * @return L z with L Lᵀ = Σ
   */
  public double[] colour(double[] z) {
    double[] result = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      if (diagonal) {
        result[i] = factor[i] * z[i];
      } else {
        int row = packedIndex(i, 0);
        for (int j = 0; j <= i; j++) {
          result[i] += factor[row + j] * z[j];
        }
      }
    }
    return result;
  }

  /**
   * Rows and columns picked out.
   *
   * @param columns indices from 0, in the order wanted
   * @return the sub-matrix
   */
  public Covariance marginal(int... columns) {
    if (diagonal) {
      return diagonal(Arrays.stream(columns).mapToDouble(j -> values[j]).toArray());
    }
    double[] packed = new double[columns.length * (columns.length + 1) / 2];
    for (int i = 0; i < columns.length; i++) {
      for (int j = 0; j <= i; j++) {
        packed[packedIndex(i, j)] = get(columns[i], columns[j]);
      }
    }
    return ofPackedLower(packed, columns.length);
  }

  /**
   * The same matrix times a number.
   *
   * @param factor positive
   * @return factor · Σ
   */
  public Covariance scaled(double factor) {
    double[] product = values.clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= factor;
    }
    return diagonal ? diagonal(product) : ofPackedLower(product, dimension);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Covariance that
        && diagonal == that.diagonal
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < dimension; i++) {
      text.append(i == 0 ? "[" : ", [");
      for (int j = 0; j < dimension; j++) {
        text.append(j == 0 ? "" : ", ");
        double value = get(i, j);
        float rounded = (float) value;
        boolean held = Math.abs(rounded) >= Float.MIN_NORMAL && Float.isFinite(rounded);
        if (value == 0 || held) {
          text.append(rounded);
        } else {
          text.append(value);
        }
      }
      text.append(']');
    }
    return text.append(']').toString();
  }
}
