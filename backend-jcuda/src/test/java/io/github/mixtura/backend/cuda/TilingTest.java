package io.github.mixtura.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.backend.cuda.Grid.Slices;
import io.github.mixtura.backend.cuda.Grid.Tiles;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tiling of the CUDA kernels, thread by thread in plain Java with the same index maths: every
 * entry has one owner, and sums are those of the formula. It runs everywhere.
 */
class TilingTest {
  private static final double TOLERANCE = 1e-13;
  private static final int PANEL = 64;
  private final SplittableRandom random = new SplittableRandom(11);

  private double[][] draw(int rows, int columns) {
    double[][] result = new double[rows][columns];
    for (double[] row : result) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return result;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 31, 256, 257, 1000, 123_457, 10_000_000, 1L << 30})
  void slicesHoldEveryRowOnce(long rows) {
    for (long blocks : new long[] {1, 3, 48, 2048, 100_000}) {
      Slices slices = Slices.of(rows, blocks);
      assertEquals(0, slices.rows() % 32);
      assertTrue(slices.count() <= 2048 && slices.count() * slices.rows() >= rows);
      assertTrue((slices.count() - 1) * slices.rows() < rows, "the last is not empty");
    }
    long step = (long) Grid.expectationBlocks(rows) * Grid.ROW_THREADS;
    assertTrue(step <= Grid.stride(rows) && Grid.stride(rows) - rows < Grid.ROW_THREADS);
  }

  /** Parameters of fewer columns than the kernel has change nothing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 9, 13, 17, 24, 25, 31, 32})
  void paddedTrianglesGiveTheDistance(int d) {
    int columns = Grid.triangleColumns(d);
    double[][] mean = draw(3, d);
    double[][] whitening = draw(3, d * (d + 1) / 2);
    double[] constant = {1, 2, 3};
    double[] p = Density.elliptical(mean, whitening, constant, null).parameters();
    double[] x = draw(1, d)[0];
    int length = Grid.triangleLength(columns);
    assertEquals(3 * length, p.length);
    for (int k = 0; k < 3; k++) {
      double distance = 0;
      for (int i = 0; i < columns; i++) {
        double y = 0;
        for (int j = 0; j <= i; j++) {
          double z = (j < d ? x[j] : 0) - p[k * length + j];
          y += p[k * length + columns + i * (i + 1) / 2 + j] * z;
        }
        distance += y * y;
      }
      double expected = distance(x, mean[k], whitening[k]);
      assertEquals(expected, distance, TOLERANCE * expected * columns);
      int end = k * length + columns + columns * (columns + 1) / 2;
      assertEquals(constant[k], p[end]);
      assertEquals(0, p[end + 1]);
    }
    int group = Grid.triangleGroup(length, 1000);
    assertTrue(8 * group * length + Grid.keptBytes(32) <= 48 << 10, "shared memory");
  }

  private static double distance(double[] x, double[] mean, double[] whitening) {
    double sum = 0;
    for (int i = 0, at = 0; i < x.length; i++) {
      double y = 0;
      for (int j = 0; j <= i; j++, at++) {
        y += whitening[at] * (x[j] - mean[j]);
      }
      sum += y * y;
    }
    return sum;
  }

  /** Kernel distanceTiles: 16 × 16 threads of four by four products, tiles above left out. */
  @ParameterizedTest
  @ValueSource(ints = {33, 63, 64, 65, 100, 128, 130})
  void tilesGiveTheDistance(int d) {
    int tile = Grid.TILE;
    int depth = 16;
    double[][] x = draw(tile, d);
    double[] mean = draw(1, d)[0];
    double[] a = draw(1, d * (d + 1) / 2)[0];
    double[][] squares = new double[16][tile];
    for (int t = 0; t < Grid.TILE_THREADS; t++) {
      int across = t % 16;
      int down = t / 16;
      for (int top = 0; top < d; top += tile) {
        double[][] y = new double[4][4];
        for (int left = 0; left < d && left < top + tile; left += depth) {
          if (left > top + 4 * down + 3) {
            continue;
          }
          for (int j = left; j < left + depth; j++) {
            for (int r = 0; r < 4; r++) {
              int i = top + 4 * down + r;
              double whitening = i < d && j <= i ? a[i * (i + 1) / 2 + j] : 0;
              for (int c = 0; c < 4; c++) {
                y[r][c] += whitening * (j < d ? x[4 * across + c][j] - mean[j] : 0);
              }
            }
          }
        }
        for (double[] row : y) {
          for (int c = 0; c < 4; c++) {
            squares[down][4 * across + c] += row[c] * row[c];
          }
        }
      }
    }
    for (int i = 0; i < tile; i++) {
      double sum = 0;
      for (double[] part : squares) {
        sum += part[i];
      }
      double expected = distance(x[i], mean, a);
      assertEquals(expected, sum, TOLERANCE * expected * d);
    }
  }

  /** Kernel momentsTiles, one slice: owners of entries, preparation, and sums of row groups. */
  @ParameterizedTest
  @CsvSource({
    "5, 1, 70",
    "5, 40, 33",
    "8, 8, 64",
    "16, 16, 50",
    "17, 3, 40",
    "30, 30, 33",
    "32, 64, 9",
    "63, 2, 40",
    "64, 16, 33",
    "65, 1, 33",
    "128, 2, 10",
    "150, 1, 7"
  })
  void tilesGiveTheMoments(int d, int components, int rows) {
    Tiles tiles = Tiles.of(d, components);
    double[][] x = draw(rows, d);
    double[][] centre = draw(components, d);
    double[][] r = draw(components, rows);
    int length = 1 + d + d * (d + 1) / 2;
    double[] out = new double[components * length];
    int[] written = new int[out.length];
    for (int block = 0; block < tiles.blocks(); block++) {
      momentBlock(block, tiles, x, centre, r, out, written);
    }
    for (int k = 0; k < components; k++) {
      for (int e = 0; e < length; e++) {
        assertEquals(1, written[k * length + e], "writers of entry " + e + " of " + k);
      }
      double[] expected = moments(x, centre[k], r[k], length);
      for (int e = 0; e < length; e++) {
        assertEquals(expected[e], out[k * length + e], TOLERANCE * 100 * rows);
      }
    }
  }

  private static void momentBlock(
      int block,
      Tiles tiles,
      double[][] x,
      double[][] centre,
      double[][] r,
      double[] out,
      int[] written) {
    int d = x[0].length;
    int length = 1 + d + d * (d + 1) / 2;
    int panels = (d + PANEL - 1) / PANEL;
    int pairs = panels * (panels + 1) / 2;
    int[] pair = unpack(block % pairs);
    int high = pair[0] * PANEL;
    int low = pair[1] * PANEL;
    int height = Math.min(PANEL, d - high);
    int width = Math.min(PANEL, d - low);
    boolean same = high == low;
    int side = (Math.min(PANEL, d) + 3) / 4;
    int perComponent = same ? side * (side + 1) / 2 : side * side;
    int from = block / pairs * tiles.group();
    int count = Math.min(tiles.group(), centre.length - from);
    int all = count * perComponent;
    assertTrue(all * tiles.rowGroups() <= Grid.TILE_THREADS, "threads");
    assertTrue(count * 4 * side <= 4 * Grid.TILE_THREADS / 4, "columns a thread prepares");
    assertTrue(tiles.sharedBytes() <= 48 << 10, "shared memory");
    int pitch = 4 * side + 2;
    assertTrue(2 * 8 * tiles.group() * tiles.chunk() * pitch <= tiles.sharedBytes());
    for (int owner = 0; owner < all; owner++) {
      int[] place = same ? unpack(owner % perComponent) : divided(owner % perComponent, side);
      int k = from + owner / perComponent;
      double[] sums = new double[16];
      for (int g = 0; g < tiles.rowGroups(); g++) {
        for (int row = 0; row < x.length; row += tiles.chunk()) {
          for (int b = g; b < tiles.chunk() && row + b < x.length; b += tiles.rowGroups()) {
            for (int e = 0; e < 16; e++) {
              int i = 4 * place[0] + e / 4;
              int j = 4 * place[1] + e % 4;
              double z = i < height ? x[row + b][high + i] - centre[k][high + i] : 0;
              double w = j < width ? x[row + b][low + j] - centre[k][low + j] : 0;
              sums[e] += z * (r[k][row + b] * w);
            }
          }
        }
      }
      for (int e = 0; e < 16; e++) {
        int i = high + 4 * place[0] + e / 4;
        int j = low + 4 * place[1] + e % 4;
        if (j <= i && i < d) {
          int at = k * length + 1 + d + i * (i + 1) / 2 + j;
          out[at] = sums[e];
          written[at]++;
        }
      }
    }
    for (int c = 0; same && c < count * 4 * side; c++) {
      int k = from + c / (4 * side);
      int j = c % (4 * side);
      if (j < width) {
        double[] sums = new double[2];
        for (int i = 0; i < x.length; i++) {
          sums[0] += r[k][i];
          sums[1] += r[k][i] * (x[i][low + j] - centre[k][low + j]);
        }
        out[k * length + 1 + low + j] = sums[1];
        written[k * length + 1 + low + j]++;
        if (j == 0 && low == 0) {
          out[k * length] = sums[0];
          written[k * length]++;
        }
      }
    }
  }

  private static int[] unpack(int p) {
    int a = 0;
    while ((a + 1) * (a + 2) / 2 <= p) {
      a++;
    }
    return new int[] {a, p - a * (a + 1) / 2};
  }

  private static int[] divided(int p, int side) {
    return new int[] {p / side, p % side};
  }

  private static double[] moments(double[][] x, double[] centre, double[] r, int length) {
    double[] sums = new double[length];
    for (int i = 0; i < x.length; i++) {
      int at = 0;
      sums[at++] += r[i];
      for (int j = 0; j < centre.length; j++) {
        sums[at++] += r[i] * (x[i][j] - centre[j]);
      }
      for (int j = 0; j < centre.length; j++) {
        for (int l = 0; l <= j; l++) {
          sums[at++] += r[i] * (x[i][j] - centre[j]) * (x[i][l] - centre[l]);
        }
      }
    }
    return sums;
  }

  /** Kernels momentsFirst, momentsDiagonal and blockSums: who puts which sum where. */
  @Test
  void columnSumsHaveOneOwnerEach() {
    for (int d : new int[] {1, 2, 4, 5, 9}) {
      for (int components : new int[] {1, 4, 6}) {
        for (int kinds : new int[] {1, 2}) {
          int length = 1 + kinds * d;
          int[] written = new int[components * length];
          int groups = (d + 3) / 4;
          for (int block = 0; block < groups * ((components + 3) / 4); block++) {
            int left = block % groups * 4;
            int from = block / groups * 4;
            for (int v = 0; v < 4 * (1 + kinds * 4); v++) {
              int c = v / (1 + kinds * 4);
              int at = v % (1 + kinds * 4);
              if (from + c >= components || at == 0 && left > 0) {
                continue;
              }
              if (at == 0) {
                written[(from + c) * length]++;
              } else if ((at - 1) % 4 < Math.min(4, d - left)) {
                written[(from + c) * length + 1 + (at - 1) / 4 * d + left + (at - 1) % 4]++;
              }
            }
          }
          assertTrue(Arrays.stream(written).allMatch(n -> n == 1), d + " " + components);
        }
      }
    }
  }
}
