package io.github.mixtura.em;

import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Starts that agree with the labels of rows: the groups of a partition get the numbers of the
 * components with which they share most rows, and labelled rows go where they belong.
 */
record HeldStarts(Initializer usual, int[] held) implements Initializer {
  @Override
  public Start start(Data data, int components, SplittableRandom random) {
    Start start = usual.start(data, components, random);
    if (!(start instanceof Start.Partition partition)) {
      return start;
    }
    int[] labels = partition.labels().clone();
    int[] number = numbers(labels, components);
    Arrays.setAll(labels, i -> held[i] >= 0 ? held[i] : number[labels[i]]);
    return new Start.Partition(components, labels);
  }

  /** For each group the component it shares most labelled rows with, largest shares first. */
  private int[] numbers(int[] labels, int components) {
    int[][] shared = new int[components][components];
    for (int i = 0; i < labels.length; i++) {
      if (held[i] >= 0) {
        shared[labels[i]][held[i]]++;
      }
    }
    int[] number = new int[components];
    Arrays.fill(number, -1);
    boolean[] taken = new boolean[components];
    for (int round = 0; round < components; round++) {
      int group = -1;
      int component = -1;
      for (int g = 0; g < components; g++) {
        for (int k = 0; number[g] < 0 && k < components; k++) {
          if (!taken[k] && (group < 0 || shared[g][k] > shared[group][component])) {
            group = g;
            component = k;
          }
        }
      }
      number[group] = component;
      taken[component] = true;
    }
    return number;
  }

  @Override
  public boolean isDeterministic() {
    return usual.isDeterministic();
  }

  @Override
  public boolean keepsOrder() {
    return true;
  }

  @Override
  public Initializer sparing(int fewest, int host) {
    Initializer other = usual.sparing(fewest, host);
    return other == usual ? this : new HeldStarts(other, held);
  }

  @Override
  public String toString() {
    return usual + ", labelled rows held";
  }
}
