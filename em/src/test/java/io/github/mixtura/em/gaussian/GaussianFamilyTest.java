package io.github.mixtura.em.gaussian;

import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FamilyContract;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

class GaussianFamilyTest extends FamilyContract<Gaussian> {

  @Override
  protected Stream<Named<Family<Gaussian>>> families() {
    return Arrays.stream(CovarianceStructure.values())
        .map(structure -> Named.of(structure.name(), GaussianFamily.of(structure)));
  }

  private static CovarianceStructure structure(Family<Gaussian> family) {
    return ((GaussianFamily) family).structure();
  }

  @Override
  protected Mixture<Gaussian> truth(Family<Gaussian> family, int columns, int components) {
    return Mixture.of(
        IntStream.range(0, components)
            .mapToObj(
                k ->
                    Gaussian.of(
                        Ellipses.mean(k, columns),
                        Ellipses.covariance(structure(family), k, columns)))
            .toList(),
        Ellipses.weights(components));
  }

  @Override
  protected int parameterCount(Family<Gaussian> family, int columns, int components) {
    return components * columns + Ellipses.parameterCount(structure(family), columns, components);
  }

  @Override
  protected void assertConstraints(Family<Gaussian> family, Mixture<Gaussian> mixture) {
    Ellipses.assertConstraints(
        structure(family), mixture.components().stream().map(Gaussian::covariance).toList());
  }

  @Override
  protected double distance(Gaussian expected, Gaussian found) {
    return Ellipses.distance(
        expected.mean(), expected.covariance(), found.mean(), found.covariance());
  }

  @Override
  protected double recovery(Family<Gaussian> family) {
    return 0.1;
  }

  @Override
  protected double[] sumsByHand(
      Family<Gaussian> family, Mixture<Gaussian> mixture, double[][] rows, double[] weights) {
    int d = mixture.dimension();
    boolean diagonal = structure(family).isDiagonal();
    int length = 1 + d + (diagonal ? d : d * (d + 1) / 2);
    double[] sums = new double[mixture.componentCount() * length];
    for (int row = 0; row < rows.length; row++) {
      double[] r = mixture.responsibilities(rows[row]);
      for (int k = 0; k < r.length; k++) {
        double v = weights[row] * r[k];
        double[] mean = mixture.component(k).mean();
        int at = k * length;
        int second = at + 1 + d;
        sums[at] += v;
        for (int i = 0; i < d; i++) {
          double z = rows[row][i] - mean[i];
          sums[at + 1 + i] += v * z;
          for (int j = diagonal ? i : 0; j <= i; j++) {
            sums[second++] += v * z * (rows[row][j] - mean[j]);
          }
        }
      }
    }
    return sums;
  }

  @Override
  protected double[] handTolerance(Family<Gaussian> family, int length) {
    double[] tolerance = new double[length];
    Arrays.fill(tolerance, 1e-12);
    return tolerance;
  }

  @Override
  protected Symmetry symmetry(Family<Gaussian> family, int columns) {
    return Ellipses.symmetry(structure(family), columns);
  }
}
