package io.github.mixtura.em.init;

import java.util.SplittableRandom;

/** Every row goes to the nearest of K random ones. */
final class RandomRows implements Initializer {
  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    Features features = Features.of(data, KMeans.MOST_ROWS, random);
    return new Start.Partition(
        components, features.nearest(data, KMeans.distinctRows(features, components, random)));
  }

  @Override
  public Initializer sparing(int fewest, int host) {
    return new KMeans(fewest, host);
  }

  @Override
  public String toString() {
    return "random rows";
  }
}
