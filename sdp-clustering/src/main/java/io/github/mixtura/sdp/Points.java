package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import org.ejml.data.DMatrixRMaj;

/**
 * Complete rows, centred about their mean, in a unit in which sums of fourth powers neither
 * overflow nor vanish.
 *
 * @param rows n × p, row major, {@code 2^−exponent} times the centred values
 * @param exponent 0 unless the largest centred value is beyond {@code 2^±100}
 */
record Points(DMatrixRMaj rows, int exponent) {
  private static final int MOST_ORDINARY = 100;

  /** Beyond, squares of values that are smaller by 2^30 are no normal numbers. */
  private static final int LEAST_USABLE = -480;

  Points(DMatrixRMaj rows) {
    this(rows, 0);
  }

  /**
   * Centres and scales.
   *
   * @throws UnusableDataException if the sum of squares of the centred values is not a normal
   *     number, nor zero
   */
  static Points of(Observations observations) {
    int n = observations.rows();
    int p = observations.columns();
    DMatrixRMaj rows = new DMatrixRMaj(n, p);
    double largest = 0;
    for (int j = 0; j < p; j++) {
      double[] column = observations.column(j);
      for (int pass = 0; pass < 2; pass++) {
        double mean = 0;
        for (double value : column) {
          mean += value / n;
        }
        for (int i = 0; i < n; i++) {
          column[i] -= mean;
        }
      }
      for (int i = 0; i < n; i++) {
        rows.data[i * p + j] = column[i];
        largest = Math.max(largest, Math.abs(column[i]));
      }
    }
    int exponent = exponent(largest, n, p);
    for (int at = 0; exponent != 0 && at < n * p; at++) {
      rows.data[at] = Math.scalb(rows.data[at], -exponent);
    }
    return new Points(rows, exponent);
  }

  private static int exponent(double largest, int n, int p) {
    if (largest == 0) {
      return 0;
    }
    int exponent = Math.getExponent(largest);
    boolean representable =
        exponent >= LEAST_USABLE
            && Double.isFinite(largest)
            && Double.isFinite((double) n * p * Math.scalb(1.0, 2 * exponent + 2));
    if (!representable) {
      throw new UnusableDataException(
          "the largest distance of a value from its column's mean is "
              + largest
              + ", its square must be representable: divide the columns by their standard"
              + " deviation");
    }
    return Math.abs(exponent) <= MOST_ORDINARY ? 0 : exponent;
  }

  int count() {
    return rows.numRows;
  }

  int dimension() {
    return rows.numCols;
  }

  /** What squares of these rows are to be multiplied by to be those of the data. */
  double squaredUnit() {
    return Math.scalb(1.0, 2 * exponent);
  }

  /** What {@code log det} of a covariance of these rows lacks of that of the data. */
  double logDeterminantOfUnit() {
    return 2.0 * exponent * dimension() * Math.log(2);
  }
}
