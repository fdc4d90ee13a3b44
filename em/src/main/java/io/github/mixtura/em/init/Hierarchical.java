package io.github.mixtura.em.init;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.Observations;
import java.lang.ref.WeakReference;
import java.util.SplittableRandom;

/**
 * Starts from Ward's tree cut at K groups. The tree of the last data is kept, so that a grid of
 * models builds it once.
 */
final class Hierarchical implements Initializer {
  static final int MOST_ROWS = 2000;

  /** Seed of the sample of large data: a start that is always the same for the same data. */
  private static final long SAMPLE_SEED = 2000;

  private final boolean whitened;
  private Grown last;

  Hierarchical(boolean whitened) {
    this.whitened = whitened;
  }

  /** A tree and what it was grown from. */
  private record Grown(
      WeakReference<Observations> rows, Encoding encoding, Features features, WardTree tree) {
    boolean isOf(Data data) {
      return rows.get() == data.rows() && encoding == data.encoding();
    }
  }

  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    Grown grown = grown(data);
    return new Start.Partition(
        components, labels(grown.tree(), grown.features(), data, components));
  }

  private synchronized Grown grown(Data data) {
    if (last == null || !last.isOf(data)) {
      Features features = Features.of(data, MOST_ROWS, new SplittableRandom(SAMPLE_SEED));
      if (whitened) {
        features = features.whitened();
      }
      WardTree tree = WardTree.of(features.points(), features.weights());
      last = new Grown(new WeakReference<>(data.rows()), data.encoding(), features, tree);
    }
    return last;
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
