package io.github.mixtura.em;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.Family.Degeneracy;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.execution.RunControl;
import io.github.mixtura.execution.StopReason;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The EM loop over prepared batches: from a start to a mixture with a reason for stopping. */
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
  private final EmOptions options;
  private final Kernels kernels;
  private final DataSummary summary;
  private final InMemoryRows data;
  private final RunControl control;
  private final RowWeights weights;

  /** Of the rows that are not far out; {@code null} until needed. */
  private DataSummary trimmed;

  /** Mean weight of a row: what is added to |ℓ| where changes of ℓ are judged. */
  private final double unit;

  EmRun(
      Family<C> family,
      EmOptions options,
      Kernels kernels,
      DataSummary summary,
      InMemoryRows data,
      RunControl control,
      RowWeights weights) {
    this.family = family;
    this.options = options;
    this.kernels = kernels;
    this.summary = summary;
    this.data = data;
    this.control = control;
    this.weights = weights;
    this.unit = summary.totalWeight() / summary.rows();
  }

  /** Number of rows. */
  int rows() {
    return (int) summary.rows();
  }

  /** Whether time is up and there is a mixture to return. */
  boolean isOver() {
    return control.isOver();
  }

  /**
   * How a start ended.
   *
   * @param mixture the last mixture whose ℓ is known; {@code null} if there was none
   */
  record Outcome<C extends Component>(
      Mixture<C> mixture, StopReason stopReason, List<Double> trace, List<FitWarning> warnings) {

    double logLikelihood() {
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
      return new Outcome<>(mixture.reordered(order), stopReason, trace, renumbered);
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
  private record Evaluated<C extends Component>(Mixture<C> mixture, Statistics statistics) {
    double logLikelihood() {
      return statistics.logLikelihood();
    }
  }

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
      return new Outcome<>(best, reason, trace, condensed(warnings, reason));
    }

    /**
     * A spike beside all rows, but none beside those that are not far out, is an ordinary group.
     */
    private List<FitWarning> inspected(Mixture<C> mixture) {
      List<FitWarning> found = family.inspect(mixture, summary, iteration());
      if (family.encoding() != Encoding.IDENTITY
          || found.stream().noneMatch(w -> w.kind() == FitWarning.Kind.SPIKE)) {
        return found;
      }
      if (trimmed == null) {
        trimmed = Trimmed.of(data.batches(), summary);
      }
      return family.inspect(mixture, trimmed, iteration());
    }

    private int iteration() {
      return Math.max(0, trace.size() - 1);
    }

    Mixture<C> first(Start start) throws Ended {
      if (start instanceof Start.Model model) {
        return family.admit(model.as(family.law()));
      }
      int components = start.components();
      int columns = summary.mean().length;
      data.workspaces(components, family.needsAuxiliary());
      Order order = Order.FIRST;
      double[][] origin = new double[components][];
      Arrays.fill(origin, summary.mean());
      Statistics sums =
          finished(
              data.sum(
                  () -> new Statistics(components, order.length(columns), 0),
                  (batch, workspace, into) -> {
                    start.write(batch, workspace);
                    kernels.normalise(batch, workspace, false);
                    kernels.moments(
                        batch, origin, order, workspace, into.values(), 0, into.stride());
                    into.addBatch(batch.weight(), batch.rows(), 0);
                  }));
      Mixture<C> centres = family.around(centres(sums));
      BatchStep step = family.step(centres, kernels, 0);
      Statistics statistics =
          finished(
              data.sum(
                  () -> family.statistics(dimension(), components),
                  (batch, workspace, into) -> {
                    start.write(batch, workspace);
                    kernels.normalise(batch, workspace, false);
                    step.accumulate(batch, workspace, into);
                    into.addBatch(batch.weight(), batch.rows(), 0);
                  }));
      return maximize(statistics, centres, 0);
    }

    private int dimension() {
      return summary.mean().length / family.encoding().columns(1);
    }

    private double[][] centres(Statistics sums) {
      double[][] centres = new double[sums.components()][];
      for (int k = 0; k < centres.length; k++) {
        centres[k] = summary.mean().clone();
        double weight = sums.weight(k);
        if (weight > 0) {
          for (int j = 0; j < centres[k].length; j++) {
            centres[k][j] += sums.values()[sums.offset(k) + 1 + j] / weight;
          }
        }
      }
      return centres;
    }

    private Statistics expect(Mixture<C> mixture, int cycle) {
      BatchStep step = family.step(mixture, kernels, cycle);
      int components = mixture.componentCount();
      data.workspaces(components, family.needsAuxiliary());
      return data.sum(() -> family.statistics(mixture.dimension(), components), step::run);
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
        double change = next.logLikelihood() - current.logLikelihood();
        if (options.tolerance() > 0 && !repaired) {
          double size = unit + Math.abs(next.logLikelihood());
          if (floored.isEmpty() && change < -Math.max(ROUNDING, options.tolerance()) * size) {
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
      trace.add(evaluated.logLikelihood());
      control.haveResult();
      options
          .listener()
          .accept(
              new Progress(
                  index,
                  count,
                  iteration(),
                  options.maxIterations(),
                  weights.inUserUnit(evaluated.logLikelihood())));
    }

    private Evaluated<C> evaluate(Mixture<C> mixture, int cycle) throws Ended {
      Statistics statistics = finished(expect(mixture, cycle));
      if (!Double.isFinite(statistics.logLikelihood())) {
        warn(
            -1,
            FitWarning.Kind.START_FAILED,
            "the log-likelihood cannot be computed: a component is too narrow beside its distance "
                + "from other rows; try fewer components or another start");
        throw new Ended(StopReason.DEGENERATE);
      }
      return new Evaluated<>(mixture, statistics);
    }

    /** One accelerated or plain iteration. */
    private Evaluated<C> next(Evaluated<C> current) throws Ended {
      if (acceleration == Acceleration.SQUAREM) {
        history.add(new Evaluated<>(current.mixture(), current.statistics().copy()));
        if (history.size() == 3) {
          Evaluated<C> jump = extrapolated();
          history.clear();
          if (jump != null && jump.logLikelihood() >= current.logLikelihood()) {
            jumped = true;
            return jump;
          }
        }
      }
      return plain(current);
    }

    private Evaluated<C> plain(Evaluated<C> current) throws Ended {
      Mixture<C> mixture = maximize(current.statistics(), current.mixture(), 0);
      if (family.cycles() == 1) {
        return evaluate(mixture, 0);
      }
      Evaluated<C> part = evaluate(mixture, 1);
      Evaluated<C> next = evaluate(maximize(part.statistics(), part.mixture(), 1), 0);
      double slack = ROUNDING * (unit + Math.abs(part.logLikelihood()));
      for (int i = 0; next.logLikelihood() < part.logLikelihood() - slack; i++) {
        Mixture<C> nearer = family.retreat(part.mixture(), next.mixture());
        if (i == MOST_RETREATS || nearer == null) {
          return evaluate(part.mixture(), 0);
        }
        next = evaluate(nearer, 0);
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
      double[] scales = family.scales(summary);
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
        Mixture<C> mixture = family.maximize(jump, last, 0, control::isOver);
        if (family.cycles() > 1) {
          // What the sums do not hold, such as degrees of freedom, has to follow the jump.
          mixture = family.maximize(finished(expect(mixture, 1)), mixture, 1, control::isOver);
        }
        if (family.collapsed(mixture, summary) >= 0) {
          return null;
        }
        Statistics statistics = finished(expect(mixture, 0));
        return Double.isFinite(statistics.logLikelihood())
            ? new Evaluated<>(mixture, statistics)
            : null;
      } catch (Degeneracy e) {
        return null;
      }
    }

    private Statistics recentred(int i, Mixture<C> centre) {
      Statistics moved = history.get(i).statistics();
      family.recentre(moved, history.get(i).mixture(), centre);
      return moved;
    }

    private Mixture<C> maximize(Statistics statistics, Mixture<C> current, int cycle) throws Ended {
      Statistics sums = statistics;
      Mixture<C> centre = current;
      if (cycle == 0) {
        for (int k : floored) {
          family.floor(sums, k, options.onDegenerate().floor(), summary);
        }
      }
      for (int attempt = 0; ; attempt++) {
        try {
          Mixture<C> next = family.maximize(sums, centre, cycle, control::isUrgent);
          int collapsed = family.collapsed(next, summary);
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
              sums = sums.without(e.component());
              centre = without(centre, e.component());
              forget(e.component());
              warn(-1, FitWarning.Kind.DROPPED, e.getMessage() + "; it was removed");
            }
            case RESEED -> reseed(e, sums, centre);
            case FLOOR -> {
              if (sums.weight(e.component()) < SMALLEST_WEIGHT * unit) {
                // No spread mends a lack of rows.
                reseed(e, sums, centre);
                break;
              }
              if (attempt > centre.componentCount() || !floored.add(e.component())) {
                throw ended(e);
              }
              double floor = options.onDegenerate().floor();
              family.floor(sums, e.component(), floor, summary);
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
      if (reseeds++ == MOST_RESEEDS) {
        throw ended(e);
      }
      double share = sums.totalWeight() / centre.componentCount();
      family.reseed(
          sums, e.component(), share, data.row(random.nextLong(summary.rows())), centre, summary);
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

    private Mixture<C> without(Mixture<C> mixture, int k) {
      List<C> rest = new ArrayList<>(mixture.components());
      rest.remove(k);
      double[] weights = new double[rest.size()];
      Arrays.fill(weights, 1.0 / weights.length);
      return Mixture.of(rest, weights);
    }

    private void warn(int component, FitWarning.Kind kind, String remedy) {
      warnings.add(new FitWarning(component, iteration(), kind, remedy));
    }
  }
}
