package io.github.mixtura.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.api.Test;

class StudentTTest extends ComponentContract<StudentT> {

  @Override
  protected List<StudentT> laws() {
    List<StudentT> laws = new ArrayList<>();
    for (double nu : new double[] {0.5, 1, 3, 30, 1e8}) {
      laws.add(StudentT.of(-3, 4, nu));
      laws.add(
          StudentT.of(
              new double[] {1, -2}, Covariance.full(GaussianTest.correlated(2, 0.5, 0.6)), nu));
    }
    laws.add(StudentT.of(new double[] {0, 3}, Covariance.diagonal(1e-6, 1e6), 5));
    laws.add(StudentT.of(new double[] {0, 1, 2, 3, 4}, Covariance.full(GaussianTest.five()), 3));
    laws.add(
        StudentT.of(new double[] {0, 1, 2, 3, 4}, Covariance.diagonal(1e-8, 1, 1e8, 4, 9), 30));
    return laws;
  }

  @Test
  void momentsExistWhereTheyDo() {
    Covariance scale = Covariance.full(GaussianTest.correlated(2, 0.5, 0.6));
    double[] mean = {1, -2};
    StudentT five = StudentT.of(mean, scale, 5);
    assertArrayEquals(mean, five.expectation());
    assertEquals(2 * 5 / 3.0, five.covarianceMatrix()[0][0], 1e-15);
    assertEquals(0.6 * 5 / 3.0, five.covarianceMatrix()[0][1], 1e-15);
    StudentT two = StudentT.of(mean, scale, 2);
    assertArrayEquals(mean, two.expectation());
    assertEquals(Double.POSITIVE_INFINITY, two.covarianceMatrix()[1][1]);
    StudentT cauchy = StudentT.of(mean, scale, 1);
    assertTrue(Double.isNaN(cauchy.expectation()[0]));
    assertTrue(Double.isNaN(cauchy.covarianceMatrix()[0][0]));
  }

  @Test
  void distributionFunctionAgreesWithCommonsMath() {
    for (double nu : new double[] {0.5, 1, 3, 30}) {
      TDistribution other = new TDistribution(nu);
      StudentT law = StudentT.of(2, 9, nu);
      for (double t = -8; t <= 8; t += 0.37) {
        assertEquals(other.cumulativeProbability(t), law.cdf(2 + 3 * t), 1e-11, "t " + t);
        assertEquals(other.logDensity(t) - Math.log(3), law.logDensity(2 + 3 * t), 1e-11);
      }
    }
  }

  @Test
  void conditionalHasMoreDegreesOfFreedomAndItsScaleDependsOnTheValue() {
    Covariance scale = Covariance.full(GaussianTest.correlated(4, 9, 0.5));
    StudentT law = StudentT.of(new double[] {1, -2}, scale, 3);
    StudentT given = law.conditional(new int[] {0}, new double[] {5});
    assertEquals(4, given.degreesOfFreedom());
    assertEquals(-2 + 0.75 * 4, given.mean()[0], 1e-14);
    double distance = 16 / 4.0;
    assertEquals((3 + distance) / 4 * 9 * 0.75, given.scale().get(0, 0), 1e-13);
    assertEquals(3, law.marginal(0).degreesOfFreedom());
  }

  @Test
  void farOutTheLogDensityIsFinite() {
    StudentT law = StudentT.of(new double[] {0, 0}, Covariance.diagonal(1, 1), 4);
    // log f = c − 3 log(1 + δ²/4), so a step of a factor 10 in both columns costs 6 log 10.
    double step = law.logDensity(1e199, 1e199) - law.logDensity(1e200, 1e200);
    assertEquals(6 * Math.log(10), step, 1e-10);
    assertEquals(law.logDensity(1e150, 0) - 6 * 150 * Math.log(10), law.logDensity(1e300, 0), 1e-9);
  }

  @Test
  void refusals() {
    for (double nu : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> StudentT.of(0, 1, nu));
    }
    assertThrows(IllegalArgumentException.class, () -> StudentT.of(Double.NaN, 1, 3));
    assertThrows(IllegalArgumentException.class, () -> StudentT.of(0, 0, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> StudentT.of(new double[] {1}, Covariance.diagonal(1, 2), 3));
  }
}
