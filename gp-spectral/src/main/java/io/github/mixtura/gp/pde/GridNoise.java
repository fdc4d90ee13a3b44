package io.github.mixtura.gp.pde;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Whether what is left on a grid is white noise: uncorrelated between neighbours, evenly spread
 * over the grid, without outliers and without a peak in its spectrum.
 */
final class GridNoise {
  private static final int LAGS = 5;
  private static final int BLOCKS = 6;
  private static final double DEVIATIONS = 5;
  private static final double MOST_FITTED = 0.3;
  private static final double KURTOSIS = 3;

  private GridNoise() {}

  /**
   * Tests the hypothesis of white noise, of which a part of the directions was fitted away.
   *
   * @param left residuals on the grid
   * @param fitted number of unknowns that were fitted
   */
  static boolean isWhite(DMatrixRMaj left, int fitted) {
    double count = left.data.length;
    double part = fitted / count;
    double mean = Arrays.stream(left.data).map(v -> v / count).sum();
    double square = 0;
    for (double value : left.data) {
      square += (value - mean) * (value - mean) / count;
    }
    if (part > MOST_FITTED || !(square > 0)) {
      return false;
    }
    DMatrixRMaj scaled = left.copy();
    double root = Math.sqrt(square);
    double fourth = 0;
    for (int i = 0; i < scaled.data.length; i++) {
      double value = (left.data[i] - mean) / root;
      scaled.data[i] = value;
      fourth += value * value * value * value / count;
    }
    return fourth < 3 + KURTOSIS + DEVIATIONS * Math.sqrt(24 / count)
        && isUncorrelated(scaled, part)
        && isEven(scaled, part)
        && Detection.isWhite(left.data);
  }

  /** Correlations of white noise have the variance 1/n; what was fitted away shifts them. */
  private static boolean isUncorrelated(DMatrixRMaj v, double part) {
    for (int dx = 0; dx <= LAGS; dx++) {
      for (int dy = -LAGS; dy <= LAGS; dy++) {
        boolean counts = dx > 0 || dy > 0;
        if (!counts || dx >= v.numRows - 1 || Math.abs(dy) >= v.numCols - 1) {
          continue;
        }
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i + dx < v.numRows; i++) {
          for (int j = Math.max(0, -dy); j < v.numCols - Math.max(0, dy); j++) {
            sum += v.get(i, j) * v.get(i + dx, j + dy);
            pairs++;
          }
        }
        if (Math.abs(sum) > DEVIATIONS * Math.sqrt(pairs) + part * pairs) {
          return false;
        }
      }
    }
    return true;
  }

  /** The mean square of blocks of n values of noise varies by √(2/n). */
  private static boolean isEven(DMatrixRMaj v, double part) {
    int across = Math.min(BLOCKS, v.numRows);
    int along = Math.min(BLOCKS, v.numCols);
    for (int p = 0; p < across; p++) {
      for (int q = 0; q < along; q++) {
        double sum = 0;
        int inside = 0;
        for (int i = p * v.numRows / across; i < (p + 1) * v.numRows / across; i++) {
          for (int j = q * v.numCols / along; j < (q + 1) * v.numCols / along; j++) {
            sum += v.get(i, j) * v.get(i, j);
            inside++;
          }
        }
        double slack = DEVIATIONS * Math.sqrt(2.0 / inside) + 0.1;
        if (sum > (1 + slack + part) * inside || sum < (1 - slack - 4 * part) * inside) {
          return false;
        }
      }
    }
    return true;
  }
}
