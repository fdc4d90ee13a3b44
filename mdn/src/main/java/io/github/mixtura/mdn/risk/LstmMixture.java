package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mdn.ConditionalMixture;
import io.github.mixtura.mdn.Examples;
import io.github.mixtura.mdn.Lstm;
import io.github.mixtura.mdn.MixtureDensityNetwork;
import io.github.mixtura.mdn.NetworkFit;
import io.github.mixtura.mdn.OutputFamily;
import io.github.mixtura.mdn.TrainingOptions;
import io.github.mixtura.mdn.TrainingStop;
import io.github.mixtura.mixture.Mixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * LSTM mixture-density network, {@code lstm-mdn}: a Gaussian mixture for the next return whose
 * weights and parameters a recurrent network computes from the returns before it (arXiv 2501.01278;
 * penalty on the weights: Arimond et al. 2020, arXiv 2011.05411).
 *
 * <p>The network forecasts r_t/σ_t, where σ_t² is the exponentially weighted variance with λ = 0.94
 * of the returns up to t − 1, from (r_s/σ_s, |r_s|/σ_s, log σ_{s+1}/σ̄_{s+1}) of the days s = t − L
 * … t − 1, where σ̄ is the same with λ = 0.99. So a market more volatile than any it has learnt
 * from is nothing new to it, and units play no part; the mixture is returned for r_t. It is
 * re-fitted every {@value #REFIT_DAYS} days on the window: the first {@value #BURN_IN} returns give
 * σ its first values, the last 20 % decide when to stop and are not learnt from. The first fit
 * makes at most 60 epochs; later ones begin where the last ended, keep its scaling and make at most
 * {@value #LATER_EPOCHS}. All fits of a run together may take 300 s: after that the parameters so
 * far are kept and this is reported, as is a component that has shrunk to the floor of its scale,
 * where the likelihood goes to infinity on equal returns such as the zeros of holidays. One seed
 * gives the same bits.
 *
 * <p>Size of the network, days and penalties were chosen by pinball loss on the days before the
 * last 500 of four stock indices, as they are and as if volatility tripled ({@code RiskSettings} in
 * the benchmarks).
 */
public final class LstmMixture implements RiskModel {
  private static final int REFIT_DAYS = 25;
  private static final int LATER_EPOCHS = 10;
  private static final int BURN_IN = 20;
  private static final double DECAY = 0.94;
  private static final double SLOW_DECAY = 0.99;

  /** Smallest scale of a component, as a share of the targets' standard deviation. */
  private static final double FLOOR = 0.05;

  private final String name;
  private final int components;
  private final Lstm body;
  private final int lookback;
  private final TrainingOptions options;

  private LstmMixture(
      String name, int components, Lstm body, int lookback, TrainingOptions options) {
    this.name = name;
    this.components = components;
    this.body = body;
    this.lookback = lookback;
    this.options = options;
  }

  /**
   * Two components, weight decay 0.001 and the penalty 0.01 · KL(mean predicted weights ‖ weights
   * of the EM mixture).
   *
   * @param seed of the network's first weights and of the order of examples
   * @return the model {@code lstm-mdn}
   */
  public static LstmMixture regularised(long seed) {
    LstmMixture plain = plain(2, seed);
    return new LstmMixture(
        "lstm-mdn",
        plain.components,
        plain.body,
        plain.lookback,
        plain.options.withWeightDecay(0.001).withWeightDivergence(0.01));
  }

  /**
   * Without penalties.
   *
   * @param components K ≥ 1
   * @param seed of the network's first weights and of the order of examples
   * @return the model {@code lstm-mdn-K}
   * @throws IllegalArgumentException if K is out of range
   */
  public static LstmMixture plain(int components, long seed) {
    Requirements.require(
        components >= 1 && components <= 1000, "components", components, "must be 1 to 1000");
    TrainingOptions options =
        TrainingOptions.defaults()
            .withEpochs(60)
            .withBatchSize(64)
            .withLearningRate(3e-3)
            .withValidationFraction(0.2)
            .withPatience(20)
            // A re-fit makes some 120 steps: a mean over the last hundred would lag behind.
            .withAveraging(0)
            .withTimeLimit(Duration.ofMinutes(5))
            .withSeed(seed);
    return new LstmMixture("lstm-mdn-" + components, components, Lstm.of(8), 20, options);
  }

  /**
   * Changes the network.
   *
   * @param body its LSTM
   * @param days L, returns it sees before the day to forecast, at least 1
   * @return changed copy, of the same name
   * @throws IllegalArgumentException if days is less than 1
   */
  public LstmMixture network(Lstm body, int days) {
    Requirements.require(days >= 1, "days", days, "must be at least 1");
    return new LstmMixture(name, components, Objects.requireNonNull(body, "body"), days, options);
  }

  /**
   * How the network is trained.
   *
   * @return epochs are those of the first fit, the time limit that of a whole run
   */
  public TrainingOptions training() {
    return options;
  }

  /**
   * Changes how the network is trained.
   *
   * @param value the options of the first fit; later ones make at most {@value #LATER_EPOCHS}
   *     epochs; the time limit is that of a whole run
   * @return changed copy, of the same name
   */
  public LstmMixture training(TrainingOptions value) {
    return new LstmMixture(
        name, components, body, lookback, Objects.requireNonNull(value, "options"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int refitDays() {
    return REFIT_DAYS;
  }

  @Override
  public Forecaster start() {
    return new Run();
  }

  private final class Run implements Forecaster {
    private ConditionalMixture network;

    /** Standard deviation of the targets that the network's scaling is from. */
    private double deviation;

    private Duration left = options.timeLimit();

    @Override
    public List<String> refit(double[] window) {
      Rows rows = new Rows(window);
      if (network != null && left != null && left.isZero()) {
        return List.of("not re-fitted: the time limit had passed");
      }
      int aside = (int) Math.round(options.validationFraction() * window.length);
      int least = lookback + aside + Math.max(2, components);
      if (rows.features.length < least) {
        throw new UnusableDataException(
            "the window has "
                + window.length
                + " returns, must have at least "
                + (window.length - rows.features.length + least)
                + " for a network that looks back "
                + lookback
                + " days");
      }
      Examples examples = Examples.forecasts(rows.features, rows.targets, lookback);
      int learnt = examples.size() - aside;
      Examples training = examples.range(0, learnt);
      NetworkFit fit =
          aside == 0
              ? trainer().fit(training)
              : trainer().fit(training, examples.range(learnt, examples.size()));
      if (network == null) {
        deviation = deviation(training);
      }
      network = fit.model();
      return findings(fit, training);
    }

    private MixtureDensityNetwork trainer() {
      MixtureDensityNetwork trainer =
          MixtureDensityNetwork.of(body, OutputFamily.GAUSSIAN_DIAGONAL, components)
              .scaleFloor(FLOOR);
      TrainingOptions timed = options.withTimeLimit(left);
      return network == null
          ? trainer.options(timed)
          : trainer
              .startingFrom(network)
              .options(timed.withEpochs(Math.min(LATER_EPOCHS, options.epochs())));
    }

    private List<String> findings(NetworkFit fit, Examples training) {
      List<String> findings = new ArrayList<>(fit.report().warnings());
      if (left != null) {
        Duration taken = Duration.ofNanos((long) (1e9 * fit.report().seconds()));
        boolean over =
            fit.report().stopReason() == TrainingStop.TIME_LIMIT || taken.compareTo(left) >= 0;
        left = over ? Duration.ZERO : left.minus(taken);
        if (over) {
          findings.add(
              "the time limit of "
                  + options.timeLimit().toSeconds()
                  + " s passed: the best parameters so far are kept");
        }
      }
      int collapsed = 0;
      for (Mixture<? extends Component> law : network.at(training)) {
        collapsed += law.components().stream().anyMatch(this::collapsed) ? 1 : 0;
      }
      if (collapsed > 0) {
        findings.add(
            "a component shrank to the floor of its scale on "
                + collapsed
                + " of "
                + training.size()
                + " days, where the likelihood goes to infinity");
      }
      return findings;
    }

    private boolean collapsed(Component component) {
      double scale = Math.sqrt(((Gaussian) component).covariance().get(0, 0));
      return scale < 1.1 * FLOOR * deviation;
    }

    private double deviation(Examples examples) {
      double mean = 0;
      double squares = 0;
      for (int i = 0; i < examples.size(); i++) {
        double z = examples.target(i)[0];
        double delta = z - mean;
        mean += delta / (i + 1);
        squares += delta * (z - mean);
      }
      return Math.sqrt(squares / examples.size());
    }

    @Override
    public RiskForecast forecast(double[] window) {
      if (network == null) {
        throw new IllegalStateException("there was no re-fit yet");
      }
      Rows rows = new Rows(window);
      double[][] last = new double[lookback][];
      System.arraycopy(rows.features, rows.features.length - lookback, last, 0, lookback);
      Mixture<? extends Component> law = network.at(last);
      List<Gaussian> list = new ArrayList<>();
      for (Component component : law.components()) {
        Gaussian standard = (Gaussian) component;
        list.add(
            Gaussian.of(
                standard.mean()[0] * rows.next,
                standard.covariance().get(0, 0) * rows.next * rows.next));
      }
      return RiskForecast.of(Mixture.of(list, law.weights()));
    }
  }

  /** What the network sees of a window: a row of features and a target for each day. */
  private static final class Rows {
    final double[][] features;
    final double[][] targets;

    /** σ of the day after the window. */
    final double next;

    Rows(double[] window) {
      double least = 1e-3 * Requirements.meanAndDeviation(window)[1];
      int skipped = Math.min(BURN_IN, window.length / 5);
      features = new double[window.length - skipped][];
      targets = new double[window.length - skipped][];
      double[] fast = deviations(window, DECAY, least);
      double[] slow = deviations(window, SLOW_DECAY, least);
      for (int t = 0; t < window.length; t++) {
        double z = window[t] / fast[t];
        if (t >= skipped) {
          double ratio = Math.log(fast[t + 1] / slow[t + 1]);
          features[t - skipped] = new double[] {z, Math.abs(z), ratio};
          targets[t - skipped] = new double[] {z};
        }
      }
      next = fast[window.length];
    }

    /** For each day, and the day after the last, from the returns before it. */
    private static double[] deviations(double[] window, double decay, double least) {
      double[] result = new double[window.length + 1];
      result[0] = least;
      double sum = 0;
      double weights = 0;
      for (int t = 0; t < window.length; t++) {
        sum = decay * sum + window[t] * window[t];
        weights = decay * weights + 1;
        result[t + 1] = Math.max(least, Math.sqrt(sum / weights));
      }
      return result;
    }
  }
}
