package io.github.mixtura.em.gaussian;

import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.Accelerable;
import io.github.mixtura.em.Accumulator;
import io.github.mixtura.em.Constrained;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Layout;
import io.github.mixtura.em.Regularised;
import io.github.mixtura.em.Repairable;
import io.github.mixtura.em.Stage;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Gaussian components under one of the 14 covariance structures.
 *
 * <p>Statistics per component: Σr, Σr(x−c), Σr(x−c)(x−c)ᵀ about the current mean c; diagonal
 * structures hold the diagonal only, and nothing of size d × d.
 */
public final class GaussianFamily
    implements Family<Gaussian>,
        Repairable<Gaussian>,
        Constrained<Gaussian>,
        Accelerable<Gaussian>,
        Regularised<Gaussian> {
  private final CovarianceStructure structure;
  private final CovarianceEstimate estimate;

  private GaussianFamily(CovarianceStructure structure, CovarianceEstimate estimate) {
    this.structure = structure;
    this.estimate = estimate;
  }

  /**
   * The family of a structure.
   *
   * @param structure one of the 14; in one dimension EII means equal and VVV varying variances
   * @return the family
   */
  public static GaussianFamily of(CovarianceStructure structure) {
    return new GaussianFamily(
        Objects.requireNonNull(structure, "structure"), CovarianceEstimate.MAXIMUM_LIKELIHOOD);
  }

  /**
   * Changes how covariances are estimated.
   *
   * @param value such as an {@link InverseWishart} prior
   * @return changed copy
   */
  public GaussianFamily withEstimate(CovarianceEstimate value) {
    return new GaussianFamily(structure, Objects.requireNonNull(value, "estimate"));
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
    return estimate.isRegular() ? 1 : structure.rowsPerComponent(dimension);
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
  public Layout layout(int dimension, int components) {
    return new Layout(sums(dimension).length());
  }

  @Override
  public int parameterCount(int dimension, int components) {
    return components * dimension + structure.parameterCount(dimension, components);
  }

  @Override
  public void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy) {
    if (!estimate.isRegular()) {
      EllipticalSums.validate(structure, summary, columnNames, policy);
    } else if (Arrays.stream(summary.variance()).allMatch(v -> v == 0)) {
      throw new UnusableDataException("all rows are identical, must differ to be grouped");
    }
  }

  @Override
  public List<Gaussian> initial(double[][] centres, DataSummary summary) {
    Covariance unit = EllipticalSums.unit(centres[0].length);
    return Arrays.stream(centres).map(centre -> Gaussian.of(centre, unit)).toList();
  }

  private static double[][] centres(List<Gaussian> components) {
    return components.stream().map(Gaussian::mean).toArray(double[][]::new);
  }

  private static List<Covariance> covariances(List<Gaussian> components) {
    return components.stream().map(Gaussian::covariance).toList();
  }

  @Override
  public Accumulator accumulator(List<Gaussian> current, Kernels kernels, Stage stage) {
    double[][] centres = centres(current);
    Kernels.Order order = sums(centres[0].length).order();
    return (batch, workspace, into) ->
        kernels.moments(batch, centres, order, workspace, into.values(), 0, into.stride());
  }

  @Override
  public List<Gaussian> maximize(
      Statistics statistics, List<Gaussian> current, Stage stage, BooleanSupplier hurry)
      throws Degeneracy {
    double[][] centres = centres(current);
    EllipticalSums sums = sums(centres[0].length);
    double[][] means = sums.means(statistics, centres);
    Covariance[] covariances = sums.covariances(statistics, estimate, covariances(current), hurry);
    return IntStream.range(0, means.length)
        .mapToObj(k -> Gaussian.of(means[k], covariances[k]))
        .toList();
  }

  @Override
  public boolean isMonotone() {
    return estimate.isMaximum();
  }

  @Override
  public boolean hasPrior() {
    return estimate.hasPrior();
  }

  @Override
  public double logPrior(List<Gaussian> components) {
    return estimate.logPrior(covariances(components));
  }

  @Override
  public List<Gaussian> project(Mixture<Gaussian> mixture) {
    List<Covariance> given = covariances(mixture.components());
    List<Covariance> admitted = sums(mixture.dimension()).admit(mixture.weights(), given);
    return admitted == given
        ? mixture.components()
        : IntStream.range(0, admitted.size())
            .mapToObj(k -> Gaussian.of(mixture.component(k).mean(), admitted.get(k)))
            .toList();
  }

  @Override
  public int collapsed(List<Gaussian> components, DataSummary summary) {
    return estimate.isRegular()
        ? -1
        : EllipticalSums.collapsed(centres(components), covariances(components), summary);
  }

  @Override
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      List<Gaussian> current,
      DataSummary summary) {
    sums(row.length).reseed(statistics, k, weight, row, current.get(k).mean(), summary);
  }

  @Override
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {
    sums(summary.mean().length).floor(statistics, k, fraction, summary);
  }

  @Override
  public List<FitWarning> inspect(Mixture<Gaussian> mixture, DataSummary summary, int iteration) {
    return estimate.isRegular()
        ? List.of()
        : EllipticalSums.spikes(
            mixture.weights(), covariances(mixture.components()), summary, iteration);
  }

  @Override
  public void recentre(Statistics statistics, List<Gaussian> from, List<Gaussian> to) {
    sums(to.get(0).dimension()).recentre(statistics, centres(from), centres(to));
  }

  @Override
  public double[] scales(DataSummary summary, int block) {
    return sums(summary.mean().length).scales(summary);
  }
}
