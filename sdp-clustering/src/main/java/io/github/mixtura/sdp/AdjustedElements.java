package io.github.mixtura.sdp;

import java.util.Arrays;
import java.util.List;

/**
 * The elements {@code z_iᵀz_j − g_i − g_j} of a symmetric matrix, by tiles of rows; loops that the
 * compiler vectorises.
 */
final class AdjustedElements {
  /** Largest number of rows of a tile. */
  static final int TILE = 256;

  private final double[][] columns;
  private final double[] g;

  AdjustedElements(double[][] columns, double[] g) {
    this.columns = columns;
    this.g = g;
  }

  /**
   * Places from, …, to − 1, with what bounds their elements.
   *
   * @param group of all of them, or −1
   * @param highest of {@code ‖z‖²/2 − g}
   * @param low least of each column
   * @param high largest of each column
   */
  record Tile(int from, int to, int group, double highest, double[] low, double[] high) {}

  Tile tile(int from, int to, int group) {
    int p = columns.length;
    double[] low = new double[p];
    double[] high = new double[p];
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      double squares = 0;
      for (int q = 0; q < p; q++) {
        double value = columns[q][i];
        low[q] = Math.min(low[q], value);
        high[q] = Math.max(high[q], value);
        squares += value * value;
      }
      highest = Math.max(highest, squares / 2 - g[i]);
    }
    return new Tile(from, to, group, highest, low, high);
  }

  /** Whether no element {@code h_i + h_j − ‖z_i − z_j‖²/2} can be positive. */
  static boolean vanishes(Tile a, Tile b) {
    double squares = 0;
    for (int q = 0; q < a.low.length; q++) {
      double apart = Math.max(0, Math.max(a.low[q] - b.high[q], b.low[q] - a.high[q]));
      squares += apart * apart;
    }
    return a.highest + b.highest <= squares / 2 * (1 - 1e-12);
  }

  /** Returns ‖z_i‖. */
  double length(int i) {
    double squares = 0;
    for (double[] column : columns) {
      squares += column[i] * column[i];
    }
    return Math.sqrt(squares);
  }

  /** Returns the sum of squares of the positive elements between two tiles. */
  double squares(Tile tile, Tile other) {
    double[][] z = part(tile);
    double[] h = Arrays.copyOfRange(g, tile.from, tile.to);
    double[] element = new double[h.length];
    double sum = 0;
    for (int i = other.from; i < other.to; i++) {
      elements(i, z, h, element);
      for (double value : element) {
        sum += value > 0 ? value * value : 0;
      }
    }
    return sum;
  }

  private double[][] part(Tile tile) {
    double[][] z = new double[columns.length][];
    for (int q = 0; q < z.length; q++) {
      z[q] = Arrays.copyOfRange(columns[q], tile.from, tile.to);
    }
    return z;
  }

  /** Writes the elements of row i for all places. */
  void row(int i, double[] element) {
    elements(i, columns, g, element);
  }

  /** Writes the rows of a tile of the product of the positive parts with v; not if it is over. */
  void multiply(Tile tile, List<Tile> others, double[] v, double[] product, Run run) {
    int size = tile.to - tile.from;
    double[][] z = part(tile);
    double[] h = Arrays.copyOfRange(g, tile.from, tile.to);
    double[] element = new double[size];
    double[] sums = new double[size];
    for (Tile other : others) {
      if (run.isOver()) {
        return;
      }
      if (vanishes(tile, other)) {
        continue;
      }
      for (int i = other.from; i < other.to; i++) {
        elements(i, z, h, element);
        addPositive(v[i] / 2, element, sums);
      }
    }
    System.arraycopy(sums, 0, product, tile.from, size);
  }

  private void elements(int i, double[][] z, double[] h, double[] element) {
    int p = z.length;
    double here = -g[i];
    int q = p % 2;
    if (q == 1) {
      start(here, columns[0][i], z[0], h, element);
    } else {
      start(here, columns[0][i], z[0], columns[1][i], z[1], h, element);
      q = 2;
    }
    for (; q < p; q += 2) {
      add(columns[q][i], z[q], columns[q + 1][i], z[q + 1], element);
    }
  }

  private static void start(double here, double a, double[] x, double[] h, double[] element) {
    for (int j = 0; j < element.length; j++) {
      element[j] = here - h[j] + a * x[j];
    }
  }

  private static void start(
      double here, double a, double[] x, double b, double[] y, double[] h, double[] element) {
    for (int j = 0; j < element.length; j++) {
      element[j] = here - h[j] + a * x[j] + b * y[j];
    }
  }

  private static void add(double a, double[] x, double b, double[] y, double[] element) {
    for (int j = 0; j < element.length; j++) {
      element[j] += a * x[j] + b * y[j];
    }
  }

  /** Adds {@code half·(e + |e|)}, twice the half of the positive part. */
  private static void addPositive(double half, double[] element, double[] sums) {
    for (int j = 0; j < element.length; j++) {
      sums[j] += half * (element[j] + Math.abs(element[j]));
    }
  }
}
