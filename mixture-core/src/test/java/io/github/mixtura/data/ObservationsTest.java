package io.github.mixtura.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.JavaBackend;
import io.github.mixtura.compute.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservationsTest {

  private static double[][] grid(int rows, int columns) {
    double[][] x = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        x[i][j] = 1000.0 * j + i;
      }
    }
    return x;
  }

  private static void assertMessage(Runnable action, String... parts) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), "'" + part + "' in: " + e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 512, 1000})
  void holdsTheRows(int rows) {
    double[][] x = grid(rows, 3);
    Observations fromArray = Observations.of(x);
    Observations fromStream = Observations.of(Stream.of(x));
    for (Observations observations : List.of(fromArray, fromStream)) {
      assertEquals(rows, observations.rows());
      assertEquals(3, observations.columns());
      assertEquals(List.of("x1", "x2", "x3"), observations.columnNames());
      assertTrue(Arrays.deepEquals(x, observations.toArray()));
      assertEquals(rows, observations.totalWeight());
      assertFalse(observations.isWeighted());
      assertFalse(observations.hasMissing());
      for (int i = 0; i < rows; i++) {
        assertArrayEquals(x[i], observations.row(i));
        assertEquals(1, observations.weight(i));
        assertEquals(x[i][2], observations.column(2)[i]);
      }
    }
    double[] column = fromArray.column(1);
    assertArrayEquals(column, Observations.of(column).column(0));
  }

  @Test
  void isACopy() {
    double[][] x = grid(5, 2);
    double[] w = {1, 2, 3, 4, 5};
    Observations observations = Observations.of(x).withWeights(w);
    x[0][0] = 99;
    w[0] = 99;
    observations.row(0)[0] = 99;
    observations.toArray()[0][0] = 99;
    assertEquals(0, observations.get(0, 0));
    assertEquals(1, observations.weight(0));
  }

  @Test
  void weightsStayWithTheirRows() {
    double[] weights = IntStream.range(0, 600).mapToDouble(i -> i % 7).toArray();
    Observations plain = Observations.of(grid(600, 2));
    Observations weighted = plain.withWeights(weights);
    assertTrue(weighted.isWeighted());
    for (int i = 0; i < 600; i++) {
      assertEquals(weights[i], weighted.weight(i));
    }
    assertEquals(Arrays.stream(weights).sum(), weighted.totalWeight(), 1e-9);
    assertFalse(weighted.withoutWeights().isWeighted());
    assertEquals(600, weighted.withoutWeights().totalWeight());
    assertSame(plain, plain.withoutWeights());
    assertFalse(plain.isWeighted());
    Observations some = weighted.select(599, 3, 3);
    assertArrayEquals(new double[] {1599, 1003, 1003}, some.column(1));
    assertEquals(weights[599], some.weight(0));
    assertEquals(3, some.weight(2));
    assertEquals(weighted.columnNames(), some.columnNames());
  }

  @Test
  void missingValuesAreKept() {
    double[][] x = grid(300, 2);
    x[280][1] = Double.NaN;
    Observations observations = Observations.of(x);
    assertTrue(observations.hasMissing());
    assertTrue(Double.isNaN(observations.get(280, 1)));
    assertFalse(observations.select(0, 1).hasMissing());
    assertTrue(observations.withoutWeights().hasMissing());
    assertTrue(observations.withColumnNames(List.of("a", "b")).hasMissing());
  }

  @Test
  void refusesWhatIsNoTableOfNumbers() {
    assertMessage(() -> Observations.of(new double[0][]), "rows", "at least one");
    assertMessage(() -> Observations.of(new double[0]), "rows", "at least one");
    assertMessage(() -> Observations.of(Stream.empty()), "rows", "at least one");
    assertMessage(() -> Observations.of(new double[][] {{}}), "columns", "at least 1");
    assertMessage(() -> Observations.of(new double[][] {{1, 2}, {3}}), "row 2", "1 values", "2");
    assertMessage(
        () -> Observations.of(new double[][] {{1, 2}, {3, Double.NEGATIVE_INFINITY}}),
        "row 2",
        "column 2",
        "-Infinity",
        "finite");
    double[][] late = grid(700, 1);
    late[698][0] = Double.POSITIVE_INFINITY;
    assertMessage(() -> Observations.of(late), "row 699", "column 1");
    assertThrows(NullPointerException.class, () -> Observations.of((double[][]) null));
  }

  @Test
  void refusesBadWeights() {
    Observations observations = Observations.of(grid(3, 1));
    assertMessage(() -> observations.withWeights(1, 2), "weights", "2", "3");
    assertMessage(() -> observations.withWeights(1, -0.5, 1), "row 2", "-0.5");
    assertMessage(() -> observations.withWeights(1, 1, Double.NaN), "row 3", "NaN");
    assertMessage(
        () -> observations.withWeights(Double.POSITIVE_INFINITY, 1, 1), "row 1", "Infinity");
    assertMessage(() -> observations.withWeights(0, 0, 0), "weights", "positive");
    assertEquals(2, observations.withWeights(0, 2, 0).totalWeight());
  }

  @Test
  void columnsCanBeNamed() {
    Observations observations =
        Observations.builder(2).add(1, 2).names(List.of("a", "b")).add(3, 4).build();
    assertEquals(List.of("a", "b"), observations.columnNames());
    assertEquals(List.of("c", "d"), observations.withColumnNames(List.of("c", "d")).columnNames());
    assertMessage(() -> observations.withColumnNames(List.of("c")), "names", "1", "2");
    assertMessage(() -> Observations.builder(2).names(List.of("c")), "names");
    assertMessage(() -> Observations.builder(0), "columns is 0");
  }

  @Test
  void stagesAllRowsInOrder() {
    Kernels kernels = new JavaBackend().open();
    Observations observations =
        Observations.of(grid(9000, 2))
            .withWeights(IntStream.range(0, 9000).mapToDouble(i -> 1 + i % 3).toArray());
    List<Batch> batches = observations.stage(kernels, Encoding.IDENTITY, 3);
    assertTrue(batches.size() > 1);
    int next = 0;
    double weight = 0;
    double[] row = new double[2];
    for (Batch batch : batches) {
      assertEquals(next, batch.row(0));
      assertTrue(batch.rows() <= kernels.batchBlocks(2, 3) * Block.ROWS);
      for (int i = 0; i < batch.rows(); i++, next++) {
        batch.copyRow(i, row);
        assertEquals(next, row[0]);
        assertEquals(1000 + next, row[1]);
      }
      weight += batch.weight();
    }
    assertEquals(9000, next);
    assertEquals(18_000, weight, 1e-9);
  }

  @Test
  void anglesAreStagedAsCosineAndSine() {
    Kernels kernels = new JavaBackend().open();
    double[][] x = {{0.3, -2}, {Math.PI, 7}};
    Batch batch = Observations.of(x).stage(kernels, Encoding.ANGLES, 1).get(0);
    assertEquals(4, batch.columns());
    double[] row = new double[4];
    for (int i = 0; i < 2; i++) {
      batch.copyRow(i, row);
      double[] expected = {
        Math.cos(x[i][0]), Math.sin(x[i][0]), Math.cos(x[i][1]), Math.sin(x[i][1])
      };
      assertArrayEquals(expected, row, 1e-15);
    }
  }
}
