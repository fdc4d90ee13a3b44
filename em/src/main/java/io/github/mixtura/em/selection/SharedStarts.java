package io.github.mixtura.em.selection;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes each start of an initialiser once for all families: the cells of one number of components
 * draw the same random streams, and partitions do not depend on the family.
 */
final class SharedStarts implements Initializer {
  /** Beyond so many rows starts are made anew, to hold no partitions in memory. */
  private static final int MOST_ROWS = 50_000;

  private final Initializer initializer;
  private final Map<Key, Start> starts = new ConcurrentHashMap<>();

  /** What a start depends on besides the data. */
  private record Key(Encoding encoding, int components, long seed) {}

  SharedStarts(Initializer initializer) {
    this.initializer = initializer;
  }

  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    long seed = random.nextLong();
    if (data.rows().rows() > MOST_ROWS) {
      return initializer.start(data, components, new SplittableRandom(seed));
    }
    return starts.computeIfAbsent(
        new Key(data.encoding(), components, seed),
        key -> initializer.start(data, components, new SplittableRandom(seed)));
  }

  @Override
  public boolean isDeterministic() {
    return initializer.isDeterministic();
  }

  @Override
  public boolean keepsOrder() {
    return initializer.keepsOrder();
  }
}
