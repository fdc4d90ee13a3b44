package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.execution.StopReason;
import io.github.mixtura.mixture.Mixture;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/**
 * The starts of one fit, made one after the other as they are run, so that their number costs time
 * only; keeps the best.
 */
final class Starts<C extends Component> {
  /** Two log-likelihoods as near as this, relative, belong to one maximum. */
  private static final double SAME_OPTIMUM = 1e-7;

  /** Short runs that are remembered; of more, the best so many that differ. */
  private static final int MOST_REMEMBERED = 4096;

  private static final int REMEMBERED_OF_MORE = 256;

  /** Labels that are remembered to know a partition again. */
  private static final long MOST_LABELS = 1L << 24;

  /**
   * How starts are screened.
   *
   * @param iterations of every start
   * @param kept how many go on; all if there are no more
   */
  record ShortRuns(int iterations, int kept) {
    static final ShortRuns NONE = new ShortRuns(0, Integer.MAX_VALUE);
  }

  /** One start that was run. */
  private record Tried<C extends Component>(
      EmRun.Outcome<C> outcome, int number, SplittableRandom random, boolean isShort) {
    boolean goesOn() {
      return isShort && outcome.stopReason() == StopReason.MAX_ITERATIONS;
    }
  }

  private final EmRun<C> run;
  private final Initializer.Data data;
  private final int components;
  private final EmOptions options;
  private final double unit;
  private final SplittableRandom seeds;
  private Tried<C> best;
  private StopReason cut;
  private int count;
  private int planned;
  private double[] objectives = new double[8];

  /**
   * Starts that have not begun.
   *
   * @param unit mean weight of a row
   */
  Starts(EmRun<C> run, Initializer.Data data, int components, EmOptions options, double unit) {
    this.run = run;
    this.data = data;
    this.components = components;
    this.options = options;
    this.unit = unit;
    this.seeds = new SplittableRandom(options.run().seed());
  }

  /** The best outcome so far. */
  EmRun.Outcome<C> best() {
    return best.outcome;
  }

  /** Which start it is from. */
  int bestStart() {
    return best.number;
  }

  /** What ended a start that was cut short; {@code null} if none was. */
  StopReason cut() {
    return cut;
  }

  /** What each start reached. */
  List<Double> objectives() {
    return DoubleStream.of(Arrays.copyOf(objectives, count)).boxed().toList();
  }

  private static boolean isCut(EmRun.Outcome<?> outcome) {
    return outcome.stopReason() == StopReason.CANCELLED
        || outcome.stopReason() == StopReason.TIME_LIMIT;
  }

  /** Runs what initialisers make; ends early where time does. */
  void run(List<Initializer> initializers, ShortRuns shortRuns) {
    long starts = 0;
    for (Initializer initializer : initializers) {
      starts += initializer.isDeterministic() ? 1 : options.starts();
    }
    planned = (int) Math.min(Integer.MAX_VALUE, planned + starts);
    if (starts > shortRuns.kept()) {
      runScreened(initializers, shortRuns);
      return;
    }
    for (Initializer initializer : initializers) {
      int repeats = initializer.isDeterministic() ? 1 : options.starts();
      for (int i = 0; i < repeats && cut == null; i++) {
        SplittableRandom random = seeds.split();
        runOne(initializer.start(data, components, random), random);
      }
    }
  }

  /** Runs a mixture. */
  void run(Mixture<C> start) {
    planned = Math.max(planned, count + 1);
    runOne(new Start.Model(start), seeds.split());
  }

  private void runOne(Start start, SplittableRandom random) {
    int number = count++;
    note(new Tried<>(run.run(start, random, number, planned), number, random, false));
  }

  private void note(Tried<C> tried) {
    if (objectives.length <= tried.number) {
      objectives = Arrays.copyOf(objectives, 2 * objectives.length);
    }
    objectives[tried.number] = tried.outcome.objective();
    if (isCut(tried.outcome) && cut == null) {
      cut = tried.outcome.stopReason();
    }
    if (best == null || ORDER.compare(tried.outcome, best.outcome) > 0) {
      best = tried;
    }
  }

  private void runScreened(List<Initializer> initializers, ShortRuns shortRuns) {
    int iterations = Math.min(shortRuns.iterations(), options.maxIterations());
    List<Tried<C>> tried = new ArrayList<>();
    Set<IntBuffer> seen = new HashSet<>();
    long labels = 0;
    for (Initializer initializer : initializers) {
      int repeats = initializer.isDeterministic() ? 1 : options.starts();
      for (int i = 0; i < repeats; i++) {
        SplittableRandom random = seeds.split();
        Start start = initializer.start(data, components, random);
        if (start instanceof Start.Partition partition && labels < MOST_LABELS) {
          if (!seen.add(partition.key())) {
            if (run.isOver()) {
              break;
            }
            continue;
          }
          labels += partition.labels().length;
        }
        int number = count++;
        Tried<C> one =
            new Tried<>(
                run.runShort(start, random, iterations, number, planned), number, random, true);
        note(one);
        tried.add(one);
        if (cut != null) {
          return;
        }
        if (tried.size() > MOST_REMEMBERED) {
          tried = promising(tried, REMEMBERED_OF_MORE);
        }
      }
    }
    for (Tried<C> promising : promising(tried, shortRuns.kept())) {
      resume(promising, tried);
      if (cut != null) {
        return;
      }
    }
    // Where what went on has degenerated, a clean start that did not is no worse for having waited.
    chooseAmong(tried);
    while (cut == null && best.goesOn()) {
      resume(best, tried);
      chooseAmong(tried);
    }
  }

  private void resume(Tried<C> from, List<Tried<C>> tried) {
    EmRun.Outcome<C> outcome = run.resume(from.outcome, from.random, from.number, planned);
    Tried<C> resumed = new Tried<>(outcome, from.number, from.random, false);
    tried.replaceAll(t -> t.number == from.number ? resumed : t);
    if (best.number == from.number) {
      best = null;
    }
    note(resumed);
    if (cut != null) {
      chooseAmong(tried);
    }
  }

  private void chooseAmong(List<Tried<C>> tried) {
    for (Tried<C> one : tried) {
      if (best == null || ORDER.compare(one.outcome, best.outcome) > 0) {
        best = one;
      }
    }
  }

  /** The best short runs, leaving out those on their way to where a better one is. */
  private List<Tried<C>> promising(List<Tried<C>> tried, int most) {
    List<Tried<C>> ranked = new ArrayList<>(tried);
    ranked.sort(Comparator.comparing((Tried<C> t) -> t.outcome, ORDER.reversed()));
    List<Tried<C>> kept = new ArrayList<>();
    for (Tried<C> one : ranked) {
      double l = one.outcome.objective();
      boolean known =
          kept.stream()
              .anyMatch(
                  k -> Math.abs(k.outcome.objective() - l) <= SAME_OPTIMUM * (unit + Math.abs(l)));
      if (kept.size() < most && !known) {
        kept.add(one);
      }
    }
    return kept;
  }

  /**
   * Models before none; clean ones first, then those that were repaired and ended well, then
   * degenerate ones; then by log-likelihood.
   */
  private static final Comparator<EmRun.Outcome<?>> ORDER =
      Comparator.<EmRun.Outcome<?>>comparingInt(EmRun.Outcome::rank)
          .thenComparingDouble(o -> o.mixture() == null ? 0 : o.objective());
}
