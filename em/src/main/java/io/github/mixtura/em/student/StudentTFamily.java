package io.github.mixtura.em.student;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.em.Accelerable;
import io.github.mixtura.em.Accumulator;
import io.github.mixtura.em.Constrained;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Layout;
import io.github.mixtura.em.Repairable;
import io.github.mixtura.em.Stage;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.em.gaussian.CovarianceEstimate;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.EllipticalSums;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Student-t components: the 14 structures on the scale matrix, ν free, shared or fixed.
 *
 * <p>Statistics per component: Σr, two derivatives of the log-likelihood in 1/ν, and the moments
 * with weights r·u, u = (ν+d)/(ν+δ²). Where ν is estimated an iteration has two cycles: EM for π,
 * μ, Σ, then, after a new pass, one guarded Newton step in 1/ν on the observed log-likelihood (an
 * AECM algorithm, Meng &amp; van Dyk 1997, doi:10.1111/1467-9868.00082). Steps that would lower the
 * log-likelihood are halved. In the first M-step u = 1 and ν keeps its starting value.
 */
public final class StudentTFamily
    implements Family<StudentT>,
        Repairable<StudentT>,
        Constrained<StudentT>,
        Accelerable<StudentT> {
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
  public Layout layout(int dimension, int components) {
    return new Layout(MOMENTS + sums(dimension).length(), 2, true);
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
  public List<StudentT> initial(double[][] centres, DataSummary summary) {
    Covariance unit = EllipticalSums.unit(centres[0].length);
    return Arrays.stream(centres)
        .map(centre -> StudentT.of(centre, unit, degreesOfFreedom.start()))
        .toList();
  }

  private static double[][] centres(List<StudentT> components) {
    return components.stream().map(StudentT::mean).toArray(double[][]::new);
  }

  private static List<Covariance> scales(List<StudentT> components) {
    return components.stream().map(StudentT::scale).toList();
  }

  @Override
  public Accumulator accumulator(List<StudentT> current, Kernels kernels, Stage stage) {
    double[][] centres = centres(current);
    double[] nu = current.stream().mapToDouble(StudentT::degreesOfFreedom).toArray();
    int dimension = centres[0].length;
    Kernels.Order order = sums(dimension).order();
    if (stage.isStart()) {
      return (batch, workspace, into) -> start(batch, workspace, into, kernels, centres, order);
    }
    if (stage.number() == 1) {
      return (batch, workspace, into) ->
          kernels.studentDegrees(
              batch,
              dimension,
              nu,
              workspace,
              into.values(),
              GRADIENT,
              into.stride(),
              into.shared());
    }
    return (batch, workspace, into) -> {
      double[] values = into.values();
      kernels.studentWeights(batch, dimension, nu, workspace, values, 0, into.stride());
      kernels.moments(batch, centres, order, workspace, values, MOMENTS, into.stride());
    };
  }

  /** Every row counts in full: Σr is Σr·u. */
  private static void start(
      Batch batch,
      Workspace workspace,
      Statistics into,
      Kernels kernels,
      double[][] centres,
      Kernels.Order order) {
    double[] values = into.values();
    double[] before = new double[into.components()];
    Arrays.setAll(before, k -> values[into.offset(k) + MOMENTS]);
    kernels.moments(batch, centres, order, workspace, values, MOMENTS, into.stride());
    for (int k = 0; k < before.length; k++) {
      values[into.offset(k)] += values[into.offset(k) + MOMENTS] - before[k];
    }
  }

  @Override
  public List<StudentT> maximize(
      Statistics statistics, List<StudentT> current, Stage stage, BooleanSupplier hurry)
      throws Degeneracy {
    return stage.number() == 0
        ? ellipses(statistics, current, hurry)
        : degrees(statistics, current);
  }

  private List<StudentT> ellipses(
      Statistics statistics, List<StudentT> current, BooleanSupplier hurry) throws Degeneracy {
    double[][] centres = centres(current);
    EllipticalSums sums = sums(centres[0].length);
    double[][] means = sums.means(statistics, centres);
    Covariance[] scales =
        sums.covariances(statistics, CovarianceEstimate.MAXIMUM_LIKELIHOOD, scales(current), hurry);
    return IntStream.range(0, means.length)
        .mapToObj(k -> StudentT.of(means[k], scales[k], current.get(k).degreesOfFreedom()))
        .toList();
  }

  private List<StudentT> degrees(Statistics statistics, List<StudentT> current) {
    double[] values = statistics.values();
    boolean shared = degreesOfFreedom.mode() == DegreesOfFreedom.Mode.SHARED;
    List<StudentT> components = new ArrayList<>();
    for (int k = 0; k < current.size(); k++) {
      StudentT component = current.get(k);
      int at = shared ? statistics.shared() : statistics.offset(k) + GRADIENT;
      double nu = newton(component.degreesOfFreedom(), values[at], values[at + 1]);
      components.add(StudentT.of(component.mean(), component.scale(), nu));
    }
    return components;
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
  public List<StudentT> halfway(List<StudentT> from, List<StudentT> to) {
    List<StudentT> components = new ArrayList<>();
    for (int k = 0; k < from.size(); k++) {
      StudentT here = from.get(k);
      double tau = 0.5 / here.degreesOfFreedom() + 0.5 / to.get(k).degreesOfFreedom();
      components.add(StudentT.of(here.mean(), here.scale(), 1 / tau));
    }
    return components;
  }

  @Override
  public List<StudentT> project(Mixture<StudentT> mixture) {
    List<Covariance> admitted =
        sums(mixture.dimension()).admit(mixture.weights(), scales(mixture.components()));
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
    return components;
  }

  @Override
  public int collapsed(List<StudentT> components, DataSummary summary) {
    return EllipticalSums.collapsed(centres(components), scales(components), summary);
  }

  @Override
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      List<StudentT> current,
      DataSummary summary) {
    sums(row.length).reseed(statistics, k, weight, row, current.get(k).mean(), summary);
  }

  @Override
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {
    sums(summary.mean().length).floor(statistics, k, fraction, summary);
  }

  @Override
  public List<FitWarning> inspect(Mixture<StudentT> mixture, DataSummary summary, int iteration) {
    List<FitWarning> warnings =
        EllipticalSums.spikes(mixture.weights(), scales(mixture.components()), summary, iteration);
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

  @Override
  public void recentre(Statistics statistics, List<StudentT> from, List<StudentT> to) {
    sums(to.get(0).dimension()).recentre(statistics, centres(from), centres(to));
  }

  @Override
  public double[] scales(DataSummary summary, int block) {
    double[] moments = sums(summary.mean().length).scales(summary);
    double[] scales = new double[MOMENTS + moments.length];
    Arrays.fill(scales, 0, MOMENTS, 1);
    // The derivatives in 1/ν play no part in an extrapolation.
    scales[GRADIENT] = Double.POSITIVE_INFINITY;
    scales[GRADIENT + 1] = Double.POSITIVE_INFINITY;
    System.arraycopy(moments, 0, scales, MOMENTS, moments.length);
    return scales;
  }
}
