package io.github.mixtura.em.init;

import java.util.Arrays;

/**
 * An agglomeration of points.
 *
 * @param merges n − 1 pairs of points whose groups join, in order (the record's own)
 */
record Tree(int[][] merges) {
  /** Labels 0 … groups − 1 in order of first appearance. */
  int[] cut(int groups) {
    int n = merges.length + 1;
    int[] parent = new int[n];
    Arrays.setAll(parent, i -> i);
    for (int m = 0; m < n - groups; m++) {
      parent[root(parent, merges[m][0])] = root(parent, merges[m][1]);
    }
    int[] label = new int[n];
    int[] number = new int[n];
    int used = 0;
    for (int i = 0; i < n; i++) {
      int root = root(parent, i);
      if (number[root] == 0) {
        number[root] = ++used;
      }
      label[i] = number[root] - 1;
    }
    return label;
  }

  private static int root(int[] parent, int i) {
    int r = i;
    while (parent[r] != r) {
      parent[r] = parent[parent[r]];
      r = parent[r];
    }
    return r;
  }
}
