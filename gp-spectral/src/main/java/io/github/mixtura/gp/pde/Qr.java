package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * Householder factors of a matrix with at least as many rows as columns, {@code A = QR}, by panels
 * of {@value #PANEL} columns (Schreiber and Van Loan 1989, doi:10.1137/0910005).
 */
final class Qr {
  private static final int PANEL = 32;

  /** Reflectors {@code I − V T Vᵀ} that begin at a row, and the block of R they leave. */
  private record Panel(int row, DMatrixRMaj v, DMatrixRMaj t, double[] block) {}

  private final List<Panel> panels = new ArrayList<>();
  private final DMatrixRMaj r;

  Qr(DMatrixRMaj a) {
    int n = a.numCols;
    if (a.numRows < n) {
      throw new IllegalArgumentException(
          "a has " + a.numRows + " rows, must have at least as many as columns, " + n);
    }
    DMatrixRMaj work = a.copy();
    r = new DMatrixRMaj(n, n);
    for (int j = 0; j < n; j += PANEL) {
      int width = Math.min(PANEL, n - j);
      Panel panel = factorise(part(work, j, j, width), j);
      panels.add(panel);
      for (int i = 0; i < width; i++) {
        System.arraycopy(panel.block(), i * width, r.data, (j + i) * n + j, width);
      }
      int rest = n - j - width;
      if (rest > 0) {
        DMatrixRMaj trailing = part(work, j, j + width, rest);
        reflect(panel, trailing, true);
        for (int i = 0; i < trailing.numRows; i++) {
          System.arraycopy(trailing.data, i * rest, work.data, (j + i) * n + j + width, rest);
        }
        for (int i = 0; i < width; i++) {
          System.arraycopy(trailing.data, i * rest, r.data, (j + i) * n + j + width, rest);
        }
      }
    }
  }

  private static DMatrixRMaj part(DMatrixRMaj a, int row, int column, int width) {
    DMatrixRMaj part = new DMatrixRMaj(a.numRows - row, width);
    for (int i = 0; i < part.numRows; i++) {
      System.arraycopy(a.data, (row + i) * a.numCols + column, part.data, i * width, width);
    }
    return part;
  }

  private static Panel factorise(DMatrixRMaj p, int row) {
    int m = p.numRows;
    int n = p.numCols;
    double[] d = p.data;
    double[] tau = new double[n];
    double[] w = new double[n];
    DMatrixRMaj v = new DMatrixRMaj(m, n);
    for (int k = 0; k < n; k++) {
      double largest = 0;
      for (int i = k; i < m; i++) {
        largest = Math.max(largest, Math.abs(d[i * n + k]));
      }
      v.data[k * n + k] = 1;
      if (largest == 0) {
        continue;
      }
      double sum = 0;
      for (int i = k; i < m; i++) {
        double scaled = d[i * n + k] / largest;
        sum += scaled * scaled;
      }
      double head = d[k * n + k];
      double alpha = -Math.copySign(largest * Math.sqrt(sum), head);
      double pivot = head - alpha;
      tau[k] = -pivot / alpha;
      for (int i = k + 1; i < m; i++) {
        v.data[i * n + k] = d[i * n + k] / pivot;
      }
      Arrays.fill(w, 0);
      for (int i = k; i < m; i++) {
        double vi = v.data[i * n + k];
        for (int j = k; j < n; j++) {
          w[j] += vi * d[i * n + j];
        }
      }
      for (int i = k; i < m; i++) {
        double vi = tau[k] * v.data[i * n + k];
        for (int j = k; j < n; j++) {
          d[i * n + j] -= vi * w[j];
        }
      }
      d[k * n + k] = alpha;
    }
    double[] block = new double[n * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(d, i * n + i, block, i * n + i, n - i);
    }
    DMatrixRMaj inner = Dense.crossProduct(v);
    DMatrixRMaj t = new DMatrixRMaj(n, n);
    for (int k = 0; k < n; k++) {
      t.data[k * n + k] = tau[k];
      for (int i = 0; i < k; i++) {
        double sum = 0;
        for (int l = i; l < k; l++) {
          sum += t.data[i * n + l] * inner.data[l * n + k];
        }
        t.data[i * n + k] = -tau[k] * sum;
      }
    }
    return new Panel(row, v, t, block);
  }

  /** Multiplies with the panel's orthogonal matrix or its transpose in place. */
  private static void reflect(Panel panel, DMatrixRMaj b, boolean transposed) {
    DMatrixRMaj w = Dense.multiplyTransA(panel.v(), b);
    w = transposed ? Dense.multiplyTransA(panel.t(), w) : Dense.multiply(panel.t(), w);
    DMatrixRMaj change = Dense.multiply(panel.v(), w);
    for (int i = 0; i < b.data.length && i < change.data.length; i++) {
      b.data[i] -= change.data[i];
    }
  }

  /** The upper triangular factor, n × n. */
  DMatrixRMaj r() {
    return r;
  }

  /** {@code QᵀB}, m rows. */
  DMatrixRMaj transposeTimes(DMatrixRMaj b) {
    DMatrixRMaj result = b.copy();
    for (Panel panel : panels) {
      apply(panel, result, true);
    }
    return result;
  }

  /** {@code QB}; rows that are missing in B count as zeros. */
  DMatrixRMaj times(DMatrixRMaj b) {
    int m = panels.get(0).v().numRows;
    DMatrixRMaj result = new DMatrixRMaj(m, b.numCols);
    System.arraycopy(b.data, 0, result.data, 0, b.getNumElements());
    for (int i = panels.size() - 1; i >= 0; i--) {
      apply(panels.get(i), result, false);
    }
    return result;
  }

  private static void apply(Panel panel, DMatrixRMaj b, boolean transposed) {
    if (panel.row() == 0) {
      reflect(panel, b, transposed);
      return;
    }
    DMatrixRMaj part = part(b, panel.row(), 0, b.numCols);
    reflect(panel, part, transposed);
    System.arraycopy(part.data, 0, b.data, panel.row() * b.numCols, part.getNumElements());
  }

  /** The least-squares solution {@code R⁻¹(QᵀB)}; zero pivots give zero coefficients. */
  DMatrixRMaj solve(DMatrixRMaj b) {
    DMatrixRMaj x = transposeTimes(b);
    int n = r.numCols;
    int p = b.numCols;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.abs(r.data[i * n + i]));
    }
    for (int i = n - 1; i >= 0; i--) {
      double pivot = r.data[i * n + i];
      for (int c = 0; c < p; c++) {
        double sum = x.data[i * p + c];
        for (int j = i + 1; j < n; j++) {
          sum -= r.data[i * n + j] * x.data[j * p + c];
        }
        x.data[i * p + c] = Math.abs(pivot) <= 1e-15 * largest ? 0 : sum / pivot;
      }
    }
    DMatrixRMaj top = new DMatrixRMaj(n, p);
    System.arraycopy(x.data, 0, top.data, 0, n * p);
    return top;
  }
}
