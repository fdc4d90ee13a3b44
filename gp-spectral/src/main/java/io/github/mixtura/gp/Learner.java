package io.github.mixtura.gp;

import io.github.mixtura.optimisation.Lbfgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Learns the parameters of a process by maximising the log marginal likelihood with limited-memory
 * BFGS. Immutable; each {@code with…} method returns a changed copy.
 *
 * <p>Variances, weights and length scales move in the log domain, and no parameter further than 700
 * from 0 or from where it started: as far as double goes, so that the unit of the observations does
 * not matter. Observations without noise have no likeliest noise variance: learning ends where it
 * is 1e-14 of the prior variance, or the matrix is not positive definite in double precision, and
 * the status says so. With the Jeffreys term the density 1/w of every weight of a {@link
 * SpectralMixture} is added, −Σ log max(w, floor), which drives weights that the data do not need
 * below the floor; without it the result is the same as maximising over the weights themselves.
 *
 * <pre>{@code
 * Learned<GaussianProcess> learned = Learner.defaults().learn(process, x, y);
 * }</pre>
 */
public final class Learner {
  private static final double FARTHEST = 700;

  /** A rise of the log likelihood per unit of a parameter that is no rounding. */
  private static final double NOTICED = 0.1;

  private static final double LARGEST_RESIDUAL = 1e-6;

  /** The least noise variance, as a share of the prior variance. */
  private static final double QUIETEST = 1e-14;

  private final int maxIterations;
  private final double tolerance;
  private final boolean jeffreys;
  private final double floor;
  private final Duration timeLimit;
  private final BooleanSupplier cancelled;
  private final Consumer<Progress> listener;

  /**
   * One evaluation.
   *
   * @param evaluations so far
   * @param logMarginalLikelihood there
   */
  public record Progress(int evaluations, double logMarginalLikelihood) {}

  /** Why learning ended. */
  public enum Status {
    /**
     * The last two steps raised the likelihood by less than the tolerance, or no step raised it,
     * and nothing was in the way: a local maximum, which need not be the highest.
     */
    CONVERGED,
    /**
     * The likelihood still rises, towards parameters that cannot be: further than 700 away, or with
     * a noise variance that double precision cannot tell from 0, as by observations without noise.
     * The process is the best of those that can be.
     */
    AT_LIMIT,
    /** The most iterations are done; the best process so far, at least as likely as the start. */
    MAX_ITERATIONS,
    /**
     * The time is over; the best process so far. It is asked for between evaluations, of which one
     * is always made.
     */
    TIME_LIMIT,
    /** The caller cancelled; the best process so far, asked for as the time is. */
    CANCELLED
  }

  /**
   * What was learned.
   *
   * @param process with the best parameters
   * @param logMarginalLikelihood of it, without the Jeffreys term
   * @param iterations steps taken
   * @param status why it ended
   * @param <P> the kind of process
   */
  public record Learned<P>(
      P process, double logMarginalLikelihood, int iterations, Status status) {}

  /** Of an evaluation whose digits the condition of the matrix has not taken, {@code sound}. */
  private record Value(double logMarginalLikelihood, double[] gradient, boolean sound) {}

  private Learner(
      int maxIterations,
      double tolerance,
      boolean jeffreys,
      double floor,
      Duration timeLimit,
      BooleanSupplier cancelled,
      Consumer<Progress> listener) {
    this.maxIterations = maxIterations;
    this.tolerance = tolerance;
    this.jeffreys = jeffreys;
    this.floor = floor;
    this.timeLimit = timeLimit;
    this.cancelled = cancelled;
    this.listener = listener;
  }

  /**
   * 200 iterations, tolerance 1e-9, no Jeffreys term, no time limit.
   *
   * @return the defaults
   */
  public static Learner defaults() {
    return new Learner(200, 1e-9, false, 0, null, () -> false, progress -> {});
  }

  /**
   * Changes the most iterations.
   *
   * @param value not negative
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public Learner withMaxIterations(int value) {
    Checks.atLeast(value, 0, "maxIterations");
    return new Learner(value, tolerance, jeffreys, floor, timeLimit, cancelled, listener);
  }

  /**
   * Changes the tolerance.
   *
   * @param value it has converged once two steps in a row raise the likelihood ℓ by less than value
   *     · (1 + |ℓ|); finite and positive
   * @return changed copy
   * @throws IllegalArgumentException if it is not finite and positive
   */
  public Learner withTolerance(double value) {
    return new Learner(
        maxIterations,
        Checks.positive(value, "tolerance"),
        jeffreys,
        floor,
        timeLimit,
        cancelled,
        listener);
  }

  /**
   * Adds the Jeffreys term.
   *
   * @param value the floor of the weights, finite and positive
   * @return changed copy
   * @throws IllegalArgumentException if it is not finite and positive
   */
  public Learner withJeffreys(double value) {
    return new Learner(
        maxIterations,
        tolerance,
        true,
        Checks.positive(value, "floor"),
        timeLimit,
        cancelled,
        listener);
  }

  /**
   * Changes the time limit.
   *
   * @param value from the call of learn, not negative; {@code null} for none
   * @return changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public Learner withTimeLimit(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeLimit is " + value + ", must not be negative");
    }
    return new Learner(maxIterations, tolerance, jeffreys, floor, value, cancelled, listener);
  }

  /**
   * Changes who is asked whether to go on.
   *
   * @param value true once learning shall end
   * @return changed copy
   */
  public Learner withCancelled(BooleanSupplier value) {
    Objects.requireNonNull(value, "cancelled");
    return new Learner(maxIterations, tolerance, jeffreys, floor, timeLimit, value, listener);
  }

  /**
   * Changes who is told about progress.
   *
   * @param value called after every evaluation
   * @return changed copy
   */
  public Learner withListener(Consumer<Progress> value) {
    Objects.requireNonNull(value, "listener");
    return new Learner(maxIterations, tolerance, jeffreys, floor, timeLimit, cancelled, value);
  }

  /**
   * Learns from observations of a function of several columns.
   *
   * @param start its parameters are where learning starts; its noise variance is positive
   * @param x as {@link GaussianProcess#fit(double[][], double[])}
   * @param y as there
   * @return the best process
   * @throws IllegalArgumentException as there, or if the noise variance is 0
   */
  public Learned<GaussianProcess> learn(GaussianProcess start, double[][] x, double[] y) {
    Checks.positive(start.noiseVariance(), "noiseVariance");
    return run(
        start.parameters(),
        start.columns(),
        start::withParameters,
        process -> {
          GaussianPosterior posterior = process.fit(x, y);
          return new Value(
              posterior.logMarginalLikelihood(),
              posterior.logMarginalLikelihoodGradient(),
              posterior.jitter() == 0 && isLoud(process.columns(), process.noiseVariance()));
        });
  }

  /**
   * Learns from observations of a function of one column.
   *
   * @param start its parameters are where learning starts; its noise variance is positive
   * @param x as {@link GaussianProcess#fit(double[], double[])}
   * @param y as there
   * @return the best process
   * @throws IllegalArgumentException as there, or if the noise variance is 0
   */
  public Learned<GaussianProcess> learn(GaussianProcess start, double[] x, double[] y) {
    return learn(start, Factors.rows(x), y);
  }

  /**
   * Learns from the values on a grid.
   *
   * @param start its parameters are where learning starts
   * @param coordinates as {@link GridProcess#fit}
   * @param y as there
   * @return the best process
   * @throws IllegalArgumentException as there
   */
  public Learned<GridProcess> learn(GridProcess start, double[][] coordinates, double[] y) {
    return run(
        start.parameters(),
        start.axes(),
        start::withParameters,
        process -> {
          GridPosterior posterior = process.fit(coordinates, y);
          return new Value(
              posterior.logMarginalLikelihood(),
              posterior.logMarginalLikelihoodGradient(),
              isLoud(process.axes(), process.noiseVariance()));
        });
  }

  /**
   * Learns from observations at equal distances. Above 20 000 points the value is an estimate, with
   * the same random vectors at every evaluation.
   *
   * @param start its parameters are where learning starts
   * @param x as {@link ToeplitzProcess#fit(double[], double[])}
   * @param y as there
   * @return the best process
   * @throws IllegalArgumentException as there
   */
  public Learned<ToeplitzProcess> learn(ToeplitzProcess start, double[] x, double[] y) {
    return run(
        start.parameters(),
        List.of(start.covariance()),
        start::withParameters,
        process -> {
          ToeplitzPosterior posterior = process.fit(x, y);
          return new Value(
              posterior.logMarginalLikelihood(),
              posterior.logMarginalLikelihoodGradient(),
              posterior.relativeResidual() <= LARGEST_RESIDUAL
                  && isLoud(List.of(process.covariance()), process.noiseVariance()));
        });
  }

  /** Whether the noise is large enough for the matrix to be told from a singular one. */
  private static boolean isLoud(List<CovarianceFunction> factors, double noiseVariance) {
    return noiseVariance >= QUIETEST * Factors.variance(factors);
  }

  private <P> Learned<P> run(
      double[] start,
      List<CovarianceFunction> factors,
      Function<double[], P> processOf,
      Function<P, Value> likelihood) {
    Value first = likelihood.apply(processOf.apply(start));
    if (!Double.isFinite(first.logMarginalLikelihood)) {
      throw new IllegalArgumentException(
          "log marginal likelihood of start is "
              + first.logMarginalLikelihood
              + ", must be finite");
    }
    long deadline = timeLimit == null ? Long.MAX_VALUE : System.nanoTime() + timeLimit.toNanos();
    BooleanSupplier late = () -> timeLimit != null && System.nanoTime() - deadline > 0;
    boolean[] weights = weights(factors, start.length);
    int[] evaluations = {0};
    boolean[] refused = {false};
    double[] best = start.clone();
    Lbfgs.Objective objective =
        (point, gradient) -> {
          for (int i = 0; i < point.length; i++) {
            if (Math.abs(point[i]) > FARTHEST && Math.abs(point[i] - start[i]) > FARTHEST) {
              refused[0] = true;
              return Double.POSITIVE_INFINITY;
            }
          }
          Value value;
          try {
            value = likelihood.apply(processOf.apply(point));
          } catch (IllegalArgumentException notPositiveDefinite) {
            refused[0] = true;
            return Double.POSITIVE_INFINITY;
          }
          if (!Double.isFinite(value.logMarginalLikelihood) || first.sound && !value.sound) {
            refused[0] = true;
            return Double.POSITIVE_INFINITY;
          }
          listener.accept(new Progress(++evaluations[0], value.logMarginalLikelihood));
          for (int i = 0; i < point.length; i++) {
            gradient[i] = -value.gradient[i];
          }
          return penalty(point, weights, gradient) - value.logMarginalLikelihood;
        };
    Lbfgs.Minimum minimum =
        new Lbfgs(maxIterations, tolerance, () -> late.getAsBoolean() || cancelled.getAsBoolean())
            .minimise(objective, best);
    double[] unused = new double[start.length];
    double logMarginalLikelihood = penalty(minimum.point(), weights, unused) - minimum.value();
    P process = processOf.apply(minimum.point());
    Status status = status(minimum);
    if (status == Status.CONVERGED && refused[0] && isAtLimit(objective, minimum.point())) {
      status = Status.AT_LIMIT;
    }
    return new Learned<>(process, logMarginalLikelihood, minimum.iterations(), status);
  }

  /** Whether the likelihood rises by a parameter that cannot change by 1 that way. */
  private static boolean isAtLimit(Lbfgs.Objective objective, double[] point) {
    double[] slope = new double[point.length];
    objective.evaluate(point, slope);
    double[] unused = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      if (Math.abs(slope[i]) > NOTICED) {
        double[] moved = point.clone();
        moved[i] -= Math.signum(slope[i]);
        if (!Double.isFinite(objective.evaluate(moved, unused))) {
          return true;
        }
      }
    }
    return false;
  }

  private Status status(Lbfgs.Minimum minimum) {
    if (minimum.stopped()) {
      return cancelled.getAsBoolean() ? Status.CANCELLED : Status.TIME_LIMIT;
    }
    return minimum.converged() ? Status.CONVERGED : Status.MAX_ITERATIONS;
  }

  /** Σ log max(w, floor), its gradient being added. */
  private double penalty(double[] point, boolean[] weights, double[] gradient) {
    if (!jeffreys) {
      return 0;
    }
    double sum = 0;
    double least = Math.log(floor);
    for (int i = 0; i < point.length; i++) {
      if (weights[i]) {
        sum += Math.max(point[i], least);
        gradient[i] += point[i] > least ? 1 : 0;
      }
    }
    return sum;
  }

  private static boolean[] weights(List<CovarianceFunction> factors, int count) {
    List<String> names = new ArrayList<>();
    factors.forEach(factor -> names.addAll(factor.parameterNames()));
    boolean[] weights = new boolean[count];
    for (int i = 0; i < names.size(); i++) {
      weights[i] = names.get(i).startsWith(SpectralMixture.WEIGHT_NAME);
    }
    return weights;
  }
}
