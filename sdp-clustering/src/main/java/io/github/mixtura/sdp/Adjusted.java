package io.github.mixtura.sdp;

import io.github.mixtura.data.UnusableDataException;
import java.util.function.IntFunction;
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
  private final Whitening[] whitenings;
  private final double[][] halves;

  private Adjusted(Points points, Whitening[] whitenings) {
    this.points = points;
    this.whitenings = whitenings;
    this.halves = new double[whitenings.length][];
    for (int k = 0; k < whitenings.length; k++) {
      int same = first(whitenings, k);
      halves[k] = same < k ? halves[same] : halfNorms(white(k), points.count());
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
    double[][] origins = new double[covariances.length][points.dimension()];
    return of(
        points,
        covariances,
        origins,
        k ->
            "covariances["
                + k
                + "] is not positive definite, or so near to singular that nothing can be proved,"
                + " must be; shrink it or use fewer columns");
  }

  /**
   * The same with a point for each group, near which rows keep their accuracy where a covariance is
   * close to singular; covariances that are one object take the origin.
   *
   * @param refusal what to say of a covariance that nothing can be done with
   */
  static Adjusted of(
      Points points, DMatrixRMaj[] covariances, double[][] centres, IntFunction<String> refusal) {
    int p = points.dimension();
    if (covariances.length == 0) {
      throw new IllegalArgumentException("covariances has no matrix, must have one per group");
    }
    Whitening[] whitenings = new Whitening[covariances.length];
    for (int k = 0; k < covariances.length; k++) {
      DMatrixRMaj covariance = covariances[k];
      int same = first(covariances, k);
      if (same < k) {
        whitenings[k] = whitenings[same];
        continue;
      }
      if (covariance.numRows != p || covariance.numCols != p) {
        throw new IllegalArgumentException(
            "covariances[%d] is %d x %d, must be %d x %d"
                .formatted(k, covariance.numRows, covariance.numCols, p, p));
      }
      boolean isShared = false;
      for (int l = k + 1; l < covariances.length; l++) {
        isShared |= covariances[l] == covariance;
      }
      int index = k;
      whitenings[k] =
          Whitening.of(points, covariance, isShared ? new double[p] : centres[k])
              .orElseThrow(() -> new UnusableDataException(refusal.apply(index)));
    }
    return new Adjusted(points, whitenings);
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
    return whitenings.length;
  }

  /** Returns p columns of n values, {@code L_k⁻¹ x}; shared, not to be changed. */
  double[][] white(int k) {
    return whitenings[k].columns();
  }

  /** Returns {@code log det S_k}, nearly. */
  double logDeterminant(int k) {
    return whitenings[k].logDeterminant();
  }

  /**
   * A bound for the data themselves, made of one for the whitened rows and determinants as they
   * were computed.
   *
   * <p>Let F be the objective of a partition, Q its sum of squared distances in the groups'
   * metrics, both exactly, and F', Q' the same of the computed values. The rows of a group about
   * their mean are a projection of the rows, so with E² = Σ_i max_k (error of row i in metric k)²
   * and g, η from {@link Whitening}: {@code Q ≥ (1 − g)(√Q' − E)²}, {@code F ≤ F' + nη + gQ' +
   * 2E√Q'}, and this is largest where F' is (but for 4E²): there {@code Q' ≤ D = max_k n(−log det
   * S_k) − F'}. The objective itself has the same error downwards, so that objective and bound
   * differ by no less than what the partition can be exceeded by.
   */
  Bound raised(Bound bound) {
    double most = Double.NEGATIVE_INFINITY;
    double distortion = 0;
    double logError = 0;
    for (Whitening whitening : whitenings) {
      most = Math.max(most, -whitening.logDeterminant());
      distortion = Math.max(distortion, whitening.distortion());
      logError = Math.max(logError, whitening.logError());
    }
    double n = count();
    double squares = Math.max(0, n * (most + logError) - bound.objective());
    double rows = rowErrors();
    double error =
        2 * rows * Math.sqrt(squares) + 4 * rows * rows + distortion * squares + n * logError;
    return bound.raised(2.1 * error);
  }

  /** Returns a bound of the relative error of whitened rows, in the Euclidean norm. */
  double whiteningError(int k) {
    return whitenings[k].relative();
  }

  /** E. */
  private double rowErrors() {
    int n = count();
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double largest = 0;
      for (int k = 0; k < halves.length; k++) {
        Whitening whitening = whitenings[k];
        double length = Math.sqrt(2 * halves[k][i]);
        largest = Math.max(largest, whiteningError(k) * length + whitening.absolute());
      }
      sum += largest * largest;
    }
    return 1.01 * Math.sqrt(sum);
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
      total.add(-size * logDeterminant(k));
      for (double[] column : white(k)) {
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
    double rest = -Vectors.dot(half, u) - logDeterminant(k) * sum;
    for (int i = 0; i < n; i++) {
      product[i] = rest - half[i] * sum;
    }
    for (double[] column : white(k)) {
      double weight = Vectors.dot(column, u);
      for (int i = 0; i < n; i++) {
        product[i] += weight * column[i];
      }
    }
  }

  /** Returns element (i, j) of {@code C_k}. */
  double element(int k, int i, int j) {
    double squares = 0;
    for (double[] column : white(k)) {
      double difference = column[i] - column[j];
      squares += difference * difference;
    }
    return -0.5 * squares - logDeterminant(k);
  }
}
