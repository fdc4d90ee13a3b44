package io.github.mixtura.benchmarks;

import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.BatchStep;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.mixture.Mixture;
import java.util.List;

/**
 * VVV components to whose variances a constant is added in every M-step, as scikit-learn's {@code
 * reg_covar} does.
 */
final class RidgedGaussians implements Family<Gaussian> {
  private final GaussianFamily plain = GaussianFamily.of(CovarianceStructure.VVV);
  private final double ridge;

  RidgedGaussians(double ridge) {
    this.ridge = ridge;
  }

  @Override
  public Mixture<Gaussian> maximize(Statistics statistics, Mixture<Gaussian> current, int cycle)
      throws Degeneracy {
    Statistics ridged = statistics.copy();
    int d = current.dimension();
    for (int k = 0; k < ridged.components(); k++) {
      int at = ridged.offset(k) + 1 + d;
      for (int j = 0; j < d; j++) {
        // The diagonal of the packed lower triangle of second moments.
        ridged.values()[at + j * (j + 3) / 2] += ridge * ridged.weight(k);
      }
    }
    return plain.maximize(ridged, current, cycle);
  }

  @Override
  public void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy) {}

  @Override
  public List<FitWarning> inspect(Mixture<Gaussian> mixture, DataSummary summary, int iteration) {
    return List.of();
  }

  @Override
  public String name() {
    return plain.name();
  }

  @Override
  public Class<Gaussian> law() {
    return plain.law();
  }

  @Override
  public Statistics statistics(int dimension, int components) {
    return plain.statistics(dimension, components);
  }

  @Override
  public int parameterCount(int dimension, int components) {
    return plain.parameterCount(dimension, components);
  }

  @Override
  public Mixture<Gaussian> around(double[][] centres) {
    return plain.around(centres);
  }

  @Override
  public BatchStep step(Mixture<Gaussian> current, Kernels kernels, int cycle) {
    return plain.step(current, kernels, cycle);
  }

  @Override
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      Mixture<Gaussian> current,
      DataSummary summary) {
    plain.reseed(statistics, k, weight, row, current, summary);
  }

  @Override
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {
    plain.floor(statistics, k, fraction, summary);
  }

  @Override
  public void recentre(Statistics statistics, Mixture<Gaussian> from, Mixture<Gaussian> to) {
    plain.recentre(statistics, from, to);
  }

  @Override
  public double[] scales(DataSummary summary) {
    return plain.scales(summary);
  }
}
