package io.github.mixtura.em.init;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.Observations;
import java.lang.ref.WeakReference;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Starts from a tree of the rows cut at K groups. The tree of the last data is kept, so that a grid
 * of models builds it once.
 */
final class Hierarchical implements Initializer {
  /** Seed of the sample of large data: a start that is always the same for the same data. */
  private static final long SAMPLE_SEED = 2000;

  private final int mostRows;
  private final UnaryOperator<Features> axes;
  private final BiFunction<double[][], double[], Tree> method;
  private Grown last;

  Hierarchical(
      int mostRows, UnaryOperator<Features> axes, BiFunction<double[][], double[], Tree> method) {
    this.mostRows = mostRows;
    this.axes = axes;
    this.method = method;
  }

  /** A tree and what it was grown from. */
  private record Grown(
      WeakReference<Observations> rows, Encoding encoding, Features features, Tree tree) {
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
      Features features =
          axes.apply(Features.of(data, mostRows, new SplittableRandom(SAMPLE_SEED)));
      Tree tree = method.apply(features.points(), features.weights());
      last = new Grown(new WeakReference<>(data.rows()), data.encoding(), features, tree);
    }
    return last;
  }

  /** Labels of all rows: the tree's, or for more rows than it has those of the likeliest group. */
  static int[] labels(Tree tree, Features features, Data data, int components) {
    int[] sampled = tree.cut(components);
    return sampled.length == data.rows().rows()
        ? sampled
        : features.likeliest(data, sampled, components);
  }

  @Override
  public boolean isDeterministic() {
    return true;
  }
}
