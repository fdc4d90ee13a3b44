package io.github.mixtura.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.mixture.Mixture;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TorsionStudyTest {
  private static Mixture<Gaussian> gaussian(double centre, double variance) {
    double[] mean = {centre, 0};
    double[] variances = {variance, variance};
    return Mixture.of(List.of(Gaussian.of(mean, Covariance.diagonal(variances))), 1);
  }

  @Test
  void aGaussianOnTheBorderHasHalfItsMassInTheSquare() {
    assertEquals(0.5, TorsionStudy.mass(gaussian(Math.PI, 0.04)), 1e-3);
    assertEquals(1, TorsionStudy.mass(gaussian(0, 0.04)), 1e-6);
    assertEquals(
        TorsionStudy.wrapped(gaussian(Math.PI, 0.04), -3, 0.1),
        TorsionStudy.wrapped(gaussian(-Math.PI, 0.04), -3, 0.1),
        1e-12);
  }

  /** Angles around ±180° that follow the one before: the torus helps, and so does the past. */
  @Test
  void seesWrapAroundAndThePast() {
    SplittableRandom random = new SplittableRandom(4);
    double[][] angles = new double[130][];
    double[] before = {0, 0};
    for (int i = 0; i < angles.length; i++) {
      double phi = before[0] > 0 == random.nextDouble() < 0.95 ? 3 : 0.5;
      before = VonMises.of(new double[] {phi, Math.PI}, new double[] {20, 20}).sample(random);
      angles[i] = before;
    }
    angles[50][1] = Double.NaN;
    List<TorsionStudy.Result> results = new TorsionStudy(angles, 3).run(40);
    assertEquals(127, results.size(), "without the first, the missing one and the one after it");
    double[] means = new double[8];
    for (TorsionStudy.Result result : results) {
      for (int m = 0; m < means.length; m++) {
        means[m] += result.values()[m] / results.size();
      }
    }
    assertTrue(means[0] > means[1] + 0.1 && means[0] > means[4] + 0.1);
    assertTrue(means[2] >= means[1] && means[3] >= means[1]);
    assertTrue(Double.isFinite(means[7]));
  }
}
