package io.github.mixtura.mixture;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Conditional;
import io.github.mixtura.distribution.Moments;
import io.github.mixtura.distribution.Quantiles;
import io.github.mixtura.distribution.Sampled;
import io.github.mixtura.distribution.Univariate;
import io.github.mixtura.execution.RunOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A weighted list of components of one law: f(x) = Σ_k π_k f_k(x). Immutable; knows nothing about
 * fitting.
 *
 * <p>Sums over components are taken on the log scale, so densities far out do not underflow. Where
 * the logarithm itself is below every double, {@link #logDensity} is −∞; the responsibilities are
 * then what they tend to, from the ratios of the densities, not from the densities. They are the
 * weights only where all densities are exactly 0, outside the support.
 *
 * @param <C> the law
 */
public final class Mixture<C extends Component> {
  private static final int SAMPLE_CHUNK = 4096;

  private final List<C> components;
  private final Mixing mixing;
  private final double[] weights;
  private final double[] logWeights;

  private Mixture(List<C> components, Mixing mixing) {
    this.components = components;
    this.mixing = mixing;
    this.weights = mixing.weights();
    this.logWeights = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      logWeights[k] = Math.log(weights[k]);
    }
  }

  /**
   * A mixture.
   *
   * @param components at least one, all of the same class and dimension
   * @param weights π, one per component, ≥ 0, summing to 1 within 1e-6; scaled to sum to 1
   * @param <C> the law
   * @return the mixture
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static <C extends Component> Mixture<C> of(List<C> components, double... weights) {
    List<C> list = List.copyOf(components);
    if (list.isEmpty() || list.size() != weights.length) {
      throw new IllegalArgumentException(
          "there are "
              + list.size()
              + " components and "
              + weights.length
              + " weights, must be the same number, at least one");
    }
    for (int k = 0; k < weights.length; k++) {
      if (list.get(k).dimension() != list.get(0).dimension()
          || list.get(k).getClass() != list.get(0).getClass()) {
        throw new IllegalArgumentException(
            "component "
                + (k + 1)
                + " is "
                + list.get(k)
                + ", must have the law and dimension of component 1");
      }
    }
    return new Mixture<>(list, Mixing.constant(weights));
  }

  /**
   * A mixture whose weights may differ from row to row.
   *
   * @param components at least one, all of the same class and dimension
   * @param mixing of as many components
   * @param <C> the law
   * @return the mixture
   * @throws IllegalArgumentException if a requirement is not met
   */
  public static <C extends Component> Mixture<C> of(List<C> components, Mixing mixing) {
    Mixture<C> mixture = of(components, mixing.weights());
    return mixing.isConstant() ? mixture : new Mixture<>(mixture.components, mixing);
  }

  /**
   * Number of components.
   *
   * @return K ≥ 1
   */
  public int componentCount() {
    return components.size();
  }

  /**
   * Number of columns.
   *
   * @return d ≥ 1
   */
  public int dimension() {
    return components.get(0).dimension();
  }

  /**
   * The components.
   *
   * @return K components, unmodifiable
   */
  public List<C> components() {
    return components;
  }

  /**
   * One component.
   *
   * @param k from 0
   * @return the component
   */
  public C component(int k) {
    return components.get(k);
  }

  /**
   * What the mixture says of the weights.
   *
   * @return constant, or row by row
   */
  public Mixing mixing() {
    return mixing;
  }

  /**
   * The weights; see {@link Mixing#weights} where they are not constant.
   *
   * @return K values summing to 1
   */
  public double[] weights() {
    return weights.clone();
  }

  /**
   * One weight.
   *
   * @param k from 0
   * @return π_k
   */
  public double weight(int k) {
    return weights[k];
  }

  /**
   * Log-density at a point.
   *
   * @param x d values (read)
   * @return log Σ_k π_k f_k(x)
   */
  public double logDensity(double... x) {
    double[] terms = terms(x);
    return logSum(terms);
  }

  /**
   * Probability of each component given a point.
   *
   * @param x d values (read)
   * @return K values summing to 1
   */
  public double[] responsibilities(double... x) {
    double[] terms = terms(x);
    double max = Arrays.stream(terms).max().orElseThrow();
    if (!(max >= MixtureScores.FAR)) {
      terms = logRatios(argMax(terms), x);
      max = Arrays.stream(terms).max().orElseThrow();
    }
    double sum = 0;
    for (int k = 0; k < terms.length; k++) {
      terms[k] = Math.exp(terms[k] - max);
      sum += terms[k];
    }
    for (int k = 0; k < terms.length; k++) {
      terms[k] /= sum;
    }
    return terms;
  }

  /** Logarithms of π_k f_k(x) over that of the largest, found from any of positive weight. */
  private double[] logRatios(int guess, double[] x) {
    int best = weights[guess] > 0 ? guess : argMax(weights);
    double[] ratios = new double[weights.length];
    for (int round = 0; round <= weights.length; round++) {
      for (int k = 0; k < ratios.length; k++) {
        ratios[k] =
            k == best
                ? 0
                : weights[k] == 0
                    ? Double.NEGATIVE_INFINITY
                    : logWeights[k]
                        - logWeights[best]
                        + components.get(k).logRatio(components.get(best), x);
      }
      int next = argMax(ratios);
      if (!(ratios[next] > 0)) {
        break;
      }
      best = next;
    }
    return ratios;
  }

  /**
   * The most probable component given a point.
   *
   * @param x d values (read)
   * @return its index from 0, the first of equals
   */
  public int label(double... x) {
    return argMax(responsibilities(x));
  }

  private double[] terms(double[] x) {
    for (int j = 0; j < x.length; j++) {
      if (Double.isNaN(x[j])) {
        throw new IllegalArgumentException("value " + (j + 1) + " is missing (NaN)");
      }
    }
    double[] terms = new double[weights.length];
    Arrays.setAll(terms, k -> logWeights[k] + components.get(k).logDensity(x));
    return terms;
  }

  private static double logSum(double[] terms) {
    double max = Arrays.stream(terms).max().orElseThrow();
    if (Double.isInfinite(max)) {
      return max;
    }
    double sum = 0;
    for (double t : terms) {
      sum += Math.exp(t - max);
    }
    return max + Math.log(sum);
  }

  static int argMax(double[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[best]) {
        best = k;
      }
    }
    return best;
  }

  /**
   * How rows must be staged for {@link #batchDensity}.
   *
   * @return the encoding of the components
   */
  public Encoding encoding() {
    return components.get(0).encoding();
  }

  /**
   * Prepares the log-densities of the components with their weights for whole batches: constant
   * weights are part of the components' constants, others are added row by row.
   *
   * @param kernels the backend that staged the batches
   * @return the prepared evaluation of log π_k + log f_k
   */
  public BatchDensity batchDensity(Kernels kernels) {
    if (mixing.isConstant()) {
      return withBase(components.get(0).batchDensity(components, logWeights.clone(), kernels));
    }
    BatchDensity alone = componentDensity(kernels);
    return (batch, workspace) -> {
      alone.evaluate(batch, workspace);
      mixing.add(batch, workspace);
    };
  }

  /**
   * Prepares the log-densities of the components alone.
   *
   * @param kernels the backend that staged the batches
   * @return the prepared evaluation of log f_k
   */
  public BatchDensity componentDensity(Kernels kernels) {
    return withBase(
        components.get(0).batchDensity(components, new double[components.size()], kernels));
  }

  /** With what all components have in common, where the encoding says that there is something. */
  private static BatchDensity withBase(BatchDensity density) {
    return (batch, workspace) -> {
      density.evaluate(batch, workspace);
      double[] base = batch.context().logBase();
      for (int k = 0; base != null && k < workspace.components(); k++) {
        workspace.add(batch, k, base);
      }
    };
  }

  /**
   * A workspace for one thread.
   *
   * @param kernels the backend
   * @return memory for {@link #batchDensity}
   */
  public Workspace workspace(Kernels kernels) {
    return kernels.workspace(
        encoding().columns(dimension()), weights.length, components.get(0).needsAuxiliary());
  }

  /**
   * Log-densities of many rows, as {@link MixtureScores} by all cores gives them.
   *
   * @param observations n rows, none missing
   * @return n values
   */
  public double[] logDensity(Observations observations) {
    return MixtureScores.of(this, RunOptions.defaults()).logDensity(observations);
  }

  /**
   * Responsibilities of many rows; row weights play no part.
   *
   * @param observations n rows, none missing
   * @return n × K values, each row summing to 1
   */
  public double[][] responsibilities(Observations observations) {
    return MixtureScores.of(this, RunOptions.defaults()).responsibilities(observations);
  }

  /**
   * The most probable component of each row.
   *
   * @param observations n rows, none missing
   * @return n indices from 0
   */
  public int[] labels(Observations observations) {
    return MixtureScores.of(this, RunOptions.defaults()).labels(observations);
  }

  /**
   * One draw.
   *
   * @param random source of randomness
   * @return d values
   * @throws UnsupportedOperationException if the law is not {@link Sampled}
   */
  public double[] sample(RandomGenerator random) {
    return sampled(draw(random)).sample(random);
  }

  /**
   * Many draws, with the component each came from. Drawn by all cores from streams of their own
   * that the source seeds, so the same source gives the same draws on any machine.
   *
   * @param rows number of draws
   * @param random source of randomness, asked once per {@value #SAMPLE_CHUNK} rows
   * @return the draws
   */
  public Sample sample(int rows, RandomGenerator random) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows is " + rows + ", must be at least 1");
    }
    double[][] values = new double[rows][];
    int[] labels = new int[rows];
    long[] seeds = new long[(rows + SAMPLE_CHUNK - 1) / SAMPLE_CHUNK];
    Arrays.setAll(seeds, chunk -> random.nextLong());
    IntStream.range(0, seeds.length)
        .parallel()
        .forEach(
            chunk -> {
              SplittableRandom own = new SplittableRandom(seeds[chunk]);
              int end = Math.min(rows, (chunk + 1) * SAMPLE_CHUNK);
              for (int i = chunk * SAMPLE_CHUNK; i < end; i++) {
                labels[i] = draw(own);
                values[i] = sampled(labels[i]).sample(own);
              }
            });
    return new Sample(values, labels);
  }

  /**
   * Draws of a mixture.
   *
   * @param rows n × d values
   * @param labels component of each, from 0
   */
  public record Sample(double[][] rows, int[] labels) {
    @Override
    public String toString() {
      int columns = rows.length == 0 ? 0 : rows[0].length;
      return "Sample of "
          + rows.length
          + (rows.length == 1 ? " row × " : " rows × ")
          + columns
          + (columns == 1 ? " column" : " columns");
    }
  }

  private Sampled sampled(int k) {
    return capability(k, Sampled.class, "draws");
  }

  private int draw(RandomGenerator random) {
    double u = random.nextDouble();
    for (int k = 0; k < weights.length - 1; k++) {
      u -= weights[k];
      if (u < 0) {
        return k;
      }
    }
    return weights.length - 1;
  }

  /**
   * Expected value, Σ π_k μ_k.
   *
   * @return d values
   * @throws UnsupportedOperationException if the law has no {@link Moments}
   */
  public double[] mean() {
    double[] mean = new double[dimension()];
    for (int k = 0; k < weights.length; k++) {
      double[] part = moments(k).expectation();
      for (int j = 0; j < mean.length; j++) {
        mean[j] += weights[k] * part[j];
      }
    }
    return mean;
  }

  /**
   * Covariance matrix, Σ π_k [Σ_k + (μ_k − μ)(μ_k − μ)ᵀ].
   *
   * @return d rows of d values
   * @throws UnsupportedOperationException if the law has no {@link Moments}
   */
  public double[][] covarianceMatrix() {
    double[] mean = mean();
    double[][] sum = new double[mean.length][mean.length];
    for (int k = 0; k < weights.length; k++) {
      double[] part = moments(k).expectation();
      double[][] within = moments(k).covarianceMatrix();
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          sum[i][j] += weights[k] * (within[i][j] + (part[i] - mean[i]) * (part[j] - mean[j]));
        }
      }
    }
    return sum;
  }

  private Moments moments(int k) {
    return capability(k, Moments.class, "mean and covariance");
  }

  private <T> T capability(int k, Class<T> type, String what) {
    if (!type.isInstance(components.get(k))) {
      throw new UnsupportedOperationException(
          components.get(k).getClass().getSimpleName() + " components have no " + what);
    }
    return type.cast(components.get(k));
  }

  /**
   * Distribution function of a mixture of one column.
   *
   * @param x a number
   * @return P(X ≤ x)
   * @throws UnsupportedOperationException if the law is not {@link Univariate}
   * @throws IllegalStateException if there are several columns
   */
  public double cdf(double x) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * univariate(k).cdf(x);
    }
    return Math.min(1, sum);
  }

  /**
   * Probability beyond a number, of a mixture of one column; accurate where it is small.
   *
   * @param x a number
   * @return P(X &gt; x)
   * @throws UnsupportedOperationException if the law is not {@link Univariate}
   * @throws IllegalStateException if there are several columns
   */
  public double survival(double x) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * univariate(k).survival(x);
    }
    return Math.min(1, sum);
  }

  /**
   * Quantile of a mixture of one column, by a guarded root between the components' quantiles.
   *
   * @param p probability in [0, 1]
   * @return x with P(X ≤ x) = p, to a few units in the last place of x or of p
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  public double quantile(double p) {
    double[] bracket = bracket(k -> univariate(k).quantile(p));
    if (p == 0 || p == 1 || bracket[0] == bracket[1]) {
      return bracket[p < 0.5 ? 0 : 1];
    }
    double low = Math.max(bracket[0], -Double.MAX_VALUE);
    double high = Math.min(bracket[1], Double.MAX_VALUE);
    if (low > bracket[0] && cdf(low) >= p) {
      return bracket[0];
    }
    return high < bracket[1] && cdf(high) < p
        ? bracket[1]
        : Quantiles.invert(new Distribution(this), p, low, high);
  }

  /**
   * Quantile of a mixture of one column counted from above, for probabilities too small to be told
   * from 0 when they are taken from 1.
   *
   * @param p probability in [0, 1]
   * @return x with P(X &gt; x) = p, to a few units in the last place of x or of p
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  public double upperQuantile(double p) {
    double[] bracket = bracket(k -> univariate(k).upperQuantile(p));
    if (p == 0 || p == 1 || bracket[0] == bracket[1]) {
      return bracket[p < 0.5 ? 1 : 0];
    }
    double low = Math.max(bracket[0], -Double.MAX_VALUE);
    double high = Math.min(bracket[1], Double.MAX_VALUE);
    if (high < bracket[1] && survival(high) >= p) {
      return bracket[1];
    }
    return low > bracket[0] && survival(low) < p
        ? bracket[0]
        : Quantiles.invertSurvival(new Distribution(this), p, low, high);
  }

  /** Least and greatest over the components of positive weight. */
  private double[] bracket(IntToDoubleFunction value) {
    double[] bracket = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (int k = 0; k < weights.length; k++) {
      double v = value.applyAsDouble(k);
      if (weights[k] > 0) {
        bracket[0] = Math.min(bracket[0], v);
        bracket[1] = Math.max(bracket[1], v);
      }
    }
    return bracket;
  }

  private Univariate univariate(int k) {
    return capability(k, Univariate.class, "distribution function");
  }

  private record Distribution(Mixture<?> mixture) implements Univariate {
    @Override
    public double cdf(double x) {
      return mixture.cdf(x);
    }

    @Override
    public double survival(double x) {
      return mixture.survival(x);
    }

    @Override
    public double quantile(double p) {
      return mixture.quantile(p);
    }

    @Override
    public double upperQuantile(double p) {
      return mixture.upperQuantile(p);
    }
  }

  /**
   * The joint law of some columns.
   *
   * @param columns distinct indices from 0
   * @return the marginal mixture
   * @throws UnsupportedOperationException if the law is not {@link Conditional}
   */
  public Mixture<C> marginal(int... columns) {
    return map(k -> conditional(k).marginal(columns), weights);
  }

  /**
   * The law of the other columns when some are known: weights become π_k f_k(known), normalised.
   *
   * @param given distinct indices from 0 of the known columns, not all
   * @param values their values (read)
   * @return the conditional mixture
   * @throws UnsupportedOperationException if the law is not {@link Conditional}
   */
  public Mixture<C> conditional(int[] given, double[] values) {
    Objects.requireNonNull(values, "values");
    double[] posterior = marginal(given).responsibilities(values);
    return map(k -> conditional(k).conditional(given, values), posterior);
  }

  @SuppressWarnings("unchecked")
  private Conditional<C> conditional(int k) {
    return (Conditional<C>) capability(k, Conditional.class, "marginals and conditionals");
  }

  private Mixture<C> map(IntFunction<C> component, double[] newWeights) {
    return of(IntStream.range(0, weights.length).mapToObj(component).toList(), newWeights);
  }

  /**
   * The same mixture with its components in another order.
   *
   * @param order a permutation of 0 … K − 1: position i gets component order[i]
   * @return the reordered mixture
   */
  public Mixture<C> reordered(int... order) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, weights.length).toArray())) {
      throw new IllegalArgumentException(
          "order is "
              + Arrays.toString(order)
              + ", must be a permutation of 0 to "
              + (weights.length - 1));
    }
    List<C> list = new ArrayList<>();
    double[] values = new double[weights.length];
    for (int k = 0; k < order.length; k++) {
      list.add(components.get(order[k]));
      values[k] = weights[order[k]];
    }
    return of(list, values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mixture<?> that
        && components.equals(that.components)
        && mixing.equals(that.mixing);
  }

  @Override
  public int hashCode() {
    return 31 * components.hashCode() + mixing.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Mixture of " + weights.length + ":");
    for (int k = 0; k < weights.length; k++) {
      text.append(String.format(Locale.ROOT, "%n  %.4f  %s", weights[k], components.get(k)));
    }
    return text.toString();
  }
}
