package io.github.mixtura.mdn.risk;

import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two hidden regimes, {@code regime}: a Markov chain of two states, each with normal returns of its
 * own mean and variance, fitted by Baum–Welch steps (Hamilton 1989, doi:10.2307/1912559; Baum et
 * al. 1970, doi:10.1214/aoms/1177697196). The forecast is the mixture of both with the predicted
 * probabilities of the states.
 *
 * <p>A fit begins where the last re-fit ended; the first, and every 50th after it, also at fixed
 * points. The likelihood goes to infinity where a state collapses on equal returns, such as the
 * zeros of holidays: a run with a state of less than a thousandth of the window's standard
 * deviation is given up and reported; if no run is left, the forecast is one normal law.
 */
public final class RegimeSwitching implements RiskModel {
  private static final double TOLERANCE = 1e-10;
  private static final int MAXIMUM_STEPS = 2000;
  private static final double LEAST_VARIANCE = 1e-6;
  private static final int FRESH_STARTS_EVERY = 50;

  private RegimeSwitching() {}

  /**
   * The model.
   *
   * @return the model, which has no settings
   */
  public static RegimeSwitching of() {
    return new RegimeSwitching();
  }

  @Override
  public String name() {
    return "regime";
  }

  @Override
  public Forecaster start() {
    return new Run();
  }

  private static final class Run implements Forecaster {
    private HiddenMarkov model;
    private Mixture<?> fallback;
    private int refits;

    @Override
    public List<String> refit(double[] window) {
      double[] centre = Requirements.meanAndDeviation(window);
      double[] x = Arrays.stream(window).map(r -> (r - centre[0]) / centre[1]).toArray();
      List<HiddenMarkov> starts = new ArrayList<>();
      if (model != null) {
        starts.add(restarted(model.moved(-centre[0] / centre[1], 1 / centre[1])));
      }
      if (model == null || refits % FRESH_STARTS_EVERY == 0) {
        starts.add(start(0.97, 0.4, 2.5));
        starts.add(start(0.9, 0.6, 4));
        starts.add(start(0.8, 0.2, 1.5));
      }
      refits++;
      HiddenMarkov.Fit best = null;
      int collapsed = 0;
      for (HiddenMarkov start : starts) {
        var fit = HiddenMarkov.fit(x, start, LEAST_VARIANCE, TOLERANCE, MAXIMUM_STEPS);
        if (fit.model() == null) {
          collapsed++;
        } else if (best == null || fit.logLikelihood() > best.logLikelihood()) {
          best = fit;
        }
      }
      List<String> findings = new ArrayList<>();
      if (collapsed > 0) {
        findings.add(
            collapsed
                + " of "
                + starts.size()
                + " runs given up: a state collapsed, where the likelihood goes to infinity");
      }
      if (best == null) {
        findings.add("no run is left, the forecast is one normal law");
      } else if (!best.converged()) {
        findings.add("Baum-Welch made " + MAXIMUM_STEPS + " steps without coming to rest");
      }
      model = best == null ? null : best.model().moved(centre[0], centre[1]);
      fallback = Mixture.of(List.of(Gaussian.of(centre[0], centre[1] * centre[1])), 1);
      return findings;
    }

    /** Forgets the first state: a probability that came down to 0 would never rise again. */
    private static HiddenMarkov restarted(HiddenMarkov former) {
      return new HiddenMarkov(
          new double[] {0.5, 0.5}, former.transitions(), former.means(), former.variances());
    }

    private static HiddenMarkov start(double stay, double calm, double wild) {
      return new HiddenMarkov(
          new double[] {0.5, 0.5},
          new double[][] {{stay, 1 - stay}, {1 - stay, stay}},
          new double[] {0.05, -0.05},
          new double[] {calm, wild});
    }

    @Override
    public RiskForecast forecast(double[] window) {
      if (fallback == null) {
        throw new IllegalStateException("there was no re-fit yet");
      }
      return RiskForecast.of(model == null ? fallback : model.next(window));
    }
  }
}
