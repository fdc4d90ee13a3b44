package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * Rows seen in the metric of one covariance S, with proven bounds of what rounding does to them.
 *
 * <p>With {@code S = LLᵀ + Δ} for the computed factor, {@code |Δ| ≤ γ|L||Lᵀ|} (N. J. Higham 2002,
 * doi:10.1137/1.9780898718027, theorem 10.3), so that {@code L⁻¹SL⁻ᵀ = I + G} with {@code ‖G‖ ≤ g =
 * γ s²}, {@code s = ‖|L⁻¹||L|‖_F}. A squared length of {@code L⁻¹x} then differs from {@code
 * xᵀS⁻¹x} by a factor between 1 − g and 1 + g, and log det S from twice the sum of the logarithms
 * of L's diagonal by at most {@code −p log(1 − g)}. Substitution in {@code Ly = x} adds an error of
 * at most {@code γ s |y|}.
 *
 * <p>Where g would exceed {@value #PLAIN} in double precision, S is factorised as LDLᵀ and the rows
 * are solved for in {@link DoubleWord}s, from the values of the data themselves: g is then of the
 * order of 1e-31·s², and the error of a whitened row that of its last rounding. O(np²).
 *
 * @param columns p columns of n values, {@code L⁻¹x} for the rows x, or for x − c
 * @param logDeterminant twice the sum of the logarithms of L's diagonal
 * @param logError bound of its distance from log det S
 * @param relative bound of the error of a row of {@code columns}, over its length
 * @param absolute what is to be added to that
 * @param distortion g
 */
record Whitening(
    double[][] columns,
    double logDeterminant,
    double logError,
    double relative,
    double absolute,
    double distortion) {
  private static final double PLAIN = 1e-12;

  /** Beyond, S is no better than singular. */
  private static final double MOST_DISTORTED = 1e-6;

  /** Deviation below which products of double precision may lose digits by vanishing. */
  private static final double LEAST_PLAIN = 1e-140;

  private static final double UNIT = Math.ulp(1.0) / 2;

  /** For terms of second order that the bounds leave out. */
  private static final double SAFETY = 1.05;

  /**
   * Whitens.
   *
   * @param centre is subtracted first where double words are used, which keeps rows near it
   *     accurate; p values
   * @return empty if S is not positive definite, or so near to singular that nothing can be said
   */
  static Optional<Whitening> of(Points points, DMatrixRMaj covariance, double[] centre) {
    Optional<Whitening> plain = Dense.cholesky(covariance).flatMap(l -> plain(points, l));
    return plain.isPresent() ? plain : precise(points, covariance, centre);
  }

  private static Optional<Whitening> plain(Points points, DMatrixRMaj lower) {
    int p = lower.numRows;
    DMatrixRMaj identity = new DMatrixRMaj(p, p);
    for (int j = 0; j < p; j++) {
      identity.set(j, j, 1);
    }
    double[] inverse = Dense.solveLower(lower, identity).data;
    double spread = SAFETY * spread(inverse, lower.data, p);
    double distortion = SAFETY * (p + 3) * UNIT * spread * spread;
    if (!(distortion <= PLAIN)) {
      return Optional.empty();
    }
    double log = 0;
    double magnitude = 0;
    for (int j = 0; j < p; j++) {
      if (!(lower.unsafe_get(j, j) >= LEAST_PLAIN)) {
        return Optional.empty();
      }
      double term = 2 * Math.log(lower.unsafe_get(j, j));
      log += term;
      magnitude += Math.abs(term);
    }
    double logError = (p + 6) * UNIT * magnitude + SAFETY * p * distortion;
    double absolute = SAFETY * length(inverse, centring(points), p);
    double relative = SAFETY * (p + 1) * UNIT * spread;
    double[][] columns = substitute(points, lower);
    return Optional.of(new Whitening(columns, log, logError, relative, absolute, distortion));
  }

  /** Solves {@code L y = x} for all rows at once; column j of the result is an array of n. */
  private static double[][] substitute(Points points, DMatrixRMaj lower) {
    int n = points.count();
    int p = points.dimension();
    double[] rows = points.rows().data;
    double[][] columns = new double[p][n];
    for (int j = 0; j < p; j++) {
      double[] column = columns[j];
      for (int i = 0; i < n; i++) {
        column[i] = rows[i * p + j];
      }
      for (int q = 0; q < j; q++) {
        double factor = lower.unsafe_get(j, q);
        double[] before = columns[q];
        for (int i = 0; i < n; i++) {
          column[i] -= factor * before[i];
        }
      }
      double diagonal = lower.unsafe_get(j, j);
      for (int i = 0; i < n; i++) {
        column[i] /= diagonal;
      }
    }
    return columns;
  }

  /**
   * The same by double words. Columns are first scaled by powers of two to variances of 1 to 4, so
   * that no rest of a product vanishes.
   */
  private static Optional<Whitening> precise(
      Points points, DMatrixRMaj covariance, double[] centre) {
    int p = covariance.numRows;
    int[] exponents = new int[p];
    for (int j = 0; j < p; j++) {
      double variance = covariance.unsafe_get(j, j);
      if (!(variance >= Double.MIN_NORMAL && variance <= Double.MAX_VALUE)) {
        return Optional.empty();
      }
      exponents[j] = Math.floorDiv(Math.getExponent(variance), 2);
    }
    double[] high = new double[p * p];
    double[] low = new double[p * p];
    if (!factorise(covariance, exponents, high, low)) {
      return Optional.empty();
    }
    double[] inverse = inverse(high, low, p);
    double[] factor = new double[p * p];
    double[] scaled = new double[p * p];
    double[] roots = new double[p];
    Sum log = new Sum();
    double magnitude = 0;
    for (int j = 0; j < p; j++) {
      double pivot = high[j * p + j];
      roots[j] = Math.sqrt(pivot);
      double terms = 2 * exponents[j] * Math.log(2);
      double own = Math.log(pivot) + low[j * p + j] / pivot;
      log.add(own);
      log.add(terms);
      magnitude += Math.abs(own) + Math.abs(terms) + 1;
    }
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        factor[i * p + j] = (i == j ? 1 : high[i * p + j]) * roots[j];
        scaled[i * p + j] = inverse[i * p + j] / roots[i];
      }
    }
    double spread = SAFETY * spread(scaled, factor, p);
    double distortion = SAFETY * (p + 8) * DoubleWord.UNIT * spread * spread;
    if (!(distortion <= MOST_DISTORTED)) {
      return Optional.empty();
    }
    double logError = 6 * UNIT * magnitude + SAFETY * p * distortion;
    double[] rests = centring(points);
    for (int j = 0; j < p; j++) {
      rests[j] = Math.scalb(rests[j], -exponents[j]) * 2 * UNIT;
    }
    double absolute = SAFETY * length(scaled, rests, p);
    double relative = SAFETY * (5 * UNIT + (p + 8) * DoubleWord.UNIT * spread);
    double[][] columns = substitute(points, centre, exponents, high, low, roots);
    return Optional.of(
        new Whitening(columns, log.value(), logError, relative, absolute, distortion));
  }

  /** LDLᵀ: L below the diagonal, D on it; false if a pivot is not positive. */
  private static boolean factorise(
      DMatrixRMaj covariance, int[] exponents, double[] high, double[] low) {
    int p = covariance.numRows;
    DoubleWord word = new DoubleWord();
    // L_ik D_k of the row at hand.
    double[] productHigh = new double[p];
    double[] productLow = new double[p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        word.set(Math.scalb(covariance.unsafe_get(i, j), -exponents[i] - exponents[j]));
        for (int k = 0; k < j; k++) {
          word.addProduct(-1, productHigh[k], productLow[k], high[j * p + k], low[j * p + k]);
        }
        if (j < i) {
          productHigh[j] = word.high;
          productLow[j] = word.low;
          word.divide(high[j * p + j], low[j * p + j]);
          high[i * p + j] = word.high;
          low[i * p + j] = word.low;
        } else {
          // The row's own products with its own entries.
          if (!(word.high > 0x1p-400 && word.high <= Double.MAX_VALUE)) {
            return false;
          }
          high[i * p + i] = word.high;
          low[i * p + i] = word.low;
        }
      }
    }
    return true;
  }

  /** High parts of the inverse of L, whose diagonal is 1. */
  private static double[] inverse(double[] high, double[] low, int p) {
    double[] inverse = new double[p * p];
    double[] rests = new double[p * p];
    DoubleWord word = new DoubleWord();
    for (int j = 0; j < p; j++) {
      inverse[j * p + j] = 1;
      for (int i = j + 1; i < p; i++) {
        word.set(0);
        for (int k = j; k < i; k++) {
          word.addProduct(
              -1, high[i * p + k], low[i * p + k], inverse[k * p + j], rests[k * p + j]);
        }
        inverse[i * p + j] = word.high;
        rests[i * p + j] = word.low;
      }
    }
    return inverse;
  }

  private static double[][] substitute(
      Points points,
      double[] centre,
      int[] exponents,
      double[] high,
      double[] low,
      double[] roots) {
    int n = points.count();
    int p = centre.length;
    double[] rows = points.rows().data;
    double[][] columns = new double[p][n];
    double[] z = new double[p];
    double[] rest = new double[p];
    DoubleWord word = new DoubleWord();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        word.set(rows[i * p + j]);
        word.add(points.rest(i, j), 0);
        word.add(-centre[j], 0);
        word.set(Math.scalb(word.high, -exponents[j]), Math.scalb(word.low, -exponents[j]));
        for (int k = 0; k < j; k++) {
          word.addProduct(-1, high[j * p + k], low[j * p + k], z[k], rest[k]);
        }
        z[j] = word.high;
        rest[j] = word.low;
        columns[j][i] = word.high / roots[j];
      }
    }
    return columns;
  }

  /** ‖|A||B|‖ of two lower triangles, in the Frobenius norm. */
  static double spread(double[] a, double[] b, int p) {
    double squares = 0;
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int q = j; q <= i; q++) {
          sum += Math.abs(a[i * p + q]) * Math.abs(b[q * p + j]);
        }
        squares += sum * sum;
      }
    }
    return Math.sqrt(squares);
  }

  private static double[] centring(Points points) {
    double[] errors = new double[points.dimension()];
    for (int j = 0; j < errors.length; j++) {
      errors[j] = points.centringError(j);
    }
    return errors;
  }

  /** ‖|A|e‖ for a lower triangle A and e ≥ 0. */
  private static double length(double[] a, double[] e, int p) {
    double squares = 0;
    for (int i = 0; i < p; i++) {
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += Math.abs(a[i * p + j]) * e[j];
      }
      squares += sum * sum;
    }
    return Math.sqrt(squares);
  }
}
