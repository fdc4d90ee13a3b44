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
 * @param centring how the rows differ from the data; {@code null} if they are the data
 */
record Points(DMatrixRMaj rows, int exponent, Centring centring) {
  private static final int MOST_ORDINARY = 100;

  /** Beyond, squares of values that are smaller by 2^30 are no normal numbers. */
  private static final int LEAST_USABLE = -480;

  Points(DMatrixRMaj rows) {
    this(rows, 0);
  }

  Points(DMatrixRMaj rows, int exponent) {
    this(rows, exponent, null);
  }

  /**
   * What was subtracted from the data, one after the other, and what rounding left of each column
   * at most, in the unit of the data.
   */
  private record Centring(
      Observations data, double[] first, double[] second, double[] largestRest) {
    /** What value (i, j) less both means is above its rounded value. */
    double rest(int i, int j) {
      double value = data.get(i, j);
      double once = value - first[j];
      return rest(value, first[j], once) + rest(once, second[j], once - second[j]);
    }

    /** Returns {@code a − b − difference}, exactly (D. Knuth's two-sum). */
    private static double rest(double a, double b, double difference) {
      double part = a - difference;
      return (a - (difference + part)) + (part - b);
    }
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
    double[][] means = new double[2][p];
    double[] rests = new double[p];
    Centring centring = new Centring(observations, means[0], means[1], rests);
    for (int j = 0; j < p; j++) {
      double[] column = observations.column(j);
      for (double[] mean : means) {
        for (double value : column) {
          mean[j] += value / n;
        }
        for (int i = 0; i < n; i++) {
          column[i] -= mean[j];
        }
      }
      for (int i = 0; i < n; i++) {
        rows.data[i * p + j] = column[i];
        largest = Math.max(largest, Math.abs(column[i]));
        rests[j] = Math.max(rests[j], Math.abs(centring.rest(i, j)));
      }
    }
    int exponent = exponent(largest, n, p);
    for (int at = 0; exponent != 0 && at < n * p; at++) {
      rows.data[at] = Math.scalb(rows.data[at], -exponent);
    }
    return new Points(rows, exponent, centring);
  }

  /**
   * What value (i, j) of the data, less a constant of its column, is above that of {@link #rows};
   * off by {@code 2⁻⁵³} of {@link #centringError} at most.
   */
  double rest(int i, int j) {
    return centring == null ? 0 : Math.scalb(centring.rest(i, j), -exponent);
  }

  /** Bound of |{@link #rest}| in a column. */
  double centringError(int j) {
    return centring == null
        ? 0
        : Math.scalb(centring.largestRest[j], -exponent) * (1 + 0x1p-50) + Double.MIN_VALUE;
  }

  /** Bound of the Frobenius norm of all {@link #rest}s. */
  double centringError() {
    double squares = 0;
    for (int j = 0; centring != null && j < dimension(); j++) {
      double error = centringError(j);
      squares += error * error;
    }
    return Math.sqrt(count() * squares) * (1 + 0x1p-50);
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
