package io.github.mixtura.em.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  private static final Mixture<Gaussian> TRUTH =
      Mixture.of(
          List.of(Gaussian.of(-6, 1), Gaussian.of(0, 0.25), Gaussian.of(5, 2)), 0.3, 0.3, 0.4);

  @Test
  void splitsTheLongestGroupAcrossItsLongestAxis() {
    Observations rows =
        Observations.of(
            new double[][] {{0, 0}, {1, 0}, {9, 0}, {10, 0}, {0, 9}, {0, 10}, {1, 9}, {1, 10}});
    List<int[]> splits = Regrouping.splits(rows, new int[] {0, 0, 0, 0, 1, 1, 1, 1}, 2, 1);
    assertEquals(1, splits.size());
    int[] labels = splits.get(0);
    assertEquals(labels[0], labels[1]);
    assertEquals(labels[2], labels[3]);
    assertTrue(labels[0] != labels[2]);
    assertArrayEquals(new int[] {1, 1, 1, 1}, Arrays.copyOfRange(labels, 4, 8));
  }

  @Test
  void takesAwayWhatTheOthersExplain() {
    double[][] memberships = {{1, 0, 0}, {0.5, 0.5, 0}, {0.5, 0.5, 0}, {0, 0, 1}};
    assertArrayEquals(
        new int[] {0, 0, 0, 1}, Regrouping.removals(memberships, 1).get(0), "group 1 goes");
  }

  @Test
  void aGroupWithoutRowsIsNotReturned() {
    // Nobody's second choice is group 1: without 0 or 2 it stays empty.
    assertEquals(
        1, Regrouping.removals(new double[][] {{0.9, 0.0, 0.1}, {0.2, 0.0, 0.8}}, 3).size());
  }

  /** Far more rows than the sample: what was found there must be refined on all of them. */
  @Test
  void largeDataAreRefinedOnAllRows() {
    SplittableRandom random = new SplittableRandom(5);
    double[] values = new double[30_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = TRUTH.sample(random)[0];
    }
    Observations rows = Observations.of(values);
    Selection selection = ModelSelection.over(GaussianFamily.all(1), 2, 3, 4).select(rows);
    Cell best = selection.best().orElseThrow();
    assertEquals(3, best.components());
    assertEquals("V", best.family().structure(1));
    MixtureFit<Gaussian> direct =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 3)
            .initializer(Initializer.model(TRUTH))
            .options(EmOptions.defaults().withTolerance(1e-11))
            .fit(rows);
    assertEquals(30_000, best.fit().rows());
    assertEquals(direct.logLikelihood(), best.fit().logLikelihood(), 1e-2);
  }

  @Test
  void noTimeStillGivesWhatCanBeKnown() {
    double[] values = new SplittableRandom(6).doubles(500).toArray();
    Selection selection =
        ModelSelection.over(GaussianFamily.all(1), 1, 2, 3, 4, 5, 6, 7, 8, 9)
            .options(EmOptions.defaults().withTimeLimit(Duration.ofNanos(1)))
            .select(Observations.of(values));
    assertEquals(18, selection.table().size());
    for (Cell cell : selection.table()) {
      assertTrue(cell.fit() != null || cell.status() == CellStatus.FAILED);
    }
  }

  @Test
  void everyCellIsToldOfOnceAndTheTableIsInTheOrderAskedFor() {
    double[] values = new SplittableRandom(7).doubles(200).toArray();
    List<Cell> heard = new ArrayList<>();
    Thread caller = Thread.currentThread();
    Selection selection =
        ModelSelection.over(GaussianFamily.all(1), 3, 1, 2)
            .options(EmOptions.defaults().withThreads(3))
            .listener(
                cell -> {
                  assertSame(caller, Thread.currentThread());
                  heard.add(cell);
                })
            .select(Observations.of(values));
    assertEquals(
        List.of(3, 3, 1, 1, 2, 2), selection.table().stream().map(Cell::components).toList());
    assertEquals(Set.copyOf(selection.table()), Set.copyOf(heard));
    assertEquals(6, heard.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatAListenerThrowsReachesTheCaller(int threads) {
    Observations rows = Observations.of(new SplittableRandom(8).doubles(100).toArray());
    EmOptions broken =
        EmOptions.defaults()
            .withThreads(threads)
            .withListener(
                progress -> {
                  throw new IllegalStateException("broken");
                });
    ModelSelection searched = ModelSelection.over(GaussianFamily.all(1), 1, 2).options(broken);
    for (ModelSelection selection : List.of(searched, searched.initializer(Initializer.kMeans()))) {
      assertEquals(
          "broken",
          assertThrows(IllegalStateException.class, () -> selection.select(rows)).getMessage());
    }
  }

  @Test
  void anInterruptedSelectionEnds() {
    Observations rows = Observations.of(new SplittableRandom(9).doubles(100).toArray());
    Thread.currentThread().interrupt();
    assertThrows(
        CancellationException.class,
        () -> ModelSelection.over(GaussianFamily.all(1), 1, 2).select(rows));
    assertTrue(Thread.interrupted());
  }
}
