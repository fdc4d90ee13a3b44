package io.github.mixtura.em.student;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.em.BatchStep;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.EllipticalSums;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Student-t components: the 14 structures on the scale matrix, ν free, shared or fixed.
 *
 * <p>Statistics per component: Σr, two derivatives of the log-likelihood in 1/ν, and the moments
 * with weights r·u, u = (ν+d)/(ν+δ²). Where ν is estimated an iteration has two cycles: EM for π,
 * μ, Σ, then, after a new pass, one guarded Newton step in 1/ν on the observed log-likelihood (an
 * AECM algorithm, Meng &amp; van Dyk 1997, doi:10.1111/1467-9868.00082). Steps that would lower the
 * log-likelihood are halved. In the first M-step u = 1 and ν keeps its starting value.
 */
public final class StudentTFamily implements Family<StudentT> {
  private static final int GRADIENT = 1;
  private static final int MOMENTS = 3;
  private static final double SMALLEST = Math.nextUp(DegreesOfFreedom.SMALLEST);

  private final CovarianceStructure structure;
  private final DegreesOfFreedom degreesOfFreedom;

  private StudentTFamily(CovarianceStructure structure, DegreesOfFreedom degreesOfFreedom) {
    this.structure = structure;
    this.degreesOfFreedom = degreesOfFreedom;
  }

  /**
   * The family of a structure.
   *
   * @param structure of the scale matrices
   * @param degreesOfFreedom how ν is treated
   * @return the family
   */
  public static StudentTFamily of(
      CovarianceStructure structure, DegreesOfFreedom degreesOfFreedom) {
    return new StudentTFamily(
        Objects.requireNonNull(structure, "structure"),
        Objects.requireNonNull(degreesOfFreedom, "degreesOfFreedom"));
  }

  /**
   * All structures that differ on so many columns.
   *
   * @param dimension d
   * @param degreesOfFreedom how ν is treated
   * @return the families, from few to many parameters
   */
  public static List<StudentTFamily> all(int dimension, DegreesOfFreedom degreesOfFreedom) {
    return CovarianceStructure.all(dimension).stream()
        .map(structure -> of(structure, degreesOfFreedom))
        .toList();
  }

  /**
   * The structure of the scale matrices.
   *
   * @return one of the 14
   */
  public CovarianceStructure structure() {
    return structure;
  }

  /**
   * How ν is treated.
   *
   * @return free, shared or fixed
   */
  public DegreesOfFreedom degreesOfFreedom() {
    return degreesOfFreedom;
  }

  @Override
  public String name() {
    return "student-t";
  }

  @Override
  public Class<StudentT> law() {
    return StudentT.class;
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
    return "student-t family, structure " + structure + ", degrees of freedom " + degreesOfFreedom;
  }

  @Override
  public boolean needsAuxiliary() {
    return true;
  }

  @Override
  public boolean needsCovariance() {
    return !structure.isDiagonal();
  }

  @Override
  public int cycles() {
    return isEstimated() ? 2 : 1;
  }

  private boolean isEstimated() {
    return degreesOfFreedom.mode() != DegreesOfFreedom.Mode.FIXED;
  }

  private EllipticalSums sums(int dimension) {
    return new EllipticalSums(structure, dimension, MOMENTS);
  }

  @Override
  public Statistics statistics(int dimension, int components) {
    return new Statistics(components, MOMENTS + sums(dimension).length(), 2);
  }

  @Override
  public int parameterCount(int dimension, int components) {
    int estimated =
        switch (degreesOfFreedom.mode()) {
          case FREE -> components;
          case SHARED -> 1;
          case FIXED -> 0;
        };
    return components * dimension + structure.parameterCount(dimension, components) + estimated;
  }

  @Override
  public void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy) {
    EllipticalSums.validate(structure, summary, columnNames, policy);
  }

  @Override
  public Mixture<StudentT> around(double[][] centres) {
    double[] ones = new double[centres[0].length];
    Arrays.fill(ones, 1);
    Covariance unit = Covariance.diagonal(ones);
    double[] weights = new double[centres.length];
    Arrays.fill(weights, 1.0 / weights.length);
    return Mixture.of(
        Arrays.stream(centres)
            .map(centre -> StudentT.of(centre, unit, degreesOfFreedom.start()))
            .toList(),
        weights);
  }

  private static double[][] centres(Mixture<StudentT> mixture) {
    return mixture.components().stream().map(StudentT::mean).toArray(double[][]::new);
  }

  @Override
  public BatchStep step(Mixture<StudentT> current, Kernels kernels, int cycle) {
    BatchDensity density = current.batchDensity(kernels);
    double[][] centres = centres(current);
    double[] nu = current.components().stream().mapToDouble(StudentT::degreesOfFreedom).toArray();
    int dimension = current.dimension();
    Kernels.Order order = sums(dimension).order();
    return new BatchStep() {
      @Override
      public void run(Batch batch, Workspace workspace, Statistics into) {
        density.evaluate(batch, workspace);
        double logLikelihood = kernels.normalise(batch, workspace, false);
        into.addBatch(batch.weight(), batch.rows(), logLikelihood);
        double[] values = into.values();
        if (cycle == 1) {
          kernels.studentDegrees(
              batch, dimension, nu, workspace, values, GRADIENT, into.stride(), into.shared());
          return;
        }
        kernels.studentWeights(batch, dimension, nu, workspace, values, 0, into.stride());
        kernels.moments(batch, centres, order, workspace, values, MOMENTS, into.stride());
      }

      @Override
      public void accumulate(Batch batch, Workspace workspace, Statistics into) {
        double[] values = into.values();
        double[] before = new double[into.components()];
        Arrays.setAll(before, k -> values[into.offset(k) + MOMENTS]);
        kernels.moments(batch, centres, order, workspace, values, MOMENTS, into.stride());
        for (int k = 0; k < before.length; k++) {
          values[into.offset(k)] += values[into.offset(k) + MOMENTS] - before[k];
        }
      }
    };
  }

  @Override
  public Mixture<StudentT> maximize(Statistics statistics, Mixture<StudentT> current, int cycle)
      throws Degeneracy {
    return maximize(statistics, current, cycle, () -> false);
  }

  @Override
  public Mixture<StudentT> maximize(
      Statistics statistics, Mixture<StudentT> current, int cycle, BooleanSupplier hurry)
      throws Degeneracy {
    return cycle == 0 ? ellipses(statistics, current, hurry) : degrees(statistics, current);
  }

  private Mixture<StudentT> ellipses(
      Statistics statistics, Mixture<StudentT> current, BooleanSupplier hurry) throws Degeneracy {
    EllipticalSums sums = sums(current.dimension());
    double[][] means = sums.means(statistics, centres(current));
    Covariance[] previous =
        current.components().stream().map(StudentT::scale).toArray(Covariance[]::new);
    Covariance[] scales = sums.covariances(statistics, previous, hurry);
    List<StudentT> components = new ArrayList<>();
    for (int k = 0; k < means.length; k++) {
      components.add(StudentT.of(means[k], scales[k], current.component(k).degreesOfFreedom()));
    }
    return Mixture.of(components, statistics.mixingWeights());
  }

  private Mixture<StudentT> degrees(Statistics statistics, Mixture<StudentT> current) {
    double[] values = statistics.values();
    boolean shared = degreesOfFreedom.mode() == DegreesOfFreedom.Mode.SHARED;
    List<StudentT> components = new ArrayList<>();
    for (int k = 0; k < current.componentCount(); k++) {
      StudentT component = current.component(k);
      int at = shared ? statistics.shared() : statistics.offset(k) + GRADIENT;
      double nu = newton(component.degreesOfFreedom(), values[at], values[at + 1]);
      components.add(StudentT.of(component.mean(), component.scale(), nu));
    }
    return Mixture.of(components, current.weights());
  }

  /**
   * One Newton step in τ = 1/ν, uphill, of at most 2τ + 0.02, ending inside the bounds; where the
   * function is not concave a step of τ.
   */
  private static double newton(double nu, double gradient, double curvature) {
    double tau = 1 / nu;
    double step = curvature < 0 ? -gradient / curvature : Math.signum(gradient) * tau;
    double most = 2 * tau + 0.02;
    double next = tau + Math.max(-most, Math.min(most, step));
    return Math.max(
        SMALLEST, next <= 1 / DegreesOfFreedom.LARGEST ? DegreesOfFreedom.LARGEST : 1 / next);
  }

  @Override
  public Mixture<StudentT> retreat(Mixture<StudentT> previous, Mixture<StudentT> attempted) {
    List<StudentT> components = new ArrayList<>();
    for (int k = 0; k < previous.componentCount(); k++) {
      StudentT from = previous.component(k);
      double tau = 0.5 / from.degreesOfFreedom() + 0.5 / attempted.component(k).degreesOfFreedom();
      components.add(StudentT.of(from.mean(), from.scale(), 1 / tau));
    }
    return Mixture.of(components, previous.weights());
  }

  @Override
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      Mixture<StudentT> current,
      DataSummary summary) {
    sums(row.length).reseed(statistics, k, weight, row, current.component(k).mean(), summary);
  }

  @Override
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {
    sums(summary.mean().length).floor(statistics, k, fraction, summary);
  }

  @Override
  public void recentre(Statistics statistics, Mixture<StudentT> from, Mixture<StudentT> to) {
    sums(to.dimension()).recentre(statistics, centres(from), centres(to));
  }

  @Override
  public double[] scales(DataSummary summary) {
    double[] moments = sums(summary.mean().length).scales(summary);
    double[] scales = new double[MOMENTS + moments.length];
    Arrays.fill(scales, 0, MOMENTS, 1);
    // The derivatives in 1/ν play no part in an extrapolation.
    scales[GRADIENT] = Double.POSITIVE_INFINITY;
    scales[GRADIENT + 1] = Double.POSITIVE_INFINITY;
    System.arraycopy(moments, 0, scales, MOMENTS, moments.length);
    return scales;
  }

  private static List<Covariance> scales(Mixture<StudentT> mixture) {
    return mixture.components().stream().map(StudentT::scale).toList();
  }

  @Override
  public int collapsed(Mixture<StudentT> mixture, DataSummary summary) {
    return EllipticalSums.collapsed(centres(mixture), scales(mixture), summary);
  }

  @Override
  public Mixture<StudentT> admit(Mixture<StudentT> mixture) {
    List<Covariance> admitted = sums(mixture.dimension()).admit(mixture.weights(), scales(mixture));
    double[] degrees =
        mixture.components().stream().mapToDouble(StudentT::degreesOfFreedom).toArray();
    boolean equal = Arrays.stream(degrees).allMatch(nu -> nu == degrees[0]);
    List<StudentT> components = new ArrayList<>();
    for (int k = 0; k < degrees.length; k++) {
      double nu =
          switch (degreesOfFreedom.mode()) {
            case FIXED -> degreesOfFreedom.start();
            case SHARED -> equal ? degrees[0] : degreesOfFreedom.start();
            case FREE -> degrees[k];
          };
      if (isEstimated()) {
        nu = Math.max(SMALLEST, Math.min(DegreesOfFreedom.LARGEST, nu));
      }
      components.add(StudentT.of(mixture.component(k).mean(), admitted.get(k), nu));
    }
    return Mixture.of(components, mixture.weights());
  }

  @Override
  public List<FitWarning> inspect(Mixture<StudentT> mixture, DataSummary summary, int iteration) {
    List<FitWarning> warnings =
        EllipticalSums.spikes(mixture.weights(), scales(mixture), summary, iteration);
    for (int k = 0; isEstimated() && k < mixture.componentCount(); k++) {
      double nu = mixture.component(k).degreesOfFreedom();
      if (nu >= DegreesOfFreedom.LARGEST || nu <= SMALLEST) {
        warnings.add(
            new FitWarning(
                k,
                iteration,
                FitWarning.Kind.AT_BOUND,
                "degrees of freedom ended at the bound "
                    + nu
                    + (nu > 1 ? ": the component is practically normal" : "")));
      }
    }
    return warnings;
  }
}
