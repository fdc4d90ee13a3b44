package io.github.mixtura.em.gaussian;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.BatchStep;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Gaussian components under one of the 14 covariance structures.
 *
 * <p>Statistics per component: Σr, Σr(x−c), Σr(x−c)(x−c)ᵀ about the current mean c; diagonal
 * structures hold the diagonal only, and nothing of size d × d.
 */
public final class GaussianFamily implements Family<Gaussian> {
  private final CovarianceStructure structure;

  private GaussianFamily(CovarianceStructure structure) {
    this.structure = structure;
  }

  /**
   * The family of a structure.
   *
   * @param structure one of the 14; in one dimension EII means equal and VVV varying variances
   * @return the family
   */
  public static GaussianFamily of(CovarianceStructure structure) {
    return new GaussianFamily(Objects.requireNonNull(structure, "structure"));
  }

  /**
   * All structures that differ on so many columns: E and V on one, the 14 on several.
   *
   * @param dimension d
   * @return the families, from few to many parameters
   */
  public static List<GaussianFamily> all(int dimension) {
    return CovarianceStructure.all(dimension).stream().map(GaussianFamily::of).toList();
  }

  /**
   * The covariance structure.
   *
   * @return one of the 14
   */
  public CovarianceStructure structure() {
    return structure;
  }

  @Override
  public String name() {
    return "gaussian";
  }

  @Override
  public Class<Gaussian> law() {
    return Gaussian.class;
  }

  @Override
  public String structure(int dimension) {
    return structure.label(dimension);
  }

  @Override
  public int rowsPerComponent(int dimension) {
    return structure.rowsPerComponent(dimension);
  }

  @Override
  public String toString() {
    return "gaussian family, structure " + structure;
  }

  @Override
  public boolean needsCovariance() {
    return !structure.isDiagonal();
  }

  private EllipticalSums sums(int dimension) {
    return new EllipticalSums(structure, dimension, 0);
  }

  @Override
  public Statistics statistics(int dimension, int components) {
    return new Statistics(components, sums(dimension).length(), 0);
  }

  @Override
  public int parameterCount(int dimension, int components) {
    return components * dimension + structure.parameterCount(dimension, components);
  }

  @Override
  public void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy) {
    EllipticalSums.validate(structure, summary, columnNames, policy);
  }

  @Override
  public Mixture<Gaussian> around(double[][] centres) {
    double[] ones = new double[centres[0].length];
    Arrays.fill(ones, 1);
    Covariance unit = Covariance.diagonal(ones);
    double[] weights = new double[centres.length];
    Arrays.fill(weights, 1.0 / weights.length);
    return Mixture.of(
        Arrays.stream(centres).map(centre -> Gaussian.of(centre, unit)).toList(), weights);
  }

  private static double[][] centres(Mixture<Gaussian> mixture) {
    double[][] centres = new double[mixture.componentCount()][];
    for (int k = 0; k < centres.length; k++) {
      centres[k] = mixture.component(k).mean();
    }
    return centres;
  }

  @Override
  public BatchStep step(Mixture<Gaussian> current, Kernels kernels, int cycle) {
    BatchDensity density = current.batchDensity(kernels);
    double[][] centres = centres(current);
    Kernels.Order order = sums(current.dimension()).order();
    return new BatchStep() {
      @Override
      public void run(Batch batch, Workspace workspace, Statistics into) {
        density.evaluate(batch, workspace);
        double logLikelihood = kernels.normalise(batch, workspace, false);
        into.addBatch(batch.weight(), batch.rows(), logLikelihood);
        accumulate(batch, workspace, into);
      }

      @Override
      public void accumulate(Batch batch, Workspace workspace, Statistics into) {
        kernels.moments(batch, centres, order, workspace, into.values(), 0, into.stride());
      }
    };
  }

  @Override
  public Mixture<Gaussian> maximize(Statistics statistics, Mixture<Gaussian> current, int cycle)
      throws Degeneracy {
    return maximize(statistics, current, cycle, () -> false);
  }

  @Override
  public Mixture<Gaussian> maximize(
      Statistics statistics, Mixture<Gaussian> current, int cycle, BooleanSupplier hurry)
      throws Degeneracy {
    EllipticalSums sums = sums(current.dimension());
    double[][] means = sums.means(statistics, centres(current));
    Covariance[] previous = covariances(current).toArray(Covariance[]::new);
    Covariance[] covariances = sums.covariances(statistics, previous, hurry);
    List<Gaussian> components = new ArrayList<>();
    for (int k = 0; k < means.length; k++) {
      components.add(Gaussian.of(means[k], covariances[k]));
    }
    return Mixture.of(components, statistics.mixingWeights());
  }

  @Override
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      Mixture<Gaussian> current,
      DataSummary summary) {
    sums(row.length).reseed(statistics, k, weight, row, current.component(k).mean(), summary);
  }

  @Override
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {
    sums(summary.mean().length).floor(statistics, k, fraction, summary);
  }

  @Override
  public void recentre(Statistics statistics, Mixture<Gaussian> from, Mixture<Gaussian> to) {
    sums(to.dimension()).recentre(statistics, centres(from), centres(to));
  }

  @Override
  public double[] scales(DataSummary summary) {
    return sums(summary.mean().length).scales(summary);
  }

  @Override
  public List<FitWarning> inspect(Mixture<Gaussian> mixture, DataSummary summary, int iteration) {
    return EllipticalSums.spikes(mixture.weights(), covariances(mixture), summary, iteration);
  }

  private static List<Covariance> covariances(Mixture<Gaussian> mixture) {
    List<Covariance> covariances = new ArrayList<>();
    for (Gaussian component : mixture.components()) {
      covariances.add(component.covariance());
    }
    return covariances;
  }

  @Override
  public int collapsed(Mixture<Gaussian> mixture, DataSummary summary) {
    return EllipticalSums.collapsed(centres(mixture), covariances(mixture), summary);
  }

  @Override
  public Mixture<Gaussian> admit(Mixture<Gaussian> mixture) {
    List<Covariance> given = covariances(mixture);
    List<Covariance> admitted = sums(mixture.dimension()).admit(mixture.weights(), given);
    List<Gaussian> components = new ArrayList<>();
    for (int k = 0; k < admitted.size(); k++) {
      components.add(Gaussian.of(mixture.component(k).mean(), admitted.get(k)));
    }
    return admitted == given ? mixture : Mixture.of(components, mixture.weights());
  }
}
