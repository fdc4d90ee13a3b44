package io.github.mixtura.em.init;

import java.util.SplittableRandom;

/**
 * Starts from Ward's tree cut at K groups.
 *
 * @param whitened whether rows are made uncorrelated first
 */
record Hierarchical(boolean whitened) implements Initializer {
  static final int MOST_ROWS = 2000;

  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    Features features = Features.of(data, MOST_ROWS, random);
    if (whitened) {
      features = features.whitened();
    }
    WardTree tree = WardTree.of(features.points(), features.weights());
    return new Start.Partition(components, labels(tree, features, data, components));
  }

  /** Labels of all rows: the tree's where the row was in the sample, else the nearest mean's. */
  static int[] labels(WardTree tree, Features features, Data data, int components) {
    int[] sampled = tree.cut(components);
    double[][] points = features.points();
    if (points.length == data.rows().rows()) {
      return sampled;
    }
    double[][] means = new double[components][points[0].length];
    double[] total = new double[components];
    for (int i = 0; i < points.length; i++) {
      double w = features.weights()[i];
      total[sampled[i]] += w;
      for (int j = 0; j < points[i].length; j++) {
        means[sampled[i]][j] += w * points[i][j];
      }
    }
    for (int k = 0; k < components; k++) {
      for (int j = 0; j < means[k].length; j++) {
        means[k][j] /= total[k];
      }
    }
    return features.nearest(data, means);
  }

  @Override
  public boolean isDeterministic() {
    return true;
  }
}
