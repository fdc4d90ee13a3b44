package io.github.mixtura.em.init;

import java.util.Arrays;
import java.util.SplittableRandom;

/** k-means++ (Arthur &amp; Vassilvitskii 2007) followed by Lloyd's iteration. */
final class KMeans implements Initializer {
  static final int MOST_ROWS = 20_000;
  private static final int MOST_ITERATIONS = 100;

  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    Features features = Features.of(data, MOST_ROWS, random);
    double[][] centres = plusPlus(features, components, random);
    lloyd(features, centres);
    return new Start.Partition(components, features.nearest(data, centres));
  }

  /** K points drawn without replacement, uniformly. */
  static double[][] distinctRows(Features features, int components, SplittableRandom random) {
    double[][] points = features.points();
    int[] order = new int[points.length];
    double[][] centres = new double[components][];
    for (int k = 0; k < components; k++) {
      int pick = k + random.nextInt(points.length - k);
      int at = order[pick] == 0 ? pick : order[pick] - 1;
      centres[k] = points[at].clone();
      order[pick] = (order[k] == 0 ? k : order[k] - 1) + 1;
    }
    return centres;
  }

  /** Each centre is a point drawn with probability proportional to weight × squared distance. */
  private static double[][] plusPlus(Features features, int components, SplittableRandom random) {
    double[][] points = features.points();
    double[] weights = features.weights();
    double[][] centres = new double[components][];
    double[] nearest = new double[points.length];
    centres[0] = points[random.nextInt(points.length)].clone();
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int k = 1; k < components; k++) {
      double total = 0;
      for (int i = 0; i < points.length; i++) {
        nearest[i] = Math.min(nearest[i], Features.squaredDistance(points[i], centres[k - 1]));
        total += weights[i] * nearest[i];
      }
      double u = random.nextDouble() * total;
      int pick = total > 0 ? 0 : random.nextInt(points.length);
      for (; total > 0 && pick < points.length - 1; pick++) {
        u -= weights[pick] * nearest[pick];
        if (u < 0) {
          break;
        }
      }
      centres[k] = points[pick].clone();
    }
    return centres;
  }

  private static void lloyd(Features features, double[][] centres) {
    double[][] points = features.points();
    int[] labels = new int[points.length];
    Arrays.fill(labels, -1);
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      boolean changed = false;
      double[][] sums = new double[centres.length][points[0].length];
      double[] weight = new double[centres.length];
      for (int i = 0; i < points.length; i++) {
        int k = Features.nearest(points[i], centres);
        changed |= k != labels[i];
        labels[i] = k;
        double w = features.weights()[i];
        weight[k] += w;
        for (int j = 0; j < sums[k].length; j++) {
          sums[k][j] += w * points[i][j];
        }
      }
      if (!changed) {
        return;
      }
      for (int k = 0; k < centres.length; k++) {
        for (int j = 0; weight[k] > 0 && j < sums[k].length; j++) {
          centres[k][j] = sums[k][j] / weight[k];
        }
      }
    }
  }
}
