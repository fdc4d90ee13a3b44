package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegimeSwitchingTest {
  private static final HiddenMarkov TRUTH =
      new HiddenMarkov(
          new double[] {0.6, 0.4},
          new double[][] {{0.97, 0.03}, {0.06, 0.94}},
          new double[] {0.1, -0.2},
          new double[] {0.4, 3});

  /** Sums the joint densities of the data with every path of states. */
  @Test
  void likelihoodAndForecastAreSumsOverPaths() {
    double[] x = {0.3, -2, 1.5, 0.1, -0.2, 4, 0.5, -0.7};
    double total = 0;
    double nextFirst = 0;
    for (int path = 0; path < 1 << x.length; path++) {
      double joint = 1;
      int state = 0;
      for (int t = 0; t < x.length; t++) {
        int next = path >> t & 1;
        joint *= t == 0 ? TRUTH.initial()[next] : TRUTH.transitions()[state][next];
        double z = x[t] - TRUTH.means()[next];
        double variance = TRUTH.variances()[next];
        joint *= Math.exp(-0.5 * z * z / variance) / Math.sqrt(2 * Math.PI * variance);
        state = next;
      }
      total += joint;
      nextFirst += joint * TRUTH.transitions()[state][0];
    }
    double logLikelihood = HiddenMarkov.fit(x, TRUTH, 0, 0, 0).logLikelihood();
    assertEquals(Math.log(total), logLikelihood, 1e-12);
    Mixture<?> next = TRUTH.next(x);
    assertEquals(nextFirst / total, next.weight(0), 1e-13);
  }

  @Test
  void everyStepRaisesTheLikelihood() {
    double[] x = simulate(400, 5);
    HiddenMarkov start = TRUTH.moved(0.4, 1.7);
    double previous = Double.NEGATIVE_INFINITY;
    for (int steps = 0; steps < 40; steps++) {
      double reached = HiddenMarkov.fit(x, start, 0, 0, steps).logLikelihood();
      assertTrue(reached >= previous - 1e-9, "step " + steps);
      previous = reached;
    }
  }

  /** At the end no small change of a parameter raises the likelihood by more than rounding. */
  @Test
  void endsAtAMaximum() {
    double[] x = simulate(600, 9);
    HiddenMarkov end = HiddenMarkov.fit(x, TRUTH, 1e-9, 1e-15, 20_000).model();
    double best = likelihood(x, end.means(), end.variances(), end.transitions(), end.initial());
    for (double h : new double[] {1e-3, -1e-3}) {
      for (int k = 0; k < 2; k++) {
        double[] means = end.means().clone();
        means[k] += h;
        double[] variances = end.variances().clone();
        variances[k] *= 1 + h;
        double[][] moves = {end.transitions()[0].clone(), end.transitions()[1].clone()};
        moves[k][0] += h;
        moves[k][1] -= h;
        assertTrue(best > likelihood(x, means, end.variances(), end.transitions(), end.initial()));
        assertTrue(best > likelihood(x, end.means(), variances, end.transitions(), end.initial()));
        assertTrue(best > likelihood(x, end.means(), end.variances(), moves, end.initial()));
      }
    }
  }

  private static double likelihood(
      double[] x, double[] means, double[] variances, double[][] moves, double[] initial) {
    var model = new HiddenMarkov(initial, moves, means, variances);
    return HiddenMarkov.fit(x, model, 0, 0, 0).logLikelihood();
  }

  @Test
  void recoversParameters() {
    HiddenMarkov end =
        HiddenMarkov.fit(simulate(20_000, 1), TRUTH.moved(0, 1.3), 1e-9, 1e-10, 500).model();
    assertEquals(0.97, end.transitions()[0][0], 0.01);
    assertEquals(0.94, end.transitions()[1][1], 0.01);
    assertEquals(0.4, end.variances()[0], 0.02);
    assertEquals(3, end.variances()[1], 0.15);
  }

  @Test
  void givesUpAStateThatCollapsesOnHolidays() {
    double[] x = simulate(400, 3);
    for (int t = 0; t < 400; t += 8) {
      x[t] = 0;
    }
    HiddenMarkov spike =
        new HiddenMarkov(
            new double[] {0.5, 0.5},
            new double[][] {{0.5, 0.5}, {0.2, 0.8}},
            new double[] {0, 0},
            new double[] {1e-4, 1});
    assertNull(HiddenMarkov.fit(x, spike, 1e-6, 1e-10, 500).model());
    double[] mostlyZero = new double[300];
    Random random = new Random(4);
    for (int t = 0; t < 300; t++) {
      mostlyZero[t] = t % 4 == 0 ? random.nextGaussian() : 0;
    }
    Forecaster forecaster = RegimeSwitching.of().start();
    List<String> findings = forecaster.refit(mostlyZero);
    assertFalse(findings.isEmpty());
    assertTrue(findings.get(0).contains("collapsed"), findings.toString());
    assertTrue(forecaster.forecast(mostlyZero).quantile(0.01) < 0);
  }

  /** Also where the first state of an earlier window was certain. */
  @Test
  void warmStartsEndWhereFreshOnesDo() {
    double[] returns = EuStocks.returns("DAX");
    Forecaster warm = RegimeSwitching.of().start();
    for (int day = 340; day < 400; day++) {
      double[] window = Arrays.copyOfRange(returns, 359 + day, 1359 + day);
      assertEquals(List.of(), warm.refit(window));
      if (day % 5 == 0) {
        Forecaster fresh = RegimeSwitching.of().start();
        fresh.refit(window);
        double expected = fresh.forecast(window).quantile(0.01);
        assertEquals(expected, warm.forecast(window).quantile(0.01), 2e-3, "day " + day);
      }
    }
  }

  @Test
  void staticMixtureReportsCollapseOnHolidays() {
    double[] x = new double[300];
    for (int t = 0; t < 300; t++) {
      x[t] = t % 4 == 0 ? 1 - t % 8 / 2 : 0;
    }
    Forecaster forecaster = StaticMixture.of(2, 1).start();
    for (int day = 0; day < 3; day++) {
      List<String> findings = forecaster.refit(x);
      assertTrue(findings.get(0).contains("collapsed"), findings.toString());
      assertTrue(findings.contains("fitted with 1 of 2 components"), findings.toString());
      double q = forecaster.forecast(x).quantile(0.01);
      double[] centre = Requirements.meanAndDeviation(x);
      assertEquals(centre[0] - 2.3263478740408408 * centre[1], q, 1e-6);
    }
  }

  @Test
  void staticMixtureKeepsItsFitOnEqualWindows() {
    double[] x = simulate(500, 6);
    Forecaster forecaster = StaticMixture.of(2, 1).start();
    assertEquals(List.of(), forecaster.refit(x));
    double first = forecaster.forecast(x).quantile(0.01);
    assertEquals(List.of(), forecaster.refit(x));
    assertEquals(first, forecaster.forecast(x).quantile(0.01), 1e-3);
    double share = Arrays.stream(x).filter(r -> r < first).count() / 500.0;
    assertEquals(0.01, share, 0.008);
  }

  private static double[] simulate(int n, long seed) {
    Random random = new Random(seed);
    double[] x = new double[n];
    int state = 0;
    for (int t = 0; t < n; t++) {
      x[t] = TRUTH.means()[state] + Math.sqrt(TRUTH.variances()[state]) * random.nextGaussian();
      state = random.nextDouble() < TRUTH.transitions()[state][0] ? 0 : 1;
    }
    return x;
  }
}
