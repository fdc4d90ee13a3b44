package io.github.mixtura.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ElementFunctionsTest {
  private static final int N = 301;

  private static double[] arguments(double reach) {
    SplittableRandom random = new SplittableRandom(5);
    double[] x = new double[N];
    for (int i = 0; i < N; i++) {
      x[i] = reach * (2 * random.nextDouble() - 1);
    }
    x[0] = 0;
    x[1] = -0.0;
    x[2] = 1e-9;
    return x;
  }

  @Test
  void agreeWithTheLibrary() {
    ElementFunctions functions = new ElementFunctions(N);
    double[] y = new double[N];
    for (double reach : new double[] {1e-3, 1, 30, 600}) {
      double[] x = arguments(reach);
      functions.exp(y, x, N);
      for (int i = 0; i < N; i++) {
        assertEquals(Math.exp(x[i]), y[i], 5e-16 * Math.exp(x[i]));
      }
      double[] logarithms = new double[N];
      functions.log(logarithms, y, N);
      functions.softplus(y, x, N);
      for (int i = 0; i < N; i++) {
        assertEquals(x[i], logarithms[i], 1e-15 * (1 + Math.abs(x[i])));
        double expected = Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i])));
        assertEquals(expected, y[i], 1e-15 * expected);
      }
      functions.tanh(y, x, N);
      for (int i = 0; i < N; i++) {
        assertEquals(Math.tanh(x[i]), y[i], 3e-16);
      }
      functions.logistic(y, x, N);
      for (int i = 0; i < N; i++) {
        double expected = 1 / (1 + Math.exp(-x[i]));
        assertEquals(expected, y[i], 1e-15 * expected);
      }
    }
  }

  @Test
  void takeWhatOverflows() {
    ElementFunctions functions = new ElementFunctions(4);
    double[] x = {1e9, -1e9, Double.NaN, 3};
    double[] y = new double[4];
    functions.tanh(y, x, 4);
    assertEquals(1, y[0], 0);
    assertEquals(-1, y[1], 0);
    assertEquals(Double.NaN, y[2], 0);
    functions.logistic(y, x, 4);
    assertEquals(1, y[0], 0);
    assertEquals(0, y[1], 1e-300);
    functions.softplus(y, x, 4);
    assertEquals(1e9, y[0], 0);
    assertEquals(Math.log1p(Math.exp(3)), y[3], 1e-15);
  }

  @Test
  void logarithmsOfProducts() {
    double[] x = {1, 7, 1e200, 1e99, 1e99, 1 + 1e-12, 3e100};
    double expected = 0;
    for (double factor : x) {
      expected += Math.log(factor);
    }
    assertEquals(expected, ElementFunctions.sumOfLogs(x, x.length), 1e-12);
    assertEquals(Math.log(7), ElementFunctions.sumOfLogs(x, 2), 1e-16);
    assertEquals(0, ElementFunctions.sumOfLogs(x, 0), 0);
    x[3] = Double.NaN;
    assertEquals(Double.NaN, ElementFunctions.sumOfLogs(x, x.length), 0);
  }

  @Test
  void bitsDoNotDependOnTheNeighbours() {
    ElementFunctions functions = new ElementFunctions(N);
    double[] x = arguments(5);
    double[] all = new double[N];
    functions.tanh(all, x, N);
    for (int i = 0; i < N; i++) {
      double[] one = {x[i]};
      functions.tanh(one, one, 1);
      assertEquals(all[i], one[0], 0);
    }
    assertThrows(IllegalArgumentException.class, () -> new ElementFunctions(0));
  }
}
