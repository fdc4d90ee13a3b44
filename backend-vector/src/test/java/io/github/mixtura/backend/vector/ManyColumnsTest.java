package io.github.mixtura.backend.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes at which full moments are sums of outer products, against the plain Java kernels. */
class ManyColumnsTest {
  private static final int ROWS = 700;
  private static final int COMPONENTS = 3;

  @ParameterizedTest(name = "d = {0}")
  @ValueSource(ints = {23, 24, 25, 31, 32, 40, 131})
  void fullMomentsAgree(int columns) {
    double[] expected = moments("java", columns);
    double[] actual = moments("vector", columns);
    int length = Order.FULL.length(columns);
    for (int k = 0; k < COMPONENTS; k++) {
      int at = k * length;
      for (int q = 0; q < length; q++) {
        // Of the order of the sum of the absolute terms: Σr times a few.
        double magnitude = 20 * expected[at];
        assertTrue(expected[at] > 0);
        assertEquals(expected[at + q], actual[at + q], 1e-13 * magnitude, "sum " + q);
      }
    }
  }

  @Test
  void bitsStayTheSameWhenCompiled() {
    double[] first = moments("vector", 33);
    for (int i = 0; i < 300; i++) {
      assertArrayEquals(first, moments("vector", 33), 0);
    }
  }

  /** Half of the weights of every component are exactly 0, and one block of one component is. */
  private static double[] moments(String backend, int columns) {
    SplittableRandom random = new SplittableRandom(columns);
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < ROWS; from += Block.ROWS) {
      int rows = Math.min(Block.ROWS, ROWS - from);
      double[][] x = new double[columns][];
      Arrays.setAll(x, j -> random.doubles(rows, -1, 3).toArray());
      blocks.add(new Block(rows, x, null));
    }
    double[][] centres = new double[COMPONENTS][];
    Arrays.setAll(centres, k -> random.doubles(columns, 0, 1).toArray());
    double[][] logDensities = new double[COMPONENTS][ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < COMPONENTS; k++) {
        boolean none = k == 1 && i < Block.ROWS || (i + k) % 4 < 2;
        logDensities[k][i] = none ? -2000 : random.nextDouble();
      }
    }
    Kernels kernels = Backends.open(backend);
    int size = kernels.batchBlocks(columns, COMPONENTS);
    Workspace workspace = kernels.workspace(columns, COMPONENTS, false);
    int length = Order.FULL.length(columns);
    double[] sums = new double[COMPONENTS * length];
    for (int from = 0; from < blocks.size(); from += size) {
      List<Block> part = blocks.subList(from, Math.min(blocks.size(), from + size));
      Batch batch = kernels.stage(part, RowContext.at((long) from * Block.ROWS));
      for (int k = 0; k < COMPONENTS; k++) {
        int first = from * Block.ROWS;
        workspace.write(batch, k, Arrays.copyOfRange(logDensities[k], first, first + batch.rows()));
      }
      kernels.normalise(batch, workspace, false);
      kernels.moments(batch, centres, Order.FULL, workspace, sums, 0, length);
    }
    return sums;
  }
}
