package io.github.mixtura.em.selection;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.DegenerateComponentException;
import io.github.mixtura.em.Diagnostics;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.StopReason;
import io.github.mixtura.em.init.Initializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Fits a grid of families and numbers of components and compares the fits. Immutable.
 *
 * <p>Unless told otherwise every cell is started from k-means (four times as often as the options
 * say), from random rows (twice as often) and from two Ward trees; after 30 accelerated iterations
 * the five best go on as the options say, and the best clean fit is kept. Spikes and repaired fits
 * stay in the table with status {@link Status#DEGENERATE} and are never chosen; a cell that cannot
 * be fitted is {@link Status#FAILED} with its reason. The time limit holds for the whole grid.
 * Small data are fitted by several threads, one cell each; listeners of the options are then called
 * by them.
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
        List.of(
            Initializer.kMeans(),
            Initializer.kMeans(),
            Initializer.kMeans(),
            Initializer.kMeans(),
            Initializer.random(),
            Initializer.random(),
            Initializer.hierarchical(),
            Initializer.hierarchicalWhitened()),
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
   * Starts every cell from one initialiser only.
   *
   * @param value the initialiser
   * @return changed copy
   */
  public ModelSelection initializer(Initializer value) {
    return new ModelSelection(families, components, options, List.of(value), criterion, listener);
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
   * @param value called after every cell
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
        options.timeLimit() == null || options.timeLimit().compareTo(LONGEST) > 0
            ? Long.MAX_VALUE
            : System.nanoTime() + options.timeLimit().toNanos();
    List<Initializer> shared = new ArrayList<>();
    initializers.forEach(initializer -> shared.add(new SharedStarts(initializer)));
    boolean many =
        (long) observations.rows() * observations.columns() > LARGE && options.threads() > 1;
    EmOptions each = many ? options : options.withThreads(1);
    ExecutorService executor =
        Executors.newFixedThreadPool(many ? 1 : options.threads(), ModelSelection::daemon);
    try {
      List<Future<Cell>> cells = new ArrayList<>();
      for (int count : components) {
        for (Family<?> family : families) {
          cells.add(executor.submit(() -> cell(family, count, observations, shared, each, end)));
        }
      }
      List<Cell> table = new ArrayList<>();
      for (Future<Cell> future : cells) {
        Cell cell = finished(future);
        table.add(cell);
        listener.accept(cell);
      }
      return new Selection(criterion, table);
    } finally {
      executor.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mixtura-selection");
    thread.setDaemon(true);
    return thread;
  }

  private static Cell finished(Future<Cell> cell) {
    try {
      return cell.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while models were being fitted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private <C extends Component> Cell cell(
      Family<C> family,
      int count,
      Observations observations,
      List<Initializer> shared,
      EmOptions each,
      long end) {
    long left = end - System.nanoTime();
    if ((end != Long.MAX_VALUE && left <= 0) || options.cancelled().getAsBoolean()) {
      return new Cell(family, count, null, Status.FAILED, "not fitted: time limit or cancellation");
    }
    EmOptions limited = end == Long.MAX_VALUE ? each : each.withTimeLimit(Duration.ofNanos(left));
    try {
      MixtureFit<C> fit =
          MixtureFitter.of(family, count)
              .options(limited)
              .initializer(starts(shared, count))
              .shortRuns(SHORT_RUN, KEPT)
              .fit(observations);
      return fit.diagnostics().isDegenerate()
          ? new Cell(family, count, fit, Status.DEGENERATE, reason(fit.diagnostics()))
          : new Cell(family, count, fit, Status.OK, null);
    } catch (UnusableDataException | DegenerateComponentException | CancellationException e) {
      return new Cell(family, count, null, Status.FAILED, e.getMessage());
    }
  }

  /** With one component every start is the same. */
  private static Initializer[] starts(List<Initializer> shared, int count) {
    return count == 1
        ? new Initializer[] {shared.get(shared.size() - 1)}
        : shared.toArray(Initializer[]::new);
  }

  private static String reason(Diagnostics diagnostics) {
    return diagnostics.warnings().stream()
        .filter(w -> w.isDegeneracy() || w.kind() == FitWarning.Kind.START_FAILED)
        .map(w -> "component " + (w.component() + 1) + ": " + w.remedy())
        .reduce((first, last) -> last)
        .orElse(StopReason.DEGENERATE.name());
  }
}
