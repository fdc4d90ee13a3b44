package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * A bound of the largest eigenvalue of the matrix with elements {@code z_iᵀz_j − g_i − g_j}, whose
 * rank is at most p + 2.
 *
 * <p>With W = (1, h, Y) for the rows about their mean, the matrix is {@code −2c 11ᵀ − h1ᵀ − 1hᵀ +
 * YYᵀ}. Q spans W but for rounding; the eigenvalues of the compression, the part of {@code MQ}
 * outside Q and the part of W outside Q are all computed and enter the bound, so that it holds for
 * any Q. O(n p²).
 */
final class GramBlock {
  private GramBlock() {}

  /**
   * Returns the bound; minus infinity for no row.
   *
   * @param columns the z, p columns
   * @param g by place
   */
  static double top(double[][] columns, double[] g, int from, int to) {
    int size = to - from;
    if (size == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    int p = columns.length;
    double[][] w = new double[p + 2][size];
    double constant = 0;
    for (int i = 0; i < size; i++) {
      w[0][i] = 1;
      w[1][i] = g[from + i];
    }
    for (int q = 0; q < p; q++) {
      double[] y = w[q + 2];
      System.arraycopy(columns[q], from, y, 0, size);
      double mean = centre(y);
      Vectors.add(-mean, y, w[1]);
      constant -= mean * mean / 2;
    }
    double level = centre(w[1]);
    double magnitude = Math.abs(constant) + Math.abs(level);
    constant += level;
    double[][] basis = basis(w);
    int rank = basis.length;
    DMatrixRMaj t = new DMatrixRMaj(rank, rank);
    double outside = 0;
    for (int a = 0; a < rank; a++) {
      double[] image = multiply(w, constant, basis[a]);
      for (int b = 0; b < rank; b++) {
        t.set(b, a, Vectors.dot(basis[b], image));
      }
      for (int b = 0; b < rank; b++) {
        Vectors.add(-t.get(b, a), basis[b], image);
      }
      outside += Vectors.dot(image, image);
    }
    for (int a = 0; a < rank; a++) {
      for (int b = 0; b < a; b++) {
        double mean = (t.get(a, b) + t.get(b, a)) / 2;
        t.set(a, b, mean);
        t.set(b, a, mean);
      }
    }
    double complement = complement(w, constant, basis);
    double scale = Math.sqrt(Vectors.dot(t.data, t.data)) + Math.abs(constant) * size;
    double rounding =
        Math.ulp(1.0) * (16 * (rank + 1) * (Math.sqrt(size) + 16) * scale + 32 * magnitude * size);
    double largest = Dense.symmetricEigen(t).values()[rank - 1];
    return Math.max(largest, complement) + Math.sqrt(outside) + rounding;
  }

  /** Subtracts the mean in two passes, and returns it. */
  private static double centre(double[] x) {
    double total = 0;
    for (int pass = 0; pass < 2; pass++) {
      double mean = 0;
      for (double value : x) {
        mean += value / x.length;
      }
      for (int i = 0; i < x.length; i++) {
        x[i] -= mean;
      }
      total += mean;
    }
    return total;
  }

  private static double[] multiply(double[][] w, double constant, double[] x) {
    double[] product = new double[x.length];
    double sum = Vectors.dot(w[0], x);
    Vectors.add(-2 * constant * sum - Vectors.dot(w[1], x), w[0], product);
    Vectors.add(-sum, w[1], product);
    for (int q = 2; q < w.length; q++) {
      Vectors.add(Vectors.dot(w[q], x), w[q], product);
    }
    return product;
  }

  private static double[][] basis(double[][] w) {
    List<double[]> basis = new ArrayList<>();
    for (double[] column : w) {
      double[] x = column.clone();
      double before = Math.sqrt(Vectors.dot(x, x));
      double length = before;
      for (int pass = 0; pass < 2; pass++) {
        for (double[] q : basis) {
          Vectors.add(-Vectors.dot(q, x), q, x);
        }
        length = Math.sqrt(Vectors.dot(x, x));
        if (!(length > 1e-14 * before)) {
          break;
        }
        for (int i = 0; i < x.length; i++) {
          x[i] /= length;
        }
        before = 1;
      }
      if (length > 1e-14 * before) {
        basis.add(x);
      }
    }
    return basis.toArray(new double[0][]);
  }

  /** Bounds the norm of the matrix on the complement of the basis by what is left of W. */
  private static double complement(double[][] w, double constant, double[][] basis) {
    double[] lengths = new double[w.length];
    for (int q = 0; q < w.length; q++) {
      double[] x = w[q].clone();
      for (double[] b : basis) {
        Vectors.add(-Vectors.dot(b, x), b, x);
      }
      lengths[q] = Math.sqrt(Vectors.dot(x, x));
    }
    double norm = 2 * Math.abs(constant) * lengths[0] * lengths[0] + 2 * lengths[0] * lengths[1];
    for (int q = 2; q < w.length; q++) {
      norm += lengths[q] * lengths[q];
    }
    return norm;
  }
}
