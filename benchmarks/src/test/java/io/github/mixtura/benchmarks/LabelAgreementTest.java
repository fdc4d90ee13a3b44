package io.github.mixtura.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LabelAgreementTest {
  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  @Test
  void errorIsThatOfTheBestNumbering() {
    SplittableRandom random = new SplittableRandom(1);
    for (int draw = 0; draw < 50; draw++) {
      int[] truth = random.ints(30, 0, 3).toArray();
      int[] labels = random.ints(30, 0, 3).toArray();
      double best =
          Arrays.stream(ORDERS)
              .mapToDouble(order -> share(truth, labels, order))
              .min()
              .orElseThrow();
      assertEquals(best, LabelAgreement.error(truth, labels), 1e-12);
    }
  }

  private static double share(int[] truth, int[] labels, int[] order) {
    double wrong = 0;
    for (int i = 0; i < truth.length; i++) {
      wrong += truth[i] == order[labels[i]] ? 0 : 1;
    }
    return wrong / truth.length;
  }

  @Test
  void errorWithOtherNumbersOfGroups() {
    assertEquals(0.25, LabelAgreement.error(new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 2}), 0);
    assertEquals(0.5, LabelAgreement.error(new int[] {0, 0, 1, 2}, new int[] {0, 0, 0, 0}), 0);
  }

  @Test
  void adjustedRandIndexOfKnownTables() {
    int[] truth = {0, 0, 0, 1, 1, 1};
    assertEquals(1, LabelAgreement.adjustedRandIndex(truth, new int[] {1, 1, 1, 0, 0, 0}), 1e-15);
    // Both values are scikit-learn 1.2.1's adjusted_rand_score.
    assertEquals(
        0.24242424242424243,
        LabelAgreement.adjustedRandIndex(truth, new int[] {0, 0, 1, 1, 2, 2}),
        1e-15);
    assertEquals(0, LabelAgreement.adjustedRandIndex(truth, new int[6]), 0);
  }

  @Test
  void groupsHaveTheVariancesAndSizesAskedFor() {
    KnownGroups groups = KnownGroups.Setting.rotated("", 60, 5, 4, 0.1, 10, 1, 2, 3).draw(7);
    int[] sizes = new int[3];
    for (int label : groups.labels()) {
      sizes[label]++;
    }
    assertArrayEquals(new int[] {10, 20, 30}, sizes);
    double expected = 0;
    for (int j = 0; j < 5; j++) {
      expected += 0.1 * Math.pow(100, j / 4.0);
    }
    for (double[][] covariance : groups.covariances()) {
      double trace = 0;
      double squares = 0;
      for (int a = 0; a < 5; a++) {
        trace += covariance[a][a];
        for (int b = 0; b < 5; b++) {
          squares += covariance[a][b] * covariance[a][b];
        }
      }
      assertEquals(expected, trace, 1e-12);
      double sum = 0;
      for (int j = 0; j < 5; j++) {
        sum += Math.pow(0.1 * Math.pow(100, j / 4.0), 2);
      }
      assertEquals(sum, squares, 1e-10);
    }
  }
}
