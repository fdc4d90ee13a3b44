package io.github.mixtura.sdp;

import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.NotPositiveDefiniteException;
import io.github.mixtura.em.BatchStep;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.EllipticalSums;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * Gaussian components whose covariances are made by a {@link CovarianceRule} in the M-step. Where
 * the rule shrinks, that is no maximum of the likelihood, and an iteration may lower it a little:
 * run it with tolerance 0.
 */
final class ShrunkGaussians implements Family<Gaussian> {
  private final CovarianceRule rule;
  private final CovarianceStructure structure;
  private final GaussianFamily plain;

  private ShrunkGaussians(CovarianceRule rule, CovarianceStructure structure) {
    this.rule = rule;
    this.structure = structure;
    this.plain = GaussianFamily.of(structure);
  }

  static ShrunkGaussians of(CovarianceRule rule) {
    return new ShrunkGaussians(
        rule,
        switch (rule.model()) {
          case FULL -> CovarianceStructure.VVV;
          case TIED -> CovarianceStructure.EEE;
          case DIAGONAL -> CovarianceStructure.VVI;
          case ISOTROPIC -> CovarianceStructure.VII;
        });
  }

  @Override
  public Mixture<Gaussian> maximize(Statistics statistics, Mixture<Gaussian> current, int cycle)
      throws Degeneracy {
    int p = current.dimension();
    EllipticalSums sums = new EllipticalSums(structure, p, 0);
    double[][] centres = current.components().stream().map(Gaussian::mean).toArray(double[][]::new);
    double[][] means = sums.means(statistics, centres);
    double[] counts = new double[means.length];
    double[][] scatters = new double[means.length][];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = statistics.weight(k);
      scatters[k] = scatter(statistics, k, p);
    }
    DMatrixRMaj[] matrices = rule.estimate(p, counts, scatters);
    List<Gaussian> components = new ArrayList<>();
    for (int k = 0; k < means.length; k++) {
      components.add(Gaussian.of(means[k], covariance(matrices[k], k)));
    }
    return Mixture.of(components, statistics.mixingWeights());
  }

  private Covariance covariance(DMatrixRMaj matrix, int k) throws Degeneracy {
    try {
      if (!structure.isDiagonal()) {
        return Covariance.full(matrix);
      }
      double[] variances = new double[matrix.numRows];
      Arrays.setAll(variances, j -> matrix.get(j, j));
      return Covariance.diagonal(variances);
    } catch (NotPositiveDefiniteException e) {
      throw new Degeneracy(k, e.getMessage());
    }
  }

  /** p × p about the mean: Σr(x−c)(x−c)ᵀ − s sᵀ/Σr. */
  private double[] scatter(Statistics statistics, int k, int p) {
    double[] values = statistics.values();
    int first = statistics.offset(k) + 1;
    int q = first + p;
    double weight = statistics.weight(k);
    double[] scatter = new double[p * p];
    for (int i = 0; i < p; i++) {
      for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
        double value = values[q] - values[first + i] * values[first + j] / weight;
        scatter[i * p + j] = value;
        scatter[j * p + i] = value;
      }
    }
    return scatter;
  }

  @Override
  public void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy) {
    if (!rule.shrinkage()) {
      plain.validate(summary, columnNames, policy);
    } else if (Arrays.stream(summary.variance()).allMatch(v -> v == 0)) {
      throw new UnusableDataException("all rows are identical, must differ to be grouped");
    }
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
  public String structure(int dimension) {
    return plain.structure(dimension);
  }

  @Override
  public boolean needsCovariance() {
    return plain.needsCovariance();
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

  @Override
  public List<FitWarning> inspect(Mixture<Gaussian> mixture, DataSummary summary, int iteration) {
    return List.of();
  }
}
