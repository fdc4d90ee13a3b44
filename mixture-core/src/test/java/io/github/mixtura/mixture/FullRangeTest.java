package io.github.mixtura.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** What mixtures promise, on random ones with parameters from everywhere in their range. */
class FullRangeTest {
  private static final int CASES = 600;

  private static double spread(SplittableRandom random, double lowest, double highest) {
    return Math.pow(10, lowest + (highest - lowest) * random.nextDouble());
  }

  private static double signed(SplittableRandom random, double size) {
    return random.nextBoolean() ? size : -size;
  }

  /**
   * Half of the mixtures have components of one scale, half of scales that have nothing in common.
   */
  private static Mixture<Component> line(SplittableRandom random) {
    int kind = random.nextInt(3);
    int count = 1 + random.nextInt(3);
    boolean alike = random.nextBoolean();
    double common = spread(random, -280, 280);
    List<Component> components = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      double deviation = Math.sqrt(alike ? common : spread(random, -280, 280));
      double mean = signed(random, deviation * spread(random, -3, 3));
      components.add(
          switch (kind) {
            case 0 -> Gaussian.of(mean, deviation * deviation);
            case 1 -> StudentT.of(mean, deviation * deviation, spread(random, -1, 20));
            default -> VonMises.of(Math.PI * (2 * random.nextDouble() - 1), spread(random, -3, 15));
          });
    }
    double[] weights = random.doubles(count, 0.01, 1).toArray();
    double sum = Arrays.stream(weights).sum();
    return Mixture.of(components, Arrays.stream(weights).map(w -> w / sum).toArray());
  }

  @Test
  void quantilesInvertDistributionFunctions() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < CASES; i++) {
      Mixture<Component> mixture = line(random);
      boolean angles = mixture.component(0) instanceof VonMises;
      double p = i % 2 == 0 ? random.nextDouble() : spread(random, angles ? -12 : -290, 0);
      double x = mixture.quantile(p);
      double y = mixture.upperQuantile(p);
      String what = "p " + p + ", " + mixture;
      if (Math.abs(x) < Double.MAX_VALUE) {
        checkProbability(p, mixture.cdf(x), mixture.cdf(down(x)), mixture.cdf(up(x)), angles, what);
        assertEquals(1, mixture.cdf(x) + mixture.survival(x), 3e-15, what);
      }
      if (Math.abs(y) < Double.MAX_VALUE) {
        double found = mixture.survival(y);
        checkProbability(
            p, found, mixture.survival(up(y)), mixture.survival(down(y)), angles, what);
      }
    }
  }

  private static double up(double x) {
    return x + 4 * Math.ulp(x);
  }

  private static double down(double x) {
    return x - 4 * Math.ulp(x);
  }

  /** p to 1e-12, or between the probabilities a few doubles to the left and to the right. */
  private static void checkProbability(
      double p, double found, double less, double more, boolean absolute, String what) {
    double tolerance = absolute ? 1e-14 : 1e-12 * p;
    boolean close = Math.abs(found - p) <= tolerance;
    assertTrue(close || less - tolerance <= p && p <= more + tolerance, what + ": " + found);
  }

  private static double point(SplittableRandom random, boolean angles) {
    return angles
        ? signed(random, spread(random, -10, 17))
        : signed(random, spread(random, -300, 308));
  }

  @Test
  void responsibilitiesAreFiniteAndSumToOne() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < CASES; i++) {
      Mixture<Component> mixture = line(random);
      double[] x = new double[20];
      boolean angles = mixture.component(0) instanceof VonMises;
      Arrays.setAll(x, j -> point(random, angles));
      double[][] all = mixture.responsibilities(Observations.of(x));
      for (int j = 0; j < x.length; j++) {
        double[] one = mixture.responsibilities(x[j]);
        assertEquals(1, Arrays.stream(one).sum(), 1e-14, x[j] + ", " + mixture);
        assertEquals(1, Arrays.stream(all[j]).sum(), 1e-14, x[j] + ", " + mixture);
        for (int k = 0; k < one.length; k++) {
          assertTrue(one[k] >= 0 && all[j][k] >= 0, x[j] + ", " + mixture);
          assertEquals(one[k], all[j][k], 1e-8, x[j] + ", " + mixture);
        }
      }
    }
  }

  @Test
  void batchesGiveWhatPointsGive() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < CASES; i++) {
      Mixture<Component> mixture = line(random);
      boolean angles = mixture.component(0) instanceof VonMises;
      double[] x = new double[20];
      Arrays.setAll(x, j -> j < 10 ? point(random, angles) : mixture.sample(random)[0]);
      double[] all = mixture.logDensity(Observations.of(x));
      for (int j = 0; j < x.length; j++) {
        double expected = mixture.logDensity(x[j]);
        assertFalse(Double.isNaN(expected) || expected == Double.POSITIVE_INFINITY);
        // Below κ = 1e4 the error is a few units in the last place of κ.
        double tolerance = (angles ? 5e-12 : 1e-12) * (1 + Math.abs(expected));
        assertTrue(
            all[j] == expected || Math.abs(all[j] - expected) <= tolerance,
            x[j] + ": " + all[j] + " for " + expected + ", " + mixture);
      }
    }
  }

  @Test
  void samplesAreFinite() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < CASES; i++) {
      for (double[] x : line(random).sample(50, random).rows()) {
        assertTrue(Double.isFinite(x[0]));
      }
    }
    for (double nu : new double[] {1e-3, 1e-2, 0.1}) {
      StudentT law = StudentT.of(0, 1e-300, nu);
      int beyond = 0;
      for (int i = 0; i < 20_000; i++) {
        double x = law.sample(random)[0];
        assertTrue(Double.isFinite(x));
        beyond += Math.abs(x) > 1e150 ? 1 : 0;
      }
      double expected = 2 * law.survival(1e150);
      double error = Math.sqrt(expected / 20_000);
      assertEquals(expected, beyond / 20_000.0, 5 * error + 1e-3, "ν " + nu);
    }
  }

  /** In units far apart a law is the same law: marginals and conditionals come out scaled. */
  @Test
  void conditionalsDoNotDependOnUnits() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{2, 1, 0.5}, {1, 3, -1}, {0.5, -1, 4}});
    double[] mean = {1, -2, 0.5};
    for (double[] unit :
        new double[][] {{1e-140, 1e140, 1}, {1e150, 1e-150, 1e100}, {1e-150, 1e-150, 1e-150}}) {
      DMatrixRMaj scaled = new DMatrixRMaj(3, 3);
      double[] scaledMean = new double[3];
      for (int i = 0; i < 3; i++) {
        scaledMean[i] = mean[i] * unit[i];
        for (int j = 0; j < 3; j++) {
          scaled.set(i, j, matrix.get(i, j) * unit[i] * unit[j]);
        }
      }
      double[] known = {3, 7};
      double[] scaledKnown = {3 * unit[0], 7 * unit[2]};
      int[] given = {0, 2};
      Gaussian plain = Gaussian.of(mean, matrix).conditional(given, known);
      Gaussian found = Gaussian.of(scaledMean, scaled).conditional(given, scaledKnown);
      assertEquals(plain.mean()[0] * unit[1], found.mean()[0], 1e-13 * unit[1]);
      assertEquals(
          Math.sqrt(plain.covariance().get(0, 0)) * unit[1],
          Math.sqrt(found.covariance().get(0, 0)),
          1e-13 * unit[1]);
      StudentT tail = StudentT.of(mean, Covariance.full(matrix), 4).conditional(given, known);
      StudentT scaledTail =
          StudentT.of(scaledMean, Covariance.full(scaled), 4).conditional(given, scaledKnown);
      assertEquals(
          Math.sqrt(tail.scale().get(0, 0)) * unit[1],
          Math.sqrt(scaledTail.scale().get(0, 0)),
          1e-12 * unit[1]);
    }
  }

  /** The squared distance of what is known overflows; the scale of the rest does not. */
  @Test
  void conditionalOfAValueFarOut() {
    StudentT law =
        StudentT.of(
            new double[] {0, 0},
            Covariance.full(new DMatrixRMaj(new double[][] {{1, 1e-101}, {1e-101, 1e-200}})),
            3);
    StudentT rest = law.conditional(new int[] {0}, new double[] {1e160});
    assertEquals(1e59, rest.mean()[0], 1e46);
    assertEquals(0.99 * 1e120 / 4, rest.scale().get(0, 0), 1e107);
  }

  /** One full and one diagonal matrix in a mixture are evaluated together. */
  @Test
  void fullAndDiagonalMatricesMix() {
    Mixture<Gaussian> mixture =
        Mixture.of(
            List.of(
                Gaussian.of(
                    new double[] {0, 1, 2},
                    new DMatrixRMaj(new double[][] {{2, 1, 0.5}, {1, 3, -1}, {0.5, -1, 4}})),
                Gaussian.of(new double[] {1, 1, 1}, Covariance.diagonal(1, 2, 3))),
            0.4,
            0.6);
    double[][] rows = mixture.sample(300, new SplittableRandom(5)).rows();
    for (Mixture<Gaussian> ordered : List.of(mixture, mixture.reordered(1, 0))) {
      double[] all = ordered.logDensity(Observations.of(rows));
      for (int i = 0; i < rows.length; i++) {
        assertEquals(ordered.logDensity(rows[i]), all[i], 1e-12);
      }
    }
  }
}
