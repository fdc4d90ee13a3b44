package io.github.mixtura.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class GaussianTest extends ComponentContract<Gaussian> {

  static DMatrixRMaj correlated(double first, double second, double correlation) {
    double cross = correlation * Math.sqrt(first * second);
    return new DMatrixRMaj(new double[][] {{first, cross}, {cross, second}});
  }

  /** A random 5 × 5 matrix with a condition of about 100. */
  static DMatrixRMaj five() {
    SplittableRandom random = new SplittableRandom(31);
    DMatrixRMaj a = new DMatrixRMaj(5, 5, true, random.doubles(25, -1, 1).toArray());
    DMatrixRMaj product = new DMatrixRMaj(5, 5);
    CommonOps_DDRM.multTransB(a, a, product);
    for (int i = 0; i < 5; i++) {
      product.add(i, i, 0.3);
    }
    return product;
  }

  @Override
  protected List<Gaussian> laws() {
    return List.of(
        Gaussian.of(0, 1),
        Gaussian.of(-3, 1e-6),
        Gaussian.of(1e3, 4e8),
        Gaussian.of(new double[] {1, -2}, correlated(2, 0.5, 0.8)),
        Gaussian.of(new double[] {1, -2}, correlated(1e-6, 1e6, -0.5)),
        Gaussian.of(new double[] {0, 3}, Covariance.diagonal(4, 0.25)),
        Gaussian.of(new double[] {0, 1, 2, 3, 4}, five()),
        Gaussian.of(new double[] {0, 1, 2, 3, 4}, Covariance.diagonal(1e-8, 1, 1e8, 4, 9)));
  }

  @Test
  void logDensityAgreesWithTheMatrixFormula() {
    double[] mean = {0, 1, 2, 3, 4};
    Gaussian law = Gaussian.of(mean, five());
    DMatrixRMaj inverse = new DMatrixRMaj(5, 5);
    CommonOps_DDRM.invert(five(), inverse);
    double constant = 5 * Math.log(2 * Math.PI) + Math.log(CommonOps_DDRM.det(five()));
    SplittableRandom random = new SplittableRandom(32);
    for (int i = 0; i < 20; i++) {
      double[] x = law.sample(random);
      double form = 0;
      for (int a = 0; a < 5; a++) {
        for (int b = 0; b < 5; b++) {
          form += (x[a] - mean[a]) * inverse.get(a, b) * (x[b] - mean[b]);
        }
      }
      assertEquals(-0.5 * (constant + form), law.logDensity(x), 1e-12 * (10 + form));
    }
  }

  @Test
  void sampleCovarianceIsTheCovariance() {
    int count = 40_000;
    for (Gaussian law : laws()) {
      int d = law.dimension();
      double[][] sums = new double[d][d];
      SplittableRandom random = new SplittableRandom(33);
      for (int i = 0; i < count; i++) {
        double[] x = law.sample(random);
        for (int a = 0; a < d; a++) {
          for (int b = 0; b < d; b++) {
            sums[a][b] += (x[a] - law.mean()[a]) * (x[b] - law.mean()[b]) / count;
          }
        }
      }
      double[][] expected = law.covarianceMatrix();
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          // The variance of a product of two normal variables.
          double product = expected[a][a] * expected[b][b] + expected[a][b] * expected[a][b];
          assertEquals(expected[a][b], sums[a][b], 5 * Math.sqrt(product / count));
        }
      }
    }
  }

  @Test
  void conditionalOfTwoColumnsIsTheRegression() {
    Gaussian law = Gaussian.of(new double[] {1, -2}, correlated(4, 9, 0.5));
    Gaussian given = law.conditional(new int[] {0}, new double[] {3});
    assertEquals(-2 + 0.5 * 3 / 2 * (3 - 1), given.mean()[0], 1e-14);
    assertEquals(9 * (1 - 0.25), given.covariance().get(0, 0), 1e-14);
    assertArrayEquals(new double[] {-2, 1}, law.marginal(1, 0).mean());
    assertEquals(9, law.marginal(1).covariance().get(0, 0));
  }

  @Test
  void tailsOfTheDistributionFunction() {
    Gaussian law = Gaussian.of(10, 4);
    assertEquals(Gaussian.of(0, 1).cdf(-37), law.cdf(10 - 74), 1e-12 * law.cdf(10 - 74));
    assertEquals(10 - 74, law.quantile(law.cdf(10 - 74)), 1e-10);
  }

  @Test
  void refusals() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Gaussian.of(new double[] {1, 2, 3}, Covariance.diagonal(1, 2)));
    assertThrows(IllegalArgumentException.class, () -> Gaussian.of(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> Gaussian.of(Double.POSITIVE_INFINITY, 1));
    for (double variance : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> Gaussian.of(0, variance));
    }
  }

  @Test
  void parametersAreCopied() {
    double[] mean = {1, 2};
    Gaussian law = Gaussian.of(mean, Covariance.diagonal(1, 2));
    mean[0] = 99;
    law.mean()[1] = 99;
    assertArrayEquals(new double[] {1, 2}, law.mean());
  }
}
