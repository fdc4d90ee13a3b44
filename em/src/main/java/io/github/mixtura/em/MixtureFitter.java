package io.github.mixtura.em;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
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

  /** Rows that initialisers see of those that do not lie in memory. */
  private static final int MOST_SAMPLED = 20_000;

  private static final int MOST_HOSTS = 10;

  private final Family<C> family;
  private final int components;
  private final WeightRule rule;
  private final EmOptions options;
  private final List<Initializer> initializers;
  private final Starts.ShortRuns shortRuns;
  private final int[] labels;

  private MixtureFitter(
      Family<C> family,
      int components,
      WeightRule rule,
      EmOptions options,
      List<Initializer> initializers,
      Starts.ShortRuns shortRuns,
      int[] labels) {
    this.family = family;
    this.components = components;
    this.rule = rule;
    this.options = options;
    this.initializers = initializers;
    this.shortRuns = shortRuns;
    this.labels = labels;
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
        WeightRule.free(),
        EmOptions.defaults(),
        List.of(Initializer.kMeans()),
        Starts.ShortRuns.NONE,
        null);
  }

  /**
   * Changes the options.
   *
   * @param value how to run EM
   * @return changed copy
   */
  public MixtureFitter<C> options(EmOptions value) {
    return new MixtureFitter<>(
        family,
        components,
        rule,
        Objects.requireNonNull(value, "options"),
        initializers,
        shortRuns,
        labels);
  }

  /**
   * Changes how the weights of the components are estimated.
   *
   * @param value such as {@link WeightRule#equal}
   * @return changed copy
   */
  public MixtureFitter<C> weights(WeightRule value) {
    return new MixtureFitter<>(
        family,
        components,
        Objects.requireNonNull(value, "weights"),
        options,
        initializers,
        shortRuns,
        labels);
  }

  /**
   * Holds rows in components: a row of a known component belongs to it alone in every E-step.
   *
   * @param value component of each row as given, 0 … K − 1, −1 where it is not known (read)
   * @return changed copy, which keeps the numbers of the components and drops none of them
   */
  public MixtureFitter<C> labels(int... value) {
    return new MixtureFitter<>(
        family, components, rule, options, initializers, shortRuns, value.clone());
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
    return new MixtureFitter<>(
        family, components, rule, options, List.of(values), shortRuns, labels);
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
        family,
        components,
        rule,
        options,
        initializers,
        new Starts.ShortRuns(iterations, kept),
        labels);
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
        : Optional.of(
            new MixtureFitter<>(family, components, rule, options, others, shortRuns, labels));
  }

  /**
   * Fits.
   *
   * @param observations n × d rows, none missing; rows of weight 0 are left out
   * @return the best of the starts
   * @throws TooFewRowsException if there are no more distinct rows of positive weight than
   *     components (one component needs one), unless variances have a floor or a prior
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
    boolean hasPrior = family instanceof Regularised<?> prior && prior.hasPrior();
    RowWeights weights = RowWeights.of(rows, kept, !hasPrior && !rule.hasPrior());
    requireSupport(rows, kept);
    int[] held = labels == null ? null : heldRows(observations.rows(), kept);
    Observations.ContextSource context =
        held == null ? (first, count) -> RowContext.at(first) : new HeldRows(held, components);
    long work = (long) rows.rows() * rows.columns() * components;
    try (Kernels kernels = Backends.open(options.run().backend(), work);
        InMemoryRows staged =
            new InMemoryRows(
                weights.rows(),
                family.encoding(),
                kernels,
                components,
                context,
                options.run().threads(),
                control::isOver)) {
      DataSummary summary = staged.summary(needsCovariance());
      validate(summary, rows.columnNames());
      if (!hasPrior) {
        requireDistinctRows(rows);
      }
      Initializer.Data data =
          new Initializer.Data(
              weights.rows(),
              family.encoding(),
              summary,
              kept,
              observations.rows(),
              control::isUrgent);
      Fitted<C> fitted = at(summary, held).fit(staged, data, weights, control);
      List<FitWarning> warnings = new ArrayList<>(fitted.warnings());
      warnings.addAll(0, DataNotes.of(rows, family));
      return fitted.result(
          rows.columnNames(), kernels.backend(), control.cpuSeconds(staged.workers()), warnings);
    }
  }

  /**
   * Fits rows wherever they lie. Initialisers see a sample of at most 20 000 of them; where there
   * are more, the sample's start is turned into a mixture, at which the fit begins.
   *
   * @param rows n × d rows, staged for this family's encoding and K
   * @return the best of the starts
   * @throws IllegalArgumentException if there are {@link #labels}: here what is known of rows is
   *     evidence in their context
   * @throws UnusableDataException if no mixture of the family fits them
   * @throws DegenerateComponentException under {@link DegeneracyPolicy#fail()}
   * @throws CancellationException if cancelled before there was any model
   */
  public MixtureFit<C> fit(Rows rows) {
    if (labels != null) {
      throw new IllegalArgumentException(
          "labels are given for observations, must be evidence in the context of rows");
    }
    RunControl control = RunControl.begin(options.run());
    DataSummary summary = rows.summary(needsCovariance());
    validate(summary, rows.columnNames());
    Observations sample = rows.sample(MOST_SAMPLED, options.run().seed());
    int[] all = IntStream.range(0, sample.rows()).toArray();
    Initializer.Data data =
        new Initializer.Data(
            sample, family.encoding(), summary, all, sample.rows(), control::isUrgent);
    MixtureFitter<C> here = at(summary, null);
    if (sample.rows() < rows.count()) {
      here =
          new MixtureFitter<>(
              here.family,
              components,
              rule,
              options,
              initializers.stream().<Initializer>map(usual -> new OfSample<>(this, usual)).toList(),
              shortRuns,
              null);
    }
    Fitted<C> fitted = here.fit(rows, data, new RowWeights(sample, 0), control);
    return fitted.result(rows.columnNames(), "rows", Double.NaN, fitted.warnings());
  }

  /** The start of a sample as a mixture that is a start for all rows. */
  private record OfSample<C extends Component>(MixtureFitter<C> fitter, Initializer usual)
      implements Initializer {
    @Override
    public Start start(Data data, int components, SplittableRandom random) {
      long seed = random.nextLong();
      Initializer same =
          new Once((own, count, ignored) -> usual.start(own, count, new SplittableRandom(seed)));
      return new Start.Model(
          fitter
              .options(fitter.options.withMaxIterations(0))
              .initializer(same)
              .fit(data.rows())
              .mixture());
    }

    @Override
    public boolean isDeterministic() {
      return usual.isDeterministic();
    }

    @Override
    public boolean keepsOrder() {
      return usual.keepsOrder();
    }
  }

  /** For data that are known. */
  private MixtureFitter<C> at(DataSummary summary, int[] held) {
    List<Initializer> starts =
        held == null
            ? initializers
            : initializers.stream().<Initializer>map(usual -> new HeldStarts(usual, held)).toList();
    return new MixtureFitter<>(
        family.on(summary), components, rule, options, starts, shortRuns, labels);
  }

  private boolean needsCovariance() {
    return family instanceof Repairable<?> repairable && repairable.needsCovariance();
  }

  private void validate(DataSummary summary, List<String> columnNames) {
    if (family instanceof Repairable<?> repairable) {
      repairable.validate(summary, columnNames, options.onDegenerate());
    }
  }

  /** What was fitted, in the unit of the weights. */
  private record Fitted<C extends Component>(
      MixtureFitter<C> fitter,
      Starts<C> starts,
      EmRun.Outcome<C> best,
      Statistics last,
      RowWeights weights,
      List<FitWarning> warnings,
      RunControl control) {

    MixtureFit<C> result(
        List<String> columnNames, String backend, double cpuSeconds, List<FitWarning> all) {
      Diagnostics diagnostics =
          new Diagnostics(
              starts.cut() != null ? starts.cut() : best.stopReason(),
              best.trace().size() - 1,
              weights.inUserUnit(best.trace()),
              weights.inUserUnit(starts.objectives()),
              starts.bestStart(),
              backend,
              fitter.options.run().threads(),
              control.seconds(),
              cpuSeconds,
              all);
      return new MixtureFit<>(
          best.mixture(),
          fitter.family,
          columnNames,
          (int) last.rows(),
          weights.inUserUnit(last.totalWeight()),
          weights.inUserUnit(best.logLikelihood()),
          fitter.parameters(best.mixture()),
          weights.inUserUnit(last.classification()),
          diagnostics);
    }
  }

  private int parameters(Mixture<C> mixture) {
    int count = mixture.componentCount();
    return family.parameterCount(mixture.dimension(), count) + rule.parameterCount(count);
  }

  private Fitted<C> fit(Rows rows, Initializer.Data data, RowWeights weights, RunControl control) {
    DataSummary summary = data.summary();
    EmRun<C> run = new EmRun<>(family, rule, options, summary, rows, control, weights);
    Starts<C> starts = started(run, data, summary);
    EmRun.Outcome<C> best = starts.best();
    if (best.mixture() == null) {
      throw none(best);
    }
    if (!keepsOrder()) {
      best = best.sorted();
    }
    Statistics last = rows.pass(new Pass<>(family, best.mixture(), rule, null, null, Stage.FINAL));
    double totalWeight = weights.inUserUnit(last.totalWeight());
    List<FitWarning> warnings = new ArrayList<>(best.warnings());
    warnings.addAll(weights.inspect(totalWeight));
    warnings.addAll(undetermined(best, data.rows().columns(), (int) last.rows(), totalWeight));
    return new Fitted<>(this, starts, best, last, weights, warnings, control);
  }

  private boolean keepsOrder() {
    return labels != null
        || rule.keepsOrder()
        || initializers.stream().allMatch(Initializer::keepsOrder);
  }

  /** Refuses values that no component can take. */
  private void requireSupport(Observations rows, int[] kept) {
    Encoding encoding = family.encoding();
    double[][] columns = new double[rows.columns()][];
    for (int j = 0; j < columns.length; j++) {
      columns[j] = rows.column(j);
    }
    Encoding.BadValue bad = encoding.check(columns, rows.rows());
    if (bad != null) {
      throw new UnusableDataException(
          "row "
              + (kept[bad.row()] + 1)
              + ", column '"
              + rows.columnNames().get(bad.column())
              + "' is "
              + columns[bad.column()][bad.row()]
              + "; the "
              + family.name()
              + " family takes "
              + bad.allowed());
    }
  }

  /** The labels of the rows that are fitted. */
  private int[] heldRows(int given, int[] kept) {
    if (options.onDegenerate().action() == DegeneracyPolicy.Action.DROP) {
      throw new IllegalArgumentException(
          "components that hold labelled rows cannot be dropped: choose another policy for "
              + "degenerate components");
    }
    if (labels.length != given) {
      throw new UnusableDataException(
          "there are " + labels.length + " labels, must be one per row: " + given);
    }
    for (int i = 0; i < given; i++) {
      if (labels[i] < -1 || labels[i] >= components) {
        throw new UnusableDataException(
            "label of row "
                + (i + 1)
                + " is number "
                + (labels[i] + 1)
                + ", must be 1 to "
                + components
                + ", or 0 where it is not known");
      }
    }
    return Arrays.stream(kept).map(i -> labels[i]).toArray();
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
    int fewest = rowsPerComponent(family, rows.columns());
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

  private static int rowsPerComponent(Family<?> family, int columns) {
    return family instanceof Repairable<?> repairable ? repairable.rowsPerComponent(columns) : 1;
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
    Splittable<C> splittable = EmRun.capability(family, Splittable.class);
    if (splittable == null || keepsOrder() || best.mixture() == null) {
      return;
    }
    EmRun.Outcome<C> one =
        run.run(new Start.Partition(1, new int[run.rows()]), new SplittableRandom(0), 0, 1);
    if (one.mixture() == null
        || best.objective() >= one.objective() - SAME * (unit + Math.abs(one.objective()))) {
      return;
    }
    Mixture<C> start = one.mixture();
    for (int k = 1; k < components; k++) {
      start = splittable.split(start);
    }
    starts.run(start);
    if (starts.cut() == null && starts.best().objective() < one.objective()) {
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
      EmRun.Outcome<C> best, int columns, int rows, double totalWeight) {
    int parameters = parameters(best.mixture());
    double counted = totalWeight >= 0.1 * rows ? Math.min(rows, totalWeight) : rows;
    int needed = rowsPerComponent(family, columns);
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

  /** Refuses so many components that the best is to put each on one of the different rows. */
  private void requireDistinctRows(Observations rows) {
    if (options.onDegenerate().action() == DegeneracyPolicy.Action.FLOOR) {
      return;
    }
    Encoding encoding = family.encoding();
    Set<List<Double>> distinct = new HashSet<>();
    for (int i = 0; i < rows.rows() && distinct.size() <= components; i++) {
      List<Double> row = new ArrayList<>(rows.columns());
      for (int j = 0; j < rows.columns(); j++) {
        row.add(encoding.representative(rows.get(i, j)));
      }
      distinct.add(row);
    }
    if (distinct.size() < components || (distinct.size() == components && components > 1)) {
      throw new TooFewRowsException(
          (distinct.size() == 1
                  ? "there is 1 distinct row"
                  : "there are " + distinct.size() + " distinct rows")
              + " for "
              + components
              + " components, must be more than components: try fewer components, or set a floor "
              + "for their variances");
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
          (kept.length == 1 ? "there is 1 row" : "there are " + kept.length + " rows")
              + " of positive weight for "
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
}
