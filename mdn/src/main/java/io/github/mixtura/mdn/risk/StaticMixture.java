package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.Acceleration;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.List;

/**
 * Static Gaussian mixture, {@code mixture}: the returns of the window are taken as independent
 * draws of one mixture, fitted by EM.
 *
 * <p>A fit begins where the last re-fit ended; the first, and every 50th after it, also from five
 * k-means starts. The likelihood goes to infinity where a component collapses on equal returns,
 * such as the zeros of holidays: a degenerate fit is given up for fresh starts, then for one with
 * one component fewer, and reported.
 */
public final class StaticMixture implements RiskModel {
  private static final int FRESH_STARTS_EVERY = 50;
  private static final double NARROWEST = 1e-3;

  private final int components;
  private final long seed;

  private StaticMixture(int components, long seed) {
    this.components = components;
    this.seed = seed;
  }

  /**
   * A model.
   *
   * @param components K ≥ 1
   * @param seed of the fresh starts
   * @return the model
   * @throws IllegalArgumentException if K is less than 1
   */
  public static StaticMixture of(int components, long seed) {
    Requirements.require(components >= 1, "components", components, "must be at least 1");
    return new StaticMixture(components, seed);
  }

  @Override
  public String name() {
    return components == 2 ? "mixture" : "mixture-" + components;
  }

  @Override
  public Forecaster start() {
    return new Run();
  }

  private final class Run implements Forecaster {
    private final EmOptions options =
        EmOptions.defaults()
            .withAcceleration(Acceleration.SQUAREM)
            .withTolerance(1e-9)
            .withThreads(1)
            .withSeed(seed);
    private Mixture<Gaussian> mixture;
    private int refits;

    @Override
    public List<String> refit(double[] window) {
      double deviation = Requirements.meanAndDeviation(window)[1];
      Observations rows = Observations.of(window);
      List<String> findings = new ArrayList<>();
      MixtureFit<Gaussian> best = null;
      if (mixture != null && mixture.componentCount() == components) {
        best = sound(rows, components, Initializer.model(mixture), deviation, findings);
      }
      if (best == null || refits % FRESH_STARTS_EVERY == 0) {
        var fresh = sound(rows, components, Initializer.kMeans(), deviation, findings);
        if (best == null || (fresh != null && fresh.logLikelihood() > best.logLikelihood())) {
          best = fresh;
        }
      }
      for (int fewer = components - 1; best == null && fewer >= 1; fewer--) {
        findings.add("fitted with " + fewer + " of " + components + " components");
        best = sound(rows, fewer, Initializer.kMeans(), deviation, findings);
      }
      if (best == null) {
        throw new UnusableDataException(
            "no mixture fits the " + window.length + " returns of the window");
      }
      refits++;
      mixture = best.mixture();
      if (!best.diagnostics().converged()) {
        findings.add("EM stopped before it converged: " + best.diagnostics().stopReason());
      }
      return findings;
    }

    /** A fit without repairs and without a component far narrower than the data, or null. */
    private MixtureFit<Gaussian> sound(
        Observations rows,
        int count,
        Initializer initializer,
        double deviation,
        List<String> findings) {
      MixtureFit<Gaussian> fit;
      try {
        fit =
            MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), count)
                .options(options)
                .initializer(initializer)
                .fit(rows);
      } catch (UnusableDataException e) {
        findings.add("a fit failed: " + e.getMessage());
        return null;
      }
      boolean narrow =
          fit.mixture().components().stream()
              .anyMatch(c -> Math.sqrt(c.covariance().get(0, 0)) < NARROWEST * deviation);
      if (fit.diagnostics().isDegenerate() || narrow) {
        findings.add(
            "a fit given up: a component collapsed, where the likelihood goes to infinity");
        return null;
      }
      return fit;
    }

    @Override
    public RiskForecast forecast(double[] window) {
      if (mixture == null) {
        throw new IllegalStateException("there was no re-fit yet");
      }
      return RiskForecast.of(mixture);
    }
  }
}
