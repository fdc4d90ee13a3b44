package io.github.mixtura.backend.cuda;

/**
 * How work is cut into blocks of threads: by rows, columns and components alone, so that sums have
 * one order on every device. The numbers are those of the CUDA sources.
 */
final class Grid {
  /** Threads of a block with a row per thread. */
  static final int ROW_THREADS = 128;

  /** Threads of a block with tiles. */
  static final int TILE_THREADS = 256;

  /** Rows of a tile of distances. */
  static final int TILE = 64;

  private static final int FEW_ENTRIES = 8;
  private static final int MANY_SUMS = 8192;

  /** Shared bytes for the sums of a block with a row per thread. */
  static final int SUM_BYTES = 8 * (16 * (ROW_THREADS + 8) + ROW_THREADS);

  /** Shared bytes of a tile of distances. */
  static final int DISTANCE_BYTES = 2 * 8 * 16 * (TILE + 2);

  /** Largest number of columns with a kernel that keeps a row in registers. */
  static final int MOST_REGISTER_COLUMNS = 32;

  private static final int[] TRIANGLES = {1, 2, 3, 4, 6, 8, 12, 16, 24, MOST_REGISTER_COLUMNS};
  private static final int PANEL = 64;
  private static final int MOST_EXPECTATION_BLOCKS = 4096;
  private static final int BLOCKS = 2048;
  private static final int FEWEST_SLICE_ROWS = 256;
  private static final int KEPT_BYTES = 32 << 10;
  private static final int PARAMETER_BYTES = 14 << 10;
  private static final int CHUNK_BYTES = 40 << 10;

  private Grid() {}

  /** Rows of a batch with those that fill the last block of threads. */
  static long stride(long rows) {
    return roundUp(rows, ROW_THREADS);
  }

  static long roundUp(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }

  /** Blocks of an expectation; each takes every so manieth group of rows. */
  static int expectationBlocks(long rows) {
    return (int) Math.min(MOST_EXPECTATION_BLOCKS, stride(rows) / ROW_THREADS);
  }

  /** Entries of a block of the second stage of sums: with few sums threads share one. */
  static int sumEntries(int length) {
    return length < MANY_SUMS ? FEW_ENTRIES : TILE_THREADS;
  }

  /** Columns of the smallest kernel for d columns. */
  static int triangleColumns(int d) {
    for (int columns : TRIANGLES) {
      if (columns >= d) {
        return columns;
      }
    }
    throw new IllegalArgumentException("d is " + d + ", must be at most " + MOST_REGISTER_COLUMNS);
  }

  /** Parameters per component of that kernel: mean, triangle, constant, ν, in pairs. */
  static int triangleLength(int columns) {
    return (int) roundUp(columns + columns * (columns + 1) / 2 + 2, 2);
  }

  /** Whether the values of a row stay in shared memory until they are responsibilities. */
  static boolean isKept(int components) {
    return keptBytes(components) <= KEPT_BYTES;
  }

  static int keptBytes(int components) {
    return 8 * ROW_THREADS * components;
  }

  /** Components whose parameters are in shared memory at once. */
  static int triangleGroup(int length, int components) {
    return Math.min(components, Math.max(1, PARAMETER_BYTES / (8 * length)));
  }

  /**
   * A sum over rows in slices.
   *
   * @param count number of slices
   * @param rows of every slice but the last
   */
  record Slices(int count, long rows) {
    /** Slices for a sum with so many blocks per slice. */
    static Slices of(long rows, long blocks) {
      long wanted = (rows + FEWEST_SLICE_ROWS - 1) / FEWEST_SLICE_ROWS;
      long count = Math.max(1, Math.min(wanted, BLOCKS / blocks));
      long each = roundUp((rows + count - 1) / count, 32);
      return new Slices((int) ((rows + each - 1) / each), each);
    }
  }

  /**
   * Full moments in tiles.
   *
   * @param group components of a block
   * @param chunk rows in shared memory at once
   * @param rowGroups threads that share a tile
   * @param blocks blocks per slice
   * @param sharedBytes shared memory of a block
   */
  record Tiles(int group, int chunk, int rowGroups, long blocks, int sharedBytes) {
    static Tiles of(int d, int components) {
      int side = (Math.min(PANEL, d) + 3) / 4;
      int padded = 4 * side;
      int panels = (d + PANEL - 1) / PANEL;
      int tiles = panels == 1 ? side * (side + 1) / 2 : side * side;
      int group =
          panels == 1
              ? Math.min(components, Math.min(TILE_THREADS / tiles, TILE_THREADS / padded))
              : 1;
      int rowBytes = 2 * 8 * group * (padded + 2);
      int chunk = 32;
      while (chunk > 4 && chunk * rowBytes > CHUNK_BYTES) {
        chunk /= 2;
      }
      int most = Math.min(chunk, TILE_THREADS / (group * tiles));
      long blocks = (long) panels * (panels + 1) / 2 * ((components + group - 1) / group);
      return new Tiles(
          group,
          chunk,
          Integer.highestOneBit(most),
          blocks,
          Math.max(chunk * rowBytes, 8 * 16 * TILE_THREADS));
    }
  }
}
