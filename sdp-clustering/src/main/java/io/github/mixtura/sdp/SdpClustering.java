package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.optimisation.Certification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;

/**
 * Looks for a partition of rows into K groups and bounds how much better another one could be.
 * Immutable.
 *
 * <p>A heuristic finds the partition; a dual point made of it proves a bound on all partitions.
 * Work for the bound ends when the partition is proved best, when more would not improve it
 * usefully, or after ten seconds ({@link #timeLimit}, {@link #boundSteps}); {@link
 * Partition#boundStoppedBy} says which. Where that leaves a relative gap above 1e-3, the low-rank
 * solver looks for a better partition (up to n·p·K = 1e6), and for SDP-relaxed K-means on up to 300
 * rows the full semidefinite program is solved by ADMM for a better bound. Memory: O(n(p + K))
 * numbers for the search and the rank-one bound, O(K n p) for the likelihood-adjusted bound, 5 n²
 * for the entrywise bound (up to 5000 rows), 8 n² for ADMM. A bound that the heap has no room for
 * is left out, with a warning.
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

  /**
   * What a run may take.
   *
   * @param whole time of search and bound; {@code null} for none
   * @param bound time of the bound, from its beginning; {@code null} for none
   * @param steps of the bound
   */
  private record Limits(Duration whole, Duration bound, int steps) {
    static final Limits DEFAULT = new Limits(null, Duration.ofSeconds(10), Integer.MAX_VALUE);

    Limits time(Duration value) {
      return new Limits(value, null, steps);
    }

    Limits steps(int value) {
      return new Limits(whole, bound, value);
    }
  }

  private static final double SMALL_GAP = 1e-3;
  private static final long LARGEST_LOW_RANK = 1_000_000;
  private static final int MOST_ADMM_ROWS = 300;

  private final Method method;
  private final int components;
  private final CovarianceRule rule;
  private final long seed;
  private final int starts;
  private final int threads;
  private final Limits limits;
  private final BooleanSupplier cancelled;
  private final Consumer<String> listener;

  private SdpClustering(
      Method method,
      int components,
      CovarianceRule rule,
      long seed,
      int starts,
      int threads,
      Limits limits,
      BooleanSupplier cancelled,
      Consumer<String> listener) {
    this.method = method;
    this.components = components;
    this.rule = rule;
    this.seed = seed;
    this.starts = starts;
    this.threads = threads;
    this.limits = limits;
    this.cancelled = cancelled;
    this.listener = listener;
  }

  /**
   * Clustering with default options: full covariances with shrinkage, seed 1, ten k-means++ starts,
   * all processors, no limit for the search and ten seconds for the bound.
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
        Limits.DEFAULT,
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
        method, components, changed, seed, starts, threads, limits, cancelled, listener);
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
        method, components, changed, seed, starts, threads, limits, cancelled, listener);
  }

  /**
   * Changes the seed of all randomness.
   *
   * @param value the seed; the same gives the same result on any number of threads
   * @return changed copy
   */
  public SdpClustering seed(long value) {
    return new SdpClustering(
        method, components, rule, value, starts, threads, limits, cancelled, listener);
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
        method, components, rule, seed, value, threads, limits, cancelled, listener);
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
        method, components, rule, seed, starts, value, limits, cancelled, listener);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }

  /**
   * Sets a time after which the best partition so far is returned, with what is proven by then. By
   * default the search takes the time it needs and the bound gets ten seconds after it.
   *
   * @param value the limit for search and bound together, or {@code null} for none
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public SdpClustering timeLimit(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + value + ", must not be negative");
    }
    return new SdpClustering(
        method, components, rule, seed, starts, threads, limits.time(value), cancelled, listener);
  }

  /**
   * Limits the steps of the bound. A step is one dual point, one case, or one stretch of a solver;
   * a time limit only decides how many are made, so that the same number of steps, {@link
   * Partition#boundSteps}, gives the same partition and bound to the last bit after the same
   * search.
   *
   * @param value at least 0; with 0 there is no bound
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public SdpClustering boundSteps(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("boundSteps is " + value + ", must be at least 0");
    }
    return new SdpClustering(
        method, components, rule, seed, starts, threads, limits.steps(value), cancelled, listener);
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
        limits,
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
        limits,
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
    Phases phases = new Phases();
    Partition found =
        switch (method) {
          case K_MEANS -> kMeans(points, phases);
          case SDP, LOW_RANK -> sdp(points, phases);
          case LIKELIHOOD -> likelihood(points, phases);
          case ILA_SDP -> ilaSdp(points, components, phases);
        };
    if (!isEveryGroupUsed(found.labels())) {
      throw new UnusableDataException(
          "the search left a group without a row, must have one in each: ask for fewer components,"
              + " or choose another method");
    }
    return found.sorted();
  }

  /**
   * Refuses rows that cannot fill as many groups, whatever the method and the weights.
   *
   * @param observations n × p rows
   * @throws UnusableDataException if there are fewer (distinct) rows than groups
   */
  public void requireEnoughRows(Observations observations) {
    int p = observations.columns();
    DMatrixRMaj rows = new DMatrixRMaj(observations.rows(), p);
    for (int at = 0; at < rows.data.length; at++) {
      rows.data[at] = observations.get(at / p, at % p);
    }
    KMeansSearch.requireDistinctRows(new Points(rows), components);
  }

  /**
   * Bounds how much better than a given partition another one could be, without a search. The
   * labels are kept as they are; with {@link Method#ILA_SDP}, the covariances are those of its
   * groups.
   *
   * @param observations as for {@link #cluster}
   * @param labels group of each row, 0 … K − 1, all used (read)
   * @return the partition, with its status
   * @throws UnusableDataException if a value is missing or rows have weights
   * @throws IllegalArgumentException if the labels do not fit the rows or K, groups are too small
   *     for their covariances, or the method has no bound
   */
  public Partition certify(Observations observations, int[] labels) {
    if (method == Method.K_MEANS || method == Method.LIKELIHOOD) {
      throw new IllegalArgumentException("method is " + method.label() + ", must have a bound");
    }
    int groups = SdpCertificate.components(observations, labels);
    if (groups != components) {
      throw new IllegalArgumentException(
          "labels has " + groups + " groups, must have as many as components: " + components);
    }
    SdpCertificate.requireComplete(observations);
    Points points = Points.of(observations);
    Phases phases = new Phases();
    if (method == Method.ILA_SDP) {
      phases.enter("certificate");
      return partition(
          points,
          groups,
          ilaSdp().certified(points, groups, labels.clone(), phases.bounding()),
          phases);
    }
    PengWei problem = new PengWei(points, components);
    Bound bound = certificate(problem, labels, phases);
    return phases.told(
        partition(points, labels.clone(), problem.objective(labels), bound, 0, phases));
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
    SdpCertificate.requireComplete(observations);
    Points points = Points.of(observations);
    Run run = run(note -> {});
    List<Choice> choices = new ArrayList<>();
    for (int k : numbers) {
      if (!choices.isEmpty() && run.isOver()) {
        break;
      }
      choices.add(choice(points, k, run));
    }
    return List.copyOf(choices);
  }

  private Choice choice(Points points, int groups, Run run) {
    try {
      Partition found = ilaSdp(points, groups, new Phases(run)).sorted();
      double icl =
          Icl.of(found.objective(), found.labels(), points.dimension(), groups, rule.model());
      return new Choice(groups, found, icl, null);
    } catch (IllegalArgumentException e) {
      return new Choice(groups, null, Double.NaN, e.getMessage());
    }
  }

  private IlaSdp ilaSdp() {
    return new IlaSdp(rule, new SdpRelaxation(seed));
  }

  private Points points(Observations observations) {
    SdpCertificate.requireComplete(observations);
    if (observations.rows() < components) {
      throw new UnusableDataException(
          (observations.rows() == 1
                  ? "there is 1 row"
                  : "there are " + observations.rows() + " rows")
              + " for "
              + components
              + " groups, must be at least as many rows as groups");
    }
    return Points.of(observations);
  }

  private Run run(Consumer<String> notes) {
    BooleanSupplier late = after(limits.whole);
    return new Run(threads, () -> cancelled.getAsBoolean() || late.getAsBoolean(), notes);
  }

  /** Becomes true when a time from now is over. */
  private static BooleanSupplier after(Duration limit) {
    if (limit == null || limit.toDays() > 10_000) {
      return () -> false;
    }
    long begin = System.nanoTime();
    long nanos = limit.toNanos();
    return () -> System.nanoTime() - begin >= nanos;
  }

  /** Times of the phases so far, and what is to be said of them. */
  private final class Phases {
    private final Run run;
    private final Set<String> notes = new LinkedHashSet<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private String current;
    private long begin;
    private Run bounding;

    Phases() {
      run = run(notes::add);
    }

    /** A part of a run. */
    Phases(Run whole) {
      run = new Run(whole.threads(), whole.stop(), notes::add);
    }

    /** The run of the bound, which begins when it is first asked for. */
    Run bounding() {
      if (bounding == null) {
        BooleanSupplier late = after(limits.bound);
        bounding =
            new Run(
                run.threads(),
                () -> run.isOver() || late.getAsBoolean(),
                run.notes(),
                new Budget(limits.steps));
      }
      return bounding;
    }

    /** With what was done for its bound. */
    Partition told(Partition partition) {
      Run bound = bounding();
      BoundStop stop = BoundStop.STALLED;
      if (partition.status() == Certification.CERTIFIED) {
        stop = BoundStop.CERTIFIED;
      } else if (bound.budget().isSpent()) {
        stop = BoundStop.STEPS;
      } else if (bound.isOver()) {
        stop = cancelled.getAsBoolean() ? BoundStop.CANCELLED : BoundStop.TIME;
      }
      return partition.withBoundWork(stop, bound.budget().made());
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
      List<String> warnings = new ArrayList<>(notes);
      if (run.isOver()) {
        warnings.add("the time was over or the work was cancelled: best partition so far");
      }
      return warnings;
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
    return partition(points, found.labels(), found.objective(), null, found.iterations(), phases);
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
    Run run = phases.bounding();
    Bound bound = certificate(problem, labels, phases);
    if (method == Method.SDP && isWide(bound) && size(points) <= LARGEST_LOW_RANK) {
      phases.enter("low-rank");
      int[] warm = labels;
      Candidate other = run.step(() -> improved(problem, warm, run), null);
      iterations += other == null ? 0 : other.iterations();
      if (other != null && problem.objective(other.labels()) > bound.objective() * (1 + 1e-12)) {
        labels = other.labels();
        phases.enter("certificate");
        bound = PengWeiCertificate.of(problem, labels, run).lowered(bound);
      }
    }
    if (method == Method.SDP && isWide(bound) && points.count() <= MOST_ADMM_ROWS) {
      phases.enter("admm");
      PengWeiAdmm.Result admm = PengWeiAdmm.solve(problem, labels, run);
      iterations += admm.iterations();
      if (admm.lower() > bound.objective() * (1 + 1e-12) && isEveryGroupUsed(admm.labels())) {
        labels = admm.labels();
        bound = new Bound(admm.lower(), bound.upper(), bound.errorTerms(), bound.method());
      }
      bound = bound.lowered(new Bound(bound.objective(), admm.upper(), admm.errorTerms(), "admm"));
    }
    return phases.told(
        partition(points, labels, problem.objective(labels), bound, iterations, phases));
  }

  private boolean isEveryGroupUsed(int[] labels) {
    return Arrays.stream(labels).distinct().count() == components;
  }

  /** Labels of the low-rank solver, improved; iterations are its products. */
  private Candidate improved(PengWei problem, int[] labels, Run run) {
    PengWeiLowRank.Result found = PengWeiLowRank.solve(problem, labels, seed, run);
    Candidate better = KMeansSearch.improve(problem.points(), found.labels(), components, run);
    return new Candidate(better.labels(), better.objective(), found.products(), "low-rank");
  }

  /** {@code null} if nothing was proven. */
  private static Bound certificate(PengWei problem, int[] labels, Phases phases) {
    Run run = phases.bounding();
    if (run.isOver() && problem.components() > 1) {
      return null;
    }
    phases.enter("certificate");
    Bound bound = PengWeiCertificate.of(problem, labels, run);
    return Double.isInfinite(bound.upper()) ? null : bound;
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
    return Partition.of(
        method,
        points,
        components,
        found.labels(),
        found.objective(),
        null,
        GroupCovariances.of(points, found.labels(), components, rule, phases.run),
        found.iterations(),
        phases.end(),
        phases.warnings());
  }

  private Partition ilaSdp(Points points, int groups, Phases phases) {
    phases.enter("search and certificate");
    IlaSdp.Result result = ilaSdp().solve(points, groups, seed, phases.run, phases::bounding);
    return partition(points, groups, result, phases);
  }

  private static Partition partition(
      Points points, int groups, IlaSdp.Result result, Phases phases) {
    List<String> warnings = new ArrayList<>(result.warnings());
    warnings.addAll(phases.warnings());
    return phases.told(
        Partition.of(
            Method.ILA_SDP,
            points,
            groups,
            result.labels(),
            result.objective(),
            result.bound(),
            result.covariances(),
            result.iterations(),
            phases.end(),
            warnings));
  }

  private Partition partition(
      Points points, int[] labels, double objective, Bound bound, int iterations, Phases phases) {
    return Partition.of(
        method,
        points,
        components,
        labels,
        objective,
        bound,
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
        + starts
        + " starts, "
        + threads
        + " threads";
  }
}
