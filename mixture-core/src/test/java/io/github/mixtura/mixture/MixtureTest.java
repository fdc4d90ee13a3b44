package io.github.mixtura.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class MixtureTest {
  private static final int DRAWS = 50_000;

  private static final Mixture<Gaussian> LINE =
      Mixture.of(
          List.of(Gaussian.of(-2, 1), Gaussian.of(0, 9), Gaussian.of(5, 0.25)), 0.2, 0.5, 0.3);

  private static final Mixture<Gaussian> PLANE =
      Mixture.of(
          List.of(
              Gaussian.of(
                  new double[] {0, 1}, new DMatrixRMaj(new double[][] {{2, 0.6}, {0.6, 1}})),
              Gaussian.of(
                  new double[] {4, -2}, new DMatrixRMaj(new double[][] {{1, -0.3}, {-0.3, 3}}))),
          0.35,
          0.65);

  private static final Mixture<StudentT> TAILS =
      Mixture.of(
          List.of(
              StudentT.of(
                  new double[] {0, 1},
                  Covariance.full(new DMatrixRMaj(new double[][] {{2, 0.6}, {0.6, 1}})),
                  3),
              StudentT.of(
                  new double[] {4, -2},
                  Covariance.full(new DMatrixRMaj(new double[][] {{1, -0.3}, {-0.3, 3}})),
                  8)),
          0.35,
          0.65);

  private static final Mixture<VonMises> ANGLES =
      Mixture.of(List.of(VonMises.of(3, 4), VonMises.of(-1, 0.5)), 0.4, 0.6);

  private static double density(Mixture<?> mixture, double... x) {
    double sum = 0;
    for (int k = 0; k < mixture.componentCount(); k++) {
      sum += mixture.weight(k) * Math.exp(mixture.component(k).logDensity(x));
    }
    return sum;
  }

  private static double[][] rows(Mixture<?> mixture, int count) {
    return mixture.sample(count, new SplittableRandom(70)).rows();
  }

  @Test
  void logDensityAndResponsibilitiesAreTheirDefinitions() {
    for (Mixture<?> mixture : List.of(LINE, PLANE, TAILS, ANGLES)) {
      for (double[] x : rows(mixture, 200)) {
        double f = density(mixture, x);
        assertEquals(Math.log(f), mixture.logDensity(x), 1e-13 * (1 + Math.abs(Math.log(f))));
        double[] r = mixture.responsibilities(x);
        for (int k = 0; k < r.length; k++) {
          double part = mixture.weight(k) * Math.exp(mixture.component(k).logDensity(x));
          assertEquals(part / f, r[k], 1e-13);
        }
        assertEquals(1, Arrays.stream(r).sum(), 1e-15 * 4);
        int label = mixture.label(x);
        assertEquals(Arrays.stream(r).max().orElseThrow(), r[label]);
      }
    }
  }

  @Test
  void manyRowsGiveTheSameAsOneRow() {
    for (Mixture<?> mixture : List.of(LINE, PLANE, TAILS, ANGLES)) {
      double[][] x = rows(mixture, 5000);
      double[] weights = new SplittableRandom(71).doubles(x.length).toArray();
      Observations observations = Observations.of(x).withWeights(weights);
      double[] log = mixture.logDensity(observations);
      double[][] r = mixture.responsibilities(observations);
      int[] labels = mixture.labels(observations);
      for (int i = 0; i < x.length; i++) {
        double expected = mixture.logDensity(x[i]);
        assertEquals(expected, log[i], 1e-12 * (10 + Math.abs(expected)));
        assertArrayEquals(mixture.responsibilities(x[i]), r[i], 1e-12);
        assertEquals(mixture.label(x[i]), labels[i]);
      }
    }
  }

  @Test
  void farOutNothingUnderflows() {
    double[][] far = {{1e3}, {-1e3}, {1e10}, {-1e100}, {1e153}, {4000}};
    double[] log = LINE.logDensity(Observations.of(far));
    double[][] r = LINE.responsibilities(Observations.of(far));
    for (int i = 0; i < far.length; i++) {
      double x = far[i][0];
      // The widest component has all of it.
      double expected = Math.log(0.5) + LINE.component(1).logDensity(x);
      assertEquals(expected, LINE.logDensity(x), 1e-13 * Math.abs(expected));
      assertEquals(expected, log[i], 1e-13 * Math.abs(expected));
      assertArrayEquals(new double[] {0, 1, 0}, LINE.responsibilities(x));
      assertArrayEquals(new double[] {0, 1, 0}, r[i]);
      assertEquals(1, LINE.label(x));
    }
  }

  @Test
  void beyondEveryLogDensityTheRatiosRemain() {
    assertEquals(Double.NEGATIVE_INFINITY, LINE.logDensity(1e200));
    // The widest component has all of it, as at 1e153.
    assertArrayEquals(new double[] {0, 1, 0}, LINE.responsibilities(1e200));
    Observations both = Observations.of(new double[] {0, 1e200, 1});
    assertEquals(Double.NEGATIVE_INFINITY, LINE.logDensity(both)[1]);
    assertEquals(LINE.logDensity(1), LINE.logDensity(both)[2], 1e-14);
    assertArrayEquals(new double[] {0, 1, 0}, LINE.responsibilities(both)[1]);
    assertEquals(1, LINE.labels(both)[1]);
    double[] tail = {1e200, -1e200};
    assertEquals(
        TAILS.logDensity(tail), TAILS.logDensity(Observations.of(new double[][] {tail}))[0]);
    assertTrue(Double.isFinite(TAILS.logDensity(tail)));
    assertArrayEquals(new double[] {1, 0}, TAILS.responsibilities(tail), 1e-300);
  }

  @Test
  void componentOfWeightZeroPlaysNoPart() {
    Mixture<Gaussian> mixture = Mixture.of(List.of(Gaussian.of(0, 1), Gaussian.of(9, 1)), 1, 0);
    for (double x : new double[] {-3, 0, 9, 50}) {
      assertEquals(mixture.component(0).logDensity(x), mixture.logDensity(x));
      assertArrayEquals(new double[] {1, 0}, mixture.responsibilities(x));
      Observations one = Observations.of(new double[] {x});
      assertArrayEquals(new double[] {1, 0}, mixture.responsibilities(one)[0]);
      assertEquals(mixture.logDensity(x), mixture.logDensity(one)[0], 1e-12);
    }
    assertEquals(Gaussian.of(0, 1).quantile(0.3), mixture.quantile(0.3), 1e-15);
    assertTrue(
        Arrays.stream(mixture.sample(1000, new SplittableRandom(3)).labels())
            .allMatch(k -> k == 0));
  }

  @Test
  void samplesComeFromTheComponentsTheyName() {
    Mixture.Sample sample = LINE.sample(DRAWS, new SplittableRandom(72));
    int[] counts = new int[3];
    double[] sums = new double[3];
    for (int i = 0; i < DRAWS; i++) {
      counts[sample.labels()[i]]++;
      sums[sample.labels()[i]] += sample.rows()[i][0];
    }
    for (int k = 0; k < 3; k++) {
      double p = LINE.weight(k);
      assertEquals(DRAWS * p, counts[k], 5 * Math.sqrt(DRAWS * p * (1 - p)));
      Gaussian component = LINE.component(k);
      double error = Math.sqrt(component.covariance().get(0, 0) / counts[k]);
      assertEquals(component.mean()[0], sums[k] / counts[k], 5 * error);
    }
    RandomGenerator random = new SplittableRandom(72);
    assertArrayEquals(
        sample.labels(), LINE.sample(DRAWS, random).labels(), "same seed, same draws");
    assertNotEquals(
        sample.rows()[0][0], LINE.sample(1, random).rows()[0][0], "the source moves on");
    assertThrows(IllegalArgumentException.class, () -> LINE.sample(0, random));
  }

  @Test
  void momentsAgreeWithTheClosedFormAndWithDraws() {
    // Σ π m and Σ π (v + m²) − μ² of three components on the line.
    double mean = 0.2 * -2 + 0.3 * 5;
    double variance = 0.2 * (1 + 4) + 0.5 * 9 + 0.3 * (0.25 + 25) - mean * mean;
    assertEquals(mean, LINE.mean()[0], 1e-15);
    assertEquals(variance, LINE.covarianceMatrix()[0][0], 1e-14);
    for (Mixture<?> mixture : List.of(PLANE, LINE)) {
      double[][] x = rows(mixture, DRAWS);
      double[] mu = mixture.mean();
      double[][] covariance = mixture.covarianceMatrix();
      for (int i = 0; i < mu.length; i++) {
        for (int j = 0; j < mu.length; j++) {
          double sum = 0;
          double squares = 0;
          double first = 0;
          for (double[] row : x) {
            double product = (row[i] - mu[i]) * (row[j] - mu[j]);
            sum += product;
            squares += product * product;
            first += row[i];
          }
          double c = sum / DRAWS;
          assertEquals(covariance[i][j], c, 5 * Math.sqrt((squares / DRAWS - c * c) / DRAWS));
          assertEquals(mu[i], first / DRAWS, 5 * Math.sqrt(covariance[i][i] / DRAWS));
        }
      }
    }
    // Scale ν/(ν−2): 3 and 4/3.
    double within = 0.35 * 3 * 2 + 0.65 * 8 / 6.0 * 1;
    double between = 0.35 * 0.65 * 16;
    assertEquals(within + between, TAILS.covarianceMatrix()[0][0], 1e-14);
    assertThrows(UnsupportedOperationException.class, ANGLES::mean);
    assertThrows(UnsupportedOperationException.class, ANGLES::covarianceMatrix);
  }

  private static <C extends Component> void checkConditional(Mixture<C> mixture) {
    for (double[] x : rows(mixture, 100)) {
      for (int known = 0; known < 2; known++) {
        double joint = mixture.logDensity(x);
        double first = mixture.marginal(known).logDensity(x[known]);
        Mixture<C> rest = mixture.conditional(new int[] {known}, new double[] {x[known]});
        double second = rest.logDensity(x[1 - known]);
        assertEquals(joint, first + second, 1e-12 * (1 + Math.abs(first) + Math.abs(second)));
        assertArrayEquals(
            mixture.marginal(known).responsibilities(x[known]), rest.weights(), 1e-15);
      }
      double swapped = mixture.marginal(1, 0).logDensity(x[1], x[0]);
      assertEquals(mixture.logDensity(x), swapped, 1e-12 * (1 + Math.abs(swapped)));
    }
    assertThrows(IllegalArgumentException.class, () -> mixture.marginal(2));
    assertThrows(IllegalArgumentException.class, () -> mixture.marginal());
    assertThrows(
        IllegalArgumentException.class,
        () -> mixture.conditional(new int[] {0, 1}, new double[] {0, 0}));
    assertThrows(
        IllegalArgumentException.class, () -> mixture.conditional(new int[] {0}, new double[2]));
  }

  @Test
  void marginalTimesConditionalIsTheDensity() {
    checkConditional(PLANE);
    checkConditional(TAILS);
    assertThrows(UnsupportedOperationException.class, () -> ANGLES.marginal(0));
  }

  @Test
  void distributionFunctionIsTheWeightedSum() {
    for (double x = -12; x < 12; x += 0.37) {
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        sum += LINE.weight(k) * LINE.component(k).cdf(x);
      }
      assertEquals(sum, LINE.cdf(x), 1e-15);
      double slope = (LINE.cdf(x + 1e-4) - LINE.cdf(x - 1e-4)) / 2e-4;
      assertEquals(density(LINE, x), slope, 1e-7);
    }
    assertEquals(0, LINE.cdf(Double.NEGATIVE_INFINITY));
    assertEquals(1, LINE.cdf(Double.POSITIVE_INFINITY));
    assertThrows(IllegalStateException.class, () -> PLANE.cdf(0));
    assertThrows(IllegalStateException.class, () -> PLANE.quantile(0.5));
  }

  @Test
  void quantileInvertsTheDistributionFunctionInBothTails() {
    Mixture<StudentT> heavy =
        Mixture.of(List.of(StudentT.of(0, 1, 1), StudentT.of(3, 4, 2.5)), 0.5, 0.5);
    for (Mixture<?> mixture : List.of(LINE, heavy, ANGLES)) {
      boolean circular = mixture.equals(ANGLES);
      for (double p : new double[] {1e-300, 1e-100, 1e-20, 1e-9, 0.001, 0.2, 0.5, 0.7, 0.99}) {
        // The von Mises law has an absolute accuracy.
        double tolerance = 1e-11 * p + (circular ? 1e-14 : 0);
        if (circular && p < 1e-9) {
          continue;
        }
        assertEquals(p, mixture.cdf(mixture.quantile(p)), tolerance, "p " + p + " of " + mixture);
      }
      for (double q : new double[] {1e-3, 1e-6, 1e-9, 1e-12}) {
        double x = mixture.quantile(1 - q);
        assertEquals(1 - q, mixture.cdf(x), 1e-15, "1 - " + q + " of " + mixture);
      }
      assertThrows(IllegalArgumentException.class, () -> mixture.quantile(-0.1));
      assertThrows(IllegalArgumentException.class, () -> mixture.quantile(1.1));
      assertThrows(IllegalArgumentException.class, () -> mixture.quantile(Double.NaN));
    }
    assertEquals(Double.NEGATIVE_INFINITY, LINE.quantile(0));
    assertEquals(Double.POSITIVE_INFINITY, LINE.quantile(1));
    assertEquals(-Math.PI, ANGLES.quantile(0));
    assertEquals(Math.PI, ANGLES.quantile(1));
    // Deep in the upper tail only the narrow far component counts: P(X > x) = 0.3 P(Z > z).
    Mixture<Gaussian> far = Mixture.of(List.of(Gaussian.of(-50, 1), Gaussian.of(50, 1)), 0.7, 0.3);
    assertEquals(50 + Gaussian.of(0, 1).quantile(1 - 1e-6 / 0.3), far.quantile(1 - 1e-6), 1e-8);
    assertEquals(0, far.cdf(far.quantile(0.7)) - 0.7, 1e-15);
  }

  @Test
  void reorderedIsTheSameLaw() {
    Mixture<Gaussian> other = LINE.reordered(2, 0, 1);
    assertEquals(LINE.component(2), other.component(0));
    assertArrayEquals(new double[] {0.3, 0.2, 0.5}, other.weights(), 1e-16);
    assertEquals(LINE.logDensity(0.7), other.logDensity(0.7), 1e-15);
    assertNotEquals(LINE, other);
    assertEquals(LINE, other.reordered(1, 2, 0));
    for (int[] wrong : new int[][] {{}, {0, 1}, {0, 0, 1}, {0, 1, 3}, {-1, 0, 1}, {0, 1, 2, 2}}) {
      assertThrows(IllegalArgumentException.class, () -> LINE.reordered(wrong));
    }
  }

  @Test
  void refusals() {
    Gaussian one = Gaussian.of(0, 1);
    Gaussian two = PLANE.component(0);
    assertThrows(IllegalArgumentException.class, () -> Mixture.of(List.<Gaussian>of()));
    assertThrows(IllegalArgumentException.class, () -> Mixture.of(List.of(one), 0.5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> Mixture.of(List.of(one, two), 0.5, 0.5));
    assertThrows(
        IllegalArgumentException.class,
        () -> Mixture.of(List.<Component>of(one, StudentT.of(0, 1, 3)), 0.5, 0.5));
    for (double[] weights :
        new double[][] {{0.5, 0.6}, {0.5, 0.4}, {-0.1, 1.1}, {Double.NaN, 1}, {0, 0}}) {
      assertThrows(IllegalArgumentException.class, () -> Mixture.of(List.of(one, one), weights));
    }
    assertThrows(IllegalArgumentException.class, () -> LINE.logDensity(1, 2));
    assertThrows(IllegalArgumentException.class, () -> LINE.logDensity(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> LINE.responsibilities(Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> PLANE.logDensity(Observations.of(new double[] {1, 2})));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LINE.labels(Observations.of(new double[] {1, Double.NaN})));
    assertTrue(e.getMessage().contains("missing"), e.getMessage());
  }

  @Test
  void weightsAreScaledToOneAndCopied() {
    double[] weights = {0.3333333, 0.3333333, 0.3333333};
    Gaussian one = Gaussian.of(0, 1);
    Mixture<Gaussian> mixture = Mixture.of(List.of(one, one, one), weights);
    assertEquals(1, Arrays.stream(mixture.weights()).sum(), 1e-15);
    weights[0] = 9;
    mixture.weights()[1] = 9;
    assertEquals(1 / 3.0, mixture.weight(0), 1e-15);
    assertEquals(mixture, Mixture.of(List.of(one, one, one), mixture.weights()));
    assertEquals(
        mixture.hashCode(), Mixture.of(List.of(one, one, one), mixture.weights()).hashCode());
    assertThrows(UnsupportedOperationException.class, () -> mixture.components().clear());
  }
}
