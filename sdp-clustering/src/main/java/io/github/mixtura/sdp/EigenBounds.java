package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * Upper bounds of eigenvalues that hold whatever the matrix is.
 *
 * <p>Let Q be orthonormal, {@code T = QᵀMQ}, C the part of MQ outside the span of Q, and θ an upper
 * bound of the eigenvalues of M on the complement of Q. Then {@code M ≼ [T Cᵀ; C θI]} in the basis
 * (Q, complement), so no eigenvalue of M, counted from the largest, exceeds that of the matrix on
 * the right, which are those of {@code [T L; Lᵀ θI]} with {@code LLᵀ = CᵀC}, and θ. Q only decides
 * how tight this is, never whether it holds; θ comes from a Cholesky factor of {@code θI − M}.
 */
final class EigenBounds {
  /** 2⁻⁵², twice the unit of rounding. */
  static final double EPSILON = Math.ulp(1.0);

  /** Rows of a matrix that is factorised in one piece, in less than half a second. */
  private static final int MOST_AT_ONCE = 1500;

  private static final int COLUMNS = 256;

  private static final int STEPS = 60;
  private static final int ROUNDS = 6;
  private static final int TRIALS = 12;

  /** Relative loss by the coupling that is not worth larger bases. */
  private static final double NEGLIGIBLE = 1e-10;

  private EigenBounds() {}

  /**
   * A bound of a sum of eigenvalues.
   *
   * @param upper no less than the sum; infinite if nothing could be proven
   * @param errorTerms part of {@code upper} that allows for rounding
   * @param complement θ, proven bound of the eigenvalues on the complement of the last basis
   */
  record Total(double upper, double errorTerms, double complement) {
    private static final Total NONE =
        new Total(Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY);
  }

  /**
   * Bounds the sum of the {@code count} largest eigenvalues of a stored symmetric matrix.
   *
   * <p>θ is proven by a Cholesky factorisation that runs to its end, with the allowance of S. M.
   * Rump (2006, doi:10.1007/s10543-006-0056-1): then no eigenvalue of the factorised matrix is
   * below {@code −γ/(1−γ)·trace}, γ of the order of (n+1)ε. Ritz vectors above the smallest wanted
   * eigenvalue are added to the basis. About two factorisations and 100 products.
   *
   * @param m n × n, symmetric, all entries read
   * @param count 1 … n
   * @param basis rows of n values whose span should hold the {@code count} leading eigenvectors;
   *     may be empty, need not be orthonormal
   * @return infinite if an entry is not finite or the run is over
   */
  static Total largest(DMatrixRMaj m, int count, double[][] basis, Run run) {
    double frobenius = Math.sqrt(Vectors.dot(m.data, m.data));
    if (!Double.isFinite(frobenius)) {
      return Total.NONE;
    }
    Space space = new Space(Symmetric.of(m, run), basis, count);
    Lanczos lanczos = space.enrich(STEPS, run);
    if (space.size() == m.numRows) {
      return space.sum(-frobenius, frobenius);
    }
    if (lanczos.steps() == 0) {
      return prove(m, space, 0, 1e-11 * frobenius, frobenius, run);
    }
    double guess = lanczos.largest();
    double wanted = space.smallestWanted();
    double margin = Math.max(1e-11 * frobenius, rest(lanczos));
    if (wanted - guess > 2 * margin) {
      margin = (wanted - guess) / 2;
    }
    return prove(m, space, guess, margin, frobenius, run);
  }

  /** Raises θ from a guess until it is proven; the Frobenius norm needs no proof. */
  private static Total prove(
      DMatrixRMaj m, Space space, double guess, double least, double frobenius, Run run) {
    double margin = least;
    for (int trial = 0; trial < TRIALS && !run.isOver(); trial++) {
      double proven = proveAbove(m, space, guess + margin, frobenius, run);
      if (proven < Double.POSITIVE_INFINITY) {
        return space.sum(proven, frobenius);
      }
      margin *= 4;
    }
    double n = m.numRows;
    return run.isOver() ? Total.NONE : space.sum(frobenius * (1 + n * n * EPSILON), frobenius);
  }

  /**
   * The same by an eigen-decomposition of the whole matrix, which leaves no multiple or close
   * eigenvalues to be found: as tight as rounding allows, for O(n³).
   */
  static Total decomposed(DMatrixRMaj m, int count, Run run) {
    int n = m.numRows;
    double frobenius = Math.sqrt(Vectors.dot(m.data, m.data));
    if (!Double.isFinite(frobenius)) {
      return Total.NONE;
    }
    Dense.Eigen eigen = Dense.symmetricEigen(m);
    double[][] basis = new double[count][n];
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < n; i++) {
        basis[k][i] = eigen.vectors().unsafe_get(i, n - 1 - k);
      }
    }
    Space space = new Space(Symmetric.of(m, run), basis, count);
    return space.size() == n
        ? space.sum(-frobenius, frobenius)
        : prove(m, space, eigen.values()[n - 1 - count], 1e-13 * frobenius, frobenius, run);
  }

  /** The largest eigenvalue by an eigen-decomposition and a Cholesky factor; O(n³). */
  static double top(DMatrixRMaj m) {
    double frobenius = Math.sqrt(Vectors.dot(m.data, m.data));
    if (!Double.isFinite(frobenius)) {
      return Double.POSITIVE_INFINITY;
    }
    Space none = new Space(Symmetric.of(m, Run.FREE), new double[0][], 1);
    double computed = Dense.symmetricEigen(m).values()[m.numRows - 1];
    return prove(m, none, computed, 1e-13 * frobenius, frobenius, Run.FREE).upper();
  }

  /** Orthonormal vectors with the same span. */
  static double[][] orthonormal(double[][] basis) {
    List<double[]> vectors = new ArrayList<>();
    for (double[] vector : basis) {
      add(vector, vectors);
    }
    return vectors.toArray(new double[0][]);
  }

  /** Adds a direction to orthonormal vectors unless it is in their span already. */
  private static void add(double[] vector, List<double[]> vectors) {
    double[] x = vector.clone();
    double before = Math.sqrt(Vectors.dot(x, x));
    for (int pass = 0; pass < 3; pass++) {
      for (double[] q : vectors) {
        Vectors.add(-Vectors.dot(q, x), q, x);
      }
      double length = Math.sqrt(Vectors.dot(x, x));
      if (!(length > 1e-8 * before)) {
        return;
      }
      for (int i = 0; i < x.length; i++) {
        x[i] /= length;
      }
    }
    vectors.add(x);
  }

  /** What the largest Ritz value may still gain: its residual, a guess and no bound. */
  private static double rest(Lanczos lanczos) {
    return lanczos.residual(lanczos.steps() - 1) / 8;
  }

  /**
   * A proven bound of the eigenvalues on the complement close to {@code theta}, or infinity.
   *
   * <p>The entries of {@code θI + ρQQᵀ − (I−QQᵀ)M(I−QQᵀ)} are formed with at most 3q+3 roundings
   * each; ρ is there for θ ≤ 0 only.
   */
  private static double proveAbove(
      DMatrixRMaj m, Space space, double theta, double frobenius, Run run) {
    int n = m.numRows;
    int q = space.size();
    double[][] basis = space.basis();
    DMatrixRMaj shifted = new DMatrixRMaj(n, n);
    double lift = theta > 0 ? 0 : frobenius + Math.abs(theta);
    double trace = 0;
    for (int i = 0; i < n; i++) {
      double[] row = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        row[j] = -m.data[i * n + j];
      }
      for (int k = 0; k < q; k++) {
        Vectors.add(basis[k][i], space.images[k], row);
        Vectors.add(space.outside[k][i] + lift * basis[k][i], basis[k], row);
      }
      row[i] += theta;
      trace += Math.abs(row[i]);
      System.arraycopy(row, 0, shifted.data, i * n, i + 1);
    }
    if (!isPositiveDefinite(shifted, run)) {
      return Double.POSITIVE_INFINITY;
    }
    double factorisation = (n + 10) * EPSILON * trace;
    double forming =
        (3 * q + 4)
            * EPSILON
            * ((1 + 2 * q) * frobenius + q * lift + Math.abs(theta) * Math.sqrt(n));
    return theta + factorisation + forming;
  }

  /**
   * Whether a Cholesky factorisation of the lower triangle runs to its end; false too if the run is
   * over before. Large matrices, which are written over, are factorised by blocks of columns.
   */
  private static boolean isPositiveDefinite(DMatrixRMaj m, Run run) {
    int n = m.numRows;
    if (n <= MOST_AT_ONCE) {
      return Dense.cholesky(m).isPresent();
    }
    for (int from = 0; from < n; from += COLUMNS) {
      int to = Math.min(n, from + COLUMNS);
      Optional<DMatrixRMaj> lower = Dense.cholesky(copy(m, from, to, from, to));
      if (lower.isEmpty() || run.isOver()) {
        return false;
      }
      DMatrixRMaj below = new DMatrixRMaj(to - from, n - to);
      for (int i = to; i < n; i++) {
        for (int j = from; j < to; j++) {
          below.data[(j - from) * (n - to) + i - to] = m.data[i * n + j];
        }
      }
      DMatrixRMaj panel = Dense.solveLower(lower.get(), below);
      for (int row = to; row < n && !run.isOver(); row += COLUMNS) {
        int end = Math.min(n, row + COLUMNS);
        DMatrixRMaj product =
            Dense.multiplyTransA(
                copy(panel, 0, to - from, row - to, end - to),
                copy(panel, 0, to - from, 0, end - to));
        for (int i = row; i < end; i++) {
          for (int j = to; j <= i; j++) {
            m.data[i * n + j] -= product.data[(i - row) * (end - to) + j - to];
          }
        }
      }
    }
    return !run.isOver();
  }

  private static DMatrixRMaj copy(DMatrixRMaj m, int fromRow, int toRow, int from, int to) {
    DMatrixRMaj part = new DMatrixRMaj(toRow - fromRow, to - from);
    for (int i = fromRow; i < toRow; i++) {
      System.arraycopy(
          m.data, i * m.numCols + from, part.data, (i - fromRow) * (to - from), to - from);
    }
    return part;
  }

  /**
   * Bounds the sum of the {@code count} largest eigenvalues of {@code [T Cᵀ; C θI]}.
   *
   * @param t q × q, symmetric
   * @param coupling q × q, CᵀC
   * @param theta bound on the complement
   */
  static double sum(DMatrixRMaj t, DMatrixRMaj coupling, double theta, int count) {
    int q = t.numRows;
    DMatrixRMaj both = new DMatrixRMaj(2 * q, 2 * q);
    Dense.Eigen root = Dense.symmetricEigen(coupling);
    for (int i = 0; i < q; i++) {
      both.set(q + i, q + i, theta);
      for (int j = 0; j < q; j++) {
        both.set(i, j, t.get(i, j));
        double l = root.vectors().get(i, j) * Math.sqrt(Math.max(0, root.values()[j]));
        both.set(i, q + j, l);
        both.set(q + j, i, l);
      }
    }
    double[] values = Dense.symmetricEigen(both).values();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += i < 2 * q ? Math.max(theta, values[2 * q - 1 - i]) : theta;
    }
    return sum;
  }

  /** The span of Q with what M makes of it. */
  private static final class Space {
    private final Symmetric m;
    private final int count;
    private final List<double[]> vectors = new ArrayList<>();
    private double[][] images = new double[0][];
    private double[][] outside = new double[0][];
    private DMatrixRMaj compression = new DMatrixRMaj(0, 0);

    Space(Symmetric m, double[][] basis, int count) {
      this.m = m;
      this.count = count;
      for (double[] vector : basis) {
        add(vector, vectors);
      }
      apply();
    }

    int size() {
      return vectors.size();
    }

    double[][] basis() {
      return vectors.toArray(new double[0][]);
    }

    private void apply() {
      int q = size();
      images = new double[q][m.size()];
      outside = new double[q][];
      compression = new DMatrixRMaj(q, q);
      for (int k = 0; k < q; k++) {
        m.multiply(vectors.get(k), images[k]);
      }
      for (int k = 0; k < q; k++) {
        for (int l = 0; l < q; l++) {
          double one = Vectors.dot(vectors.get(l), images[k]);
          double other = Vectors.dot(vectors.get(k), images[l]);
          compression.set(l, k, (one + other) / 2);
        }
      }
      for (int k = 0; k < q; k++) {
        outside[k] = images[k].clone();
        for (int l = 0; l < q; l++) {
          Vectors.add(-compression.get(l, k), vectors.get(l), outside[k]);
        }
      }
    }

    /**
     * Adds Ritz vectors until none on the complement exceeds the smallest wanted eigenvalue, and
     * what M makes of Q outside its span while that raises the bound.
     */
    Lanczos enrich(int steps, Run run) {
      Lanczos lanczos = new Lanczos(m, basis(), steps, 1);
      for (int round = 1; round <= ROUNDS && !run.isOver(); round++) {
        int before = size();
        double wanted = smallestWanted();
        for (int j = lanczos.steps() - 1; j >= 0 && size() < before + count; j--) {
          if (lanczos.values()[j] > wanted) {
            add(lanczos.vector(j), vectors);
          }
        }
        if (before >= count && raisesBound(lanczos.largest())) {
          for (double[] direction : outside) {
            add(direction, vectors);
          }
        }
        if (size() == before) {
          return lanczos;
        }
        apply();
        lanczos = new Lanczos(m, basis(), steps, 1 + round);
      }
      return lanczos;
    }

    private boolean raisesBound(double guess) {
      if (!Double.isFinite(guess) || !Double.isFinite(smallestWanted())) {
        return false;
      }
      double[] values = Dense.symmetricEigen(compression).values();
      double sum = 0;
      for (int i = 1; i <= count; i++) {
        sum += Math.max(guess, values[values.length - i]);
      }
      double raised = EigenBounds.sum(compression, coupling(), guess, count);
      return raised - sum > NEGLIGIBLE * Math.abs(sum);
    }

    /** The {@code count}-th largest eigenvalue of T; minus infinity if T is smaller. */
    double smallestWanted() {
      int q = compression.numRows;
      if (!Double.isFinite(Vectors.dot(compression.data, compression.data))) {
        return Double.NaN;
      }
      return q < count
          ? Double.NEGATIVE_INFINITY
          : Dense.symmetricEigen(compression).values()[q - count];
    }

    private DMatrixRMaj coupling() {
      int q = outside.length;
      DMatrixRMaj coupling = new DMatrixRMaj(q, q);
      for (int k = 0; k < q; k++) {
        for (int l = 0; l < q; l++) {
          coupling.set(k, l, Vectors.dot(outside[k], outside[l]));
        }
      }
      return coupling;
    }

    Total sum(double theta, double norm) {
      int q = size();
      DMatrixRMaj coupling = coupling();
      if (!Double.isFinite(Vectors.dot(compression.data, compression.data))
          || !Double.isFinite(Vectors.dot(coupling.data, coupling.data))
          || !Double.isFinite(theta)) {
        return Total.NONE;
      }
      double rounding = 8.0 * (q + 1) * (m.size() + 64) * EPSILON * norm;
      double upper = EigenBounds.sum(compression, coupling, theta, count) + count * rounding;
      return new Total(upper, count * rounding, theta);
    }
  }
}
