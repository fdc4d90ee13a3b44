package io.github.mixtura.optimisation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsTest {
  /** Rosenbrock 1960: least, 0, where all variables are 1. */
  private static double valley(double[] x, double[] gradient) {
    Arrays.fill(gradient, 0);
    double sum = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double bend = x[i + 1] - x[i] * x[i];
      sum += 100 * bend * bend + (1 - x[i]) * (1 - x[i]);
      gradient[i] += -400 * bend * x[i] - 2 * (1 - x[i]);
      gradient[i + 1] += 200 * bend;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 100})
  void followsACurvedValley(int n) {
    double[] start = new double[n];
    Arrays.setAll(start, i -> i % 2 == 0 ? -1.2 : 1);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    Lbfgs.Minimum found = new Lbfgs(2000, 1e-15, () -> false).minimise(LbfgsTest::valley, start);
    assertTrue(found.converged());
    // From this start some dimensions lead to the second minimum, with x_0 = −1.
    if (found.point()[0] > 0) {
      assertArrayEquals(ones, found.point(), 1e-6);
    } else {
      assertEquals(3.99, found.value(), 0.01);
    }
    assertEquals(-1.2, start[0], "the start is read only");
  }

  @Test
  void turnsBackWhereTheObjectiveDoesNotExist() {
    // x − log x, least at 1; from a start far to the right a full step would pass 0.
    Lbfgs.Objective barrier =
        (x, gradient) -> {
          gradient[0] = 1 - 1 / x[0];
          return x[0] > 0 ? x[0] - Math.log(x[0]) : Double.NaN;
        };
    var found = new Lbfgs(100, 1e-15, () -> false).minimise(barrier, new double[] {1e-3});
    assertEquals(1, found.point()[0], 1e-6);
    found = new Lbfgs(100, 1e-15, () -> false).minimise(barrier, new double[] {50});
    assertEquals(1, found.point()[0], 1e-6);
  }

  @Test
  void stopsWhenAskedTo() {
    AtomicInteger questions = new AtomicInteger();
    double[] start = {-1.2, 1};
    double first = valley(start, new double[2]);
    Lbfgs.Minimum found =
        new Lbfgs(2000, 1e-15, () -> questions.incrementAndGet() > 20)
            .minimise(LbfgsTest::valley, start);
    assertTrue(found.stopped());
    assertFalse(found.converged());
    assertTrue(found.value() < first);
  }
}
