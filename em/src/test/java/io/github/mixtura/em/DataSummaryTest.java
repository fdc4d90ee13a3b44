package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.JavaBackend;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;

class DataSummaryTest {
  private static final Kernels KERNELS = new JavaBackend().open();

  private static DataSummary summary(Observations observations, boolean full) {
    return InMemoryRows.of(observations, Encoding.IDENTITY, KERNELS, 1).summary(full);
  }

  private static double[][] rows(int count) {
    SplittableRandom random = new SplittableRandom(60);
    double[][] x = new double[count][];
    Arrays.setAll(
        x,
        i -> {
          double a = random.nextGaussian();
          return new double[] {a, 3 + 2 * random.nextGaussian() - a, 1e-3 * random.nextGaussian()};
        });
    return x;
  }

  @Test
  void agreesWithCommonsMath() {
    double[][] x = rows(3000);
    double[][] expected = new Covariance(x, false).getCovarianceMatrix().getData();
    DataSummary full = summary(Observations.of(x), true);
    DataSummary diagonal = summary(Observations.of(x), false);
    assertEquals(3000, full.rows());
    assertEquals(3000, full.totalWeight());
    assertNull(diagonal.covariance());
    for (int i = 0, at = 0; i < 3; i++) {
      int column = i;
      double mean = Arrays.stream(x).mapToDouble(r -> r[column]).average().orElseThrow();
      assertEquals(mean, full.mean()[i], 1e-14 * (1 + Math.abs(mean)));
      assertEquals(expected[i][i], full.variance()[i], 1e-13 * expected[i][i]);
      assertEquals(expected[i][i], diagonal.variance()[i], 1e-13 * expected[i][i]);
      for (int j = 0; j <= i; j++, at++) {
        double scale = Math.sqrt(expected[i][i] * expected[j][j]);
        assertEquals(expected[i][j], full.covariance()[at], 1e-13 * scale);
      }
    }
  }

  @Test
  void valuesFarFromTheOriginKeepTheirSpread() {
    for (double centre : new double[] {1e8, -1e8, 1e15}) {
      double[] x = new double[10_000];
      Arrays.setAll(x, i -> centre + (i % 2 == 0 ? 1 : -1));
      DataSummary summary = summary(Observations.of(x), true);
      assertEquals(centre, summary.mean()[0]);
      assertEquals(1, summary.variance()[0]);
    }
  }

  @Test
  void firstRowFarOutDoesNoHarm() {
    double[] x = new double[1001];
    Arrays.setAll(x, i -> i % 2 == 0 ? 1 : -1);
    x[0] = 1e6;
    double mean = 1e6 / 1001;
    double variance = (1e12 + 1000) / 1001 - mean * mean;
    DataSummary summary = summary(Observations.of(x), false);
    assertEquals(mean, summary.mean()[0], 1e-13 * mean);
    assertEquals(variance, summary.variance()[0], 1e-13 * variance);
  }

  @Test
  void weightsCountRows() {
    double[][] x = rows(700);
    double[] weights = new double[700];
    Arrays.setAll(weights, i -> i % 4);
    double[][] repeated = new double[(int) Arrays.stream(weights).sum()][];
    for (int i = 0, at = 0; i < x.length; i++) {
      for (int c = 0; c < weights[i]; c++) {
        repeated[at++] = x[i];
      }
    }
    DataSummary weighted = summary(Observations.of(x).withWeights(weights), true);
    DataSummary expected = summary(Observations.of(repeated), true);
    assertEquals(700, weighted.rows());
    assertEquals(repeated.length, weighted.totalWeight(), 1e-9);
    assertArrayEquals(expected.mean(), weighted.mean(), 1e-13);
    assertArrayEquals(expected.variance(), weighted.variance(), 1e-12);
    assertArrayEquals(expected.covariance(), weighted.covariance(), 1e-12);
  }

  @Test
  void constantColumnsHaveNoVariance() {
    double[][] x = new double[500][];
    Arrays.setAll(x, i -> new double[] {0.1, i});
    DataSummary summary = summary(Observations.of(x), true);
    assertEquals(0.1, summary.mean()[0]);
    assertEquals(0, summary.variance()[0]);
    assertEquals(0, summary.covariance()[1]);
  }

  @Test
  void anglesAreSummarisedAsCosineAndSine() {
    double[] x = {0, Math.PI / 2, Math.PI, -Math.PI / 2};
    DataSummary summary =
        InMemoryRows.of(Observations.of(x), Encoding.ANGLES, KERNELS, 1).summary(false);
    assertArrayEquals(new double[] {0, 0}, summary.mean(), 1e-16);
    assertArrayEquals(new double[] {0.5, 0.5}, summary.variance(), 1e-15);
  }
}
