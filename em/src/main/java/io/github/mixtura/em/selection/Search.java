package io.github.mixtura.em.selection;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.Acceleration;
import io.github.mixtura.em.DegenerateComponentException;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Looks for good starts of all cells together, on a sample of large data: every cell tries the
 * starts, then its own model with a component more or less, and then the mixtures that cells with
 * almost the same model have found, as long as that improves any.
 *
 * <p>Each of these steps sees what all cells were before it, and cells of one number of components
 * change together. Numbers of components wait for each other only where they look at each other, so
 * that few threads are ever idle; what is found does not depend on how many there are.
 */
final class Search {
  /** Rows of the sample: at least so many, and so many for each component and column. */
  private static final int SAMPLE = 2000;

  private static final int SAMPLE_PER_NUMBER = 10;
  private static final long SAMPLE_SEED = 2000;

  /** Iterations that choose among starts, and how many of them go on. */
  private static final int SHORT_RUN = 10;

  private static final int KEPT = 6;

  /** How often neighbours in the number of components are looked at. */
  private static final int PASSES = 2;

  /** How many splits and how many removals are tried, and for how many iterations. */
  private static final int CHOICES = 6;

  private static final int GLANCE = 2;

  /** How many of them go on. */
  private static final int GLANCED = 3;

  /** Iterations that choose among what others found, and how often that is done. */
  private static final int TRIAL = 3;

  private static final int MOST_ROUNDS = 4;

  private static final double TOLERANCE = 1e-5;

  /** What counts as an improvement of ℓ, relative to the mean weight of a row + |ℓ|. */
  private static final double GAIN = 1e-7;

  /** One cell while it is looked for. */
  private static final class Place {
    private final Family<?> family;
    private final int components;

    /** What neighbours see: from the starts alone, then after each pass. */
    private final List<MixtureFit<?>> stages = new ArrayList<>();

    private MixtureFit<?> fit;

    /** The step that found the fit, and the one that last looked at what others had found. */
    private int found;

    private int borrowed;

    Place(Family<?> family, int components) {
      this.family = family;
      this.components = components;
    }
  }

  /** The cells of one number of components. */
  private static final class Group {
    private final List<Place> places;
    private int step;
    private final List<CompletableFuture<?>> stages = new ArrayList<>();

    Group(List<Place> places) {
      this.places = places;
    }
  }

  private final Observations rows;
  private final List<Initializer> initializers;
  private final EmOptions options;

  /** The options with what is left of the time; {@code null} when nothing is. */
  private final UnaryOperator<EmOptions> limits;

  private final Map<Integer, Group> groups = new TreeMap<>();

  private Search(
      Observations rows,
      List<Initializer> initializers,
      EmOptions options,
      UnaryOperator<EmOptions> limits) {
    this.rows = rows;
    this.initializers = initializers;
    this.options = options;
    this.limits = limits;
  }

  /**
   * A search that has not begun.
   *
   * @param observations all rows
   * @param families the models
   * @param components the numbers of components
   * @param initializers where to begin
   * @param options how the fits will be run
   * @param limits puts the time left into options, or returns {@code null} if there is none
   * @return the search
   */
  static Search over(
      Observations observations,
      List<Family<?>> families,
      int[] components,
      List<Initializer> initializers,
      EmOptions options,
      UnaryOperator<EmOptions> limits) {
    int most = Arrays.stream(components).max().orElseThrow();
    long size = Math.max(SAMPLE, (long) SAMPLE_PER_NUMBER * most * (observations.columns() + 1));
    Observations rows =
        observations.rows() <= 2 * size ? observations : sample(observations, (int) size);
    EmOptions each =
        options
            .withThreads(ModelSelection.threadsOfFit(rows, options))
            .withTolerance(Math.max(TOLERANCE, options.tolerance()))
            .withAcceleration(Acceleration.SQUAREM);
    Search search =
        new Search(
            rows, initializers.stream().<Initializer>map(SharedStarts::new).toList(), each, limits);
    for (int count : components) {
      search.groups.computeIfAbsent(
          count, k -> new Group(families.stream().map(f -> new Place(f, k)).toList()));
    }
    return search;
  }

  /** Distinct rows in rising order. */
  private static Observations sample(Observations observations, int size) {
    int[] rows = IntStream.range(0, observations.rows()).toArray();
    SplittableRandom random = new SplittableRandom(SAMPLE_SEED);
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i, rows.length);
      int chosen = rows[j];
      rows[j] = rows[i];
      rows[i] = chosen;
    }
    int[] chosen = Arrays.copyOf(rows, size);
    Arrays.sort(chosen);
    return observations.select(chosen);
  }

  /** The rows that are searched: the data themselves unless they are many. */
  Observations rows() {
    return rows;
  }

  void start(Executor executor) {
    for (Group group : groups.values()) {
      group.stages.add(keep(group, each(group, executor, this::begin)));
    }
    for (int pass = 0; pass < PASSES; pass++) {
      int seen = pass;
      groups.forEach(
          (components, group) ->
              group.stages.add(
                  keep(
                      group,
                      CompletableFuture.allOf(
                              stage(components - 1, seen),
                              stage(components, seen),
                              stage(components + 1, seen))
                          .thenCompose(done -> each(group, executor, p -> regroup(p, seen)))
                          .thenCompose(regrouped -> borrow(group, executor, 0)))));
    }
  }

  /** Shows neighbours what a group has found when work on it ends. */
  private static CompletableFuture<?> keep(Group group, CompletableFuture<?> work) {
    return work.thenRun(() -> group.places.forEach(place -> place.stages.add(place.fit)));
  }

  private CompletableFuture<?> stage(int components, int number) {
    Group group = groups.get(components);
    return group == null ? CompletableFuture.completedFuture(null) : group.stages.get(number);
  }

  /** Every round spreads what the last one found. */
  private CompletableFuture<?> borrow(Group group, Executor executor, int round) {
    return each(group, executor, this::borrow)
        .thenCompose(
            improved ->
                improved && round + 1 < MOST_ROUNDS
                    ? borrow(group, executor, round + 1)
                    : CompletableFuture.completedFuture(null));
  }

  /** What is found for a model, on {@link #rows}; {@code null} if nothing. */
  CompletableFuture<MixtureFit<?>> found(Family<?> family, int components) {
    Group group = groups.get(components);
    Place place = group.places.stream().filter(p -> p.family == family).findFirst().orElseThrow();
    return group.stages.get(PASSES).thenApply(done -> place.fit);
  }

  /** Works on all places at what they were before; then they change together. True if any does. */
  private CompletableFuture<Boolean> each(
      Group group, Executor executor, Function<Place, MixtureFit<?>> work) {
    List<CompletableFuture<MixtureFit<?>>> fits = new ArrayList<>();
    for (Place place : group.places) {
      fits.add(CompletableFuture.supplyAsync(() -> work.apply(place), executor));
    }
    return CompletableFuture.allOf(fits.toArray(CompletableFuture[]::new))
        .thenApply(all -> update(group, fits.stream().map(CompletableFuture::join).toList()));
  }

  private static boolean update(Group group, List<MixtureFit<?>> fits) {
    group.step++;
    boolean improved = false;
    for (int i = 0; i < fits.size(); i++) {
      Place place = group.places.get(i);
      if (isBetter(fits.get(i), place.fit)) {
        place.fit = fits.get(i);
        place.found = group.step;
        improved = true;
      }
    }
    return improved;
  }

  private static boolean isBetter(MixtureFit<?> fit, MixtureFit<?> than) {
    if (fit == null || than == null) {
      return fit != null;
    }
    if (isClean(fit) != isClean(than)) {
      return isClean(fit);
    }
    double before = than.logLikelihood();
    double unit = than.totalWeight() / than.rows();
    return fit.logLikelihood() > before + GAIN * (unit + Math.abs(before));
  }

  private static boolean isClean(MixtureFit<?> fit) {
    return fit != null && !fit.diagnostics().isDegenerate();
  }

  private MixtureFit<?> begin(Place place) {
    MixtureFit<?> found =
        fit(place.family, place.components, initializers, options, SHORT_RUN, KEPT);
    MixtureFit<?> slow = place.components == 1 ? null : beginSlowly(place);
    return isBetter(slow, found) ? slow : found;
  }

  /** Plain EM from what is made once: jumps may leave the basin of a start that is near a peak. */
  private MixtureFit<?> beginSlowly(Place place) {
    List<Initializer> starts = initializers.stream().filter(Initializer::isDeterministic).toList();
    if (starts.isEmpty()) {
      return null;
    }
    EmOptions plain = options.withAcceleration(Acceleration.NONE);
    MixtureFit<?> near = fit(place.family, place.components, starts, plain, SHORT_RUN, KEPT);
    if (!isClean(near)) {
      return near;
    }
    MixtureFit<?> on = goOn(place, near);
    return isBetter(on, near) ? on : near;
  }

  private MixtureFit<?> goOn(Place place, MixtureFit<?> from) {
    List<Initializer> start = List.of(new Given(new Start.Model(from.mixture())));
    return fit(place.family, place.components, start, options, TRIAL, 1);
  }

  private MixtureFit<?> borrow(Place place) {
    List<Initializer> starts = new ArrayList<>();
    Group group = groups.get(place.components);
    int seen = place.borrowed;
    place.borrowed = group.step;
    for (Place other : group.places) {
      if (isClean(other.fit) && other.found > seen && isNear(place, other)) {
        starts.add(new Given(new Start.Model(other.fit.mixture())));
      }
    }
    if (starts.isEmpty()) {
      return null;
    }
    EmOptions few = options.withMaxIterations(Math.min(TRIAL, options.maxIterations()));
    MixtureFit<?> best = fit(place.family, place.components, starts, few, TRIAL, 1);
    return isBetter(best, place.fit) ? goOn(place, best) : null;
  }

  /** Models of one law whose names differ in one letter at most. */
  private boolean isNear(Place a, Place b) {
    if (a == b || a.family.law() != b.family.law()) {
      return false;
    }
    String first = a.family.structure(rows.columns());
    String second = b.family.structure(rows.columns());
    if (first == null || second == null || first.length() != second.length()) {
      return Objects.equals(first, second);
    }
    return IntStream.range(0, first.length())
            .filter(i -> first.charAt(i) != second.charAt(i))
            .count()
        <= 1;
  }

  /** Starts from the same model with a component more or less. */
  private MixtureFit<?> regroup(Place place, int stage) {
    if (place.family.encoding() != Encoding.IDENTITY || place.components == 1) {
      return null;
    }
    List<int[]> partitions = new ArrayList<>();
    MixtureFit<?> fewer = neighbour(place, -1, stage);
    if (isClean(fewer)) {
      partitions.addAll(
          Regrouping.splits(rows, fewer.mixture().labels(rows), place.components - 1, CHOICES));
    }
    MixtureFit<?> more = neighbour(place, 1, stage);
    if (isClean(more)) {
      partitions.addAll(Regrouping.removals(more.mixture().responsibilities(rows), CHOICES));
    }
    List<Initializer> starts = new ArrayList<>();
    for (int[] labels : partitions) {
      starts.add(new Given(new Start.Partition(place.components, labels)));
    }
    return starts.isEmpty()
        ? null
        : fit(place.family, place.components, starts, options, GLANCE, GLANCED);
  }

  /** What the same model with more components, or with fewer, was at a stage; or {@code null}. */
  private MixtureFit<?> neighbour(Place place, int more, int stage) {
    Group group = groups.get(place.components + more);
    if (group == null) {
      return null;
    }
    return group.places.stream()
        .filter(other -> other.family == place.family)
        .findFirst()
        .map(other -> other.stages.get(stage))
        .orElse(null);
  }

  private <C extends Component> MixtureFit<?> fit(
      Family<C> family,
      int components,
      List<Initializer> starts,
      EmOptions how,
      int iterations,
      int kept) {
    EmOptions limited = limits.apply(how);
    if (limited == null) {
      return null;
    }
    try {
      return MixtureFitter.of(family, components)
          .options(limited)
          .initializer(starts.toArray(Initializer[]::new))
          .shortRuns(iterations, kept)
          .fit(rows);
    } catch (UnusableDataException | DegenerateComponentException | CancellationException e) {
      return null;
    }
  }

  /** One known start. */
  record Given(Start start) implements Initializer {
    @Override
    public Start start(Data data, int components, SplittableRandom random) {
      return start;
    }

    @Override
    public boolean isDeterministic() {
      return true;
    }
  }
}
