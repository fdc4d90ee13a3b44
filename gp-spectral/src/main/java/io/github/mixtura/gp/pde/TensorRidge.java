package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The Gaussian model {@code AY + YBᵀ = G + σE} with {@code Y = ρσ L₁XL₂ᵀ}, X and E standard normal:
 * a dense factor of all unknowns, for noisy sources on a rectangle.
 */
final class TensorRidge {
  private static final int CHUNK = 500;

  private final DMatrixRMaj al;
  private final DMatrixRMaj l;
  private final DMatrixRMaj bm;
  private final DMatrixRMaj m;
  private final DMatrixRMaj g;
  private final DMatrixRMaj normal;

  /**
   * @param a operator along x, m × m
   * @param l root of the prior along x, m × m
   * @param b operator along y, n × n
   * @param m root of the prior along y, n × n
   * @param g right side, m × n
   */
  TensorRidge(DMatrixRMaj a, DMatrixRMaj l, DMatrixRMaj b, DMatrixRMaj m, DMatrixRMaj g) {
    this.l = l;
    this.m = m;
    this.g = g;
    al = Dense.multiply(a, l);
    bm = Dense.multiply(b, m);
    // D = AL ⊗ M + L ⊗ BM, and DᵀD from products of its factors.
    normal = new DMatrixRMaj(l.numCols * m.numCols, l.numCols * m.numCols);
    addKronecker(Dense.crossProduct(al), Dense.crossProduct(m));
    addKronecker(Dense.multiplyTransA(al, l), Dense.multiplyTransA(m, bm));
    addKronecker(Dense.multiplyTransA(l, al), Dense.multiplyTransA(bm, m));
    addKronecker(Dense.crossProduct(l), Dense.crossProduct(bm));
  }

  private void addKronecker(DMatrixRMaj p, DMatrixRMaj q) {
    int n = q.numRows;
    int size = normal.numCols;
    for (int i = 0; i < p.numRows; i++) {
      for (int k = 0; k < n; k++) {
        int row = (i * n + k) * size;
        for (int j = 0; j < p.numCols; j++) {
          double factor = p.get(i, j);
          int at = row + j * n;
          for (int o = 0; o < n; o++) {
            normal.data[at + o] += factor * q.data[k * n + o];
          }
        }
      }
    }
  }

  /** The posterior at one ρ; {@code x} is Y's X times ρσ. */
  final class Fit {
    private final double rho;
    private final DMatrixRMaj factor;
    private final DMatrixRMaj x;

    private Fit(double rho, DMatrixRMaj factor) {
      this.rho = rho;
      this.factor = factor;
      DMatrixRMaj first = solve(adjoint(g));
      DMatrixRMaj left = g.copy();
      CommonOps_DDRM.subtractEquals(left, apply(first));
      DMatrixRMaj right = adjoint(left);
      CommonOps_DDRM.addEquals(right, -1 / (rho * rho), first);
      CommonOps_DDRM.addEquals(first, solve(right));
      x = first;
    }

    /** {@code (DᵀD + ρ⁻²I)⁻¹} of a matrix of unknowns. */
    private DMatrixRMaj solve(DMatrixRMaj right) {
      DMatrixRMaj flat = new DMatrixRMaj(right.getNumElements(), 1);
      System.arraycopy(right.data, 0, flat.data, 0, flat.data.length);
      DMatrixRMaj solved = Dense.solveCholesky(factor, flat);
      return DMatrixRMaj.wrap(right.numRows, right.numCols, solved.data);
    }

    /** The posterior mean of Y. */
    DMatrixRMaj mean() {
      return Dense.multiplyTransB(Dense.multiply(l, x), m);
    }

    /** {@code |x|²/ρ²}, the part of the prior in the quadratic form. */
    double penalty() {
      return Gmres.dot(x, x) / (rho * rho);
    }

    /** {@code log|I + ρ²DᵀD|}. */
    double logDeterminant() {
      double sum = 2.0 * factor.numRows * Math.log(rho);
      for (int i = 0; i < factor.numRows; i++) {
        sum += 2 * Math.log(factor.get(i, i));
      }
      return sum;
    }

    /**
     * Posterior standard deviations of {@code ψᵀYχ} in units of σ.
     *
     * @param psi one row for each functional
     * @param chi one row for each functional
     */
    double[] standardDeviations(double[][] psi, double[][] chi) {
      double[] result = new double[psi.length];
      int size = factor.numRows;
      for (int from = 0; from < psi.length; from += CHUNK) {
        int count = Math.min(CHUNK, psi.length - from);
        DMatrixRMaj right = new DMatrixRMaj(size, count);
        for (int c = 0; c < count; c++) {
          double[] p = timesColumns(psi[from + c], l);
          double[] q = timesColumns(chi[from + c], m);
          for (int i = 0; i < p.length; i++) {
            for (int j = 0; j < q.length; j++) {
              right.data[(i * q.length + j) * count + c] = p[i] * q[j];
            }
          }
        }
        DMatrixRMaj white = Dense.solveLower(factor, right);
        for (int i = 0; i < size; i++) {
          for (int c = 0; c < count; c++) {
            double value = white.data[i * count + c];
            result[from + c] += value * value;
          }
        }
      }
      Arrays.setAll(result, i -> Math.sqrt(result[i]));
      return result;
    }
  }

  private static double[] timesColumns(double[] row, DMatrixRMaj a) {
    double[] result = new double[a.numCols];
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[j] += row[i] * a.data[i * result.length + j];
      }
    }
    return result;
  }

  private DMatrixRMaj apply(DMatrixRMaj x) {
    DMatrixRMaj sum = Dense.multiplyTransB(Dense.multiply(al, x), m);
    CommonOps_DDRM.addEquals(sum, Dense.multiplyTransB(Dense.multiply(l, x), bm));
    return sum;
  }

  private DMatrixRMaj adjoint(DMatrixRMaj y) {
    DMatrixRMaj sum = Dense.multiply(Dense.multiplyTransA(al, y), m);
    CommonOps_DDRM.addEquals(sum, Dense.multiply(Dense.multiplyTransA(l, y), bm));
    return sum;
  }

  /** The posterior at ρ; null where rounding makes the factor fail. */
  Fit fit(double rho) {
    DMatrixRMaj shifted = normal.copy();
    for (int i = 0; i < shifted.numRows; i++) {
      shifted.data[i * (shifted.numCols + 1)] += 1 / (rho * rho);
    }
    return Dense.cholesky(shifted).map(factor -> new Fit(rho, factor)).orElse(null);
  }
}
