package io.github.mixtura.mdn;

import io.github.mixtura.optimisation.Lbfgs;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One start: steps from given parameters until a reason to stop. */
final class Training {
  private static final int MOST_REJECTED_IN_A_ROW = 50;
  private static final double LAST_SHARE = 0.01;

  /** After s steps the running mean looks back over at most about s/9 of them. */
  private static final double LOOKING_BACK = 9;

  private final TrainingOptions options;
  private final Part train;
  private final Part validation;
  private final double[] mask;
  private final double units;
  private final Clock clock;
  private final int start;

  /** Running mean of the parameters: what is judged and kept. */
  private final double[] mean;

  private double[] best;
  private double bestLoss;
  private int bestEpoch;
  private double rate = 1;
  private int sinceBest;
  private int sinceHalved;
  private int epoch;
  private long steps;
  private long rejected;
  private long clipped;
  private int rejectedInARow;
  private int polished;
  private TrainingStop reason = TrainingStop.EPOCHS;
  private final List<Double> trainingLosses = new ArrayList<>();
  private final List<Double> validationLosses = new ArrayList<>();

  /** Examples and the loss over them. */
  record Part(Objective objective, int[] indices) {
    double loss(double[] parameters) {
      return objective.loss(parameters, indices, 0, indices.length);
    }
  }

  /** Asked whether to go on. */
  interface Clock {
    /** Null to go on. */
    TrainingStop passed();
  }

  Training(
      TrainingOptions options,
      Part train,
      Part validation,
      double[] mask,
      double units,
      Clock clock,
      int start) {
    this.mean = new double[mask.length];
    this.options = options;
    this.train = train;
    this.validation = validation;
    this.mask = mask;
    this.units = units;
    this.clock = clock;
    this.start = start;
  }

  void run(double[] first, SplittableRandom random) {
    best = first.clone();
    bestLoss = Double.POSITIVE_INFINITY;
    System.arraycopy(first, 0, mean, 0, mean.length);
    try {
      train(first, random);
    } catch (Watch.Stopped e) {
      reason = clock.passed();
    }
  }

  private void train(double[] first, SplittableRandom random) {
    double firstLoss = finite(monitor(first));
    bestLoss = firstLoss;
    double[] parameters = first.clone();
    Adam adam = new Adam(parameters.length);
    int[] order = train.indices().clone();
    while (epoch < options.epochs() && reason == TrainingStop.EPOCHS) {
      shuffle(order, random);
      double loss = epoch(parameters, adam, order);
      if (isCut()) {
        break;
      }
      judge(loss);
    }
    if (validation == null && bestEpoch > 0) {
      // Epochs were compared by the mean loss of their steps, which is not that of their mean.
      bestLoss = finite(monitor(best));
      if (!(bestLoss <= firstLoss)) {
        bestLoss = firstLoss;
        best = first.clone();
        bestEpoch = 0;
      }
    }
    if (options.polish() > 0 && !isCut()) {
      polish();
    }
  }

  /** Whether the time limit or the caller ended training. */
  private boolean isCut() {
    return reason == TrainingStop.TIME_LIMIT || reason == TrainingStop.CANCELLED;
  }

  private double monitor(double[] parameters) {
    return validation == null ? train.loss(parameters) : validation.loss(parameters);
  }

  private static double finite(double loss) {
    return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
  }

  private static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }

  /** Steps over all examples; the mean loss of the steps that were taken. */
  private double epoch(double[] parameters, Adam adam, int[] order) {
    double[] gradient = new double[parameters.length];
    int size = Math.min(options.batchSize(), order.length);
    int perEpoch = (order.length + size - 1) / size;
    double sum = 0;
    int count = 0;
    for (int i = 0; i < perEpoch; i++) {
      TrainingStop passed = clock.passed();
      if (passed != null) {
        reason = passed;
        break;
      }
      int from = i * size;
      int to = Math.min(order.length, from + size);
      double loss = train.objective().gradient(parameters, order, from, to, gradient);
      if (step(parameters, gradient, loss, adam, (long) epoch * perEpoch + i, perEpoch)) {
        sum += train.objective().dataLoss() * (to - from);
        count += to - from;
      } else if (rejectedInARow >= MOST_REJECTED_IN_A_ROW) {
        reason = TrainingStop.DIVERGED;
        break;
      }
    }
    return sum / count;
  }

  private boolean step(
      double[] parameters, double[] gradient, double loss, Adam adam, long index, int perEpoch) {
    double norm = Math.sqrt(Lanes.sumSquares(gradient, gradient.length));
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      rejected++;
      rejectedInARow++;
      // Back to safe ground: the parameters themselves may be what cannot be evaluated.
      System.arraycopy(best, 0, parameters, 0, best.length);
      System.arraycopy(best, 0, mean, 0, best.length);
      return false;
    }
    rejectedInARow = 0;
    if (norm > options.clipNorm()) {
      clipped++;
      double shorten = options.clipNorm() / norm;
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= shorten;
      }
    }
    double size = options.learningRate() * share(index, (long) perEpoch * options.epochs());
    boolean direct = options.optimizer() == TrainingOptions.Optimizer.ADAMW;
    adam.step(parameters, gradient, size, mask, direct ? size * options.weightDecay() : 0);
    steps++;
    Lanes.average(mean, Math.min(options.averaging(), steps / (steps + LOOKING_BACK)), parameters);
    return true;
  }

  private double share(long index, long total) {
    int warmup = options.warmupSteps();
    double share = index < warmup ? (index + 1.0) / warmup : 1;
    if (options.schedule() == TrainingOptions.Schedule.COSINE && index >= warmup) {
      double passed = (index - warmup) / (double) Math.max(1, total - warmup);
      share = LAST_SHARE + (1 - LAST_SHARE) * 0.5 * (1 + Math.cos(Math.PI * passed));
    }
    return rate * share;
  }

  private void judge(double trainingLoss) {
    double loss = validation == null ? trainingLoss : validation.loss(mean);
    epoch++;
    trainingLosses.add(trainingLoss - units);
    if (validation != null) {
      validationLosses.add(loss - units);
    }
    options
        .listener()
        .accept(
            new TrainingProgress(
                start,
                options.starts(),
                epoch,
                options.epochs(),
                trainingLoss - units,
                validation == null ? Double.NaN : loss - units));
    sinceBest++;
    sinceHalved++;
    if (loss < bestLoss) {
      bestLoss = loss;
      best = mean.clone();
      bestEpoch = epoch;
      sinceBest = 0;
      sinceHalved = 0;
    }
    if (options.schedule() == TrainingOptions.Schedule.PLATEAU
        && sinceHalved >= Math.max(1, options.patience() / 2)) {
      rate *= 0.5;
      sinceHalved = 0;
    }
    if (validation != null && sinceBest >= options.patience() && reason == TrainingStop.EPOCHS) {
      reason = TrainingStop.EARLY_STOPPING;
    }
  }

  /** Keeps the polished parameters where what decides has not become worse. */
  private void polish() {
    double[] x = best;
    int[] indices = train.indices();
    Lbfgs.Objective objective =
        (parameters, gradient) ->
            train.objective().gradient(parameters, indices, 0, indices.length, gradient);
    int made = 0;
    while (made < options.polish()) {
      if (clock.passed() != null) {
        reason = clock.passed();
        break;
      }
      int round = Math.min(20, options.polish() - made);
      Lbfgs.Minimum found =
          new Lbfgs(round, 1e-10, () -> clock.passed() != null).minimise(objective, x);
      x = found.point();
      made += found.iterations();
      double loss = monitor(x);
      if (!(loss <= bestLoss)) {
        break;
      }
      bestLoss = loss;
      best = x;
      polished = made;
      if (found.iterations() < round) {
        break;
      }
    }
  }

  double[] best() {
    return best;
  }

  double bestLoss() {
    return bestLoss;
  }

  int bestEpoch() {
    return bestEpoch;
  }

  int epochs() {
    return epoch;
  }

  long steps() {
    return steps;
  }

  long rejected() {
    return rejected;
  }

  long clipped() {
    return clipped;
  }

  int polished() {
    return polished;
  }

  TrainingStop reason() {
    return reason;
  }

  List<Double> trainingLosses() {
    return trainingLosses;
  }

  List<Double> validationLosses() {
    return validationLosses;
  }
}
