package io.github.mixtura.mdn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final Mixture<Gaussian> TWO =
      Mixture.of(List.of(Gaussian.of(-1, 0.5), Gaussian.of(2, 2)), 0.3, 0.7);

  /** ∫ (F − 1[x ≥ y])² by the trapezium rule, with a knot at y. */
  private static double integral(Mixture<? extends Component> law, double y, double reach) {
    double sum = 0;
    int n = 20_000;
    for (int side = 0; side < 2; side++) {
      double low = side == 0 ? -reach : y;
      double high = side == 0 ? y : reach;
      double h = (high - low) / n;
      for (int i = 0; i <= n; i++) {
        double f = law.cdf(low + i * h) - side;
        sum += f * f * h * (i == 0 || i == n ? 0.5 : 1);
      }
    }
    return sum;
  }

  @Test
  void scoreIsTheIntegral() {
    for (double y : new double[] {-4, -1, 0.3, 5}) {
      assertEquals(integral(TWO, y, 25), Calibration.crps(TWO, y), 1e-6);
    }
    Mixture<StudentT> t = Mixture.of(List.of(StudentT.of(0, 1, 5)), 1.0);
    assertEquals(integral(t, 0.7, 60), Calibration.crps(t, 0.7), 5e-3);
  }

  @Test
  void truthIsCalibratedAndANarrowLawIsNot() {
    SplittableRandom random = new SplittableRandom(3);
    int n = 2000;
    List<Mixture<Gaussian>> right = new ArrayList<>();
    List<Mixture<Gaussian>> narrow = new ArrayList<>();
    double[] outcomes = new double[n];
    for (int i = 0; i < n; i++) {
      double shift = random.nextGaussian();
      outcomes[i] = shift + random.nextGaussian();
      right.add(Mixture.of(List.of(Gaussian.of(shift, 1)), 1.0));
      narrow.add(Mixture.of(List.of(Gaussian.of(shift, 0.5)), 1.0));
    }
    Calibration good = Calibration.of(right, outcomes);
    Calibration bad = Calibration.of(narrow, outcomes);
    assertTrue(good.chiSquarePValue() > 0.01 && good.kolmogorovPValue() > 0.01);
    assertTrue(bad.chiSquarePValue() < 1e-6 && bad.kolmogorovPValue() < 1e-3);
    assertEquals(0.9, good.coverage().get(2), 0.02);
    assertTrue(bad.coverage().get(2) < 0.8);
    assertTrue(good.crps() < bad.crps());
    assertTrue(good.meanLogDensity() > bad.meanLogDensity());
    for (int l = 0; l < good.levels().size(); l++) {
      assertEquals(good.levels().get(l), good.below().get(l), 0.03);
    }
    // E of the normal law's own score is 1/√π.
    assertEquals(1 / Math.sqrt(Math.PI), good.crps(), 0.02);
    assertEquals(n, good.histogram().stream().mapToInt(c -> c).sum());
  }

  @Test
  void pinballLossIsTheDefinition() {
    assertEquals(0.9 * 2, Calibration.pinball(1, 0.9, 3), 1e-15);
    assertEquals(0.1 * 2, Calibration.pinball(3, 0.9, 1), 1e-15);
  }

  @Test
  void conformalIntervalsCoverWhateverTheNetwork() {
    // Hardly trained, so that its own intervals are wrong.
    ConditionalMixture model =
        MixtureDensityNetwork.of(Mlp.of(4), OutputFamily.GAUSSIAN_DIAGONAL, 1)
            .options(Problems.brief(1))
            .fit(Problems.branches(100, 1, 1))
            .model();
    Examples test = Problems.branches(2000, 1, 3);
    for (double probability : new double[] {0.5, 0.9}) {
      ConformalIntervals intervals =
          ConformalIntervals.of(model, Problems.branches(1000, 1, 2), probability);
      int inside = 0;
      for (int i = 0; i < test.size(); i++) {
        ConformalIntervals.Interval interval = intervals.at(test.window(i)[0]);
        double y = test.target(i)[0];
        inside += interval.low() <= y && y <= interval.high() ? 1 : 0;
      }
      assertEquals(probability, inside / 2000.0, 0.04);
    }
  }
}
