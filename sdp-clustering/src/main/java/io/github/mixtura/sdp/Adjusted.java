package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import org.ejml.data.DMatrixRMaj;

/**
 * The likelihood-adjusted clustering problem for given covariances: maximise {@code Σ_k ⟨C_k,
 * Z_k⟩}.
 *
 * <p>With {@code d_k(i, j) = (x_i − x_j)ᵀ S_k⁻¹ (x_i − x_j)}, the matrices are {@code C_k[i][j] =
 * −d_k(i, j)/2 − log det S_k}, and a partition has {@code Z_k = 1_k 1_kᵀ/n_k}. No inverse is
 * formed: {@code S_k = L_k L_kᵀ} by Cholesky, the rows are whitened to {@code L_k⁻¹ x}, and {@code
 * C_k} is never stored. Covariances that are one object share their whitened rows. Immutable.
 */
final class Adjusted {
  private final Points points;
  private final double[][][] white;
  private final double[][] halves;
  private final double[] logDeterminants;
  private final double[] spreads;

  private Adjusted(Points points, double[][][] white, double[] logDeterminants, double[] spreads) {
    this.points = points;
    this.white = white;
    this.logDeterminants = logDeterminants;
    this.spreads = spreads;
    this.halves = new double[white.length][];
    for (int k = 0; k < white.length; k++) {
      int same = first(white, k);
      halves[k] = same < k ? halves[same] : halfNorms(white[k], points.count());
    }
  }

  private static int first(Object[] objects, int k) {
    int same = 0;
    while (objects[same] != objects[k]) {
      same++;
    }
    return same;
  }

  private static double[] halfNorms(double[][] columns, int n) {
    double[] half = new double[n];
    for (double[] column : columns) {
      for (int i = 0; i < n; i++) {
        half[i] += 0.5 * column[i] * column[i];
      }
    }
    return half;
  }

  /**
   * Makes the problem.
   *
   * @param points n rows of p columns
   * @param covariances K symmetric positive definite matrices, p × p; read now, not kept
   * @throws IllegalArgumentException if there is none, or one has another shape or is not positive
   *     definite
   */
  static Adjusted of(Points points, DMatrixRMaj[] covariances) {
    int p = points.dimension();
    if (covariances.length == 0) {
      throw new IllegalArgumentException("covariances has no matrix, must have one per group");
    }
    double[][][] white = new double[covariances.length][][];
    double[] logDeterminants = new double[covariances.length];
    double[] spreads = new double[covariances.length];
    for (int k = 0; k < covariances.length; k++) {
      DMatrixRMaj covariance = covariances[k];
      int same = first(covariances, k);
      if (same < k) {
        white[k] = white[same];
        logDeterminants[k] = logDeterminants[same];
        spreads[k] = spreads[same];
        continue;
      }
      if (covariance.numRows != p || covariance.numCols != p) {
        throw new IllegalArgumentException(
            "covariances[%d] is %d x %d, must be %d x %d"
                .formatted(k, covariance.numRows, covariance.numCols, p, p));
      }
      int index = k;
      DMatrixRMaj lower =
          Dense.cholesky(covariance)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "covariances["
                              + index
                              + "] is not positive definite, must be; shrink it or use fewer"
                              + " columns"));
      white[k] = whiten(points, lower);
      spreads[k] = spread(lower);
      for (int j = 0; j < p; j++) {
        logDeterminants[k] += 2 * Math.log(lower.unsafe_get(j, j));
      }
    }
    return new Adjusted(points, white, logDeterminants, spreads);
  }

  /** Solves {@code L y = x} for all rows at once; column j of the result is an array of n. */
  private static double[][] whiten(Points points, DMatrixRMaj lower) {
    int n = points.count();
    int p = points.dimension();
    double[] rows = points.rows().data;
    double[][] columns = new double[p][n];
    for (int j = 0; j < p; j++) {
      double[] column = columns[j];
      for (int i = 0; i < n; i++) {
        column[i] = rows[i * p + j];
      }
      for (int q = 0; q < j; q++) {
        double factor = lower.unsafe_get(j, q);
        double[] before = columns[q];
        for (int i = 0; i < n; i++) {
          column[i] -= factor * before[i];
        }
      }
      double diagonal = lower.unsafe_get(j, j);
      for (int i = 0; i < n; i++) {
        column[i] /= diagonal;
      }
    }
    return columns;
  }

  /**
   * Bounds ‖|L⁻¹||L|‖, which limits the relative error of whitened rows: substitution gives the
   * solution of {@code (L + δL) y = x} with {@code |δL| ≤ p ε |L|}, so that {@code |δy| ≤ p ε
   * |L⁻¹||L||y|} up to terms of order ε².
   */
  private static double spread(DMatrixRMaj lower) {
    int p = lower.numRows;
    DMatrixRMaj identity = new DMatrixRMaj(p, p);
    for (int j = 0; j < p; j++) {
      identity.set(j, j, 1);
    }
    DMatrixRMaj inverse = Dense.solveLower(lower, identity);
    double squares = 0;
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        double sum = 0;
        for (int q = j; q <= i; q++) {
          sum += Math.abs(inverse.unsafe_get(i, q)) * Math.abs(lower.unsafe_get(q, j));
        }
        squares += sum * sum;
      }
    }
    return Math.sqrt(squares);
  }

  Points points() {
    return points;
  }

  int count() {
    return points.count();
  }

  int dimension() {
    return points.dimension();
  }

  int components() {
    return white.length;
  }

  /** Returns p columns of n values, {@code L_k⁻¹ x}; shared, not to be changed. */
  double[][] white(int k) {
    return white[k];
  }

  /** Returns {@code log det S_k}. */
  double logDeterminant(int k) {
    return logDeterminants[k];
  }

  /** Returns a bound of the relative error of whitened rows, in the Euclidean norm. */
  double whiteningError(int k) {
    return (dimension() + 1) * Math.ulp(1.0) / 2 * spreads[k];
  }

  /**
   * Computes {@code Σ_k 1_kᵀ C_k 1_k/n_k}, that is minus {@code Σ_k [n_k log det S_k + Σ_(i in k)
   * ‖L_k⁻¹(x_i − mean_k)‖²]}.
   *
   * @param labels n values from 0 to K − 1; rows with another value add nothing
   */
  double objective(int[] labels) {
    int n = count();
    Sum total = new Sum();
    for (int k = 0; k < components(); k++) {
      int size = 0;
      for (int i = 0; i < n; i++) {
        size += labels[i] == k ? 1 : 0;
      }
      total.add(-size * logDeterminants[k]);
      for (double[] column : white[k]) {
        double mean = mean(column, labels, k, size);
        for (int i = 0; i < n; i++) {
          if (labels[i] == k) {
            double offset = column[i] - mean;
            total.add(-offset * offset);
          }
        }
      }
    }
    return total.value();
  }

  /** Returns the mean of the values of group k, correct to the last place or nearly so. */
  static double mean(double[] column, int[] labels, int k, int size) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += labels[i] == k ? column[i] : 0;
    }
    double first = sum / size;
    double rest = 0;
    for (int i = 0; i < labels.length; i++) {
      rest += labels[i] == k ? column[i] - first : 0;
    }
    return first + rest / size;
  }

  /**
   * Writes {@code C_k u}; O(n p).
   *
   * @param u n values, read
   * @param product n values, written
   */
  void multiply(int k, double[] u, double[] product) {
    int n = count();
    double[] half = halves[k];
    double sum = 0;
    for (double value : u) {
      sum += value;
    }
    double rest = -Vectors.dot(half, u) - logDeterminants[k] * sum;
    for (int i = 0; i < n; i++) {
      product[i] = rest - half[i] * sum;
    }
    for (double[] column : white[k]) {
      double weight = Vectors.dot(column, u);
      for (int i = 0; i < n; i++) {
        product[i] += weight * column[i];
      }
    }
  }

  /** Returns element (i, j) of {@code C_k}. */
  double element(int k, int i, int j) {
    double squares = 0;
    for (double[] column : white[k]) {
      double difference = column[i] - column[j];
      squares += difference * difference;
    }
    return -0.5 * squares - logDeterminants[k];
  }
}
