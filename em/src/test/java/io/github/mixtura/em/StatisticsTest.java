package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {

  /** Whole numbers, so that sums are exact and every split and order must give the same. */
  private static Statistics part(long seed) {
    Random random = new Random(seed);
    Statistics part = new Statistics(3, new Layout(5, 2, false), 0);
    for (int i = 0; i < part.shared() + 2; i++) {
      part.values()[i] = random.nextInt(1000);
    }
    part.addBatch(random.nextInt(100), 1 + random.nextInt(10), -random.nextInt(1000));
    return part;
  }

  private static Statistics sum(List<Statistics> parts) {
    Statistics sum = new Statistics(3, new Layout(5, 2, false), 0);
    parts.forEach(sum::merge);
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anySplitAndAnyOrderGiveTheSame(long seed) {
    List<Statistics> parts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      parts.add(part(100 * seed + i));
    }
    Statistics whole = sum(parts);
    for (int cut = 0; cut <= parts.size(); cut++) {
      Statistics left = sum(parts.subList(0, cut));
      left.merge(sum(parts.subList(cut, parts.size())));
      assertArrayEquals(whole.values(), left.values());
    }
    Collections.shuffle(parts, new Random(seed));
    assertArrayEquals(whole.values(), sum(parts).values());
  }

  @Test
  void zeroIsNeutral() {
    Statistics part = part(1);
    Statistics sum = part.copy();
    sum.merge(new Statistics(3, new Layout(5, 2, false), 0));
    assertArrayEquals(part.values(), sum.values());
    sum.clear();
    assertArrayEquals(new double[3 * 5 + 2 + 4], sum.values());
  }

  @Test
  void copiesAreIndependent() {
    Statistics part = part(2);
    Statistics copy = part.copy();
    double before = copy.values()[4];
    part.values()[4] += 1;
    assertEquals(before, copy.values()[4]);
    assertNotEquals(part.values()[4], copy.values()[4]);
  }

  @Test
  void blocksAndTotalsHaveTheirPlaces() {
    Statistics sums = new Statistics(2, new Layout(3, 1, false), 0);
    sums.values()[sums.offset(0)] = 6;
    sums.values()[sums.offset(1)] = 2;
    sums.values()[sums.shared()] = 9;
    sums.addBatch(5, 4, -10);
    sums.addBatch(3, 2, -1);
    assertEquals(3, sums.stride());
    assertEquals(6, sums.weight(0));
    assertEquals(2, sums.weight(1));
    assertArrayEquals(new double[] {0.75, 0.25}, WeightRule.free().maximize(sums, null).weights());
    assertEquals(8, sums.totalWeight());
    assertEquals(6, sums.rows());
    assertEquals(-11, sums.logLikelihood());
  }

  @Test
  void aComponentCanBeTakenOut() {
    Statistics all = part(3);
    for (int k = 0; k < 3; k++) {
      Statistics rest = all.without(k);
      assertEquals(2, rest.components());
      assertEquals(all.weight(k == 0 ? 1 : 0), rest.weight(0));
      assertEquals(all.weight(k == 2 ? 1 : 2), rest.weight(1));
      assertEquals(all.values()[all.shared() + 1], rest.values()[rest.shared() + 1]);
      assertEquals(all.logLikelihood(), rest.logLikelihood());
      assertEquals(all.rows(), rest.rows());
      assertEquals(all.totalWeight(), rest.totalWeight());
    }
  }
}
