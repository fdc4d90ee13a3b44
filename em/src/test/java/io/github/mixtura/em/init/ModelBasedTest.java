package io.github.mixtura.em.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBasedTest {
  /** More than one block of groups, and points that coincide. */
  private static final int POINTS = 150;

  /** Every merge is the cheapest of all by the criterion's definition. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void everyMergeIsTheCheapest(int dimension) {
    SplittableRandom random = new SplittableRandom(dimension);
    double[][] points = new double[POINTS][dimension];
    double[] weights = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      weights[i] = 1 + random.nextInt(3);
      for (int j = 0; j < dimension; j++) {
        points[i][j] = (i % 3) * j + random.nextGaussian() + 0.5 * points[i][0];
      }
      if (i % 10 == 9) {
        points[i] = points[i - 5].clone();
      }
    }
    int[][] merges = ModelBased.tree(points, weights).merges();
    assertEquals(POINTS - 1, merges.length);
    double spread = spread(points, weights);
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      groups.add(new ArrayList<>(List.of(i)));
    }
    for (int m = 0; m < merges.length; m++) {
      List<Integer> a = groupOf(groups, merges[m][0]);
      List<Integer> b = groupOf(groups, merges[m][1]);
      assertTrue(a != b);
      // All pairs of all steps would take too long; few groups are the harder ones anyway.
      if (m > POINTS - 30) {
        double chosen = cost(a, b, points, weights, spread);
        for (int i = 1; i < groups.size(); i++) {
          for (int j = 0; j < i; j++) {
            double other = cost(groups.get(i), groups.get(j), points, weights, spread);
            assertTrue(chosen <= other + 1e-9 * (1 + Math.abs(other)), m + ": " + chosen);
          }
        }
      }
      groups.remove(b);
      a.addAll(b);
    }
  }

  private static List<Integer> groupOf(List<List<Integer>> groups, int point) {
    return groups.stream().filter(group -> group.contains(point)).findFirst().orElseThrow();
  }

  private static double cost(
      List<Integer> a, List<Integer> b, double[][] points, double[] weights, double spread) {
    List<Integer> both = new ArrayList<>(a);
    both.addAll(b);
    return term(both, points, weights, spread)
        - term(a, points, weights, spread)
        - term(b, points, weights, spread);
  }

  private static double term(
      List<Integer> group, double[][] points, double[] weights, double spread) {
    int d = points[0].length;
    double n = group.stream().mapToDouble(i -> weights[i]).sum();
    double[][] scatter = scatter(group, points, weights);
    double trace = 0;
    for (int j = 0; j < d; j++) {
      trace += scatter[j][j];
    }
    long distinct = group.stream().map(i -> Arrays.toString(points[i])).distinct().count();
    double determinant =
        distinct <= d
            ? 0
            : new LUDecomposition(
                    new Array2DRowRealMatrix(scatter).scalarMultiply(1 / n), Double.MIN_NORMAL)
                .getDeterminant();
    return n * Math.log(determinant + (trace + spread) / n);
  }

  private static double[][] scatter(List<Integer> group, double[][] points, double[] weights) {
    int d = points[0].length;
    double n = 0;
    double[] mean = new double[d];
    for (int i : group) {
      n += weights[i];
      for (int j = 0; j < d; j++) {
        mean[j] += weights[i] * points[i][j];
      }
    }
    double[][] result = new double[d][d];
    for (int i : group) {
      for (int r = 0; r < d; r++) {
        for (int s = 0; s < d; s++) {
          result[r][s] += weights[i] * (points[i][r] - mean[r] / n) * (points[i][s] - mean[s] / n);
        }
      }
    }
    return result;
  }

  /** a = tr W / (n p) of all points, n the number of distinct ones and weights scaled to it. */
  private static double spread(double[][] points, double[] weights) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      all.add(i);
    }
    double[][] scatter = scatter(all, points, weights);
    double trace = 0;
    for (int j = 0; j < scatter.length; j++) {
      trace += scatter[j][j];
    }
    long distinct = Arrays.stream(points).map(Arrays::toString).distinct().count();
    return trace / (distinct * scatter.length);
  }
}
