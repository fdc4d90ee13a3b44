package io.github.mixtura.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Kernels.Order;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A component may be 10⁸ standard deviations from the origin: moments about the previous mean and a
 * whitening of x − μ lose nothing. Exact values come from decimal arithmetic on the same doubles.
 */
class NumericalCareTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final int ROWS = 10_000;
  private static final Kernels KERNELS = new JavaBackend().open();

  private static double[] rows(double centre) {
    SplittableRandom random = new SplittableRandom(21);
    return random.doubles(ROWS).map(u -> centre + random.nextGaussian()).toArray();
  }

  private static double[] weights() {
    return new SplittableRandom(22).doubles(ROWS, 0.1, 1).toArray();
  }

  private static List<Batch> stage(double[] x, double[] w) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < x.length; from += Block.ROWS) {
      int to = Math.min(x.length, from + Block.ROWS);
      double[] column = Arrays.copyOfRange(x, from, to);
      double[] weights = Arrays.copyOfRange(w, from, to);
      Block block = new Block(to - from, new double[][] {column}, weights);
      batches.add(KERNELS.stage(List.of(block), RowContext.at(from)));
    }
    return batches;
  }

  /** Weighted variance from one pass of moments about the centre. */
  private static double variance(List<Batch> batches, double centre) {
    Workspace workspace = KERNELS.workspace(1, 1, false);
    double[] sums = new double[3];
    for (Batch batch : batches) {
      workspace.write(batch, 0, new double[batch.rows()]);
      KERNELS.normalise(batch, workspace, false);
      KERNELS.moments(batch, new double[][] {{centre}}, Order.DIAGONAL, workspace, sums, 0, 3);
    }
    double shift = sums[1] / sums[0];
    return sums[2] / sums[0] - shift * shift;
  }

  private static BigDecimal exactVariance(double[] x, double[] w) {
    BigDecimal total = BigDecimal.ZERO;
    BigDecimal first = BigDecimal.ZERO;
    BigDecimal second = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      BigDecimal value = new BigDecimal(x[i]);
      BigDecimal product = new BigDecimal(w[i]).multiply(value, DIGITS);
      total = total.add(new BigDecimal(w[i]), DIGITS);
      first = first.add(product, DIGITS);
      second = second.add(product.multiply(value, DIGITS), DIGITS);
    }
    BigDecimal mean = first.divide(total, DIGITS);
    return second.divide(total, DIGITS).subtract(mean.multiply(mean, DIGITS), DIGITS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e2, 1e4, 1e6, 1e8})
  void varianceAboutThePreviousMean(double distance) {
    double[] x = rows(distance);
    double[] w = weights();
    BigDecimal exact = exactVariance(x, w);
    List<Batch> batches = stage(x, w);
    for (double move : new double[] {0, 0.1, 1, -1}) {
      double error = Precise.relativeError(variance(batches, distance + move), exact);
      assertTrue(error < 3e-15, "relative error " + error + " after a move by " + move);
    }
    double raw = Precise.relativeError(variance(batches, 0), exact);
    assertTrue(distance < 1e4 || raw > 1e-18 * distance * distance, "raw moments " + raw);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e2, 1e4, 1e6, 1e8})
  void squaredDistanceOfADifference(double distance) {
    double[] x = rows(distance);
    double a = 1 / 1.3;
    double mean = distance + 0.7;
    Workspace workspace = KERNELS.workspace(1, 1, false);
    double largest = 0;
    double naive = 0;
    for (Batch batch : stage(x, weights())) {
      KERNELS.gaussian(
          batch, new double[][] {{mean}}, new double[][] {{a}}, new double[] {0}, workspace);
      double[] values = new double[batch.rows()];
      workspace.read(batch, 0, values);
      for (int i = 0; i < values.length; i += 5) {
        double xi = x[(int) batch.row(0) + i];
        BigDecimal y =
            new BigDecimal(xi).subtract(new BigDecimal(mean)).multiply(new BigDecimal(a));
        BigDecimal exact = y.multiply(y);
        largest = Math.max(largest, error(-2 * values[i], exact));
        double expanded = a * xi - a * mean;
        naive = Math.max(naive, error(expanded * expanded, exact));
      }
    }
    assertEquals(0, largest, 2e-14);
    assertTrue(distance < 1e4 || naive > 1e-17 * distance, "A x − A μ has error " + naive);
  }

  private static double error(double value, BigDecimal exact) {
    return new BigDecimal(value).subtract(exact).abs().doubleValue();
  }
}
