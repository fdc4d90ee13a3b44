package io.github.mixtura.em.selection;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.Acceleration;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.DegenerateComponentException;
import io.github.mixtura.em.Diagnostics;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.execution.StopReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Fits a grid of families and numbers of components and compares the fits. Immutable.
 *
 * <p>Unless told where to start, all cells are searched for together, on a sample of large data:
 * each is started from k-means (as often as the options say) and a model-based tree, tries its own
 * model with a component more or less, and then what cells with almost the same covariance
 * structure have found. What was found is refined on all rows as the options say; the diagnostics
 * of a cell are those of this last run. A cell for which nothing clean was found in a sample, and
 * every cell whose starts were given, is fitted by itself: of its starts the five best after 30
 * accelerated iterations go on, and the best clean fit is kept.
 *
 * <p>Spikes and repaired fits stay in the table with status {@link CellStatus#DEGENERATE} and are
 * never chosen; a cell that cannot be fitted is {@link CellStatus#FAILED} with its reason. The time
 * limit holds for the whole grid. Small data are fitted by several threads, one cell each;
 * listeners of the options are then called by them.
 */
public final class ModelSelection {
  /** Iterations of the short runs that starts are screened by, and how many starts go on. */
  private static final int SHORT_RUN = 30;

  private static final int KEPT = 5;

  private static final Duration LONGEST = Duration.ofDays(10_000);

  /** Numbers in the data from which on threads work inside a fit, not on several fits. */
  private static final long LARGE = 1_000_000;

  private final List<Family<?>> families;
  private final int[] components;
  private final EmOptions options;

  /** {@code null} for the search over all cells. */
  private final List<Initializer> initializers;

  private final Criterion criterion;
  private final Consumer<Cell> listener;

  private ModelSelection(
      List<Family<?>> families,
      int[] components,
      EmOptions options,
      List<Initializer> initializers,
      Criterion criterion,
      Consumer<Cell> listener) {
    this.families = families;
    this.components = components;
    this.options = options;
    this.initializers = initializers;
    this.criterion = criterion;
    this.listener = listener;
  }

  /**
   * A selection by BIC with default options.
   *
   * @param families at least one
   * @param components numbers of components, at least one, each ≥ 1
   * @return the selection
   */
  public static ModelSelection over(List<? extends Family<?>> families, int... components) {
    if (families.isEmpty() || components.length == 0) {
      throw new IllegalArgumentException(
          "families has "
              + families.size()
              + " and components "
              + components.length
              + " entries, must have at least one each");
    }
    for (int k : components) {
      if (k < 1) {
        throw new IllegalArgumentException("components has " + k + ", must be at least 1");
      }
    }
    return new ModelSelection(
        List.copyOf(families),
        components.clone(),
        EmOptions.defaults(),
        null,
        Criterion.BIC,
        cell -> {});
  }

  /**
   * Changes the options of every fit.
   *
   * @param value how to run EM
   * @return changed copy
   */
  public ModelSelection options(EmOptions value) {
    return new ModelSelection(
        families, components, Objects.requireNonNull(value), initializers, criterion, listener);
  }

  /**
   * Changes where cells start from.
   *
   * @param values at least one
   * @return changed copy
   */
  public ModelSelection initializer(Initializer... values) {
    return new ModelSelection(families, components, options, List.of(values), criterion, listener);
  }

  /**
   * Changes what fits are compared by.
   *
   * @param value the criterion
   * @return changed copy
   */
  public ModelSelection criterion(Criterion value) {
    return new ModelSelection(
        families, components, options, initializers, Objects.requireNonNull(value), listener);
  }

  /**
   * Changes who is told about finished cells.
   *
   * @param value called after every cell, in the order in which they are finished
   * @return changed copy
   */
  public ModelSelection listener(Consumer<Cell> value) {
    return new ModelSelection(
        families, components, options, initializers, criterion, Objects.requireNonNull(value));
  }

  /**
   * Fits the grid.
   *
   * @param observations the rows
   * @return all cells; those that time or cancellation kept from being fitted are FAILED
   */
  public Selection select(Observations observations) {
    long end =
        options.run().timeLimit() == null || options.run().timeLimit().compareTo(LONGEST) > 0
            ? Long.MAX_VALUE
            : System.nanoTime() + options.run().timeLimit().toNanos();
    UnaryOperator<EmOptions> limits = value -> limited(value, end);
    List<Initializer> asked =
        initializers != null
            ? initializers
            : List.of(Initializer.kMeans(), Initializer.modelBased());
    Search search =
        initializers == null
            ? Search.over(observations, families, components, asked, options, limits)
            : null;
    List<Initializer> starts = asked.stream().<Initializer>map(SharedStarts::new).toList();
    EmOptions each = options.withThreads(threadsOfFit(observations, options));
    ExecutorService fitters = workers(observations);
    ExecutorService searchers =
        search == null || threadsOfFit(search.rows(), options) == each.run().threads()
            ? fitters
            : workers(search.rows());
    try {
      if (search != null) {
        search.start(searchers);
      }
      List<CompletableFuture<Cell>> cells = new ArrayList<>();
      BlockingQueue<CompletableFuture<Cell>> finished = new LinkedBlockingQueue<>();
      for (int count : components) {
        for (Family<?> family : families) {
          CompletableFuture<MixtureFit<?>> found =
              search == null
                  ? CompletableFuture.completedFuture(null)
                  : search.found(family, count);
          boolean complete = search != null && search.rows() == observations;
          CompletableFuture<Cell> cell =
              found.thenApplyAsync(
                  fit -> cell(family, count, observations, starts, fit, complete, each, end),
                  fitters);
          cells.add(cell.whenComplete((value, failure) -> finished.add(cell)));
        }
      }
      for (int i = 0; i < cells.size(); i++) {
        listener.accept(result(finished.take()));
      }
      return new Selection(criterion, cells.stream().map(CompletableFuture::join).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while models were being fitted");
    } finally {
      fitters.shutdownNow();
      searchers.shutdownNow();
    }
  }

  /** The options with what is left of the time; {@code null} if nothing is. */
  private static EmOptions limited(EmOptions value, long end) {
    long left = end - System.nanoTime();
    if (value.run().cancelled().getAsBoolean() || (end != Long.MAX_VALUE && left <= 0)) {
      return null;
    }
    return end == Long.MAX_VALUE ? value : value.withTimeLimit(Duration.ofNanos(left));
  }

  /** Threads of one fit: all of them if there are many numbers, otherwise each fits a cell. */
  static int threadsOfFit(Observations rows, EmOptions options) {
    return (long) rows.rows() * rows.columns() > LARGE ? options.run().threads() : 1;
  }

  private ExecutorService workers(Observations rows) {
    int threads = options.run().threads() / threadsOfFit(rows, options);
    return Executors.newFixedThreadPool(threads, ModelSelection::daemon);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mixtura-selection");
    thread.setDaemon(true);
    return thread;
  }

  private static Cell result(CompletableFuture<Cell> cell) {
    try {
      return cell.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <C extends Component> Cell cell(
      Family<C> family,
      int count,
      Observations observations,
      List<Initializer> starts,
      MixtureFit<?> found,
      boolean complete,
      EmOptions each,
      long end) {
    EmOptions limited = limited(each, end);
    if (limited == null && found == null) {
      return new Cell(
          family, count, null, CellStatus.FAILED, "not fitted: time limit or cancellation");
    }
    try {
      if (found == null || (found.diagnostics().isDegenerate() && !complete)) {
        MixtureFitter<C> fitter =
            MixtureFitter.of(family, count)
                .options(limited)
                .initializer(starts(starts, count))
                .shortRuns(SHORT_RUN, KEPT);
        return cell(
            family, count, clean(fitter.fit(observations), family, count, observations, each, end));
      }
      if (limited == null && complete) {
        return cell(family, count, found);
      }
      if (found.diagnostics().isDegenerate()) {
        return cell(family, count, clean(found, family, count, observations, each, end));
      }
      MixtureFit<?> polished =
          polished(
              family,
              found,
              observations,
              limited == null ? each.withTimeLimit(Duration.ZERO) : limited);
      EmOptions left = limited(each, end);
      if (polished.diagnostics().isDegenerate() && left != null) {
        // What was found leads into a spike; another start may not.
        MixtureFit<?> other =
            MixtureFitter.of(family, count)
                .options(left)
                .initializer(starts(starts, count))
                .shortRuns(SHORT_RUN, KEPT)
                .fit(observations);
        polished =
            other.diagnostics().isDegenerate()
                ? clean(polished, family, count, observations, each, end)
                : other;
      }
      return cell(family, count, polished);
    } catch (UnusableDataException | DegenerateComponentException | CancellationException e) {
      return new Cell(family, count, null, CellStatus.FAILED, e.getMessage());
    }
  }

  /**
   * The fit itself if it is clean, or where there is nothing better: otherwise what starts give
   * that spare components from rows that stand alone.
   */
  private <C extends Component> MixtureFit<?> clean(
      MixtureFit<?> fit,
      Family<C> family,
      int count,
      Observations observations,
      EmOptions each,
      long end) {
    EmOptions limited = limited(each, end);
    DegeneracyPolicy.Action action = options.onDegenerate().action();
    boolean repairs =
        action == DegeneracyPolicy.Action.RESEED || action == DegeneracyPolicy.Action.DROP;
    if (!fit.diagnostics().isDegenerate() || limited == null || !repairs || count == 1) {
      return fit;
    }
    Initializer[] asked =
        initializers != null
            ? initializers.toArray(Initializer[]::new)
            : new Initializer[] {Initializer.kMeans()};
    return MixtureFitter.of(family, count)
        .options(limited)
        .initializer(asked)
        .shortRuns(SHORT_RUN, KEPT)
        .sparing(observations)
        .<MixtureFit<?>>map(fitter -> fitter.fit(observations))
        .filter(other -> !other.diagnostics().isDegenerate())
        .orElse(fit);
  }

  /** Accelerated EM up to the tolerance, then as the options say. */
  private static <C extends Component> MixtureFit<C> polished(
      Family<C> family, MixtureFit<?> found, Observations observations, EmOptions limited) {
    Initializer start = new Search.Given(new Start.Model(found.mixture()));
    MixtureFitter<C> fitter = MixtureFitter.of(family, found.mixture().componentCount());
    if (limited.tolerance() > 0 && limited.acceleration() == Acceleration.NONE) {
      MixtureFit<C> near =
          fitter
              .options(limited.withAcceleration(Acceleration.SQUAREM))
              .initializer(start)
              .fit(observations);
      if (near.diagnostics().isDegenerate()) {
        return near;
      }
      start = new Search.Given(new Start.Model(near.mixture()));
    }
    return fitter.options(limited).initializer(start).fit(observations);
  }

  private static Cell cell(Family<?> family, int count, MixtureFit<?> fit) {
    return fit.diagnostics().isDegenerate()
        ? new Cell(family, count, fit, CellStatus.DEGENERATE, reason(fit.diagnostics()))
        : new Cell(family, count, fit, CellStatus.OK, null);
  }

  /** With one component every start is the same. */
  private static Initializer[] starts(List<Initializer> starts, int count) {
    return count == 1
        ? new Initializer[] {starts.get(starts.size() - 1)}
        : starts.toArray(Initializer[]::new);
  }

  private static String reason(Diagnostics diagnostics) {
    return diagnostics.warnings().stream()
        .filter(w -> w.isDegeneracy() || w.kind() == FitWarning.Kind.START_FAILED)
        .map(w -> (w.remedy().startsWith("component") ? "a " : "") + w.remedy())
        .reduce((first, last) -> last)
        .orElse(StopReason.DEGENERATE.name());
  }
}
