package io.github.mixtura.benchmarks;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Seeded Gaussian clusters with a start near the truth.
 *
 * @param rows the data
 * @param start equal weights, means near the truth, variances 1.5
 */
record SyntheticRows(Observations rows, Mixture<Gaussian> start) {
  /**
   * Makes a cell.
   *
   * @param cell {@code covariance-n-d-K} with covariance full or diag, such as {@code
   *     full-100000-8-8}
   */
  static SyntheticRows of(String cell) {
    String[] words = cell.split("-");
    boolean diagonal = words[0].equals("diag");
    int n = Integer.parseInt(words[1]);
    int d = Integer.parseInt(words[2]);
    int count = Integer.parseInt(words[3]);
    SplittableRandom random = new SplittableRandom(1000L * d + count);
    List<Gaussian> truth = new ArrayList<>();
    List<Gaussian> start = new ArrayList<>();
    double[] variances = new double[d];
    Arrays.fill(variances, 1.5);
    Covariance spread =
        diagonal
            ? Covariance.diagonal(variances)
            : Covariance.full(Covariance.diagonal(variances).toMatrix());
    for (int k = 0; k < count; k++) {
      double[] mean = random.doubles(d, -4, 4).toArray();
      truth.add(Gaussian.of(mean, spread));
      start.add(
          Gaussian.of(
              Arrays.stream(mean).map(m -> m + 0.2 * random.nextGaussian()).toArray(), spread));
    }
    double[] weights = new double[count];
    Arrays.fill(weights, 1.0 / count);
    double[][] rows = Mixture.of(truth, weights).sample(n, random).rows();
    return new SyntheticRows(Observations.of(rows), Mixture.of(start, weights));
  }

  boolean isDiagonal() {
    return start.component(0).covariance().isDiagonal();
  }
}
