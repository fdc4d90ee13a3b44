package io.github.mixtura.mdn;

import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.execution.Workers;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Learns the law of targets given inputs as a mixture whose weights and parameters a network
 * computes. Bishop 1994, <a href="https://publications.aston.ac.uk/id/eprint/373/">Mixture density
 * networks</a>.
 *
 * <p>The loss is the mean of −log f(y | x), with the penalties of {@link TrainingOptions}. Inputs
 * and targets are standardised inside, by the training part. Training begins where the mixture for
 * average inputs is the one that EM fits to the targets alone. Immutable.
 */
public final class MixtureDensityNetwork {
  private static final int MOST_EM_ROWS = 20_000;

  /** Parameters, their mean, the best, a gradient and its sums, and Adam's two means. */
  private static final int VECTORS = 7;

  private static final int ROWS_BETWEEN_LOOKS = 256;

  private final Body body;
  private final OutputFamily family;
  private final int components;
  private final double floor;
  private final TrainingOptions options;
  private final ConditionalMixture before;

  private MixtureDensityNetwork(
      Body body,
      OutputFamily family,
      int components,
      double floor,
      TrainingOptions options,
      ConditionalMixture before) {
    this.body = body;
    this.family = family;
    this.components = components;
    this.floor = floor;
    this.options = options;
    this.before = before;
  }

  /**
   * A network to train, with default options and a scale floor of 0.001.
   *
   * @param body what it computes from the inputs
   * @param family law of the components
   * @param components K, 1 to 1000
   * @return the network
   * @throws IllegalArgumentException if K is out of range
   */
  public static MixtureDensityNetwork of(Body body, OutputFamily family, int components) {
    if (components < 1 || components > 1000) {
      throw new IllegalArgumentException("components is " + components + ", must be 1 to 1000");
    }
    return new MixtureDensityNetwork(
        Objects.requireNonNull(body, "body"),
        Objects.requireNonNull(family, "family"),
        components,
        1e-3,
        TrainingOptions.defaults(),
        null);
  }

  /**
   * Changes the options.
   *
   * @param value how to train
   * @return changed copy
   */
  public MixtureDensityNetwork options(TrainingOptions value) {
    return new MixtureDensityNetwork(
        body, family, components, floor, Objects.requireNonNull(value, "options"), before);
  }

  /**
   * Changes the smallest scale of a component. Where targets repeat a value exactly the likelihood
   * has no maximum without one.
   *
   * @param value as a share of each target's standard deviation, 1e-6 to 0.1; plays no part for
   *     angles
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public MixtureDensityNetwork scaleFloor(double value) {
    if (!(value >= 1e-6 && value <= 0.1)) {
      throw new IllegalArgumentException("scaleFloor is " + value + ", must be 1e-6 to 0.1");
    }
    return new MixtureDensityNetwork(body, family, components, value, options, before);
  }

  /**
   * Begins from a trained network of the same kind and sizes instead of at random: its parameters
   * and its scaling are kept.
   *
   * @param model the network
   * @return changed copy
   * @throws IllegalArgumentException if body, family or number of components differ
   */
  public MixtureDensityNetwork startingFrom(ConditionalMixture model) {
    Network.Shape shape = model.network().shape();
    if (!shape.body().toMap().equals(body.toMap())
        || shape.family() != family
        || shape.components() != components) {
      throw new IllegalArgumentException(
          "model is "
              + model
              + ", must be a network of "
              + family
              + " with "
              + components
              + " components and body "
              + body);
    }
    return new MixtureDensityNetwork(body, family, components, shape.floor(), options, model);
  }

  /**
   * Trains; a share of the examples is set aside for validation, the last ones where they have
   * times.
   *
   * @param examples to learn from
   * @return the network and how it was found; not converging is a result
   * @throws IllegalArgumentException if the network is too large for the memory
   * @throws UnusableDataException if a target's standard deviation is too small for its square to
   *     be computed with
   */
  public NetworkFit fit(Examples examples) {
    int n = examples.size();
    int aside = (int) Math.round(options.validationFraction() * n);
    if (aside == 0 || n - aside < 1) {
      return new Fit(examples, ConditionalMixture.indices(n), null, null).run();
    }
    int[] order = ConditionalMixture.indices(n);
    if (!examples.ordered()) {
      SplittableRandom random = new SplittableRandom(options.seed() ^ 0x5eed5eedL);
      for (int i = n - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
      }
      Arrays.sort(order, 0, n - aside);
      Arrays.sort(order, n - aside, n);
    }
    return new Fit(
            examples,
            Arrays.copyOf(order, n - aside),
            examples,
            Arrays.copyOfRange(order, n - aside, n))
        .run();
  }

  /**
   * Trains on one set of examples and validates on another.
   *
   * @param training to learn from
   * @param validation decides when to stop
   * @return the network and how it was found
   * @throws IllegalArgumentException if sizes differ, or if both have times and validation does not
   *     come after training
   */
  public NetworkFit fit(Examples training, Examples validation) {
    if (training.inputs() != validation.inputs()
        || training.window() != validation.window()
        || training.targets() != validation.targets()) {
      throw new IllegalArgumentException(
          "validation has other inputs, windows or targets than training, must have the same");
    }
    if (training.ordered() && validation.ordered()) {
      double last = training.time(training.size() - 1);
      if (!(validation.time(0) > last)) {
        throw new IllegalArgumentException(
            "validation begins at time "
                + validation.time(0)
                + ", must be after the end of training, "
                + last
                + ": the future would leak into it");
      }
    }
    return new Fit(
            training,
            ConditionalMixture.indices(training.size()),
            validation,
            ConditionalMixture.indices(validation.size()))
        .run();
  }

  /** State of one fit. */
  private final class Fit {
    private final Watch watch = new Watch(options.run());
    private final Examples training;
    private final int[] trainIndices;
    private final Examples validation;
    private final int[] validationIndices;
    private final List<String> warnings = new ArrayList<>();
    private final Network network;
    private final Scaling scaling;

    Fit(Examples training, int[] trainIndices, Examples validation, int[] validationIndices) {
      this.training = training;
      this.trainIndices = trainIndices;
      this.validation = validation;
      this.validationIndices = validationIndices;
      Network.Shape shape =
          new Network.Shape(
              body,
              family,
              training.inputs(),
              training.window(),
              training.targets(),
              components,
              floor);
      shape.requireMemory(VECTORS);
      network = new Network(shape);
      if (before != null) {
        before.requireShape(training);
      }
      scaling = before == null ? scaling() : before.scaling();
      requireScales();
    }

    private Scaling scaling() {
      double[][] inputs = Scaling.of(training.featureColumns(), training.rowsSeen(trainIndices));
      double[][] targets =
          family.angles()
              ? Scaling.none(training.targets())
              : Scaling.of(training.targetColumns(), trainIndices);
      warnOfConstants("input", training.featureColumns(), training.rowsSeen(trainIndices));
      warnOfConstants("target", training.targetColumns(), trainIndices);
      return new Scaling(inputs[0], inputs[1], targets[0], targets[1]);
    }

    private void requireScales() {
      double least = network.shape().leastScale();
      for (int j = 0; j < training.targets(); j++) {
        double scale = scaling.targetScale()[j];
        if (scale < least) {
          throw new UnusableDataException(
              "target "
                  + j
                  + " has the standard deviation "
                  + scale
                  + " in the training part, must have at least "
                  + least
                  + ": change its unit");
        }
      }
    }

    private void warnOfConstants(String name, double[][] columns, int[] rows) {
      for (int j = 0; j < columns.length; j++) {
        double[] column = columns[j];
        if (Arrays.stream(rows).allMatch(row -> column[row] == column[rows[0]])) {
          warnings.add(
              name + " " + j + " is constant, " + column[rows[0]] + ", in the training part");
        }
      }
    }

    private double[][] standardisedTargets() {
      int count = Math.min(MOST_EM_ROWS, trainIndices.length);
      double[][] rows = new double[count][];
      for (int i = 0; i < count; i++) {
        int index = trainIndices[(int) ((long) i * trainIndices.length / count)];
        rows[i] = training.target(index);
        for (int j = 0; j < rows[i].length; j++) {
          rows[i][j] = (rows[i][j] - scaling.targetShift()[j]) / scaling.targetScale()[j];
        }
      }
      return rows;
    }

    private Mixture<? extends Component> firstMixture(double[][] targets) {
      EmOptions em =
          EmOptions.defaults()
              .withSeed(options.seed())
              .withThreads(options.threads())
              .withMaxIterations(300)
              .withTolerance(1e-7)
              // As narrow as the network's components may be, where targets coincide.
              .withOnDegenerate(DegeneracyPolicy.floor(floor * floor))
              .withCancelled(() -> watch.passed() != null);
      Mixture<? extends Component> mixture =
          family.fit(
              targets, components, em, before == null ? Initializer.kMeans() : kept(targets));
      if (mixture == null && watch.passed() != null) {
        return family.spread(targets, components);
      }
      if (mixture == null) {
        warnings.add("EM could not fit " + components + " components to the targets alone");
        return family.spread(targets, components);
      }
      return mixture;
    }

    /** Begins EM in the order of the former network's components, to which the weights refer. */
    private Initializer kept(double[][] targets) {
      Mixture<? extends Component> law = before.atMeanInputs();
      double[][] shares = new double[targets.length][];
      for (int i = 0; i < targets.length; i++) {
        double[] row = targets[i].clone();
        for (int j = 0; j < row.length; j++) {
          row[j] = row[j] * scaling.targetScale()[j] + scaling.targetShift()[j];
        }
        shares[i] = law.responsibilities(row);
      }
      return Initializer.responsibilities(shares);
    }

    NetworkFit run() {
      double[][] targets = standardisedTargets();
      Mixture<? extends Component> first = firstMixture(targets);
      try (Workers workers = Workers.of(options.threads())) {
        Objective objective = objective(training, workers, penalties(first));
        Training.Part train = new Training.Part(objective, trainIndices);
        Training.Part check =
            validation == null
                ? null
                : new Training.Part(
                    objective(validation, workers, Objective.Penalties.NONE), validationIndices);
        return train(train, check, first, targets);
      }
    }

    private Objective objective(Examples examples, Workers workers, Objective.Penalties penalties) {
      return new Objective(
          network,
          new Prepared(examples, scaling, network.head().law()),
          workers,
          penalties,
          watch);
    }

    private Objective.Penalties penalties(Mixture<?> first) {
      double[] prior = first.weights();
      Arrays.setAll(prior, k -> Math.max(prior[k], 1e-6));
      boolean inLoss = options.optimizer() == TrainingOptions.Optimizer.ADAM;
      return new Objective.Penalties(
          inLoss ? options.weightDecay() : 0, options.entropy(), options.weightDivergence(), prior);
    }

    private NetworkFit train(
        Training.Part train,
        Training.Part check,
        Mixture<? extends Component> first,
        double[][] targets) {
      double startLoss = startLoss(first, targets);
      SplittableRandom random = new SplittableRandom(options.seed());
      Training best = null;
      int bestStart = 0;
      double firstLoss = Double.NaN;
      List<Double> startLosses = new ArrayList<>();
      int starts = before == null ? options.starts() : 1;
      for (int s = 0; s < starts && (s == 0 || watch.passed() == null); s++) {
        SplittableRandom own = random.split();
        double[] parameters = before == null ? network.initialise(first, own) : before.parameters();
        Training training =
            new Training(
                options, train, check, network.weightMask(), scaling.logUnits(), watch::passed, s);
        double loss = firstLoss(train, parameters);
        training.run(parameters, own);
        startLosses.add(training.bestLoss() - scaling.logUnits());
        if (best == null || training.bestLoss() < best.bestLoss()) {
          best = training;
          bestStart = s;
          firstLoss = loss - scaling.logUnits();
        }
      }
      if (best.reason() == TrainingStop.DIVERGED) {
        warnings.add("training could not continue; the best parameters so far were kept");
      }
      return new NetworkFit(
          new ConditionalMixture(network, best.best(), scaling),
          report(best, bestStart, startLoss, firstLoss, startLosses));
    }

    private double startLoss(Mixture<? extends Component> first, double[][] targets) {
      double loss = -scaling.logUnits();
      for (int i = 0; i < targets.length; i++) {
        if (i % ROWS_BETWEEN_LOOKS == 0 && watch.passed() != null) {
          return Double.NaN;
        }
        loss -= first.logDensity(targets[i]) / targets.length;
      }
      return loss;
    }

    private static double firstLoss(Training.Part train, double[] parameters) {
      try {
        return train.loss(parameters);
      } catch (Watch.Stopped e) {
        return Double.NaN;
      }
    }

    private TrainingReport report(
        Training best,
        int bestStart,
        double startLoss,
        double firstLoss,
        List<Double> startLosses) {
      // All starts belong to the fit: also one that was cut, or never made, ended it.
      TrainingStop cut = watch.reason();
      return new TrainingReport(
          cut == null ? best.reason() : cut,
          best.epochs(),
          best.bestEpoch(),
          bestStart,
          best.steps(),
          best.rejected(),
          best.clipped(),
          trainIndices.length,
          validation == null ? 0 : validationIndices.length,
          network.size(),
          startLoss,
          firstLoss,
          best.trainingLosses(),
          best.validationLosses(),
          startLosses,
          best.polished(),
          watch.seconds(),
          warnings);
    }
  }
}
