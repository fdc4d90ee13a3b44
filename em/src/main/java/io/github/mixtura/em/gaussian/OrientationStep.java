package io.github.mixtura.em.gaussian;

import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Newton step for the orientation that all components share, found by conjugate gradients.
 *
 * <p>Orientations near D are {@code D exp(Ω)} with Ω skew-symmetric. With {@code T_k = DᵀW_k D},
 * {@code t_kj} its diagonal, slopes {@code ω_k} of the function in {@code Σ_j log t_kj}, {@code C_k
 * = diag(ω_k / t_kj)} and {@code M = Σ_k T_k C_k}, the gradient is {@code 2(M − Mᵀ)}, and the
 * Hessian takes Ω to {@code X − Xᵀ} with
 *
 * <pre>X = Σ_k [2 T_k Ω C_k + 2 T_k E_k] − MΩ − ΩM,   E_k = C_k diag((h_k − h)/d − g_kj / t_kj),
 * </pre>
 *
 * {@code g_kj = 2(T_k Ω)_jj}, {@code h_k = Σ_j g_kj / t_kj} and {@code h = Σ_k ω_k h_k / n}; the
 * term {@code (h_k − h)/d} belongs to equal volumes only. A product costs O(Kd³).
 */
final class OrientationStep {
  private static final double RESIDUAL = 1e-4;
  private static final int MAX_PRODUCTS = 100;

  private final boolean equalVolume;
  private final DMatrixRMaj[] rotated;
  private final double[] slopes;
  private final int dimension;

  /** M, and the slopes ω_k / t_kj. */
  private final DMatrixRMaj mixed;

  private final double[][] perExtent;
  private final DMatrixRMaj gradient;
  private final DMatrixRMaj product;

  /**
   * Prepares the gradient.
   *
   * @param equalVolume true for EVE, false for VVE
   * @param rotated T_k, read
   * @param slopes ω_k, which sum to n, read
   */
  OrientationStep(boolean equalVolume, DMatrixRMaj[] rotated, double[] slopes) {
    this.equalVolume = equalVolume;
    this.rotated = rotated;
    this.slopes = slopes;
    this.dimension = rotated[0].numRows;
    this.mixed = rotated[0].createLike();
    this.product = rotated[0].createLike();
    this.perExtent = new double[rotated.length][dimension];
    for (int k = 0; k < rotated.length; k++) {
      for (int j = 0; j < dimension; j++) {
        perExtent[k][j] = slopes[k] / rotated[k].unsafe_get(j, j);
      }
      addScaled(rotated[k], perExtent[k], 1, mixed);
    }
    this.gradient = skewPart(mixed, 2);
  }

  /** The gradient, skew-symmetric: entry (p, q) for the angle that turns axis q by axis p. */
  DMatrixRMaj gradient() {
    return gradient.copy();
  }

  /** Squares of the gradient's entries, each divided by its curvature, summed. */
  double squaredGradient() {
    return innerProduct(gradient, preconditioned(gradient));
  }

  /** The step Ω, cut short where the function is not convex; it always leads downhill. */
  DMatrixRMaj solve() {
    return solve(() -> false);
  }

  /**
   * As {@link #solve()}.
   *
   * @param hurry once true, the step is the one found by then
   */
  DMatrixRMaj solve(BooleanSupplier hurry) {
    DMatrixRMaj step = gradient.createLike();
    DMatrixRMaj residual = gradient.copy();
    CommonOps_DDRM.scale(-1, residual);
    DMatrixRMaj reduced = preconditioned(residual);
    DMatrixRMaj direction = reduced.copy();
    double square = innerProduct(residual, reduced);
    double goal = RESIDUAL * RESIDUAL * square;
    // With many columns a rough step serves: it costs O(Kd³) a product.
    int products = dimension <= 20 ? Math.min(MAX_PRODUCTS, 2 * dimension * dimension) : 10;
    for (int i = 0; i < products && square > goal && !(i > 0 && hurry.getAsBoolean()); i++) {
      DMatrixRMaj image = hessian(direction);
      double curvature = innerProduct(direction, image);
      if (!(curvature > 0)) {
        return i == 0 ? direction : step;
      }
      double length = square / curvature;
      CommonOps_DDRM.addEquals(step, length, direction);
      CommonOps_DDRM.addEquals(residual, -length, image);
      reduced = preconditioned(residual);
      double next = innerProduct(residual, reduced);
      CommonOps_DDRM.add(1, reduced, next / square, direction, direction);
      square = next;
    }
    return step;
  }

  /** The Hessian times Ω, skew-symmetric. */
  DMatrixRMaj hessian(DMatrixRMaj omega) {
    DMatrixRMaj x = omega.createLike();
    double[][] change = new double[rotated.length][dimension];
    double[] sums = new double[rotated.length];
    double mean = 0;
    double total = 0;
    for (int k = 0; k < rotated.length; k++) {
      CommonOps_DDRM.mult(rotated[k], omega, product);
      addScaled(product, perExtent[k], 2, x);
      for (int j = 0; j < dimension; j++) {
        change[k][j] = 2 * product.unsafe_get(j, j) / rotated[k].unsafe_get(j, j);
        sums[k] += change[k][j];
      }
      mean += slopes[k] * sums[k];
      total += slopes[k];
    }
    mean /= total;
    for (int k = 0; k < rotated.length; k++) {
      double volume = equalVolume ? (sums[k] - mean) / dimension : 0;
      for (int j = 0; j < dimension; j++) {
        change[k][j] = perExtent[k][j] * (volume - change[k][j]);
      }
      addScaled(rotated[k], change[k], 2, x);
    }
    CommonOps_DDRM.mult(mixed, omega, product);
    CommonOps_DDRM.subtractEquals(x, product);
    CommonOps_DDRM.mult(omega, mixed, product);
    CommonOps_DDRM.subtractEquals(x, product);
    return skewPart(x, 1);
  }

  /** Divides every angle by its curvature were all T_k diagonal. */
  private DMatrixRMaj preconditioned(DMatrixRMaj skew) {
    DMatrixRMaj result = skew.createLike();
    for (int p = 0; p < dimension; p++) {
      for (int q = p + 1; q < dimension; q++) {
        double curvature = Double.MIN_NORMAL;
        for (int k = 0; k < rotated.length; k++) {
          double a = rotated[k].unsafe_get(p, p);
          double b = rotated[k].unsafe_get(q, q);
          double t = rotated[k].unsafe_get(p, q);
          curvature += 2 * slopes[k] * ((a - b) * (a - b) + 4 * t * t) / (a * b);
        }
        result.unsafe_set(p, q, skew.unsafe_get(p, q) / curvature);
        result.unsafe_set(q, p, -skew.unsafe_get(p, q) / curvature);
      }
    }
    return result;
  }

  /** Adds {@code factor · matrix · diag(columns)}. */
  private static void addScaled(
      DMatrixRMaj matrix, double[] columns, double factor, DMatrixRMaj into) {
    for (int i = 0; i < matrix.numRows; i++) {
      for (int j = 0; j < columns.length; j++) {
        into.data[i * columns.length + j] += factor * columns[j] * matrix.unsafe_get(i, j);
      }
    }
  }

  private static DMatrixRMaj skewPart(DMatrixRMaj matrix, double factor) {
    DMatrixRMaj result = matrix.createLike();
    for (int p = 0; p < matrix.numRows; p++) {
      for (int q = p + 1; q < matrix.numRows; q++) {
        double value = factor * (matrix.unsafe_get(p, q) - matrix.unsafe_get(q, p));
        result.unsafe_set(p, q, value);
        result.unsafe_set(q, p, -value);
      }
    }
    return result;
  }

  /** Sum over p &lt; q. */
  private static double innerProduct(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0;
    for (int i = 0; i < a.data.length; i++) {
      sum += a.data[i] * b.data[i];
    }
    return sum / 2;
  }
}
