package io.github.mixtura.em;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.execution.RunControl;
import io.github.mixtura.execution.StopReason;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Fits a mixture of one family with a given number of components. Immutable.
 *
 * <p>Every start gets its own stream of the seed. Of the starts that end with a model the kept one
 * is that of the highest log-likelihood among those without repairs and spikes; if there is none
 * without, the starts are made again so that rows that stand alone join groups large enough to be
 * estimated ({@link Initializer#sparing}); if that helps none either, among those that were
 * repaired and ended well, and then among all.
 *
 * <p>Row weights are frequencies: weight 3 is the row three times. A common factor of all weights
 * changes the log-likelihood and the criteria, of which n = Σw is part, and nothing else: not the
 * mixture, not the iterations, not what counts as degenerate.
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
  /** Relative differences below this are rounding. */
  private static final double SAME = 1e-9;

  /** Iterations that choose among the starts that spare small groups, and how many go on. */
  private static final int SPARING_RUN = 30;

  private static final int SPARING_KEPT = 5;
  private static final int MOST_HOSTS = 10;

  private final Family<C> family;
  private final int components;
  private final EmOptions options;
  private final List<Initializer> initializers;
  private final Starts.ShortRuns shortRuns;

  private MixtureFitter(
      Family<C> family,
      int components,
      EmOptions options,
      List<Initializer> initializers,
      Starts.ShortRuns shortRuns) {
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
        family,
        components,
        EmOptions.defaults(),
        List.of(Initializer.kMeans()),
        Starts.ShortRuns.NONE);
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
        family, components, options, initializers, new Starts.ShortRuns(iterations, kept));
  }

  /**
   * Changes the starts to those that spare components from rows that stand alone, as a fit without
   * a clean start does by itself: {@link Initializer#sparing}, joined to the nearest group and to
   * each in turn.
   *
   * @param observations the rows to be fitted
   * @return changed copy; empty where no initialiser knows such starts
   */
  public Optional<MixtureFitter<C>> sparing(Observations observations) {
    List<Initializer> others = sparing(initializers, family, components, observations);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(new MixtureFitter<>(family, components, options, others, shortRuns));
  }

  /**
   * Fits.
   *
   * @param observations n × d rows, none missing; rows of weight 0 are left out
   * @return the best of the starts
   * @throws TooFewRowsException if there are fewer distinct rows of positive weight than
   *     components, unless variances have a floor
   * @throws UnusableDataException if the data have missing values, one weight hides all others, or
   *     no mixture of the family fits them
   * @throws DegenerateComponentException under {@link DegeneracyPolicy#fail()}
   * @throws CancellationException if cancelled before there was any model
   */
  public MixtureFit<C> fit(Observations observations) {
    RunControl control = RunControl.begin(options.run());
    int[] kept = positiveRows(observations);
    Observations rows =
        kept.length == observations.rows() ? observations : observations.select(kept);
    RowWeights weights = RowWeights.of(rows, kept);
    Initializer.Data data =
        new Initializer.Data(rows, family.encoding(), null, kept, observations.rows());
    long work = (long) rows.rows() * rows.columns() * components;
    try (Kernels kernels = Backends.open(options.backend(), work)) {
      return fit(weights, data, kernels, control);
    }
  }

  private MixtureFit<C> fit(
      RowWeights weights, Initializer.Data given, Kernels kernels, RunControl control) {
    Observations rows = weights.rows();
    try (InMemoryRows staged =
        new InMemoryRows(
            rows, family.encoding(), kernels, components, options.threads(), control::isOver)) {
      DataSummary summary = staged.summary(family.needsCovariance());
      family.validate(summary, rows.columnNames(), options.onDegenerate());
      requireDistinctRows(rows);
      EmRun<C> run = new EmRun<>(family, options, kernels, summary, staged, control, weights);
      Initializer.Data data =
          new Initializer.Data(
              given.rows(),
              given.encoding(),
              summary,
              given.kept(),
              given.originalRows(),
              control::isUrgent);
      Starts<C> starts = started(run, data, summary);
      EmRun.Outcome<C> best = starts.best();
      if (best.mixture() == null) {
        throw none(best);
      }
      if (!initializers.stream().allMatch(Initializer::keepsOrder)) {
        best = best.sorted();
      }
      double classification = classification(best.mixture(), staged, rows.isWeighted(), kernels);
      double totalWeight = weights.inUserUnit(summary.totalWeight());
      int parameters =
          family.parameterCount(rows.columns(), best.mixture().componentCount())
              + best.mixture().componentCount()
              - 1;
      List<FitWarning> warnings = new ArrayList<>(best.warnings());
      warnings.addAll(weights.inspect(totalWeight));
      warnings.addAll(undetermined(best, parameters, rows.columns(), rows.rows(), totalWeight));
      Diagnostics diagnostics =
          new Diagnostics(
              starts.cut() != null ? starts.cut() : best.stopReason(),
              best.trace().size() - 1,
              weights.inUserUnit(best.trace()),
              weights.inUserUnit(starts.logLikelihoods()),
              starts.bestStart(),
              kernels.backend(),
              options.threads(),
              control.seconds(),
              control.cpuSeconds(staged.workers()),
              DataNotes.before(warnings, rows, family));
      return new MixtureFit<>(
          best.mixture(),
          family,
          rows.columnNames(),
          rows.rows(),
          totalWeight,
          weights.inUserUnit(best.logLikelihood()),
          parameters,
          weights.inUserUnit(classification),
          diagnostics);
    }
  }

  /** All starts, those that were asked for and those that only trouble calls for. */
  private Starts<C> started(EmRun<C> run, Initializer.Data data, DataSummary summary) {
    double unit = summary.totalWeight() / summary.rows();
    Starts<C> starts = new Starts<>(run, data, components, options, unit);
    starts.run(initializers, shortRuns);
    DegeneracyPolicy.Action action = options.onDegenerate().action();
    boolean repairs =
        action == DegeneracyPolicy.Action.RESEED || action == DegeneracyPolicy.Action.DROP;
    if (starts.cut() == null && repairs && starts.best().isDegenerate()) {
      starts.run(
          sparing(initializers, family, components, data.rows()),
          new Starts.ShortRuns(SPARING_RUN, SPARING_KEPT));
    }
    if (starts.cut() == null && components > 1) {
      addSplit(run, starts, unit);
    }
    return starts;
  }

  /**
   * Initialisers again, with rows that stand alone put to groups that can be estimated: to the
   * nearest ones, and to each of up to 10 groups in turn.
   *
   * @return none where none of them can
   */
  private static List<Initializer> sparing(
      List<Initializer> initializers, Family<?> family, int components, Observations rows) {
    int fewest = family.rowsPerComponent(rows.columns());
    int most = rows.rows() / (4 * components);
    int size = Math.max(2, Math.min(fewest, most));
    List<Initializer> result = new ArrayList<>();
    for (Initializer usual : initializers) {
      if (usual.sparing(size, -1) != usual) {
        result.add(usual.sparing(size, -1));
        for (int host = 0; host < Math.min(MOST_HOSTS, components); host++) {
          result.add(new Once(usual.sparing(size, host)));
        }
      }
    }
    return result;
  }

  /** An initialiser that is used once, however many starts there are. */
  private record Once(Initializer usual) implements Initializer {
    @Override
    public Start start(Data data, int components, SplittableRandom random) {
      return usual.start(data, components, random);
    }

    @Override
    public boolean isDeterministic() {
      return true;
    }
  }

  /** Families whose starts may end below fewer components also begin there. */
  private void addSplit(EmRun<C> run, Starts<C> starts, double unit) {
    EmRun.Outcome<C> best = starts.best();
    if (initializers.stream().anyMatch(Initializer::keepsOrder)
        || best.mixture() == null
        || family.split(best.mixture()) == null) {
      return;
    }
    EmRun.Outcome<C> one =
        run.run(new Start.Partition(1, new int[run.rows()]), new SplittableRandom(0), 0, 1);
    if (one.mixture() == null
        || best.logLikelihood()
            >= one.logLikelihood() - SAME * (unit + Math.abs(one.logLikelihood()))) {
      return;
    }
    Mixture<C> start = one.mixture();
    for (int k = 1; k < components; k++) {
      start = family.split(start);
    }
    starts.run(start);
    if (starts.cut() == null && starts.best().logLikelihood() < one.logLikelihood()) {
      double[] weights = new double[components];
      Arrays.fill(weights, 1.0 / components);
      starts.run(Mixture.of(Collections.nCopies(components, one.mixture().component(0)), weights));
    }
  }

  private RuntimeException none(EmRun.Outcome<C> best) {
    if (best.stopReason() == StopReason.CANCELLED) {
      return new CancellationException("cancelled before there was a model");
    }
    return new UnusableDataException(
        "no start led to a model: "
            + best.warnings().stream()
                .filter(w -> w.kind() == FitWarning.Kind.START_FAILED)
                .reduce((first, last) -> last)
                .map(w -> (w.remedy().startsWith("component") ? "a " : "") + w.remedy())
                .orElse("it could not be evaluated"));
  }

  /** Warnings where the rows do not determine the parameters. */
  private List<FitWarning> undetermined(
      EmRun.Outcome<C> best, int parameters, int columns, int rows, double totalWeight) {
    double counted = totalWeight >= 0.1 * rows ? Math.min(rows, totalWeight) : rows;
    int needed = family.rowsPerComponent(columns);
    List<FitWarning> warnings = new ArrayList<>();
    String remedy = ": try fewer components, a simpler covariance structure or fewer columns";
    if (parameters >= counted) {
      warnings.add(
          new FitWarning(
              -1,
              best.trace().size() - 1,
              FitWarning.Kind.TOO_FEW_ROWS,
              "the model has "
                  + parameters
                  + " free parameters for "
                  + rows
                  + (rows == 1 ? " row" : " rows")
                  + (counted < rows ? " of total weight " + totalWeight : "")
                  + ", which cannot determine them"
                  + remedy));
    }
    for (int k = 0; k < best.mixture().componentCount(); k++) {
      double held = best.mixture().weight(k) * counted;
      if (held < needed * (1 - SAME)) {
        warnings.add(
            new FitWarning(
                k,
                best.trace().size() - 1,
                FitWarning.Kind.TOO_FEW_ROWS,
                String.format(
                    Locale.ROOT,
                    "it holds %.1f rows, and its parameters need %d%s",
                    held,
                    needed,
                    remedy)));
      }
    }
    return warnings;
  }

  /** Refuses more components than there are different rows to put them on. */
  private void requireDistinctRows(Observations rows) {
    if (options.onDegenerate().action() == DegeneracyPolicy.Action.FLOOR) {
      return;
    }
    boolean angles = family.encoding() == Encoding.ANGLES;
    Set<List<Double>> distinct = new HashSet<>();
    for (int i = 0; i < rows.rows() && distinct.size() < components; i++) {
      List<Double> row = new ArrayList<>(rows.columns());
      for (int j = 0; j < rows.columns(); j++) {
        double value = rows.get(i, j);
        // Adding 0 makes −0 and 0 one value.
        row.add((angles ? Math.IEEEremainder(value, 2 * Math.PI) : value) + 0.0);
      }
      distinct.add(row);
    }
    if (distinct.size() < components) {
      throw new TooFewRowsException(
          "there are "
              + distinct.size()
              + " distinct rows for "
              + components
              + " components, must be at least as many: try fewer components, or set a floor for "
              + "their variances");
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

  /** Σ w log max_k r. */
  private double classification(
      Mixture<C> mixture, InMemoryRows rows, boolean weighted, Kernels kernels) {
    int count = mixture.componentCount();
    BatchDensity density = mixture.batchDensity(kernels);
    rows.workspaces(count, family.needsAuxiliary());
    Statistics sum =
        rows.sumToTheEnd(
            () -> new Statistics(1, 0, 0),
            (batch, workspace, into) -> {
              density.evaluate(batch, workspace);
              kernels.normalise(batch, workspace, false);
              into.addBatch(0, 0, classification(batch, workspace, weighted));
            });
    return sum.logLikelihood();
  }

  private static double classification(Batch batch, Workspace workspace, boolean weighted) {
    double[] values = new double[batch.rows()];
    double[] best = new double[batch.rows()];
    double[] total = new double[batch.rows()];
    for (int k = 0; k < workspace.components(); k++) {
      workspace.read(batch, k, values);
      for (int i = 0; i < values.length; i++) {
        best[i] = Math.max(best[i], values[i]);
        total[i] += values[i];
      }
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = best[i] > 0 ? total[i] / best[i] : 1;
      if (weighted) {
        sum -= total[i] * Math.log(values[i]);
      }
    }
    return weighted ? sum : -ElementFunctions.sumOfLogs(values, values.length);
  }
}
