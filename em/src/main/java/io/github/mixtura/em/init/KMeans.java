package io.github.mixtura.em.init;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Greedy k-means++ (Arthur &amp; Vassilvitskii 2007) followed by Lloyd's iteration.
 *
 * @param fewest distinct rows of a group; smaller groups are set aside and the others looked for
 *     again, on a scale of their own, as long as half of the rows are left
 * @param host group that joins all rows set aside, in the order of the centres; −1 for the nearest
 */
record KMeans(int fewest, int host) implements Initializer {
  static final int MOST_ROWS = 20_000;
  private static final int MOST_ITERATIONS = 100;
  private static final int MOST_ATTEMPTS = 100;
  private static final double SMALLEST_GAIN = 1e-4;

  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    Features features = Features.of(data, MOST_ROWS, random);
    int all = features.points().length;
    Set<Integer> aside = new HashSet<>();
    int[] rows = IntStream.range(0, all).toArray();
    while (true) {
      double[][] centres = plusPlus(features, components, random, data.hurry());
      lloyd(features, centres, data.hurry());
      int[] large = fewest > 0 ? large(features, centres) : new int[0];
      if (2 * large.length <= all || large.length == features.points().length) {
        if (host >= 0) {
          Arrays.sort(centres, Arrays::compare);
        }
        int[] labels = features.nearest(data, centres);
        if (host >= 0 && labels.length == all) {
          aside.forEach(i -> labels[i] = host);
        }
        return new Start.Partition(components, labels);
      }
      features = features.only(large);
      Set<Integer> left = new HashSet<>();
      int[] before = rows;
      rows = Arrays.stream(large).map(i -> before[i]).toArray();
      IntStream.of(rows).forEach(left::add);
      IntStream.of(before).filter(i -> !left.contains(i)).forEach(aside::add);
    }
  }

  /** The points of groups with enough distinct ones. */
  private int[] large(Features features, double[][] centres) {
    double[][] points = features.points();
    int[] labels = new int[points.length];
    List<Set<List<Double>>> distinct = new ArrayList<>();
    for (int k = 0; k < centres.length; k++) {
      distinct.add(new HashSet<>());
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Features.nearest(points[i], centres);
      Set<List<Double>> group = distinct.get(labels[i]);
      if (group.size() < fewest) {
        group.add(Arrays.stream(points[i]).boxed().toList());
      }
    }
    return IntStream.range(0, labels.length)
        .filter(i -> distinct.get(labels[i]).size() >= fewest)
        .toArray();
  }

  @Override
  public Initializer sparing(int count, int group) {
    return fewest > 0 ? this : new KMeans(count, group);
  }

  @Override
  public String toString() {
    return "k-means";
  }

  /** K points, distinct where there are so many, drawn with probability proportional to weight. */
  static double[][] distinctRows(Features features, int components, SplittableRandom random) {
    double[][] points = features.points();
    double[][] centres = new double[components][];
    for (int k = 0; k < components; k++) {
      boolean known = true;
      for (int attempt = 0; known && attempt < MOST_ATTEMPTS; attempt++) {
        double[] point = points[draw(features.weights(), random)];
        known = false;
        for (int j = 0; j < k; j++) {
          known |= Arrays.equals(centres[j], point);
        }
        centres[k] = point.clone();
      }
    }
    return centres;
  }

  /**
   * Each centre is the best of 2 + log K points drawn with probability proportional to weight ×
   * squared distance from the centres before it.
   */
  private static double[][] plusPlus(
      Features features, int components, SplittableRandom random, BooleanSupplier hurry) {
    double[][] points = features.points();
    double[] weights = features.weights();
    double[][] centres = new double[components][];
    centres[0] = points[draw(weights, random)].clone();
    double[] nearest = new double[points.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    reduce(nearest, points, weights, centres[0], nearest);
    double[] potential = new double[points.length];
    int candidates = 2 + (int) Math.log(components);
    double[] reduced = new double[points.length];
    double[] best = new double[points.length];
    for (int k = 1; k < components; k++) {
      if (hurry.getAsBoolean()) {
        centres[k] = points[draw(weights, random)].clone();
        continue;
      }
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < potential.length; i++) {
        potential[i] = weights[i] * nearest[i];
      }
      for (int c = 0; c < candidates; c++) {
        double[] point = points[draw(potential, random)];
        double left = reduce(nearest, points, weights, point, reduced);
        if (left < least) {
          least = left;
          centres[k] = point.clone();
          double[] swap = best;
          best = reduced;
          reduced = swap;
        }
      }
      System.arraycopy(best, 0, nearest, 0, nearest.length);
    }
    return centres;
  }

  /** Squared distances to the nearest centre with one more, and their weighted sum. */
  private static double reduce(
      double[] nearest, double[][] points, double[] weights, double[] centre, double[] into) {
    double total = 0;
    for (int i = 0; i < points.length; i++) {
      into[i] = Math.min(nearest[i], Features.squaredDistance(points[i], centre));
      total += weights[i] * into[i];
    }
    return total;
  }

  /** An index with probability proportional to its weight; any if all are 0. */
  private static int draw(double[] weights, SplittableRandom random) {
    double total = Arrays.stream(weights).sum();
    if (!(total > 0)) {
      return random.nextInt(weights.length);
    }
    double u = random.nextDouble() * total;
    for (int i = 0; i < weights.length - 1; i++) {
      u -= weights[i];
      if (u < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  /**
   * Until labels stay, or the sum of squares falls by less than a relative {@value #SMALLEST_GAIN}.
   */
  private static void lloyd(Features features, double[][] centres, BooleanSupplier hurry) {
    double[][] points = features.points();
    int[] labels = new int[points.length];
    double before = Double.POSITIVE_INFINITY;
    for (int iteration = 0; iteration < MOST_ITERATIONS && !hurry.getAsBoolean(); iteration++) {
      if (features.label(centres, labels, hurry) < labels.length) {
        return;
      }
      double[][] sums = new double[centres.length][points[0].length];
      double[] weight = new double[centres.length];
      double squares = 0;
      for (int i = 0; i < points.length; i++) {
        int k = labels[i];
        double w = features.weights()[i];
        squares += w * Features.squaredDistance(points[i], centres[k]);
        weight[k] += w;
        for (int j = 0; j < sums[k].length; j++) {
          sums[k][j] += w * points[i][j];
        }
      }
      if (!(squares < before * (1 - SMALLEST_GAIN))) {
        return;
      }
      before = squares;
      for (int k = 0; k < centres.length; k++) {
        for (int j = 0; weight[k] > 0 && j < sums[k].length; j++) {
          centres[k][j] = sums[k][j] / weight[k];
        }
      }
    }
  }
}
