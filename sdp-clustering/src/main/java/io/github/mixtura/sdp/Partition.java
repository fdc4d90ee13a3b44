package io.github.mixtura.sdp;

import io.github.mixtura.optimisation.Certification;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ejml.data.DMatrixRMaj;

/**
 * Groups of rows, with what is proven of them. Immutable.
 *
 * <p>The objective is maximised; what it is depends on the {@link Method}. A safe upper bound,
 * where there is one, holds for the objective of <em>every</em> partition into as many groups,
 * error terms included. For the likelihood-adjusted methods objective and bound are for the
 * covariances of this partition: the labels are compared with all other labels <em>for these
 * covariances</em>, not jointly with them.
 */
public final class Partition {
  private final Method method;
  private final int components;
  private final int[] labels;
  private final double objective;
  private final Bound bound;
  private final double withinSumOfSquares;
  private final DMatrixRMaj[] covariances;
  private final int iterations;
  private final Map<String, Double> seconds;
  private final List<String> warnings;
  private final BoundStop boundStop;
  private final int boundSteps;

  private Partition(
      Method method,
      int components,
      int[] labels,
      double objective,
      Bound bound,
      double withinSumOfSquares,
      DMatrixRMaj[] covariances,
      int iterations,
      Map<String, Double> seconds,
      List<String> warnings,
      BoundStop boundStop,
      int boundSteps) {
    this.method = method;
    this.components = components;
    this.labels = labels;
    this.objective = objective;
    this.bound = bound;
    this.withinSumOfSquares = withinSumOfSquares;
    this.covariances = covariances;
    this.iterations = iterations;
    this.seconds = new LinkedHashMap<>(seconds);
    this.warnings = List.copyOf(warnings);
    this.boundStop = boundStop;
    this.boundSteps = boundSteps;
  }

  /**
   * A partition of points, in the unit of the data.
   *
   * @param labels 0 … K − 1, all used; kept
   * @param objective of the points; where there is a bound, the bound's own is taken
   * @param bound of the points; {@code null} or infinite if there is none
   * @param covariances of the points' groups; {@code null} for methods without
   */
  static Partition of(
      Method method,
      Points points,
      int components,
      int[] labels,
      double objective,
      Bound bound,
      DMatrixRMaj[] covariances,
      int iterations,
      Map<String, Double> seconds,
      List<String> warnings) {
    double unit = points.squaredUnit();
    Bound safe =
        bound == null || covariances != null ? bound : ofTheData(bound, points, components);
    boolean isBounded = safe != null && Double.isFinite(safe.upper());
    Bound own = isBounded ? safe : Bound.none(objective, "none");
    Bound whole =
        covariances == null
            ? own.times(unit)
            : own.plus(-points.count() * points.logDeterminantOfUnit());
    return new Partition(
        method,
        components,
        labels,
        whole.objective(),
        isBounded ? whole : null,
        unit * withinSumOfSquares(new PengWei(points, components), labels),
        covariances == null ? null : times(unit, covariances),
        iterations,
        seconds,
        warnings,
        null,
        0);
  }

  /**
   * What a bound for the centred rows is for the data. With Z a partition's projection, less that
   * to the ones vector, the objective is ‖ZX‖², and {@code |‖ZX‖ − ‖ZX̃‖| ≤ ‖X̃ − X + 1cᵀ‖ =: e}
   * for any c. Twice, because the partition's own value may be less than computed by as much.
   */
  private static Bound ofTheData(Bound bound, Points points, int components) {
    if (components == 1) {
      return bound;
    }
    double e = points.centringError();
    return bound.raised(2.1 * (2 * Math.sqrt(Math.max(0, bound.upper())) * e + e * e));
  }

  private static double withinSumOfSquares(PengWei problem, int[] labels) {
    double[] rows = problem.points().rows().data;
    int p = problem.points().dimension();
    double[][] sums = problem.sums(labels);
    int[] sizes = problem.sizes(labels);
    double within = 0;
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < p; j++) {
        double step = rows[i * p + j] - sums[labels[i]][j] / sizes[labels[i]];
        within += step * step;
      }
    }
    return within;
  }

  /** Products of matrices with a power of two; a matrix that occurs again is shared again. */
  static DMatrixRMaj[] times(double factor, DMatrixRMaj[] matrices) {
    if (factor == 1) {
      return matrices;
    }
    IdentityHashMap<DMatrixRMaj, DMatrixRMaj> products = new IdentityHashMap<>();
    return Arrays.stream(matrices)
        .map(matrix -> products.computeIfAbsent(matrix, m -> times(factor, m)))
        .toArray(DMatrixRMaj[]::new);
  }

  private static DMatrixRMaj times(double factor, DMatrixRMaj matrix) {
    DMatrixRMaj product = matrix.copy();
    for (int at = 0; at < product.data.length; at++) {
      product.data[at] *= factor;
    }
    return product;
  }

  /**
   * How the partition was found.
   *
   * @return the method
   */
  public Method method() {
    return method;
  }

  /**
   * Number of groups.
   *
   * @return K
   */
  public int components() {
    return components;
  }

  /**
   * The groups of the rows.
   *
   * @return n numbers 0 … K − 1, all used, larger groups first unless the labels were given; a copy
   */
  public int[] labels() {
    return labels.clone();
  }

  /**
   * Value of this partition, as computed: where there is a bound, it is off by {@link #errorTerms}
   * at most.
   *
   * @return what {@link Method} says is maximised
   */
  public double objective() {
    return objective;
  }

  /**
   * A bound on the value of every partition into K groups.
   *
   * @return at least {@link #objective()}; empty if none was computed
   */
  public OptionalDouble upperBound() {
    return bound == null ? OptionalDouble.empty() : OptionalDouble.of(bound.upper());
  }

  /**
   * The part of the bound that allows for rounding and for what eigenvalue computations leave open.
   *
   * @return included in {@link #upperBound()}; empty if there is none
   */
  public OptionalDouble errorTerms() {
    return bound == null ? OptionalDouble.empty() : OptionalDouble.of(bound.errorTerms());
  }

  /**
   * The kind of dual point behind the bound, such as {@code rank-1} or {@code entrywise}.
   *
   * @return its name; {@code null} if there is no bound
   */
  public String boundMethod() {
    return bound == null ? null : bound.method();
  }

  /**
   * How far the value is from the bound.
   *
   * @return (bound − objective) / objective for SDP-relaxed K-means; (bound − objective) / (n p)
   *     for the likelihood-adjusted methods, whose objective has no natural zero; empty without a
   *     bound
   */
  public OptionalDouble relativeGap() {
    return bound == null ? OptionalDouble.empty() : OptionalDouble.of(gap());
  }

  private double gap() {
    double scale =
        covariances == null ? objective : (double) labels.length * covariances[0].numRows;
    return bound.gap() == 0 ? 0 : bound.gap() / scale;
  }

  /**
   * What the bound says.
   *
   * @return CERTIFIED if the relative gap is at most 1e-9
   */
  public Certification status() {
    if (bound == null) {
      return Certification.UNCERTIFIED;
    }
    return gap() <= SdpClustering.CERTIFIED ? Certification.CERTIFIED : Certification.GAP;
  }

  /**
   * Sum of the squared distances of the rows to their group's mean.
   *
   * @return ≥ 0, in the units of the (scaled) columns
   */
  public double withinSumOfSquares() {
    return withinSumOfSquares;
  }

  /**
   * Covariances of the groups that objective and bound are for.
   *
   * @return K times p × p, copies; empty for methods without covariances
   */
  public List<double[][]> covariances() {
    return covariances == null
        ? List.of()
        : Arrays.stream(covariances).map(Partition::rows).toList();
  }

  private static double[][] rows(DMatrixRMaj matrix) {
    double[][] rows = new double[matrix.numRows][];
    Arrays.setAll(
        rows, i -> Arrays.copyOfRange(matrix.data, i * matrix.numCols, (i + 1) * matrix.numCols));
    return rows;
  }

  /**
   * Passes of the search, or outer steps of iLA-SDP.
   *
   * @return the number
   */
  public int iterations() {
    return iterations;
  }

  /**
   * Wall time of each phase.
   *
   * @return seconds by name, such as {@code search} and {@code certificate}, in order
   */
  public Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }

  /**
   * What the user should know.
   *
   * @return sentences
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Why no more was done for the bound.
   *
   * @return the reason; empty for methods that have no bound
   */
  public Optional<BoundStop> boundStoppedBy() {
    return Optional.ofNullable(boundStop);
  }

  /**
   * Steps made for the bound; see {@link SdpClustering#boundSteps}.
   *
   * @return ≥ 0
   */
  public int boundSteps() {
    return boundSteps;
  }

  Partition withBoundWork(BoundStop stop, int steps) {
    return new Partition(
        method,
        components,
        labels,
        objective,
        bound,
        withinSumOfSquares,
        covariances,
        iterations,
        seconds,
        warnings,
        stop,
        steps);
  }

  /** With groups by falling size, first row first. */
  Partition sorted() {
    int[] sizes = new int[components];
    int[] first = new int[components];
    for (int i = labels.length - 1; i >= 0; i--) {
      sizes[labels[i]]++;
      first[labels[i]] = i;
    }
    Integer[] order = new Integer[components];
    Arrays.setAll(order, k -> k);
    Arrays.sort(
        order,
        (a, b) ->
            sizes[a] != sizes[b]
                ? Integer.compare(sizes[b], sizes[a])
                : Integer.compare(first[a], first[b]));
    int[] place = new int[components];
    DMatrixRMaj[] moved = covariances == null ? null : new DMatrixRMaj[components];
    for (int k = 0; k < components; k++) {
      place[order[k]] = k;
      if (moved != null) {
        moved[k] = covariances[order[k]];
      }
    }
    return new Partition(
        method,
        components,
        Arrays.stream(labels).map(label -> place[label]).toArray(),
        objective,
        bound,
        withinSumOfSquares,
        moved,
        iterations,
        seconds,
        warnings,
        boundStop,
        boundSteps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Partition that
        && method == that.method
        && components == that.components
        && Arrays.equals(labels, that.labels)
        && Double.compare(objective, that.objective) == 0
        && Objects.equals(bound, that.bound);
  }

  @Override
  public int hashCode() {
    return Objects.hash(method, components, Arrays.hashCode(labels), objective);
  }

  @Override
  public String toString() {
    return method.label()
        + ", "
        + components
        + " groups of "
        + labels.length
        + " rows: objective "
        + objective
        + (bound == null ? "" : ", bound " + bound.upper() + ", relative gap " + gap())
        + ", "
        + status();
  }
}
