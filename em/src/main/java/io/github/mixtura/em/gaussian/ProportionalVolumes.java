package io.github.mixtura.em.gaussian;

import static io.github.mixtura.em.gaussian.ScaledScatters.sum;

import io.github.mixtura.distribution.NotPositiveDefiniteException;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Volumes of covariances that are equal up to a factor: {@code Σ_k = λ_k C}, the M-step of VEI, VEE
 * and VEV.
 *
 * <p>For given {@code u_k = log λ_k} the best C is {@code S/n}, {@code S = Σ_k exp(−u_k) W_k},
 * which leaves
 *
 * <pre>f(u) = d Σ_k N_k u_k + n log|S(u)|,</pre>
 *
 * to be minimised over K numbers. f is convex, so its minimum is the maximum-likelihood estimate
 * whatever the start. With {@code P_k = exp(−u_k) S^(−1/2) W_k S^(−1/2)}, which sum to the
 * identity, and {@code G_kl = tr(P_k P_l)}, whose rows sum to {@code tr P_k}, the gradient is
 * {@code dN_k − n tr P_k} and the Hessian {@code n(diag(tr P_k) − G)}. Newton steps are halved
 * until f falls; where that fails, the classical alternation {@code u_k ← u_k + log(n tr P_k /
 * (dN_k))}, which never raises f, is taken instead. Steps end where {@code n tr P_k} agrees with
 * {@code dN_k} to 1e-13, or to rounding.
 */
final class ProportionalVolumes {
  private static final double TOLERANCE = 1e-13;
  private static final int MAX_STEPS = 200;
  private static final int MAX_HALVINGS = 8;
  private static final double MAX_CHANGE = 10;

  /** The pooled matrix S for given log-volumes. */
  private interface Pool {
    /**
     * Whitens the scatters by the pooled matrix.
     *
     * @param logVolumes u, K numbers, read
     * @param whitened K rows, written: the entries of each P_k that may differ from zero
     * @return {@code log|S|}, or positive infinity if S is not positive definite
     */
    double whiten(double[] logVolumes, double[][] whitened);
  }

  private final double[] weights;
  private final double total;
  private final int dimension;
  private final int entries;
  private final Pool pool;

  private ProportionalVolumes(double[] weights, int dimension, int entries, Pool pool) {
    this.weights = weights;
    this.total = sum(weights);
    this.dimension = dimension;
    this.entries = entries;
    this.pool = pool;
  }

  /**
   * The best volumes of full matrices, up to a common factor.
   *
   * @param weights N_k
   * @param scatter W_k, d × d, each with a largest diagonal entry near 1
   * @param hurry asked before every step; once true the volumes are those found by then
   * @return λ_k
   * @throws NotPositiveDefiniteException if the pooled matrix is singular
   */
  static double[] ofMatrices(double[] weights, DMatrixRMaj[] scatter, BooleanSupplier hurry) {
    int d = scatter[0].numRows;
    double[] traces = new double[scatter.length];
    for (int k = 0; k < traces.length; k++) {
      traces[k] = CommonOps_DDRM.trace(scatter[k]);
    }
    Pool pool = (logVolumes, whitened) -> whiten(scatter, logVolumes, whitened);
    return new ProportionalVolumes(weights, d, d * d, pool).solve(traces, hurry);
  }

  /**
   * The best volumes of diagonal matrices, up to a common factor.
   *
   * @param weights N_k
   * @param extents K × d, the diagonals of W_k, each with a largest entry near 1
   * @param hurry asked before every step; once true the volumes are those found by then
   * @return λ_k
   * @throws NotPositiveDefiniteException if the pooled matrix is singular
   */
  static double[] ofExtents(double[] weights, double[][] extents, BooleanSupplier hurry) {
    int d = extents[0].length;
    double[] traces = new double[extents.length];
    for (int k = 0; k < traces.length; k++) {
      traces[k] = sum(extents[k]);
    }
    Pool pool = (logVolumes, whitened) -> whiten(extents, logVolumes, whitened);
    return new ProportionalVolumes(weights, d, d, pool).solve(traces, hurry);
  }

  private static double whiten(double[][] extents, double[] logVolumes, double[][] whitened) {
    double logDeterminant = 0;
    for (int j = 0; j < extents[0].length; j++) {
      double sum = 0;
      for (int k = 0; k < extents.length; k++) {
        whitened[k][j] = Math.exp(-logVolumes[k]) * extents[k][j];
        sum += whitened[k][j];
      }
      for (int k = 0; k < extents.length; k++) {
        whitened[k][j] /= sum;
      }
      logDeterminant += sum > 0 ? Math.log(sum) : Double.POSITIVE_INFINITY;
    }
    return logDeterminant;
  }

  private static double whiten(DMatrixRMaj[] scatter, double[] logVolumes, double[][] whitened) {
    int d = scatter[0].numRows;
    DMatrixRMaj sum = new DMatrixRMaj(d, d);
    for (int k = 0; k < scatter.length; k++) {
      CommonOps_DDRM.addEquals(sum, Math.exp(-logVolumes[k]), scatter[k]);
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(d, true);
    if (!cholesky.decompose(sum)) {
      return Double.POSITIVE_INFINITY;
    }
    DMatrixRMaj factor = cholesky.getT(null);
    double logDeterminant = 0;
    for (int j = 0; j < d; j++) {
      logDeterminant += 2 * Math.log(factor.unsafe_get(j, j));
    }
    for (int k = 0; k < scatter.length; k++) {
      DMatrixRMaj half = scatter[k].copy();
      TriangularSolver_DDRM.solveL(factor.data, half.data, d, d);
      DMatrixRMaj both = CommonOps_DDRM.transpose(half, null);
      TriangularSolver_DDRM.solveL(factor.data, both.data, d, d);
      CommonOps_DDRM.scale(Math.exp(-logVolumes[k]), both);
      System.arraycopy(both.data, 0, whitened[k], 0, d * d);
    }
    return logDeterminant;
  }

  /** One point of the minimisation. */
  private record Point(double[] logVolumes, double objective, DMatrixRMaj gram) {
    double trace(int k) {
      double sum = 0;
      for (int l = 0; l < gram.numCols; l++) {
        sum += gram.unsafe_get(k, l);
      }
      return sum;
    }
  }

  private double[] solve(double[] traces, BooleanSupplier hurry) {
    double[] start = new double[traces.length];
    for (int k = 0; k < start.length; k++) {
      start[k] = Math.log(traces[k] / (dimension * weights[k]));
    }
    Point point = evaluate(start);
    if (!Double.isFinite(point.objective)) {
      throw new NotPositiveDefiniteException("the pooled scatter matrix is not positive definite");
    }
    for (int step = 0;
        step < MAX_STEPS && imbalance(point) > TOLERANCE && !hurry.getAsBoolean();
        step++) {
      Point next = newton(point);
      if (next == null) {
        next = improved(point, alternation(point));
      }
      if (next == null) {
        break;
      }
      point = next;
    }
    return volumes(point.logVolumes);
  }

  /** The exponentials, with geometric mean 1. */
  private static double[] volumes(double[] logVolumes) {
    double mean = sum(logVolumes) / logVolumes.length;
    double[] volumes = new double[logVolumes.length];
    for (int k = 0; k < volumes.length; k++) {
      volumes[k] = Math.exp(logVolumes[k] - mean);
    }
    return volumes;
  }

  private Point evaluate(double[] logVolumes) {
    int count = weights.length;
    double[][] whitened = new double[count][entries];
    double objective = total * pool.whiten(logVolumes, whitened);
    DMatrixRMaj gram = new DMatrixRMaj(count, count);
    for (int k = 0; k < count; k++) {
      objective += dimension * weights[k] * logVolumes[k];
      for (int l = 0; l <= k; l++) {
        double product = innerProduct(whitened[k], whitened[l]);
        gram.unsafe_set(k, l, product);
        gram.unsafe_set(l, k, product);
      }
    }
    return new Point(logVolumes, objective, gram);
  }

  private static double innerProduct(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Largest relative difference between n tr P_k and dN_k, zero at the minimum. */
  private double imbalance(Point point) {
    double largest = 0;
    for (int k = 0; k < weights.length; k++) {
      largest = Math.max(largest, Math.abs(ratio(point, k) - 1));
    }
    return largest;
  }

  private double ratio(Point point, int k) {
    return total * point.trace(k) / (dimension * weights[k]);
  }

  private double[] alternation(Point point) {
    double[] change = new double[weights.length];
    for (int k = 0; k < change.length; k++) {
      change[k] = Math.log(ratio(point, k));
    }
    return change;
  }

  /** A damped Newton step, or null if none lowers f. */
  private Point newton(Point point) {
    double[] change = newtonChange(point);
    for (int halving = 0; change != null && halving < MAX_HALVINGS; halving++) {
      Point next = improved(point, change);
      if (next != null) {
        return next;
      }
      for (int k = 0; k < change.length; k++) {
        change[k] /= 2;
      }
    }
    return null;
  }

  /** Solves (diag(tr P) − G + c11ᵀ) change = tr P − dN/n; the change sums to zero. */
  private double[] newtonChange(Point point) {
    int count = weights.length;
    double shift = (double) dimension / (count * count);
    DMatrixRMaj hessian = new DMatrixRMaj(count, count);
    DMatrixRMaj right = new DMatrixRMaj(count, 1);
    for (int k = 0; k < count; k++) {
      double trace = point.trace(k);
      for (int l = 0; l < count; l++) {
        double diagonal = k == l ? trace : 0;
        hessian.unsafe_set(k, l, diagonal - point.gram.unsafe_get(k, l) + shift);
      }
      right.set(k, trace - dimension * weights[k] / total);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(count);
    if (!solver.setA(hessian)) {
      return null;
    }
    DMatrixRMaj change = new DMatrixRMaj(count, 1);
    solver.solve(right, change);
    double largest = CommonOps_DDRM.elementMaxAbs(change);
    return largest <= MAX_CHANGE ? change.data : null;
  }

  /**
   * The point after a change if f falls there, or stays within rounding while the gradient falls;
   * else null.
   */
  private Point improved(Point point, double[] change) {
    double[] logVolumes = point.logVolumes.clone();
    for (int k = 0; k < logVolumes.length; k++) {
      logVolumes[k] += change[k];
    }
    Point next = evaluate(logVolumes);
    double rounding = 1e-14 * (Math.abs(point.objective) + total * dimension);
    boolean falls = next.objective < point.objective - rounding;
    boolean stays = next.objective <= point.objective + rounding;
    return falls || (stays && imbalance(next) < imbalance(point)) ? next : null;
  }
}
