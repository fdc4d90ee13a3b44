package io.github.mixtura.em;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
  private final Family<C> family;
  private final int components;
  private final EmOptions options;
  private final Initializer initializer;

  private MixtureFitter(
      Family<C> family, int components, EmOptions options, Initializer initializer) {
    this.family = family;
    this.components = components;
    this.options = options;
    this.initializer = initializer;
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
    return new MixtureFitter<>(family, components, EmOptions.defaults(), Initializer.kMeans());
  }

  /**
   * Changes the options.
   *
   * @param value how to run EM
   * @return changed copy
   */
  public MixtureFitter<C> options(EmOptions value) {
    return new MixtureFitter<>(
        family, components, Objects.requireNonNull(value, "options"), initializer);
  }

  /**
   * Changes where EM starts.
   *
   * @param value the initialiser
   * @return changed copy
   */
  public MixtureFitter<C> initializer(Initializer value) {
    return new MixtureFitter<>(
        family, components, options, Objects.requireNonNull(value, "initializer"));
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
    int[] kept = positiveRows(observations);
    Observations rows =
        kept.length == observations.rows() ? observations : observations.select(kept);
    Kernels kernels = Backends.open(options.backend());
    DataSummary summary =
        DataSummary.of(rows, kernels, family.encoding(), family.needsCovariance());
    family.validate(summary, rows.columnNames());
    List<Batch> batches = rows.stage(kernels, family.encoding(), components);
    Deadline deadline = new Deadline(options, begin);
    try (Passes passes = new Passes(batches, options.threads(), deadline::passed)) {
      EmRun<C> run = new EmRun<>(family, options, kernels, summary, batches, passes, deadline);
      Initializer.Data data =
          new Initializer.Data(rows, family.encoding(), summary, kept, observations.rows());
      List<EmRun.Outcome<C>> outcomes = starts(run, data);
      EmRun.Outcome<C> best = best(outcomes);
      int bestStart = outcomes.indexOf(best);
      if (!initializer.keepsOrder()) {
        best = best.sorted();
      }
      double classification = classification(best.mixture(), batches, kernels);
      double seconds = (System.nanoTime() - begin) * 1e-9;
      Diagnostics diagnostics =
          new Diagnostics(
              stopReason(best, outcomes.get(outcomes.size() - 1)),
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
    int[] kept =
        IntStream.range(0, observations.rows()).filter(i -> observations.weight(i) > 0).toArray();
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
    int count = initializer.isDeterministic() ? 1 : options.starts();
    List<EmRun.Outcome<C>> outcomes = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      SplittableRandom random = seeds.split();
      EmRun.Outcome<C> outcome =
          run.run(initializer.start(data, components, random), random, s, count);
      outcomes.add(outcome);
      if (outcome.stopReason() == StopReason.CANCELLED
          || outcome.stopReason() == StopReason.TIME_LIMIT) {
        break;
      }
    }
    return outcomes;
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
  private static StopReason stopReason(EmRun.Outcome<?> best, EmRun.Outcome<?> last) {
    return switch (last.stopReason()) {
      case CANCELLED, TIME_LIMIT -> last.stopReason();
      default -> best.stopReason();
    };
  }

  /** Σ w log max_k r. */
  private double classification(Mixture<C> mixture, List<Batch> batches, Kernels kernels) {
    int count = mixture.componentCount();
    BatchDensity density = mixture.batchDensity(kernels);
    Workspace workspace = mixture.workspace(kernels);
    double sum = 0;
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
        sum += total[i] * Math.log(best[i] / total[i]);
      }
    }
    return sum;
  }
}
