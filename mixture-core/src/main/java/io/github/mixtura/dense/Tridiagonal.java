package io.github.mixtura.dense;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reflections from the last row up
 * to a tridiagonal matrix, then QL steps with implicit shifts. The rotations of many steps are
 * gathered and applied strip by strip to the transposed eigenvectors, whose rows are contiguous.
 */
final class Tridiagonal {
  /** Columns of a strip; 512 rows of it stay in a second-level cache. */
  private static final int STRIP = 128;

  private static final int ROTATIONS_PER_ROW = 16;
  private static final int STEPS_PER_VALUE = 60;

  /** Beside entries of order one, numbers whose squares are below this are nothing. */
  private static final double NEGLIGIBLE_SQUARE = 1e-60;

  /** A coupling below this is nothing, however small its neighbours on the diagonal are. */
  private static final double NEGLIGIBLE_COUPLING = 0x1p-70;

  private final int n;

  /** Asked before whatever costs O(n²) or more. */
  private final BooleanSupplier stop;

  /** The matrix; row i becomes the reflection that cleared it, then a row of Q. */
  private final double[][] rows;

  private final double[] diagonal;

  /** Entry i couples i and i + 1. */
  private final double[] coupling;

  private final double[][][] strips;
  private final int[] rotated;
  private final double[] cosine;
  private final double[] sine;
  private int gathered;

  /**
   * Takes over full symmetric rows; the largest entry must be of order one.
   *
   * @throws CancellationException once {@code stop} is true
   */
  Tridiagonal(double[][] rows, BooleanSupplier stop) {
    this.n = rows.length;
    this.stop = stop;
    this.rows = rows;
    this.diagonal = new double[n];
    this.coupling = new double[n];
    this.rotated = new int[ROTATIONS_PER_ROW * n];
    this.cosine = new double[rotated.length];
    this.sine = new double[rotated.length];
    double[] inverseNorms = reduce();
    formOrthogonal(inverseNorms);
    this.strips = transposedStrips();
    iterate();
    flush();
  }

  /** Eigenvalues in the order of {@link #component}. */
  double[] values() {
    return diagonal;
  }

  /** Coordinate {@code i} of eigenvector {@code j}. */
  double component(int i, int j) {
    return strips[i / STRIP][j][i % STRIP];
  }

  /**
   * Clears rows from the last on: with v the reflection of row i, H = I − τvvᵀ and A ← HAH on the
   * first i rows, a change of rank two.
   */
  private double[] reduce() {
    double[] tau = new double[n];
    double[] w = new double[n];
    for (int i = n - 1; i > 1; i--) {
      Dense.check(stop);
      double[] v = rows[i];
      diagonal[i] = v[i];
      double tail = Lines.dot(v, v, i - 1);
      if (tail < NEGLIGIBLE_SQUARE) {
        coupling[i - 1] = v[i - 1];
        continue;
      }
      double head = v[i - 1];
      double alpha = -Math.copySign(Math.sqrt(Math.fma(head, head, tail)), head);
      coupling[i - 1] = alpha;
      v[i - 1] = head - alpha;
      tau[i] = 1 / (alpha * (alpha - head));
      multiply(v, w, i);
      double half = -0.5 * tau[i] * tau[i] * Lines.dot(w, v, i);
      for (int j = 0; j < i; j++) {
        w[j] = Math.fma(half, v[j], tau[i] * w[j]);
      }
      for (int j = 0; j < i; j++) {
        Lines.add(rows[j], -v[j], w, -w[j], v, i);
      }
    }
    if (n > 1) {
      diagonal[1] = rows[1][1];
      coupling[0] = rows[1][0];
    }
    diagonal[0] = rows[0][0];
    return tau;
  }

  /** {@code w = Σ v[j]·rows[j]} over the first rows and columns. */
  private void multiply(double[] v, double[] w, int count) {
    Arrays.fill(w, 0, count, 0);
    double[] factors = new double[4];
    int j = 0;
    for (; j + 3 < count; j += 4) {
      System.arraycopy(v, j, factors, 0, 4);
      Lines.addFour(w, factors, rows[j], rows[j + 1], rows[j + 2], rows[j + 3], count);
    }
    for (; j < count; j++) {
      Lines.add(w, v[j], rows[j], count);
    }
  }

  /** Replaces the rows by Q = H₍n−1₎ ⋯ H₂, whose leading block grows with each reflection. */
  private void formOrthogonal(double[] tau) {
    double[] w = new double[n];
    for (int i = 0; i < Math.min(2, n); i++) {
      Arrays.fill(rows[i], 0);
      rows[i][i] = 1;
    }
    for (int i = 2; i < n; i++) {
      Dense.check(stop);
      double[] v = rows[i];
      if (tau[i] != 0) {
        multiply(v, w, i);
        for (int j = 0; j < i; j++) {
          Lines.add(rows[j], -tau[i] * v[j], w, i);
        }
      }
      Arrays.fill(v, 0);
      v[i] = 1;
    }
  }

  private double[][][] transposedStrips() {
    double[][][] result = new double[(n + STRIP - 1) / STRIP][][];
    for (int s = 0; s < result.length; s++) {
      int from = s * STRIP;
      int width = Math.min(STRIP, n - from);
      double[][] strip = new double[n][width];
      for (int i = 0; i < width; i++) {
        double[] row = rows[from + i];
        for (int j = 0; j < n; j++) {
          strip[j][i] = row[j];
        }
      }
      result[s] = strip;
    }
    return result;
  }

  private void iterate() {
    int steps = 0;
    for (int first = 0; first < n; first++) {
      for (int last = uncoupled(first); last > first; last = uncoupled(first)) {
        if (++steps > STEPS_PER_VALUE * n) {
          throw new ArithmeticException("QL steps do not converge, n = " + n);
        }
        step(first, last);
      }
    }
  }

  /** First index from {@code first} on whose coupling to the next is negligible. */
  private int uncoupled(int first) {
    int i = first;
    while (i < n - 1
        && Math.abs(coupling[i])
            > NEGLIGIBLE_COUPLING + 0x1p-53 * (Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1]))) {
      i++;
    }
    return i;
  }

  /** One QL step on {@code first .. last} with the shift of the leading 2 × 2 block. */
  private void step(int first, int last) {
    double gap = (diagonal[first + 1] - diagonal[first]) / (2 * coupling[first]);
    double shifted =
        diagonal[last]
            - diagonal[first]
            + coupling[first] / (gap + Math.copySign(Math.hypot(gap, 1), gap));
    double c = 1;
    double s = 1;
    double moved = 0;
    for (int i = last - 1; i >= first; i--) {
      double bulge = s * coupling[i];
      double off = c * coupling[i];
      double square = Math.fma(bulge, bulge, shifted * shifted);
      double radius = square > NEGLIGIBLE_SQUARE ? Math.sqrt(square) : Math.hypot(bulge, shifted);
      coupling[i + 1] = radius;
      if (radius == 0) {
        diagonal[i + 1] -= moved;
        coupling[last] = 0;
        return;
      }
      s = bulge / radius;
      c = shifted / radius;
      double below = diagonal[i + 1] - moved;
      double change = (diagonal[i] - below) * s + 2 * c * off;
      moved = s * change;
      diagonal[i + 1] = below + moved;
      shifted = c * change - off;
      rotate(i, c, s);
    }
    diagonal[first] -= moved;
    coupling[first] = shifted;
    coupling[last] = 0;
  }

  private void rotate(int row, double c, double s) {
    if (gathered == rotated.length) {
      flush();
    }
    rotated[gathered] = row;
    cosine[gathered] = c;
    sine[gathered] = s;
    gathered++;
  }

  private void flush() {
    for (double[][] strip : strips) {
      Dense.check(stop);
      int width = strip[0].length;
      for (int r = 0; r < gathered; r++) {
        int row = rotated[r];
        Lines.rotate(strip[row], strip[row + 1], cosine[r], sine[r], width);
      }
    }
    gathered = 0;
  }
}
