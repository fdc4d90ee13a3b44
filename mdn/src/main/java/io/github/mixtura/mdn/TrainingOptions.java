package io.github.mixtura.mdn;

import io.github.mixtura.execution.Progress;
import io.github.mixtura.execution.RunOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** How to train a network. Immutable; each {@code with…} method returns a changed copy. */
public final class TrainingOptions {
  /** How weight decay enters. */
  public enum Optimizer {
    /** Adam, Kingma &amp; Ba 2015, arXiv 1412.6980; decay is a part of the loss. */
    ADAM,
    /** Loshchilov &amp; Hutter 2019, arXiv 1711.05101; decay shrinks the weights directly. */
    ADAMW
  }

  /** How the step size falls. */
  public enum Schedule {
    /** Not at all. */
    CONSTANT,
    /** Half a cosine, to one hundredth at the last epoch. */
    COSINE,
    /** Halved whenever the loss has not fallen for half of the patience. */
    PLATEAU
  }

  private static final TrainingOptions DEFAULTS = new TrainingOptions();

  private Optimizer optimizer = Optimizer.ADAM;
  private double learningRate = 1e-3;
  private Schedule schedule = Schedule.COSINE;
  private int warmupSteps = 0;
  private int epochs = 200;
  private int batchSize = 128;
  private double weightDecay = 0;
  private double weightDivergence = 0;
  private double entropy = 0;
  private double clipNorm = 10;
  private double averaging = 0.99;
  private double validationFraction = 0.1;
  private int patience = 20;
  private int starts = 1;
  private int polish = 0;
  private RunOptions run = RunOptions.defaults().withThreads(1);

  private TrainingOptions() {}

  private TrainingOptions copy() {
    TrainingOptions copy = new TrainingOptions();
    copy.optimizer = optimizer;
    copy.learningRate = learningRate;
    copy.schedule = schedule;
    copy.warmupSteps = warmupSteps;
    copy.epochs = epochs;
    copy.batchSize = batchSize;
    copy.weightDecay = weightDecay;
    copy.weightDivergence = weightDivergence;
    copy.entropy = entropy;
    copy.clipNorm = clipNorm;
    copy.averaging = averaging;
    copy.validationFraction = validationFraction;
    copy.patience = patience;
    copy.starts = starts;
    copy.polish = polish;
    copy.run = run;
    return copy;
  }

  /**
   * Adam with step size 0.001 on a cosine, 200 epochs of batches of 128, a tenth of the examples
   * for validation, patience 20, averaging 0.99, one start, seed 1, one thread, no penalties.
   *
   * @return the defaults
   */
  public static TrainingOptions defaults() {
    return DEFAULTS;
  }

  /** Threads, seed, time limit, listener and cancellation. */
  RunOptions run() {
    return run;
  }

  private TrainingOptions with(RunOptions value) {
    TrainingOptions copy = copy();
    copy.run = value;
    return copy;
  }

  private static void require(boolean met, String name, Object value, String requirement) {
    if (!met) {
      throw new IllegalArgumentException(name + " is " + value + ", " + requirement);
    }
  }

  /**
   * How weight decay enters.
   *
   * @return the value
   */
  public Optimizer optimizer() {
    return optimizer;
  }

  /**
   * Changes: how weight decay enters.
   *
   * @param value the value
   * @return changed copy
   */
  public TrainingOptions withOptimizer(Optimizer value) {
    Objects.requireNonNull(value, "optimizer");
    TrainingOptions copy = copy();
    copy.optimizer = value;
    return copy;
  }

  /**
   * Greatest step size, in (0, 1].
   *
   * @return the value
   */
  public double learningRate() {
    return learningRate;
  }

  /**
   * Changes: greatest step size, in (0, 1].
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withLearningRate(double value) {
    require(value > 0 && value <= 1, "learningRate", value, "must be above 0 and at most 1");
    TrainingOptions copy = copy();
    copy.learningRate = value;
    return copy;
  }

  /**
   * How the step size falls.
   *
   * @return the value
   */
  public Schedule schedule() {
    return schedule;
  }

  /**
   * Changes: how the step size falls.
   *
   * @param value the value
   * @return changed copy
   */
  public TrainingOptions withSchedule(Schedule value) {
    Objects.requireNonNull(value, "schedule");
    TrainingOptions copy = copy();
    copy.schedule = value;
    return copy;
  }

  /**
   * Steps over which the step size rises from 0.
   *
   * @return the value
   */
  public int warmupSteps() {
    return warmupSteps;
  }

  /**
   * Changes: steps over which the step size rises from 0.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withWarmupSteps(int value) {
    require(value >= 0, "warmupSteps", value, "must not be negative");
    TrainingOptions copy = copy();
    copy.warmupSteps = value;
    return copy;
  }

  /**
   * Greatest number of passes over the training part.
   *
   * @return the value
   */
  public int epochs() {
    return epochs;
  }

  /**
   * Changes: greatest number of passes over the training part.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withEpochs(int value) {
    require(value >= 0 && value <= 1_000_000, "epochs", value, "must be 0 to 1 000 000");
    TrainingOptions copy = copy();
    copy.epochs = value;
    return copy;
  }

  /**
   * Examples of a step.
   *
   * @return the value
   */
  public int batchSize() {
    return batchSize;
  }

  /**
   * Changes: examples of a step.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withBatchSize(int value) {
    require(value >= 1, "batchSize", value, "must be at least 1");
    TrainingOptions copy = copy();
    copy.batchSize = value;
    return copy;
  }

  /**
   * Λ of ½ λ Σ w², on weights and not on biases.
   *
   * @return the value
   */
  public double weightDecay() {
    return weightDecay;
  }

  /**
   * Changes: λ of ½ λ Σ w², on weights and not on biases.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withWeightDecay(double value) {
    require(value >= 0 && value <= 1e6, "weightDecay", value, "must be 0 to 1e6");
    TrainingOptions copy = copy();
    copy.weightDecay = value;
    return copy;
  }

  /**
   * Λ of λ · KL(mean predicted weights ‖ weights of the EM mixture).
   *
   * @return the value
   */
  public double weightDivergence() {
    return weightDivergence;
  }

  /**
   * Changes: λ of λ · KL(mean predicted weights ‖ weights of the EM mixture).
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withWeightDivergence(double value) {
    require(value >= 0 && value <= 1e6, "weightDivergence", value, "must be 0 to 1e6");
    TrainingOptions copy = copy();
    copy.weightDivergence = value;
    return copy;
  }

  /**
   * Λ of −λ · mean entropy of the predicted weights: keeps components alive.
   *
   * @return the value
   */
  public double entropy() {
    return entropy;
  }

  /**
   * Changes: λ of −λ · mean entropy of the predicted weights: keeps components alive.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withEntropy(double value) {
    require(value >= 0 && value <= 1e6, "entropy", value, "must be 0 to 1e6");
    TrainingOptions copy = copy();
    copy.entropy = value;
    return copy;
  }

  /**
   * Greatest length of the gradient.
   *
   * @return the value
   */
  public double clipNorm() {
    return clipNorm;
  }

  /**
   * Changes: greatest length of the gradient.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withClipNorm(double value) {
    require(value > 0, "clipNorm", value, "must be positive");
    TrainingOptions copy = copy();
    copy.clipNorm = value;
    return copy;
  }

  /**
   * How much of itself the running mean of the parameters keeps in a step, less at the beginning.
   * The mean is what is validated and returned: it lies closer to the minimum than the steps, which
   * the noise of the batches throws about (Polyak &amp; Juditsky 1992, doi:10.1137/0330046). 0 for
   * the last step alone.
   *
   * @return the value
   */
  public double averaging() {
    return averaging;
  }

  /**
   * Changes: how much of itself the running mean of the parameters keeps in a step.
   *
   * @param value the value, from 0 to below 1
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withAveraging(double value) {
    require(value >= 0 && value < 1, "averaging", value, "must be from 0 to below 1");
    TrainingOptions copy = copy();
    copy.averaging = value;
    return copy;
  }

  /**
   * Share of the examples that decides when to stop: the last ones where examples have times,
   * random ones elsewhere; 0 for none.
   *
   * @return the value
   */
  public double validationFraction() {
    return validationFraction;
  }

  /**
   * Changes: share of the examples that decides when to stop: the last ones where examples have
   * times, random ones elsewhere; 0 for none.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withValidationFraction(double value) {
    require(value >= 0 && value <= 0.5, "validationFraction", value, "must be 0 to 0.5");
    TrainingOptions copy = copy();
    copy.validationFraction = value;
    return copy;
  }

  /**
   * Epochs without a better validation loss before stopping; with the plateau schedule half as many
   * halve the step size.
   *
   * @return the value
   */
  public int patience() {
    return patience;
  }

  /**
   * Changes: epochs without a better validation loss before stopping; with the plateau schedule
   * half as many halve the step size.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withPatience(int value) {
    require(value >= 1, "patience", value, "must be at least 1");
    TrainingOptions copy = copy();
    copy.patience = value;
    return copy;
  }

  /**
   * Random starts, of which the best is kept.
   *
   * @return the value
   */
  public int starts() {
    return starts;
  }

  /**
   * Changes: random starts, of which the best is kept.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withStarts(int value) {
    require(value >= 1 && value <= 1000, "starts", value, "must be 1 to 1000");
    TrainingOptions copy = copy();
    copy.starts = value;
    return copy;
  }

  /**
   * Greatest number of L-BFGS iterations after training, over all training examples at once; for
   * networks of some thousand parameters.
   *
   * @return the value
   */
  public int polish() {
    return polish;
  }

  /**
   * Changes: greatest number of L-BFGS iterations after training, over all training examples at
   * once; for networks of some thousand parameters.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withPolish(int value) {
    require(value >= 0 && value <= 100_000, "polish", value, "must be 0 to 100 000");
    TrainingOptions copy = copy();
    copy.polish = value;
    return copy;
  }

  /**
   * Seed of all randomness; the same seed gives the same bits for any number of threads.
   *
   * @return the value
   */
  public long seed() {
    return run.seed();
  }

  /**
   * Changes: seed of all randomness; the same seed gives the same bits for any number of threads.
   *
   * @param value the value
   * @return changed copy
   */
  public TrainingOptions withSeed(long value) {
    return with(run.withSeed(value));
  }

  /**
   * Number of threads.
   *
   * @return the value
   */
  public int threads() {
    return run.threads();
  }

  /**
   * Changes: number of threads.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withThreads(int value) {
    return with(run.withThreads(value));
  }

  /**
   * Time after which the best so far is returned, also in the midst of an epoch; null for none.
   *
   * @return the value
   */
  public Duration timeLimit() {
    return run.timeLimit();
  }

  /**
   * Changes: time after which the best so far is returned; null for none.
   *
   * @param value the value
   * @return changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainingOptions withTimeLimit(Duration value) {
    return with(run.withTimeLimit(value));
  }

  /**
   * Told after every epoch, by the fitting thread, of a {@link TrainingProgress}.
   *
   * @return the value
   */
  public Consumer<? super Progress> listener() {
    return run.listener();
  }

  /**
   * Changes: told after every epoch, by the fitting thread, of a {@link TrainingProgress}.
   *
   * @param value the value
   * @return changed copy
   */
  public TrainingOptions withListener(Consumer<? super Progress> value) {
    return with(run.withListener(value));
  }

  /**
   * Asked before every step and, by the same thread, within long ones; once true the best so far is
   * returned.
   *
   * @return the value
   */
  public BooleanSupplier cancelled() {
    return run.cancelled();
  }

  /**
   * Changes: asked before every step; once true the best so far is returned.
   *
   * @param value the value
   * @return changed copy
   */
  public TrainingOptions withCancelled(BooleanSupplier value) {
    return with(run.withCancelled(value));
  }
}
