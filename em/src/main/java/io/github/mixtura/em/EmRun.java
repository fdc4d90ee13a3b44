package io.github.mixtura.em;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.Family.Degeneracy;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.execution.RunControl;
import io.github.mixtura.execution.StopReason;
import io.github.mixtura.mixture.Mixing;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** The EM loop: from a start to a mixture with a reason for stopping. */
final class EmRun<C extends Component> {
  private static final int MOST_RESEEDS = 10;
  private static final int MOST_RETREATS = 8;

  /** Weight of a component, in rows, below which it has none. */
  private static final double SMALLEST_WEIGHT = 1e-8;

  private static final String AGAIN = ", and so on several times";
  private static final String REMEDY = "; try fewer components, another structure or a floor";

  /** A fall of ℓ below this, relative to the mean weight of a row + |ℓ|, is rounding. */
  private static final double ROUNDING = 1e-11;

  private final Family<C> family;
  private final Repairable<C> repairs;
  private final Constrained<C> constraints;
  private final Accelerable<C> sums;
  private final Regularised<C> prior;
  private final WeightRule rule;
  private final EmOptions options;
  private final DataSummary summary;
  private final Rows data;
  private final RunControl control;
  private final RowWeights weights;

  /** Of the rows that are not far out; {@code null} until needed. */
  private DataSummary trimmed;

  /** Mean weight of a row: what is added to |ℓ| where changes of ℓ are judged. */
  private final double unit;

  EmRun(
      Family<C> family,
      WeightRule rule,
      EmOptions options,
      DataSummary summary,
      Rows data,
      RunControl control,
      RowWeights weights) {
    this.family = family;
    this.repairs = capability(family, Repairable.class);
    this.constraints = capability(family, Constrained.class);
    this.sums = capability(family, Accelerable.class);
    Regularised<C> regularised = capability(family, Regularised.class);
    this.prior = regularised != null && regularised.hasPrior() ? regularised : null;
    this.rule = rule;
    this.options = options;
    this.summary = summary;
    this.data = data;
    this.control = control;
    this.weights = weights;
    this.unit = summary.totalWeight() / summary.rows();
  }

  /**
   * What a family can do beside fitting; {@code null} if it cannot. Its law is the family's own.
   */
  @SuppressWarnings("unchecked")
  static <T> T capability(Family<?> family, Class<? super T> type) {
    return type.isInstance(family) ? (T) family : null;
  }

  /** Number of rows. */
  int rows() {
    return (int) data.count();
  }

  /** Whether time is up and there is a mixture to return. */
  boolean isOver() {
    return control.isOver();
  }

  /**
   * How a start ended.
   *
   * @param mixture the last mixture whose ℓ is known; {@code null} if there was none
   * @param logLikelihood its ℓ
   * @param trace of the objective: ℓ and the logarithms of the priors
   */
  record Outcome<C extends Component>(
      Mixture<C> mixture,
      double logLikelihood,
      StopReason stopReason,
      List<Double> trace,
      List<FitWarning> warnings) {

    /** Of the mixture; what starts are compared by. */
    double objective() {
      return trace.isEmpty() ? Double.NaN : trace.get(trace.size() - 1);
    }

    /** 3 for a clean end, 2 after repairs, 1 for a degenerate end, 0 without a mixture. */
    int rank() {
      if (mixture == null) {
        return 0;
      }
      if (!isDegenerate()) {
        return 3;
      }
      boolean endedWell =
          stopReason != StopReason.DEGENERATE
              && warnings.stream().noneMatch(w -> w.kind() == FitWarning.Kind.SPIKE);
      return endedWell ? 2 : 1;
    }

    boolean isDegenerate() {
      return stopReason == StopReason.DEGENERATE
          || warnings.stream().anyMatch(FitWarning::isDegeneracy);
    }

    /** With components by falling weight. */
    Outcome<C> sorted() {
      int[] order =
          IntStream.range(0, mixture.componentCount())
              .boxed()
              .sorted(Comparator.comparingDouble(k -> -mixture.weight(k)))
              .mapToInt(k -> k)
              .toArray();
      List<FitWarning> renumbered = new ArrayList<>();
      for (FitWarning warning : warnings) {
        int place = warning.component();
        for (int k = 0; k < order.length; k++) {
          if (order[k] == warning.component()) {
            place = k;
          }
        }
        renumbered.add(
            new FitWarning(place, warning.iteration(), warning.kind(), warning.remedy()));
      }
      return new Outcome<>(mixture.reordered(order), logLikelihood, stopReason, trace, renumbered);
    }
  }

  Outcome<C> run(Start start, SplittableRandom random, int index, int count) {
    return run(
        new Run(random, options.maxIterations(), options.acceleration(), index, count), start);
  }

  /** Runs a start for a few accelerated iterations. */
  Outcome<C> runShort(Start start, SplittableRandom random, int iterations, int index, int count) {
    return run(new Run(random, iterations, Acceleration.SQUAREM, index, count), start);
  }

  /** Goes on where a short run ended; one that ended for another reason stays as it is. */
  Outcome<C> resume(Outcome<C> outcome, SplittableRandom random, int index, int count) {
    if (outcome.stopReason() != StopReason.MAX_ITERATIONS) {
      return outcome;
    }
    Run run = new Run(random, options.maxIterations(), options.acceleration(), index, count);
    List<Double> trace = outcome.trace();
    run.trace.addAll(trace.subList(0, trace.size() - 1));
    outcome.warnings().stream()
        .filter(w -> w.kind() != FitWarning.Kind.SPIKE && w.kind() != FitWarning.Kind.AT_BOUND)
        .forEach(run.warnings::add);
    try {
      return run.iterate(outcome.mixture());
    } catch (Ended end) {
      return run.outcome(end.reason);
    }
  }

  /** One warning for all repairs of a kind, and why a start failed in place of its spikes. */
  private static List<FitWarning> condensed(List<FitWarning> warnings, StopReason reason) {
    List<FitWarning> result = new ArrayList<>();
    Set<FitWarning.Kind> said = EnumSet.noneOf(FitWarning.Kind.class);
    for (FitWarning w : warnings) {
      FitWarning.Kind kind = w.kind();
      if (kind == FitWarning.Kind.RESEEDED || kind == FitWarning.Kind.FLOORED) {
        boolean again = warnings.stream().filter(other -> other.kind() == kind).count() > 1;
        if (said.add(kind)) {
          boolean add = again && !w.remedy().endsWith(AGAIN);
          result.add(
              add ? new FitWarning(w.component(), w.iteration(), kind, w.remedy() + AGAIN) : w);
        }
      } else if (kind != FitWarning.Kind.SPIKE || reason != StopReason.DEGENERATE) {
        result.add(w);
      }
    }
    return result;
  }

  private Outcome<C> run(Run run, Start start) {
    try {
      return run.iterate(run.first(start));
    } catch (Ended end) {
      return run.outcome(end.reason);
    }
  }

  /** Leaves the loop from inside a step. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
    private final StopReason reason;

    Ended(StopReason reason) {
      super(null, null, false, false);
      this.reason = reason;
    }
  }

  /** One mixture with the statistics of its pass. */
  private record Evaluated<C extends Component>(
      Mixture<C> mixture, Statistics statistics, double objective) {}

  /** The state of one start. */
  private final class Run {
    private final SplittableRandom random;
    private final int maxIterations;
    private final Acceleration acceleration;
    private final int index;
    private final int count;
    private final List<Double> trace = new ArrayList<>();
    private final List<FitWarning> warnings = new ArrayList<>();
    private final List<Evaluated<C>> history = new ArrayList<>();
    private Mixture<C> best;
    private double bestLogLikelihood = Double.NaN;
    private int reseeds;
    private boolean repaired;
    private boolean jumped;

    /** Components whose spread is raised in every M-step. */
    private final Set<Integer> floored = new TreeSet<>();

    Run(
        SplittableRandom random,
        int maxIterations,
        Acceleration acceleration,
        int index,
        int count) {
      this.random = random;
      this.maxIterations = maxIterations;
      this.acceleration = acceleration;
      this.index = index;
      this.count = count;
    }

    Outcome<C> outcome(StopReason reason) {
      if (best != null) {
        warnings.addAll(inspected(best));
      }
      return new Outcome<>(best, bestLogLikelihood, reason, trace, condensed(warnings, reason));
    }

    /**
     * A spike beside all rows, but none beside those that are not far out, is an ordinary group.
     */
    private List<FitWarning> inspected(Mixture<C> mixture) {
      if (repairs == null) {
        return List.of();
      }
      List<FitWarning> found = repairs.inspect(mixture, summary, iteration());
      if (family.encoding() != Encoding.IDENTITY
          || found.stream().noneMatch(w -> w.kind() == FitWarning.Kind.SPIKE)) {
        return found;
      }
      if (trimmed == null) {
        trimmed = Trimmed.of(data, summary);
      }
      return repairs.inspect(mixture, trimmed, iteration());
    }

    private int iteration() {
      return Math.max(0, trace.size() - 1);
    }

    Mixture<C> first(Start start) throws Ended {
      if (start instanceof Start.Model model) {
        Mixture<C> given = model.as(family.law());
        return constraints == null ? given : Mixture.of(constraints.project(given), given.mixing());
      }
      int components = start.components();
      double[][] centres = new double[components][];
      Arrays.fill(centres, summary.mean());
      Statistics sums = expect(around(centres), start, Stage.CENTRES);
      for (int k = 0; k < components; k++) {
        centres[k] = summary.mean().clone();
        double weight = sums.weight(k);
        if (weight > 0) {
          for (int j = 0; j < centres[k].length; j++) {
            centres[k][j] += sums.values()[sums.offset(k) + 1 + j] / weight;
          }
        }
      }
      Mixture<C> around = around(centres);
      return maximize(expect(around, start, Stage.START), around, Stage.START);
    }

    private Mixture<C> around(double[][] centres) {
      return Mixture.of(family.initial(centres, summary), rule.initial(centres.length));
    }

    private Statistics expect(Mixture<C> mixture, Start start, Stage stage) throws Ended {
      return finished(data.pass(new Pass<>(family, mixture, rule, start, summary.mean(), stage)));
    }

    private Statistics expect(Mixture<C> mixture, int cycle) throws Ended {
      return finished(data.pass(new Pass<>(family, mixture, rule, null, null, Stage.cycle(cycle))));
    }

    private Statistics finished(Statistics statistics) throws Ended {
      if (statistics == null) {
        throw new Ended(control.reason());
      }
      return statistics;
    }

    Outcome<C> iterate(Mixture<C> first) throws Ended {
      Evaluated<C> current = evaluate(first, 0);
      accept(current);
      while (true) {
        if (iteration() >= maxIterations) {
          return outcome(StopReason.MAX_ITERATIONS);
        }
        if (control.isOver()) {
          return outcome(control.reason());
        }
        repaired = false;
        jumped = false;
        Evaluated<C> next = next(current);
        double change = next.objective() - current.objective();
        if (options.tolerance() > 0 && !repaired) {
          double size = unit + Math.abs(next.objective());
          boolean isMonotone = floored.isEmpty() && family.isMonotone();
          if (isMonotone && change < -Math.max(ROUNDING, options.tolerance()) * size) {
            warn(
                -1,
                FitWarning.Kind.LIKELIHOOD_FELL,
                "the log-likelihood fell by "
                    + weights.inUserUnit(-change)
                    + "; the mixture before was kept");
            return outcome(StopReason.STALLED);
          }
          // A jump that gains little does not show that plain steps would not gain more.
          if (Math.abs(change) <= options.tolerance() * size && !jumped) {
            if (change >= 0) {
              accept(next);
            }
            return outcome(StopReason.TOLERANCE);
          }
        }
        accept(next);
        current = next;
      }
    }

    private void accept(Evaluated<C> evaluated) {
      best = evaluated.mixture();
      bestLogLikelihood = evaluated.statistics().logLikelihood();
      trace.add(evaluated.objective());
      control.haveResult();
      options
          .run()
          .listener()
          .accept(
              new FitProgress(
                  index,
                  count,
                  iteration(),
                  options.maxIterations(),
                  weights.inUserUnit(evaluated.objective())));
    }

    private Evaluated<C> evaluate(Mixture<C> mixture, int cycle) throws Ended {
      Evaluated<C> evaluated = evaluated(mixture, expect(mixture, cycle));
      if (!Double.isFinite(evaluated.objective())) {
        warn(
            -1,
            FitWarning.Kind.START_FAILED,
            "the log-likelihood cannot be computed: a component is too narrow beside its distance "
                + "from other rows; try fewer components or another start");
        throw new Ended(StopReason.DEGENERATE);
      }
      return evaluated;
    }

    private Evaluated<C> evaluated(Mixture<C> mixture, Statistics statistics) {
      double objective = statistics.logLikelihood();
      if (prior != null) {
        objective += prior.logPrior(mixture.components());
      }
      if (rule.hasPrior()) {
        objective += rule.logPrior(mixture.mixing());
      }
      return new Evaluated<>(mixture, statistics, objective);
    }

    /** One accelerated or plain iteration. */
    private Evaluated<C> next(Evaluated<C> current) throws Ended {
      if (acceleration == Acceleration.SQUAREM && sums != null) {
        history.add(
            new Evaluated<>(current.mixture(), current.statistics().copy(), current.objective()));
        if (history.size() == 3) {
          Evaluated<C> jump = extrapolated();
          history.clear();
          if (jump != null && jump.objective() >= current.objective()) {
            jumped = true;
            return jump;
          }
        }
      }
      return plain(current);
    }

    /** All cycles, each kept from lowering the objective where the family knows how. */
    private Evaluated<C> plain(Evaluated<C> current) throws Ended {
      Evaluated<C> part = current;
      for (int cycle = 0; cycle < family.cycles(); cycle++) {
        int following = (cycle + 1) % family.cycles();
        Mixture<C> mixture = maximize(part.statistics(), part.mixture(), Stage.cycle(cycle));
        Evaluated<C> next = evaluate(mixture, following);
        part = cycle == 0 ? next : guarded(part, next, following);
      }
      return part;
    }

    /** The step from one to the other, or so much of it as does not lower the objective. */
    private Evaluated<C> guarded(Evaluated<C> from, Evaluated<C> to, int cycle) throws Ended {
      double slack = ROUNDING * (unit + Math.abs(from.objective()));
      Evaluated<C> next = to;
      for (int i = 0; next.objective() < from.objective() - slack; i++) {
        List<C> nearer =
            constraints == null
                ? null
                : constraints.halfway(from.mixture().components(), next.mixture().components());
        if (i == MOST_RETREATS || nearer == null) {
          return evaluate(from.mixture(), cycle);
        }
        next = evaluate(Mixture.of(nearer, from.mixture().mixing()), cycle);
      }
      return next;
    }

    /** Squared extrapolation of three successive statistics about one centre. */
    private Evaluated<C> extrapolated() throws Ended {
      Mixture<C> last = history.get(2).mixture();
      if (history.get(0).mixture().componentCount() != last.componentCount()) {
        return null;
      }
      double[] s0 = recentred(0, last).values();
      double[] s1 = recentred(1, last).values();
      Statistics jump = history.get(2).statistics().copy();
      double[] s2 = jump.values();
      double[] scales = sums.scales(summary, jump.stride());
      double step = 0;
      double bend = 0;
      for (int i = 0; i < jump.shared(); i++) {
        double scale = scales[i % jump.stride()];
        double r = (s1[i] - s0[i]) / scale;
        double v = (s2[i] - 2 * s1[i] + s0[i]) / scale;
        step += r * r;
        bend += v * v;
      }
      double a = Math.max(1, Math.sqrt(step / bend));
      if (!(a > 1) || Double.isInfinite(a)) {
        return null;
      }
      for (int i = 0; i < jump.shared(); i++) {
        double r = s1[i] - s0[i];
        double v = s2[i] - 2 * s1[i] + s0[i];
        s2[i] = s0[i] + 2 * a * r + a * a * v;
      }
      try {
        Mixture<C> mixture = updated(jump, last, Stage.cycle(0), control::isOver);
        for (int cycle = 1; cycle < family.cycles(); cycle++) {
          // What the sums do not hold, such as degrees of freedom, has to follow the jump.
          mixture = updated(expect(mixture, cycle), mixture, Stage.cycle(cycle), control::isOver);
        }
        if (collapsed(mixture) >= 0) {
          return null;
        }
        Evaluated<C> evaluated = evaluated(mixture, expect(mixture, 0));
        return Double.isFinite(evaluated.objective()) ? evaluated : null;
      } catch (Degeneracy e) {
        return null;
      }
    }

    private Statistics recentred(int i, Mixture<C> centre) {
      Statistics moved = history.get(i).statistics();
      sums.recentre(moved, history.get(i).mixture().components(), centre.components());
      return moved;
    }

    private int collapsed(Mixture<C> mixture) {
      return repairs == null ? -1 : repairs.collapsed(mixture.components(), summary);
    }

    /** The M-step of the components and, where the sums tell, of the weights. */
    private Mixture<C> updated(
        Statistics statistics, Mixture<C> current, Stage stage, BooleanSupplier hurry)
        throws Degeneracy {
      List<C> components = family.maximize(statistics, current.components(), stage, hurry);
      return stage.number() > 0
          ? Mixture.of(components, current.mixing())
          : Mixture.of(components, rule.maximize(statistics, current.mixing()));
    }

    private Mixture<C> maximize(Statistics statistics, Mixture<C> current, Stage stage)
        throws Ended {
      Statistics sums = statistics;
      Mixture<C> centre = current;
      if (stage.number() == 0) {
        for (int k : floored) {
          repairs.floor(sums, k, options.onDegenerate().floor(), summary);
        }
      }
      for (int attempt = 0; ; attempt++) {
        try {
          Mixture<C> next = updated(sums, centre, stage, control::isUrgent);
          int collapsed = collapsed(next);
          if (collapsed >= 0) {
            throw new Degeneracy(collapsed, Family.Degeneracy.COINCIDING);
          }
          return next;
        } catch (Degeneracy e) {
          switch (options.onDegenerate().action()) {
            case FAIL -> throw new DegenerateComponentException(e.component(), e.getMessage());
            case DROP -> {
              if (centre.componentCount() == 1) {
                throw ended(e);
              }
              centre = without(centre, e.component());
              forget(e.component());
              warn(-1, FitWarning.Kind.DROPPED, e.getMessage() + "; it was removed");
              // The rows of a removed component go to the others; a start has said where each is.
              sums = stage.isStart() ? sums.without(e.component()) : expect(centre, stage.number());
            }
            case RESEED -> reseed(e, sums, centre);
            case FLOOR -> {
              if (repairs == null || sums.weight(e.component()) < SMALLEST_WEIGHT * unit) {
                // No spread mends a lack of rows.
                reseed(e, sums, centre);
                break;
              }
              if (attempt > centre.componentCount() || !floored.add(e.component())) {
                throw ended(e);
              }
              double floor = options.onDegenerate().floor();
              repairs.floor(sums, e.component(), floor, summary);
              warn(
                  e.component(),
                  FitWarning.Kind.FLOORED,
                  e.getMessage() + "; its variances are raised by " + floor + " of the data's");
            }
          }
          repaired = true;
          history.clear();
        }
      }
    }

    private void reseed(Degeneracy e, Statistics sums, Mixture<C> centre) throws Ended {
      if (repairs == null || reseeds++ == MOST_RESEEDS) {
        throw ended(e);
      }
      double share = sums.totalWeight() / centre.componentCount();
      double[] row = data.row(random.nextLong(data.count()));
      repairs.reseed(sums, e.component(), share, row, centre.components(), summary);
      warn(
          e.component(),
          FitWarning.Kind.RESEEDED,
          e.getMessage() + "; placed anew at a random row");
    }

    /** Warnings of a removed component concern the whole mixture; those after it move up. */
    private void forget(int component) {
      warnings.replaceAll(
          w ->
              new FitWarning(
                  w.component() == component
                      ? -1
                      : w.component() > component ? w.component() - 1 : w.component(),
                  w.iteration(),
                  w.kind(),
                  w.remedy()));
    }

    private Ended ended(Degeneracy e) {
      warn(e.component(), FitWarning.Kind.START_FAILED, e.getMessage() + REMEDY);
      return new Ended(StopReason.DEGENERATE);
    }

    /** The other components, their weights scaled to sum to 1. */
    private Mixture<C> without(Mixture<C> mixture, int k) {
      List<C> rest = new ArrayList<>(mixture.components());
      rest.remove(k);
      double[] shares = new double[rest.size()];
      for (int i = 0; i < shares.length; i++) {
        shares[i] = mixture.weight(i < k ? i : i + 1) / (1 - mixture.weight(k));
      }
      double sum = Arrays.stream(shares).sum();
      boolean usable = Math.abs(sum - 1) <= 1e-7;
      return Mixture.of(rest, usable ? Mixing.constant(shares) : rule.initial(rest.size()));
    }

    private void warn(int component, FitWarning.Kind kind, String remedy) {
      warnings.add(new FitWarning(component, iteration(), kind, remedy));
    }
  }
}
