package io.github.mixtura.dense;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Products by panels: 128 rows × 256 columns of the right factor are copied into rows of their own,
 * and pairs of rows of the result are built up from pairs of these.
 */
final class Products {
  private static final int DEPTH = 128;
  private static final int WIDTH = 256;

  private Products() {}

  /**
   * Adds a product: {@code c += sign·a·b}.
   *
   * @param sign 1 or −1
   * @param a m × k
   * @param b k × n
   * @param c m × n, sharing no entry with the others
   * @param lower whether only the lower triangle of a square c is wanted; some entries above it
   *     become undefined
   */
  static void add(double sign, Slice a, Slice b, Slice c, boolean lower) {
    add(sign, a, b, c, lower, () -> false);
  }

  /**
   * As {@link #add(double, Slice, Slice, Slice, boolean)}.
   *
   * @param stop asked before each panel
   * @throws CancellationException once {@code stop} is true; c is then no product
   */
  static void add(double sign, Slice a, Slice b, Slice c, boolean lower, BooleanSupplier stop) {
    int m = c.rows();
    int n = c.columns();
    int inner = a.columns();
    double[][] panel = new double[Math.min(DEPTH, inner)][Math.min(WIDTH, n)];
    double[] x = new double[Math.min(WIDTH, n)];
    double[] y = new double[x.length];
    for (int left = 0; left < n; left += WIDTH) {
      int width = Math.min(WIDTH, n - left);
      int first = lower ? left : 0;
      for (int top = 0; top < inner; top += DEPTH) {
        Dense.check(stop);
        int depth = Math.min(DEPTH, inner - top);
        b.read(top, left, panel, depth, width);
        for (int i = first; i < m; i += 2) {
          boolean pair = i + 1 < m;
          int count = lower ? Math.min(width, i + (pair ? 2 : 1) - left) : width;
          c.read(i, left, x, count);
          if (pair) {
            c.read(i + 1, left, y, count);
            addPair(sign, a, i, top, panel, depth, x, y, count);
            c.write(i + 1, left, y, count);
          } else {
            for (int k = 0; k < depth; k++) {
              Lines.add(x, sign * a.get(i, top + k), panel[k], count);
            }
          }
          c.write(i, left, x, count);
        }
      }
    }
  }

  private static void addPair(
      double sign,
      Slice a,
      int row,
      int top,
      double[][] panel,
      int depth,
      double[] x,
      double[] y,
      int count) {
    double[] data = a.data();
    int step = a.columnStride();
    int one = a.index(row, top);
    int two = one + a.rowStride();
    int k = 0;
    for (; k + 1 < depth; k += 2, one += 2 * step, two += 2 * step) {
      Lines.addBoth(
          x,
          y,
          sign * data[one],
          sign * data[one + step],
          sign * data[two],
          sign * data[two + step],
          panel[k],
          panel[k + 1],
          count);
    }
    if (k < depth) {
      Lines.add(x, sign * data[one], panel[k], count);
      Lines.add(y, sign * data[two], panel[k], count);
    }
  }
}
