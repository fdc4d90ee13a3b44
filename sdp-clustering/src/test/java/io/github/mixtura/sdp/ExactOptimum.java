package io.github.mixtura.sdp;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * The objectives of all labellings of a few rows, some groups of which may be empty, in exact
 * arithmetic but for divisions and logarithms, which have 80 digits.
 */
final class ExactOptimum {
  private static final MathContext DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);
  private static final BigDecimal LN2 = lnNearOne(new BigDecimal(2));

  /** Decimals of costs. */
  private static final int SCALE = 80;

  private static final BigInteger ROUNDING = BigInteger.TEN.pow(SCALE - 50);

  private final int rows;
  private final BigInteger[][] costs;

  private ExactOptimum(int rows, BigInteger[][] costs) {
    this.rows = rows;
    this.costs = costs;
  }

  /** Between-group sums of squares, less a constant: costs are the sums within groups. */
  static ExactOptimum kMeans(double[][] data, int components) {
    BigDecimal[][] squares = squares(data, identity(data[0].length), BigDecimal.ONE);
    BigInteger[] one = costs(squares, BigDecimal.ZERO);
    BigInteger[][] costs = new BigInteger[components][];
    Arrays.fill(costs, one);
    return new ExactOptimum(data.length, costs);
  }

  /**
   * −L for given covariances.
   *
   * @return {@code null} if one is not positive definite
   */
  static ExactOptimum likelihood(double[][] data, double[][][] covariances) {
    BigInteger[][] costs = new BigInteger[covariances.length][];
    for (int k = 0; k < costs.length; k++) {
      BigDecimal[][] matrix = exact(covariances[k]);
      for (int size = 1; size <= matrix.length; size++) {
        if (determinant(leading(matrix, size)).signum() <= 0) {
          return null;
        }
      }
      BigDecimal determinant = determinant(matrix);
      costs[k] = costs(squares(data, adjugate(matrix), determinant), ln(determinant));
    }
    return new ExactOptimum(data.length, costs);
  }

  /** Total of all rows in one group, for the first group: what the K-means objective lacks. */
  BigDecimal whole() {
    return decimal(costs[0][(1 << rows) - 1]);
  }

  /** Minus the least cost of all labellings, less 1e-50 for rounding. */
  BigDecimal best() {
    int all = 1 << rows;
    BigInteger[] least = costs[0].clone();
    for (int k = 1; k < costs.length; k++) {
      BigInteger[] next = new BigInteger[all];
      for (int set = k == costs.length - 1 ? all - 1 : 0; set < all; set++) {
        BigInteger lowest = least[set];
        for (int part = set; part > 0; part = (part - 1) & set) {
          BigInteger sum = least[set ^ part].add(costs[k][part]);
          lowest = sum.compareTo(lowest) < 0 ? sum : lowest;
        }
        next[set] = lowest;
      }
      least = next;
    }
    return decimal(least[all - 1].negate().subtract(ROUNDING));
  }

  /** Minus the cost of labels, up to 1e-50. */
  BigDecimal value(int[] labels) {
    BigInteger sum = BigInteger.ZERO;
    for (int k = 0; k < costs.length; k++) {
      int set = 0;
      for (int i = 0; i < rows; i++) {
        set |= labels[i] == k ? 1 << i : 0;
      }
      sum = sum.subtract(costs[k][set]);
    }
    return decimal(sum);
  }

  private static BigDecimal decimal(BigInteger cost) {
    return new BigDecimal(cost, SCALE);
  }

  /** Costs of all sets of rows, in units of 10^−SCALE. */
  private static BigInteger[] costs(BigDecimal[][] squares, BigDecimal log) {
    int n = squares.length;
    BigDecimal[] pairs = new BigDecimal[1 << n];
    BigInteger[] costs = new BigInteger[1 << n];
    pairs[0] = BigDecimal.ZERO;
    costs[0] = BigInteger.ZERO;
    for (int set = 1; set < pairs.length; set++) {
      int last = 31 - Integer.numberOfLeadingZeros(set);
      int rest = set & ~(1 << last);
      BigDecimal sum = pairs[rest];
      for (int i = 0; i < last; i++) {
        sum = (rest >> i & 1) == 1 ? sum.add(squares[last][i]) : sum;
      }
      pairs[set] = sum;
      BigDecimal size = new BigDecimal(Integer.bitCount(set));
      costs[set] =
          sum.divide(size, SCALE, RoundingMode.HALF_EVEN)
              .add(size.multiply(log))
              .setScale(SCALE, RoundingMode.HALF_EVEN)
              .unscaledValue();
    }
    return costs;
  }

  /** (x_i − x_j)ᵀ A (x_i − x_j)/d. */
  private static BigDecimal[][] squares(double[][] data, BigDecimal[][] a, BigDecimal divisor) {
    int n = data.length;
    BigDecimal[][] rows = exact(data);
    BigDecimal[][] squares = new BigDecimal[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int q = 0; q < a.length; q++) {
          for (int s = 0; s < a.length; s++) {
            sum =
                sum.add(
                    rows[i][q]
                        .subtract(rows[j][q])
                        .multiply(a[q][s])
                        .multiply(rows[i][s].subtract(rows[j][s])));
          }
        }
        squares[i][j] = sum.divide(divisor, DIGITS);
      }
    }
    return squares;
  }

  private static BigDecimal[][] exact(double[][] values) {
    return Arrays.stream(values)
        .map(row -> Arrays.stream(row).mapToObj(BigDecimal::new).toArray(BigDecimal[]::new))
        .toArray(BigDecimal[][]::new);
  }

  private static BigDecimal[][] identity(int p) {
    double[][] one = new double[p][p];
    for (int j = 0; j < p; j++) {
      one[j][j] = 1;
    }
    return exact(one);
  }

  private static BigDecimal[][] leading(BigDecimal[][] a, int size) {
    BigDecimal[][] part = new BigDecimal[size][];
    Arrays.setAll(part, i -> Arrays.copyOf(a[i], size));
    return part;
  }

  private static BigDecimal[][] without(BigDecimal[][] a, int row, int column) {
    int p = a.length;
    BigDecimal[][] minor = new BigDecimal[p - 1][p - 1];
    for (int i = 0; i < p - 1; i++) {
      for (int j = 0; j < p - 1; j++) {
        minor[i][j] = a[i < row ? i : i + 1][j < column ? j : j + 1];
      }
    }
    return minor;
  }

  private static BigDecimal determinant(BigDecimal[][] a) {
    if (a.length == 0) {
      return BigDecimal.ONE;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int j = 0; j < a.length; j++) {
      BigDecimal term = a[0][j].multiply(determinant(without(a, 0, j)));
      sum = j % 2 == 0 ? sum.add(term) : sum.subtract(term);
    }
    return sum;
  }

  private static BigDecimal[][] adjugate(BigDecimal[][] a) {
    int p = a.length;
    BigDecimal[][] adjugate = new BigDecimal[p][p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        BigDecimal minor = determinant(without(a, j, i));
        adjugate[i][j] = (i + j) % 2 == 0 ? minor : minor.negate();
      }
    }
    return adjugate;
  }

  /** Natural logarithm of a positive number to 80 digits or nearly so. */
  static BigDecimal ln(BigDecimal value) {
    // 2^e ≤ value < 2^(e + 1), nearly.
    int e = (int) Math.floor((value.precision() - value.scale() - 1) * Math.log(10) / Math.log(2));
    BigDecimal rest =
        e >= 0
            ? value.divide(new BigDecimal(BigInteger.TWO.pow(e)), DIGITS)
            : value.multiply(new BigDecimal(BigInteger.TWO.pow(-e)), DIGITS);
    while (rest.doubleValue() > 1.5) {
      rest = rest.divide(new BigDecimal(2), DIGITS);
      e++;
    }
    return LN2.multiply(new BigDecimal(e)).add(lnNearOne(rest), DIGITS);
  }

  /** 2 artanh((x − 1)/(x + 1)). */
  private static BigDecimal lnNearOne(BigDecimal x) {
    BigDecimal z = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), DIGITS);
    BigDecimal square = z.multiply(z, DIGITS);
    BigDecimal power = z;
    BigDecimal sum = z;
    for (int k = 3; power.signum() != 0 && power.abs().compareTo(new BigDecimal("1e-90")) > 0; ) {
      power = power.multiply(square, DIGITS);
      sum = sum.add(power.divide(new BigDecimal(k), DIGITS), DIGITS);
      k += 2;
    }
    return sum.add(sum);
  }
}
