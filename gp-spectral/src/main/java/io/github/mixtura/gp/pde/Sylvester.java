package io.github.mixtura.gp.pde;

import java.util.Random;
import org.ejml.data.DMatrixRMaj;

/**
 * Solves {@code AY + YBᵀ = G} through the Schur forms of A and B (Bartels and Stewart 1972,
 * doi:10.1145/361573.361582). Sums of eigenvalues below 1e-14 of the largest are raised to that.
 */
final class Sylvester {
  private static final double SMALLEST = 1e-14;
  private static final int INVERSE_STEPS = 6;

  private final Schur a;
  private final Schur b;
  private final double least;

  Sylvester(DMatrixRMaj a, DMatrixRMaj b) {
    this.a = new Schur(a);
    this.b = new Schur(b);
    double largest = 0;
    for (int i = 0; i < a.numRows; i++) {
      largest = Math.max(largest, Math.hypot(this.a.tRe[i][i], this.a.tIm[i][i]));
    }
    for (int i = 0; i < b.numRows; i++) {
      largest = Math.max(largest, Math.hypot(this.b.tRe[i][i], this.b.tIm[i][i]));
    }
    least = Math.max(SMALLEST * largest, Double.MIN_NORMAL);
  }

  /** A complex matrix, row by row. */
  private record Complex(double[][] re, double[][] im) {
    static Complex zeros(int rows, int columns) {
      return new Complex(new double[rows][columns], new double[rows][columns]);
    }
  }

  /** {@code op(M) G}: M itself, or its adjoint. */
  private static Complex multiply(Schur m, boolean adjoint, Complex g) {
    int n = m.size();
    int columns = g.re()[0].length;
    Complex result = Complex.zeros(n, columns);
    for (int i = 0; i < n; i++) {
      double[] re = result.re()[i];
      double[] im = result.im()[i];
      for (int k = 0; k < n; k++) {
        double x = adjoint ? m.uRe[k][i] : m.uRe[i][k];
        double y = adjoint ? -m.uIm[k][i] : m.uIm[i][k];
        double[] gRe = g.re()[k];
        double[] gIm = g.im()[k];
        for (int j = 0; j < columns; j++) {
          re[j] += x * gRe[j] - y * gIm[j];
          im[j] += x * gIm[j] + y * gRe[j];
        }
      }
    }
    return result;
  }

  private static Complex transpose(Complex m) {
    int rows = m.re().length;
    int columns = m.re()[0].length;
    Complex result = Complex.zeros(columns, rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result.re()[j][i] = m.re()[i][j];
        result.im()[j][i] = m.im()[i][j];
      }
    }
    return result;
  }

  /** The solution Y. */
  DMatrixRMaj solve(DMatrixRMaj g) {
    int m = a.size();
    int n = b.size();
    Complex right = Complex.zeros(m, n);
    for (int i = 0; i < m; i++) {
      System.arraycopy(g.data, i * n, right.re()[i], 0, n);
    }
    // C = U*G conj(V), and its transpose Cᵀ = V*(U*G)ᵀ row by row below.
    Complex c = multiply(b, true, transpose(multiply(a, true, right)));
    substitute(c);
    // Y = U X Vᵀ with Xᵀ in c: Yᵀ = V (U X)ᵀ.
    Complex y = multiply(b, false, transpose(multiply(a, false, transpose(c))));
    DMatrixRMaj result = new DMatrixRMaj(m, n);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        result.data[i * n + j] = y.re()[j][i];
      }
    }
    return result;
  }

  /** Solves {@code TX + XRᵀ = C} in place, X and C transposed. */
  private void substitute(Complex c) {
    int m = a.size();
    int n = b.size();
    for (int j = n - 1; j >= 0; j--) {
      double[] re = c.re()[j];
      double[] im = c.im()[j];
      for (int k = j + 1; k < n; k++) {
        subtract(re, im, b.tRe[j][k], b.tIm[j][k], c.re()[k], c.im()[k]);
      }
      for (int i = m - 1; i >= 0; i--) {
        double sumRe = re[i];
        double sumIm = im[i];
        for (int k = i + 1; k < m; k++) {
          sumRe -= a.tRe[i][k] * re[k] - a.tIm[i][k] * im[k];
          sumIm -= a.tRe[i][k] * im[k] + a.tIm[i][k] * re[k];
        }
        divide(sumRe, sumIm, a.tRe[i][i] + b.tRe[j][j], a.tIm[i][i] + b.tIm[j][j], re, im, i);
      }
    }
  }

  private static void subtract(
      double[] re, double[] im, double x, double y, double[] fromRe, double[] fromIm) {
    for (int i = 0; i < re.length; i++) {
      re[i] -= x * fromRe[i] - y * fromIm[i];
      im[i] -= x * fromIm[i] + y * fromRe[i];
    }
  }

  private void divide(
      double x, double y, double byRe, double byIm, double[] re, double[] im, int at) {
    double square = byRe * byRe + byIm * byIm;
    if (square < least * least) {
      re[at] = x / least;
      im[at] = y / least;
    } else {
      re[at] = (x * byRe + y * byIm) / square;
      im[at] = (y * byRe - x * byIm) / square;
    }
  }

  /** {@code Uᵀ* ψ} of the first or second axis, to be given to {@link #adjointNorm}. */
  double[][] turned(int axis, double[] psi) {
    Schur schur = axis == 0 ? a : b;
    int n = schur.size();
    double[][] result = new double[2][n];
    // U*ψ for A, and ψᵀV for B.
    double sign = axis == 0 ? -1 : 1;
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < n; j++) {
        result[0][j] += psi[k] * schur.uRe[k][j];
        result[1][j] += sign * psi[k] * schur.uIm[k][j];
      }
    }
    return result;
  }

  /**
   * The Frobenius norm of W with {@code AᵀW + WB = ψχᵀ}: how much the linear functional {@code
   * ψᵀYχ} depends on white noise in G.
   */
  double adjointNorm(double[][] psi, double[][] chi) {
    int m = a.size();
    int n = b.size();
    Complex right = Complex.zeros(n, m);
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        right.re()[j][i] = psi[0][i] * chi[0][j] - psi[1][i] * chi[1][j];
        right.im()[j][i] = psi[0][i] * chi[1][j] + psi[1][i] * chi[0][j];
      }
    }
    substituteAdjoint(right, 1);
    double sum = 0;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        double x = right.re()[j][i];
        double y = right.im()[j][i];
        sum += x * x + y * y;
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Solves {@code T*X + XR = C}, or with conj(R) where the sign is −1, in place, X and C
   * transposed.
   */
  private void substituteAdjoint(Complex c, double sign) {
    int m = a.size();
    double[][] re = c.re();
    double[][] im = c.im();
    for (int j = 0; j < re.length; j++) {
      double[] xRe = re[j];
      double[] xIm = im[j];
      for (int k = 0; k < j; k++) {
        subtract(xRe, xIm, b.tRe[k][j], sign * b.tIm[k][j], re[k], im[k]);
      }
      // T* is lower triangular with the entries conj(T[k][i]).
      for (int i = 0; i < m; i++) {
        double byIm = -a.tIm[i][i] + sign * b.tIm[j][j];
        divide(xRe[i], xIm[i], a.tRe[i][i] + b.tRe[j][j], byIm, xRe, xIm, i);
        double dRe = xRe[i];
        double dIm = xIm[i];
        double[] tRe = a.tRe[i];
        double[] tIm = a.tIm[i];
        for (int k = i + 1; k < m; k++) {
          xRe[k] -= tRe[k] * dRe + tIm[k] * dIm;
          xIm[k] -= tRe[k] * dIm - tIm[k] * dRe;
        }
      }
    }
  }

  /** The least singular value of {@code Y ↦ AY + YBᵀ} by inverse iteration in its Schur form. */
  double leastSingularValue() {
    int m = a.size();
    int n = b.size();
    Random random = new Random(1);
    Complex x = Complex.zeros(n, m);
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        x.re()[j][i] = random.nextGaussian();
      }
    }
    double norm = normalise(x);
    for (int step = 0; step < INVERSE_STEPS; step++) {
      substituteAdjoint(x, -1);
      normalise(x);
      substitute(x);
      norm = normalise(x);
    }
    substituteAdjoint(x, -1);
    norm = Math.max(normalise(x), norm);
    return 1 / norm;
  }

  private static double normalise(Complex x) {
    double largest = Double.MIN_NORMAL;
    for (int j = 0; j < x.re().length; j++) {
      for (int i = 0; i < x.re()[j].length; i++) {
        largest = Math.max(largest, Math.max(Math.abs(x.re()[j][i]), Math.abs(x.im()[j][i])));
      }
    }
    double sum = 0;
    for (int j = 0; j < x.re().length; j++) {
      for (int i = 0; i < x.re()[j].length; i++) {
        double re = x.re()[j][i] / largest;
        double im = x.im()[j][i] / largest;
        sum += re * re + im * im;
      }
    }
    double norm = largest * Math.sqrt(sum);
    for (int j = 0; j < x.re().length; j++) {
      for (int i = 0; i < x.re()[j].length; i++) {
        x.re()[j][i] /= norm;
        x.im()[j][i] /= norm;
      }
    }
    return norm;
  }
}
