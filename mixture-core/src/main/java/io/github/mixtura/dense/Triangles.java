package io.github.mixtura.dense;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/** Cholesky factors and triangular systems by blocks of 64 rows. */
final class Triangles {
  private static final int BLOCK = 64;

  /** Columns that are solved at a time. */
  private static final int WIDTH = 256;

  private Triangles() {}

  /**
   * Replaces the lower triangle by its Cholesky factor and clears the rest; false if there is none.
   */
  static boolean factorise(DMatrixRMaj matrix) {
    int n = matrix.numRows;
    Slice all = Slice.of(matrix);
    for (int at = 0; at < n; at += BLOCK) {
      int size = Math.min(BLOCK, n - at);
      Slice corner = all.part(at, at, size, size);
      if (!factoriseCorner(corner)) {
        return false;
      }
      int next = at + size;
      int rest = n - next;
      if (rest > 0) {
        // L₂₁ᵀ = L₁₁⁻¹ A₂₁ᵀ, and what is left is A₂₂ − L₂₁ L₂₁ᵀ.
        Slice below = all.part(next, at, rest, size);
        solveBlock(corner, below.transposed(), true);
        Products.add(-1, below, below.transposed(), all.part(next, next, rest, rest), true);
      }
    }
    for (int i = 0; i < n; i++) {
      Arrays.fill(matrix.data, i * n + i + 1, (i + 1) * n, 0);
    }
    return true;
  }

  private static boolean factoriseCorner(Slice corner) {
    int size = corner.rows();
    DMatrixRMaj block = new DMatrixRMaj(size, size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double value = corner.get(i, j);
        block.unsafe_set(i, j, value);
        block.unsafe_set(j, i, value);
      }
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(size, true);
    if (!cholesky.decompose(block)) {
      return false;
    }
    DMatrixRMaj factor = cholesky.getT(null);
    for (int i = 0; i < size; i++) {
      double pivot = factor.unsafe_get(i, i);
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        return false;
      }
      System.arraycopy(factor.data, i * size, corner.data(), corner.index(i, 0), i + 1);
    }
    return true;
  }

  /** Replaces B by L⁻¹B. */
  static void solveLower(Slice lower, Slice b) {
    int n = lower.rows();
    for (int at = 0; at < n; at += BLOCK) {
      int size = Math.min(BLOCK, n - at);
      Slice rows = b.part(at, 0, size, b.columns());
      if (at > 0) {
        Products.add(-1, lower.part(at, 0, size, at), b.part(0, 0, at, b.columns()), rows, false);
      }
      solveBlock(lower.part(at, at, size, size), rows, true);
    }
  }

  /** Replaces B by U⁻¹B. */
  static void solveUpper(Slice upper, Slice b) {
    int n = upper.rows();
    for (int end = n; end > 0; ) {
      int at = (end - 1) / BLOCK * BLOCK;
      int size = end - at;
      Slice rows = b.part(at, 0, size, b.columns());
      if (end < n) {
        Products.add(
            -1,
            upper.part(at, end, size, n - end),
            b.part(end, 0, n - end, b.columns()),
            rows,
            false);
      }
      solveBlock(upper.part(at, at, size, size), rows, false);
      end = at;
    }
  }

  /** Replaces B by T⁻¹B for one block on the diagonal of a triangle. */
  private static void solveBlock(Slice triangle, Slice b, boolean lower) {
    int size = triangle.rows();
    double[][] rows = new double[size][Math.min(WIDTH, b.columns())];
    double[] factors = new double[4];
    for (int left = 0; left < b.columns(); left += WIDTH) {
      int width = Math.min(WIDTH, b.columns() - left);
      b.read(0, left, rows, size, width);
      for (int step = 0; step < size; step++) {
        int i = lower ? step : size - 1 - step;
        int k = lower ? 0 : i + 1;
        int end = lower ? i : size;
        for (; k + 3 < end; k += 4) {
          for (int f = 0; f < 4; f++) {
            factors[f] = -triangle.get(i, k + f);
          }
          Lines.addFour(rows[i], factors, rows[k], rows[k + 1], rows[k + 2], rows[k + 3], width);
        }
        for (; k < end; k++) {
          Lines.add(rows[i], -triangle.get(i, k), rows[k], width);
        }
        double pivot = triangle.get(i, i);
        for (int j = 0; j < width; j++) {
          rows[i][j] /= pivot;
        }
      }
      b.write(0, left, rows, size, width);
    }
  }
}
