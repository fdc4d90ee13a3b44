package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks for a partition of rows into K groups and bounds how much better another one could be.
 * Immutable.
 *
 * <p>A heuristic finds the partition; a dual point made of it proves a bound on all partitions.
 * Where that leaves a relative gap above 1e-3, the low-rank solver looks for a better partition (up
 * to n·p·K = 1e6), and on up to 300 rows the full semidefinite program is solved by ADMM for a
 * better bound. Memory: O(n(p + K)) for the search and the rank-one bound, 2 n² numbers for the
 * entrywise bound (up to 5000 rows), 6 n² (times K for the likelihood-adjusted program) for ADMM.
 *
 * <pre>{@code
 * Partition partition = SdpClustering.of(Method.ILA_SDP, 3).cluster(Observations.of(x));
 * partition.status();       // CERTIFIED, GAP or UNCERTIFIED
 * partition.upperBound();   // no partition into 3 groups has a larger objective
 * }</pre>
 */
public final class SdpClustering {
  /** Relative gap up to which a partition counts as optimal. */
  static final double CERTIFIED = 1e-9;

  private static final double SMALL_GAP = 1e-3;
  private static final long LARGEST_LOW_RANK = 1_000_000;
  private static final int MOST_ADMM_ROWS = 300;

  private final Method method;
  private final int components;
  private final CovarianceRule rule;
  private final long seed;
  private final int starts;
  private final int threads;
  private final Duration timeLimit;
  private final BooleanSupplier cancelled;
  private final Consumer<String> listener;

  private SdpClustering(
      Method method,
      int components,
      CovarianceRule rule,
      long seed,
      int starts,
      int threads,
      Duration timeLimit,
      BooleanSupplier cancelled,
      Consumer<String> listener) {
    this.method = method;
    this.components = components;
    this.rule = rule;
    this.seed = seed;
    this.starts = starts;
    this.threads = threads;
    this.timeLimit = timeLimit;
    this.cancelled = cancelled;
    this.listener = listener;
  }

  /**
   * Clustering with default options: full covariances with shrinkage, seed 1, ten k-means++ starts,
   * all processors, no time limit.
   *
   * @param method what is maximised, and how
   * @param components K ≥ 1
   * @return the clustering
   * @throws IllegalArgumentException if K is less than 1
   */
  public static SdpClustering of(Method method, int components) {
    Objects.requireNonNull(method, "method");
    if (components < 1) {
      throw new IllegalArgumentException("components is " + components + ", must be at least 1");
    }
    return new SdpClustering(
        method,
        components,
        new CovarianceRule(CovarianceModel.FULL, true),
        1,
        KMeansSearch.STARTS,
        Runtime.getRuntime().availableProcessors(),
        null,
        () -> false,
        phase -> {});
  }

  /**
   * Changes what the covariances of the groups may be; for the likelihood-adjusted methods.
   *
   * @param value the restriction
   * @return changed copy
   */
  public SdpClustering covariance(CovarianceModel value) {
    CovarianceRule changed = new CovarianceRule(Objects.requireNonNull(value), rule.shrinkage());
    return new SdpClustering(
        method, components, changed, seed, starts, threads, timeLimit, cancelled, listener);
  }

  /**
   * Switches the shrinkage of covariances on or off. Full covariances S_k of n_k rows become {@code
   * (1 − g)S_k + (g/2)S + (g/2)(tr S_k/p)I} with {@code g = p/(n_k + p)} and S the pooled
   * covariance; without it the likelihood is unbounded where a group has no more than p rows.
   *
   * @param value true for on
   * @return changed copy
   */
  public SdpClustering shrinkage(boolean value) {
    CovarianceRule changed = new CovarianceRule(rule.model(), value);
    return new SdpClustering(
        method, components, changed, seed, starts, threads, timeLimit, cancelled, listener);
  }

  /**
   * Changes the seed of all randomness.
   *
   * @param value the seed; the same gives the same result on any number of threads
   * @return changed copy
   */
  public SdpClustering seed(long value) {
    return new SdpClustering(
        method, components, rule, value, starts, threads, timeLimit, cancelled, listener);
  }

  /**
   * Changes the number of k-means++ starts.
   *
   * @param value at least 1
   * @return changed copy
   * @throws IllegalArgumentException if it is less than 1
   */
  public SdpClustering starts(int value) {
    requirePositive("starts", value);
    return new SdpClustering(
        method, components, rule, seed, value, threads, timeLimit, cancelled, listener);
  }

  /**
   * Changes the number of threads.
   *
   * @param value at least 1
   * @return changed copy
   * @throws IllegalArgumentException if it is less than 1
   */
  public SdpClustering threads(int value) {
    requirePositive("threads", value);
    return new SdpClustering(
        method, components, rule, seed, starts, value, timeLimit, cancelled, listener);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }

  /**
   * Sets a time after which the best partition so far is returned, with what is proven by then.
   *
   * @param value the limit, or {@code null} for none
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public SdpClustering timeLimit(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + value + ", must not be negative");
    }
    return new SdpClustering(
        method, components, rule, seed, starts, threads, value, cancelled, listener);
  }

  /**
   * Sets a sign that ends the work like a time limit.
   *
   * @param value asked often; once true the best partition so far is returned
   * @return changed copy
   */
  public SdpClustering cancelled(BooleanSupplier value) {
    return new SdpClustering(
        method,
        components,
        rule,
        seed,
        starts,
        threads,
        timeLimit,
        Objects.requireNonNull(value),
        listener);
  }

  /**
   * Sets who is told when a phase begins.
   *
   * @param value gets the name of the phase, such as {@code certificate}
   * @return changed copy
   */
  public SdpClustering listener(Consumer<String> value) {
    return new SdpClustering(
        method,
        components,
        rule,
        seed,
        starts,
        threads,
        timeLimit,
        cancelled,
        Objects.requireNonNull(value));
  }

  /**
   * Finds a partition.
   *
   * @param observations n × p rows, none missing, without weights
   * @return the best partition found, with its status
   * @throws UnusableDataException if a value is missing, rows have weights, or there are fewer
   *     (distinct) rows than groups
   * @throws IllegalArgumentException if groups are too small for covariances without shrinkage; the
   *     message says what to do
   * @throws CancellationException if cancelled before there was any partition
   */
  public Partition cluster(Observations observations) {
    Points points = points(observations);
    Phases phases = new Phases(run());
    Partition found =
        switch (method) {
          case K_MEANS -> kMeans(points, phases);
          case SDP, LOW_RANK -> sdp(points, phases);
          case LIKELIHOOD -> likelihood(points, phases);
          case ILA_SDP -> ilaSdp(points, phases);
        };
    return found.sorted();
  }

  /**
   * One number of groups among others.
   *
   * @param components K
   * @param partition found for it; {@code null} if there is none
   * @param icl integrated completed likelihood, lower is better: {@code L + n p log 2π − 2 Σ n_k
   *     log (n_k/n) + ν log n} (doi:10.1109/34.865189, with the classification likelihood); NaN if
   *     there is no partition
   * @param reason why there is none; {@code null} if there is one
   */
  public record Choice(int components, Partition partition, double icl, String reason) {}

  /**
   * Compares numbers of groups by iLA-SDP, whatever the method.
   *
   * @param observations as for {@link #cluster}
   * @param numbers numbers of groups, each at least 1
   * @return one entry per number, in order; fewer if the time was over
   * @throws UnusableDataException as {@link #cluster} does
   */
  public List<Choice> choose(Observations observations, int... numbers) {
    for (int k : numbers) {
      requirePositive("components", k);
    }
    Points points = points(observations);
    Phases phases = new Phases(run());
    List<Choice> choices = new ArrayList<>();
    for (ComponentChoice.Row row :
        ComponentChoice.of(points, numbers, ilaSdp(), seed, phases.run).rows()) {
      choices.add(
          new Choice(
              row.components(),
              row.result() == null
                  ? null
                  : partition(points, row.components(), row.result(), phases).sorted(),
              row.icl(),
              row.reason()));
    }
    return List.copyOf(choices);
  }

  private IlaSdp ilaSdp() {
    return new IlaSdp(rule, new SdpRelaxation(seed));
  }

  private Points points(Observations observations) {
    SdpCertificate.requireComplete(observations);
    if (observations.rows() < components) {
      throw new UnusableDataException(
          "there are "
              + observations.rows()
              + " rows for "
              + components
              + " groups, must be at least as many rows as groups");
    }
    return Points.of(observations);
  }

  private Run run() {
    long begin = System.nanoTime();
    long limit =
        timeLimit == null || timeLimit.toDays() > 10_000 ? Long.MAX_VALUE : timeLimit.toNanos();
    return new Run(
        threads,
        () ->
            cancelled.getAsBoolean()
                || (limit != Long.MAX_VALUE && System.nanoTime() - begin >= limit));
  }

  /** Times of the phases so far. */
  private final class Phases {
    private final Run run;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private String current;
    private long begin;

    Phases(Run run) {
      this.run = run;
    }

    void enter(String phase) {
      end();
      current = phase;
      begin = System.nanoTime();
      listener.accept(phase);
    }

    Map<String, Double> end() {
      if (current != null) {
        seconds.merge(current, (System.nanoTime() - begin) * 1e-9, Double::sum);
        current = null;
      }
      return seconds;
    }

    List<String> warnings() {
      return run.isOver()
          ? List.of("the time was over or the work was cancelled: best partition so far")
          : List.of();
    }
  }

  private Candidate search(Points points, Phases phases) {
    phases.enter("search");
    Candidate best = KMeansSearch.plusPlus(points, components, starts, seed, phases.run);
    return phases.run.isOver() || components == 1
        ? best
        : Candidate.better(best, KMeansSearch.ward(points, components, phases.run));
  }

  private Partition kMeans(Points points, Phases phases) {
    Candidate found = search(points, phases);
    return partition(
        points, found.labels(), found.objective(), null, 1, found.iterations(), phases);
  }

  private Partition sdp(Points points, Phases phases) {
    PengWei problem = new PengWei(points, components);
    int[] labels;
    int iterations;
    if (method == Method.LOW_RANK) {
      KMeansSearch.requireDistinctRows(points, components);
      phases.enter("low-rank");
      PengWeiLowRank.Result found = PengWeiLowRank.solve(problem, null, seed, phases.run);
      labels = found.labels();
      iterations = found.products();
    } else {
      Candidate found = search(points, phases);
      labels = found.labels();
      iterations = found.iterations();
    }
    Bound bound = null;
    if (!phases.run.isOver()) {
      phases.enter("certificate");
      bound = PengWeiCertificate.of(problem, labels, phases.run);
    }
    if (method == Method.SDP && isWide(bound) && size(points) <= LARGEST_LOW_RANK) {
      phases.enter("low-rank");
      PengWeiLowRank.Result other = PengWeiLowRank.solve(problem, labels, seed, phases.run);
      int[] improved =
          KMeansSearch.improve(points, other.labels(), components, phases.run).labels();
      iterations += other.products();
      if (problem.objective(improved) > bound.objective() * (1 + 1e-12)) {
        labels = improved;
        phases.enter("certificate");
        bound = PengWeiCertificate.of(problem, labels, phases.run).lowered(bound);
      }
    }
    if (method == Method.SDP
        && isWide(bound)
        && points.count() <= MOST_ADMM_ROWS
        && !phases.run.isOver()) {
      phases.enter("admm");
      PengWeiAdmm.Result admm = PengWeiAdmm.solve(problem, labels, phases.run);
      iterations += admm.iterations();
      if (admm.lower() > bound.objective() * (1 + 1e-12)) {
        labels = admm.labels();
        bound = new Bound(admm.lower(), bound.upper(), bound.errorTerms(), bound.method());
      }
      bound = bound.lowered(new Bound(bound.objective(), admm.upper(), 0, "admm"));
    }
    double objective = problem.objective(labels);
    return partition(points, labels, objective, bound, objective, iterations, phases);
  }

  private static boolean isWide(Bound bound) {
    return bound != null && bound.gap() > SMALL_GAP * Math.abs(bound.objective());
  }

  private long size(Points points) {
    return (long) points.count() * points.dimension() * components;
  }

  private Partition likelihood(Points points, Phases phases) {
    phases.enter("search");
    Candidate found = LikelihoodSearch.search(points, components, rule, seed, phases.run);
    return SdpCertificate.partition(
        method,
        points,
        components,
        found.labels(),
        found.objective(),
        null,
        1,
        GroupCovariances.of(points, found.labels(), components, rule, phases.run),
        found.iterations(),
        phases.end(),
        phases.warnings());
  }

  private Partition ilaSdp(Points points, Phases phases) {
    phases.enter("search and certificate");
    return partition(
        points, components, ilaSdp().solve(points, components, seed, phases.run), phases);
  }

  private static Partition partition(
      Points points, int components, IlaSdp.Result result, Phases phases) {
    List<String> warnings = new ArrayList<>(result.warnings());
    warnings.addAll(phases.warnings());
    return SdpCertificate.partition(
        Method.ILA_SDP,
        points,
        components,
        result.labels(),
        result.objective(),
        result.bound(),
        (double) points.count() * points.dimension(),
        result.covariances(),
        result.iterations(),
        phases.end(),
        warnings);
  }

  private Partition partition(
      Points points,
      int[] labels,
      double objective,
      Bound bound,
      double scale,
      int iterations,
      Phases phases) {
    return SdpCertificate.partition(
        method,
        points,
        components,
        labels,
        objective,
        bound,
        scale,
        null,
        iterations,
        phases.end(),
        phases.warnings());
  }

  @Override
  public String toString() {
    return method.label()
        + " with "
        + components
        + " groups, covariance "
        + rule
        + ", seed "
        + seed
        + ", "
        + Arrays.asList("starts " + starts, "threads " + threads);
  }
}
