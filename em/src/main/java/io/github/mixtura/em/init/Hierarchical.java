package io.github.mixtura.em.init;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.Observations;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Starts from a tree of the rows cut at K groups. The tree of the last data is kept, so that a grid
 * of models builds it once.
 */
final class Hierarchical implements Initializer {
  /** Seed of the sample of large data: a start that is always the same for the same data. */
  private static final long SAMPLE_SEED = 2000;

  private final int mostRows;
  private final UnaryOperator<Features> axes;
  private final Method method;
  private Grown last;

  Hierarchical(int mostRows, UnaryOperator<Features> axes, Method method) {
    this.mostRows = mostRows;
    this.axes = axes;
    this.method = method;
  }

  /** How a tree is grown. */
  interface Method {
    /**
     * Joins points.
     *
     * @throws TooLate once there is no time left
     */
    Tree tree(double[][] points, double[] weights, BooleanSupplier hurry);
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
    Grown grown;
    try {
      grown = grown(data);
    } catch (TooLate e) {
      return new KMeans(0, -1).start(data, components, random);
    }
    return new Start.Partition(
        components, labels(grown.tree(), grown.features(), data, components));
  }

  private synchronized Grown grown(Data data) {
    if (last == null || !last.isOf(data)) {
      Features features =
          axes.apply(Features.of(data, mostRows, new SplittableRandom(SAMPLE_SEED)));
      Tree tree = method.tree(features.points(), features.weights(), data.hurry());
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

  @Override
  public Initializer sparing(int fewest, int host) {
    return new Sparing(this, fewest, host);
  }

  @Override
  public String toString() {
    return "hierarchical";
  }

  /**
   * The same tree cut at more groups, until enough of them are large; the others' points join the
   * nearest, or the host, of groups in the order of their means.
   */
  private record Sparing(Hierarchical usual, int fewest, int host) implements Initializer {
    /** So many cuts more than there are components are tried. */
    private static final int MOST_CUTS = 200;

    @Override
    public Start start(Data data, int components, SplittableRandom random) {
      Grown grown;
      try {
        grown = usual.grown(data);
      } catch (TooLate e) {
        return new KMeans(fewest, host).start(data, components, random);
      }
      double[][] points = grown.features().points();
      for (int cut = components; cut <= Math.min(points.length, components + MOST_CUTS); cut++) {
        int[] labels = grown.tree().cut(cut);
        int[] place = places(points, labels, cut);
        if (Arrays.stream(place).max().orElseThrow() + 1 >= components) {
          int[] joined = joined(grown.features(), labels, place, components);
          return new Start.Partition(
              components,
              joined.length == data.rows().rows()
                  ? joined
                  : grown.features().likeliest(data, joined, components));
        }
      }
      return usual.start(data, components, random);
    }

    /** Numbers of the large groups in order, −1 for small ones. */
    private int[] places(double[][] points, int[] labels, int groups) {
      List<Set<List<Double>>> distinct = new ArrayList<>();
      for (int k = 0; k < groups; k++) {
        distinct.add(new HashSet<>());
      }
      for (int i = 0; i < labels.length; i++) {
        Set<List<Double>> group = distinct.get(labels[i]);
        if (group.size() < fewest) {
          group.add(Arrays.stream(points[i]).boxed().toList());
        }
      }
      int[] place = new int[groups];
      int used = 0;
      for (int k = 0; k < groups; k++) {
        place[k] = distinct.get(k).size() >= fewest ? used++ : -1;
      }
      return place;
    }

    private int[] joined(Features features, int[] labels, int[] place, int components) {
      double[][] points = features.points();
      double[][] means = new double[components][points[0].length];
      double[] size = new double[components];
      for (int i = 0; i < labels.length; i++) {
        int k = place[labels[i]];
        if (k >= 0 && k < components) {
          size[k] += features.weights()[i];
          for (int j = 0; j < means[k].length; j++) {
            means[k][j] += features.weights()[i] * points[i][j];
          }
        }
      }
      for (int k = 0; k < components; k++) {
        for (int j = 0; j < means[k].length; j++) {
          means[k][j] /= size[k];
        }
      }
      int[] order =
          IntStream.range(0, components)
              .boxed()
              .sorted((a, b) -> Arrays.compare(means[a], means[b]))
              .mapToInt(k -> k)
              .toArray();
      int[] joined = new int[labels.length];
      Arrays.setAll(
          joined,
          i -> {
            int k = place[labels[i]];
            if (k >= 0 && k < components) {
              return k;
            }
            return host < 0 ? Features.nearest(points[i], means) : order[host];
          });
      return joined;
    }

    @Override
    public boolean isDeterministic() {
      return true;
    }
  }
}
