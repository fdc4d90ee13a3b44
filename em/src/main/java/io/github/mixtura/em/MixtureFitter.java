package io.github.mixtura.em;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.mixture.Mixture;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Fits a mixture of one family with a given number of components. Immutable.
 *
 * <p>Every start gets its own stream of the seed. Of the starts that end with a model the kept one
 * is that of the highest log-likelihood among those without repairs and spikes, or among all if
 * there is none without.
 *
 * <pre>{@code
 * MixtureFit<Gaussian> fit = MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVE), 3)
 *     .options(EmOptions.defaults().withTolerance(1e-8).withStarts(10).withSeed(7))
 *     .fit(Observations.of(x));
 * }</pre>
 *
 * @param <C> the law
 */
public final class MixtureFitter<C extends Component> {
  private static final double SAME_OPTIMUM = 1e-7;

  private final Family<C> family;
  private final int components;
  private final EmOptions options;
  private final List<Initializer> initializers;
  private final ShortRuns shortRuns;

  /**
   * How starts are screened.
   *
   * @param iterations of every start
   * @param kept how many go on; all if there are no more
   */
  private record ShortRuns(int iterations, int kept) {
    static final ShortRuns NONE = new ShortRuns(0, Integer.MAX_VALUE);
  }

  private MixtureFitter(
      Family<C> family,
      int components,
      EmOptions options,
      List<Initializer> initializers,
      ShortRuns shortRuns) {
    this.family = family;
    this.components = components;
    this.options = options;
    this.initializers = initializers;
    this.shortRuns = shortRuns;
  }

  /**
   * A fitter with default options and k-means starts.
   *
   * @param family what to fit
   * @param components K ≥ 1
   * @param <C> the law
   * @return the fitter
   * @throws IllegalArgumentException if K is less than 1
   */
  public static <C extends Component> MixtureFitter<C> of(Family<C> family, int components) {
    Objects.requireNonNull(family, "family");
    if (components < 1) {
      throw new IllegalArgumentException("components is " + components + ", must be at least 1");
    }
    return new MixtureFitter<>(
        family, components, EmOptions.defaults(), List.of(Initializer.kMeans()), ShortRuns.NONE);
  }

  /**
   * Changes the options.
   *
   * @param value how to run EM
   * @return changed copy
   */
  public MixtureFitter<C> options(EmOptions value) {
    return new MixtureFitter<>(
        family, components, Objects.requireNonNull(value, "options"), initializers, shortRuns);
  }

  /**
   * Changes where EM starts.
   *
   * @param values one or more initialisers; each makes as many starts as the options say, or one if
   *     it always gives the same
   * @return changed copy
   * @throws IllegalArgumentException if there is none
   */
  public MixtureFitter<C> initializer(Initializer... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("initializer is empty, must be at least one");
    }
    return new MixtureFitter<>(family, components, options, List.of(values), shortRuns);
  }

  /**
   * Runs every start for a few accelerated iterations first and goes on, as the options say, with
   * the best ones only (Biernacki, Celeux &amp; Govaert 2003, doi:10.1016/S0167-9473(02)00163-9).
   * Of short runs that agree in the log-likelihood to 1e-7 one goes on.
   *
   * @param iterations of a short run, at least 1
   * @param kept number of starts that go on, at least 1
   * @return changed copy
   */
  public MixtureFitter<C> shortRuns(int iterations, int kept) {
    if (iterations < 1 || kept < 1) {
      throw new IllegalArgumentException(
          "iterations is " + iterations + " and kept is " + kept + ", must be at least 1");
    }
    return new MixtureFitter<>(
        family, components, options, initializers, new ShortRuns(iterations, kept));
  }

  /**
   * Fits.
   *
   * @param observations n × d rows, none missing; rows of weight 0 are left out
   * @return the best of the starts
   * @throws UnusableDataException if the data have missing values, fewer rows of positive weight
   *     than components, or no mixture of the family fits them
   * @throws DegenerateComponentException under {@link DegeneracyPolicy#fail()}
   * @throws CancellationException if cancelled before there was any model
   */
  public MixtureFit<C> fit(Observations observations) {
    long begin = System.nanoTime();
    long cpuBegin = Passes.threadCpuNanos();
    int[] kept = positiveRows(observations);
    Observations rows =
        kept.length == observations.rows() ? observations : observations.select(kept);
    long work = (long) rows.rows() * rows.columns() * components;
    try (Kernels kernels = Backends.open(options.backend(), work)) {
      return fit(rows, kept, observations.rows(), kernels, begin, cpuBegin);
    }
  }

  private MixtureFit<C> fit(
      Observations rows, int[] kept, int allRows, Kernels kernels, long begin, long cpuBegin) {
    DataSummary summary =
        DataSummary.of(rows, kernels, family.encoding(), family.needsCovariance());
    family.validate(summary, rows.columnNames(), options.onDegenerate());
    List<Batch> batches = rows.stage(kernels, family.encoding(), components);
    Deadline deadline = new Deadline(options, begin);
    int threads = Math.min(options.threads(), kernels.threads());
    try (Passes passes = new Passes(batches, threads, deadline::passed, cpuBegin)) {
      EmRun<C> run = new EmRun<>(family, options, kernels, summary, batches, passes, deadline);
      Initializer.Data data = new Initializer.Data(rows, family.encoding(), summary, kept, allRows);
      List<EmRun.Outcome<C>> outcomes = starts(run, data);
      EmRun.Outcome<C> best = best(outcomes);
      int bestStart = outcomes.indexOf(best);
      if (!initializers.stream().allMatch(Initializer::keepsOrder)) {
        best = best.sorted();
      }
      double classification = classification(best.mixture(), batches, rows.isWeighted(), kernels);
      double seconds = (System.nanoTime() - begin) * 1e-9;
      Diagnostics diagnostics =
          new Diagnostics(
              stopReason(best, outcomes),
              best.trace().size() - 1,
              best.trace(),
              outcomes.stream().map(EmRun.Outcome::logLikelihood).toList(),
              bestStart,
              kernels.backend(),
              options.threads(),
              seconds,
              passes.cpuSeconds(),
              best.warnings());
      return new MixtureFit<>(
          best.mixture(),
          family,
          rows.columnNames(),
          rows.rows(),
          summary.totalWeight(),
          best.logLikelihood(),
          family.parameterCount(rows.columns(), best.mixture().componentCount())
              + best.mixture().componentCount()
              - 1,
          classification,
          diagnostics);
    }
  }

  private int[] positiveRows(Observations observations) {
    if (observations.hasMissing()) {
      throw new UnusableDataException(
          missing(observations)
              + " is missing; the "
              + family.name()
              + " family cannot take missing values: remove or fill in those rows");
    }
    IntStream rows = IntStream.range(0, observations.rows());
    int[] kept =
        (observations.isWeighted() ? rows.filter(i -> observations.weight(i) > 0) : rows).toArray();
    if (kept.length < components) {
      throw new UnusableDataException(
          "there are "
              + kept.length
              + " rows of positive weight for "
              + components
              + " components, must be at least as many rows as components");
    }
    return kept;
  }

  private static String missing(Observations observations) {
    for (int i = 0; i < observations.rows(); i++) {
      for (int j = 0; j < observations.columns(); j++) {
        if (Double.isNaN(observations.get(i, j))) {
          return "value of row " + (i + 1) + ", column '" + observations.columnNames().get(j) + "'";
        }
      }
    }
    return "a value";
  }

  private List<EmRun.Outcome<C>> starts(EmRun<C> run, Initializer.Data data) {
    SplittableRandom seeds = new SplittableRandom(options.seed());
    List<Initializer> plan = new ArrayList<>();
    for (Initializer initializer : initializers) {
      plan.addAll(
          Collections.nCopies(initializer.isDeterministic() ? 1 : options.starts(), initializer));
    }
    boolean screened = plan.size() > shortRuns.kept();
    int iterations = Math.min(shortRuns.iterations(), options.maxIterations());
    List<EmRun.Outcome<C>> outcomes = new ArrayList<>();
    List<SplittableRandom> randoms = new ArrayList<>();
    Set<IntBuffer> seen = new HashSet<>();
    for (Initializer initializer : plan) {
      SplittableRandom random = seeds.split();
      Start start = initializer.start(data, components, random);
      if (screened && start instanceof Start.Partition partition && !seen.add(partition.key())) {
        continue;
      }
      randoms.add(random);
      int s = outcomes.size();
      outcomes.add(
          screened
              ? run.runShort(start, random, iterations, s, plan.size())
              : run.run(start, random, s, plan.size()));
      if (isCut(outcomes.get(outcomes.size() - 1))) {
        return outcomes;
      }
    }
    if (screened) {
      for (EmRun.Outcome<C> promising : promising(outcomes)) {
        int s = outcomes.indexOf(promising);
        outcomes.set(s, run.resume(promising, randoms.get(s), s, plan.size()));
        if (isCut(outcomes.get(s))) {
          break;
        }
      }
    }
    return outcomes;
  }

  /** The best short runs, leaving out those on their way to where a better one is. */
  private List<EmRun.Outcome<C>> promising(List<EmRun.Outcome<C>> outcomes) {
    List<EmRun.Outcome<C>> ranked = new ArrayList<>(outcomes);
    ranked.sort(ORDER.reversed());
    List<EmRun.Outcome<C>> kept = new ArrayList<>();
    for (EmRun.Outcome<C> outcome : ranked) {
      double l = outcome.logLikelihood();
      boolean known =
          kept.stream()
              .anyMatch(k -> Math.abs(k.logLikelihood() - l) <= SAME_OPTIMUM * (1 + Math.abs(l)));
      if (kept.size() < shortRuns.kept() && !known) {
        kept.add(outcome);
      }
    }
    return kept;
  }

  private static boolean isCut(EmRun.Outcome<?> outcome) {
    return outcome.stopReason() == StopReason.CANCELLED
        || outcome.stopReason() == StopReason.TIME_LIMIT;
  }

  /** Models before none, clean before repaired, then by log-likelihood. */
  private static final Comparator<EmRun.Outcome<?>> ORDER =
      Comparator.<EmRun.Outcome<?>>comparingInt(
              o -> o.mixture() == null ? 0 : o.isDegenerate() ? 1 : 2)
          .thenComparingDouble(o -> o.mixture() == null ? 0 : o.logLikelihood());

  private EmRun.Outcome<C> best(List<EmRun.Outcome<C>> outcomes) {
    EmRun.Outcome<C> best = outcomes.stream().max(ORDER).orElseThrow();
    if (best.mixture() == null) {
      if (best.stopReason() == StopReason.CANCELLED) {
        throw new CancellationException("cancelled before there was a model");
      }
      throw new UnusableDataException(
          "no start led to a model: " + best.warnings().get(best.warnings().size() - 1).remedy());
    }
    return best;
  }

  /** A limit that cut the starts short is what ended the fit, whichever start was best. */
  private static <C extends Component> StopReason stopReason(
      EmRun.Outcome<C> best, List<EmRun.Outcome<C>> outcomes) {
    return outcomes.stream()
        .filter(MixtureFitter::isCut)
        .map(EmRun.Outcome::stopReason)
        .findFirst()
        .orElse(best.stopReason());
  }

  /** Σ w log max_k r. */
  private double classification(
      Mixture<C> mixture, List<Batch> batches, boolean weighted, Kernels kernels) {
    int count = mixture.componentCount();
    BatchDensity density = mixture.batchDensity(kernels);
    double sum = 0;
    try (Workspace workspace = mixture.workspace(kernels)) {
      for (Batch batch : batches) {
        density.evaluate(batch, workspace);
        kernels.normalise(batch, workspace, false);
        double[] values = new double[batch.rows()];
        double[] best = new double[batch.rows()];
        double[] total = new double[batch.rows()];
        for (int k = 0; k < count; k++) {
          workspace.read(batch, k, values);
          for (int i = 0; i < values.length; i++) {
            best[i] = Math.max(best[i], values[i]);
            total[i] += values[i];
          }
        }
        for (int i = 0; i < values.length; i++) {
          values[i] = total[i] / best[i];
          if (weighted) {
            sum -= total[i] * Math.log(values[i]);
          }
        }
        if (!weighted) {
          sum -= ElementFunctions.sumOfLogs(values, values.length);
        }
      }
    }
    return sum;
  }
}
