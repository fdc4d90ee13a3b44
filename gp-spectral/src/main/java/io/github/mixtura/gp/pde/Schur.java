package io.github.mixtura.gp.pde;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Complex Schur form of a real square matrix, {@code A = U T U*} with T upper triangular, by
 * complex QR steps with single shifts on its Hessenberg form (Golub and Van Loan, Matrix
 * Computations, 7.5).
 */
final class Schur {
  private static final int MOST_STEPS = 300;

  /** Far below the rounding of the largest entry, which is between 1 and 2. */
  private static final double NEGLIGIBLE = 1e-40;

  private final int n;

  /** T and U, row by row; read only once built. */
  final double[][] tRe;

  final double[][] tIm;
  final double[][] uRe;
  final double[][] uIm;

  Schur(DMatrixRMaj a) {
    n = a.numRows;
    tRe = new double[n][n];
    tIm = new double[n][n];
    uRe = new double[n][n];
    uIm = new double[n][n];
    double largest = 0;
    for (double value : a.data) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (!Double.isFinite(largest)) {
      throw new ArithmeticException("matrix of " + n + " rows has entries that are not finite");
    }
    // Products of three entries must neither overflow nor vanish.
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        tRe[i][j] = Math.scalb(a.data[i * n + j], -exponent);
      }
      uRe[i][i] = 1;
    }
    hessenberg();
    triangular();
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        tRe[i][j] = Math.scalb(tRe[i][j], exponent);
        tIm[i][j] = Math.scalb(tIm[i][j], exponent);
      }
    }
  }

  int size() {
    return n;
  }

  private void hessenberg() {
    double[] v = new double[n];
    double[] w = new double[n];
    for (int k = 0; k + 2 < n; k++) {
      double sum = 0;
      for (int i = k + 1; i < n; i++) {
        v[i] = tRe[i][k];
        sum += v[i] * v[i];
      }
      if (sum - v[k + 1] * v[k + 1] == 0) {
        continue;
      }
      double alpha = -Math.copySign(Math.sqrt(sum), v[k + 1]);
      v[k + 1] -= alpha;
      double factor = -1 / (alpha * v[k + 1]);
      Arrays.fill(w, 0);
      for (int i = k + 1; i < n; i++) {
        for (int j = k; j < n; j++) {
          w[j] += v[i] * tRe[i][j];
        }
      }
      for (int i = k + 1; i < n; i++) {
        double by = factor * v[i];
        for (int j = k; j < n; j++) {
          tRe[i][j] -= by * w[j];
        }
      }
      fromRight(tRe, v, factor, k + 1);
      fromRight(uRe, v, factor, k + 1);
      for (int i = k + 2; i < n; i++) {
        tRe[i][k] = 0;
      }
    }
  }

  private static void fromRight(double[][] rows, double[] v, double factor, int from) {
    for (double[] row : rows) {
      double sum = 0;
      for (int j = from; j < v.length; j++) {
        sum += row[j] * v[j];
      }
      sum *= factor;
      for (int j = from; j < v.length; j++) {
        row[j] -= sum * v[j];
      }
    }
  }

  private double size(int i, int j) {
    return Math.abs(tRe[i][j]) + Math.abs(tIm[i][j]);
  }

  private void triangular() {
    int high = n - 1;
    int steps = 0;
    while (high > 0) {
      int low = high;
      while (low > 0) {
        double near = size(low - 1, low - 1) + size(low, low);
        if (size(low, low - 1) <= 0x1p-53 * near || size(low, low - 1) < NEGLIGIBLE) {
          tRe[low][low - 1] = 0;
          tIm[low][low - 1] = 0;
          break;
        }
        low--;
      }
      if (low == high) {
        high--;
        steps = 0;
      } else if (++steps > MOST_STEPS) {
        throw new ArithmeticException("QR steps do not converge for a matrix of " + n + " rows");
      } else {
        step(low, high, steps % 12 == 0);
      }
    }
  }

  /** The eigenvalue of the last 2 × 2 block nearest to its last entry. */
  private double[] shift(int high) {
    int p = high - 1;
    double halfRe = (tRe[p][p] - tRe[high][high]) / 2;
    double halfIm = (tIm[p][p] - tIm[high][high]) / 2;
    double bcRe = tRe[p][high] * tRe[high][p] - tIm[p][high] * tIm[high][p];
    double bcIm = tRe[p][high] * tIm[high][p] + tIm[p][high] * tRe[high][p];
    double discRe = halfRe * halfRe - halfIm * halfIm + bcRe;
    double discIm = 2 * halfRe * halfIm + bcIm;
    double modulus = Math.hypot(discRe, discIm);
    double rootRe = Math.sqrt(Math.max(0, (modulus + discRe) / 2));
    double rootIm = Math.copySign(Math.sqrt(Math.max(0, (modulus - discRe) / 2)), discIm);
    if (halfRe * rootRe + halfIm * rootIm < 0) {
      rootRe = -rootRe;
      rootIm = -rootIm;
    }
    // λ = t − bc / (half + root), the smaller change of the two.
    double downRe = halfRe + rootRe;
    double downIm = halfIm + rootIm;
    double square = downRe * downRe + downIm * downIm;
    if (square == 0) {
      return new double[] {tRe[high][high], tIm[high][high]};
    }
    return new double[] {
      tRe[high][high] - (bcRe * downRe + bcIm * downIm) / square,
      tIm[high][high] - (bcIm * downRe - bcRe * downIm) / square
    };
  }

  private void step(int low, int high, boolean exceptional) {
    double[] shift = shift(high);
    if (exceptional) {
      shift[0] += size(high, high - 1);
    }
    for (int i = low; i <= high; i++) {
      tRe[i][i] -= shift[0];
      tIm[i][i] -= shift[1];
    }
    double[] cs = new double[high];
    double[] sRe = new double[high];
    double[] sIm = new double[high];
    for (int k = low; k < high; k++) {
      double aRe = tRe[k][k];
      double aIm = tIm[k][k];
      double bRe = tRe[k + 1][k];
      double bIm = tIm[k + 1][k];
      double na = Math.hypot(aRe, aIm);
      double nb = Math.hypot(bRe, bIm);
      double norm = Math.hypot(na, nb);
      if (norm == 0) {
        cs[k] = 1;
        continue;
      }
      cs[k] = na / norm;
      // s = (a/|a|) conj(b) / norm, so that [c s; −s̄ c] sends (a, b) to ((a/|a|) norm, 0).
      double phaseRe = na == 0 ? 1 : aRe / na;
      double phaseIm = na == 0 ? 0 : aIm / na;
      sRe[k] = (phaseRe * bRe + phaseIm * bIm) / norm;
      sIm[k] = (phaseIm * bRe - phaseRe * bIm) / norm;
      rotateRows(k, cs[k], sRe[k], sIm[k]);
      tRe[k + 1][k] = 0;
      tIm[k + 1][k] = 0;
    }
    for (int k = low; k < high; k++) {
      rotateColumns(tRe, tIm, k, Math.min(k + 2, high + 1), cs[k], sRe[k], sIm[k]);
      rotateColumns(uRe, uIm, k, n, cs[k], sRe[k], sIm[k]);
    }
    for (int i = low; i <= high; i++) {
      tRe[i][i] += shift[0];
      tIm[i][i] += shift[1];
    }
  }

  private void rotateRows(int k, double c, double re, double im) {
    double[] pRe = tRe[k];
    double[] pIm = tIm[k];
    double[] qRe = tRe[k + 1];
    double[] qIm = tIm[k + 1];
    for (int j = k; j < n; j++) {
      double xRe = c * pRe[j] + re * qRe[j] - im * qIm[j];
      double xIm = c * pIm[j] + re * qIm[j] + im * qRe[j];
      double yRe = c * qRe[j] - re * pRe[j] - im * pIm[j];
      double yIm = c * qIm[j] - re * pIm[j] + im * pRe[j];
      pRe[j] = xRe;
      pIm[j] = xIm;
      qRe[j] = yRe;
      qIm[j] = yIm;
    }
  }

  /** Multiplies columns k and k + 1 of the first rows with the adjoint of the rotation. */
  private static void rotateColumns(
      double[][] mRe, double[][] mIm, int k, int rows, double c, double re, double im) {
    for (int i = 0; i < rows; i++) {
      double pRe = mRe[i][k];
      double pIm = mIm[i][k];
      double qRe = mRe[i][k + 1];
      double qIm = mIm[i][k + 1];
      mRe[i][k] = c * pRe + re * qRe + im * qIm;
      mIm[i][k] = c * pIm + re * qIm - im * qRe;
      mRe[i][k + 1] = c * qRe - re * pRe + im * pIm;
      mIm[i][k + 1] = c * qIm - re * pIm - im * pRe;
    }
  }
}
