package io.github.mixtura.mdn;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.List;

/**
 * Intervals that hold a new target with at least a given probability, whatever the network is
 * worth, if new examples and those used here are exchangeable: a central interval of the forecast
 * law, widened (or narrowed) by what examples outside of training ask for. Romano, Patterson &amp;
 * Candès 2019, arXiv 1905.03222 (split-conformal quantile regression).
 *
 * @param model the network, with one target
 * @param probability of the intervals
 * @param margin added at both ends; negative where the network's own intervals were too wide
 */
public record ConformalIntervals(ConditionalMixture model, double probability, double margin) {

  /**
   * An interval.
   *
   * @param low its lower end
   * @param high its upper end, not below the lower
   */
  public record Interval(double low, double high) {}

  /**
   * Learns the margin.
   *
   * @param model a network with one target
   * @param examples that it has not learnt from, at least 1/(1 − probability) − 1 of them
   * @param probability in (0, 1)
   * @return the intervals
   * @throws IllegalArgumentException if there are several targets, too few examples or the
   *     probability is out of range
   */
  public static ConformalIntervals of(
      ConditionalMixture model, Examples examples, double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "probability is " + probability + ", must be above 0 and below 1");
    }
    if (examples.targets() != 1) {
      throw new IllegalArgumentException(
          "examples have " + examples.targets() + " targets, must have 1");
    }
    int n = examples.size();
    int rank = (int) Math.ceil((n + 1) * probability - 1e-9);
    if (rank > n) {
      throw new IllegalArgumentException(
          "there are "
              + n
              + " examples, must be at least "
              + (int) Math.ceil(probability / (1 - probability) - 1e-9)
              + " for intervals of probability "
              + probability);
    }
    double[] scores = new double[n];
    List<Mixture<? extends Component>> laws = model.at(examples);
    for (int i = 0; i < n; i++) {
      double y = examples.target(i)[0];
      Interval own = central(laws.get(i), probability);
      scores[i] = Math.max(own.low() - y, y - own.high());
    }
    Arrays.sort(scores);
    return new ConformalIntervals(model, probability, scores[rank - 1]);
  }

  private static Interval central(Mixture<? extends Component> law, double probability) {
    return new Interval(
        law.quantile(0.5 * (1 - probability)), law.quantile(0.5 * (1 + probability)));
  }

  /**
   * The interval for one input.
   *
   * @param x as for {@link ConditionalMixture#at(double...)} (read)
   * @return the interval; empty ones shrink to their middle
   */
  public Interval at(double... x) {
    Interval own = central(model.at(x), probability);
    double low = own.low() - margin;
    double high = own.high() + margin;
    double middle = 0.5 * (low + high);
    return low <= high ? new Interval(low, high) : new Interval(middle, middle);
  }
}
