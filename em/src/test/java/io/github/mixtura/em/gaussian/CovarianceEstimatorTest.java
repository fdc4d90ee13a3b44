package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.NotPositiveDefiniteException;
import io.github.mixtura.em.gaussian.CovarianceStructure.Attribute;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CovarianceEstimatorTest {

  @ParameterizedTest
  @EnumSource
  void satisfiesItsConstraints(CovarianceStructure structure) {
    for (ScatterCase data : ScatterCase.all()) {
      Covariance[] fit = data.estimate(structure, null);
      Decomposition[] parts = Decomposition.of(structure, fit);
      for (int k = 0; k < fit.length; k++) {
        String where = structure + " " + data + " component " + k;
        if (structure.volume() == Attribute.EQUAL) {
          assertEquals(parts[0].logVolume(), parts[k].logVolume(), 1e-10, where);
        }
        double[] shape = structure.shape() == Attribute.EQUAL ? parts[0].logShape() : null;
        shape = structure.shape() == Attribute.IDENTITY ? new double[data.dimension()] : shape;
        if (shape != null) {
          assertArrayEquals(shape, parts[k].logShape(), 1e-9, where);
        }
        double variance = Arrays.stream(fit[k].variances()).max().orElseThrow();
        assertTrue(parts[k].offDiagonal() <= 1e-10 * variance, where);
        assertEquals(structure.isDiagonal(), fit[k].isDiagonal(), where);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void noFeasibleChangeRaisesTheLikelihood(CovarianceStructure structure) {
    Random random = new Random(20);
    for (ScatterCase data : ScatterCase.all()) {
      Covariance[] fit = data.estimate(structure, null);
      Decomposition[] parts = Decomposition.of(structure, fit);
      double best = data.objective(Decomposition.matrices(parts));
      for (int trial = 0; trial < 40; trial++) {
        Decomposition.Direction direction =
            Decomposition.Direction.random(structure, data.dimension(), fit.length, random);
        double step = trial % 2 == 0 ? 1e-2 : 1e-3;
        double up = data.objective(direction.apply(parts, step)) - best;
        double down = data.objective(direction.apply(parts, -step)) - best;
        double rounding = 1e-12 * Math.abs(best);
        String where = structure + " " + data + " trial " + trial;
        assertTrue(up <= rounding && down <= rounding, where + " " + up + " " + down);
        assertTrue(Math.abs(up - down) <= -0.1 * (up + down) + rounding, where + " slope");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EVE", "VVE"})
  void findsTheBestAngleInThePlane(String name) {
    CovarianceStructure structure = CovarianceStructure.valueOf(name);
    for (int seed = 0; seed < 100; seed++) {
      ScatterCase data = ScatterCase.random(2, 1 + seed % 3, 500 + seed);
      double grid = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < 20000; i++) {
        grid = Math.max(grid, data.profileInPlane(structure, Math.PI / 2 * i / 20000));
      }
      double found = data.objective(data.estimate(structure, null));
      double unit = Arrays.stream(data.weight()).sum();
      assertTrue(found >= grid - 1e-12 * unit, name + " seed " + seed);
      assertTrue(found <= grid + 1e-3 * unit, name + " seed " + seed);
    }
  }

  /** The pooled axes of a mirrored pair are a stationary point, but not the best one. */
  @ParameterizedTest
  @ValueSource(strings = {"EVE", "VVE"})
  void leavesTheSaddleBetweenMirroredComponents(String name) {
    CovarianceStructure structure = CovarianceStructure.valueOf(name);
    double[][] scatter = {{883, 321, 118}, {883, -321, 118}};
    ScatterCase data = new ScatterCase(2, new double[] {50, 50}, scatter, "mirrored");
    double own = Math.atan2(2 * 321, 883 - 118) / 2;
    double expected = data.profileInPlane(structure, own);
    assertTrue(expected > data.profileInPlane(structure, 0) + 10);
    Covariance alongCoordinates = Covariance.ofPackedLower(new double[] {8, 0, 2}, 2);
    Covariance[] saddle = {alongCoordinates, alongCoordinates};
    assertTrue(data.objective(data.estimate(structure, null)) >= expected);
    assertTrue(data.objective(data.estimate(structure, saddle)) >= expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EVE", "VVE"})
  void isNeverWorseThanTheCurrentEstimate(String name) {
    CovarianceStructure structure = CovarianceStructure.valueOf(name);
    for (int seed = 0; seed < 60; seed++) {
      int d = 2 + seed % 5;
      Covariance[] current = ScatterCase.random(d, 3, 900 + seed).estimate(structure, null);
      for (int step = 0; step < 5; step++) {
        ScatterCase next = ScatterCase.random(d, 3, 1000 + 10 * seed + step);
        double before = next.objective(current);
        current = next.estimate(structure, current);
        assertTrue(next.objective(current) >= before - 1e-12 * Math.abs(before), "seed " + seed);
      }
      ScatterCase same = ScatterCase.random(d, 4, 2000 + seed);
      Covariance[] cold = same.estimate(structure, null);
      double best = same.objective(cold);
      double again = same.objective(same.estimate(structure, cold));
      assertTrue(again >= best - 1e-12 * Math.abs(best), "seed " + seed);
    }
  }

  /** A shared shape pairs the axes by size: swapped axes of one component must fit worse. */
  @ParameterizedTest
  @ValueSource(strings = {"EEV", "VEV"})
  void pairsAxesBySize(String name) {
    CovarianceStructure structure = CovarianceStructure.valueOf(name);
    for (ScatterCase data : ScatterCase.all()) {
      Covariance[] fit = data.estimate(structure, null);
      double best = data.objective(fit);
      Decomposition[] parts = Decomposition.of(structure, fit);
      for (int j = 1; j < data.dimension(); j++) {
        Decomposition[] swapped = parts.clone();
        swapped[0] = parts[0].swapped(j - 1, j);
        assertTrue(data.objective(Decomposition.matrices(swapped)) < best, name + " " + data);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void powersOfTwoGiveTheSameDigits(CovarianceStructure structure) {
    ScatterCase data = ScatterCase.random(4, 3, 5);
    Covariance[] fit = data.estimate(structure, null);
    for (int exponent : new int[] {-900, -60, 60, 900}) {
      Covariance[] scaled = data.scaled(Math.scalb(1.0, exponent)).estimate(structure, null);
      for (int k = 0; k < fit.length; k++) {
        for (int i = 0; i < 4; i++) {
          for (int j = 0; j < 4; j++) {
            assertEquals(Math.scalb(fit[k].get(i, j), exponent), scaled[k].get(i, j));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void extremeUnitsOnlyScaleTheEstimate(CovarianceStructure structure) {
    for (int d : new int[] {1, 3, 10}) {
      ScatterCase data = ScatterCase.random(d, 3, 6);
      Covariance[] fit = data.estimate(structure, null);
      for (double factor : new double[] {1e-250, 1e-150, 1e150, 1e250}) {
        Covariance[] scaled = data.scaled(factor).estimate(structure, null);
        for (int k = 0; k < fit.length; k++) {
          for (int i = 0; i < d; i++) {
            assertEquals(1, scaled[k].get(i, i) / factor / fit[k].get(i, i), 1e-9);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneComponentLeavesOnlyTheClassOfTheMatrix(CovarianceStructure structure) {
    ScatterCase data = ScatterCase.random(3, 1, 7);
    Covariance fit = data.estimate(structure, null)[0];
    double mean = (data.entry(0, 0, 0) + data.entry(0, 1, 1) + data.entry(0, 2, 2)) / 3;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double expected = structure.isDiagonal() && i != j ? 0 : data.entry(0, i, j);
        expected = structure.shape() == Attribute.IDENTITY && i == j ? mean : expected;
        assertEquals(expected / data.weight()[0], fit.get(i, j), 1e-12 * mean);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void inOneDimensionThereAreTwoModels(CovarianceStructure structure) {
    double[] weight = {2, 3, 5};
    double[][] scatter = {{4}, {27}, {19}};
    Covariance[] fit = CovarianceEstimator.estimate(structure, 1, weight, scatter, null);
    double[] expected =
        structure.volume() == Attribute.EQUAL ? new double[] {5, 5, 5} : new double[] {2, 9, 3.8};
    for (int k = 0; k < 3; k++) {
      assertEquals(expected[k], fit[k].get(0, 0), 1e-13 * expected[k]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesOneComponentWithoutScatter(CovarianceStructure structure) {
    ScatterCase data = ScatterCase.random(3, 3, 8);
    Arrays.fill(data.scatter()[1], 0);
    boolean pooled =
        structure.volume() == Attribute.EQUAL && structure.shape() != Attribute.VARIABLE;
    if (pooled) {
      assertEquals(3, data.estimate(structure, null).length);
    } else {
      assertThrows(
          NotPositiveDefiniteException.class, () -> data.estimate(structure, null), "no scatter");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesSingularScatters(CovarianceStructure structure) {
    double[] line = {4, 2, 1, -6, -3, 9};
    double[] zeroColumn = {4, 1, 7, 0, 0, 0};
    for (double[] packed : new double[][] {line, zeroColumn, new double[6]}) {
      double[][] scatter = {packed.clone(), packed.clone()};
      ScatterCase data = new ScatterCase(3, new double[] {10, 20}, scatter, "singular");
      double trace = packed[0] + packed[2] + packed[5];
      boolean spread = packed[0] * packed[2] * packed[5] > 0;
      boolean fits = structure.isDiagonal() && spread;
      fits |= structure.shape() == Attribute.IDENTITY && trace > 0;
      if (fits) {
        assertEquals(2, data.estimate(structure, null).length);
      } else {
        assertThrows(
            NotPositiveDefiniteException.class, () -> data.estimate(structure, null), "singular");
      }
    }
  }

  /** A component on a line, of more than n/d in weight, has no bounded likelihood under VEE. */
  @ParameterizedTest
  @ValueSource(strings = {"VEE", "VEV", "VVE", "VVV", "EVV", "EVE"})
  void refusesAHeavyComponentOnALine(String name) {
    ScatterCase data = ScatterCase.random(3, 2, 9);
    data.weight()[0] = 100;
    data.weight()[1] = 50;
    System.arraycopy(new double[] {4, 2, 1, -6, -3, 9}, 0, data.scatter()[0], 0, 6);
    assertThrows(
        NotPositiveDefiniteException.class,
        () -> data.estimate(CovarianceStructure.valueOf(name), null));
  }

  @Test
  void diagonalStructuresNeverHoldASquareArray() {
    int d = 200_000;
    double[][] scatter = new double[2][d];
    for (int j = 0; j < d; j++) {
      scatter[0][j] = 1 + j % 7;
      scatter[1][j] = 2 + j % 5;
    }
    for (CovarianceStructure structure :
        EnumSet.range(CovarianceStructure.EII, CovarianceStructure.VVI)) {
      Covariance[] fit =
          CovarianceEstimator.estimate(structure, d, new double[] {3, 4}, scatter, null);
      assertEquals(d, fit[1].dimension());
    }
  }
}
