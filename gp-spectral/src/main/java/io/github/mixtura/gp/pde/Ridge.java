package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The Gaussian model {@code b = Ay + σe} with y and e standard normal, for many values of σ: A is
 * brought to bidiagonal form once, then each σ costs O(n) (Eldén 1977, doi:10.1007/BF01932150).
 */
final class Ridge {
  private final int rows;
  private final int n;
  private final boolean wide;
  private final Qr qr;
  private final DMatrixRMaj a;
  private final double[] diagonal;
  private final double[] above;
  private final List<double[]> leftVectors = new ArrayList<>();
  private final List<double[]> rightVectors = new ArrayList<>();
  private final double[] projected;
  private final double outside;

  /** A factor {@code [ρ, ε]} of {@code BᵀB + σ²I}, its right side and what is left over. */
  private record Reduced(double[] diagonal, double[] above, double[] right, double rest) {}

  /** The model at one σ. */
  record Evidence(double sigma, double quadratic, double logDeterminant) {}

  Ridge(DMatrixRMaj a, double[] b) {
    this.a = a;
    rows = a.numRows;
    wide = a.numCols > rows;
    qr = new Qr(wide ? CommonOps_DDRM.transpose(a, null) : a);
    n = Math.min(rows, a.numCols);
    DMatrixRMaj core = wide ? CommonOps_DDRM.transpose(qr.r(), null) : qr.r().copy();
    diagonal = new double[n];
    above = new double[n];
    bidiagonalise(core.data);
    double[] all = wide ? b : qr.transposeTimes(column(b)).data;
    double sum = 0;
    for (int i = n; i < rows; i++) {
      sum += all[i] * all[i];
    }
    outside = sum;
    projected = Arrays.copyOf(all, n);
    applyLeft(projected);
  }

  static DMatrixRMaj column(double[] values) {
    return DMatrixRMaj.wrap(values.length, 1, values);
  }

  private void bidiagonalise(double[] d) {
    double[] w = new double[n];
    for (int k = 0; k < n; k++) {
      double[] v = new double[n - k];
      for (int i = k; i < n; i++) {
        v[i - k] = d[i * n + k];
      }
      diagonal[k] = reflector(v);
      leftVectors.add(v);
      Arrays.fill(w, 0);
      for (int i = k; i < n; i++) {
        double vi = v[i - k];
        if (vi != 0) {
          int row = i * n;
          for (int j = k + 1; j < n; j++) {
            w[j] += vi * d[row + j];
          }
        }
      }
      for (int i = k; i < n; i++) {
        double vi = v[i - k];
        if (vi != 0) {
          int row = i * n;
          for (int j = k + 1; j < n; j++) {
            d[row + j] -= vi * w[j];
          }
        }
      }
      if (k + 1 < n) {
        double[] u = Arrays.copyOfRange(d, k * n + k + 1, k * n + n);
        above[k] = reflector(u);
        rightVectors.add(u);
        for (int i = k + 1; i < n; i++) {
          int row = i * n + k + 1;
          double sum = dot(u, d, row);
          for (int j = 0; j < u.length; j++) {
            d[row + j] -= sum * u[j];
          }
        }
      }
    }
  }

  /** Turns x into v with {@code (I − vvᵀ)x = αe₁} and returns α; v is zero where x is. */
  private static double reflector(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0 || x.length == 1) {
      double alpha = x[0];
      Arrays.fill(x, 0);
      return alpha;
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] /= largest;
      sum += x[i] * x[i];
    }
    double norm = Math.sqrt(sum);
    double alpha = -Math.copySign(norm, x[0]);
    double head = x[0] - alpha;
    x[0] = head;
    double factor = 1 / Math.sqrt(Math.abs(alpha * head));
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
    return alpha * largest;
  }

  private static double dot(double[] v, double[] d, int offset) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < v.length; j += 4) {
      s0 += v[j] * d[offset + j];
      s1 += v[j + 1] * d[offset + j + 1];
      s2 += v[j + 2] * d[offset + j + 2];
      s3 += v[j + 3] * d[offset + j + 3];
    }
    for (; j < v.length; j++) {
      s0 += v[j] * d[offset + j];
    }
    return s0 + s1 + s2 + s3;
  }

  private void applyLeft(double[] x) {
    for (int k = 0; k < n; k++) {
      reflect(leftVectors.get(k), x, k);
    }
  }

  private static void reflect(double[] v, double[] x, int offset) {
    double sum = dot(v, x, offset);
    for (int j = 0; j < v.length; j++) {
      x[offset + j] -= sum * v[j];
    }
  }

  /** {@code Vx}, from the bidiagonal to the original coordinates. */
  private double[] fromBidiagonal(double[] x) {
    double[] y = x.clone();
    for (int k = rightVectors.size() - 1; k >= 0; k--) {
      reflect(rightVectors.get(k), y, k + 1);
    }
    return wide ? qr.times(column(y)).data : y;
  }

  /** {@code Vᵀy}, from the original to the bidiagonal coordinates; n and those outside A's rows. */
  private double[] toBidiagonal(double[] y) {
    double[] x = wide ? qr.transposeTimes(column(y)).data : y.clone();
    for (int k = 0; k < rightVectors.size(); k++) {
      reflect(rightVectors.get(k), x, k + 1);
    }
    return x;
  }

  private Reduced reduce(double sigma, double[] top, double[] bottom) {
    double[] d = new double[n];
    double[] e = new double[n];
    double[] g = new double[n];
    double t = sigma;
    double h = bottom[0];
    double rest = 0;
    for (int i = 0; i < n; i++) {
      double rho = Math.hypot(diagonal[i], t);
      double c = diagonal[i] / rho;
      double s = t / rho;
      d[i] = rho;
      e[i] = c * above[i];
      g[i] = c * top[i] + s * h;
      double left = c * h - s * top[i];
      if (i + 1 == n) {
        rest += left * left;
      } else {
        double fill = -s * above[i];
        t = Math.hypot(fill, sigma);
        c = fill / t;
        s = sigma / t;
        h = c * left + s * bottom[i + 1];
        double out = c * bottom[i + 1] - s * left;
        rest += out * out;
      }
    }
    return new Reduced(d, e, g, rest);
  }

  /** {@code bᵀ(AAᵀ + σ²I)⁻¹b} and {@code log|AAᵀ + σ²I|}. */
  Evidence evidence(double sigma) {
    Reduced reduced = reduce(sigma, projected, new double[n]);
    double logDeterminant = 2 * (rows - n) * Math.log(sigma);
    for (double value : reduced.diagonal()) {
      logDeterminant += 2 * Math.log(value);
    }
    return new Evidence(sigma, (reduced.rest() + outside) / (sigma * sigma), logDeterminant);
  }

  /** The posterior mean of y, with one step of refinement. */
  double[] mean(double sigma, double[] b) {
    double[] y = fromBidiagonal(solve(reduce(sigma, projected, new double[n])));
    DMatrixRMaj product = new DMatrixRMaj(rows, 1);
    CommonOps_DDRM.mult(a, column(y), product);
    double[] residual = new double[rows];
    for (int i = 0; i < rows; i++) {
      residual[i] = b[i] - product.data[i];
    }
    double[] top = Arrays.copyOf(wide ? residual : qr.transposeTimes(column(residual)).data, n);
    applyLeft(top);
    double[] bottom = toBidiagonal(y);
    for (int i = 0; i < n; i++) {
      bottom[i] *= -sigma;
    }
    double[] change = fromBidiagonal(solve(reduce(sigma, top, bottom)));
    for (int i = 0; i < y.length; i++) {
      y[i] += change[i];
    }
    return y;
  }

  /** What the model leaves of other values in place of b: {@code σ²(AAᵀ + σ²I)⁻¹b}. */
  double[] remainder(double sigma, double[] values) {
    double[] all = wide ? values.clone() : qr.transposeTimes(column(values)).data;
    double[] top = Arrays.copyOf(all, n);
    applyLeft(top);
    double[] y = fromBidiagonal(solve(reduce(sigma, top, new double[n])));
    DMatrixRMaj product = new DMatrixRMaj(rows, 1);
    CommonOps_DDRM.mult(a, column(y), product);
    double[] left = new double[rows];
    Arrays.setAll(left, i -> values[i] - product.data[i]);
    return left;
  }

  /** How many of the directions of b the model leaves to the noise: the trace of what remains. */
  double unfitted(double sigma) {
    Reduced factor = reduce(sigma, projected, new double[n]);
    double sum = rows - n;
    double row = 0;
    // Squared norms of the rows of the inverse of a bidiagonal matrix, from below.
    for (int i = n - 1; i >= 0; i--) {
      double ratio = factor.above()[i] / factor.diagonal()[i];
      row = 1 / (factor.diagonal()[i] * factor.diagonal()[i]) + ratio * ratio * row;
      sum += sigma * sigma * row;
    }
    return sum;
  }

  private static double[] solve(Reduced reduced) {
    double[] x = reduced.right().clone();
    for (int i = x.length - 1; i >= 0; i--) {
      double sum = x[i];
      if (i + 1 < x.length) {
        sum -= reduced.above()[i] * x[i + 1];
      }
      x[i] = sum / reduced.diagonal()[i];
    }
    return x;
  }

  /** Posterior variances of {@code ψᵀy} for one σ. */
  Variance variance(double sigma) {
    return new Variance(sigma, reduce(sigma, new double[n], new double[n]));
  }

  /** Posterior variances at one σ. */
  final class Variance {
    private final double sigma;
    private final Reduced factor;

    private Variance(double sigma, Reduced factor) {
      this.sigma = sigma;
      this.factor = factor;
    }

    /** The variance of {@code ψᵀy}. */
    double of(double[] psi) {
      double[] z = toBidiagonal(psi);
      double prior = 0;
      for (int i = n; i < z.length; i++) {
        prior += z[i] * z[i];
      }
      double sum = 0;
      double before = 0;
      for (int i = 0; i < n; i++) {
        double value = z[i];
        if (i > 0) {
          value -= factor.above()[i - 1] * before;
        }
        before = value / factor.diagonal()[i];
        sum += before * before;
      }
      return prior + sigma * sigma * sum;
    }
  }
}
